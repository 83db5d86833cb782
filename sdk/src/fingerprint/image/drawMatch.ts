import { openSource, type Source } from '../../source/index.ts'
import type { Match } from '../match.ts'
import { base64 } from './base64.ts'
import { collect, MOST_BYTES, MOST_PIXELS } from './collect.ts'
import { decodeImage } from './decode.node.ts'
import { encodeJpeg } from './jpeg.node.ts'
import type { Pixels } from './pixels.ts'
import type { Point } from './sharedArea.ts'

/** Encodes a picture as a JPEG of at most `side` pixels a side, on white. */
export type EncodeJpeg = (pixels: Pixels, side: number) => Promise<Uint8Array>

export interface DrawOptions {
  /** Most pixels a side of each picture in the drawing, 16 to 4,096; 720 by default. */
  side?: number
  /** Most pairs of places that are joined by a line; 60 by default. */
  lines?: number
  /** Most pixels of a picture; 100 million by default. */
  maxPixels?: number
  signal?: AbortSignal
}

/** Pixels between the pictures. */
const GAP = 24

/**
 * Draws what two pictures share, for people to judge: both side by side, the shared area outlined in each, and lines between places that are
 * the same. Pictures that share nothing are drawn without. The drawing holds both pictures and needs no other file.
 *
 * @param match - what `compare` gave for these two, in this order
 * @returns an SVG document; `sharp(Buffer.from(svg)).png()` makes a PNG of it
 * @throws ColophonError `SOURCE_*`, `IMAGE_*`, `DEPENDENCY_MISSING`; the signal's reason when aborted
 */
export async function drawMatch(match: Pick<Match, 'area'>, a: Source, b: Source, options: DrawOptions = {}): Promise<string> {
  const [first, second] = [await pictureOf(a, options), await pictureOf(b, options)]
  const height = Math.max(first.height, second.height)
  const width = first.width + GAP + second.width
  const shift = first.width + GAP
  const { area } = match
  const marks =
    area === undefined
      ? []
      : [
          outline(area.a, first, 0),
          outline(area.b, second, shift),
          ...spread(area.points, options.lines ?? 60).map(({ a: from, b: to }, index) => {
            const [x1, y1] = [round(from.x * first.scale), round(from.y * first.scale)]
            const [x2, y2] = [round(to.x * second.scale + shift), round(to.y * second.scale)]
            const colour = `hsl(${(index * 137) % 360} 90% 55%)`
            return `<g stroke="${colour}" fill="none"><line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke-opacity="0.7"/><circle cx="${x1}" cy="${y1}" r="4"/><circle cx="${x2}" cy="${y2}" r="4"/></g>`
          }),
        ]
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    '<title>What two pictures share</title>',
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    image(first, 0),
    image(second, shift),
    ...marks,
    '</svg>',
  ].join('\n')
}

interface Picture {
  width: number
  height: number
  /** Pixels of the drawing a pixel of the picture. */
  scale: number
  href: string
}

async function pictureOf(source: Source, { side = 720, maxPixels = MOST_PIXELS, signal }: DrawOptions): Promise<Picture> {
  signal?.throwIfAborted()
  const { open, name } = await openSource(source)
  const bytes = await collect(open(), MOST_BYTES, name)
  signal?.throwIfAborted()
  const pixels = await decodeImage(bytes, { maxPixels, ...(name === undefined ? {} : { name }) })
  signal?.throwIfAborted()
  const most = Math.min(Math.max(Math.floor(side), 16), 4096)
  const scale = Math.min(1, most / Math.max(pixels.width, pixels.height))
  return {
    width: Math.max(Math.round(pixels.width * scale), 1),
    height: Math.max(Math.round(pixels.height * scale), 1),
    scale,
    href: `data:image/jpeg;base64,${base64(await encodeJpeg(pixels, most))}`,
  }
}

function image({ width, height, href }: Picture, x: number): string {
  return `<image x="${x}" y="0" width="${width}" height="${height}" preserveAspectRatio="none" href="${href}"/>`
}

function outline(polygon: readonly Point[], { scale }: Picture, shift: number): string {
  const points = polygon.map(({ x, y }) => `${round(x * scale + shift)},${round(y * scale)}`).join(' ')
  return `<polygon points="${points}" fill="none" stroke="#000" stroke-width="5"/><polygon points="${points}" fill="none" stroke="#ffe600" stroke-width="2.5"/>`
}

/** At most `most` of the items, evenly chosen. */
function spread<Item>(items: readonly Item[], most: number): Item[] {
  if (items.length <= most) return [...items]
  return Array.from({ length: Math.max(Math.floor(most), 0) }, (_, index) => items[Math.floor((index * items.length) / most)]!)
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
