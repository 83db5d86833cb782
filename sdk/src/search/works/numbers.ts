/** Numbers of 32 bits that become more. */
export interface Numbers {
  readonly count: number
  /** The numbers, and room behind them. Changes when it has grown. */
  readonly words: Uint32Array
  push(number: number): void
  reserve(count: number): void
}

export function createNumbers(): Numbers {
  let words = new Uint32Array(1 << 8)
  let count = 0
  function reserve(total: number): void {
    if (total <= words.length) return
    const larger = new Uint32Array(Math.max(total, Math.ceil(words.length * 1.5)))
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
    reserve,
  }
}
