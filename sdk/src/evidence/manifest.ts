import { sha256 } from '@noble/hashes/sha2.js'
import { type Signer, TypedDataEncoder, verifyTypedData } from 'ethers'
import { ColophonError } from '../errors/base.ts'
import type { Match } from '../fingerprint/index.ts'
import { bytesToHex } from '../hex/index.ts'
import { canonicalJson, type JsonValue } from '../iscc/index.ts'
import type { ReachedHost } from './recording.ts'

/** A picture, sound, film or text of the page. */
export interface CapturedMedia {
  url: string
  /** `img`, `video`, `background`, …; `meta` where the page names it for others to show, `given` where whoever captured did; `page` for the text of the page itself. */
  element: string
  mediaType: string
  size: number
  sha256: `0x${string}`
  iscc?: string
  /** How it compares with the work that was looked for. */
  match?: Pick<Match, 'verdict'> & {
    explanation: string
    /** What the two share, side by side: a file of the archive. */
    picture?: { path: string; sha256: `0x${string}` }
  }
  /** Why it could not be fingerprinted. */
  problem?: string
}

/** What was seen where and when: the part of the evidence that is signed, timestamped and anchored. */
export interface EvidenceManifest {
  type: 'colophon-evidence'
  version: 1
  /** The address that was asked for. */
  url: string
  /** The address at which redirects ended. */
  finalUrl: string
  title: string
  /** ISO 8601, UTC, by the clock of the machine that captured. */
  capturedAt: string
  mode: 'browser' | 'http'
  agent: string
  tool: string
  archive: { sha256: `0x${string}`; size: number; cid: string }
  /** Time that the server gave with the page, and by how many milliseconds the machine's clock was ahead of it. */
  clock?: { server: string; aheadMs: number }
  hosts: ReachedHost[]
  tls: { origin: string; protocol?: string /** SHA-256 of each certificate. */; certificates: `0x${string}`[] }[]
  /** The work that was looked for. */
  work?: { sha256: `0x${string}`; iscc: string }
  media: CapturedMedia[]
  /** What could not be captured. */
  gaps: string[]
}

/** A manifest with its one spelling and hash. */
export interface EncodedManifest {
  manifest: EvidenceManifest
  /** Canonical JSON (RFC 8785), UTF-8. */
  bytes: Uint8Array<ArrayBuffer>
  digest: `0x${string}`
}

/** A manifest's signature by whoever captured. */
export interface EvidenceSignature {
  type: 'colophon-evidence-signature'
  version: 1
  /** SHA-256 of the manifest. */
  manifest: `0x${string}`
  signer: string
  /** EIP-712. */
  signature: `0x${string}`
}

export function encodeManifest(manifest: EvidenceManifest): EncodedManifest {
  const bytes = new TextEncoder().encode(canonicalJson(manifest as unknown as JsonValue))
  return { manifest, bytes, digest: bytesToHex(sha256(bytes)) }
}

type Fits = (value: unknown) => boolean

const isText: Fits = (value) => typeof value === 'string'
const isHash: Fits = (value) => typeof value === 'string' && /^0x[0-9a-f]{64}$/.test(value)
const isSize: Fits = (value) => Number.isSafeInteger(value) && (value as number) >= 0
const isPage: Fits = (value) => typeof value === 'string' && /^https?:\/\//i.test(value) && URL.canParse(value)
const optional = (fits: Fits): Fits => {
  return (value) => value === undefined || fits(value)
}
const listOf = (fits: Fits): Fits => {
  return (value) => Array.isArray(value) && value.every(fits)
}
const shaped = (shape: Record<string, Fits>): Fits => {
  return (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(shape).every(([name, fits]) => fits((value as Record<string, unknown>)[name]))
}

/** A manifest is written by the other side of a dispute, and what reads one shows all of it: each field is what its type says, or none is shown. */
const SHAPE: { [Name in Exclude<keyof EvidenceManifest, 'type' | 'version'>]-?: Fits } = {
  url: isPage,
  finalUrl: isPage,
  title: isText,
  capturedAt: (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value)),
  mode: (value) => value === 'browser' || value === 'http',
  agent: isText,
  tool: isText,
  archive: shaped({ sha256: isHash, size: isSize, cid: isText }),
  clock: optional(shaped({ server: isText, aheadMs: (value) => Number.isFinite(value) })),
  hosts: listOf(shaped({ host: isText, address: optional(isText), refused: optional(isText) })),
  tls: listOf(shaped({ origin: isText, protocol: optional(isText), certificates: listOf(isHash) })),
  work: optional(shaped({ sha256: isHash, iscc: isText })),
  media: listOf(
    shaped({
      url: isText,
      element: isText,
      mediaType: isText,
      size: isSize,
      sha256: isHash,
      iscc: optional(isText),
      match: optional(shaped({ verdict: isText, explanation: isText, picture: optional(shaped({ path: isText, sha256: isHash })) })),
      problem: optional(isText),
    }),
  ),
  gaps: listOf(isText),
}

/**
 * Reads a manifest as it was stored.
 * @throws ColophonError `EVIDENCE_INVALID` when it is no manifest, a field is not what {@link EvidenceManifest} says, or its spelling is another
 */
export function decodeManifest(bytes: Uint8Array): EncodedManifest {
  let manifest: EvidenceManifest
  try {
    manifest = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as EvidenceManifest
  } catch (cause) {
    throw invalid('it is not JSON', cause)
  }
  if (manifest?.type !== 'colophon-evidence' || manifest.version !== 1) throw invalid("its type is not 'colophon-evidence', version 1")
  const wrong = Object.entries(SHAPE).find(([name, fits]) => !fits(manifest[name as keyof EvidenceManifest]))?.[0]
  if (wrong !== undefined) throw invalid(`its ${wrong} is missing, or is not what a capture writes`)
  const encoded = encodeManifest(manifest)
  if (encoded.bytes.length !== bytes.length || encoded.digest !== bytesToHex(sha256(bytes)))
    throw invalid('it is not in its canonical form')
  return encoded
}

function invalid(why: string, cause?: unknown): ColophonError {
  return new ColophonError('EVIDENCE_INVALID', `The evidence cannot be read: ${why}.`, {
    hint: 'Use the files as the capture wrote them.',
    cause,
  })
}

/** The same on every chain: evidence is not about one. */
const DOMAIN = { name: 'Colophon Evidence', version: '1' }
const TYPES = {
  Evidence: [
    { name: 'url', type: 'string' },
    { name: 'capturedAt', type: 'string' },
    { name: 'archive', type: 'bytes32' },
    { name: 'manifest', type: 'bytes32' },
  ],
}

function messageOf({ manifest, digest }: EncodedManifest): Record<string, string> {
  return { url: manifest.url, capturedAt: manifest.capturedAt, archive: manifest.archive.sha256, manifest: digest }
}

/** Signs a manifest, in words that a wallet can show. */
export async function signManifest(encoded: EncodedManifest, signer: Signer): Promise<EvidenceSignature> {
  const signature = (await signer.signTypedData(DOMAIN, TYPES, messageOf(encoded))) as `0x${string}`
  return {
    type: 'colophon-evidence-signature',
    version: 1,
    manifest: encoded.digest,
    signer: await signer.getAddress(),
    signature,
  }
}

/** Whether the signature is that of the account it names, over this manifest. */
export function isSignedBy(encoded: EncodedManifest, { signer, signature, manifest }: EvidenceSignature): boolean {
  if (manifest !== encoded.digest) return false
  try {
    return verifyTypedData(DOMAIN, TYPES, messageOf(encoded), signature).toLowerCase() === signer.toLowerCase()
  } catch {
    return false
  }
}

/** The EIP-712 hash that is signed, for contract wallets. */
export function manifestHash(encoded: EncodedManifest): string {
  return TypedDataEncoder.hash(DOMAIN, TYPES, messageOf(encoded))
}
