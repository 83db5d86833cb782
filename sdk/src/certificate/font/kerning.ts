/** Units to add to the advance of the left glyph before the right one. */
export type Kerning = (left: number, right: number) => number

const EXTENSION = 9
const PAIRS = 2

/** Pair positioning of OpenType's `GPOS` (feature `kern`, formats 1 and 2 of lookup type 2), as far as it moves the left glyph's advance. */
export function readKerning(gpos: DataView | undefined): Kerning {
  if (gpos === undefined) return () => 0
  const subtables = kernLookups(gpos)
  return (left, right) => {
    for (const lookup of subtables) {
      for (const at of lookup) {
        const found = pairValue(gpos, at, left, right)
        if (found !== undefined) return found
      }
    }
    return 0
  }
}

/** The pair subtables of every lookup that the feature names, each lookup by itself. */
function kernLookups(gpos: DataView): number[][] {
  const features = gpos.getUint16(6)
  const lookups = gpos.getUint16(8)
  const wanted = new Set<number>()
  for (let index = 0; index < gpos.getUint16(features); index++) {
    const record = features + 2 + 6 * index
    if (gpos.getUint32(record) !== 0x6b65726e) continue
    const feature = features + gpos.getUint16(record + 4)
    for (let each = 0; each < gpos.getUint16(feature + 2); each++) wanted.add(gpos.getUint16(feature + 4 + 2 * each))
  }
  return [...wanted]
    .sort((a, b) => a - b)
    .map((index) => {
      const lookup = lookups + gpos.getUint16(lookups + 2 + 2 * index)
      const type = gpos.getUint16(lookup)
      const found: number[] = []
      for (let each = 0; each < gpos.getUint16(lookup + 4); each++) {
        const at = lookup + gpos.getUint16(lookup + 6 + 2 * each)
        if (type === PAIRS) found.push(at)
        else if (type === EXTENSION && gpos.getUint16(at + 2) === PAIRS) found.push(at + gpos.getUint32(at + 4))
      }
      return found
    })
}

function pairValue(gpos: DataView, at: number, left: number, right: number): number | undefined {
  const index = coverage(gpos, at + gpos.getUint16(at + 2), left)
  if (index === undefined) return undefined
  const format1 = gpos.getUint16(at + 4)
  const format2 = gpos.getUint16(at + 6)
  const size = 2 * (bits(format1) + bits(format2))
  const advance = (value: number): number => ((format1 & 4) === 0 ? 0 : gpos.getInt16(value + 2 * bits(format1 & 3)))
  if (gpos.getUint16(at) === 1) {
    const set = at + gpos.getUint16(at + 10 + 2 * index)
    for (let each = 0; each < gpos.getUint16(set); each++) {
      const record = set + 2 + (2 + size) * each
      if (gpos.getUint16(record) === right) return advance(record + 2)
    }
    return undefined
  }
  const leftClass = classOf(gpos, at + gpos.getUint16(at + 8), left)
  const rightClass = classOf(gpos, at + gpos.getUint16(at + 10), right)
  return advance(at + 16 + size * (leftClass * gpos.getUint16(at + 14) + rightClass))
}

function bits(value: number): number {
  let count = 0
  for (let rest = value; rest !== 0; rest &= rest - 1) count++
  return count
}

function coverage(gpos: DataView, at: number, glyph: number): number | undefined {
  const count = gpos.getUint16(at + 2)
  if (gpos.getUint16(at) === 1) {
    for (let index = 0; index < count; index++) if (gpos.getUint16(at + 4 + 2 * index) === glyph) return index
    return undefined
  }
  for (let index = 0; index < count; index++) {
    const range = at + 4 + 6 * index
    const first = gpos.getUint16(range)
    if (glyph >= first && glyph <= gpos.getUint16(range + 2)) return gpos.getUint16(range + 4) + glyph - first
  }
  return undefined
}

function classOf(gpos: DataView, at: number, glyph: number): number {
  if (gpos.getUint16(at) === 1) {
    const index = glyph - gpos.getUint16(at + 2)
    return index >= 0 && index < gpos.getUint16(at + 4) ? gpos.getUint16(at + 6 + 2 * index) : 0
  }
  for (let index = 0; index < gpos.getUint16(at + 2); index++) {
    const range = at + 4 + 6 * index
    if (glyph >= gpos.getUint16(range) && glyph <= gpos.getUint16(range + 2)) return gpos.getUint16(range + 4)
  }
  return 0
}
