import { type TransactionReceipt, ZeroAddress } from 'ethers'
import { type BoundContract, bindContract } from '../client/bound.ts'
import { type Connection, type ConnectionOptions, createConnection } from '../client/connection.ts'
import { eventIn, eventsIn, type Mined, minedAt, timeOfBlock } from '../client/mined.ts'
import type { Call, Write } from '../client/write.ts'
import { CopyrightTitle__factory } from '../contracts/generated/CopyrightTitle.ts'
import { LicenseToken__factory } from '../contracts/generated/LicenseToken.ts'
import { RevenueSplitter__factory } from '../contracts/generated/RevenueSplitter.ts'
import { RightsExchange__factory } from '../contracts/generated/RightsExchange.ts'
import type { RightsExchange, RightsExchangeInterface } from '../contracts/generated/types/RightsExchange.ts'
import { type Currency, currencyAddress, currencyNamed, type Money, paying } from '../currency/index.ts'
import { addressOf, type Hex } from '../deposits/work.ts'
import { ColophonError } from '../errors/base.ts'
import { amountOf, idText, uintOf } from '../input/index.ts'
import { invalidInput } from '../input/input.ts'
import { laterThanNow } from '../signing/index.ts'
import {
  type AuctionStruct,
  type AuctionTerms,
  auctionDocument,
  encodeAuction,
  encodeOrder,
  type OrderTerms,
  orderDocument,
  type SignedAuction,
  type SignedOrder,
  type TokenRef,
  tokenNamed,
  tokenOf,
} from './order.ts'

/** What was sold, for how much, and what of it was royalty or resale fee. */
export interface Sold extends Mined {
  id: Hex
  token: { title: Hex } | { license: Hex }
  seller: string
  buyer: string
  paid: Money
  /** Royalty or resale fee, out of the price. */
  fee: bigint
}

const PHASES = ['none', 'open', 'sold', 'unsold', 'void'] as const

/** How far an auction has come. */
export type AuctionPhase = (typeof PHASES)[number]

export interface AuctionRecord {
  id: Hex
  phase: AuctionPhase
  /** Who bid most; undefined if nobody did. */
  bidder: string | undefined
  bid: Money
  /** First second after bidding, late bids considered. */
  endsAt: Date
  /** Least amount that a bid must have now; undefined when bidding is over. */
  leastBid: bigint | undefined
}

export interface Exchange {
  /**
   * Allows the exchange to take this one token, which a sale needs; the permission ends when the token moves.
   * @throws TOKEN_NOT_APPROVED, TOKEN_NOT_FOUND
   */
  approveTitle: Write<{ title: string }, { token: { title: Hex } } & Mined, { token: { title: Hex } }>
  /** The same for a license. */
  approveLicense: Write<{ license: string | bigint }, { token: { license: Hex } } & Mined, { token: { license: Hex } }>
  /**
   * Signs a sale at a fixed price. Costs nothing.
   * @throws TOKEN_NOT_OWNED, TOKEN_NOT_APPROVED before anything is signed
   */
  sign(terms: OrderTerms): Promise<SignedOrder>
  /**
   * Buys at the price that was signed. Tokens are approved for exactly the price.
   * @throws ORDER_EXPIRED, ORDER_USED, NOT_THE_BUYER, SIGNATURE_INVALID, TOKEN_WORTHLESS, TITLE_FROZEN, BALANCE_TOO_LOW
   */
  fill: Write<SignedOrder, Sold, { id: Hex }>
  /** Cancels an order for good. */
  cancel: Write<SignedOrder, { id: Hex } & Mined, { id: Hex }>
  /** Signs an auction, which the first bid opens. Costs nothing. */
  signAuction(terms: AuctionTerms): Promise<SignedAuction>
  /** Opens an auction: the exchange takes the token. */
  openAuction: Write<AuctionTerms, { auction: SignedAuction } & Mined, { id: Hex }>
  /** Bids; `amount` is the whole bid. */
  bid: Write<{ auction: SignedAuction; amount: bigint }, { id: Hex; bid: Money; endsAt: Date } & Mined, { id: Hex }>
  /** Ends an auction whose time is over. Anybody may. */
  settle: Write<SignedAuction, { id: Hex; phase: AuctionPhase; winner: string | undefined; paid: Money; fee: bigint } & Mined, { id: Hex }>
  /** Takes a token back for which nobody has bid. */
  closeAuction: Write<SignedAuction, { id: Hex } & Mined, { id: Hex }>
  /** Cancels a signed auction that nobody has opened. */
  cancelAuction: Write<SignedAuction, { id: Hex } & Mined, { id: Hex }>
  /** Withdraws the signer's bids that were outbid. */
  withdraw: Write<{ currency?: Currency; to?: string }, { withdrawn: Money } & Mined, { withdrawn: Money }>
  /**
   * Cancels up to 256 nonces of the signer's at once, and all orders and unopened auctions with them; for sellers who count their nonces.
   * @throws INVALID_INPUT unless all are of one block of 256: equal but for their last 8 bits
   */
  cancelNonces: Write<{ nonces: readonly bigint[] }, { nonces: bigint[] } & Mined, { nonces: bigint[] }>
  /**
   * Takes a token that the exchange keeps for the signer, who did not take it when it was sent.
   * @throws NOT_KEPT
   */
  release: Write<TokenRef & { to?: string }, { to: string } & Mined, { to: string }>
  /** How far an auction has come. */
  auction(auction: SignedAuction): Promise<AuctionRecord>
  /** What the exchange holds for an account to withdraw. */
  heldFor(account: string, currency?: Currency): Promise<Money>
}

/** An exchange client of its own. */
export function createExchange(options: ConnectionOptions): Exchange {
  return createExchangeOn(createConnection(options))
}

/** Seconds that an order stands if nothing else is said: 30 days. */
const ORDER_TIME = 2_592_000

const CALLED = [CopyrightTitle__factory, LicenseToken__factory, RevenueSplitter__factory]

/** An exchange client on a connection that others share. */
export function createExchangeOn(connection: Connection): Exchange {
  const exchange: BoundContract<RightsExchangeInterface, RightsExchange> = bindContract(
    connection,
    'RightsExchange',
    RightsExchange__factory,
    CALLED,
  )
  const titles = bindContract(connection, 'CopyrightTitle', CopyrightTitle__factory)
  const licenses = bindContract(connection, 'LicenseToken', LicenseToken__factory)
  const face = (): RightsExchangeInterface => exchange.face()
  const place = (mined: TransactionReceipt): Promise<Mined> => minedAt(connection.provider, mined)

  /** The signer, who must own the token and have allowed the exchange to take it: what is signed without that cannot be filled. */
  async function sellerOf(token: TokenRef): Promise<string> {
    const seller = await (await connection.signer()).getAddress()
    const { isLicense, tokenId } = tokenOf(token)
    const { address } = await connection.contract('RightsExchange')
    const tokens = isLicense ? licenses : titles
    const [owner, approved, operator] = await tokens.read('asking for the token', (contract) =>
      Promise.all([contract.ownerOf(tokenId), contract.getApproved(tokenId), contract.isApprovedForAll(seller, address)]),
    )
    if (owner !== seller)
      throw new ColophonError('TOKEN_NOT_OWNED', `The token is ${owner}'s, and the signer is ${seller}.`, {
        hint: 'Sign with the account that owns it.',
        details: { ...tokenNamed(isLicense, tokenId), owner, signer: seller },
      })
    if (!operator && approved.toLowerCase() !== address.toLowerCase())
      throw new ColophonError('TOKEN_NOT_APPROVED', 'The exchange may not move the token yet.', {
        hint: `Call exchange.${isLicense ? 'approveLicense' : 'approveTitle'} first; it allows this one token.`,
        details: tokenNamed(isLicense, tokenId),
      })
    return seller
  }

  async function auctionOf(terms: AuctionTerms): Promise<AuctionStruct> {
    const [seller, now] = await Promise.all([sellerOf(terms.token), timeOfBlock(connection.provider, 'latest')])
    return encodeAuction(terms, seller, now)
  }

  async function payingSplitter(currency: string, amount: bigint): Promise<Pick<Call, 'value' | 'spends'>> {
    return paying(currency, amount, (await connection.contract('RevenueSplitter')).address)
  }

  /** A step of an auction or order that only tells its id. */
  function ending<Document extends SignedOrder | SignedAuction>(
    action: string,
    encode: (document: Document, context: { address: string; chainId: number }) => string,
  ): Write<Document, { id: Hex } & Mined, { id: Hex }> {
    return exchange.write<Document, { id: Hex } & Mined, { id: Hex }>({
      action,
      encode,
      preview: (_, { id }) => ({ id }),
      result: async (mined, { id }) => ({ id, ...(await place(mined)) }),
    })
  }

  return {
    approveTitle: titles.write({
      action: 'allowing the exchange to take the title',
      encode: async ({ title }) => {
        const { address } = await connection.contract('RightsExchange')
        return titles.face().encodeFunctionData('approve', [address, tokenOf({ title }).tokenId])
      },
      preview: (_, { title }) => ({ token: { title: tokenOf({ title }).tokenId } }),
      result: async (mined, { title }) => ({ token: { title: tokenOf({ title }).tokenId }, ...(await place(mined)) }),
    }),

    approveLicense: licenses.write({
      action: 'allowing the exchange to take the license',
      encode: async ({ license }) => {
        const { address } = await connection.contract('RightsExchange')
        return licenses.face().encodeFunctionData('approve', [address, tokenOf({ license }).tokenId])
      },
      preview: (_, { license }) => ({ token: { license: tokenOf({ license }).tokenId } }),
      result: async (mined, { license }) => ({ token: { license: tokenOf({ license }).tokenId }, ...(await place(mined)) }),
    }),

    async sign(terms) {
      const [seller, expiresAt] = await Promise.all([
        sellerOf(terms.token),
        laterThanNow(connection, 'expiresAt', terms.expiresAt, ORDER_TIME),
      ])
      return await orderDocument.sign(connection, encodeOrder(terms, seller, expiresAt))
    },

    fill: exchange.write({
      action: 'filling the order',
      encode: async (order, context) => {
        const { value, signature } = orderDocument.meantFor(order, context)
        return {
          data: face().encodeFunctionData('fill', [value, signature]),
          ...(await payingSplitter(value.currency, BigInt(value.price))),
        }
      },
      precheck: async ({ value }) => {
        const used = await exchange.read('asking for the nonce', (contract) => contract.isNonceUsed(value.seller, value.nonce))
        if (used || (await timeOfBlock(connection.provider, 'latest')) > value.expiresAt)
          throw new ColophonError(
            used ? 'ORDER_USED' : 'ORDER_EXPIRED',
            `The order was ${used ? 'filled or cancelled' : 'good until earlier'}.`,
            {
              hint: 'Ask the seller for a new one.',
              details: { seller: value.seller, nonce: value.nonce, expiresAt: value.expiresAt },
            },
          )
      },
      preview: (_, { id }) => ({ id }),
      result: async (mined, { value }, { address }) => {
        const { id, seller, buyer, tokenId, currency, price, fee } = eventIn(mined, address, face(), 'OrderFilled').args
        return {
          id,
          token: tokenNamed(value.isLicense, idText(tokenId)),
          seller,
          buyer,
          paid: { amount: price, currency: currencyNamed(currency) },
          fee,
          ...(await place(mined)),
        }
      },
    }),

    cancel: ending<SignedOrder>('cancelling the order', (order, context) =>
      face().encodeFunctionData('cancel', [orderDocument.meantFor(order, context).value]),
    ),

    signAuction: async (terms) => await auctionDocument.sign(connection, await auctionOf(terms)),

    openAuction: exchange.write({
      action: 'opening the auction',
      encode: async (terms) => face().encodeFunctionData('open', [await auctionOf(terms)]),
      preview: (returned) => ({ id: face().decodeFunctionResult('open', returned)[0] as Hex }),
      result: async (mined, _, context) => {
        const { auction } = eventIn(mined, context.address, face(), 'AuctionOpened').args
        const { seller, isLicense, tokenId, currency, reserve, stepBps, startsAt, endsAt, extension, nonce } = auction
        const value: AuctionStruct = {
          seller,
          isLicense,
          tokenId: idText(tokenId),
          currency,
          reserve: reserve.toString(),
          stepBps: Number(stepBps),
          startsAt: Number(startsAt),
          endsAt: Number(endsAt),
          extension: Number(extension),
          nonce: nonce.toString(),
        }
        return { auction: auctionDocument.unsigned(context, value), ...(await place(mined)) }
      },
    }),

    bid: exchange.write({
      action: 'bidding',
      encode: async ({ auction, amount }, context) => {
        const { value, signature } = auctionDocument.meantFor(auction, context)
        amountOf('amount', amount, { least: 1n, bits: 96 })
        return {
          data: face().encodeFunctionData('bid', [value, signature, amount]),
          ...(await payingSplitter(value.currency, amount)),
        }
      },
      precheck: async ({ auction, amount }) => {
        const least = await exchange.read('asking for the least bid', (contract) => contract.leastBidOf(auction.value))
        if (amount < least)
          throw new ColophonError('BID_OUT_OF_RANGE', `The bid is ${amount}, and ${least} is the least.`, {
            hint: 'Bid more.',
            details: { amount: amount.toString(), least: least.toString() },
          })
      },
      preview: (_, { auction }) => ({ id: auction.id }),
      result: async (mined, { auction: { value } }, { address }) => {
        const { id, amount, endsAt } = eventIn(mined, address, face(), 'Bid').args
        return {
          id,
          bid: { amount, currency: currencyNamed(value.currency) },
          endsAt: new Date(Number(endsAt) * 1000),
          ...(await place(mined)),
        }
      },
    }),

    settle: exchange.write({
      action: 'settling the auction',
      encode: (auction, context) => face().encodeFunctionData('settle', [auctionDocument.meantFor(auction, context).value]),
      preview: (_, { id }) => ({ id }),
      result: async (mined, { value }, { address }) => {
        const { id, phase, bidder, bid, fee } = eventsIn(mined, address, face(), 'AuctionSettled')[0]!.args
        return {
          id,
          phase: PHASES[Number(phase)]!,
          winner: Number(phase) === 2 ? bidder : undefined,
          paid: { amount: Number(phase) === 2 ? bid : 0n, currency: currencyNamed(value.currency) },
          fee,
          ...(await place(mined)),
        }
      },
    }),

    closeAuction: ending<SignedAuction>('closing the auction', (auction, context) =>
      face().encodeFunctionData('close', [auctionDocument.meantFor(auction, context).value]),
    ),

    cancelAuction: ending<SignedAuction>('cancelling the auction', (auction, context) =>
      face().encodeFunctionData('cancelAuction', [auctionDocument.meantFor(auction, context).value]),
    ),

    withdraw: exchange.write({
      action: 'withdrawing the bids',
      encode: ({ currency, to }, { from }) =>
        face().encodeFunctionData('withdraw', [currencyAddress(currency), to === undefined ? from : addressOf('to', to)]),
      preview: (returned, { currency }) => ({
        withdrawn: { amount: face().decodeFunctionResult('withdraw', returned)[0], currency: currencyNamed(currencyAddress(currency)) },
      }),
      result: async (mined, _, { address }) => {
        const { currency, amount } = eventIn(mined, address, face(), 'Withdrawn').args
        return { withdrawn: { amount, currency: currencyNamed(currency) }, ...(await place(mined)) }
      },
    }),

    cancelNonces: exchange.write({
      action: 'cancelling nonces',
      encode: ({ nonces }) => {
        if (!Array.isArray(nonces) || nonces.length === 0) throw invalidInput('nonces', nonces, 'at least one')
        const words = nonces.map((nonce) => uintOf('nonces', nonce, 256))
        const [word] = words.map((nonce) => nonce >> 8n)
        if (words.some((nonce) => nonce >> 8n !== word)) throw invalidInput('nonces', nonces.join(', '), 'nonces of one block of 256')
        const mask = words.reduce((bits, nonce) => bits | (1n << (nonce & 0xffn)), 0n)
        return face().encodeFunctionData('cancelNonces', [word!, mask])
      },
      preview: (_, { nonces }) => ({ nonces: [...nonces] }),
      result: async (mined, { nonces }) => ({ nonces: [...nonces], ...(await place(mined)) }),
    }),

    release: exchange.write({
      action: 'taking the token',
      encode: (input, { from }) => {
        const { isLicense, tokenId } = tokenOf(input)
        return face().encodeFunctionData('release', [isLicense, tokenId, input.to === undefined ? from : addressOf('to', input.to)])
      },
      preview: (_, { to }, { from }) => ({ to: to ?? from }),
      result: async (mined, _, { address }) => ({ to: eventIn(mined, address, face(), 'Released').args.to, ...(await place(mined)) }),
    }),

    async auction(signed) {
      const { id, value } = auctionDocument.meantFor(signed, await connection.contract('RightsExchange'))
      const now = await timeOfBlock(connection.provider, 'latest')
      return await exchange.read('reading an auction', async (contract) => {
        const [state, least] = await Promise.all([contract.auctionOf(id), contract.leastBidOf(value)])
        const phase = PHASES[Number(state.phase)]!
        const endsAt = phase === 'none' ? value.endsAt : Number(state.endsAt)
        return {
          id,
          phase,
          bidder: state.bidder === ZeroAddress ? undefined : state.bidder,
          bid: { amount: state.bid, currency: currencyNamed(value.currency) },
          endsAt: new Date(endsAt * 1000),
          leastBid: (phase === 'none' || phase === 'open') && now < endsAt ? least : undefined,
        }
      })
    },

    async heldFor(account, currency) {
      const address = currencyAddress(currency)
      const amount = await exchange.read('reading what is held', (contract) => contract.heldFor(addressOf('account', account), address))
      return { amount, currency: currencyNamed(address) }
    },
  }
}
