import { sha256 } from '@noble/hashes/sha2.js'
import { ColophonError } from '../errors/base.ts'
import { bytesToHex } from '../hex/index.ts'
import { eachMember, httpOf, readRecord, unpackWacz } from './warc.ts'

/** Something that an archive holds. */
export interface WaczEntry {
  /** `response`: what a server gave. `resource`: what the capture made of the page; its URL is `urn:screenshot:…`, `urn:pdf:…`, `urn:dom:…` or `urn:text:…`. */
  kind: 'response' | 'resource'
  url: string
  /** Of HTTP; 0 for what was made. */
  status: number
  /** As the server or the capture called it; nobody has checked that. */
  mediaType: string
  body: Uint8Array<ArrayBuffer>
  /** SHA-256 of the body, computed now. */
  sha256: `0x${string}`
}

/**
 * Unpacks what a WACZ holds, in its order. It says nothing on whether the archive is sound: that is for {@link validateWacz}, and whether it is the one that
 * a manifest names for {@link verifyEvidence}. Nothing in it may be trusted: show it as text and as pictures, never as a page of one's own.
 *
 * @throws ColophonError `WACZ_UNREADABLE` when it is no zip, larger than 512 MiB unpacked, or its records end in the middle
 */
export function readWacz(bytes: Uint8Array): WaczEntry[] {
  const files = unpackWacz(bytes)
  const entries: WaczEntry[] = []
  for (const [path, archive] of Object.entries(files)) {
    if (!path.startsWith('archive/') || path.endsWith('/')) continue
    members(archive, (member) => {
      const record = readRecord(member)
      const kind = record?.header.get('warc-type')
      if (record === undefined || (kind !== 'response' && kind !== 'resource')) return
      const { header, block } = record
      const http = kind === 'response' ? httpOf(block) : undefined
      const body = new Uint8Array(http?.body ?? block)
      entries.push({
        kind,
        url: header.get('warc-target-uri') ?? '',
        status: http?.status ?? 0,
        mediaType: (http === undefined ? header.get('content-type') : http.mediaType) ?? '',
        body,
        sha256: bytesToHex(sha256(body)),
      })
    })
  }
  return entries
}

function members(archive: Uint8Array, use: (member: Uint8Array) => void): void {
  try {
    eachMember(archive, use)
  } catch (cause) {
    throw new ColophonError('WACZ_UNREADABLE', `The records of the archive cannot be unpacked: ${(cause as Error).message}.`, {
      hint: 'Use the file as the capture wrote it.',
      cause,
    })
  }
}
