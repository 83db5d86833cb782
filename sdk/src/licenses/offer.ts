import { ZeroAddress } from 'ethers'
import { type Currency, currencyAddress, currencyNamed } from '../currency/index.ts'
import { addressOf, type Bytes32, type Hex, ZERO_32 } from '../deposits/work.ts'
import { amountOf, digestOf, partsOf, uintOf, wordOf } from '../input/index.ts'
import { type DocumentKind, defineDocument, defineStruct, type SignedDocument } from '../signing/index.ts'
import { decodeUse, encodeUse, type UseBits, type UseRead, type UseTerms } from '../terms/index.ts'

/** What a rights holder offers. */
export interface OfferTerms extends UseTerms {
  /** The deposit's id. */
  workId: Bytes32
  /** For one license and for each renewal, in the currency's smallest unit; `0n` gives it away. */
  price: bigint
  /** `'native'`, the default, or the address of an ERC-20 that the revenue splitter takes. */
  currency?: Currency
  /** How many licenses can be sold; 1 by default. */
  supply?: number
  /** Last second at which it can be taken; 30 days from now by default. */
  closesAt?: Date | number
  /** Whether a license may be renewed at the same price while the offer stands; not by default. */
  renewable?: boolean
  /** Most that the platform through which a sale is made may keep; 0 by default. Four decimals. */
  commissionPercent?: number
  /** Who may keep that commission; anybody whom the buyer names by default. */
  platform?: string
  /** The terms in words: the document's CID or its sha2-256 digest. */
  document?: Bytes32
}

/** The contract's `Offer`, JSON-safe. Its EIP-712 hash is the offer's id. */
export interface OfferStruct {
  workId: Hex
  seller: string
  epoch: number
  currency: string
  price: string
  duration: number
  closesAt: number
  supply: number
  exclusive: boolean
  territories: number
  channels: number
  rights: number
  transferable: boolean
  renewable: boolean
  resaleBps: number
  derivativeBps: number
  commissionCapPpm: number
  platform: string
  document: Hex
}

/** An offer that anybody can take, and what makes it known. JSON as it is: publish it anywhere. */
export type SignedOffer = SignedDocument<'colophon-offer', OfferStruct>

/** An offer in names and amounts. */
export interface OfferRead extends UseRead {
  id: Hex
  workId: Hex
  seller: string
  price: bigint
  currency: Currency
  supply: number
  closesAt: Date
  renewable: boolean
  commissionPercent: number
  /** Who may keep the commission; undefined for anybody. */
  platform: string | undefined
  /** Digest of the terms in words; undefined if there are none. */
  document: Hex | undefined
}

export const offerDocument: DocumentKind<'colophon-offer', OfferStruct> = defineDocument(
  'colophon-offer',
  'LicenseToken',
  defineStruct<OfferStruct>('Offer', {
    workId: 'id',
    seller: 'address',
    epoch: 'uint32',
    currency: 'address',
    price: 'uint256',
    duration: 'uint40',
    closesAt: 'uint40',
    supply: 'uint24',
    exclusive: 'bool',
    territories: 'uint16',
    channels: 'uint16',
    rights: 'uint8',
    transferable: 'bool',
    renewable: 'bool',
    resaleBps: 'uint16',
    derivativeBps: 'uint16',
    commissionCapPpm: 'uint24',
    platform: 'address',
    document: 'bytes32',
  }),
)

const PPM = 1_000_000

/**
 * Puts friendly terms into the form that is signed.
 * @throws INVALID_INPUT naming the field
 */
export function encodeOffer(terms: OfferTerms, seller: string, epoch: number, closesAt: number): OfferStruct {
  const { duration, exclusive, territories, channels, rights, transferable, resaleBps, derivativeBps }: UseBits = encodeUse(terms)
  return {
    workId: wordOf('workId', terms.workId),
    seller: addressOf('seller', seller),
    epoch,
    currency: currencyAddress(terms.currency),
    price: amountOf('price', terms.price).toString(),
    duration,
    closesAt,
    supply: Number(uintOf('supply', terms.supply ?? 1, 24)),
    exclusive,
    territories,
    channels,
    rights,
    transferable,
    renewable: terms.renewable ?? false,
    resaleBps,
    derivativeBps,
    commissionCapPpm: partsOf('commissionPercent', terms.commissionPercent ?? 0, PPM),
    platform: terms.platform === undefined ? ZeroAddress : addressOf('platform', terms.platform),
    document: terms.document === undefined ? ZERO_32 : digestOf('document', terms.document),
  }
}

/**
 * Reads an offer from JSON text or an object.
 * @throws INVALID_SIGNED naming the field
 */
export function parseOffer(input: string | object): SignedOffer {
  return offerDocument.parse(input)
}

/** What an offer says, in names and amounts. */
export function readOffer(offer: SignedOffer): OfferRead {
  const { id, value } = parseOffer(offer)
  return {
    ...decodeUse(value),
    id,
    workId: value.workId,
    seller: value.seller,
    price: BigInt(value.price),
    currency: currencyNamed(value.currency),
    supply: value.supply,
    closesAt: new Date(value.closesAt * 1000),
    renewable: value.renewable,
    commissionPercent: (value.commissionCapPpm * 100) / PPM,
    platform: value.platform === ZeroAddress ? undefined : value.platform,
    document: value.document === ZERO_32 ? undefined : value.document,
  }
}
