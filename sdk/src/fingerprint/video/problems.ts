import { ColophonError } from '../../errors/base.ts'
import { type DecodeVideoOptions, SAMPLE_FPS } from './decode.ts'

/** Frames have at least so many pixels a side: the grid of a frame signature has as many cells. */
const LEAST_SIDE = 32
/** A film that gives fewer frames for its packets is not believed. A frame may come in two packets, one for each field. */
const SIGHT_SHARE = 0.3

/** Refuses frames that are too large or too small. */
export function checkSize(width: number, height: number, { maxPixels, name, mediaType }: DecodeVideoOptions): void {
  if (width * height > maxPixels) {
    throw new ColophonError('VIDEO_TOO_LARGE', `The film's frames have ${width} × ${height} pixels, more than ${maxPixels}.`, {
      hint: 'Raise maxPixels if the machine has the memory, or save the film smaller.',
      details: { name, width, height, maxPixels },
    })
  }
  if ((width > 0 && width < LEAST_SIDE) || (height > 0 && height < LEAST_SIDE)) {
    throw new ColophonError('VIDEO_UNREADABLE', `The film's frames have ${width} × ${height} pixels; ${LEAST_SIDE} a side are needed.`, {
      hint: 'Save it larger, or take it as media: "data".',
      details: { name, mediaType, width, height },
    })
  }
}

/** Refuses a film once it shows more samples than are allowed. A time stamp can claim anything: what it would fill with repeats is counted before it is filled. */
export function checkLength(samples: number, { maxSeconds, name }: DecodeVideoOptions): void {
  if (samples <= maxSeconds * SAMPLE_FPS) return
  throw new ColophonError('VIDEO_TOO_LONG', `The film is longer than ${maxSeconds} seconds.`, {
    hint: 'If it is real, raise maxSeconds; comparing takes some 10 KB a second.',
    details: { name, maxSeconds },
  })
}

/** Whether enough of the film could be decoded to believe it. `failure` is the first that there was. */
export function checkSight(frames: number, packets: number, options: DecodeVideoOptions, failure: unknown): void {
  if (frames === 0 || frames < packets * SIGHT_SHARE) throw unreadable(options, failure)
  if (frames > 1) return
  throw new ColophonError('VIDEO_ONE_FRAME', 'The film has one frame.', {
    hint: 'Save the frame as a picture and take that.',
    details: { name: options.name, mediaType: options.mediaType },
  })
}

export function noFilm({ name, mediaType }: DecodeVideoOptions): ColophonError {
  return new ColophonError('VIDEO_UNREADABLE', 'The file has no film in it.', {
    hint: 'If it is a recording, save its sound as M4A, FLAC or Ogg and take that.',
    details: { name, mediaType },
  })
}

/** What is thrown where decoding fails; errors of ours and aborts stay what they are. */
export function unreadable({ name, mediaType }: DecodeVideoOptions, cause: unknown): unknown {
  if (cause instanceof ColophonError) return cause
  if (cause instanceof Error && cause.name === 'AbortError') return cause
  const reason = cause instanceof Error ? cause.message.split('\n')[0]!.replace(/[\s:.]+$/, '') : 'nothing in it could be decoded'
  return new ColophonError('VIDEO_UNREADABLE', `The film cannot be decoded: ${reason}.`, {
    hint: 'The file is damaged, cut short, encrypted or of a kind this build does not know. Play it, and save it again as MP4 or WebM.',
    details: { name, mediaType },
    ...(cause === undefined ? {} : { cause }),
  })
}
