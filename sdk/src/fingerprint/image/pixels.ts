/** A decoded picture, upright: the EXIF turn is applied, pixel values are as stored (embedded colour profiles are not). */
export interface Pixels {
  width: number
  height: number
  /** Red, green, blue, alpha, one byte each, row by row from the top. */
  data: Uint8Array
}

/** One channel, row by row. */
export interface Plane<Samples extends Uint8Array | Float32Array = Uint8Array> {
  width: number
  height: number
  data: Samples
}

/** The picture on white, with Pillow's rounding; pixels stay RGBA with full alpha. Opaque pictures are returned as they are. */
export function onWhite(pixels: Pixels): Pixels {
  const { data } = pixels
  if (isOpaque(data)) return pixels
  const flat = new Uint8Array(data.length)
  for (let at = 0; at < data.length; at += 4) {
    const alpha = data[at + 3]!
    for (let channel = 0; channel < 3; channel++) {
      const sum = 255 * (255 - alpha) + data[at + channel]! * alpha + 128
      flat[at + channel] = ((sum >> 8) + sum) >> 8
    }
    flat[at + 3] = 255
  }
  return { ...pixels, data: flat }
}

function isOpaque(data: Uint8Array): boolean {
  // Whole pixels at a time where they lie so that they can be read.
  if (LITTLE_ENDIAN && data.byteOffset % 4 === 0) {
    const pixels = new Uint32Array(data.buffer, data.byteOffset, data.length >> 2)
    for (let at = 0; at < pixels.length; at++) if (pixels[at]! < 0xff000000) return false
    return true
  }
  for (let at = 3; at < data.length; at += 4) if (data[at] !== 255) return false
  return true
}

const LITTLE_ENDIAN: boolean = /* @__PURE__ */ (() => new Uint8Array(Uint32Array.of(1).buffer)[0] === 1)()

/** A rectangle of the picture. `right` and `bottom` are exclusive. */
export interface Box {
  left: number
  top: number
  right: number
  bottom: number
}

export function crop(pixels: Pixels, box: Box): Pixels {
  const width = box.right - box.left
  const height = box.bottom - box.top
  const data = new Uint8Array(width * height * 4)
  for (let y = 0; y < height; y++) {
    const from = ((box.top + y) * pixels.width + box.left) * 4
    data.set(pixels.data.subarray(from, from + width * 4), y * width * 4)
  }
  return { width, height, data }
}
