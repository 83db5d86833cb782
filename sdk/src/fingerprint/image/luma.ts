import type { Pixels, Plane } from './pixels.ts'

/** Brightness as PDQ and every layer after it take it (ITU-R 601), 0 to 255. Transparent pixels should be put on white before. */
export function lumaOf({ width, height, data }: Pixels): Plane<Float32Array> {
  const luma = new Float32Array(width * height)
  for (let at = 0, to = 0; to < luma.length; at += 4, to++) {
    luma[to] = 0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!
  }
  return { width, height, data: luma }
}

/**
 * The plane at a smaller size. A pixel of it is the mean of the rectangle it covers, shares of pixels at its edges included:
 * unlike nearest-neighbour or a kernel that differs from one library to the next, that is the same everywhere.
 */
export function shrunk(plane: Plane<Float32Array>, width: number, height: number): Plane<Float32Array> {
  if (width === plane.width && height === plane.height) return plane
  const columns = width === plane.width ? plane.data : shrunkRows(plane.data, plane.width, plane.height, width)
  if (height === plane.height) return { width, height, data: columns }
  const data = new Float32Array(width * height)
  const scale = plane.height / height
  const row = new Float64Array(width)
  for (let y = 0; y < height; y++) {
    const from = y * scale
    const to = Math.min((y + 1) * scale, plane.height)
    row.fill(0)
    for (let source = Math.floor(from); source < to; source++) {
      const weight = Math.min(source + 1, to) - Math.max(source, from)
      const start = source * width
      for (let x = 0; x < width; x++) row[x]! += columns[start + x]! * weight
    }
    for (let x = 0; x < width; x++) data[y * width + x] = row[x]! / (to - from)
  }
  return { width, height, data }
}

function shrunkRows(data: Float32Array, fromWidth: number, height: number, width: number): Float32Array {
  const out = new Float32Array(width * height)
  const scale = fromWidth / width
  // Which samples each output sample is made from, and how much of the first and the last; all between count whole.
  const firsts = new Int32Array(width)
  const lasts = new Int32Array(width)
  const heads = new Float64Array(width)
  const tails = new Float64Array(width)
  const lengths = new Float64Array(width)
  for (let x = 0; x < width; x++) {
    const from = x * scale
    const to = Math.min((x + 1) * scale, fromWidth)
    const first = Math.floor(from)
    const last = Math.min(Math.ceil(to), fromWidth) - 1
    firsts[x] = first
    lasts[x] = last
    heads[x] = Math.min(first + 1, to) - from
    tails[x] = Math.min(last + 1, to) - Math.max(last, from)
    lengths[x] = to - from
  }
  for (let y = 0; y < height; y++) {
    const row = y * fromWidth
    for (let x = 0; x < width; x++) {
      const first = row + firsts[x]!
      const last = row + lasts[x]!
      let sum = data[first]! * heads[x]!
      for (let at = first + 1; at < last; at++) sum += data[at]!
      if (last > first) sum += data[last]! * tails[x]!
      out[y * width + x] = sum / lengths[x]!
    }
  }
  return out
}
