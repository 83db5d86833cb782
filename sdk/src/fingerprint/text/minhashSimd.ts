/**
 * Lowers each entry to the least that its function makes of the first `count` runs, 1 to 2,048.
 *
 * @param least - 128 entries
 * @param functions - 128 multipliers, then 128 offsets
 */
export type Lowering = (least: Uint32Array, functions: Int32Array, runs: Int32Array, count: number) => void

const ENTRIES = 128
const MOST_RUNS = 2048

/** Where things are in memory, in bytes: runs, multipliers with offsets behind them, and four lanes of minimum for each entry. */
const MULTIPLIERS = MOST_RUNS * 4
const OFFSETS = MULTIPLIERS + ENTRIES * 4
const LEAST = OFFSETS + ENTRIES * 4

/*
 * (module
 *   (memory (export "m") 1)
 *   (func (export "f") (param $bytes i32)
 *     (local $at i32) (local $entry i32) (local $a v128) (local $b v128) (local $c v128) (local $least v128) (local $hash v128)
 *     ;; c = splat(0x2c1b3c6d)
 *     (loop                                       ;; entry = 0, 4, … 508
 *       ;; a = load32_splat MULTIPLIERS(entry), b = load32_splat OFFSETS(entry), least = load LEAST(entry * 4), at = 0
 *       (loop
 *         ;; twice, 16 bytes apart:
 *         ;; hash = load(at) * a + b
 *         ;; hash = (hash ^ (hash >>> 15)) * c
 *         ;; least = min_u(least, hash ^ (hash >>> 13))
 *         (br_if 0 (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 32))) (local.get $bytes))))
 *       ;; store LEAST(entry * 4) = least
 *       (br_if 0 (i32.lt_u (local.tee $entry (i32.add (local.get $entry) (i32.const 4))) (i32.const 512))))))
 */
const [BYTES, AT, ENTRY, A, B, C, MINIMUM, HASH] = [0, 1, 2, 3, 4, 5, 6, 7]
const get = (local: number): number[] => [0x20, local]
const set = (local: number): number[] => [0x21, local]
const tee = (local: number): number[] => [0x22, local]
const constant = (value: number): number[] => [0x41, ...signedLeb(value)]
const simd = (operation: number): number[] => [0xfd, ...leb(operation)]
const access = (operation: number, align: number, offset: number): number[] => [...simd(operation), align, ...leb(offset)]

const SPLAT = simd(0x11)
const XOR = simd(0x51)
const SHIFT_RIGHT = simd(0xad)
const ADD = simd(0xae)
const MULTIPLY = simd(0xb5)
const LEAST_UNSIGNED = simd(0xb7)
const load = (offset: number): number[] => access(0x00, 4, offset)
const loadSplat = (offset: number): number[] => access(0x09, 2, offset)
const store = (offset: number): number[] => access(0x0b, 4, offset)

const lowerBy = (offset: number): number[] => [
  ...[...get(AT), ...load(offset), ...get(A), ...MULTIPLY, ...get(B), ...ADD, ...tee(HASH)],
  ...[...get(HASH), ...constant(15), ...SHIFT_RIGHT, ...XOR, ...get(C), ...MULTIPLY, ...tee(HASH)],
  ...[...get(HASH), ...constant(13), ...SHIFT_RIGHT, ...XOR, ...get(MINIMUM), ...LEAST_UNSIGNED, ...set(MINIMUM)],
]

/** `counter += step`, and again from the start of the loop while it is below `limit`; the loop ends. */
const advance = (counter: number, step: number, limit: number[]): number[] => [
  ...[...get(counter), ...constant(step), 0x6a, ...tee(counter), ...limit, 0x49, 0x0d, 0, 0x0b],
]
const LOOP = [0x03, 0x40]
const fourTimesEntry = [...get(ENTRY), ...constant(2), 0x74]

function moduleBytes(): Uint8Array<ArrayBuffer> {
  const body = [
    ...[2, 2, 0x7f, 5, 0x7b], // locals
    ...[...constant(0x2c1b3c6d), ...SPLAT, ...set(C)],
    ...LOOP,
    ...[...get(ENTRY), ...loadSplat(MULTIPLIERS), ...set(A), ...get(ENTRY), ...loadSplat(OFFSETS), ...set(B)],
    ...[...fourTimesEntry, ...load(LEAST), ...set(MINIMUM), ...constant(0), ...set(AT)],
    ...[...LOOP, ...lowerBy(0), ...lowerBy(16), ...advance(AT, 32, get(BYTES))],
    ...[...fourTimesEntry, ...get(MINIMUM), ...store(LEAST)],
    ...advance(ENTRY, 4, constant(ENTRIES * 4)),
    0x0b,
  ]
  const sized = [...leb(body.length), ...body]
  return Uint8Array.of(
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...[1, 5, 1, 0x60, 1, 0x7f, 0], // type
    ...[3, 2, 1, 0], // function
    ...[5, 3, 1, 0, 1], // memory
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

let lowering: Lowering | null | undefined

/**
 * The vector code, some 200 bytes of WebAssembly that start at the first call. Undefined where there is no WebAssembly with SIMD or a
 * content security policy forbids it.
 */
export function loadLowering(): Lowering | undefined {
  if (lowering === undefined) {
    try {
      lowering = start()
    } catch {
      lowering = null
    }
  }
  return lowering ?? undefined
}

/** What is used of the global `WebAssembly`, which neither ECMAScript's nor every host's types have. */
interface Engine {
  Module: new (bytes: Uint8Array<ArrayBuffer>) => object
  Instance: new (module: object) => { exports: { m: { buffer: ArrayBuffer }; f: (bytes: number) => void } }
}

function start(): Lowering | null {
  const engine = (globalThis as unknown as { WebAssembly?: Engine }).WebAssembly
  if (engine === undefined) return null
  const { m, f: run } = new engine.Instance(new engine.Module(moduleBytes())).exports
  const memory = new Int32Array(m.buffer)
  const lanes = new Uint32Array(m.buffer, LEAST, ENTRIES * 4)
  return (least, functions, runs, count) => {
    memory.set(runs.subarray(0, count))
    // The loop takes eight runs at a time; the last one again and again lowers nothing.
    const end = Math.ceil(count / 8) * 8
    memory.fill(runs[count - 1]!, count, end)
    memory.set(functions, MULTIPLIERS / 4)
    for (let entry = 0; entry < ENTRIES; entry++) lanes.fill(least[entry]!, entry * 4, entry * 4 + 4)
    run(end * 4)
    for (let entry = 0, lane = 0; entry < ENTRIES; entry++, lane += 4) {
      least[entry] = Math.min(lanes[lane]!, lanes[lane + 1]!, lanes[lane + 2]!, lanes[lane + 3]!)
    }
  }
}
