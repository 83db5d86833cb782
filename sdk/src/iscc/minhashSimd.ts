/** Most features that one run can look at. */
export const MOST_FEATURES = 8192

/** Where the result is stored, behind the features. */
const RESULT = MOST_FEATURES * 4

/** Finds the smallest `a * feature + b` of many features at once. */
export interface Lowest {
  /** Takes the first `count` features, 1 to {@link MOST_FEATURES}. */
  load(features: Int32Array, count: number): void
  /**
   * The smallest `(a * feature + b) mod 2^32` as a signed number; maybe a smaller one, because the last step of 16 features may reach into
   * those of an earlier load.
   */
  run(a: number, b: number): number
}

/*
 * (module
 *   (memory (export "m") 1)
 *   (func (export "f") (param $bytes i32) (param $a i32) (param $b i32)
 *     (local $at i32) (local $va v128) (local $vb v128) (local $least v128)
 *     ;; va = splat(a), vb = splat(b), least = splat(2^31 - 1)
 *     (loop
 *       ;; four times, 16 bytes apart:
 *       ;; least = min_s(load(at) * va + vb, least)
 *       (br_if 0 (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 64))) (local.get $bytes))))
 *     (v128.store offset=32768 (i32.const 0) (local.get $least))))
 */
const lowerBy = (offset: number): number[] => [
  ...[0x20, 3, 0xfd, 0x00, 4, offset], // v128.load offset (local.get $at)
  ...[0x20, 4, 0xfd, 0xb5, 1], // i32x4.mul (local.get $va)
  ...[0x20, 5, 0xfd, 0xae, 1], // i32x4.add (local.get $vb)
  ...[0x20, 6, 0xfd, 0xb6, 1, 0x21, 6], // local.set $least (i32x4.min_s (local.get $least))
]

function moduleBytes(): Uint8Array<ArrayBuffer> {
  const body = [
    ...[2, 1, 0x7f, 3, 0x7b], // locals
    ...[0x20, 1, 0xfd, 0x11, 0x21, 4],
    ...[0x20, 2, 0xfd, 0x11, 0x21, 5],
    ...[0x41, 0xff, 0xff, 0xff, 0xff, 7, 0xfd, 0x11, 0x21, 6],
    ...[0x03, 0x40, ...lowerBy(0), ...lowerBy(16), ...lowerBy(32), ...lowerBy(48)],
    ...[0x20, 3, 0x41, 0xc0, 0, 0x6a, 0x22, 3, 0x20, 0, 0x49, 0x0d, 0, 0x0b],
    ...[0x41, 0, 0x20, 6, 0xfd, 0x0b, 4, 0x80, 0x80, 2, 0x0b],
  ]
  return Uint8Array.of(
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...[1, 7, 1, 0x60, 3, 0x7f, 0x7f, 0x7f, 0], // type
    ...[3, 2, 1, 0], // function
    ...[5, 3, 1, 0, 1], // memory
    ...[7, 9, 2, 1, 0x6d, 2, 0, 1, 0x66, 0, 0], // exports
    ...[10, ...leb(body.length + 1 + leb(body.length).length), 1, ...leb(body.length), ...body], // code
  )
}

function leb(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, value >>> 7]
}

let lowest: Lowest | null | undefined

/**
 * The vector code, some 240 bytes of WebAssembly that start at the first call. Undefined where there is no WebAssembly with SIMD or a
 * content security policy forbids it.
 */
export function loadLowest(): Lowest | undefined {
  if (lowest === undefined) {
    try {
      lowest = start()
    } catch {
      lowest = null
    }
  }
  return lowest ?? undefined
}

/** What is used of the global `WebAssembly`, which neither ECMAScript's nor every host's types have. */
interface Engine {
  Module: new (bytes: Uint8Array<ArrayBuffer>) => object
  Instance: new (module: object) => { exports: { m: { buffer: ArrayBuffer }; f: (bytes: number, a: number, b: number) => void } }
}

function start(): Lowest | null {
  const engine = (globalThis as unknown as { WebAssembly?: Engine }).WebAssembly
  if (engine === undefined) return null
  const { m, f: run } = new engine.Instance(new engine.Module(moduleBytes())).exports
  const memory = new Int32Array(m.buffer)
  const result = memory.subarray(RESULT / 4, RESULT / 4 + 4)
  let bytes = 0
  return {
    load(features, count) {
      memory.set(features.subarray(0, count))
      bytes = count * 4
    },
    run(a, b) {
      run(bytes, a, b)
      return Math.min(result[0]!, result[1]!, result[2]!, result[3]!)
    },
  }
}
