import { ZeroAddress } from 'ethers'
import { type Currency, currencyAddress, currencyNamed } from '../currency/index.ts'
import { addressOf, type Bytes32, type Hex, ZERO_32 } from '../deposits/work.ts'
import { amountOf, digestOf, secondsOf, uintOf, wordOf } from '../input/index.ts'
import { type DocumentKind, defineDocument, defineStruct, type SignedDocument } from '../signing/index.ts'
import type { Struct } from '../signing/struct.ts'

/** What a claimant says. */
export interface ClaimTerms {
  /** The claimant's work. */
  workId: Bytes32
  /** Who is said to infringe, if that is known; not together with `suspectId`. */
  respondent?: string
  /** The deposit of the copy, if it was deposited; its rights holder answers. */
  suspectId?: Bytes32
  /** The evidence bundle: its CID or its sha2-256 digest. */
  evidence: Bytes32
  /** The copy's fingerprint: the contract then computes how far it is from the work's. */
  fingerprint?: { type: number; bits: Bytes32 }
  /** Who decides, if the respondent agrees; the alliance's panel by default. */
  forum?: Forum
  /** Who decides if the first does not. */
  backup?: Forum
}

/** An ERC-792 arbitrator. */
export interface Forum {
  /** Its address; the alliance's panel by default. */
  arbitrator?: string
  /** Its court, as Kleros counts them. */
  court?: number
  /** How many arbitrators. */
  jurors?: number
}

/** The contract's `InfringementClaim`, JSON-safe. Its EIP-712 hash is the claim's id. */
export interface ClaimStruct {
  workId: Hex
  claimant: string
  respondent: string
  suspectId: Hex
  evidence: Hex
  suspectFingerprint: Hex
  suspectType: number
  forum: Hex
  backup: Hex
}

export const claimStruct: Struct<ClaimStruct> = defineStruct<ClaimStruct>('InfringementClaim', {
  workId: 'id',
  claimant: 'address',
  respondent: 'address',
  suspectId: 'id',
  evidence: 'bytes32',
  suspectFingerprint: 'bytes32',
  suspectType: 'uint16',
  forum: 'id',
  backup: 'id',
})

/**
 * Puts what a claimant says into the contract's form.
 * @throws INVALID_INPUT, INVALID_ADDRESS
 */
export function encodeClaim(terms: ClaimTerms, claimant: string): ClaimStruct {
  return {
    workId: wordOf('workId', terms.workId),
    claimant,
    respondent: terms.respondent === undefined ? ZeroAddress : addressOf('respondent', terms.respondent),
    suspectId: terms.suspectId === undefined ? ZERO_32 : wordOf('suspectId', terms.suspectId),
    evidence: digestOf('evidence', terms.evidence),
    suspectFingerprint: terms.fingerprint === undefined ? ZERO_32 : wordOf('fingerprint', terms.fingerprint.bits),
    suspectType: terms.fingerprint === undefined ? 0 : Number(uintOf('fingerprint.type', terms.fingerprint.type, 16)),
    forum: forumWord('forum', terms.forum),
    backup: forumWord('backup', terms.backup),
  }
}

function forumWord(field: string, forum: Forum | undefined): Hex {
  if (forum === undefined) return ZERO_32
  const arbitrator = forum.arbitrator === undefined ? 0n : BigInt(addressOf(`${field}.arbitrator`, forum.arbitrator))
  return wordOf(
    field,
    arbitrator | (uintOf(`${field}.court`, forum.court ?? 0, 64) << 160n) | (uintOf(`${field}.jurors`, forum.jurors ?? 0, 16) << 224n),
  )
}

/** What a claimant asks for, so that the matter ends. */
export interface SettlementTerms {
  /** Paid to the work, beside the price of the license; nothing by default. */
  amount?: bigint
  /** `'native'` by default. */
  currency?: Currency
  /** The offer of which the respondent is to take a license, by its id. */
  offerId?: Bytes32
  /** From when on use of the work is settled. */
  coversFrom: Date | number
  /** Until when it can be taken; 14 days by default. */
  deadline?: Date | number
}

/** The contract's `Settlement`, JSON-safe. */
export interface SettlementStruct {
  claimId: Hex
  currency: string
  amount: string
  offerId: Hex
  coversFrom: number
  deadline: number
}

/** A settlement that the claimant has signed. JSON as it is. */
export type SignedSettlement = SignedDocument<'colophon-settlement', SettlementStruct>

export const settlementDocument: DocumentKind<'colophon-settlement', SettlementStruct> = defineDocument(
  'colophon-settlement',
  'InfringementClaims',
  defineStruct<SettlementStruct>('Settlement', {
    claimId: 'bytes32',
    currency: 'address',
    amount: 'uint256',
    offerId: 'bytes32',
    coversFrom: 'uint40',
    deadline: 'uint40',
  }),
)

/** Puts a settlement into the form that is signed. */
export function encodeSettlement(claimId: Hex, terms: SettlementTerms, deadline: number): SettlementStruct {
  return {
    claimId,
    currency: currencyAddress(terms.currency),
    amount: amountOf('amount', terms.amount ?? 0n).toString(),
    offerId: terms.offerId === undefined ? ZERO_32 : wordOf('offerId', terms.offerId),
    coversFrom: secondsOf('coversFrom', terms.coversFrom),
    deadline,
  }
}

/**
 * Reads a settlement from JSON text or an object.
 * @throws INVALID_SIGNED naming the field
 */
export function parseSettlement(input: string | object): SignedSettlement {
  return settlementDocument.parse(input)
}

/** A settlement in amounts and dates. */
export function readSettlement(input: SignedSettlement): {
  claimId: Hex
  amount: bigint
  currency: Currency
  offerId: Hex | undefined
  coversFrom: Date
  deadline: Date
} {
  const { claimId, amount, currency, offerId, coversFrom, deadline } = parseSettlement(input).value
  return {
    claimId,
    amount: BigInt(amount),
    currency: currencyNamed(currency),
    offerId: offerId === ZERO_32 ? undefined : offerId,
    coversFrom: new Date(coversFrom * 1000),
    deadline: new Date(deadline * 1000),
  }
}
