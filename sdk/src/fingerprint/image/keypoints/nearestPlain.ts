/** For every descriptor of one picture, the nearest of the other's; and the other way round. */
export interface Nearest {
  /** Index of the nearest in b, for each of a. */
  index: Int32Array
  /** Bits to the nearest, {@link FAR} where none is within. */
  distance: Int32Array
  /** Bits to the second nearest, at most {@link FAR}. */
  second: Int32Array
  /** Index of the nearest in a, for each of b; the first of several. */
  back: Int32Array
}

/** Distances from here on are not told apart: nothing that matches is as far. */
export const FAR = 100

/** Most descriptors on either side. */
export const MOST_DESCRIPTORS = 1024

export type FindNearest = (a: Int32Array, b: Int32Array) => Nearest

/** In plain JavaScript, for where there is no WebAssembly. */
export const nearestPlain: FindNearest = (a, b) => {
  const result = emptyNearest(a.length / 8, b.length / 8)
  const { index, distance, second, back } = result
  const backDistance = new Int32Array(back.length).fill(FAR)
  for (let i = 0, from = 0; i < index.length; i++, from += 8) {
    let first = FAR
    let next = FAR
    let which = -1
    for (let j = 0, to = 0; j < back.length; j++, to += 8) {
      const limit = Math.max(next, backDistance[j]!)
      let bits = 0
      for (let word = 0; word < 8 && bits < limit; word++) bits += ones(a[from + word]! ^ b[to + word]!)
      if (bits >= limit) continue
      if (bits < first) {
        next = first
        first = bits
        which = j
      } else if (bits < next) next = bits
      if (bits < backDistance[j]!) {
        backDistance[j] = bits
        back[j] = i
      }
    }
    index[i] = which
    distance[i] = first
    second[i] = next
  }
  return result
}

export function emptyNearest(a: number, b: number): Nearest {
  return {
    index: new Int32Array(a).fill(-1),
    distance: new Int32Array(a).fill(FAR),
    second: new Int32Array(a).fill(FAR),
    back: new Int32Array(b).fill(-1),
  }
}

function ones(word: number): number {
  let value = word - ((word >>> 1) & 0x55555555)
  value = (value & 0x33333333) + ((value >>> 2) & 0x33333333)
  return Math.imul((value + (value >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
