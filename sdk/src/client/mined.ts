import type { Interface, LogDescription, Provider, TransactionReceipt } from 'ethers'
import type { Hex } from '../deposits/work.ts'
import { ColophonError } from '../errors/base.ts'
import { chainError } from '../errors/chain.ts'
import { asking } from './asking.ts'

/** Where and when on the chain something happened. */
export interface Mined {
  /** Transaction hash. */
  transaction: Hex
  block: number
  /** Time of the block. */
  at: Date
}

/** Where a transaction was mined. */
export async function minedAt(provider: Provider, { hash, blockNumber }: { hash: string; blockNumber: number }): Promise<Mined> {
  return { transaction: hash as Hex, block: blockNumber, at: new Date((await timeOfBlock(provider, blockNumber)) * 1000) }
}

/** Time of a block, seconds since 1970. */
export async function timeOfBlock(provider: Provider, block: number | 'latest'): Promise<number> {
  const found = await asking(() => provider.getBlock(block)).catch((fault: unknown) => {
    throw chainError(fault, { action: 'reading a block' })
  })
  if (found === null)
    throw new ColophonError('BLOCK_MISSING', `The RPC does not have block ${block}.`, {
      hint: 'Use an RPC that keeps old blocks and is in sync.',
      details: { block },
    })
  return found.timestamp
}

/** The events of one name that a contract emitted in a transaction, in order. */
export function eventsIn(mined: TransactionReceipt, address: string, face: Interface, event: string): LogDescription[] {
  return mined.logs
    .filter((log) => log.address.toLowerCase() === address.toLowerCase())
    .map((log) => face.parseLog(log))
    .filter((log): log is LogDescription => log?.name === event)
}

/** The one event that a transaction must have. */
export function eventIn(mined: TransactionReceipt, address: string, face: Interface, event: string): LogDescription {
  const [found] = eventsIn(mined, address, face, event)
  if (found === undefined)
    throw new ColophonError('EVENT_MISSING', `Transaction ${mined.hash} was mined, but the RPC shows no ${event} in it.`, {
      hint: 'Do not send it again; the RPC may lag behind. Ask for the transaction later.',
      details: { transactionHash: mined.hash, event },
    })
  return found
}
