import type { Hex, Work } from '../deposits/work.ts'
import { decodeDocument } from '../document/index.ts'
import { ColophonError } from '../errors/base.ts'
import { soundsPlain } from '../fingerprint/audio/compareAudio.ts'
import { CODE_TYPES, type CodeType, PLAIN_LETTERS, PLAIN_QUALITY } from '../fingerprint/fingerprint.ts'
import type { Fingerprint, Media } from '../fingerprint/index.ts'
import { showsPlain } from '../fingerprint/video/compareFilms.ts'
import { hexToBytes } from '../hex/index.ts'
import { digestToCid } from '../storage/cid.ts'
import type { Storage } from '../storage/index.ts'
import { checkedFeatures, type IndexedWork, type WorkFeatures } from './works/features.ts'

/** A deposit, as the chain or a batch's manifest has it. */
export interface Deposited {
  id: Hex
  work: Pick<Work, 'contentHash' | 'fingerprint' | 'fingerprintType' | 'metadata'>
}

/** Why features could not be had. */
export interface FeatureFault {
  code: string
  message: string
}

/** Most bytes of a feature file: recordings of hours have some. */
const MOST_FEATURE_BYTES = 256 << 20

/** Media of what the chain's codes are made from; by others than PDQ and the Text-Code nothing is looked for. */
const MEDIA_OF_TYPE: Readonly<Record<number, Media>> = { 1: 'image', 2: 'text', 3: 'audio', 4: 'video', 5: 'image', 6: 'image' }

/**
 * A deposit as an index keeps it: from the features that were pinned with its document, or where they are not to be had from what the chain has alone, and then why.
 */
export async function indexedDeposit(
  storage: Pick<Storage, 'get'>,
  deposit: Deposited,
  signal?: AbortSignal,
): Promise<{ work: IndexedWork; fault?: FeatureFault }> {
  const { id } = deposit
  try {
    const features = await pinnedFeatures(storage, deposit, signal)
    return { work: { id, features } }
  } catch (cause) {
    signal?.throwIfAborted()
    if (!(cause instanceof ColophonError)) throw cause
    return { work: { id, features: chainFeatures(deposit) }, fault: { code: cause.code, message: cause.shortMessage } }
  }
}

/** What the registry itself says of a work. */
export function chainFeatures({ work: { contentHash, fingerprint, fingerprintType } }: Deposited): WorkFeatures {
  const isCode = fingerprintType === 1 || fingerprintType === 2
  return {
    media: MEDIA_OF_TYPE[fingerprintType] ?? 'data',
    sha256: contentHash,
    codes: isCode ? [hexToBytes(fingerprint)] : [],
    keys: new BigUint64Array(0),
    ...(fingerprintType === 3 ? { places: new Uint32Array(0) } : {}),
  }
}

/** @throws ColophonError `FEATURES_INVALID`, and what storage and documents throw */
async function pinnedFeatures(storage: Pick<Storage, 'get'>, deposit: Deposited, signal: AbortSignal | undefined): Promise<WorkFeatures> {
  const { contentHash, metadata, fingerprint, fingerprintType } = deposit.work
  const reading = signal === undefined ? {} : { signal }
  const chain = chainFeatures(deposit)
  if (/^0x0*$/.test(metadata)) throw invalid('the deposit names no document')
  const { document } = decodeDocument(await storage.get(digestToCid(hexToBytes(metadata)), reading))
  if (document.media.sha256 !== contentHash) throw invalid('the document is of another file')
  for (const cid of document.features ?? []) {
    const found = parse(await storage.get(cid, { ...reading, limit: MOST_FEATURE_BYTES }))
    if (found === undefined) continue
    const { media, features } = found
    // Whoever pins features must not put another work's under this deposit's name.
    if (media === 'image' && (fingerprintType !== 1 || features.pdq !== fingerprint)) throw invalid('the features are of another picture')
    if (MEDIA_OF_TYPE[fingerprintType] !== media) throw invalid(`the features are of the medium ${media}`)
    try {
      const code = { type: fingerprintType as CodeType, name: CODE_TYPES[fingerprintType as CodeType], bits: fingerprint }
      return checkedFeatures({ fingerprint: { media, features, sha256: contentHash, plain: isPlain(found), code } as Fingerprint })
    } catch (cause) {
      // Anybody can pin anything: what is no such thing as it says breaks whoever reads it.
      throw cause instanceof ColophonError ? cause : invalid('the features are not what fingerprints have')
    }
  }
  if (chain.media === 'data') return chain
  throw invalid('the document names no features')
}

type Coded = Extract<Fingerprint, { code: object }>
type Features = { [M in Coded['media']]: Pick<Extract<Coded, { media: M }>, 'media' | 'features'> }[Coded['media']]

/** A feature file as `pinWork` writes it; undefined for other files that a document may name. */
function parse(bytes: Uint8Array): (Features & { features: { pdq?: string } }) | undefined {
  try {
    const file = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Features & { type?: string; version?: number }
    return file.type === 'colophon-features' && file.version === 1 ? (file as never) : undefined
  } catch {
    return undefined
  }
}

function isPlain(found: Features): boolean {
  switch (found.media) {
    case 'image':
      return found.features.pdqQuality <= PLAIN_QUALITY
    case 'text':
      return found.features.letters < PLAIN_LETTERS
    case 'audio':
      return soundsPlain(found.features)
    case 'video':
      return showsPlain(found.features)
  }
}

function invalid(why: string): ColophonError {
  return new ColophonError('FEATURES_INVALID', `A deposit's features cannot be used: ${why}.`, {
    hint: 'The work is indexed by what the chain has.',
    details: { why },
  })
}
