import type { Hex } from '@colophon/sdk'
import type { Channel, OfferTerms, Right, Territory, UseRead } from '@colophon/sdk/licenses'
import { parseAmount } from '../money/money.ts'

/** An offer as it is being written: what was typed, not yet what it means. */
export interface OfferDraft {
  workId: Hex | ''
  rights: readonly Right[]
  everywhere: boolean
  territories: readonly Territory[]
  anyMedium: boolean
  channels: readonly Channel[]
  unit: 'days' | 'years' | 'forever'
  time: string
  exclusive: boolean
  transferable: boolean
  renewable: boolean
  resale: string
  derivative: string
  price: string
  currency: string
  supply: string
  /** `YYYY-MM-DD`; the offer stands to that day's end. */
  closing: string
}

export type DraftFault =
  | 'workId'
  | 'rights'
  | 'territories'
  | 'channels'
  | 'time'
  | 'resale'
  | 'derivative'
  | 'price'
  | 'supply'
  | 'closing'

const DAY = 86_400_000
const MOST_SOLD = 2 ** 24 - 1

export function emptyDraft(now: Date): OfferDraft {
  return {
    workId: '',
    rights: ['reproduce', 'display', 'commercial'],
    everywhere: true,
    territories: [],
    anyMedium: true,
    channels: [],
    unit: 'years',
    time: '1',
    exclusive: false,
    transferable: false,
    renewable: true,
    resale: '0',
    derivative: '0',
    price: '0.05',
    currency: 'native',
    supply: '10',
    closing: new Date(now.getTime() + 30 * DAY).toISOString().slice(0, 10),
  }
}

/** What the draft means, as far as it can be read, and what is wrong with it. */
export function readDraft(draft: OfferDraft, decimals: number, now: Date): { terms: OfferTerms; faults: Set<DraftFault> } {
  const faults = new Set<DraftFault>()
  const check = (good: boolean, fault: DraftFault): void => {
    if (!good) faults.add(fault)
  }
  const acts = draft.rights.filter((right) => right !== 'commercial' && right !== 'sublicense')
  check(draft.workId !== '', 'workId')
  check(acts.length > 0, 'rights')
  check(draft.everywhere || draft.territories.length > 0, 'territories')
  check(draft.anyMedium || draft.channels.length > 0, 'channels')
  const time = whole(draft.time, 1, 1000)
  check(draft.unit === 'forever' || time !== undefined, 'time')
  const resale = draft.transferable ? percent(draft.resale) : 0
  check(resale !== undefined, 'resale')
  const derivative = draft.rights.includes('adapt') ? percent(draft.derivative) : 0
  check(derivative !== undefined, 'derivative')
  const price = parseAmount(draft.price, decimals)
  check(price !== undefined, 'price')
  const supply = whole(draft.supply, 1, MOST_SOLD)
  check(supply !== undefined, 'supply')
  const closesAt = new Date(`${draft.closing}T23:59:59Z`)
  check(!Number.isNaN(closesAt.getTime()) && closesAt > now, 'closing')
  const terms: OfferTerms = {
    workId: draft.workId === '' ? `0x${'0'.repeat(64)}` : draft.workId,
    rights: draft.rights,
    territories: draft.everywhere || draft.territories.length === 0 ? 'world' : draft.territories,
    channels: draft.anyMedium || draft.channels.length === 0 ? 'all' : draft.channels,
    duration: draft.unit === 'forever' ? 'forever' : { [draft.unit]: time ?? 1 },
    exclusive: draft.exclusive,
    transferable: draft.transferable,
    renewable: draft.unit !== 'forever' && draft.renewable,
    resalePercent: resale ?? 0,
    derivativePercent: derivative ?? 0,
    price: price ?? 0n,
    currency: draft.currency,
    supply: supply ?? 1,
    closesAt: faults.has('closing') ? new Date(now.getTime() + DAY) : closesAt,
  }
  return { terms, faults }
}

function whole(text: string, least: number, most: number): number | undefined {
  if (!/^\d{1,8}$/.test(text.trim())) return undefined
  const value = Number(text)
  return value >= least && value <= most ? value : undefined
}

/** A percentage with at most two decimals. */
export function percent(text: string): number | undefined {
  if (!/^\d{1,3}(\.\d{1,2})?$/.test(text.trim())) return undefined
  const value = Number(text)
  return value <= 100 ? value : undefined
}

/** Terms that one writes, in the form in which they are read back. */
export function asRead(terms: OfferTerms): UseRead & { renewable: boolean } {
  const { duration } = terms
  return {
    rights: [...terms.rights],
    territories: terms.territories === undefined || terms.territories === 'world' ? 'world' : [...terms.territories],
    channels: terms.channels === undefined || terms.channels === 'all' ? 'all' : [...terms.channels],
    duration: duration === 'forever' ? 'forever' : (duration.years ?? 0) * 31_556_952 + (duration.days ?? 0) * 86_400,
    exclusive: terms.exclusive ?? false,
    transferable: terms.transferable ?? false,
    resalePercent: terms.resalePercent ?? 0,
    derivativePercent: terms.derivativePercent ?? 0,
    renewable: terms.renewable ?? false,
  }
}
