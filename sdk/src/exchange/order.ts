import { ZeroAddress } from 'ethers'
import { type Currency, currencyAddress, currencyNamed } from '../currency/index.ts'
import { addressOf, type Bytes32, type Hex } from '../deposits/work.ts'
import { bytesToHex } from '../hex/index.ts'
import { amountOf, partsOf, secondsOf, uintOf, wordOf } from '../input/index.ts'
import { invalidInput } from '../input/input.ts'
import { type DocumentKind, defineDocument, defineStruct, type SignedDocument } from '../signing/index.ts'

/** What is traded: the title of a work, or a license. */
export type TokenRef = { title: Bytes32 } | { license: Bytes32 | bigint }

/** A sale at a fixed price. */
export interface OrderTerms {
  token: TokenRef
  /** What the buyer pays, royalty or resale fee included; at least 1. */
  price: bigint
  /** `'native'` by default. */
  currency?: Currency
  /** Who alone may buy; anybody by default. */
  buyer?: string
  /** Last second at which it can be filled; 30 days from now by default. */
  expiresAt?: Date | number
  /** Of all a seller's orders and auctions with one nonce at most one comes about; random by default. */
  nonce?: bigint
}

/** An English auction. */
export interface AuctionTerms {
  token: TokenRef
  /** Least first bid, at least 1. */
  reserve: bigint
  /** `'native'` by default. */
  currency?: Currency
  /** How much higher each bid must be than the one before; 5 by default, from 1 to 100. */
  stepPercent?: number
  /** Now by default. */
  startsAt?: Date | number
  endsAt: Date | number
  /** Seconds that always remain after a bid; 600 by default, from 300 to 86,400. */
  extension?: number
  nonce?: bigint
}

/** The contract's `Order`, JSON-safe. */
export interface OrderStruct {
  seller: string
  isLicense: boolean
  tokenId: Hex
  currency: string
  price: string
  buyer: string
  expiresAt: number
  nonce: string
}

/** The contract's `Auction`, JSON-safe. */
export interface AuctionStruct {
  seller: string
  isLicense: boolean
  tokenId: Hex
  currency: string
  reserve: string
  stepBps: number
  startsAt: number
  endsAt: number
  extension: number
  nonce: string
}

/** An order that its seller has signed. JSON as it is. */
export type SignedOrder = SignedDocument<'colophon-order', OrderStruct>

/** An auction that its seller has signed, or opened on the chain. JSON as it is. */
export type SignedAuction = SignedDocument<'colophon-auction', AuctionStruct>

export const orderDocument: DocumentKind<'colophon-order', OrderStruct> = defineDocument(
  'colophon-order',
  'RightsExchange',
  defineStruct<OrderStruct>('Order', {
    seller: 'address',
    isLicense: 'bool',
    tokenId: 'id',
    currency: 'address',
    price: 'uint256',
    buyer: 'address',
    expiresAt: 'uint40',
    nonce: 'uint256',
  }),
)

export const auctionDocument: DocumentKind<'colophon-auction', AuctionStruct> = defineDocument(
  'colophon-auction',
  'RightsExchange',
  defineStruct<AuctionStruct>('Auction', {
    seller: 'address',
    isLicense: 'bool',
    tokenId: 'id',
    currency: 'address',
    reserve: 'uint96',
    stepBps: 'uint16',
    startsAt: 'uint40',
    endsAt: 'uint40',
    extension: 'uint40',
    nonce: 'uint256',
  }),
)

/** A token as the contract names it. */
export function tokenOf(token: TokenRef): { isLicense: boolean; tokenId: Hex } {
  if ('title' in token) return { isLicense: false, tokenId: wordOf('token.title', token.title) }
  return { isLicense: true, tokenId: wordOf('token.license', token.license) }
}

/** A token as people name it. */
export function tokenNamed(isLicense: boolean, tokenId: Hex): { title: Hex } | { license: Hex } {
  return isLicense ? { license: tokenId } : { title: tokenId }
}

/** Puts an order into the form that is signed. */
export function encodeOrder(terms: OrderTerms, seller: string, expiresAt: number): OrderStruct {
  return {
    seller,
    ...tokenOf(terms.token),
    currency: currencyAddress(terms.currency),
    price: amountOf('price', terms.price, { least: 1n }).toString(),
    buyer: terms.buyer === undefined ? ZeroAddress : addressOf('buyer', terms.buyer),
    expiresAt,
    nonce: nonceOf(terms.nonce),
  }
}

/** Puts an auction into the form that is signed. */
export function encodeAuction(terms: AuctionTerms, seller: string, now: number): AuctionStruct {
  const stepBps = partsOf('stepPercent', terms.stepPercent ?? 5, 10_000)
  if (stepBps < 100) throw invalidInput('stepPercent', terms.stepPercent, 'a percentage from 1 to 100')
  const startsAt = terms.startsAt === undefined ? now : secondsOf('startsAt', terms.startsAt)
  const endsAt = secondsOf('endsAt', terms.endsAt)
  if (endsAt <= startsAt) throw invalidInput('endsAt', endsAt, `a time after the beginning, ${startsAt}`)
  const extension = secondsOf('extension', terms.extension ?? 600)
  if (extension < 300 || extension > 86_400) throw invalidInput('extension', extension, 'seconds from 300 to 86,400')
  return {
    seller,
    ...tokenOf(terms.token),
    currency: currencyAddress(terms.currency),
    reserve: amountOf('reserve', terms.reserve, { least: 1n, bits: 96 }).toString(),
    stepBps,
    startsAt,
    endsAt,
    extension,
    nonce: nonceOf(terms.nonce),
  }
}

/** Random by default, because two sales with one nonce exclude each other, which nobody should get by chance. */
function nonceOf(nonce: bigint | undefined): string {
  if (nonce !== undefined) return uintOf('nonce', nonce, 256).toString()
  return BigInt(bytesToHex(crypto.getRandomValues(new Uint8Array(16)))).toString()
}

/**
 * Reads an order from JSON text or an object.
 * @throws INVALID_SIGNED naming the field
 */
export function parseOrder(input: string | object): SignedOrder {
  return orderDocument.parse(input)
}

/**
 * Reads an auction from JSON text or an object.
 * @throws INVALID_SIGNED naming the field
 */
export function parseAuction(input: string | object): SignedAuction {
  return auctionDocument.parse(input)
}

/** What an order says, in amounts and dates. */
export function readOrder(input: SignedOrder): {
  id: Hex
  seller: string
  token: { title: Hex } | { license: Hex }
  price: bigint
  currency: Currency
  buyer: string | undefined
  expiresAt: Date
} {
  const { id, value } = parseOrder(input)
  return {
    id,
    seller: value.seller,
    token: tokenNamed(value.isLicense, value.tokenId),
    price: BigInt(value.price),
    currency: currencyNamed(value.currency),
    buyer: value.buyer === ZeroAddress ? undefined : value.buyer,
    expiresAt: new Date(value.expiresAt * 1000),
  }
}
