import { latin1 } from './objects.ts'

/**
 * An ICC profile of sRGB (IEC 61966-2-1), version 4.2: what colours the page means, without which no archive knows them. Primaries are
 * adapted to D50 (Bradford), as the profile connection space wants; the curve is sRGB's own, a parametric curve of type 3.
 */
export function srgbProfile(): Uint8Array<ArrayBuffer> {
  const description = unicodeText('sRGB')
  const copyright = unicodeText('CC0')
  const curve = tag('para', [[0x0003_0000], [2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045].map(fixed)].flat())
  const tables: [string, Uint8Array][] = [
    ['desc', description],
    ['cprt', copyright],
    ['wtpt', tag('XYZ ', [0.9642, 1, 0.8249].map(fixed))],
    ['chad', tag('sf32', [1.0478112, 0.0228866, -0.050127, 0.0295424, 0.9904844, -0.0170491, -0.0092345, 0.0150436, 0.7521316].map(fixed))],
    ['rXYZ', tag('XYZ ', [0.4360747, 0.2225045, 0.0139322].map(fixed))],
    ['gXYZ', tag('XYZ ', [0.3850649, 0.7168786, 0.0971045].map(fixed))],
    ['bXYZ', tag('XYZ ', [0.1430804, 0.0606169, 0.7141733].map(fixed))],
    ['rTRC', curve],
    ['gTRC', curve],
    ['bTRC', curve],
  ]
  const start = 128 + 4 + 12 * tables.length
  let size = start
  const places = new Map<Uint8Array, number>()
  for (const [, bytes] of tables) {
    if (places.has(bytes)) continue
    places.set(bytes, size)
    size += (bytes.length + 3) & ~3
  }
  const profile = new Uint8Array(size)
  const view = new DataView(profile.buffer)
  view.setUint32(0, size)
  view.setUint32(8, 0x0420_0000)
  profile.set(latin1('mntrRGB XYZ '), 12)
  // 2026-01-01, so that the profile never changes.
  for (const [index, part] of [2026, 1, 1, 0, 0, 0].entries()) view.setUint16(24 + 2 * index, part)
  profile.set(latin1('acsp'), 36)
  for (const [index, value] of [0.9642, 1, 0.8249].entries()) view.setInt32(68 + 4 * index, fixed(value))
  view.setUint32(128, tables.length)
  for (const [index, [name, bytes]] of tables.entries()) {
    const entry = 132 + 12 * index
    profile.set(latin1(name), entry)
    view.setUint32(entry + 4, places.get(bytes)!)
    view.setUint32(entry + 8, bytes.length)
    profile.set(bytes, places.get(bytes)!)
  }
  return profile
}

/** s15Fixed16Number. */
function fixed(value: number): number {
  return Math.round(value * 65_536)
}

function tag(type: string, words: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(8 + 4 * words.length)
  bytes.set(latin1(type))
  const view = new DataView(bytes.buffer)
  for (const [index, word] of words.entries()) view.setInt32(8 + 4 * index, word)
  return bytes
}

/** multiLocalizedUnicodeType with one English text. */
function unicodeText(text: string): Uint8Array {
  const bytes = new Uint8Array(28 + 2 * text.length)
  bytes.set(latin1('mluc'))
  const view = new DataView(bytes.buffer)
  view.setUint32(8, 1)
  view.setUint32(12, 12)
  bytes.set(latin1('enUS'), 16)
  view.setUint32(20, 2 * text.length)
  view.setUint32(24, 28)
  for (let index = 0; index < text.length; index++) view.setUint16(28 + 2 * index, text.charCodeAt(index))
  return bytes
}
