/*
 * The two loops that a search spends its time in, as WebAssembly: `i64.popcnt` is one instruction of the processor, where plain JavaScript
 * needs a dozen for 32 bits.
 *
 * (module
 *   (memory (export "m") 1)
 *   ;; Codes `from` to `to` whose front is at most `limit` bits from (q0, q1): their numbers go to `out`. Stops early where there is room for fewer than four more.
 *   ;; Gives the number of the first code it has not looked at; `found` says how many it wrote.
 *   (func (export "s") (param $from i32) (param $to i32) (param $q0 i64) (param $q1 i64) (param $limit i32) (param $out i32) (param $room i32) (result i32)
 *     (local $p i32)
 *     (loop                                         ;; four at a time, with one branch that is hardly ever taken
 *       (if (i32.and (from + 4 <= to) (room >= 4))
 *         (then
 *           (p = from << 4)
 *           (if (i32.or of four times popcnt(load64(p + FRONTS) ^ q0) + popcnt(load64(p + FRONTS + 8) ^ q1) <= limit)
 *             (then four times: if it is near, store32(out) = from + i; out += 4; room -= 1))
 *           (from += 4)
 *           (br 1))))
 *     (loop                                         ;; the last three
 *       (if (i32.and (from < to) (room >= 4))
 *         (then (if it is near, as above) (from += 1) (br 1))))
 *     (global.set $end out) from)
 *   ;; Of the numbers from `at` to `to`, keeps those whose front is near; gives the end of what is kept.
 *   (func (export "k") (param $at i32) (param $to i32) (param $q0 i64) (param $q1 i64) (param $limit i32) (result i32)
 *     (local $out i32) (local $code i32)
 *     (out = at)
 *     (loop
 *       (code = load32(at))
 *       (if (… as above <= limit) (then store32(out) = code; out += 4))
 *       (at += 4)
 *       (br_if 0 (at < to)))
 *     out))
 */

/** Where the first code's front is, in bytes: behind a scratch space that numbers of codes are written to. */
export const FRONTS: number = 4 * 65_536

const get = (local: number): number[] => [0x20, local]
const set = (local: number): number[] => [0x21, local]
const tee = (local: number): number[] => [0x22, local]
const constant = (value: number): number[] => [0x41, ...signedLeb(value)]
const load64 = (offset: number): number[] => [0x29, 3, ...leb(offset)]
const load32 = (offset: number): number[] => [0x28, 2, ...leb(offset)]
const store32 = (offset: number): number[] => [0x36, 2, ...leb(offset)]
const [ADD, SUBTRACT, AND, OR, SHIFT_LEFT, LESS, AT_MOST, AT_LEAST] = [0x6a, 0x6b, 0x71, 0x72, 0x74, 0x49, 0x4d, 0x4f]
const [XOR64, POPCOUNT64, ADD64, WRAP] = [0x85, 0x7b, 0x7c, 0xa7]
const LOOP = [0x03, 0x40]
const IF = [0x04, 0x40]
const END = [0x0b]
const AGAIN_IF = [0x0d, 0]

/** `popcnt(front ^ query) <= limit` of the front `ahead` bytes behind the place. */
const isNear = (place: number[], ahead: number, q0: number, q1: number, limit: number): number[] => [
  ...[...place, ...load64(FRONTS + ahead), ...get(q0), XOR64, POPCOUNT64],
  ...[...place, ...load64(FRONTS + ahead + 8), ...get(q1), XOR64, POPCOUNT64],
  ...[ADD64, WRAP, ...get(limit), AT_MOST],
]
const placeOf = (code: number): number[] => [...get(code), ...constant(4), SHIFT_LEFT]
const step = (local: number, by: number, operation: number = ADD): number[] => [...get(local), ...constant(by), operation]

function scanBody(): number[] {
  const [FROM, TO, Q0, Q1, LIMIT, OUT, ROOM, PLACE] = [0, 1, 2, 3, 4, 5, 6, 7]
  const four = [0, 1, 2, 3]
  const near = (ahead: number): number[] => isNear(get(PLACE), ahead * 16, Q0, Q1, LIMIT)
  const put = (ahead: number): number[] => [
    ...[...near(ahead), ...IF],
    ...[...get(OUT), ...step(FROM, ahead), ...store32(0)],
    ...[...step(OUT, 4), ...set(OUT), ...step(ROOM, 1, SUBTRACT), ...set(ROOM)],
    ...END,
  ]
  const whileRoom = (size: number, body: number[]): number[] => [
    ...LOOP,
    ...[...step(FROM, size), ...get(TO), AT_MOST, ...get(ROOM), ...constant(4), AT_LEAST, AND, ...IF],
    ...[...placeOf(FROM), ...set(PLACE), ...body, ...step(FROM, size), ...set(FROM), 0x0c, 1],
    ...[...END, ...END],
  ]
  return [
    ...[1, 1, 0x7f], // place
    ...whileRoom(4, [...four.flatMap((ahead) => [...near(ahead), ...(ahead === 0 ? [] : [OR])]), ...IF, ...four.flatMap(put), ...END]),
    ...whileRoom(1, put(0)),
    ...[...get(OUT), 0x24, 0, ...get(FROM)],
    ...END,
  ]
}

function siftBody(): number[] {
  const [AT, TO, Q0, Q1, LIMIT, OUT, CODE] = [0, 1, 2, 3, 4, 5, 6]
  return [
    ...[1, 2, 0x7f], // out, code
    ...[...get(AT), ...set(OUT)],
    ...LOOP,
    ...[...get(AT), ...load32(0), ...set(CODE)],
    ...[...isNear(placeOf(CODE), 0, Q0, Q1, LIMIT), ...IF],
    ...[...get(OUT), ...get(CODE), ...store32(0), ...step(OUT, 4), ...set(OUT)],
    ...END,
    ...[...step(AT, 4), ...tee(AT), ...get(TO), LESS, ...AGAIN_IF],
    ...END,
    ...get(OUT),
    ...END,
  ]
}

/** The module, some 250 bytes. */
export function kernelBytes(): Uint8Array<ArrayBuffer> {
  const [I32, I64] = [0x7f, 0x7e]
  const section = (id: number, content: number[]): number[] => [id, ...leb(content.length), ...content]
  const sized = (body: number[]): number[] => [...leb(body.length), ...body]
  return Uint8Array.of(
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [2, 0x60, 7, I32, I32, I64, I64, I32, I32, I32, 1, I32, 0x60, 5, I32, I32, I64, I64, I32, 1, I32]), // types
    ...section(3, [2, 0, 1]), // functions
    ...section(5, [1, 1, ...leb(FRONTS / 65_536 + 1), ...leb(65_536)]), // memory
    ...section(6, [1, I32, 1, ...constant(0), ...END]), // global
    ...section(7, [4, 1, 0x6d, 2, 0, 1, 0x65, 3, 0, 1, 0x73, 0, 0, 1, 0x6b, 0, 1]), // exports: m, e, s, k
    ...section(10, [2, ...sized(scanBody()), ...sized(siftBody())]), // code
  )
}

function leb(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)]
}

function signedLeb(value: number): number[] {
  return value >= -64 && value < 64 ? [value & 127] : [(value & 127) | 128, ...signedLeb(value >> 7)]
}
