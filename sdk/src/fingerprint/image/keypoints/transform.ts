/**
 * A map of the plane that takes (x, y) to ((m0 x + m1 y + m2) / w, (m3 x + m4 y + m5) / w) with w = m6 x + m7 y + m8.
 * Similarities and affine maps have m6 = m7 = 0 and m8 = 1.
 */
export type Transform = readonly [number, number, number, number, number, number, number, number, number]

/** Pairs of places, columns of equal length. */
export interface Places {
  ax: Float64Array
  ay: Float64Array
  bx: Float64Array
  by: Float64Array
}

export function applied(m: Transform, x: number, y: number): [x: number, y: number] {
  const w = m[6] * x + m[7] * y + m[8]
  return [(m[0] * x + m[1] * y + m[2]) / w, (m[3] * x + m[4] * y + m[5]) / w]
}

/** The turn, scale and shift that fit best; undefined for fewer than two different places. */
export function fitSimilarity({ ax, ay, bx, by }: Places, chosen: readonly number[]): Transform | undefined {
  const count = chosen.length
  let [meanAx, meanAy, meanBx, meanBy] = [0, 0, 0, 0]
  for (const k of chosen) {
    meanAx += ax[k]! / count
    meanAy += ay[k]! / count
    meanBx += bx[k]! / count
    meanBy += by[k]! / count
  }
  let [spread, dot, cross] = [0, 0, 0]
  for (const k of chosen) {
    const [x, y] = [ax[k]! - meanAx, ay[k]! - meanAy]
    const [u, v] = [bx[k]! - meanBx, by[k]! - meanBy]
    spread += x * x + y * y
    dot += x * u + y * v
    cross += x * v - y * u
  }
  if (!(spread > 1e-9)) return undefined
  const [c, s] = [dot / spread, cross / spread]
  return [c, -s, meanBx - c * meanAx + s * meanAy, s, c, meanBy - s * meanAx - c * meanAy, 0, 0, 1]
}

/** The affine map that fits best; undefined for fewer than three places that are not in line. */
export function fitAffine({ ax, ay, bx, by }: Places, chosen: readonly number[]): Transform | undefined {
  const normal = new Float64Array(9)
  const right = [new Float64Array(3), new Float64Array(3)] as const
  for (const k of chosen) {
    const row = [ax[k]!, ay[k]!, 1]
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) normal[i * 3 + j]! += row[i]! * row[j]!
      right[0][i]! += row[i]! * bx[k]!
      right[1][i]! += row[i]! * by[k]!
    }
  }
  const first = solved(normal, right[0])
  const second = solved(normal, right[1])
  if (first === undefined || second === undefined) return undefined
  return [first[0]!, first[1]!, first[2]!, second[0]!, second[1]!, second[2]!, 0, 0, 1]
}

/** The perspective that fits best, by the direct linear transform on centred, scaled places; undefined where none does. */
export function fitHomography(places: Places, chosen: readonly number[]): Transform | undefined {
  if (chosen.length < 4) return undefined
  const a = normaliser(places.ax, places.ay, chosen)
  const b = normaliser(places.bx, places.by, chosen)
  const normal = new Float64Array(64)
  const right = new Float64Array(8)
  for (const k of chosen) {
    const x = (places.ax[k]! - a.x) * a.scale
    const y = (places.ay[k]! - a.y) * a.scale
    const u = (places.bx[k]! - b.x) * b.scale
    const v = (places.by[k]! - b.y) * b.scale
    for (const [row, value] of [
      [[x, y, 1, 0, 0, 0, -u * x, -u * y], u],
      [[0, 0, 0, x, y, 1, -v * x, -v * y], v],
    ] as const) {
      for (let i = 0; i < 8; i++) {
        right[i]! += row[i]! * value
        for (let j = 0; j < 8; j++) normal[i * 8 + j]! += row[i]! * row[j]!
      }
    }
  }
  const h = solved(normal, right)
  if (h === undefined) return undefined
  // Back from the centred, scaled places: inverse of b's normaliser, times h, times a's.
  const n = multiplied([...h, 1], [a.scale, 0, -a.x * a.scale, 0, a.scale, -a.y * a.scale, 0, 0, 1])
  const m = multiplied([1 / b.scale, 0, b.x, 0, 1 / b.scale, b.y, 0, 0, 1], n)
  if (Math.abs(m[8]!) < 1e-12) return undefined
  return m.map((value) => value / m[8]!) as unknown as Transform
}

/** The map that undoes this one; undefined when nothing does. */
export function inverted(m: Transform): Transform | undefined {
  const [a, b, c, d, e, f, g, h, i] = m
  const determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
  if (!(Math.abs(determinant) > 1e-12)) return undefined
  const out = [
    ...[e * i - f * h, c * h - b * i, b * f - c * e],
    ...[f * g - d * i, a * i - c * g, c * d - a * f],
    ...[d * h - e * g, b * g - a * h, a * e - b * d],
  ]
  const last = out[8]!
  const scale = Math.abs(last) > 1e-12 * Math.abs(determinant) ? last : determinant
  return out.map((value) => value / scale) as unknown as Transform
}

/** Product of two 3 × 3 matrices. */
export function multiplied(p: readonly number[], q: readonly number[]): number[] {
  return Array.from({ length: 9 }, (_, at) => {
    const [row, column] = [Math.floor(at / 3) * 3, at % 3]
    return p[row]! * q[column]! + p[row + 1]! * q[column + 3]! + p[row + 2]! * q[column + 6]!
  })
}

function normaliser(x: Float64Array, y: Float64Array, chosen: readonly number[]): { x: number; y: number; scale: number } {
  let [meanX, meanY] = [0, 0]
  for (const k of chosen) {
    meanX += x[k]! / chosen.length
    meanY += y[k]! / chosen.length
  }
  let distance = 0
  for (const k of chosen) distance += Math.sqrt((x[k]! - meanX) ** 2 + (y[k]! - meanY) ** 2) / chosen.length
  return { x: meanX, y: meanY, scale: distance > 0 ? Math.SQRT2 / distance : 1 }
}

/** Solves a small system of equations by elimination; undefined when it has no single solution. */
function solved(matrix: Float64Array, right: Float64Array): Float64Array | undefined {
  const size = right.length
  const m = matrix.slice()
  const x = right.slice()
  for (let column = 0; column < size; column++) {
    let pivot = column
    for (let row = column + 1; row < size; row++) {
      if (Math.abs(m[row * size + column]!) > Math.abs(m[pivot * size + column]!)) pivot = row
    }
    const value = m[pivot * size + column]!
    if (!(Math.abs(value) > 1e-9)) return undefined
    if (pivot !== column) {
      for (let k = 0; k < size; k++) [m[pivot * size + k], m[column * size + k]] = [m[column * size + k]!, m[pivot * size + k]!]
      ;[x[pivot], x[column]] = [x[column]!, x[pivot]!]
    }
    for (let row = column + 1; row < size; row++) {
      const factor = m[row * size + column]! / value
      for (let k = column; k < size; k++) m[row * size + k]! -= factor * m[column * size + k]!
      x[row]! -= factor * x[column]!
    }
  }
  for (let row = size - 1; row >= 0; row--) {
    for (let k = row + 1; k < size; k++) x[row]! -= m[row * size + k]! * x[k]!
    x[row]! /= m[row * size + row]!
  }
  return x
}
