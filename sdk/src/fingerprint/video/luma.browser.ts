import type { VideoSample } from 'mediabunny'
import type { Luma } from './decode.ts'

export interface LumaReader {
  /** The brightness of a frame, upright; valid until the next is read. */
  read(sample: VideoSample): Promise<Luma>
}

/** Formats whose first plane is brightness, 8 bits a sample, */
const PLANAR: ReadonlySet<string> = new Set(['I420', 'I420A', 'I422', 'I422A', 'I444', 'I444A', 'NV12'])
/** and those of more bits. */
const DEEP = /^I4(?:20|22|44)A?P(10|12)$/
/** Places of red, green and blue. */
const COLOURS: Readonly<Record<string, readonly number[]>> = {
  RGBA: [0, 1, 2],
  RGBX: [0, 1, 2],
  BGRA: [2, 1, 0],
  BGRX: [2, 1, 0],
}

/** Reads brightness as it is where a frame has it in a plane of its own, and makes it of the colours where it has not. */
export function createLumaReader(): LumaReader {
  let all = new Uint8Array(0)
  let made = new Uint8Array(0)
  let turnedPlane = new Uint8Array(0)
  const room = (from: Uint8Array<ArrayBuffer>, size: number): Uint8Array<ArrayBuffer> =>
    from.length === size ? from : new Uint8Array(size)
  return {
    async read(sample) {
      all = room(all, sample.allocationSize())
      const planes = await sample.copyTo(all)
      const { width, height } = sample.visibleRect
      const format = sample.format ?? ''
      const { offset, stride } = planes[0]!
      let luma: Luma
      if (format === 'I444' && holdsColours(sample)) {
        made = room(made, width * height)
        luma = { width, height, stride: width, data: made }
        // Green, blue, red.
        mix(all, { starts: [planes[2]!.offset, offset, planes[1]!.offset], stride, step: 1 }, luma)
      } else if (PLANAR.has(format)) {
        luma = { width, height, stride, data: all.subarray(offset) }
      } else {
        made = room(made, width * height)
        luma = { width, height, stride: width, data: made }
        const deep = DEEP.exec(format)
        const places = COLOURS[format]
        if (deep !== null) narrow(new DataView(all.buffer, offset), stride, Number(deep[1]) - 8, luma)
        else if (places !== undefined) mix(all, { starts: places.map((place) => offset + place), stride, step: 4 }, luma)
        else throw new Error(`its frames are of a format that is not known${format === '' ? '' : ` (${format})`}`)
      }
      const { rotation, flip } = sample
      if (rotation === 0 && !flip) return luma
      turnedPlane = room(turnedPlane, width * height)
      return turnedLuma(luma, rotation, flip, turnedPlane)
    },
  }
}

/** Whether the planes are green, blue and red: Chromium gives no name to that order, only to what it is the colours of. */
function holdsColours({ colorSpace: { matrix, transfer } }: VideoSample): boolean {
  return matrix === 'rgb' || (matrix === null && transfer === 'iec61966-2-1')
}

/** Brings samples of more bits to 8. */
function narrow(from: DataView, stride: number, bits: number, { width, height, data }: Luma): void {
  const half = 1 << (bits - 1)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data[y * width + x] = Math.min((from.getUint16(y * stride + 2 * x, true) + half) >> bits, 255)
  }
}

/** Where red, green and blue begin in the bytes of a frame, how far apart its rows are, and how far its pixels. */
interface Colours {
  starts: readonly number[]
  stride: number
  step: number
}

/** Brightness of colours by ITU-R BT.601 in its narrow range, which FFmpeg converts to. */
function mix(from: Uint8Array, { starts, stride, step }: Colours, { width, height, data }: Luma): void {
  const [red, green, blue] = starts as [number, number, number]
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * stride + x * step
      data[y * width + x] = Math.round(16 + (65.481 * from[red + at]! + 128.553 * from[green + at]! + 24.966 * from[blue + at]!) / 255)
    }
  }
}

/** Turns a plane clockwise and then mirrors it left to right. */
function turnedLuma(from: Luma, rotation: 0 | 90 | 180 | 270, flip: boolean, data: Uint8Array<ArrayBuffer>): Luma {
  const across = rotation === 90 || rotation === 270
  const [width, height] = across ? [from.height, from.width] : [from.width, from.height]
  for (let y = 0; y < height; y++) {
    for (let column = 0; column < width; column++) {
      const x = flip ? width - 1 - column : column
      const [fromX, fromY] =
        rotation === 0
          ? [x, y]
          : rotation === 90
            ? [y, width - 1 - x]
            : rotation === 180
              ? [width - 1 - x, height - 1 - y]
              : [height - 1 - y, x]
      data[y * width + column] = from.data[fromY * from.stride + fromX]!
    }
  }
  return { width, height, stride: width, data }
}
