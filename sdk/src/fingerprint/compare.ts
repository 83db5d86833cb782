import { compareRecordings } from './audio/compareRecordings.ts'
import type { Fingerprint } from './fingerprint.ts'
import { compareImages } from './image/compareImages.ts'
import type { Layer, Match } from './match.ts'
import type { Media } from './media.ts'
import { compareTexts } from './text/compareTexts.ts'
import { compareVideos } from './video/compareVideos.ts'

const NAMES: Readonly<Record<Media, string>> = {
  image: 'a picture',
  audio: 'a recording',
  video: 'a film',
  text: 'a text',
  data: 'a file of data',
}

/**
 * Compares two works. Pictures whose fingerprints have features are found again when cropped, turned, mirrored, inverted, framed, put into a collage
 * or photographed from a screen, recordings when changed in pitch and tempo or cut to an excerpt, films when cut, cropped, turned, framed, sped up or filmed off a screen, texts when reworded here and there or quoted; and the
 * match says where. With signatures alone only whole pictures are compared.
 *
 * Works of different media are different unless they are the same file. A work that is too plain is only ever identical or different:
 * a white page must not match every other white page.
 *
 * @throws ColophonError `FEATURES_INVALID`, `FEATURES_UNSUPPORTED` for features that no picture or film has, or of a later version
 */
export function compare(a: Fingerprint, b: Fingerprint): Match {
  const same = a.sha256 === b.sha256
  const identity: Layer = { name: 'sha256', value: same ? 1 : 0, unit: 'equal', threshold: 1, speaksForCopy: same, source: 'FIPS 180-4' }
  if (same) {
    const media = a.media === b.media ? a.media : 'data'
    return { media, verdict: 'identical', reason: 'The two files are the same, byte for byte.', layers: [identity] }
  }
  const match = compareContent(a, b)
  const layers = [identity, ...match.layers]
  if (match.media === 'data' || !(a.plain || b.plain)) return { ...match, layers }
  const which = a.plain && b.plain ? 'Both works are' : 'One of the works is'
  return {
    media: match.media,
    verdict: 'different',
    reason: `${which} too plain to recognise copies of; only identical files match, and these differ.`,
    layers,
  }
}

function compareContent(a: Fingerprint, b: Fingerprint): Match {
  if (a.media === 'image' && b.media === 'image') return compareImages(a, b)
  if (a.media === 'audio' && b.media === 'audio') return compareRecordings(a, b)
  if (a.media === 'video' && b.media === 'video') return compareVideos(a, b)
  if (a.media === 'text' && b.media === 'text') return compareTexts(a, b)
  return {
    media: 'data',
    verdict: 'different',
    reason:
      a.media === b.media
        ? 'The files differ, and of data only exact copies can be recognised.'
        : `One is ${NAMES[a.media]}, the other ${NAMES[b.media]}; works of different media are not compared.`,
    layers: [],
  }
}
