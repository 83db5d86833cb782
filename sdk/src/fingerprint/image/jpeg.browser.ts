import type { EncodeJpeg } from './drawMatch.ts'

/** Encodes with a canvas, in a page or in a worker. */
export const encodeJpeg: EncodeJpeg = async ({ width, height, data }, side) => {
  const scale = Math.min(1, side / Math.max(width, height))
  const bitmap = await createImageBitmap(new ImageData(new Uint8ClampedArray(data), width, height))
  const canvas = new OffscreenCanvas(Math.max(Math.round(width * scale), 1), Math.max(Math.round(height * scale), 1))
  const context = canvas.getContext('2d')!
  context.fillStyle = '#fff'
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  bitmap.close()
  return new Uint8Array(await (await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.8 })).arrayBuffer())
}
