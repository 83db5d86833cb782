/** A contract with one guard taken out. */
export interface Mutant {
  /** What the guard ensures. */
  guard: string
  file: string
  from: string | RegExp
  to: string
  /** Which occurrence of `from`, counted from 0; absent if there is exactly one. */
  nth?: number
}

/** The source with the guard taken out; throws when the guard is not there, so that the list cannot go stale. */
export function mutate(source: string, { guard, from, to, nth }: Mutant): string {
  const pattern =
    typeof from === 'string' ? new RegExp(from.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/ /g, '\\s+'), 'g') : new RegExp(from, 'g')
  const found = [...source.matchAll(pattern)]
  const match = nth === undefined && found.length === 1 ? found[0] : found[nth ?? -1]
  if (match === undefined) throw new Error(`${guard}: found ${found.length} times, say which`)
  return source.slice(0, match.index) + to + source.slice(match.index + match[0].length)
}
