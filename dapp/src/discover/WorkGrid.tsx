import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { Catalogue, DocumentState, Entry } from '../catalogue/index.ts'
import { useMessages } from '../i18n/index.tsx'
import { discoverMessages } from './messages.ts'
import { WorkCard } from './WorkCard.tsx'

const LEAST_WIDTH = 200
const GAP = 24
/** Room of a card below its mark: a title of two lines, who made it, and tags. */
const WORDS = 142

/** A grid of any number of works: only what is near the window is in the page. */
export function WorkGrid({
  entries,
  standing,
  stateOf,
  onShown,
}: {
  entries: readonly Entry[]
  standing: Catalogue | undefined
  stateOf: (entry: Entry) => DocumentState | undefined
  /** Told which works are in the page, so that only their documents are read. */
  onShown(entries: Entry[]): void
}): ReactNode {
  const texts = useMessages(discoverMessages)
  const box = useRef<HTMLUListElement>(null)
  const [place, setPlace] = useState({ width: 0, top: 0 })
  useLayoutEffect(() => {
    const measure = (): void => {
      if (box.current !== null)
        setPlace((before) => {
          const next = { width: box.current!.clientWidth, top: box.current!.getBoundingClientRect().top + scrollY }
          return before.width === next.width && Math.abs(before.top - next.top) < 1 ? before : next
        })
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(box.current!)
    observer.observe(document.body)
    return () => observer.disconnect()
  }, [])
  const columns = Math.max(place.width < 480 ? 2 : 1, Math.floor((place.width + GAP) / (LEAST_WIDTH + GAP)))
  const gap = place.width < 480 ? 14 : GAP
  const cell = (place.width - gap * (columns - 1)) / columns
  const height = Math.round(cell + WORDS)
  const rows = Math.ceil(entries.length / columns)
  const virtualizer = useWindowVirtualizer({
    count: place.width === 0 ? 0 : rows,
    estimateSize: () => height + gap,
    overscan: 3,
    scrollMargin: place.top,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows have another height when the width is another
  useEffect(() => virtualizer.measure(), [height, virtualizer])

  const items = virtualizer.getVirtualItems()
  const from = (items[0]?.index ?? 0) * columns
  const to = ((items.at(-1)?.index ?? -1) + 1) * columns
  useEffect(() => onShown(entries.slice(from, to)), [entries, from, to, onShown])

  return (
    <ul ref={box} className="work-grid" aria-label={texts.list} style={{ height: virtualizer.getTotalSize() }}>
      {items.flatMap((row) =>
        entries.slice(row.index * columns, (row.index + 1) * columns).map((entry, column) => (
          <li
            key={entry.id}
            aria-setsize={entries.length}
            aria-posinset={row.index * columns + column + 1}
            className="work-cell"
            style={{
              width: cell,
              height,
              transform: `translate(${column * (cell + gap)}px, ${row.start - place.top}px)`,
            }}
          >
            <WorkCard entry={entry} state={stateOf(entry)} standing={standing} />
          </li>
        )),
      )}
    </ul>
  )
}
