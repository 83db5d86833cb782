import { ZeroAddress, zeroPadValue } from 'ethers'
import { addressOf, type Hex } from '../deposits/work.ts'
import { untilAborted } from '../progress/aborted.ts'
import type { LongCallOptions } from '../progress/progress.ts'
import type { BoundContract } from './bound.ts'
import { searchLogs } from './logs.ts'

export interface SearchOptions extends LongCallOptions<'search'> {
  /** First block to search; the contract's deployment by default. */
  fromBlock?: number
  /** Last block to search; the newest by default. */
  toBlock?: number
  /** Blocks asked for at once, to begin with; default 50,000. */
  range?: number
}

/** What of ERC-721 is used here. */
interface Tokens {
  ownerOf(id: bigint): Promise<string>
}

/** Every log of a contract with these topics, oldest first. */
export async function* logsOf(
  bound: BoundContract,
  topics: (string | string[] | null)[],
  options: SearchOptions,
): ReturnType<typeof searchLogs> {
  const { address, block } = await bound.connection.contract(bound.name)
  yield* searchLogs(bound.connection.provider, { address, topics }, { ...options, fromBlock: options.fromBlock ?? block })
}

/** Ids of the tokens that an account owns now, in the order in which it got them: those it ever received that are still its own. */
export async function tokensOf(bound: BoundContract, owner: string, options: SearchOptions): Promise<Hex[]> {
  const account = addressOf('holder', owner)
  const received = new Set<Hex>()
  const topics = [bound.face().getEvent('Transfer')!.topicHash, null, zeroPadValue(account, 32)]
  for await (const log of logsOf(bound, topics, options)) received.add(log.topics[3] as Hex)
  const held = await Promise.all(
    [...received].map(async (id) => {
      const owned = await untilAborted(
        bound
          .read('asking who owns a token', (contract) => (contract as Tokens).ownerOf(BigInt(id)))
          .catch((fault: { code?: string }) => {
            // Nothing here is ever burnt but memberships, so this is a token of a chain that was reorganised.
            if (fault.code === 'TOKEN_NOT_FOUND') return ZeroAddress
            throw fault
          }),
        options.signal,
      )
      return owned === account ? id : undefined
    }),
  )
  return held.filter((id) => id !== undefined)
}
