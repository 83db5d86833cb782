import type { Hex } from '@colophon/sdk'
import { splitHash } from '@colophon/sdk/revenue'
import { word } from '../catalogue/index.ts'
import type { Chain } from '../chain/index.ts'

/** A payment to a work of which the account is a payee. */
export interface Receipt {
  workId: Hex
  payer: string
  currency: string
  /** All that was paid. */
  amount: bigint
  /** The account's share of it, commission taken off. */
  part: bigint
  /** Of a million. */
  share: number
  /** Seconds since 1970. */
  time: number
}

/** Payments that are drawn; of more the newest are. */
export const MOST_DRAWN = 300
const WHOLE = 1_000_000n
const AT_ONCE = 12

/** What the account earned, oldest first, from the splitter's events. */
export async function receiptsOf(
  { colophon, provider }: Pick<Chain, 'colophon' | 'provider'>,
  account: string,
  signal: AbortSignal,
): Promise<{ receipts: Receipt[]; total: number }> {
  const { events } = colophon
  const [splits, paid, direct] = await Promise.all([
    events.list({ contract: 'RevenueSplitter', event: 'SplitSet' }, { signal }),
    events.list({ contract: 'RevenueSplitter', event: 'Paid' }, { signal }),
    events.list({ contract: 'RevenueSplitter', event: 'PaidDirect' }, { signal }),
  ])
  // A payment names its split by hash; who is alone in it has the whole.
  const shares = new Map<string, bigint>([[splitHash([{ account, share: Number(WHOLE) }]), WHOLE]])
  for (const { values } of splits) {
    const payees = [...values.payees].map((payee) => ({ account: payee.account, share: Number(payee.share) }))
    const own = payees.find((payee) => payee.account === account)
    if (own !== undefined) shares.set(splitHash(payees), BigInt(own.share))
  }
  const mine = [
    ...paid.map((event) => ({ ...event, commission: event.values.commission })),
    ...direct.map((event) => ({ ...event, commission: 0n })),
  ]
    .filter(({ values }) => shares.has(values.split))
    .sort((a, b) => a.block - b.block || a.logIndex - b.logIndex)
  const drawn = mine.slice(-MOST_DRAWN)
  const times = await timesOf(provider, [...new Set(drawn.map(({ block }) => block))])
  const receipts = drawn.map(({ values, commission, block }) => {
    const share = shares.get(values.split)!
    return {
      workId: word(values.workId),
      payer: values.payer,
      currency: BigInt(values.currency) === 0n ? 'native' : values.currency,
      amount: values.amount,
      part: (values.amount * (WHOLE - commission) * share) / (WHOLE * WHOLE),
      share: Number(share),
      time: times.get(block)!,
    }
  })
  return { receipts, total: mine.length }
}

async function timesOf(provider: Chain['provider'], blocks: number[]): Promise<Map<number, number>> {
  const times = new Map<number, number>()
  for (let from = 0; from < blocks.length; from += AT_ONCE)
    await Promise.all(
      blocks.slice(from, from + AT_ONCE).map(async (block) => times.set(block, (await provider.getBlock(block))!.timestamp)),
    )
  return times
}
