// The peer that needs no index: all codes, one behind the other, counted with SIMD in WebAssembly. It shares no code with the SDK, so its
// answers are also what recall is measured by.

/*
 * (func (export "f") (param $at i32) (param $end i32) (param $limit i32) (param $out i32) (result i32)
 *   ;; query in the first 32 bytes, read into two vectors; for each code: xor, i8x16.popcnt, added up by pairs; those within the limit have
 *   ;; their place and distance written to `out`
 * )
 */
const [AT, END_AT, LIMIT, OUT, Q0, Q1, SUM, BITS] = [0, 1, 2, 3, 4, 5, 6, 7]
const get = (local: number): number[] => [0x20, local]
const set = (local: number): number[] => [0x21, local]
const tee = (local: number): number[] => [0x22, local]
const simd = (operation: number): number[] => [0xfd, ...leb(operation)]
const load = (offset: number): number[] => [...simd(0x00), 4, ...leb(offset)]
const [XOR, POPCOUNT, ADD8, PAIRS8, PAIRS16] = [simd(0x51), simd(0x62), simd(0x6e), simd(0x7d), simd(0x7f)]
const lane = (index: number): number[] => [...simd(0x1b), index]
const constant = (value: number): number[] => [0x41, ...signedLeb(value)]

function moduleBytes(): Uint8Array<ArrayBuffer> {
  const body = [
    ...[2, 3, 0x7b, 1, 0x7f],
    ...[...constant(0), ...load(0), ...set(Q0), ...constant(0), ...load(16), ...set(Q1)],
    ...[0x03, 0x40],
    ...[...get(AT), ...load(0), ...get(Q0), ...XOR, ...POPCOUNT],
    ...[...get(AT), ...load(16), ...get(Q1), ...XOR, ...POPCOUNT],
    ...[...ADD8, ...PAIRS8, ...PAIRS16, ...set(SUM)],
    ...[...get(SUM), ...lane(0), ...get(SUM), ...lane(1), 0x6a, ...get(SUM), ...lane(2), 0x6a, ...get(SUM), ...lane(3), 0x6a],
    ...[...tee(BITS), ...get(LIMIT), 0x4d, 0x04, 0x40],
    ...[...get(OUT), ...get(AT), 0x36, 2, 0, ...get(OUT), ...get(BITS), 0x36, 2, 4],
    ...[...get(OUT), ...constant(8), 0x6a, ...set(OUT), 0x0b],
    ...[...get(AT), ...constant(32), 0x6a, ...tee(AT), ...get(END_AT), 0x49, 0x0d, 0, 0x0b],
    ...get(OUT),
    0x0b,
  ]
  const sized = [...leb(body.length), ...body]
  return Uint8Array.of(
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...[1, 9, 1, 0x60, 4, 0x7f, 0x7f, 0x7f, 0x7f, 1, 0x7f],
    ...[3, 2, 1, 0],
    ...[5, 3, 1, 0, 2],
    ...[7, 9, 2, 1, 0x6d, 2, 0, 1, 0x66, 0, 0],
    ...[10, ...leb(sized.length + 1), 1, ...sized],
  )
}

function leb(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)]
}

function signedLeb(value: number): number[] {
  return value >= -64 && value < 64 ? [value & 127] : [(value & 127) | 128, ...signedLeb(value >> 7)]
}

interface Engine {
  Module: new (bytes: Uint8Array<ArrayBuffer>) => object
  Instance: new (
    module: object,
  ) => {
    exports: { m: { buffer: ArrayBuffer; grow(pages: number): number }; f(at: number, end: number, limit: number, out: number): number }
  }
}

export interface BruteForce {
  /** Room for all codes, 32 bytes each. */
  codes: Uint8Array
  /** Places of all codes within so many bits, with their distances. */
  search(query: Uint8Array, limit: number): { place: number; distance: number }[]
}

export function createBruteForce(count: number): BruteForce {
  const { WebAssembly: engine } = globalThis as unknown as { WebAssembly: Engine }
  const { m: memory, f: run } = new engine.Instance(new engine.Module(moduleBytes())).exports
  const start = 65_536
  const most = 100_000
  const out = start + count * 32
  memory.grow(Math.ceil((out + most * 8) / 65_536) - 2)
  return {
    codes: new Uint8Array(memory.buffer, start, count * 32),
    search(query, limit) {
      new Uint8Array(memory.buffer).set(query)
      const end = run(start, out, limit, out)
      const found = new Uint32Array(memory.buffer, out, (end - out) / 4)
      return Array.from({ length: found.length / 2 }, (_, index) => ({
        place: (found[index * 2]! - start) / 32,
        distance: found[index * 2 + 1]!,
      }))
    },
  }
}
