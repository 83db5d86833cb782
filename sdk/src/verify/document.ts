import { sha256 } from 'ethers'
import type { Hex, Work } from '../deposits/work.ts'
import { cidOfDigest, type DepositReceipt } from '../receipt/receipt.ts'
import { type Check, compared, failed, skipped } from './check.ts'

/** What verification reads from a deposit document. */
export interface DocumentFacts {
  contentHash?: string
  iscc?: string
}

/** The document's bytes against the digest that the deposit commits to. */
export function checkDocument(work: Work, bytes: Uint8Array): Check {
  return compared(
    'document',
    cidOfDigest(work.metadata),
    cidOfDigest(sha256(bytes) as Hex),
    'The document is the one whose CID was deposited.',
    'The document is not the one that was deposited: its CID differs.',
  )
}

/** Reads what can be compared; a document of another format simply has less to compare. */
export function documentFacts(bytes: Uint8Array): DocumentFacts {
  return {}
}

/** Whether the document speaks of the file that was deposited with it. */
export function checkDocumentContent({ work }: DepositReceipt, facts: DocumentFacts): Check {
  return skipped('document-content', 'todo')
}
