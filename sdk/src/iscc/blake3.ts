import { type HashChunks, LANE_BYTES, LANES, loadHashChunks } from './blake3Chunks.ts'

const BLOCK = 64
const CHUNK = 1024

const CHUNK_START = 1
const CHUNK_END = 2
const PARENT = 4
const ROOT = 8

const IV: Int32Array = Int32Array.of(
  0x6a09e667 | 0,
  0xbb67ae85 | 0,
  0x3c6ef372 | 0,
  0xa54ff53a | 0,
  0x510e527f | 0,
  0x9b05688c | 0,
  0x1f83d9ab | 0,
  0x5be0cd19 | 0,
)

/** BLAKE3 with its default output of 32 bytes, fed piece by piece. */
export interface Blake3 {
  update(bytes: Uint8Array): void
  /** Digest of everything so far. More may follow. */
  digest(): Uint8Array<ArrayBuffer>
}

/**
 * A BLAKE3 hasher in the plain (unkeyed) mode. It holds one block and one chaining value a level of the tree.
 *
 * Our own because the standard hashes whole files with it: the rounds are written out on local variables, which is several
 * times as fast in a JavaScript engine as loops over tables.
 */
export function createBlake3(hashChunks: HashChunks | null = loadHashChunks(IV)): Blake3 {
  const block = new Uint8Array(BLOCK)
  const blockView = new DataView(block.buffer)
  /** Chaining values of whole subtrees, largest first; bit i of the number of chunks says whether there is one of 2^i chunks. */
  const stack: Int32Array[] = []
  const state: Int32Array = IV.slice()
  let held = 0
  let blocksInChunk = 0
  let chunks = 0

  /** Takes the chaining value of a whole chunk, with more input behind it: merges every subtree that it completes. */
  const addChunk = (chunk: Int32Array): void => {
    let value = chunk
    chunks++
    for (let total = chunks; total % 2 === 0; total /= 2) value = parent(stack.pop()!, value, 0)
    stack.push(value)
  }

  /** Compresses a block that is known not to be the last of the input. */
  const absorb = (view: DataView, at: number): void => {
    const last = blocksInChunk === CHUNK / BLOCK - 1
    compress(state, state, view, at, BLOCK, chunks, (blocksInChunk === 0 ? CHUNK_START : 0) | (last ? CHUNK_END : 0))
    blocksInChunk++
    if (!last) return
    addChunk(state.slice())
    state.set(IV)
    blocksInChunk = 0
  }

  return {
    update(bytes) {
      let at = 0
      if (held > 0 || bytes.length <= BLOCK) {
        const taken = Math.min(BLOCK - held, bytes.length)
        block.set(bytes.subarray(0, taken), held)
        held += taken
        at = taken
        // A full block waits until there is more: only then it is not the last.
        if (at === bytes.length) return
        absorb(blockView, 0)
        held = 0
      }
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      const end = bytes.length - BLOCK
      while (at < end) {
        if (hashChunks !== null && blocksInChunk === 0 && chunks % LANES === 0 && bytes.length - at > LANE_BYTES) {
          for (const chunk of hashChunks(bytes.subarray(at, at + LANE_BYTES), chunks)) addChunk(chunk)
          at += LANE_BYTES
        } else {
          absorb(view, at)
          at += BLOCK
        }
      }
      block.set(bytes.subarray(at))
      held = bytes.length - at
    },
    digest() {
      const padded = new Uint8Array(BLOCK)
      padded.set(block.subarray(0, held))
      const lone = stack.length === 0
      const flags = (blocksInChunk === 0 ? CHUNK_START : 0) | CHUNK_END | (lone ? ROOT : 0)
      let value: Int32Array = new Int32Array(8)
      compress(value, state, new DataView(padded.buffer), 0, held, chunks, flags)
      for (let i = stack.length - 1; i >= 0; i--) value = parent(stack[i]!, value, i === 0 ? ROOT : 0)
      return littleEndian(value)
    },
  }
}

/** BLAKE3 digest (32 bytes) of `bytes`. */
export function blake3(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const hash = createBlake3()
  hash.update(bytes)
  return hash.digest()
}

function littleEndian(words: Int32Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(words.length * 4)
  const view = new DataView(bytes.buffer)
  for (let i = 0; i < words.length; i++) view.setInt32(i * 4, words[i]!, true)
  return bytes
}

const pair: DataView = /* @__PURE__ */ new DataView(new ArrayBuffer(BLOCK))

function parent(left: Int32Array, right: Int32Array, flags: number): Int32Array {
  for (let i = 0; i < 8; i++) {
    pair.setInt32(i * 4, left[i]!, true)
    pair.setInt32(32 + i * 4, right[i]!, true)
  }
  const out = new Int32Array(8)
  compress(out, IV, pair, 0, BLOCK, 0, flags | PARENT)
  return out
}

/**
 * The compression function on the block at `view[at, at + 64)`; writes the chaining value to `out`, which may be `chaining`.
 *
 * @param counter - number of the chunk, below 2^53
 */
function compress(out: Int32Array, chaining: Int32Array, view: DataView, at: number, size: number, counter: number, flags: number): void {
  let m0 = view.getInt32(at, true)
  let m1 = view.getInt32(at + 4, true)
  let m2 = view.getInt32(at + 8, true)
  let m3 = view.getInt32(at + 12, true)
  let m4 = view.getInt32(at + 16, true)
  let m5 = view.getInt32(at + 20, true)
  let m6 = view.getInt32(at + 24, true)
  let m7 = view.getInt32(at + 28, true)
  let m8 = view.getInt32(at + 32, true)
  let m9 = view.getInt32(at + 36, true)
  let m10 = view.getInt32(at + 40, true)
  let m11 = view.getInt32(at + 44, true)
  let m12 = view.getInt32(at + 48, true)
  let m13 = view.getInt32(at + 52, true)
  let m14 = view.getInt32(at + 56, true)
  let m15 = view.getInt32(at + 60, true)
  let v0 = chaining[0]!
  let v1 = chaining[1]!
  let v2 = chaining[2]!
  let v3 = chaining[3]!
  let v4 = chaining[4]!
  let v5 = chaining[5]!
  let v6 = chaining[6]!
  let v7 = chaining[7]!
  let v8 = IV[0]!
  let v9 = IV[1]!
  let v10 = IV[2]!
  let v11 = IV[3]!
  let v12 = counter | 0
  let v13 = (counter / 0x1_0000_0000) | 0
  let v14 = size
  let v15 = flags
  for (let round = 0; ; round++) {
    v0 = (v0 + v4 + m0) | 0
    v12 ^= v0
    v12 = (v12 >>> 16) | (v12 << 16)
    v8 = (v8 + v12) | 0
    v4 ^= v8
    v4 = (v4 >>> 12) | (v4 << 20)
    v0 = (v0 + v4 + m1) | 0
    v12 ^= v0
    v12 = (v12 >>> 8) | (v12 << 24)
    v8 = (v8 + v12) | 0
    v4 ^= v8
    v4 = (v4 >>> 7) | (v4 << 25)
    v1 = (v1 + v5 + m2) | 0
    v13 ^= v1
    v13 = (v13 >>> 16) | (v13 << 16)
    v9 = (v9 + v13) | 0
    v5 ^= v9
    v5 = (v5 >>> 12) | (v5 << 20)
    v1 = (v1 + v5 + m3) | 0
    v13 ^= v1
    v13 = (v13 >>> 8) | (v13 << 24)
    v9 = (v9 + v13) | 0
    v5 ^= v9
    v5 = (v5 >>> 7) | (v5 << 25)
    v2 = (v2 + v6 + m4) | 0
    v14 ^= v2
    v14 = (v14 >>> 16) | (v14 << 16)
    v10 = (v10 + v14) | 0
    v6 ^= v10
    v6 = (v6 >>> 12) | (v6 << 20)
    v2 = (v2 + v6 + m5) | 0
    v14 ^= v2
    v14 = (v14 >>> 8) | (v14 << 24)
    v10 = (v10 + v14) | 0
    v6 ^= v10
    v6 = (v6 >>> 7) | (v6 << 25)
    v3 = (v3 + v7 + m6) | 0
    v15 ^= v3
    v15 = (v15 >>> 16) | (v15 << 16)
    v11 = (v11 + v15) | 0
    v7 ^= v11
    v7 = (v7 >>> 12) | (v7 << 20)
    v3 = (v3 + v7 + m7) | 0
    v15 ^= v3
    v15 = (v15 >>> 8) | (v15 << 24)
    v11 = (v11 + v15) | 0
    v7 ^= v11
    v7 = (v7 >>> 7) | (v7 << 25)
    v0 = (v0 + v5 + m8) | 0
    v15 ^= v0
    v15 = (v15 >>> 16) | (v15 << 16)
    v10 = (v10 + v15) | 0
    v5 ^= v10
    v5 = (v5 >>> 12) | (v5 << 20)
    v0 = (v0 + v5 + m9) | 0
    v15 ^= v0
    v15 = (v15 >>> 8) | (v15 << 24)
    v10 = (v10 + v15) | 0
    v5 ^= v10
    v5 = (v5 >>> 7) | (v5 << 25)
    v1 = (v1 + v6 + m10) | 0
    v12 ^= v1
    v12 = (v12 >>> 16) | (v12 << 16)
    v11 = (v11 + v12) | 0
    v6 ^= v11
    v6 = (v6 >>> 12) | (v6 << 20)
    v1 = (v1 + v6 + m11) | 0
    v12 ^= v1
    v12 = (v12 >>> 8) | (v12 << 24)
    v11 = (v11 + v12) | 0
    v6 ^= v11
    v6 = (v6 >>> 7) | (v6 << 25)
    v2 = (v2 + v7 + m12) | 0
    v13 ^= v2
    v13 = (v13 >>> 16) | (v13 << 16)
    v8 = (v8 + v13) | 0
    v7 ^= v8
    v7 = (v7 >>> 12) | (v7 << 20)
    v2 = (v2 + v7 + m13) | 0
    v13 ^= v2
    v13 = (v13 >>> 8) | (v13 << 24)
    v8 = (v8 + v13) | 0
    v7 ^= v8
    v7 = (v7 >>> 7) | (v7 << 25)
    v3 = (v3 + v4 + m14) | 0
    v14 ^= v3
    v14 = (v14 >>> 16) | (v14 << 16)
    v9 = (v9 + v14) | 0
    v4 ^= v9
    v4 = (v4 >>> 12) | (v4 << 20)
    v3 = (v3 + v4 + m15) | 0
    v14 ^= v3
    v14 = (v14 >>> 8) | (v14 << 24)
    v9 = (v9 + v14) | 0
    v4 ^= v9
    v4 = (v4 >>> 7) | (v4 << 25)
    if (round === 6) break
    const t0 = m0
    m0 = m2
    m2 = m3
    m3 = m10
    m10 = m12
    m12 = m9
    m9 = m11
    m11 = m5
    m5 = t0
    const t1 = m1
    m1 = m6
    m6 = m4
    m4 = m7
    m7 = m13
    m13 = m14
    m14 = m15
    m15 = m8
    m8 = t1
  }
  out[0] = v0 ^ v8
  out[1] = v1 ^ v9
  out[2] = v2 ^ v10
  out[3] = v3 ^ v11
  out[4] = v4 ^ v12
  out[5] = v5 ^ v13
  out[6] = v6 ^ v14
  out[7] = v7 ^ v15
}
