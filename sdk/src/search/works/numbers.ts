/** Numbers of 32 bits that become more. */
export interface Numbers {
  readonly count: number
  /** The numbers, and room behind them. Changes when it has grown. */
  readonly words: Uint32Array
  push(number: number): void
  /** Makes it so many longer; what they are is written into `words`. */
  skip(count: number): void
  reserve(count: number): void
}

/** `kept`: numbers to begin with; the array is taken over. */
export function createNumbers(kept?: Uint32Array): Numbers {
  let words = kept ?? new Uint32Array(1 << 8)
  let count = kept?.length ?? 0
  function reserve(total: number): void {
    if (total <= words.length) return
    const larger = new Uint32Array(Math.max(total, Math.ceil(words.length * 1.5), 1 << 8))
    larger.set(words)
    words = larger
  }
  return {
    get count() {
      return count
    },
    get words() {
      return words
    },
    push(number) {
      if (count === words.length) reserve(count + 1)
      words[count++] = number
    },
    skip(more) {
      reserve(count + more)
      count += more
    },
    reserve,
  }
}
