import { ColophonError } from '../errors/base.ts'
import type { ChainSource } from './chain/source.ts'
import type { Database } from './database/database.ts'
import { FACTS } from './database/schema.ts'
import { inTurn } from './writing.ts'

/**
 * Finds where the chain and the index part. Undefined where they do not, as far as can be told; else the first block to be read again.
 *
 * Only a block that the node has, and that is another one, proves a reorganisation: a node may lag behind. A block's hash stands for all
 * before it, so the last one that both have is found by halving.
 * @throws REORG_TOO_DEEP
 */
export async function findFork(
  source: ChainSource,
  database: Database,
  { next, head, start, finality }: { next: number; head: number; start: number; finality: number },
): Promise<number | undefined> {
  const known = await database.all<{ number: number; hash: string }>(
    'SELECT number, hash FROM blocks WHERE number <= ? ORDER BY number DESC LIMIT 1',
    [head],
  )
  const [newest] = known
  if (newest === undefined || (await isSame(source, newest))) return undefined
  const deep = newest.number - finality
  // The newest final block comes along: where even that one is another, this is another chain.
  const [floor] = await database.all<{ number: number }>('SELECT number FROM blocks WHERE number <= ? ORDER BY number DESC LIMIT 1', [deep])
  const candidates = await database.all<{ number: number; hash: string }>(
    'SELECT number, hash FROM blocks WHERE number <= ? AND number >= ? ORDER BY number',
    [newest.number, floor?.number ?? start],
  )
  let [low, high] = [0, candidates.length - 1]
  // Of the candidates before `low` the chain has all, from `high` on none.
  while (low < high) {
    const middle = (low + high) >> 1
    if (await isSame(source, candidates[middle]!)) low = middle + 1
    else high = middle
  }
  if (low === 0 && floor !== undefined)
    throw new ColophonError(
      'REORG_TOO_DEEP',
      `The chain is another one since block ${floor.number} or before, deeper than ${finality} blocks.`,
      {
        hint: 'Check the RPC. If the chain was begun anew, delete the index: it is built again.',
        details: { block: floor.number, next },
      },
    )
  return low === 0 ? start : candidates[low - 1]!.number + 1
}

async function isSame(source: ChainSource, { number, hash }: { number: number; hash: string }): Promise<boolean> {
  return (await source.header(number)).hash === hash
}

/** Takes back everything from a block on; gives how many events that were. */
export async function rollBack(database: Database, from: number, expected: number): Promise<number> {
  return await inTurn(database, expected, from, async (transaction) => {
    const [gone] = await transaction.all<{ count: string }>('SELECT CAST(COUNT(*) AS TEXT) AS count FROM events WHERE block >= ?', [from])
    for (const table of FACTS) await transaction.run(`DELETE FROM ${table} WHERE block >= ?`, [from])
    await transaction.run('DELETE FROM blocks WHERE number >= ?', [from])
    return Number(gone!.count)
  })
}
