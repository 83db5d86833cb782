import { getAddress } from 'ethers'
import type { Bytes32, Hex } from '../../deposits/work.ts'
import { invalidInput, wordOf } from '../../input/input.ts'
import type { Reader } from '../database/database.ts'

/** One work that is derived from another. */
export interface DerivativeEdge {
  child: Hex
  parent: Hex
  /** Percent of the child's gross revenue that the parent is owed. */
  sharePercent: number
  /** Who agreed for the parent. */
  grantor: string
}

/** A work with all that it comes from and all that comes from it. */
export interface DerivativeGraph {
  /** Ids of all works in it, the one asked for first. */
  works: Hex[]
  edges: DerivativeEdge[]
  /** Whether there is more than was asked for. */
  isCut: boolean
}

export interface DerivativesQuery {
  /** `'both'` by default. */
  direction?: 'ancestors' | 'descendants' | 'both'
  /** Generations each way; 10 by default, 100 at most. */
  depth?: number
  /** Most edges; 1,000 by default, 10,000 at most. */
  limit?: number
}

/** Ids asked for at once. */
const MANY = 200

/** The works around a work. @throws INVALID_INPUT naming the field */
export async function derivativeGraph(reader: Reader, workId: Bytes32, query: DerivativesQuery = {}): Promise<DerivativeGraph> {
  const { direction = 'both', depth = 10, limit = 1_000 } = query
  if (!['ancestors', 'descendants', 'both'].includes(direction))
    throw invalidInput('direction', direction, 'ancestors, descendants or both')
  if (!Number.isInteger(depth) || depth < 1 || depth > 100) throw invalidInput('depth', depth, 'a whole number from 1 to 100')
  if (!Number.isInteger(limit) || limit < 1 || limit > 10_000) throw invalidInput('limit', limit, 'a whole number from 1 to 10,000')
  const root = wordOf('workId', workId)
  const edges = new Map<string, DerivativeEdge>()
  const works = new Set<Hex>([root])
  let isCut = false

  async function walk(from: 'child' | 'parent', to: 'parent' | 'child'): Promise<void> {
    let generation: Hex[] = [root]
    // Only what this direction has met: a work may be reached from both sides.
    const met = new Set<Hex>(generation)
    for (let step = 0; step < depth && generation.length > 0; step++) {
      const next: Hex[] = []
      for (let at = 0; at < generation.length; at += MANY) {
        const part = generation.slice(at, at + MANY)
        const rows = await reader.all<{ child: Hex; parent: Hex; share: number; grantor: string }>(
          `SELECT child, parent, share, grantor FROM derivatives WHERE ${from} IN (${part.map(() => '?').join(', ')})
           ORDER BY block, log_index, number LIMIT ?`,
          [...part, limit + 1],
        )
        for (const { child, parent, share, grantor } of rows) {
          const key = `${child} ${parent}`
          if (!edges.has(key)) {
            if (edges.size >= limit) {
              isCut = true
              return
            }
            edges.set(key, { child, parent, sharePercent: share / 10_000, grantor: getAddress(grantor) })
          }
          const found = to === 'child' ? child : parent
          works.add(found)
          if (!met.has(found)) next.push(found)
          met.add(found)
        }
      }
      generation = next
    }
    if (generation.length > 0) {
      const part = generation.slice(0, MANY)
      const [more] = await reader.all(
        `SELECT 1 AS there FROM derivatives WHERE ${from} IN (${part.map(() => '?').join(', ')}) LIMIT 1`,
        part,
      )
      if (more !== undefined) isCut = true
    }
  }

  if (direction !== 'descendants') await walk('child', 'parent')
  if (direction !== 'ancestors') await walk('parent', 'child')
  return { works: [...works], edges: [...edges.values()], isCut }
}
