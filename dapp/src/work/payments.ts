import type { Deployment, Hex } from '@colophon/sdk'
import type { Chain } from '../chain/index.ts'

/** Money that a work earned. */
export interface Payment {
  payer: string
  currency: string
  amount: bigint
  /** Seconds since 1970. */
  time: number
}

/** Payments that are drawn; of more the newest are. */
export const MOST_DRAWN = 300
const AT_ONCE = 12

/** What a work was paid, oldest first, before it was divided among its payees. */
export async function paymentsTo(
  workId: Hex,
  { colophon: { events }, provider, deployment }: Pick<Chain, 'colophon' | 'provider'> & { deployment: Deployment | undefined },
  signal: AbortSignal,
): Promise<{ payments: Payment[]; total: number }> {
  if (deployment?.contracts.RevenueSplitter === undefined) return { payments: [], total: 0 }
  const where = { workId: BigInt(workId) }
  const [paid, direct] = await Promise.all([
    events.list({ contract: 'RevenueSplitter', event: 'Paid', where }, { signal }),
    events.list({ contract: 'RevenueSplitter', event: 'PaidDirect', where }, { signal }),
  ])
  const all = [...paid, ...direct].sort((a, b) => a.block - b.block || a.logIndex - b.logIndex)
  const drawn = all.slice(-MOST_DRAWN)
  const blocks = [...new Set(drawn.map(({ block }) => block))]
  const times = new Map<number, number>()
  for (let from = 0; from < blocks.length; from += AT_ONCE)
    await Promise.all(
      blocks.slice(from, from + AT_ONCE).map(async (block) => times.set(block, (await provider.getBlock(block))!.timestamp)),
    )
  const payments = drawn.map(({ values: { payer, currency, amount }, block }) => ({
    ...{ payer, amount, time: times.get(block)! },
    currency: BigInt(currency) === 0n ? 'native' : currency,
  }))
  return { payments, total: all.length }
}
