import type { SoundMatch } from './compareAudio.ts'
import type { AudioFeatures } from './fingerprintAudio.ts'
import { PEAK_STEP, type Peaks, PITCH_STEPS } from './peaks.ts'

const WIDTH = 960
const LANE = 150
const GAP = 90
const LEFT = 20
/** More dots than this say no more. */
const MOST_DOTS = 3000

/**
 * Draws two recordings one above the other, as the peaks of their spectra over time, with the stretch that they share. Peaks that both have, up to
 * pitch and tempo, are dark; the others are pale. The picture is an SVG document with a title and a description.
 */
export function drawSoundMatch(
  a: AudioFeatures,
  b: AudioFeatures,
  match: SoundMatch,
  names: { a: string; b: string } = { a: 'A', b: 'B' },
): string {
  const seconds = Math.max(a.seconds, b.seconds, 1e-3)
  const x = (time: number): string => (LEFT + (time / seconds) * (WIDTH - 2 * LEFT)).toFixed(1)
  const topOfB = 40 + LANE + GAP
  const [fromA, toA, fromB, toB] = [match.a.from, match.a.to, match.b.from, match.b.to]
  const said = `${clock(fromA)}–${clock(toA)} of ${names.a} is ${clock(fromB)}–${clock(toB)} of ${names.b}${changes(match)}`
  const bInA = commonPeaks(a.peaks, b.peaks, match)
  const lane = (features: AudioFeatures, common: ReadonlySet<number>, top: number, name: string): string => {
    const every = Math.max(1, Math.ceil(features.peaks.times.length / MOST_DOTS))
    const dots = (dark: boolean): string =>
      features.peaks.times
        .map((time, i) => ({ time: time * PEAK_STEP, pitch: features.peaks.pitches[i]!, i }))
        .filter(({ i }) => i % every === 0 && common.has(i) === dark)
        .map(({ time, pitch }) => `M${x(time)} ${(top + LANE - 6 - (pitch / (12 * PITCH_STEPS * 5.8)) * (LANE - 12)).toFixed(1)}h2`)
        .join('')
    return [
      `<rect x="${LEFT}" y="${top}" width="${((features.seconds / seconds) * (WIDTH - 2 * LEFT)).toFixed(1)}" height="${LANE}" fill="#f4f4f0" stroke="#999"/>`,
      `<path d="${dots(false)}" stroke="#b8b8c8" stroke-width="2" fill="none"/>`,
      `<path d="${dots(true)}" stroke="#0b3d91" stroke-width="2" fill="none"/>`,
      `<text x="${LEFT}" y="${top - 6}" font-size="13">${escaped(name)}, ${clock(features.seconds)}</text>`,
    ].join('')
  }
  const height = topOfB + LANE + 40
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" role="img">`,
    `<title>${escaped(`${names.a} and ${names.b}`)}</title><desc>${escaped(said)}</desc>`,
    '<rect width="100%" height="100%" fill="#fff"/>',
    lane(a, bInA.a, 40, names.a),
    lane(b, bInA.b, topOfB, names.b),
    `<path d="M${x(fromA)} ${40 + LANE}L${x(toA)} ${40 + LANE}L${x(toB)} ${topOfB}L${x(fromB)} ${topOfB}Z" fill="#0b3d91" fill-opacity="0.15"/>`,
    `<path d="M${x(fromA)} 40V${40 + LANE}L${x(fromB)} ${topOfB}V${topOfB + LANE}M${x(toA)} 40V${40 + LANE}L${x(toB)} ${topOfB}V${topOfB + LANE}" stroke="#0b3d91" fill="none"/>`,
    `<text x="${LEFT}" y="${height - 14}" font-size="14">${escaped(said)}</text>`,
    '</svg>',
  ].join('\n')
}

/** Which peaks of each recording the other has, where the match says. */
function commonPeaks(a: Peaks, b: Peaks, { a: range, b: other, tempo, pitch }: SoundMatch): { a: Set<number>; b: Set<number> } {
  const common = { a: new Set<number>(), b: new Set<number>() }
  let low = 0
  for (let i = 0; i < a.times.length; i++) {
    const time = a.times[i]! * PEAK_STEP
    if (time < range.from || time > range.to) continue
    const expected = other.from + (time - range.from) * tempo
    while (low < b.times.length && b.times[low]! * PEAK_STEP < expected - 3 * PEAK_STEP) low++
    for (let j = low; j < b.times.length && b.times[j]! * PEAK_STEP <= expected + 3 * PEAK_STEP; j++) {
      if (Math.abs(b.pitches[j]! - a.pitches[i]! - pitch * PITCH_STEPS) > PITCH_STEPS / 2) continue
      common.a.add(i)
      common.b.add(j)
      break
    }
  }
  return common
}

/** How the second differs in tempo and pitch, in words; empty when it does not. */
export function changes({ tempo, pitch }: SoundMatch): string {
  const slower = (tempo - 1) * 100
  const parts = [
    Math.abs(slower) < 0.5 ? undefined : `${Math.abs(slower).toFixed(0)} % ${slower > 0 ? 'slower' : 'faster'}`,
    Math.abs(pitch) < 0.15 ? undefined : `${Math.abs(pitch).toFixed(1)} semitones ${pitch > 0 ? 'higher' : 'lower'}`,
  ].filter((part) => part !== undefined)
  return parts.length === 0 ? '' : `, ${parts.join(' and ')}`
}

/** Minutes and seconds. */
export function clock(seconds: number): string {
  const tenths = Math.round(seconds * 10)
  const minutes = Math.floor(tenths / 600)
  const rest = ((tenths % 600) / 10).toFixed(1).padStart(4, '0')
  return `${minutes}:${rest}`
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[character]!)
}
