import type { DecodeVideo } from './decode.ts'

/** Decodes with the browser's own codecs. What that takes is loaded with the first film. */
export const decodeVideo: DecodeVideo = async function* decodeVideo(chunks, options) {
  const { decodeFilm } = await import('./decodeFilm.browser.ts')
  yield* decodeFilm(chunks, options)
}
