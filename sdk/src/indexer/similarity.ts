import type { Hex } from '../deposits/work.ts'
import { chainFeatures, type Deposited, indexedDeposit } from '../search/deposited.ts'
import type { IndexedWork, SimilarityIndex } from '../search/index.ts'
import type { Database } from './database/database.ts'
import type { DocumentSource } from './documents.ts'

/** Works of one pass. */
const MANY = 500
/** Milliseconds for the features of one work. */
const PATIENCE = 20_000
/** What is known of a work in the similarity index: what the chain says, or the features of its document as well. */
const LEVEL = { chain: 0, features: 1 }

interface Found {
  id: Hex
  content_hash: Hex
  fingerprint: Hex
  fingerprint_type: number
  metadata: Hex
  document: string | null
}

/**
 * Lets a similarity index follow: every deposit by its file's hash and its code on the chain, and by its features as soon as they are in reach; deposits that a
 * reorganisation took back are removed. Gives how many works were changed.
 */
export async function feedSimilarity(
  database: Database,
  index: SimilarityIndex,
  { storage, signal }: { storage?: DocumentSource | undefined; signal?: AbortSignal | undefined } = {},
): Promise<number> {
  let changed = await removeGone(database, index)
  for (;;) {
    signal?.throwIfAborted()
    const fresh = await database.all<Found>(
      `SELECT w.id, w.content_hash, w.fingerprint, w.fingerprint_type, w.metadata, d.document FROM works w LEFT JOIN documents d ON d.metadata = w.metadata
       WHERE NOT EXISTS (SELECT 1 FROM similar_works s WHERE s.work = w.id) ORDER BY w.block, w.log_index LIMIT ${MANY}`,
    )
    await insert(database, index, fresh, { storage, signal })
    changed += fresh.length
    if (fresh.length < MANY) break
  }
  if (storage === undefined) return changed
  // Those whose documents came later.
  const better = await database.all<Found>(
    `SELECT w.id, w.content_hash, w.fingerprint, w.fingerprint_type, w.metadata, d.document FROM similar_works s
     JOIN works w ON w.id = s.work JOIN documents d ON d.metadata = w.metadata WHERE s.level = ${LEVEL.chain} AND d.state = 'found' LIMIT ${MANY}`,
  )
  await insert(database, index, better, { storage, signal })
  return changed + better.length
}

async function removeGone(database: Database, index: SimilarityIndex): Promise<number> {
  const gone = await database.all<{ work: string }>(
    'SELECT s.work FROM similar_works s WHERE NOT EXISTS (SELECT 1 FROM works w WHERE w.id = s.work)',
  )
  for (const { work } of gone) {
    await index.remove(work)
    await database.transaction((transaction) => transaction.run('DELETE FROM similar_works WHERE work = ?', [work]))
  }
  return gone.length
}

/** Inserting again what is there changes nothing, so a kill between the two does no harm. */
async function insert(
  database: Database,
  index: SimilarityIndex,
  found: readonly Found[],
  { storage, signal }: { storage?: DocumentSource | undefined; signal?: AbortSignal | undefined },
): Promise<void> {
  if (found.length === 0) return
  const works: { work: IndexedWork; level: number }[] = []
  for (const row of found) {
    signal?.throwIfAborted()
    works.push(await worked(row, storage, signal))
  }
  await index.insertMany(
    works.map(({ work }) => work),
    signal === undefined ? {} : { signal },
  )
  await database.transaction(async (transaction) => {
    for (const { work, level } of works)
      await transaction.run(
        'INSERT INTO similar_works (work, level) VALUES (?, ?) ON CONFLICT (work) DO UPDATE SET level = excluded.level',
        [work.id, level],
      )
  })
}

async function worked(
  { id, content_hash, fingerprint, fingerprint_type, metadata, document }: Found,
  storage: DocumentSource | undefined,
  signal: AbortSignal | undefined,
): Promise<{ work: IndexedWork; level: number }> {
  const deposit: Deposited = { id, work: { contentHash: content_hash, fingerprint, fingerprintType: fingerprint_type, metadata } }
  const byChain = { work: { id, features: chainFeatures(deposit) }, level: LEVEL.chain }
  if (storage === undefined || document === null) return byChain
  const late = AbortSignal.timeout(PATIENCE)
  try {
    const { work, fault } = await indexedDeposit(storage, deposit, signal === undefined ? late : AbortSignal.any([signal, late]))
    // Features that are of no use stay so: the same bytes come back. Those that are not in reach now are another matter.
    return { work, level: fault === undefined || fault.code === 'FEATURES_INVALID' ? LEVEL.features : LEVEL.chain }
  } catch (cause) {
    signal?.throwIfAborted()
    if (!late.aborted) throw cause
    return byChain
  }
}
