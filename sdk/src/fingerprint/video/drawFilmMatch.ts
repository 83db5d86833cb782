import type { Source } from '../../source/index.ts'
import { clock } from '../audio/drawSoundMatch.ts'
import { base64 } from '../image/base64.ts'
import { encodeJpeg } from '../image/jpeg.node.ts'
import type { Pixels } from '../image/pixels.ts'
import type { VideoMatch } from '../match.ts'
import { placesOf } from './compareVideos.ts'
import { SAMPLE_FPS } from './decode.ts'
import { type StillOptions, stillsOf } from './stills.ts'

/** One of the films that were compared. */
export interface DrawnFilm {
  source: Source
  /** Length, as its features have it. */
  seconds: number
  /** What to call it. */
  name: string
}

const WIDTH = 960
const MARGIN = 20
const LANE = 26
const GAP = 60
/** Room for a frame. */
const FRAME_WIDTH = 440
const FRAME_HEIGHT = 248
/** Pairs of frames that are drawn, at most. */
const MOST_PAIRS = 8

/**
 * Draws what two films share, for people to judge: both as bars over time with the stretches that they share, and below them frames of both, side by
 * side, in shades of grey. The drawing holds the frames and needs no other file.
 *
 * @param match - what `compare` gave for these two, in this order
 * @returns an SVG document with a title and a description
 * @throws ColophonError `SOURCE_*`, `VIDEO_*`, `DEPENDENCY_MISSING`; the signal's reason when aborted
 */
export async function drawFilmMatch(
  match: Pick<VideoMatch, 'stretches' | 'reason'>,
  a: DrawnFilm,
  b: DrawnFilm,
  options: StillOptions = {},
): Promise<string> {
  const stretches = match.stretches ?? []
  const moments = spread(
    stretches.flatMap((stretch) => stretch.moments),
    MOST_PAIRS,
  )
  const ofA = moments.map((moment) => Math.round(moment.a * SAMPLE_FPS))
  const ofB = moments.map((moment) => Math.round(moment.b * SAMPLE_FPS))
  const stillsOfA = moments.length === 0 ? new Map<number, Pixels>() : await stillsOf(a.source, ofA, options)
  const stillsOfB = moments.length === 0 ? new Map<number, Pixels>() : await stillsOf(b.source, ofB, options)
  const seconds = Math.max(a.seconds, b.seconds, 0.2)
  const x = (time: number): string => (MARGIN + (time / seconds) * (WIDTH - 2 * MARGIN)).toFixed(1)
  const topOfA = 60
  const topOfB = topOfA + LANE + GAP
  const bar = ({ seconds: length, name }: DrawnFilm, top: number, below: boolean): string =>
    `<rect x="${MARGIN}" y="${top}" width="${(Number(x(length)) - MARGIN).toFixed(1)}" height="${LANE}" fill="#eee" stroke="#999"/>` +
    `<text x="${MARGIN}" y="${below ? top + LANE + 16 : top - 6}" font-size="13">${escaped(name)}, ${clock(length)}</text>`
  const shared = stretches.map(({ a: inA, b: inB }, index) => {
    const colour = `hsl(${(index * 137 + 215) % 360} 70% 40%)`
    return (
      `<path d="M${x(inA.from)} ${topOfA}V${topOfA + LANE}L${x(inB.from)} ${topOfB}V${topOfB + LANE}H${x(inB.to)}V${topOfB}L${x(inA.to)} ${topOfA + LANE}V${topOfA}Z" ` +
      `fill="${colour}" fill-opacity="0.35" stroke="${colour}"/>`
    )
  })
  const rows: string[] = []
  let top = topOfB + LANE + 40
  for (const [index, moment] of moments.entries()) {
    const [left, right] = [stillsOfA.get(ofA[index]!), stillsOfB.get(ofB[index]!)]
    if (left === undefined || right === undefined) continue
    const [first, second] = [await picture(left, MARGIN, top), await picture(right, WIDTH - MARGIN - FRAME_WIDTH, top)]
    rows.push(
      first.svg,
      second.svg,
      `<text x="${MARGIN}" y="${top - 5}" font-size="12">${clock(moment.a)}</text>`,
      `<text x="${WIDTH - MARGIN - FRAME_WIDTH}" y="${top - 5}" font-size="12">${clock(moment.b)}</text>`,
    )
    top += Math.max(first.height, second.height) + 30
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${top}" font-family="sans-serif" role="img">`,
    `<title>${escaped(`${a.name} and ${b.name}`)}</title><desc>${escaped(`${match.reason} ${stretches.map(placesOf).join('; ')}`)}</desc>`,
    '<rect width="100%" height="100%" fill="#fff"/>',
    `<text x="${MARGIN}" y="24" font-size="14">${escaped(match.reason)}</text>`,
    bar(a, topOfA, false),
    bar(b, topOfB, true),
    ...shared,
    ...rows,
    '</svg>',
  ].join('\n')
}

async function picture(pixels: Pixels, x: number, y: number): Promise<{ svg: string; height: number }> {
  const scale = Math.min(FRAME_WIDTH / pixels.width, FRAME_HEIGHT / pixels.height)
  const [width, height] = [Math.max(Math.round(pixels.width * scale), 1), Math.max(Math.round(pixels.height * scale), 1)]
  const jpeg = base64(await encodeJpeg(pixels, 2 * Math.max(width, height)))
  return { svg: `<image x="${x}" y="${y}" width="${width}" height="${height}" href="data:image/jpeg;base64,${jpeg}"/>`, height }
}

function spread<Item>(items: readonly Item[], most: number): Item[] {
  if (items.length <= most) return [...items]
  return Array.from({ length: most }, (_, index) => items[Math.floor((index * items.length) / most)]!)
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[character]!)
}
