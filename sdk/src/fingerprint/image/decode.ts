import type { Pixels, Raster } from './pixels.ts'

export interface DecodeOptions {
  /** Most pixels a picture may have; a file of some kilobytes can claim billions. */
  maxPixels: number
  /** For messages. */
  name?: string
}

/** What a file shows, and how many frames or pages it has; only the first is decoded. */
export type Decoded<Picture extends Raster> = Picture & { frames: number }

/**
 * Turns a file's bytes into upright pixels.
 *
 * @throws ColophonError `IMAGE_UNREADABLE`, `IMAGE_TOO_LARGE`, `DEPENDENCY_MISSING`
 */
export type DecodeImage<Picture extends Raster = Pixels> = (
  bytes: Uint8Array<ArrayBuffer>,
  options: DecodeOptions,
) => Promise<Decoded<Picture>>
