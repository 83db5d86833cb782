import { type Currency, currencyAddress, currencyNamed } from '../currency/index.ts'
import { addressOf, type Bytes32, type Hex, ZERO_32 } from '../deposits/work.ts'
import { amountOf, digestOf, secondsOf, uintOf, wordOf } from '../input/index.ts'
import { invalidInput } from '../input/input.ts'
import { type DocumentKind, defineDocument, defineStruct, type SignedDocument } from '../signing/index.ts'
import { invalidField } from '../signing/struct.ts'
import { encodeUse, type UseTerms } from '../terms/index.ts'

/** What both sides agree on. Amounts are in the currency's smallest unit, spans in days. */
export interface AgreementTerms extends UseTerms {
  workId: Bytes32
  /** Must hold the rights in the work when the agreement is activated. */
  licensor: string
  licensee: string
  /** `'native'` by default. */
  currency?: Currency
  /** First second of the first period, and last at which the agreement can be activated. */
  startsAt: Date | number
  /** How many periods; none by default: then the down payment fulfils it. */
  periods?: number
  /** Days of a period. */
  periodDays?: number
  /** Payable at each period's beginning. */
  instalment?: bigint
  /** Guaranteed for each period, payable after its end. */
  minimum?: bigint
  /** For each unit that the licensee reports. */
  unitPrice?: bigint
  /** Days after a period's end in which its usage is to be reported; 10 by default. */
  reportWithinDays?: number
  /** Days after the due date in which payment is in time; 14 by default. */
  payWithinDays?: number
  /** Days of lateness after that without consequence; 7 by default. */
  graceDays?: number
  /** Days after that in which payment still averts the breach; 30 by default. All four together fit into a period. */
  cureDays?: number
  /** Paid when the agreement is activated. */
  downPayment?: bigint
  /** Lodged when the agreement is activated; secures what the licensee owes. */
  deposit?: bigint
  /** The agreement in words: its document's CID or digest. */
  document?: Bytes32
}

/** The contract's `GrantTerms`, JSON-safe. */
export interface GrantStruct {
  licensor: string
  downPayment: string
  deposit: string
  duration: number
  exclusive: boolean
  territories: number
  channels: number
  rights: number
  transferable: boolean
  resaleBps: number
  derivativeBps: number
  document: Hex
}

/** The contract's `Agreement`, JSON-safe, with the grant's terms in it as wallets sign them. */
export interface AgreementStruct {
  workId: Hex
  licensee: string
  currency: string
  startsAt: number
  period: number
  periods: number
  instalment: string
  minimum: string
  unitPrice: string
  reportWithin: number
  payWithin: number
  grace: number
  cure: number
  grant: GrantStruct
}

/**
 * An agreement, and the signatures there are. JSON as it is: pass it on to the other side, which signs or activates it.
 * `signature` is that of who proposed it.
 */
export interface SignedAgreement extends SignedDocument<'colophon-agreement', AgreementStruct> {
  /** Whose `signature` it is. */
  signer: string
  /** The other side's, once it has signed too. */
  countersignature?: Hex
}

const grantStruct = defineStruct<GrantStruct>('GrantTerms', {
  licensor: 'address',
  downPayment: 'uint96',
  deposit: 'uint96',
  duration: 'uint40',
  exclusive: 'bool',
  territories: 'uint16',
  channels: 'uint16',
  rights: 'uint8',
  transferable: 'bool',
  resaleBps: 'uint16',
  derivativeBps: 'uint16',
  document: 'bytes32',
})

export const agreementDocument: DocumentKind<'colophon-agreement', AgreementStruct> = defineDocument(
  'colophon-agreement',
  'LicenseAgreements',
  defineStruct<AgreementStruct>('Agreement', {
    workId: 'id',
    licensee: 'address',
    currency: 'address',
    startsAt: 'uint40',
    period: 'uint40',
    periods: 'uint16',
    instalment: 'uint96',
    minimum: 'uint96',
    unitPrice: 'uint96',
    reportWithin: 'uint40',
    payWithin: 'uint40',
    grace: 'uint40',
    cure: 'uint40',
    grant: grantStruct,
  }),
)

const DAY = 86_400

/**
 * Puts terms into the form that is signed.
 * @throws INVALID_INPUT, INVALID_ADDRESS
 */
export function encodeAgreement(terms: AgreementTerms): AgreementStruct {
  const periods = Number(uintOf('periods', terms.periods ?? 0, 12))
  const days = (field: 'periodDays' | 'reportWithinDays' | 'payWithinDays' | 'graceDays' | 'cureDays', fallback: number): number =>
    periods === 0 ? 0 : secondsOf(field, Math.round((terms[field] ?? fallback) * DAY))
  const amount = (field: 'instalment' | 'minimum' | 'unitPrice' | 'downPayment' | 'deposit'): string =>
    amountOf(field, terms[field] ?? 0n, { bits: 96 }).toString()
  if (periods > 0 && terms.periodDays === undefined) throw invalidInput('periodDays', undefined, 'the days of a period')
  const [reportWithin, payWithin, grace, cure] = [
    days('reportWithinDays', 10),
    days('payWithinDays', 14),
    days('graceDays', 7),
    days('cureDays', 30),
  ]
  const period = days('periodDays', 0)
  if (periods > 0 && (cure === 0 || reportWithin + payWithin + grace + cure > period))
    throw invalidInput('cureDays', terms.cureDays, 'more than none, and with the other three spans not above a period')
  return {
    workId: wordOf('workId', terms.workId),
    licensee: addressOf('licensee', terms.licensee),
    currency: currencyAddress(terms.currency),
    startsAt: secondsOf('startsAt', terms.startsAt),
    period,
    periods,
    instalment: amount('instalment'),
    minimum: amount('minimum'),
    unitPrice: amount('unitPrice'),
    reportWithin,
    payWithin,
    grace,
    cure,
    grant: {
      licensor: addressOf('licensor', terms.licensor),
      downPayment: amount('downPayment'),
      deposit: amount('deposit'),
      ...encodeUse(terms),
      document: terms.document === undefined ? ZERO_32 : digestOf('document', terms.document),
    },
  }
}

/** The agreement as later calls take it: the grant's terms by their hash. */
export function callStruct(value: AgreementStruct): Omit<AgreementStruct, 'grant'> & { grant: Hex } {
  return { ...value, grant: grantStruct.hash(value.grant) }
}

/**
 * Reads an agreement from JSON text or an object.
 * @throws INVALID_SIGNED naming the field
 */
export function parseAgreement(input: string | object): SignedAgreement {
  const document = agreementDocument.parse(input)
  const { signer, countersignature } = (typeof input === 'string' ? JSON.parse(input) : input) as Partial<SignedAgreement>
  if (typeof signer !== 'string') throw invalidField('signer', signer, 'an address')
  if (countersignature !== undefined && !/^0x([0-9a-fA-F]{2})*$/.test(countersignature))
    throw invalidField('countersignature', countersignature, 'bytes in hex')
  return { ...document, signer: addressOf('signer', signer), ...(countersignature === undefined ? {} : { countersignature }) }
}

/** The currency of an agreement. */
export function currencyOf({ value }: SignedAgreement): Currency {
  return currencyNamed(value.currency)
}

/** That one side agrees to end an agreement. */
export interface TerminationStruct {
  agreementId: Hex
  /** Last second at which the signature counts, decimal. */
  deadline: string
}

/** A termination that one side has signed. */
export type SignedTermination = SignedDocument<'colophon-termination', TerminationStruct>

export const terminationDocument: DocumentKind<'colophon-termination', TerminationStruct> = defineDocument(
  'colophon-termination',
  'LicenseAgreements',
  defineStruct<TerminationStruct>('Termination', { agreementId: 'bytes32', deadline: 'uint256' }),
)

/**
 * Reads a termination from JSON text or an object.
 * @throws INVALID_SIGNED naming the field
 */
export function parseTermination(input: string | object): SignedTermination {
  return terminationDocument.parse(input)
}
