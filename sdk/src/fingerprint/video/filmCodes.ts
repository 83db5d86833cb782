import { TURNS } from '../image/turns.ts'
import { filmOf } from './film.ts'
import type { VideoFeatures } from './fingerprintVideo.ts'
import { bitsBetween, CODE_WORDS, turnedFrames } from './frameCode.ts'

/** Most frames that a film is indexed by; of longer films they are farther apart. */
const MOST_FRAMES = 4000
/** A frame is indexed when it differs by so many bits from the last that was, */
const NEW_BITS = 32
/** and shows enough not to look like half of all others. */
const LEAST_QUALITY = 49
/** Frames that a query asks for in other turns: a few find the film, whose features then say more. */
const MOST_TURNED = 200

/** Codes of frames, 32 bytes each, and when each is, in samples. */
export interface FilmCodes {
  codes: Uint8Array[]
  places: Uint32Array
}

/**
 * What a similarity index knows a film by: the codes of frames that show something new; and as `turned` what a query asks with beside them, the same frames in each of
 * the seven other turns.
 */
export function filmCodes(features: VideoFeatures): FilmCodes & { turned: FilmCodes[] } {
  const { codes } = filmOf(features)
  let chosen: number[] = []
  for (let sample = 0; sample < codes.count; sample++) {
    if (codes.qualities[sample]! <= LEAST_QUALITY) continue
    const last = chosen.at(-1)
    if (last !== undefined && bitsBetween(codes.words, sample * CODE_WORDS, codes.words, last * CODE_WORDS) < NEW_BITS) continue
    chosen.push(sample)
  }
  chosen = thinned(chosen, MOST_FRAMES)
  const turned = thinned(chosen, MOST_TURNED)
  return {
    codes: chosen.map((sample) => bytesOf(codes.words, sample)),
    places: Uint32Array.from(chosen),
    turned: TURNS.slice(1).map((_, index) => {
      const words = new Uint32Array(turned.length * CODE_WORDS)
      for (const [at, sample] of turned.entries())
        words.set(codes.words.subarray(sample * CODE_WORDS, (sample + 1) * CODE_WORDS), at * CODE_WORDS)
      const all = turnedFrames(words, index + 1)
      return { codes: turned.map((_sample, at) => bytesOf(all, at)), places: Uint32Array.from(turned) }
    }),
  }
}

function thinned(samples: readonly number[], most: number): number[] {
  if (samples.length <= most) return [...samples]
  return Array.from({ length: most }, (_, index) => samples[Math.floor((index * samples.length) / most)]!)
}

function bytesOf(words: Uint32Array, at: number): Uint8Array {
  const bytes = new Uint8Array(4 * CODE_WORDS)
  const view = new DataView(bytes.buffer)
  for (let word = 0; word < CODE_WORDS; word++) view.setUint32(4 * word, words[at * CODE_WORDS + word]!, true)
  return bytes
}
