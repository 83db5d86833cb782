/** Words of a signature: each of the 380 values as two bits of which as many are set as it says, so that bits between signatures are their distance. */
const WORDS = 24
/** Speeds of the attacked film that are tried. */
const SPEEDS = [1, 1.25, 0.8]

export type Signatures = Uint32Array

export function packed(signatures: readonly string[]): Signatures {
  const words = new Uint32Array(signatures.length * WORDS)
  for (const [frame, digits] of signatures.entries()) {
    for (let value = 0; value < digits.length; value++) {
      const bits = digits[value] === '2' ? 3 : digits[value] === '1' ? 1 : 0
      words[frame * WORDS + (value >> 4)]! |= bits << (2 * (value & 15))
    }
  }
  return words
}

/** The lowest mean distance of a piece's frames from those of a film, where most of the piece lies in it: what aligning MPEG-7 signatures alone finds. */
export function alignedDistance(piece: Signatures, film: Signatures): number {
  const [count, length] = [piece.length / WORDS, film.length / WORDS]
  let best = Number.POSITIVE_INFINITY
  for (const speed of SPEEDS) {
    for (let offset = -Math.floor((count * speed) / 4); offset + count * speed * 0.75 <= length; offset++) {
      let [sum, compared] = [0, 0]
      for (let frame = 0; frame < count; frame++) {
        const place = Math.round(frame * speed) + offset
        if (place < 0 || place >= length) continue
        for (let word = 0; word < WORDS; word++) sum += ones(piece[frame * WORDS + word]! ^ film[place * WORDS + word]!)
        compared++
      }
      if (compared >= Math.max(count * 0.5, 8)) best = Math.min(best, sum / compared)
    }
  }
  return best
}

function ones(word: number): number {
  let value = word - ((word >>> 1) & 0x55555555)
  value = (value & 0x33333333) + ((value >>> 2) & 0x33333333)
  return Math.imul((value + (value >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
