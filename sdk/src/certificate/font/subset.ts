import type { Font } from './font.ts'

/** Bits of a composite glyph's component. */
const WORDS = 0x0001
const SCALE = 0x0008
const MORE = 0x0020
const SCALE_XY = 0x0040
const MATRIX = 0x0080

/**
 * A TrueType file with these glyphs only, and those they are composed of. The wanted glyphs come first, in the order given; `glyphs[0]` must
 * be 0, the glyph for what is missing. The result depends on font and glyphs alone.
 */
export function subsetFont(font: Font, glyphs: readonly number[]): Uint8Array {
  const { tables } = font
  const [glyf, loca, head] = [tables.get('glyf')!, tables.get('loca')!, tables.get('head')!]
  const long = head.getInt16(50) === 1
  const offsetOf = (glyph: number): number => (long ? loca.getUint32(4 * glyph) : 2 * loca.getUint16(2 * glyph))
  const order = [...glyphs]
  const places = new Map(order.map((glyph, index) => [glyph, index]))
  const place = (glyph: number): number => {
    const found = places.get(glyph)
    if (found !== undefined) return found
    places.set(glyph, order.length)
    return order.push(glyph) - 1
  }

  const outlines: Uint8Array[] = []
  for (let index = 0; index < order.length; index++) {
    const [from, to] = [offsetOf(order[index]!), offsetOf(order[index]! + 1)]
    const outline = new Uint8Array(glyf.buffer, glyf.byteOffset + from, to - from).slice()
    if (outline.length > 0) renumber(new DataView(outline.buffer), place)
    outlines.push(outline)
  }

  const newLoca = new DataView(new ArrayBuffer(4 * (order.length + 1)))
  let size = 0
  for (const [index, outline] of outlines.entries()) {
    newLoca.setUint32(4 * index, size)
    size += (outline.length + 3) & ~3
  }
  newLoca.setUint32(4 * order.length, size)
  const newGlyf = new Uint8Array(size)
  for (const [index, outline] of outlines.entries()) newGlyf.set(outline, newLoca.getUint32(4 * index))

  const metrics = tables.get('hhea')!.getUint16(34)
  const oldHmtx = tables.get('hmtx')!
  const newHmtx = new DataView(new ArrayBuffer(4 * order.length))
  for (const [index, glyph] of order.entries()) {
    newHmtx.setUint16(4 * index, font.advanceOf(glyph))
    newHmtx.setInt16(4 * index + 2, oldHmtx.getInt16(glyph < metrics ? 4 * glyph + 2 : 4 * metrics + 2 * (glyph - metrics)))
  }

  const newHead = copyOf(head)
  newHead.setUint32(8, 0)
  newHead.setInt16(50, 1)
  const newHhea = copyOf(tables.get('hhea')!)
  newHhea.setUint16(34, order.length)
  const newMaxp = copyOf(tables.get('maxp')!)
  newMaxp.setUint16(4, order.length)
  const hinting = ['cvt ', 'fpgm', 'prep'].flatMap((tag) => (tables.has(tag) ? [[tag, bytesOf(tables.get(tag)!)] as const] : []))
  return assemble(
    [
      ...hinting,
      ['glyf', newGlyf],
      ['head', bytesOf(newHead)],
      ['hhea', bytesOf(newHhea)],
      ['hmtx', bytesOf(newHmtx)],
      ['loca', bytesOf(newLoca)],
      ['maxp', bytesOf(newMaxp)],
    ].sort(([a], [b]) => (a! < b! ? -1 : 1)) as [string, Uint8Array][],
  )
}

/** Gives the components of a composite glyph their new numbers. */
function renumber(outline: DataView, place: (glyph: number) => number): void {
  if (outline.getInt16(0) >= 0) return
  for (let at = 10, flags = MORE; (flags & MORE) !== 0; ) {
    flags = outline.getUint16(at)
    outline.setUint16(at + 2, place(outline.getUint16(at + 2)))
    at += 4 + ((flags & WORDS) === 0 ? 2 : 4)
    if ((flags & SCALE) !== 0) at += 2
    else if ((flags & SCALE_XY) !== 0) at += 4
    else if ((flags & MATRIX) !== 0) at += 8
  }
}

function assemble(tables: readonly [string, Uint8Array][]): Uint8Array {
  const count = tables.length
  const power = 1 << Math.floor(Math.log2(count))
  let size = 12 + 16 * count
  const places = tables.map(([, bytes]) => {
    const at = size
    size += (bytes.length + 3) & ~3
    return at
  })
  const file = new Uint8Array(size)
  const view = new DataView(file.buffer)
  view.setUint32(0, 0x00010000)
  view.setUint16(4, count)
  view.setUint16(6, 16 * power)
  view.setUint16(8, Math.log2(power))
  view.setUint16(10, 16 * (count - power))
  for (const [index, [tag, bytes]] of tables.entries()) {
    const at = places[index]!
    file.set(bytes, at)
    const entry = 12 + 16 * index
    for (let each = 0; each < 4; each++) file[entry + each] = tag.charCodeAt(each)
    view.setUint32(entry + 4, sumOf(view, at, bytes.length))
    view.setUint32(entry + 8, at)
    view.setUint32(entry + 12, bytes.length)
  }
  const head = places[tables.findIndex(([tag]) => tag === 'head')]!
  view.setUint32(head + 8, (0xb1b0afba - sumOf(view, 0, size)) >>> 0)
  return file
}

/** The checksum of OpenType: the sum of all 32-bit words. */
function sumOf(view: DataView, from: number, length: number): number {
  let sum = 0
  for (let at = from; at < from + length; at += 4) sum = (sum + view.getUint32(at)) >>> 0
  return sum
}

function copyOf(view: DataView): DataView {
  return new DataView(bytesOf(view).slice().buffer)
}

function bytesOf(view: DataView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
}
