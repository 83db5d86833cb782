import { memo, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { type Catalogue, type Entry, useWorks } from '../catalogue/index.ts'
import { useMessages } from '../i18n/index.tsx'
import { discoverMessages } from './messages.ts'
import { NOWHERE, type Place, placeOf, shapeOf } from './rows.ts'
import { WorkCard } from './WorkCard.tsx'

/** Milliseconds that works have to be in the page before their documents are read: those that are scrolled past are not. */
const RESTING = 100

/** A grid of any number of works: only what is near the window is in the page, and scrolling draws nothing but rows that come. */
export function WorkGrid({ entries, standing }: { entries: readonly Entry[]; standing: Catalogue | undefined }): ReactNode {
  const texts = useMessages(discoverMessages)
  const { documents } = useWorks()
  const box = useRef<HTMLUListElement>(null)
  const [place, setPlace] = useState<Place>(NOWHERE)
  const shape = shapeOf(place.width)
  const count = Math.ceil(entries.length / shape.columns)

  useLayoutEffect(() => {
    const list = box.current!
    const look = (measured: Pick<Place, 'width' | 'top'> | undefined): void =>
      setPlace((before) => {
        const { width, top } = measured ?? before
        const next = placeOf({ width, top, scrolled: scrollY, height: innerHeight })
        return Object.keys(next).every((name) => next[name as keyof Place] === before[name as keyof Place]) ? before : next
      })
    const measure = (): void => look({ width: list.clientWidth, top: Math.round(list.getBoundingClientRect().top + scrollY) })
    const onScroll = (): void => look(undefined)
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(list)
    observer.observe(document.body)
    addEventListener('scroll', onScroll, { passive: true })
    addEventListener('resize', measure, { passive: true })
    return () => {
      observer.disconnect()
      removeEventListener('scroll', onScroll)
      removeEventListener('resize', measure)
    }
  }, [])

  const first = Math.min(place.first, count)
  const end = place.width === 0 ? first : Math.min(place.end, count)
  useEffect(() => {
    const shown = entries.slice(first * shape.columns, end * shape.columns)
    if (shown.length === 0) return
    const timer = setTimeout(() => documents.want(shown.map(({ metadata }) => metadata)), RESTING)
    return () => clearTimeout(timer)
  }, [entries, first, end, shape.columns, documents])

  const rows = []
  for (let row = first; row < end; row++) rows.push(<Row key={row} row={row} width={place.width} entries={entries} standing={standing} />)
  return (
    <ul ref={box} className="work-grid" aria-label={texts.list} style={{ height: count * shape.pitch }}>
      {rows}
    </ul>
  )
}

interface RowProps {
  row: number
  width: number
  entries: readonly Entry[]
  standing: Catalogue | undefined
}

/** Stays as it is while others come and go. */
const Row: (props: RowProps) => ReactNode = memo(function Row({ row, width, entries, standing }: RowProps) {
  const { columns, cell, height, gap, pitch } = shapeOf(width)
  return entries.slice(row * columns, (row + 1) * columns).map((entry, column) => (
    <li
      key={entry.id}
      aria-setsize={entries.length}
      aria-posinset={row * columns + column + 1}
      className="work-cell"
      style={{ width: cell, height, transform: `translate(${column * (cell + gap)}px, ${row * pitch}px)` }}
    >
      <WorkCard entry={entry} standing={standing} />
    </li>
  ))
})
