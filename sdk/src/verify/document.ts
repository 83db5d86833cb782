import { sha256 } from 'ethers'
import { type Hex, type Work, ZERO_32 } from '../deposits/work.ts'
import type { Media } from '../fingerprint/index.ts'
import { decomposeIscc, type IsccSubType } from '../iscc/index.ts'
import { cidOfDigest } from '../receipt/cid.ts'
import type { DepositReceipt } from '../receipt/receipt.ts'
import { type Check, compared, skipped } from './check.ts'
import { say } from './sentence.ts'

/** What verification reads from a deposit document. */
export interface DocumentFacts {
  contentHash?: string
  iscc?: string
  /** What the file was taken for when its ISCC was made. */
  media?: Media
}

/** The document's bytes against the digest that the deposit commits to. */
function checkDocument(work: Work, bytes: Uint8Array): Check {
  return compared('document', cidOfDigest(work.metadata), cidOfDigest(sha256(bytes) as Hex), say('document-same'), say('document-other'))
}

/** Reads what can be compared; a document of another format simply has less to compare. */
function documentFacts(bytes: Uint8Array): DocumentFacts {
  let parsed: Record<string, unknown>
  try {
    parsed = objectOf(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)))
  } catch {
    return {}
  }
  const { sha256: contentHash } = objectOf(parsed.media)
  const { code: iscc } = objectOf(parsed.iscc)
  const media = typeof iscc === 'string' ? mediaOfIscc(iscc) : undefined
  return {
    ...(media === undefined ? {} : { media }),
    ...(typeof contentHash === 'string' ? { contentHash } : {}),
    ...(typeof iscc === 'string' ? { iscc } : {}),
  }
}

function mediaOfIscc(iscc: string): Media | undefined {
  try {
    const content = decomposeIscc(iscc).find(({ mainType }) => mainType === 'CONTENT')
    return content === undefined ? 'data' : MEDIA_OF_CONTENT[content.subType]
  } catch {
    return undefined
  }
}

const MEDIA_OF_CONTENT: { readonly [subType in IsccSubType]?: Media } = { IMAGE: 'image', TEXT: 'text' }

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

/** The document, from the caller or a storage, and what it says. */
export async function readDocument(
  given: Uint8Array | undefined,
  { work }: DepositReceipt,
  { storage, signal }: { storage?: DocumentStorage; signal?: AbortSignal },
): Promise<{ check: Check; facts?: DocumentFacts }> {
  if (work.metadata === ZERO_32) return { check: skipped('document', say('document-none-deposited')) }
  const cid = cidOfDigest(work.metadata)
  let bytes = given
  if (bytes === undefined) {
    if (storage === undefined) return { check: skipped('document', say('document-not-given', { cid })) }
    try {
      bytes = await storage.get(cid, signal === undefined ? {} : { signal })
    } catch (fault) {
      signal?.throwIfAborted()
      return { check: skipped('document', say('document-not-had', { cid, message: (fault as Error).message.split('\n')[0]! })) }
    }
  }
  const check = checkDocument(work, bytes)
  const facts = check.ok ? documentFacts(bytes) : undefined
  return facts === undefined ? { check } : { check, facts }
}

/** Where the deposit document may be; `get` answers the bytes of a CID. */
export interface DocumentStorage {
  get(cid: string, options?: { signal?: AbortSignal }): Promise<Uint8Array>
}

/** Whether the document speaks of the file that was deposited with it. */
export function checkDocumentContent({ work }: DepositReceipt, facts: DocumentFacts): Check {
  if (facts.contentHash === undefined) return skipped('document-content', say('document-unnamed'))
  return compared(
    'document-content',
    work.contentHash,
    `0x${facts.contentHash.replace(/^0x/, '').toLowerCase()}`,
    say('document-names-file'),
    say('document-names-another'),
  )
}
