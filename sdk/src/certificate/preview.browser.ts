import { ColophonError } from '../errors/base.ts'

const PREVIEW_PIXELS = 1000

/** A JPEG of red, green and blue, a byte each. */
export async function encodePicture({ width, height, rgb }: { width: number; height: number; rgb: Uint8Array }): Promise<Uint8Array> {
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d')!
  const picture = context.createImageData(width, height)
  for (let pixel = 0; pixel < width * height; pixel++) {
    picture.data.set(rgb.subarray(3 * pixel, 3 * pixel + 3), 4 * pixel)
    picture.data[4 * pixel + 3] = 255
  }
  context.putImageData(picture, 0, 0)
  return new Uint8Array(await (await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.88 })).arrayBuffer())
}

/** A small JPEG in sRGB, made by the browser's own codecs. */
export async function shrinkPicture(bytes: Uint8Array): Promise<Uint8Array> {
  const bitmap = await createImageBitmap(new Blob([bytes as Uint8Array<ArrayBuffer>]), { imageOrientation: 'from-image' }).catch(
    (cause: unknown) => {
      throw new ColophonError('IMAGE_UNREADABLE', 'The browser cannot decode this picture.', {
        hint: 'The file is damaged, cut short or of a kind this browser does not know.',
        cause,
      })
    },
  )
  try {
    const scale = Math.min(1, PREVIEW_PIXELS / Math.max(bitmap.width, bitmap.height))
    const [width, height] = [Math.max(1, Math.round(bitmap.width * scale)), Math.max(1, Math.round(bitmap.height * scale))]
    const canvas = new OffscreenCanvas(width, height)
    const context = canvas.getContext('2d')!
    context.fillStyle = '#ffffff'
    context.fillRect(0, 0, width, height)
    context.imageSmoothingQuality = 'high'
    context.drawImage(bitmap, 0, 0, width, height)
    const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.86 })
    return new Uint8Array(await blob.arrayBuffer())
  } finally {
    bitmap.close()
  }
}
