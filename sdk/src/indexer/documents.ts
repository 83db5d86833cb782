import { type DepositDocument, decodeDocument } from '../document/index.ts'
import { ColophonError } from '../errors/base.ts'
import { hexToBytes } from '../hex/index.ts'
import { digestToCid, type Storage } from '../storage/index.ts'
import type { Database } from './database/database.ts'
import { nameKey, wordsOf } from './words.ts'

/** What of the storage is used: any of the SDK's, or a gateway. */
export type DocumentSource = Pick<Storage, 'get'>

export interface DocumentsOptions {
  /** Documents asked for at once; 8 by default. */
  atOnce?: number
  /** Milliseconds for one document; 20,000 by default. */
  timeout?: number
  signal?: AbortSignal | undefined
}

/** What one pass found. */
export interface DocumentsReport {
  found: number
  /** Not to be had now; asked for again later. */
  missing: number
  /** Bytes that are no deposit document; never asked for again, since the same bytes come back. */
  invalid: number
}

/** Seconds before a missing document is asked for again: doubled each time, at most a day. */
const FIRST_RETRY = 30
const LAST_RETRY = 86_400
/** Most documents of one pass. */
const MANY = 200

/** Asks for documents that are due. What is missing stops nothing. */
export async function fetchDocuments(
  database: Database,
  storage: DocumentSource,
  options: DocumentsOptions = {},
): Promise<DocumentsReport> {
  const { atOnce = 8, timeout = 20_000, signal } = options
  const now = Math.floor(Date.now() / 1000)
  const due = await database.all<{ metadata: string; attempts: number }>(
    "SELECT metadata, attempts FROM documents WHERE state = 'pending' AND retry_at <= ? ORDER BY retry_at, metadata LIMIT ?",
    [now, MANY],
  )
  const report: DocumentsReport = { found: 0, missing: 0, invalid: 0 }
  for (let from = 0; from < due.length; from += atOnce) {
    signal?.throwIfAborted()
    const read = await Promise.all(
      due.slice(from, from + atOnce).map(async (row) => ({ ...row, ...(await readDocument(storage, row.metadata, timeout, signal)) })),
    )
    signal?.throwIfAborted()
    await database.transaction(async (transaction) => {
      for (const { metadata, attempts, state, document } of read) {
        report[state === 'pending' ? 'missing' : state] += 1
        const wait = Math.min(LAST_RETRY, FIRST_RETRY * 2 ** Math.min(attempts, 12))
        await transaction.run(
          'UPDATE documents SET state = ?, attempts = ?, retry_at = ?, title = ?, media = ?, document = ? WHERE metadata = ?',
          [
            state,
            attempts + 1,
            state === 'pending' ? now + wait : 0,
            document?.title ?? null,
            document === undefined ? null : mediaOf(document.media.type),
            document === undefined ? null : JSON.stringify(document),
            metadata,
          ],
        )
        if (document === undefined) continue
        const words = wordsOf(document.title).map((word) => ({ word, metadata }))
        await transaction.insert('words', words, { ifNew: true })
        const names = new Set(document.creators.map((creator) => nameKey(creator.name)))
        await transaction.insert(
          'creators',
          [...names].map((name) => ({ name, metadata })),
          { ifNew: true },
        )
      }
    })
  }
  return report
}

async function readDocument(
  storage: DocumentSource,
  metadata: string,
  timeout: number,
  signal: AbortSignal | undefined,
): Promise<{ state: 'found' | 'pending' | 'invalid'; document?: DepositDocument }> {
  const cid = digestToCid(hexToBytes(metadata))
  const late = AbortSignal.timeout(timeout)
  let bytes: Uint8Array
  try {
    bytes = await storage.get(cid, { signal: signal === undefined ? late : AbortSignal.any([signal, late]) })
  } catch (fault) {
    // The digest names something else than one block of a document, or nothing.
    return { state: fault instanceof ColophonError && fault.code === 'SOURCE_TOO_LARGE' ? 'invalid' : 'pending' }
  }
  try {
    return { state: 'found', document: decodeDocument(bytes).document }
  } catch {
    return { state: 'invalid' }
  }
}

/** Which medium a MIME type is of. */
export function mediaOf(type: string): 'image' | 'audio' | 'video' | 'text' | 'data' {
  const [kind] = type.split('/')
  if (kind === 'image' || kind === 'audio' || kind === 'video' || kind === 'text') return kind
  return /pdf|epub|wordprocessingml|msword|rtf|xhtml/.test(type) ? 'text' : 'data'
}
