import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '../../hex/index.ts'
import { type Kerning, readKerning } from './kerning.ts'
import { type FontTables, readFontTables } from './tables.ts'

/** A font, ready to measure with; lengths are in units of `unitsPerEm`. */
export interface Font {
  /** What the page calls it, e.g. `Source Serif 4 SemiBold`. */
  name: string
  /** SHA-256 of the file, which identifies it for good. */
  readonly sha256: `0x${string}`
  readonly tables: FontTables
  readonly unitsPerEm: number
  readonly ascent: number
  readonly descent: number
  readonly capHeight: number
  readonly italicAngle: number
  /** xMin, yMin, xMax, yMax over all glyphs. */
  readonly box: readonly [number, number, number, number]
  /** Index of the glyph for a code point; 0 when there is none. */
  glyphOf(codePoint: number): number
  advanceOf(glyph: number): number
  /** What is added to the advance of `left` before `right`. */
  kerning: Kerning
}

/** A font file, and what to call it. */
export interface FontFile {
  name: string
  /** TrueType, `.ttf` or `.woff`. */
  bytes: Uint8Array
}

/**
 * A font that is opened when something of it is asked for: most pages need no character of the large ones.
 * @throws ColophonError `FONT_INVALID`, then
 */
export function openFont({ name, bytes }: FontFile): Font {
  let hash: Font['sha256'] | undefined
  let opened: Omit<Font, 'name' | 'sha256'> | undefined
  const read = (): Omit<Font, 'name' | 'sha256'> => {
    opened ??= readFont(bytes, name)
    return opened
  }
  return {
    name,
    get sha256() {
      hash ??= bytesToHex(sha256(bytes))
      return hash
    },
    get tables() {
      return read().tables
    },
    get unitsPerEm() {
      return read().unitsPerEm
    },
    get ascent() {
      return read().ascent
    },
    get descent() {
      return read().descent
    },
    get capHeight() {
      return read().capHeight
    },
    get italicAngle() {
      return read().italicAngle
    },
    get box() {
      return read().box
    },
    glyphOf: (codePoint) => read().glyphOf(codePoint),
    advanceOf: (glyph) => read().advanceOf(glyph),
    kerning: (left, right) => read().kerning(left, right),
  }
}

function readFont(bytes: Uint8Array, name: string): Omit<Font, 'name' | 'sha256'> {
  const tables = readFontTables(bytes, name)
  const [head, hhea, hmtx, os2, post] = ['head', 'hhea', 'hmtx', 'OS/2', 'post'].map((tag) => tables.get(tag)) as [
    DataView,
    DataView,
    DataView,
    DataView | undefined,
    DataView | undefined,
  ]
  const metrics = hhea.getUint16(34)
  const ascent = hhea.getInt16(4)
  return {
    tables,
    unitsPerEm: head.getUint16(18),
    ascent,
    descent: hhea.getInt16(6),
    capHeight: os2 !== undefined && os2.byteLength >= 90 ? os2.getInt16(88) : ascent,
    italicAngle: post === undefined ? 0 : post.getInt32(4) / 65_536,
    box: [head.getInt16(36), head.getInt16(38), head.getInt16(40), head.getInt16(42)],
    glyphOf: readCharacterMap(tables.get('cmap')!),
    advanceOf: (glyph) => hmtx.getUint16(4 * Math.min(glyph, metrics - 1)),
    kerning: readKerning(tables.get('GPOS')),
  }
}

/** Formats 4 and 12 of `cmap`, the two that Unicode fonts have. */
function readCharacterMap(cmap: DataView): (codePoint: number) => number {
  const tables: { format: number; at: number }[] = []
  for (let index = 0; index < cmap.getUint16(2); index++) {
    const platform = cmap.getUint16(4 + 8 * index)
    const at = cmap.getUint32(8 + 8 * index)
    if (platform === 0 || platform === 3) tables.push({ format: cmap.getUint16(at), at })
  }
  const whole = tables.find(({ format }) => format === 12)
  if (whole !== undefined) return (codePoint) => inGroups(cmap, whole.at, codePoint)
  const basic = tables.find(({ format }) => format === 4)
  return (codePoint) => (basic === undefined || codePoint > 0xffff ? 0 : inSegments(cmap, basic.at, codePoint))
}

function inGroups(cmap: DataView, at: number, codePoint: number): number {
  let [low, high] = [0, cmap.getUint32(at + 12) - 1]
  while (low <= high) {
    const middle = (low + high) >> 1
    const group = at + 16 + 12 * middle
    const first = cmap.getUint32(group)
    if (codePoint < first) high = middle - 1
    else if (codePoint > cmap.getUint32(group + 4)) low = middle + 1
    else return cmap.getUint32(group + 8) + codePoint - first
  }
  return 0
}

function inSegments(cmap: DataView, at: number, codePoint: number): number {
  const size = cmap.getUint16(at + 6)
  for (let offset = 0; offset < size; offset += 2) {
    if (codePoint > cmap.getUint16(at + 14 + offset)) continue
    const first = cmap.getUint16(at + 16 + size + offset)
    if (codePoint < first) return 0
    const delta = cmap.getUint16(at + 16 + 2 * size + offset)
    const rangeAt = at + 16 + 3 * size + offset
    const range = cmap.getUint16(rangeAt)
    if (range === 0) return (codePoint + delta) & 0xffff
    const glyph = cmap.getUint16(rangeAt + range + 2 * (codePoint - first))
    return glyph === 0 ? 0 : (glyph + delta) & 0xffff
  }
  return 0
}
