/** Counts the set bits of equally long digests. */
export interface SimHash {
  add(digest: Uint8Array): void
  /** Bits that at least half of the digests have; all zero if there were none. */
  digest(): Uint8Array<ArrayBuffer>
}

/** The standard's simhash over digests of `size` bytes. */
export function createSimHash(size: number): SimHash {
  const votes = new Float64Array(size * 8)
  let count = 0
  return {
    add(digest) {
      for (let i = 0; i < size; i++) {
        const byte = digest[i]!
        const at = i * 8
        for (let bit = 0; bit < 8; bit++) votes[at + bit]! += (byte >>> (7 - bit)) & 1
      }
      count++
    },
    digest() {
      const out = new Uint8Array(size)
      if (count === 0) return out
      for (let i = 0; i < votes.length; i++) {
        if (votes[i]! * 2 >= count) out[i >>> 3]! |= 0x80 >>> (i & 7)
      }
      return out
    },
  }
}

/** Simhash of equally long digests. */
export function simHash(digests: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const hash = createSimHash(digests[0]?.length ?? 0)
  for (const digest of digests) hash.add(digest)
  return hash.digest()
}
