import { emptyNearest, FAR, type FindNearest, MOST_DESCRIPTORS } from './nearestPlain.ts'

/** Where things are in memory, in bytes: descriptors of a, of b, then for a nearest, distance, second, and for b nearest and distance. */
const B = MOST_DESCRIPTORS * 32
const INDEX = 2 * B
const DISTANCE = INDEX + MOST_DESCRIPTORS * 4
const SECOND = DISTANCE + MOST_DESCRIPTORS * 4
const BACK = SECOND + MOST_DESCRIPTORS * 4
const BACK_DISTANCE = BACK + MOST_DESCRIPTORS * 4
const PAGES = Math.ceil((BACK_DISTANCE + MOST_DESCRIPTORS * 4) / 65_536)

/*
 * (func (export "f") (param $countA i32) (param $countB i32)          ;; both above 0
 *   (local $i i32) (local $j i32) (local $bits i32) (local $first i32) (local $next i32) (local $which i32)
 *   (local $a0 i64) (local $a1 i64) (local $a2 i64) (local $a3 i64)
 *   (loop                                                              ;; i = 0 …
 *     ;; a0 … a3 = the descriptor at i * 32; first = next = FAR; which = -1; j = 0
 *     (loop
 *       ;; bits = Σ popcnt(ak ^ load(B + j * 32 + 8 k))
 *       ;; if bits < next: if bits < first: next = first, first = bits, which = j; else next = bits
 *       ;; if bits < BACK_DISTANCE[j]: BACK_DISTANCE[j] = bits, BACK[j] = i
 *       (br_if 0 (i32.lt_u (local.tee $j (i32.add (local.get $j) (i32.const 1))) (local.get $countB))))
 *     ;; INDEX[i] = which; DISTANCE[i] = first; SECOND[i] = next
 *     (br_if 0 (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $countA)))))
 */
const [COUNT_A, COUNT_B, I, J, BITS, FIRST, NEXT, WHICH, A0] = [0, 1, 2, 3, 4, 5, 6, 7, 8]
const get = (local: number): number[] => [0x20, local]
const set = (local: number): number[] => [0x21, local]
const tee = (local: number): number[] => [0x22, local]
const constant = (value: number): number[] => [0x41, ...signedLeb(value)]
const times = (local: number, shift: number): number[] => [...get(local), ...constant(shift), 0x74]
const load64 = (offset: number): number[] => [0x29, 3, ...leb(offset)]
const load32 = (offset: number): number[] => [0x28, 2, ...leb(offset)]
const store32 = (offset: number): number[] => [0x36, 2, ...leb(offset)]
const LESS = [0x49]
const LOOP = [0x03, 0x40]
const IF = [0x04, 0x40]
const ELSE = [0x05]
const END = [0x0b]
const repeat = (counter: number, limit: number): number[] => [
  ...[...get(counter), ...constant(1), 0x6a, ...tee(counter), ...get(limit), ...LESS, 0x0d, 0],
  ...END,
]

function moduleBytes(): Uint8Array<ArrayBuffer> {
  const words = [0, 1, 2, 3]
  const body = [
    ...[2, 6, 0x7f, 4, 0x7e], // locals
    ...LOOP,
    ...words.flatMap((word) => [...times(I, 5), ...load64(word * 8), ...set(A0 + word)]),
    ...[...constant(FAR), ...tee(FIRST), ...set(NEXT), ...constant(-1), ...set(WHICH), ...constant(0), ...set(J)],
    ...LOOP,
    ...words.flatMap((word) => [...get(A0 + word), ...times(J, 5), ...load64(B + word * 8), 0x85, 0x7b, ...(word === 0 ? [] : [0x7c])]),
    ...[0xa7, ...tee(BITS), ...get(NEXT), ...LESS, ...IF],
    ...[...get(BITS), ...get(FIRST), ...LESS, ...IF],
    ...[...get(FIRST), ...set(NEXT), ...get(BITS), ...set(FIRST), ...get(J), ...set(WHICH)],
    ...[...ELSE, ...get(BITS), ...set(NEXT), ...END, ...END],
    ...[...get(BITS), ...times(J, 2), ...load32(BACK_DISTANCE), ...LESS, ...IF],
    ...[...times(J, 2), ...get(BITS), ...store32(BACK_DISTANCE), ...times(J, 2), ...get(I), ...store32(BACK), ...END],
    ...repeat(J, COUNT_B),
    ...[...times(I, 2), ...get(WHICH), ...store32(INDEX)],
    ...[...times(I, 2), ...get(FIRST), ...store32(DISTANCE)],
    ...[...times(I, 2), ...get(NEXT), ...store32(SECOND)],
    ...repeat(I, COUNT_A),
    ...END,
  ]
  const sized = [...leb(body.length), ...body]
  return Uint8Array.of(
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...[1, 6, 1, 0x60, 2, 0x7f, 0x7f, 0], // type
    ...[3, 2, 1, 0], // function
    ...[5, 3, 1, 0, PAGES], // memory
    ...[7, 9, 2, 1, 0x6d, 2, 0, 1, 0x66, 0, 0], // exports
    ...[10, ...leb(sized.length + 1), 1, ...sized], // code
  )
}

function leb(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)]
}

function signedLeb(value: number): number[] {
  return value >= -64 && value < 64 ? [value & 127] : [(value & 127) | 128, ...signedLeb(value >> 7)]
}

/** What is used of the global `WebAssembly`, which neither ECMAScript's nor every host's types have. */
interface Engine {
  Module: new (bytes: Uint8Array<ArrayBuffer>) => object
  Instance: new (module: object) => { exports: { m: { buffer: ArrayBuffer }; f: (countA: number, countB: number) => void } }
}

/** Undefined where there is no WebAssembly, or a content security policy forbids it. */
export function startNearest(): FindNearest | undefined {
  const engine = (globalThis as unknown as { WebAssembly?: Engine }).WebAssembly
  if (engine === undefined) return undefined
  try {
    const { m, f: run } = new engine.Instance(new engine.Module(moduleBytes())).exports
    const memory = new Int32Array(m.buffer)
    return (a, b) => {
      const [countA, countB] = [a.length / 8, b.length / 8]
      if (countA === 0 || countB === 0) return emptyNearest(countA, countB)
      memory.set(a, 0)
      memory.set(b, B / 4)
      memory.fill(-1, BACK / 4, BACK / 4 + countB)
      memory.fill(FAR, BACK_DISTANCE / 4, BACK_DISTANCE / 4 + countB)
      run(countA, countB)
      const part = (from: number, count: number): Int32Array => memory.slice(from / 4, from / 4 + count)
      return { index: part(INDEX, countA), distance: part(DISTANCE, countA), second: part(SECOND, countA), back: part(BACK, countB) }
    }
  } catch {
    return undefined
  }
}
