import { unzlibSync } from 'fflate'
import { ColophonError } from '../../errors/base.ts'

/** The tables of a font file, by their four-letter tags. */
export type FontTables = ReadonlyMap<string, DataView>

const WOFF = 0x774f4646
const TRUE_TYPE = 0x00010000
/** Most bytes of one table; the largest fonts there are have some thirty million. */
const MAX_TABLE = 64 << 20

/** What a page needs of a font. */
const NEEDED = ['cmap', 'glyf', 'head', 'hhea', 'hmtx', 'loca', 'maxp'] as const

/**
 * Takes a font file apart: TrueType as it is (`.ttf`) or compressed (`.woff`, W3C WOFF 1.0).
 *
 * @throws ColophonError `FONT_INVALID`, also for WOFF2 and for PostScript outlines (CFF)
 */
export function readFontTables(bytes: Uint8Array, name: string): FontTables {
  const invalid = (why: string, cause?: unknown): ColophonError =>
    new ColophonError('FONT_INVALID', `The font ${name} cannot be used: ${why}.`, {
      hint: 'Give a TrueType font, .ttf or .woff; WOFF2 and fonts with PostScript outlines are not read.',
      details: { font: name },
      cause,
    })
  try {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const tag = view.getUint32(0)
    if (tag !== WOFF && tag !== TRUE_TYPE) throw invalid('it is not TrueType')
    const compressed = tag === WOFF
    const tables = new Map<string, DataView>()
    const count = view.getUint16(compressed ? 12 : 4)
    for (let index = 0; index < count; index++) {
      const entry = compressed ? 44 + 20 * index : 12 + 16 * index
      const key = String.fromCharCode(...bytes.subarray(entry, entry + 4))
      const offset = view.getUint32(entry + (compressed ? 4 : 8))
      const stored = view.getUint32(entry + (compressed ? 8 : 12))
      const length = view.getUint32(entry + 12)
      if (length > MAX_TABLE || offset + stored > bytes.length) throw invalid('it is cut short')
      const raw = bytes.subarray(offset, offset + stored)
      const table = compressed && stored < length ? unzlibSync(raw, { out: new Uint8Array(length) }) : raw
      tables.set(key, new DataView(table.buffer, table.byteOffset, table.byteLength))
    }
    const missing = NEEDED.filter((key) => !tables.has(key))
    if (missing.length > 0) throw invalid(`it has no table ${missing.join(', ')}`)
    return tables
  } catch (fault) {
    throw fault instanceof ColophonError ? fault : invalid('it is damaged', fault)
  }
}
