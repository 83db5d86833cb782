import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useFormats, useLanguage, useMessages } from '../i18n/index.tsx'
import { plotMessages } from './messages.ts'
import { ticks } from './scale.ts'
import './plots.css'

/** Labels, rows and the exact words of a plot's table. */
export interface PlotTable {
  head: readonly string[]
  rows: readonly (readonly ReactNode[])[]
}

/** A drawing with its title, and the numbers behind it as a table for those who read or listen. */
export function Figure({
  title,
  table,
  draw,
  open,
  summary,
}: {
  title: string
  table: PlotTable
  draw: (width: number) => ReactNode
  /** Whether the table is seen at once. */
  open?: boolean
  /** What the table is called; that it is the same, by default. */
  summary?: string
}): ReactNode {
  const texts = useMessages(plotMessages)
  const frame = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(0)
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry!.contentRect.width)))
    observer.observe(frame.current!)
    return () => observer.disconnect()
  }, [])
  return (
    <figure className="plot">
      <figcaption>{title}</figcaption>
      <div ref={frame} className="plot-frame">
        {width > 0 && draw(width)}
      </div>
      <details className="small" open={open === true}>
        <summary>{summary ?? texts.table}</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
        <section className="table-scroll" tabIndex={0} aria-label={title}>
          <table className="table">
            <caption className="visually-hidden">{title}</caption>
            <thead>
              <tr>
                {table.head.map((name) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {table.rows.map((row, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: rows never move
                <tr key={index}>
                  {row.map((cell, column) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: as their heads
                    <td key={column}>{cell}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </details>
    </figure>
  )
}

const HEIGHT = 240
const EDGE = { top: 12, right: 12, bottom: 30, left: 56 }

/** What grows step by step: `points` in time order, each with the sum from then on. */
export function StepPlot({
  title,
  unit,
  points,
  table,
}: {
  title: string
  unit: string
  points: readonly { time: number; value: number }[]
  table: PlotTable
}): ReactNode {
  const { language } = useLanguage()
  const { number } = useFormats()
  const label = `${title} (${unit})`
  const draw = (width: number): ReactNode => {
    // What came all at once is drawn in the middle of a moment.
    const [begin, end] = [points[0]!.time, points.at(-1)!.time]
    const [first, last] = begin === end ? [begin - 1, end + 1] : [begin, end]
    const span = last - first
    const levels = ticks(points.at(-1)!.value)
    const top = levels.at(-1)!
    const x = (time: number): number => EDGE.left + ((time - first) / span) * (width - EDGE.left - EDGE.right)
    const y = (value: number): number => HEIGHT - EDGE.bottom - (value / top) * (HEIGHT - EDGE.top - EDGE.bottom)
    const format = timeFormat(language, span)
    const line = points.map(({ time, value }, index) =>
      index === 0 ? `M${x(time)},${y(0)}V${y(value)}` : `H${x(time).toFixed(1)}V${y(value).toFixed(1)}`,
    )
    line.push(`H${width - EDGE.right}`)
    const marks = begin === end ? [first + 1] : width < 420 ? [first, last] : [first, first + span / 2, last]
    const anchor = (index: number): 'start' | 'middle' | 'end' =>
      marks.length === 1 ? 'middle' : index === 0 ? 'start' : index === marks.length - 1 ? 'end' : 'middle'
    return (
      <svg width={width} height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`} role="img" aria-label={label}>
        {levels.map((level) => (
          <g key={level}>
            <line className="plot-rule" x1={EDGE.left} x2={width - EDGE.right} y1={y(level)} y2={y(level)} />
            <text className="plot-label" x={EDGE.left - 8} y={y(level) + 4} textAnchor="end">
              {number(level)}
            </text>
          </g>
        ))}
        <path className="plot-area" d={`${line.join('')}V${y(0)}Z`} />
        <path className="plot-line" d={line.join('')} />
        {points.map(({ time, value }) => (
          <circle key={`${time}-${value}`} className="plot-dot" cx={x(time)} cy={y(value)} r={4} />
        ))}
        {marks.map((time, index) => (
          <text key={time} className="plot-label" x={x(time)} y={HEIGHT - 8} textAnchor={anchor(index)}>
            {format(time)}
          </text>
        ))}
      </svg>
    )
  }
  return <Figure title={label} table={table} draw={draw} />
}

/** Days for long spans, else the time of day: payments of one evening are not one point. */
function timeFormat(language: string, span: number): (time: number) => string {
  const format = new Intl.DateTimeFormat(
    language,
    span > 3 * 86_400 ? { dateStyle: 'medium' } : { timeStyle: span > 7200 ? 'short' : 'medium' },
  )
  return (time) => format.format(time * 1000)
}

const ROW = 46

/** How much each of a few has, as bars. */
export function BarPlot({
  title,
  unit,
  bars,
  table,
}: {
  title: string
  unit: string
  bars: readonly { name: string; value: number; shown: string }[]
  table: PlotTable
}): ReactNode {
  const label = `${title} (${unit})`
  const draw = (width: number): ReactNode => {
    const most = Math.max(...bars.map(({ value }) => value), Number.MIN_VALUE)
    const height = bars.length * ROW + 4
    return (
      <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
        {bars.map(({ name, value, shown }, index) => (
          <g key={`${name}-${shown}`} transform={`translate(0 ${index * ROW})`}>
            <text className="plot-name" x={0} y={14}>
              {name.length > 34 ? `${name.slice(0, 33)}…` : name}
            </text>
            <text className="plot-label" x={width} y={14} textAnchor="end">
              {shown}
            </text>
            <rect className="plot-well" x={0} y={21} width={width} height={14} />
            <rect className="plot-bar" x={0} y={21} width={Math.max(2, (value / most) * width)} height={14} />
          </g>
        ))}
      </svg>
    )
  }
  return <Figure title={label} table={table} draw={draw} />
}
