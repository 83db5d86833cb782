import { ColophonError } from '../../errors/base.ts'
import type { DecodeVideo } from './decode.ts'

/** Browsers' own decoders give no steady frames of a file; films are read in Node. */
export const decodeVideo: DecodeVideo = async function* decodeVideo(_chunks, { mediaType, name }) {
  yield* []
  throw new ColophonError('VIDEO_UNREADABLE', 'Films cannot be fingerprinted in a browser yet.', {
    hint: 'Fingerprint the film in Node, with node-av installed, or with media: "data" by its identity alone.',
    details: { name, mediaType },
  })
}
