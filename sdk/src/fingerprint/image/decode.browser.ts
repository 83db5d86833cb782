import { ColophonError } from '../../errors/base.ts'
import type { DecodeImage } from './decode.ts'
import type { Raster } from './pixels.ts'

/** Decodes with the browser's own codecs, in a page or in a worker. */
export const decodeImage: DecodeImage = async (bytes, { maxPixels, name }) => {
  const bitmap = await createImageBitmap(new Blob([bytes]), {
    colorSpaceConversion: 'none',
    premultiplyAlpha: 'none',
    imageOrientation: 'from-image',
  }).catch((cause: unknown) => {
    throw new ColophonError('IMAGE_UNREADABLE', 'The browser cannot decode this picture.', {
      hint: 'The file is damaged, cut short or of a kind this browser does not know. Open it in a viewer and save it as PNG or JPEG.',
      details: { name },
      cause,
    })
  })
  try {
    const { width, height } = bitmap
    if (width * height > maxPixels) {
      throw new ColophonError('IMAGE_TOO_LARGE', `The picture has more than ${maxPixels} pixels.`, {
        hint: 'If it is real and the machine has the memory, raise maxPixels (about 8 bytes a pixel).',
        details: { name, maxPixels, pixels: width * height },
      })
    }
    const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })
    if (context === null) {
      throw new ColophonError('IMAGE_UNREADABLE', 'The browser has no canvas to decode the picture on.', {
        hint: 'Close other tabs and try again.',
      })
    }
    context.drawImage(bitmap, 0, 0)
    const { data } = context.getImageData(0, 0, width, height)
    return { width, height, data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength), frames: 1 }
  } finally {
    bitmap.close()
  }
}

/** Browsers have every picture with alpha. */
export const decodeRaster: DecodeImage<Raster> = decodeImage
