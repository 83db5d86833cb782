import { readFileSync, writeFileSync } from 'node:fs'

/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const half = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
}

/** Numbers from 0 up to 1, the same for the same seed (a linear congruential generator). */
export function numbers(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
    return (state >>> 0) / 2 ** 32
  }
}

/** Replaces what stands between the markers `<!-- name -->` and `<!-- /name -->` of a page. */
export function replaceSection(page: string, name: string, content: string): void {
  const text = readFileSync(page, 'utf8')
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const from = text.indexOf(start)
  const to = text.indexOf(end)
  if (from < 0 || to < from) throw new Error(`${page} has no section between ${start} and ${end}.`)
  writeFileSync(page, `${text.slice(0, from + start.length)}\n\n${content}\n\n${text.slice(to)}`)
}
