import type { Pixels } from './pixels.ts'

export interface DecodeOptions {
  /** Most pixels a picture may have; a file of some kilobytes can claim billions. */
  maxPixels: number
  /** For messages. */
  name?: string
}

export interface DecodedImage extends Pixels {
  /** Frames or pages of the file; only the first is decoded. */
  frames: number
}

/**
 * Turns a file's bytes into upright pixels.
 *
 * @throws ColophonError `IMAGE_UNREADABLE`, `IMAGE_TOO_LARGE`, `DEPENDENCY_MISSING`
 */
export type DecodeImage = (bytes: Uint8Array<ArrayBuffer>, options: DecodeOptions) => Promise<DecodedImage>
