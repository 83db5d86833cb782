/** A decoded picture, upright: the EXIF turn is applied, pixel values are as stored (embedded colour profiles are not). */
export interface Pixels {
  width: number
  height: number
  /** Red, green, blue, alpha, one byte each, row by row from the top. */
  data: Uint8Array
  channels?: 4
}

/** The same of a picture in which nothing is transparent: pixels may come without alpha, as most decoders have them. */
export type Raster = Pixels | { width: number; height: number /** Red, green, blue. */; data: Uint8Array; channels: 3 }

/** The picture with alpha; returned as it is where it has one. */
export function withAlpha(raster: Raster): Pixels {
  if (raster.channels !== 3) return raster
  const { width, height, data: from } = raster
  const data = new Uint8Array(width * height * 4)
  for (let at = 0, to = 0; at < from.length; at += 3, to += 4) {
    data[to] = from[at]!
    data[to + 1] = from[at + 1]!
    data[to + 2] = from[at + 2]!
    data[to + 3] = 255
  }
  return { width, height, data }
}

/** One channel, row by row. */
export interface Plane<Samples extends Uint8Array | Float32Array = Uint8Array> {
  width: number
  height: number
  data: Samples
}

/** The picture on white, with Pillow's rounding; pixels stay RGBA with full alpha. Opaque pictures are returned as they are. */
export function onWhite(pixels: Raster): Raster {
  const { data } = pixels
  if (pixels.channels === 3 || isOpaque(data)) return pixels
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
  const words = wordsOf(data)
  for (let at = 0; at < words.length; at++) if (words[at]! < 0xff000000) return false
  return true
}

/** Whole pixels as numbers, red in the lowest byte, alpha in the highest: to read them so takes a third of the time. A view where that can be. */
export function wordsOf(data: Uint8Array): Uint32Array {
  if (LITTLE_ENDIAN && data.byteOffset % 4 === 0) return new Uint32Array(data.buffer, data.byteOffset, data.length >> 2)
  const view = new DataView(data.buffer, data.byteOffset, data.length)
  return Uint32Array.from({ length: data.length >> 2 }, (_, at) => view.getUint32(4 * at, true))
}

/** Arrays of fewer bytes are left to the garbage collector. */
const WORTH_FREEING = 1 << 20

/**
 * Gives the memory of an array back, which nothing may use any more. A picture takes some ten megabytes for a tenth of a second: left lying about they make the engine
 * collect its garbage once a picture, which takes longer than the picture's code. Engines that cannot do it leave the array as it is.
 */
export function release({ buffer, byteLength }: Uint8Array | Float32Array): void {
  if (byteLength < WORTH_FREEING || byteLength !== buffer.byteLength) return
  ;(buffer as { transfer?: (length: number) => unknown }).transfer?.(0)
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
