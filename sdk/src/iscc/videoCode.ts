import { encodeUnit } from './codec.ts'
import { checkBits, isccError } from './errors.ts'
import { wtaHash } from './wta.ts'

const FRAME_VALUES = 380

export interface VideoCode {
  iscc: string
}

/** Video-Code of a film whose frame signatures come one by one. */
export interface VideoHasher {
  /**
   * Adds one MPEG-7 frame signature: 380 integers from 0 to 65,535 (ternary ones are 0, 1 or 2). A signature seen before changes nothing.
   *
   * @throws ColophonError `ISCC_INVALID_INPUT`
   */
  update(frame: ArrayLike<number>): void
  /** Video-Code of the frames so far; `bits` is a multiple of 32 from 32 to 256, 64 by default. */
  code(options?: { bits?: number }): VideoCode
}

/** A hasher for the Video-Code. Keeps the distinct signatures: about 0.4 KB each. */
export function createVideoCode(): VideoHasher {
  const seen = new Set<string>()
  const sums = new Float64Array(FRAME_VALUES)
  return {
    update(frame) {
      const values = checkFrame(frame)
      const key = String.fromCharCode(...values)
      if (seen.has(key)) return
      seen.add(key)
      for (let i = 0; i < FRAME_VALUES; i++) sums[i]! += values[i]!
    },
    code({ bits = 64 } = {}) {
      checkBits(bits)
      if (seen.size === 0) {
        throw isccError('ISCC_INVALID_INPUT', 'A Video-Code needs at least one frame signature.', {
          hint: 'Check that the video has frames.',
        })
      }
      return { iscc: encodeUnit({ mainType: 'CONTENT', subType: 'VIDEO', bits, digest: wtaHash(sums, bits) }) }
    },
  }
}

/**
 * Video-Code: similarity of what whole films look like.
 *
 * @param frames - MPEG-7 frame signatures of 380 values each, five a second by convention
 * @throws ColophonError `ISCC_INVALID_INPUT`, `ISCC_INVALID_BITS`
 */
export function genVideoCode(frames: Iterable<ArrayLike<number>>, options: { bits?: number } = {}): VideoCode {
  const hasher = createVideoCode()
  for (const frame of frames) hasher.update(frame)
  return hasher.code(options)
}

function checkFrame(frame: ArrayLike<number>): number[] {
  const values = Array.from(frame)
  const wrong = values.findIndex((value) => !Number.isInteger(value) || value < 0 || value > 0xffff)
  if (values.length === FRAME_VALUES && wrong < 0) return values
  throw isccError('ISCC_INVALID_INPUT', 'A frame signature has 380 integers from 0 to 65,535.', {
    details: { length: values.length, ...(wrong < 0 ? {} : { position: wrong, value: String(values[wrong]) }) },
  })
}
