import { ZERO_32 } from '../deposits/work.ts'
import { ColophonError } from '../errors/base.ts'
import type { Database, Row, Transaction } from './database/database.ts'
import type { FactTable } from './database/schema.ts'
import { CONNECT_RULINGS, factsOf } from './facts.ts'
import type { Batch } from './reading.ts'

/**
 * One transaction that moves the index on from block `expected` to `next`.
 * @throws CHAIN_CHANGED when another process has moved it meanwhile
 */
export async function inTurn<Result>(
  database: Database,
  expected: number,
  next: number,
  run: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  return await database.transaction(async (transaction) => {
    const lock = database.kind === 'postgres' ? ' FOR UPDATE' : ''
    const [found] = await transaction.all<{ value: string }>(`SELECT value FROM meta WHERE name = 'next'${lock}`)
    if (found?.value !== String(expected))
      throw new ColophonError('CHAIN_CHANGED', 'Another process writes this index too.', {
        hint: 'One is enough; both go on where the other is.',
        details: { expected, found: found?.value },
      })
    const result = await run(transaction)
    await transaction.run("UPDATE meta SET value = ? WHERE name = 'next'", [String(next)])
    return result
  })
}

/** Writes what was read. Hashes of blocks without events are forgotten once they are `final`. */
export async function writeBatch(database: Database, batch: Batch, expected: number, final: number): Promise<void> {
  const rows = new Map<FactTable, Row[]>()
  const documents = new Set<string>()
  const kept = new Set<number>()
  for (const log of batch.logs) {
    kept.add(log.blockNumber)
    for (const { table, row } of factsOf(log, { time: log.time, depositedAt: (id) => batch.depositedAt.get(id) ?? log.time })) {
      const list = rows.get(table)
      if (list === undefined) rows.set(table, [row])
      else list.push(row)
      if (table === 'works' && row.metadata !== ZERO_32) documents.add(row.metadata as string)
    }
  }
  await inTurn(database, expected, batch.to + 1, async (transaction) => {
    await transaction.insert(
      'blocks',
      // Blocks without events matter only while they can be reorganised; of the others the time is needed.
      batch.blocks.map(({ number, hash, time }) => ({ number, hash, time, kept: kept.has(number) ? 1 : 0 })),
    )
    for (const [table, list] of rows) await transaction.insert(table, list)
    if (rows.has('claim_steps')) await transaction.run(CONNECT_RULINGS)
    await transaction.insert(
      'documents',
      [...documents].map((metadata) => ({ metadata, state: 'pending', attempts: 0, retry_at: 0 })),
      { ifNew: true },
    )
    // The newest final one stays, as the floor of every reorganisation.
    await transaction.run('DELETE FROM blocks WHERE kept = 0 AND number < (SELECT MAX(number) FROM blocks WHERE number <= ?)', [final])
  })
}
