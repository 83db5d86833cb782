import { type FindNearest, type Nearest, nearestPlain } from './nearestPlain.ts'
import { startNearest } from './nearestWasm.ts'

let found: FindNearest | undefined

/**
 * Compares all descriptors of one picture with all of another's. WebAssembly where there is any, and the same in JavaScript where there is none.
 *
 * @param a - descriptors of eight words each, at most 1,024
 */
export function nearest(a: Int32Array, b: Int32Array): Nearest {
  found ??= startNearest() ?? nearestPlain
  return found(a, b)
}
