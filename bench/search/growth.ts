// A picture of how the time of a search grows with the number of codes, from what was measured (docs/search-growth.svg).

/** Milliseconds of the processor for each number of codes. */
export interface Curve {
  name: string
  color: string
  dashed?: boolean
  points: readonly (readonly [codes: number, ms: number])[]
}

const WIDTH = 720
const HEIGHT = 420
const LEFT = 64
const RIGHT = 170
const TOP = 36
const BOTTOM = 52

/** An SVG of some curves, both axes in powers of ten. */
export function drawGrowth(curves: readonly Curve[]): string {
  const all = curves.flatMap(({ points }) => points)
  const bounds = (values: readonly number[]): [number, number] => [
    Math.floor(Math.log10(Math.min(...values))),
    Math.ceil(Math.log10(Math.max(...values))),
  ]
  const [fromX, toX] = bounds(all.map(([codes]) => codes))
  const [fromY, toY] = bounds(all.map(([, ms]) => ms))
  const x = (codes: number): number => LEFT + ((Math.log10(codes) - fromX) / (toX - fromX)) * (WIDTH - LEFT - RIGHT)
  const y = (ms: number): number => HEIGHT - BOTTOM - ((Math.log10(ms) - fromY) / (toY - fromY)) * (HEIGHT - TOP - BOTTOM)
  const at = (value: number): string => value.toFixed(1)
  const parts: string[] = []
  const text = (left: number, top: number, words: string, more = ''): void => {
    parts.push(`<text x="${at(left)}" y="${at(top)}" ${more}>${words}</text>`)
  }
  for (let power = fromX; power <= toX; power++) {
    const left = x(10 ** power)
    parts.push(`<path d="M${at(left)} ${TOP}V${HEIGHT - BOTTOM}" stroke="#ddd"/>`)
    text(left, HEIGHT - BOTTOM + 18, (10 ** power).toLocaleString('en'), 'text-anchor="middle"')
  }
  for (let power = fromY; power <= toY; power++) {
    const top = y(10 ** power)
    parts.push(`<path d="M${LEFT} ${at(top)}H${WIDTH - RIGHT}" stroke="#ddd"/>`)
    text(LEFT - 8, top + 4, String(10 ** power), 'text-anchor="end"')
  }
  text(LEFT + (WIDTH - LEFT - RIGHT) / 2, HEIGHT - 12, 'codes of 256 bits', 'text-anchor="middle"')
  text(LEFT - 50, TOP - 14, 'milliseconds of the processor for one search (median)')
  // Names stand at the ends of their curves, and below each other where these meet.
  let below = Number.NEGATIVE_INFINITY
  for (const { name, color, dashed, points } of [...curves].sort((a, b) => y(a.points.at(-1)![1]) - y(b.points.at(-1)![1]))) {
    const line = points.map(([codes, ms], index) => `${index === 0 ? 'M' : 'L'}${at(x(codes))} ${at(y(ms))}`).join('')
    parts.push(`<path d="${line}" fill="none" stroke="${color}" stroke-width="2"${dashed ? ' stroke-dasharray="5 4"' : ''}/>`)
    if (!dashed) for (const [codes, ms] of points) parts.push(`<circle cx="${at(x(codes))}" cy="${at(y(ms))}" r="3.5" fill="${color}"/>`)
    below = Math.max(y(points.at(-1)![1]) + 4, below + 16)
    text(WIDTH - RIGHT + 10, below, name, `fill="${color}"`)
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="12" fill="#333" role="img" aria-label="Time of a search by the number of codes">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n')
}
