import { ColophonError } from '../errors/base.ts'
import type { Picture } from './pdf/document.ts'

/**
 * Size of a JPEG, from its frame header.
 * @throws ColophonError `CERTIFICATE_PICTURE_INVALID` for anything but 8 bits and three components
 */
export function pictureOf(jpeg: Uint8Array): Picture {
  const view = new DataView(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength)
  if (jpeg.length > 4 && view.getUint16(0) === 0xffd8) {
    for (let at = 2; at + 10 < jpeg.length && jpeg[at] === 0xff; at += 2 + view.getUint16(at + 2)) {
      const marker = jpeg[at + 1]!
      // Start of frame: baseline, extended or progressive.
      if (marker < 0xc0 || marker > 0xc2) continue
      const [height, width] = [view.getUint16(at + 5), view.getUint16(at + 7)]
      if (jpeg[at + 4] === 8 && jpeg[at + 9] === 3 && width > 0 && height > 0) return { jpeg, width, height }
      break
    }
  }
  throw new ColophonError('CERTIFICATE_PICTURE_INVALID', 'The picture for the certificate is no JPEG with 8 bits and three colours.', {
    hint: 'Use previewOf(), which makes one of any picture.',
  })
}
