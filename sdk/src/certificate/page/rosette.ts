import { hexToBytes } from '../../hex/index.ts'
import type { Shape } from './sheet.ts'

/** Rings and segments: together the 256 bits of a fingerprint. */
const RINGS = 8
const SEGMENTS = 32

/**
 * A fingerprint as a seal: eight rings of 32 segments, a bit each, from the inside out and clockwise from the top. A one is a segment of the
 * ring, a zero a dot. Works that look alike have seals that look alike.
 */
export function rosette(code: string, x: number, y: number, radius: number): Shape[] {
  const bytes = hexToBytes(code)
  const [cosine, sine] = turns(SEGMENTS * 2)
  const inner = radius * 0.26
  const pitch = (radius - inner) / RINGS
  const shapes: Shape[] = []
  for (let bit = 0; bit < RINGS * SEGMENTS; bit++) {
    const ring = Math.floor(bit / SEGMENTS)
    const segment = bit % SEGMENTS
    const near = inner + ring * pitch + pitch * 0.14
    const far = near + pitch * 0.72
    const at = (angle: number, distance: number): [number, number] => {
      const index = (2 * segment + angle + 2 * SEGMENTS) % (2 * SEGMENTS)
      return [x + distance * sine[index]!, y - distance * cosine[index]!]
    }
    if (((bytes[bit >> 3]! >> (7 - (bit & 7))) & 1) === 1) {
      shapes.push({ from: at(0, near), segments: [at(0, far), at(1, far * 1.0012), at(2, far), at(2, near), at(1, near * 1.0012)] })
    } else {
      const [cx, cy] = at(1, (near + far) / 2)
      shapes.push(dot(cx, cy, pitch * 0.1))
    }
  }
  return shapes
}

/** A disc of four Bézier curves. */
export function dot(x: number, y: number, radius: number): Shape {
  const k = radius * 0.5523
  return {
    from: [x + radius, y],
    segments: [
      [x + radius, y + k, x + k, y + radius, x, y + radius],
      [x - k, y + radius, x - radius, y + k, x - radius, y],
      [x - radius, y - k, x - k, y - radius, x, y - radius],
      [x + k, y - radius, x + radius, y - k, x + radius, y],
    ],
  }
}

/**
 * Cosine and sine of whole parts of a turn (a power of two), by halving angles: square roots are the same on every machine, which is not
 * promised of `Math.cos`.
 */
function turns(parts: number): [number[], number[]] {
  // From a quarter turn down to one part.
  let [c, s] = [0, 1]
  for (let angle = 4; angle < parts; angle *= 2) [c, s] = [Math.sqrt((1 + c) / 2), Math.sqrt((1 - c) / 2)]
  const [cosine, sine] = [[1], [0]]
  for (let index = 1; index < parts; index++) {
    const [before, below] = [cosine[index - 1]!, sine[index - 1]!]
    cosine.push(before * c - below * s)
    sine.push(below * c + before * s)
  }
  return [cosine, sine]
}
