/*
 * WebAssembly written down as expressions: each function gives the bytes of one instruction behind those of its operands, as the binary format has
 * them (https://webassembly.github.io/spec/core/binary/instructions.html). So a kernel's source is what runs, and nothing has to be built.
 */

/** A vector that is the same each time; a kernel makes it once a call. */
export interface Constant {
  lanes: readonly [number, number, number, number]
}

/** Bytes of instructions, nested as they were put together. */
export type Code = readonly (number | Constant | Code)[]

/** An unsigned number in LEB128. */
export function leb(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)]
}

function signedLeb(value: number): number[] {
  return value >= -64 && value < 64 ? [value & 127] : [(value & 127) | 128, ...signedLeb(value >> 7)]
}

type Unary = (operand: Code) => Code
type Binary = (left: Code, right: Code) => Code
/** Memory is read and written `offset` bytes behind a place. */
type Load = (place: Code, offset?: number) => Code
type Store = (place: Code, value: Code, offset?: number) => Code

const unary =
  (...operation: number[]): Unary =>
  (operand) => [operand, operation]
const binary =
  (...operation: number[]): Binary =>
  (left, right) => [left, right, operation]
// The 0 promises no alignment.
const load =
  (...operation: number[]): Load =>
  (place, offset = 0) => [place, operation, 0, leb(offset)]
const store =
  (...operation: number[]): Store =>
  (place, value, offset = 0) => [place, value, operation, 0, leb(offset)]
const simd = (operation: number): number[] => [0xfd, ...leb(operation)]

interface I32 {
  const: (value: number) => Code
  load: Load
  store: Store
  add: Binary
  subtract: Binary
  multiply: Binary
  shiftLeft: Binary
  /** Unsigned. */
  below: Binary
}

export const i32: I32 = {
  const: (value) => [0x41, signedLeb(value)],
  load: load(0x28),
  store: store(0x36),
  add: binary(0x6a),
  subtract: binary(0x6b),
  multiply: binary(0x6c),
  shiftLeft: binary(0x74),
  below: binary(0x49),
}

interface V128 {
  load: Load
  store: Store
  /** Eight bytes as eight numbers of 16 bits. */
  loadBytes: Load
  /** One number in all lanes. */
  load32Splat: Load
  load64Splat: Load
  /** One number in the lowest lane, 0 in the others. */
  load32Zero: Load
  load64Zero: Load
  /** The vector with memory's 64 bits in lane 0 or 1. */
  load64Lane: (place: Code, into: Code, lane: number, offset?: number) => Code
  store64Lane: (place: Code, from: Code, lane: number, offset?: number) => Code
  store32Lane: (place: Code, from: Code, lane: number, offset?: number) => Code
  store8Lane: (place: Code, from: Code, lane: number, offset?: number) => Code
  const32: (...lanes: readonly [number, number, number, number]) => Code
  /** Bytes 0 to 31 of both vectors, one after the other. */
  shuffle: (left: Code, right: Code, bytes: readonly number[]) => Code
  and: Binary
  or: Binary
  xor: Binary
}

export const v128: V128 = {
  load: load(...simd(0x00)),
  store: store(...simd(0x0b)),
  loadBytes: load(...simd(0x02)),
  load32Splat: load(...simd(0x09)),
  load64Splat: load(...simd(0x0a)),
  load32Zero: load(...simd(0x5c)),
  load64Zero: load(...simd(0x5d)),
  load64Lane: (place, into, lane, offset = 0) => [place, into, simd(0x57), 0, leb(offset), lane],
  store64Lane: (place, from, lane, offset = 0) => [place, from, simd(0x5b), 0, leb(offset), lane],
  store32Lane: (place, from, lane, offset = 0) => [place, from, simd(0x5a), 0, leb(offset), lane],
  store8Lane: (place, from, lane, offset = 0) => [place, from, simd(0x58), 0, leb(offset), lane],
  const32: (...lanes) => [{ lanes }],
  shuffle: (left, right, bytes) => [left, right, simd(0x0d), [...bytes]],
  and: binary(...simd(0x4e)),
  or: binary(...simd(0x50)),
  xor: binary(...simd(0x51)),
}

interface I8x16 {
  narrowUnsigned: Binary
  /** The bytes whose numbers the right one gives; 0 for numbers from 16. */
  swizzle: Binary
}

export const i8x16: I8x16 = { narrowUnsigned: binary(...simd(0x66)), swizzle: binary(...simd(0x0e)) }

interface I16x8 {
  add: Binary
  narrow: Binary
  addPairsOfBytes: Unary
}

export const i16x8: I16x8 = { add: binary(...simd(0x8e)), narrow: binary(...simd(0x85)), addPairsOfBytes: unary(...simd(0x7d)) }

interface I32x4 {
  splat: Unary
  add: Binary
  subtract: Binary
  multiply: Binary
  shiftLeft: Binary
  shiftRight: Binary
  shiftRightUnsigned: Binary
  belowUnsigned: Binary
  /** Sums of products of neighbouring pairs of signed numbers of 16 bits. */
  dot: Binary
  /** Sums of neighbouring pairs of unsigned numbers of 16 bits. */
  addPairsUnsigned: Unary
}

export const i32x4: I32x4 = {
  splat: unary(...simd(0x11)),
  add: binary(...simd(0xae)),
  subtract: binary(...simd(0xb1)),
  multiply: binary(...simd(0xb5)),
  shiftLeft: binary(...simd(0xab)),
  shiftRight: binary(...simd(0xac)),
  shiftRightUnsigned: binary(...simd(0xad)),
  belowUnsigned: binary(...simd(0x3a)),
  dot: binary(...simd(0xba)),
  addPairsUnsigned: unary(...simd(0x7f)),
}

interface F32x4 {
  splat: Unary
  add: Binary
  subtract: Binary
  divide: Binary
  fromI32: Unary
  /** Of two, to the lower lanes. */
  fromF64: Unary
}

export const f32x4: F32x4 = {
  splat: unary(...simd(0x13)),
  add: binary(...simd(0xe4)),
  subtract: binary(...simd(0xe5)),
  divide: binary(...simd(0xe7)),
  fromI32: unary(...simd(0xfa)),
  fromF64: unary(...simd(0x5e)),
}

interface F64x2 {
  splat: Unary
  add: Binary
  subtract: Binary
  multiply: Binary
  divide: Binary
  /** Of the lower two of four lanes. */
  fromLowF32: Unary
  /** Of the lower two of eight lanes, signed. */
  fromLowI16: Unary
}

export const f64x2: F64x2 = {
  splat: unary(...simd(0x14)),
  add: binary(...simd(0xf0)),
  subtract: binary(...simd(0xf1)),
  multiply: binary(...simd(0xf2)),
  divide: binary(...simd(0xf3)),
  fromLowF32: unary(...simd(0x5f)),
  fromLowI16: unary(...simd(0xa7), ...simd(0xfe)),
}

/** Puts a constant on the stack. */
export const bytesOf = ({ lanes }: Constant): Code => [
  simd(0x0c),
  lanes.flatMap((lane) => [lane & 255, (lane >>> 8) & 255, (lane >>> 16) & 255, lane >>> 24]),
]

/** A parameter or local of a function; as code it reads it. */
export type Local = readonly [0x20, number]

export const set = ([, index]: Local, value: Code): Code => [value, 0x21, leb(index)]
/** Sets the local and gives the value on. */
export const tee = ([, index]: Local, value: Code): Code => [value, 0x22, leb(index)]

/** Runs the body while `counter` is below `limit`, raising it by `step` after each time: at least once. */
export const count = (counter: Local, step: number, limit: Code, ...body: Code[]): Code => [
  [0x03, 0x40, body],
  [i32.below(tee(counter, i32.add(counter, i32.const(step))), limit), 0x0d, 0, 0x0b],
]

/** The same, but not even once where `counter` is not below `limit` to begin with. */
export const countIfAny = (counter: Local, step: number, limit: Code, ...body: Code[]): Code => [
  [i32.below(counter, limit), 0x04, 0x40],
  count(counter, step, limit, ...body),
  0x0b,
]

export const when = (condition: Code, ...body: Code[]): Code => [condition, 0x04, 0x40, body, 0x0b]
