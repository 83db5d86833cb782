import { ZeroAddress } from 'ethers'
import { type Connection, type ConnectionOptions, createConnection } from '../client/connection.ts'
import { eventIn, type Mined, minedAt } from '../client/mined.ts'
import type { Call, Write, WriteContext } from '../client/write.ts'
import type { LicenseTokenInterface } from '../contracts/generated/types/LicenseToken.ts'
import { currencyNamed, type Money, paying } from '../currency/index.ts'
import { addressOf, type Bytes32, type Hex } from '../deposits/work.ts'
import { ColophonError } from '../errors/base.ts'
import { idText, partsOf, wordOf } from '../input/index.ts'
import { laterThanNow } from '../signing/index.ts'
import { bindTitle, standingOf } from '../titles/client.ts'
import { encodeOffer, type OfferStruct, type OfferTerms, offerDocument, type SignedOffer } from './offer.ts'
import { bindLicenses, createLicenseReads, type LicenseReads } from './records.ts'

/** What a buyer gives. */
export interface Purchase {
  offer: SignedOffer
  /** Who gets the license; the signer by default. */
  recipient?: string
  /** Who brought the buyer, and is credited with the commission. */
  platform?: string
  /** What the platform keeps, at most what the offer allows; by default that, if there is a platform. Four decimals. */
  commissionPercent?: number
}

export interface Acquired extends Mined {
  licenseId: Hex
  workId: Hex
  owner: string
  /** First second at which it is no longer in force; undefined for a license without end. */
  until: Date | undefined
  paid: Money
}

export interface Renewed extends Mined {
  licenseId: Hex
  until: Date
  paid: Money
}

export interface Licenses extends LicenseReads {
  /**
   * Signs an offer: it costs nothing, and whoever has it can take it.
   * @throws INVALID_INPUT, DEPOSIT_NOT_FOUND, NOT_RIGHTS_HOLDER when the signer does not hold the rights, WORK_REFUTED, USER_REJECTED
   */
  sign(terms: OfferTerms): Promise<SignedOffer>
  /**
   * Opens an offer on the chain, for those who look for it there; it needs no signature then.
   * @throws as `sign`, and OFFER_EXISTS
   */
  open: Write<OfferTerms, { offer: SignedOffer } & Mined, { offerId: Hex }>
  /**
   * Cancels an offer for good; licenses sold under it stay.
   * @throws NOT_SELLER, OFFER_DEAD
   */
  cancel: Write<SignedOffer, { offerId: Hex } & Mined, { offerId: Hex }>
  /** Whether an offer could be taken now, and if not why: everything but the payment is checked. */
  check(offer: SignedOffer): Promise<{ ok: true } | { ok: false; error: ColophonError }>
  /**
   * Buys a license, which runs from now. Tokens are approved to the revenue splitter for exactly the price.
   * @throws OFFER_DEAD, OFFER_INVALID, LICENSE_OVERLAP, SIGNATURE_INVALID, BALANCE_TOO_LOW, COMMISSION_INVALID …, all before anything is paid
   */
  acquire: Write<Purchase, Acquired, { licenseId: Hex }>
  /**
   * Adds the offer's duration to a license that was sold under it, for the offer's price. Anybody may pay.
   * @throws NOT_RENEWABLE, OFFER_DEAD, LICENSE_OVERLAP
   */
  renew: Write<Omit<Purchase, 'recipient'> & { licenseId: Bytes32 | bigint }, Renewed, { until: Date }>
  /**
   * Agrees, on the strength of a license to adapt, that the signer's own work be registered as a derivative; `revenue.registerDerivative` does that.
   * @throws NOT_LICENSE_OWNER, LICENSE_NOT_IN_FORCE, OFFER_INVALID
   */
  authorizeDerivative: Write<
    { licenseId: Bytes32 | bigint; childWorkId: Bytes32 },
    { parentWorkId: Hex; childWorkId: Hex; percent: number } & Mined,
    { childWorkId: Hex }
  >
  /**
   * Sends a license to another account.
   * @throws LICENSE_NOT_TRANSFERABLE, LICENSE_NOT_IN_FORCE, TOKEN_NOT_APPROVED
   */
  transfer: Write<{ licenseId: Bytes32 | bigint; to: string }, { licenseId: Hex; to: string } & Mined, { licenseId: Hex }>
}

/** A licenses client of its own. */
export function createLicenses(options: ConnectionOptions): Licenses {
  return createLicensesOn(createConnection(options))
}

/** Seconds that an offer stands if nothing else is said: 30 days. */
const OFFER_TIME = 2_592_000
const PPM = 1_000_000

/** A licenses client on a connection that others share. */
export function createLicensesOn(connection: Connection): Licenses {
  const licenses = bindLicenses(connection)
  const titles = bindTitle(connection)
  const reads = createLicenseReads(licenses)
  const face = (): LicenseTokenInterface => licenses.face()

  /** The terms as a struct, in the name of the signer, who must hold the rights. */
  async function structOf(terms: OfferTerms): Promise<OfferStruct> {
    const seller = await (await connection.signer()).getAddress()
    const workId = wordOf('workId', terms.workId)
    const [{ holder, epoch, refuted }, closesAt] = await Promise.all([
      standingOf(titles, workId),
      laterThanNow(connection, 'closesAt', terms.closesAt, OFFER_TIME),
    ])
    const offer = encodeOffer(terms, seller, epoch, closesAt)
    if (holder !== seller)
      throw new ColophonError('NOT_RIGHTS_HOLDER', `The rights in ${workId} are ${holder}'s, and the signer is ${seller}.`, {
        hint: "Use the account of the title's owner, or of the claimant if there is no title.",
        details: { workId, holder, signer: seller },
      })
    if (refuted)
      throw new ColophonError('WORK_REFUTED', `A ruling refuted the deposit ${workId}.`, {
        hint: 'It gets no license and no renewal any more.',
        details: { workId },
      })
    return offer
  }

  /** What a sale sends: the arguments that every sale ends with, and the payment. */
  async function sale(
    { offer: { value }, platform, commissionPercent }: Omit<Purchase, 'recipient'>,
    data: (platform: string, commissionPpm: number) => string,
  ): Promise<Call> {
    const splitter = await connection.contract('RevenueSplitter')
    const named = platform === undefined ? ZeroAddress : addressOf('platform', platform)
    const ppm =
      commissionPercent === undefined
        ? platform === undefined
          ? 0
          : value.commissionCapPpm
        : partsOf('commissionPercent', commissionPercent, PPM)
    return { data: data(named, ppm), ...paying(value.currency, BigInt(value.price), splitter.address) }
  }

  const checked = async (offer: SignedOffer): Promise<void> =>
    await licenses.read('checking the offer', (contract) => contract.checkOffer(offer.value, offer.signature))

  const paidOf = ({ value }: SignedOffer): Money => ({ amount: BigInt(value.price), currency: currencyNamed(value.currency) })
  const recipientOf = ({ recipient }: Purchase, { from }: WriteContext): string =>
    recipient === undefined ? from : addressOf('recipient', recipient)

  return {
    ...reads,

    sign: async (terms) => await offerDocument.sign(connection, await structOf(terms)),

    open: licenses.write({
      action: 'opening the offer',
      encode: async (terms) => face().encodeFunctionData('open', [await structOf(terms)]),
      preview: (returned) => ({ offerId: face().decodeFunctionResult('open', returned)[0] as Hex }),
      result: async (mined, terms, context) => {
        // From the event, since the epoch or the default closing time may have moved on between encoding and now.
        const { seller, terms: word } = eventIn(mined, context.address, face(), 'OfferOpened').args
        const part = (from: bigint, bits: bigint): number => Number((BigInt(word) >> from) & ((1n << bits) - 1n))
        const value = encodeOffer(terms, seller, part(88n, 32n), part(48n, 40n))
        return { offer: offerDocument.unsigned(context, value), ...(await minedAt(connection.provider, mined)) }
      },
    }),

    cancel: licenses.write({
      action: 'cancelling the offer',
      encode: (offer, context) => face().encodeFunctionData('cancel', [offerDocument.meantFor(offer, context).value]),
      preview: (_, { id }) => ({ offerId: id }),
      result: async (mined, { id }) => ({ offerId: id, ...(await minedAt(connection.provider, mined)) }),
    }),

    async check(given) {
      try {
        await checked(offerDocument.meantFor(given, await connection.contract('LicenseToken')))
        return { ok: true }
      } catch (error) {
        // Only a refusal is an answer; that the chain cannot be asked is none.
        if (error instanceof ColophonError && ('errorName' in error || /^(INVALID_SIGNED|SIGNATURE_ELSEWHERE)$/.test(error.code)))
          return { ok: false, error }
        throw error
      }
    },

    acquire: licenses.write({
      action: 'buying the license',
      encode: async (input, context) => {
        const offer = offerDocument.meantFor(input.offer, context)
        return await sale({ ...input, offer }, (platform, ppm) =>
          face().encodeFunctionData('acquire', [offer.value, offer.signature, recipientOf(input, context), platform, ppm]),
        )
      },
      precheck: async ({ offer }) => await checked(offer),
      preview: (returned) => ({ licenseId: idText(face().decodeFunctionResult('acquire', returned)[0]) }),
      result: async (mined, input, context) => {
        const { licenseId, workId } = eventIn(mined, context.address, face(), 'LicenseAcquired').args
        const { duration } = input.offer.value
        const place = await minedAt(connection.provider, mined)
        return {
          licenseId: idText(licenseId),
          workId: idText(workId),
          owner: recipientOf(input, context),
          until: duration === 0 ? undefined : new Date(place.at.getTime() + duration * 1000),
          paid: paidOf(input.offer),
          ...place,
        }
      },
    }),

    renew: licenses.write({
      action: 'renewing the license',
      encode: async (input, context) => {
        const offer = offerDocument.meantFor(input.offer, context)
        const licenseId = wordOf('licenseId', input.licenseId)
        return await sale({ ...input, offer }, (platform, ppm) =>
          face().encodeFunctionData('renew', [licenseId, offer.value, platform, ppm]),
        )
      },
      preview: (returned) => ({ until: dateOf(face().decodeFunctionResult('renew', returned)[0]) }),
      result: async (mined, { offer }, { address }) => {
        const { licenseId, until } = eventIn(mined, address, face(), 'LicenseRenewed').args
        return { licenseId: idText(licenseId), until: dateOf(until), paid: paidOf(offer), ...(await minedAt(connection.provider, mined)) }
      },
    }),

    authorizeDerivative: licenses.write({
      action: 'authorizing the derivative',
      encode: ({ licenseId, childWorkId }) =>
        face().encodeFunctionData('authorizeDerivative', [wordOf('licenseId', licenseId), wordOf('childWorkId', childWorkId)]),
      preview: (_, { childWorkId }) => ({ childWorkId: wordOf('childWorkId', childWorkId) }),
      result: async (mined, _, { address }) => {
        const { parentWorkId, childWorkId, derivativeBps } = eventIn(mined, address, face(), 'DerivativeAuthorized').args
        return {
          parentWorkId: idText(parentWorkId),
          childWorkId: idText(childWorkId),
          percent: Number(derivativeBps) / 100,
          ...(await minedAt(connection.provider, mined)),
        }
      },
    }),

    transfer: licenses.write({
      action: 'transferring the license',
      encode: ({ licenseId, to }, { from }) =>
        face().encodeFunctionData('safeTransferFrom(address,address,uint256)', [from, addressOf('to', to), wordOf('licenseId', licenseId)]),
      preview: (_, { licenseId }) => ({ licenseId: wordOf('licenseId', licenseId) }),
      result: async (mined, { licenseId, to }) => ({
        licenseId: wordOf('licenseId', licenseId),
        to: addressOf('to', to),
        ...(await minedAt(connection.provider, mined)),
      }),
    }),
  }
}

function dateOf(seconds: bigint): Date {
  return new Date(Number(seconds) * 1000)
}
