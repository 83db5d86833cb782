import { sha256 } from '@noble/hashes/sha2.js'
import { ColophonError } from '../errors/base.ts'
import type { Fingerprint } from '../fingerprint/index.ts'
import { bytesToHex } from '../hex/index.ts'
import { canonicalJson, genMetaCode, type JsonValue } from '../iscc/index.ts'
import { digestToCid, MAX_BLOCK_BYTES } from '../storage/cid.ts'
import { assertDocument } from './validate.ts'

/** A person or an organisation. */
export interface Party {
  name: string
  /** What they did: photographer, author, translator, … */
  role?: string
  did?: string
  /** Where a verifiable credential of theirs can be asked for. */
  credential?: string
  /** Account on an EVM chain. */
  account?: string
  /** ISO 3166-1 alpha-2. */
  nationality?: string
}

export interface PriorWork {
  relation: 'derivedFrom' | 'translationOf' | 'adaptationOf' | 'partOf' | 'versionOf'
  /** Id of its deposit. */
  deposit?: string
  iscc?: string
  url?: string
  title?: string
}

/** What a person knows of a work; the rest is computed. Fields are explained in the schema. */
export interface WorkDescription {
  title: string
  description?: string
  creators: Party[]
  rightsHolder?: Party
  /** Year, month or day (ISO 8601). */
  created?: string
  firstPublication?: { date: string; country?: string; url?: string }
  /** BCP 47. */
  language?: string
  keywords?: string[]
  priorWorks?: PriorWork[]
  aiGeneration?: 'none' | 'assisted' | 'composite' | 'generated'
  aiTraining?: 'allowed' | 'notAllowed' | 'constrained'
  /** CIDs of files with the features that matching uses. */
  features?: string[]
  originality?: { checkedAt: string; lookAlikes: { deposit?: string; verdict: 'identical' | 'copy' | 'similar'; reason: string }[] }
}

/** The deposit document, version 1: what `metadata` of a deposit stands for. */
export interface DepositDocument extends WorkDescription {
  version: 1
  media: {
    type: string
    size: number
    sha256: string
    fileName?: string
    width?: number
    height?: number
    durationMs?: number
    words?: number
  }
  iscc: { code: string; meta?: string; units: string[] }
}

/** A document as it is stored: canonical bytes, their digest, and the CID of their block. */
export interface EncodedDocument {
  document: DepositDocument
  /** Canonical JSON (RFC 8785), UTF-8. */
  bytes: Uint8Array<ArrayBuffer>
  /** SHA-256 of the bytes: the deposit's `metadata`. */
  digest: `0x${string}`
  /** CIDv1 (raw) of the bytes. */
  cid: string
}

/**
 * Makes the deposit document of a work from its fingerprint and what its creator says.
 *
 * @throws ColophonError `DOCUMENT_INVALID`, `DOCUMENT_TOO_LARGE`
 */
export function createDocument(
  fingerprint: Fingerprint,
  description: WorkDescription,
  options: { fileName?: string } = {},
): EncodedDocument {
  const facts =
    fingerprint.media === 'image'
      ? { width: fingerprint.features.width, height: fingerprint.features.height }
      : fingerprint.media === 'audio'
        ? { durationMs: Math.round(fingerprint.features.seconds * 1000) }
        : fingerprint.media === 'video'
          ? {
              width: fingerprint.features.width,
              height: fingerprint.features.height,
              durationMs: Math.round(fingerprint.features.seconds * 1000),
            }
          : fingerprint.media === 'text'
            ? { words: fingerprint.features.words }
            : {}
  const { title, description: about } = description
  const document = {
    version: 1 as const,
    ...description,
    media: {
      type: fingerprint.mediaType,
      size: fingerprint.size,
      sha256: fingerprint.sha256,
      ...(options.fileName === undefined ? {} : { fileName: options.fileName }),
      ...facts,
    },
    iscc: {
      code: fingerprint.iscc,
      ...(typeof title === 'string' && title.trim() !== '' && !/\p{Surrogate}/u.test(title)
        ? { meta: genMetaCode(title, { bits: 256, ...(typeof about === 'string' ? { description: about } : {}) }).iscc }
        : {}),
      units: Object.values(fingerprint.units),
    },
  }
  return encodeDocument(document)
}

/**
 * Checks a document and writes it in its one canonical form.
 *
 * @throws ColophonError `DOCUMENT_INVALID`, `DOCUMENT_TOO_LARGE`
 */
export function encodeDocument(document: DepositDocument): EncodedDocument {
  // What is undefined is not there; JSON has no other way to say it.
  const plain: unknown = stripped(document, 0)
  assertDocument(plain)
  const bytes = new TextEncoder().encode(canonicalJson(plain as unknown as JsonValue))
  if (bytes.length > MAX_BLOCK_BYTES) {
    throw new ColophonError('DOCUMENT_TOO_LARGE', `The document has ${bytes.length} bytes; at most ${MAX_BLOCK_BYTES} fit one block.`, {
      hint: 'Shorten the description or the lists, or move details to a file and name its address.',
      details: { size: bytes.length, limit: MAX_BLOCK_BYTES },
    })
  }
  const digest = sha256(bytes)
  return { document: plain, bytes, digest: bytesToHex(digest), cid: digestToCid(digest) }
}

/**
 * Reads a stored document. The bytes must be canonical: another spelling of the same facts has another hash.
 *
 * @throws ColophonError `DOCUMENT_INVALID`, `DOCUMENT_TOO_LARGE`
 */
export function decodeDocument(bytes: Uint8Array): EncodedDocument {
  if (bytes.length > MAX_BLOCK_BYTES) {
    throw new ColophonError('DOCUMENT_TOO_LARGE', `The document has ${bytes.length} bytes; at most ${MAX_BLOCK_BYTES} are allowed.`, {
      hint: 'This is not a deposit document.',
      details: { size: bytes.length, limit: MAX_BLOCK_BYTES },
    })
  }
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw new ColophonError('DOCUMENT_INVALID', 'The document is not JSON in UTF-8.', { hint: 'This is not a deposit document.', cause })
  }
  assertDocument(value)
  const encoded = encodeDocument(value)
  if (encoded.bytes.length !== bytes.length || encoded.bytes.some((byte, index) => byte !== bytes[index])) {
    throw new ColophonError('DOCUMENT_INVALID', 'The document is not in canonical form (RFC 8785).', {
      hint: 'Encode it again with encodeDocument(); mind that its CID is then another.',
    })
  }
  return encoded
}

/** A copy without undefined fields and without a prototype's; deeper than any document is cut, so that a cycle cannot hang it. */
function stripped(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (depth > 8) return null
  if (Array.isArray(value)) return value.map((item) => stripped(item, depth + 1))
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([name, item]) => [name, stripped(item, depth + 1)]),
  )
}
