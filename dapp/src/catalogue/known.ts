import { cidOfDigest } from '@colophon/sdk'
import type { DepositDocument } from '@colophon/sdk/document'
import type { Fingerprint, RobustCode } from '@colophon/sdk/fingerprint'
import type { Known } from '../fingerprinting/index.ts'
import type { Reader } from '../store/documents.ts'
import type { Catalogue, Entry } from './catalogue.ts'
import { NO_DOCUMENT } from './catalogue.ts'

const MEDIA: Record<number, 'image' | 'text' | 'audio' | 'video'> = { 1: 'image', 2: 'text', 3: 'audio', 4: 'video' }
const NAMES: Record<number, RobustCode['name']> = { 1: 'PDQ-256', 2: 'ISCC-Text-256', 3: 'ISCC-Audio-256', 4: 'ISCC-Video-256' }
/** Works whose features are read for one question; beyond it the nearest by their codes are. */
export const MOST_COMPARED = 400

export interface Candidates {
  /** Works to compare with in full. */
  known: Known[]
  /** The very same file, deposited before: known from the chain alone. */
  identical: Entry[]
  /** Works of the same medium on the chain. */
  total: number
  /** Of these, those whose document or features nobody has: they could not be compared. */
  unreadable: number
}

/**
 * What a file can be compared with: the works of its medium, with the features that their documents name. All of them while there are few, else those with the
 * nearest codes.
 */
export async function candidatesFor(
  fingerprint: Fingerprint,
  catalogue: Catalogue,
  reader: Reader,
  { signal, onProgress }: { signal?: AbortSignal; onProgress?: (done: number, total: number) => void } = {},
): Promise<Candidates> {
  const identical = catalogue.entries.filter(({ contentHash }) => contentHash === fingerprint.sha256)
  const same = catalogue.entries.filter(({ fingerprintType }) => fingerprintType === fingerprint.code?.type)
  const chosen = same.length <= MOST_COMPARED ? same : nearest(same, fingerprint.code!.bits)
  const known: Known[] = []
  let unreadable = 0
  let done = 0
  const queue = [...chosen]
  const work = async (): Promise<void> => {
    for (let entry = queue.shift(); entry !== undefined; entry = queue.shift()) {
      signal?.throwIfAborted()
      const found = await knownOf(entry, reader).catch(() => undefined)
      if (found === undefined) unreadable++
      else known.push(found)
      onProgress?.(++done, chosen.length)
    }
  }
  await Promise.all(Array.from({ length: 6 }, work))
  signal?.throwIfAborted()
  return { known, identical, total: same.length, unreadable }
}

function nearest(entries: Entry[], bits: string): Entry[] {
  const asked = BigInt(bits)
  return entries
    .map((entry) => ({ entry, distance: ones(BigInt(entry.fingerprint) ^ asked) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, MOST_COMPARED)
    .map(({ entry }) => entry)
}

function ones(value: bigint): number {
  let count = 0
  for (let rest = value; rest > 0n; rest &= rest - 1n) count++
  return count
}

/** A work's fingerprint, put together from the chain, its document and the features that the document names. */
async function knownOf(entry: Entry, reader: Reader): Promise<Known | undefined> {
  const media = MEDIA[entry.fingerprintType]
  if (media === undefined || entry.metadata === NO_DOCUMENT) return undefined
  const { decodeDocument } = await import('@colophon/sdk/document')
  const { document } = decodeDocument(await reader.get(cidOfDigest(entry.metadata)))
  const features = await featuresOf(document, media, reader)
  if (features === undefined) return undefined
  const [content, data, instance] = document.iscc.units
  return {
    id: entry.id,
    fingerprint: {
      version: 1,
      mediaType: document.media.type,
      size: document.media.size,
      sha256: entry.contentHash,
      iscc: document.iscc.code,
      units: { content: content!, data: data!, instance: instance! },
      plain: false,
      media,
      code: { type: entry.fingerprintType, name: NAMES[entry.fingerprintType]!, bits: entry.fingerprint },
      features,
    } as Fingerprint,
  }
}

async function featuresOf(document: DepositDocument, media: string, reader: Reader): Promise<unknown> {
  for (const cid of document.features ?? []) {
    const file = JSON.parse(new TextDecoder().decode(await reader.get(cid, { limit: 16 << 20 }))) as {
      type?: unknown
      version?: unknown
      media?: unknown
      features?: unknown
    }
    if (file.type === 'colophon-features' && file.version === 1 && file.media === media) return file.features
  }
  return undefined
}
