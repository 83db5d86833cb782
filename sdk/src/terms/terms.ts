import { bitsOf, partsOf, secondsOf } from '../input/index.ts'
import { invalidInput } from '../input/input.ts'
import { CHANNELS, type Channel, RIGHTS, type Right, TERRITORIES, type Territory } from './names.ts'

/** How long a license runs. */
export type Duration = 'forever' | { years?: number; days?: number; hours?: number; seconds?: number }

/** What a license allows, in names. */
export interface UseTerms {
  /** At least one act: `'reproduce'`, `'distribute'`, `'display'`, `'perform'`, `'adapt'` or `'trainAi'`. */
  rights: readonly Right[]
  /** `'world'` by default. */
  territories?: 'world' | readonly Territory[]
  /** `'all'` by default. */
  channels?: 'all' | readonly Channel[]
  duration: Duration
  /** Whether nobody else may have any of these acts in any of these territories meanwhile. */
  exclusive?: boolean
  /** Whether the license may change hands. */
  transferable?: boolean
  /** Of each resale, what goes to the work; with it the license moves through the exchange only. Two decimals. */
  resalePercent?: number
  /** Of the revenue of works derived under the license, what goes to this one; needs the right to adapt. Two decimals. */
  derivativePercent?: number
}

/** The same as the contracts have it. */
export interface UseBits {
  /** Seconds; zero for ever. */
  duration: number
  exclusive: boolean
  territories: number
  channels: number
  rights: number
  transferable: boolean
  resaleBps: number
  derivativeBps: number
}

/** The same as it is read back: nothing left out. */
export interface UseRead {
  rights: Right[]
  territories: 'world' | Territory[]
  channels: 'all' | Channel[]
  /** Seconds, or for ever. */
  duration: 'forever' | number
  exclusive: boolean
  transferable: boolean
  resalePercent: number
  derivativePercent: number
}

const ALL = 0xffff
const BPS = 10_000
const DAY = 86_400
/** Seconds of a Gregorian year, leap years spread evenly. */
const YEAR = 31_556_952

/**
 * Terms in the form that is signed.
 * @throws INVALID_INPUT naming the field
 */
export function encodeUse(terms: UseTerms): UseBits {
  const rights = bitsOf('rights', terms.rights, RIGHTS)
  if ((rights & 0x3f) === 0)
    throw invalidInput('rights', terms.rights.join(', '), 'at least one act: reproduce, distribute, display, perform, adapt or trainAi')
  const derivativeBps = partsOf('derivativePercent', terms.derivativePercent ?? 0, BPS)
  if (derivativeBps > 0 && !terms.rights.includes('adapt'))
    throw invalidInput('derivativePercent', terms.derivativePercent, 'none without the right to adapt')
  return {
    duration: encodeDuration(terms.duration),
    exclusive: terms.exclusive ?? false,
    territories:
      terms.territories === undefined || terms.territories === 'world' ? ALL : bitsOf('territories', terms.territories, TERRITORIES),
    channels: terms.channels === undefined || terms.channels === 'all' ? ALL : bitsOf('channels', terms.channels, CHANNELS),
    rights,
    transferable: terms.transferable ?? false,
    resaleBps: partsOf('resalePercent', terms.resalePercent ?? 0, BPS),
    derivativeBps,
  }
}

/** Terms in names. */
export function decodeUse(bits: UseBits): UseRead {
  return {
    rights: namesOf(bits.rights, RIGHTS),
    territories: bits.territories === ALL ? 'world' : namesOf(bits.territories, TERRITORIES),
    channels: bits.channels === ALL ? 'all' : namesOf(bits.channels, CHANNELS),
    duration: bits.duration === 0 ? 'forever' : bits.duration,
    exclusive: bits.exclusive,
    transferable: bits.transferable,
    resalePercent: bits.resaleBps / 100,
    derivativePercent: bits.derivativeBps / 100,
  }
}

/** Number of a territory group in the contracts. */
export function territoryNumber(territory: Territory): number {
  return numberOf('territory', territory, TERRITORIES)
}

/** Number of a channel in the contracts. */
export function channelNumber(channel: Channel): number {
  return numberOf('channel', channel, CHANNELS)
}

function encodeDuration(duration: Duration): number {
  if (duration === 'forever') return 0
  if (typeof duration !== 'object' || duration === null)
    throw invalidInput('duration', duration, "'forever', or an object such as { years: 1 }")
  const { years = 0, days = 0, hours = 0, seconds = 0 } = duration
  const sum = Math.round(years * YEAR + days * DAY + hours * 3600 + seconds)
  // Zero would be a license without end, which nobody should get by a slip.
  if (!(sum > 0) || [years, days, hours, seconds].some((part) => !(part >= 0)))
    throw invalidInput('duration', JSON.stringify(duration), "more than nothing; 'forever' for a license without end")
  return secondsOf('duration', sum)
}

function numberOf<Name extends string>(field: string, name: Name, names: readonly Name[]): number {
  const number = names.indexOf(name)
  if (number === -1) throw invalidInput(field, name, `one of ${names.join(', ')}`)
  return number
}

function namesOf<Name extends string>(bits: number, names: readonly Name[]): Name[] {
  return names.filter((_, bit) => (bits & (1 << bit)) !== 0)
}
