/** Samples a second that everything after decoding works with, as chromaprint has it. */
export const SAMPLE_RATE = 11_025

export interface DecodeAudioOptions {
  /** MIME type that the bytes show. */
  mediaType: string
  /** Most bytes of a file that can only be decoded as a whole. */
  maxBytes: number
  /** For messages. */
  name?: string
  signal?: AbortSignal
}

/**
 * Turns a file into one channel of 16-bit samples, {@link SAMPLE_RATE} a second, piece by piece. A piece is valid until the next is asked for.
 *
 * @throws ColophonError `AUDIO_UNREADABLE`, `SOURCE_TOO_LARGE`, `DEPENDENCY_MISSING`
 */
export type DecodeAudio = (chunks: AsyncIterable<Uint8Array>, options: DecodeAudioOptions) => AsyncGenerator<Int16Array>
