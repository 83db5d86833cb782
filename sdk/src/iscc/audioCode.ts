import { encodeUnit } from './codec.ts'
import { checkBits, isccError } from './errors.ts'
import { createSimHash } from './simhash.ts'

export interface AudioCode {
  iscc: string
}

/**
 * Audio-Code: similarity of what whole recordings sound like.
 *
 * @param features - a chromaprint fingerprint: signed 32-bit integers, as `fpcalc -raw -signed -length 0` prints them. May be empty.
 * @throws ColophonError `ISCC_INVALID_INPUT`, `ISCC_INVALID_BITS`
 */
export function genAudioCode(features: ArrayLike<number>, options: { bits?: number } = {}): AudioCode {
  const bits = checkBits(options.bits ?? 64)
  return { iscc: encodeUnit({ mainType: 'CONTENT', subType: 'AUDIO', bits, digest: softHashAudio(features) }) }
}

/**
 * The 256-bit digest behind an Audio-Code: simhashes of 32 bits over all features, over each quarter in time, and over each third by value.
 *
 * @throws ColophonError `ISCC_INVALID_INPUT`
 */
export function softHashAudio(features: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  const values = new Int32Array(features.length)
  for (let i = 0; i < values.length; i++) {
    const value = features[i]!
    values[i] = value
    if (values[i] !== value) {
      throw isccError('ISCC_INVALID_INPUT', 'An Audio-Code needs signed 32-bit integers.', {
        hint: 'Take the raw, signed fingerprint: fpcalc -raw -signed.',
        details: { position: i, value: String(value) },
      })
    }
  }
  const parts = [values, ...divide(values, 4), ...divide(values.slice().sort(), 3)]
  const digest = new Uint8Array(32)
  parts.forEach((part, i) => {
    digest.set(simHash32(part), i * 4)
  })
  return digest
}

/** Consecutive parts as equal as possible, the longer ones first. */
function divide(values: Int32Array, count: number): Int32Array[] {
  const size = Math.floor(values.length / count)
  const longer = values.length % count
  return Array.from({ length: count }, (_, i) => {
    const start = i * size + Math.min(i, longer)
    return values.subarray(start, start + size + (i < longer ? 1 : 0))
  })
}

function simHash32(values: Int32Array): Uint8Array {
  const votes = createSimHash(4)
  const bytes = new Uint8Array(4)
  const view = new DataView(bytes.buffer)
  for (const value of values) {
    view.setInt32(0, value)
    votes.add(bytes)
  }
  return votes.digest()
}
