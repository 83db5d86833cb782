/** Frames a second that everything after decoding works with, as ISCC's reference has it. */
export const SAMPLE_FPS = 5

/** The brightness of a frame as it is shown: rows of `width` samples of 0 to 255, `stride` bytes apart. */
export interface Luma {
  width: number
  height: number
  stride: number
  data: Uint8Array
}

/** What a film gives while it is read. Pieces are valid until the next is asked for. */
export type FilmPiece =
  /** What is seen at the next sample, {@link SAMPLE_FPS} a second, and for how many samples it stays. */
  | { kind: 'frame'; luma: Luma; repeats: number }
  /** What is heard: one channel of 16 bits at the sample rate of recordings. */
  | { kind: 'sound'; samples: Int16Array }

export interface DecodeVideoOptions {
  /** MIME type that the bytes show. */
  mediaType: string
  /** Most pixels of a frame. */
  maxPixels: number
  maxSeconds: number
  /** For messages. */
  name?: string
  /** Where the film lies, if it is a file: it is then read there, and `chunks` only to its end. */
  path?: string
  /** The film itself, if it came as a `Blob` or `File`: browsers then read it there, and `chunks` only to their end. */
  blob?: Blob
  signal?: AbortSignal
}

/**
 * Reads a film: {@link SAMPLE_FPS} frames a second, chosen as FFmpeg's filter `fps` does, and its sound if it has any. Memory does not grow with
 * the film. `chunks` are always read to their end, before anything is decoded.
 *
 * @throws ColophonError `VIDEO_UNREADABLE`, `VIDEO_TOO_LARGE`, `VIDEO_TOO_LONG`, `VIDEO_ONE_FRAME`, `SOURCE_NOT_READABLE`, `DEPENDENCY_MISSING`
 */
export type DecodeVideo = (chunks: AsyncIterable<Uint8Array>, options: DecodeVideoOptions) => AsyncGenerator<FilmPiece>
