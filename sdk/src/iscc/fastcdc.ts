import { GEAR } from './gear.ts'

const SMALLEST = 256
const CENTER = 640
const LARGEST = 8192
/** Harder to meet, while the chunk is shorter than {@link CENTER}. */
const MASK_SHORT = (1 << 11) - 1
/** Easier to meet, beyond it. */
const MASK_LONG = (1 << 9) - 1

/** Called for each chunk; its bytes are `bytes[start, end)` and valid during the call only. */
export type OnChunk = (bytes: Uint8Array, start: number, end: number) => void

/** Cuts a stream into chunks whose borders follow the content, however the stream is delivered. */
export interface Chunker {
  push(bytes: Uint8Array): void
  /** Delivers what is left as the last chunk. */
  end(): void
}

/**
 * FastCDC with the standard's parameters: chunks of 256 to 8,192 bytes, 1,024 on average.
 * Holds at most one chunk.
 */
export function createChunker(onChunk: OnChunk): Chunker {
  const held = new Uint8Array(LARGEST)
  let size = 0
  // How far the chunk under way was looked at, and the rolling pattern there.
  let position = SMALLEST
  let pattern = 0

  /** Goes on from `position` and returns the length of the chunk at `bytes[start, …)`, or 0 if its end lies beyond `available`. */
  const findCut = (bytes: Uint8Array, start: number, available: number): number => {
    let i = position
    let p = pattern
    let barrier = Math.min(CENTER, available)
    while (i < barrier) {
      p = ((p >>> 1) + GEAR[bytes[start + i]!]!) | 0
      i++
      if ((p & MASK_SHORT) === 0) return i
    }
    barrier = Math.min(LARGEST, available)
    while (i < barrier) {
      p = ((p >>> 1) + GEAR[bytes[start + i]!]!) | 0
      i++
      if ((p & MASK_LONG) === 0) return i
    }
    if (i === LARGEST) return i
    position = i
    pattern = p
    return 0
  }

  const restart = (): void => {
    position = SMALLEST
    pattern = 0
  }

  return {
    push(bytes) {
      let at = 0
      if (size > 0) {
        const taken = Math.min(LARGEST - size, bytes.length)
        held.set(bytes.subarray(0, taken), size)
        const cut = findCut(held, 0, size + taken)
        if (cut === 0) {
          size += taken
          return
        }
        onChunk(held, 0, cut)
        restart()
        at = cut - size
        size = 0
      }
      while (at < bytes.length) {
        const cut = findCut(bytes, at, bytes.length - at)
        if (cut === 0) {
          held.set(bytes.subarray(at))
          size = bytes.length - at
          return
        }
        onChunk(bytes, at, at + cut)
        restart()
        at += cut
      }
    },
    end() {
      if (size > 0) onChunk(held, 0, size)
      size = 0
      restart()
    },
  }
}
