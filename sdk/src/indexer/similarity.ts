import { ZERO_32 } from '../deposits/work.ts'
import type { DepositDocument } from '../document/index.ts'
import { CODE_TYPES, type CodeType, type Media } from '../fingerprint/index.ts'
import { hexToBytes } from '../hex/index.ts'
import type { IndexedWork, SimilarityIndex, WorkFeatures } from '../search/index.ts'
import type { Database } from './database/database.ts'
import type { DocumentSource } from './documents.ts'

/** Works of one pass. */
const MANY = 500
/** Most bytes of a feature file. */
const MOST_BYTES = 64 << 20
/** What is known of a work in the similarity index: what the chain says, or the features of its document as well. */
const LEVEL = { chain: 0, features: 1 }

/** Kinds of keys, as the index has them. */
const PASSAGE = 1n << 32n

const MEDIA: Record<CodeType, Media | undefined> = { 1: 'image', 2: 'text', 3: 'audio', 4: undefined, 5: 'image', 6: 'image' }
/** The codes that the similarity index compares. */
const COMPARED: readonly number[] = [1, 2]

interface Found {
  id: string
  content_hash: string
  fingerprint: string
  fingerprint_type: number
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
      `SELECT w.id, w.content_hash, w.fingerprint, w.fingerprint_type, d.document FROM works w LEFT JOIN documents d ON d.metadata = w.metadata
       WHERE NOT EXISTS (SELECT 1 FROM similar_works s WHERE s.work = w.id) ORDER BY w.block, w.log_index LIMIT ${MANY}`,
    )
    await insert(database, index, fresh, { storage, signal })
    changed += fresh.length
    if (fresh.length < MANY) break
  }
  if (storage === undefined) return changed
  // Those whose documents came later.
  const better = await database.all<Found>(
    `SELECT w.id, w.content_hash, w.fingerprint, w.fingerprint_type, d.document FROM similar_works s
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
    const document = row.document === null ? undefined : (JSON.parse(row.document) as DepositDocument)
    const keys = storage === undefined ? undefined : await passageKeys(storage, document, signal)
    // A document that is there names all the features that there are; those that are not in reach now are another matter.
    const level = document !== undefined && (keys !== undefined || document.features === undefined) ? LEVEL.features : LEVEL.chain
    works.push({ work: { id: row.id, features: featuresOfRow(row, keys) }, level })
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

function featuresOfRow(row: Found, keys: BigUint64Array | undefined): WorkFeatures {
  const media = row.fingerprint_type in CODE_TYPES ? (MEDIA[row.fingerprint_type as CodeType] ?? 'data') : 'data'
  const hasCode = COMPARED.includes(row.fingerprint_type) && row.fingerprint !== ZERO_32
  return {
    media,
    sha256: row.content_hash as `0x${string}`,
    codes: hasCode ? [hexToBytes(row.fingerprint)] : [],
    keys: media === 'text' ? (keys ?? new BigUint64Array(0)) : new BigUint64Array(0),
  }
}

/** The passages of a text from its feature file; undefined while it is not in reach. */
async function passageKeys(
  storage: DocumentSource,
  document: DepositDocument | undefined,
  signal: AbortSignal | undefined,
): Promise<BigUint64Array | undefined> {
  for (const cid of document?.features ?? []) {
    try {
      const late = AbortSignal.timeout(20_000)
      const bytes = await storage.get(cid, { limit: MOST_BYTES, signal: signal === undefined ? late : AbortSignal.any([signal, late]) })
      const file: unknown = JSON.parse(new TextDecoder().decode(bytes))
      const { type, version, features } = file as { type?: string; version?: number; features?: { passages?: { hashes?: unknown } } }
      if (type !== 'colophon-features' || version !== 1) continue
      const hashes = features?.passages?.hashes
      if (!Array.isArray(hashes)) return new BigUint64Array(0)
      const valid = hashes.filter((hash) => Number.isInteger(hash) && hash >= 0 && hash <= 0xffffffff)
      return BigUint64Array.from(new Set(valid.slice(0, 1_000_000) as number[]), (hash) => PASSAGE | BigInt(hash))
    } catch {
      signal?.throwIfAborted()
      // Not in reach, or not a feature file: the next one.
    }
  }
  return undefined
}
