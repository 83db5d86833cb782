import type { ChainEvent, Colophon, Deployment, Hex } from '@colophon/sdk'

/** A deposit as its event tells it; the document has the words. */
export interface Entry {
  id: Hex
  claimant: string
  contentHash: Hex
  fingerprint: Hex
  fingerprintType: number
  /** SHA-256 of the document; zero when there is none. */
  metadata: Hex
  salt: Hex
  block: number
  transaction: Hex
}

/** What else the chain knows of works, for filters. */
export interface Standing {
  /** Works with a license on offer that was opened on the chain. */
  offered: Set<string>
  /** Works on either side of a claim. */
  disputed: Set<string>
  refuted: Set<string>
}

export interface Catalogue extends Standing {
  /** Newest first. */
  entries: Entry[]
  byId: Map<string, Entry>
}

export const NO_DOCUMENT: Hex = `0x${'0'.repeat(64)}`

/** Every deposit there is, from the chain's events alone: no indexer is asked. */
export async function readCatalogue(colophon: Colophon, deployment: Deployment | undefined, signal?: AbortSignal): Promise<Catalogue> {
  const options = signal === undefined ? {} : { signal }
  const { events } = colophon
  const has = (name: keyof Deployment['contracts']): boolean => deployment?.contracts[name] !== undefined
  const none = Promise.resolve([])
  const [deposits, opened, cancelled, filed, refuted] = await Promise.all([
    events.list({ contract: 'CopyrightRegistry', event: 'Deposited' }, options),
    has('LicenseToken') ? events.list({ contract: 'LicenseToken', event: 'OfferOpened' }, options) : none,
    has('LicenseToken') ? events.list({ contract: 'LicenseToken', event: 'OfferCancelled' }, options) : none,
    has('InfringementClaims') ? events.list({ contract: 'InfringementClaims', event: 'ClaimFiled' }, options) : none,
    has('CopyrightTitle') ? events.list({ contract: 'CopyrightTitle', event: 'Refuted' }, options) : none,
  ])
  const entries = deposits.map(entryOf).reverse()
  const withdrawn = new Set(cancelled.map(({ values }) => values.offerId))
  return {
    entries,
    byId: new Map(entries.map((entry) => [entry.id, entry])),
    offered: new Set(opened.filter(({ values }) => !withdrawn.has(values.offerId)).map(({ values }) => word(values.workId))),
    disputed: new Set(filed.flatMap(({ values }) => [word(values.workId), word(values.suspectId)])),
    refuted: new Set(refuted.map(({ values }) => word(values.workId))),
  }
}

function entryOf({ values, block, transaction }: ChainEvent<'CopyrightRegistry', 'Deposited'>): Entry {
  const { id, claimant, contentHash, fingerprint, fingerprintType, metadata, salt } = values
  return {
    id: id as Hex,
    claimant,
    contentHash: contentHash as Hex,
    fingerprint: fingerprint as Hex,
    fingerprintType: Number(fingerprintType),
    metadata: metadata as Hex,
    salt: salt as Hex,
    block,
    transaction,
  }
}

/** An id that the chain has as a number. */
export function word(value: bigint | string): Hex {
  return `0x${BigInt(value).toString(16).padStart(64, '0')}`
}
