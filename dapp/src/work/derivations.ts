import type { Hex } from '@colophon/sdk'

/** That one work was made from another. */
export interface Derivation {
  from: Hex
  to: Hex
  /** What part of the newer work's revenue goes to the older, in percent; undefined where only a document says that it was made from it. */
  percent: number | undefined
  /** On what that rests: registered for ever, agreed to by a license or by whoever holds the rights, or only said by a document. */
  basis: 'registered' | 'license' | 'holder' | 'document'
}

/** A work around another: on level 0 the work itself, below zero what it was made from, above what was made from it. */
export interface Kin {
  id: Hex
  level: number
}

const FURTHEST = 3
const RANK: Record<Derivation['basis'], number> = { document: 0, holder: 1, license: 2, registered: 3 }

/** One of two that say the same: what the chain says goes before what a document says. */
export function merged(derivations: readonly Derivation[]): Derivation[] {
  const known = new Map<string, Derivation>()
  for (const each of derivations) {
    const key = `${each.from} ${each.to}`
    const before = known.get(key)
    if (each.from !== each.to && (before === undefined || RANK[each.basis] > RANK[before.basis])) known.set(key, each)
  }
  return [...known.values()]
}

/** The works that a work comes from and that come from it, three steps away at most, each once, by level and then in their order. */
export function kinOf(workId: Hex, derivations: readonly Derivation[]): { kin: Kin[]; links: Derivation[] } {
  const levels = new Map<Hex, number>([[workId, 0]])
  for (const step of [-1, 1]) {
    let edge: Hex[] = [workId]
    for (let level = step; edge.length > 0 && Math.abs(level) <= FURTHEST; level += step) {
      const next = derivations
        .filter(({ from, to }) => edge.includes(step < 0 ? to : from))
        .map(({ from, to }) => (step < 0 ? from : to))
        // Whoever cites in a circle is drawn where it was met first.
        .filter((id) => !levels.has(id))
      edge = [...new Set(next)]
      for (const id of edge) levels.set(id, level)
    }
  }
  const kin = [...levels].map(([id, level]) => ({ id, level })).sort((a, b) => a.level - b.level)
  return { kin, links: derivations.filter(({ from, to }) => levels.has(from) && levels.has(to)) }
}
