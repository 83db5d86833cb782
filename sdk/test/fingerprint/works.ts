import { type FingerprintOptions, fingerprint, type TextFingerprint } from '../../src/fingerprint/index.ts'
import type { Source } from '../../src/source/index.ts'

/** Numbers from 0 up to 1, the same for the same seed (a linear congruential generator). */
function numbers(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
    return (state >>> 8) / 2 ** 24
  }
}

const SYLLABLES = 'ba co di fe gu la me ni po ru sa te vi wo za kle stra pon dri mul'.split(' ')

/** Sentences of made-up words; two seeds share hardly a run of four words. */
export function prose(seed: number, words: number): string {
  const next = numbers(seed)
  const vocabulary = Array.from({ length: 900 }, () =>
    Array.from({ length: 1 + Math.floor(next() * 3) }, () => SYLLABLES[Math.floor(next() * SYLLABLES.length)]).join(''),
  )
  const out: string[] = []
  for (let i = 0; i < words; i++) {
    const word = vocabulary[Math.floor(next() * next() * vocabulary.length)]!
    out.push(i % 13 === 12 ? `${word}.${i % 65 === 64 ? '\n\n' : ''}` : word)
  }
  return out.join(' ')
}

export async function textFingerprint(source: Source, options?: FingerprintOptions): Promise<TextFingerprint> {
  const found = await fingerprint(source, options)
  if (found.media !== 'text') throw new Error(`Taken for ${found.media}.`)
  return found
}

export const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)

/** UTF-16 with its byte order mark. */
export function utf16(text: string, order: 'le' | 'be'): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(2 + text.length * 2)
  const view = new DataView(bytes.buffer)
  view.setUint16(0, 0xfeff, order === 'le')
  for (let i = 0; i < text.length; i++) view.setUint16(2 + i * 2, text.charCodeAt(i), order === 'le')
  return bytes
}

/** Bytes that come in pieces, cut before each of the `cuts`; a cut that is there twice makes an empty piece. */
export function inPieces(bytes: Uint8Array, cuts: readonly number[]): { open(): AsyncGenerator<Uint8Array> } {
  const edges = [0, ...[...cuts].sort((a, b) => a - b), bytes.length]
  return {
    async *open() {
      for (let i = 1; i < edges.length; i++) yield bytes.subarray(edges[i - 1], edges[i])
    },
  }
}
