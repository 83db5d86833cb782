import type { AuctionRecord, Deployment, Hex, SignedAuction, SignedOrder } from '@colophon/sdk'
import { parseAuction, parseOrder, readOrder } from '@colophon/sdk/exchange'
import { word } from '../catalogue/index.ts'
import type { Chain } from '../chain/index.ts'
import { keptOrders } from './orders.ts'

/** What is sold, and the work it belongs to. */
export interface Goods {
  isLicense: boolean
  tokenId: Hex
  workId: Hex
}

export interface OpenedAuction extends Goods {
  signed: SignedAuction
  record: AuctionRecord
}

export interface KnownOrder extends Goods {
  signed: SignedOrder
  read: ReturnType<typeof readOrder>
  state: 'open' | 'filled' | 'cancelled' | 'expired' | 'moved'
}

type Reading = Pick<Chain, 'colophon' | 'provider'> & { deployment: Deployment | undefined }

/** The work of a token: a title has the work's own number, a license knows its work. */
async function goodsOf({ colophon }: Reading, isLicense: boolean, tokenId: Hex): Promise<Goods & { owner: string | undefined }> {
  if (!isLicense) return { isLicense, tokenId, workId: tokenId, owner: await colophon.titles.rightsHolderOf(tokenId) }
  const license = await colophon.licenses.get(tokenId)
  return { isLicense, tokenId, workId: license?.workId ?? tokenId, owner: license?.owner }
}

/** Auctions that were opened, the running ones first and of these the next to end. */
export async function readAuctions(reading: Reading, signal: AbortSignal): Promise<OpenedAuction[]> {
  const { colophon, deployment } = reading
  const contract = deployment?.contracts.RightsExchange?.address
  if (deployment === undefined || contract === undefined) return []
  const opened = await colophon.events.list({ contract: 'RightsExchange', event: 'AuctionOpened' }, { signal })
  const auctions = await Promise.all(
    opened.map(async ({ values }) => {
      const { seller, isLicense, tokenId, currency, reserve, stepBps, startsAt, endsAt, extension, nonce } = values.auction
      // Parsing compares the id with the hash of these values.
      const signed = parseAuction({
        ...{ type: 'colophon-auction', version: 1, chainId: deployment.chainId, contract, id: values.id, signature: '0x' },
        value: {
          ...{ seller, isLicense, tokenId: word(tokenId), currency, reserve: reserve.toString(), nonce: nonce.toString() },
          ...{ stepBps: Number(stepBps), startsAt: Number(startsAt), endsAt: Number(endsAt), extension: Number(extension) },
        },
      })
      const [record, goods] = await Promise.all([colophon.exchange.auction(signed), goodsOf(reading, isLicense, word(tokenId))])
      return { ...goods, signed, record }
    }),
  )
  const rank = ({ record }: OpenedAuction): number => (record.phase === 'open' ? 0 : 1)
  return auctions.sort((a, b) => rank(a) - rank(b) || a.record.endsAt.getTime() - b.record.endsAt.getTime())
}

/** The orders that this browser knows, with what the chain says of them. */
export async function readOrders(reading: Reading, chainId: number, signal: AbortSignal): Promise<KnownOrder[]> {
  const { colophon, provider } = reading
  const kept = keptOrders(chainId)
  if (kept.length === 0) return []
  const [filled, cancelled, latest] = await Promise.all([
    colophon.events.list({ contract: 'RightsExchange', event: 'OrderFilled' }, { signal }),
    colophon.events.list({ contract: 'RightsExchange', event: 'Cancelled' }, { signal }),
    provider.getBlock('latest'),
  ])
  const done = new Set(filled.map(({ values }) => values.id))
  const withdrawn = new Set(cancelled.map(({ values }) => values.id))
  const orders: KnownOrder[] = []
  for (const each of kept) {
    let signed: SignedOrder
    try {
      signed = parseOrder(each)
    } catch {
      // Changed by something else than this app.
      continue
    }
    const read = readOrder(signed)
    const { owner, ...goods } = await goodsOf(reading, signed.value.isLicense, signed.value.tokenId)
    const state = done.has(signed.id)
      ? 'filled'
      : withdrawn.has(signed.id)
        ? 'cancelled'
        : read.expiresAt.getTime() / 1000 < latest!.timestamp
          ? 'expired'
          : owner === read.seller
            ? 'open'
            : 'moved'
    orders.push({ ...goods, signed, read, state })
  }
  return orders
}
