// What the chain's events say of works, read without an ABI: each value is a word of 32 bytes, and a catalogue has thousands.
import { ColophonError, type Hex } from '@colophon/sdk'
import { getAddress, id } from 'ethers'
import { askRpc, type RpcOptions } from '../rpc/rpc.ts'
import type { Entry } from './catalogue.ts'

/** Contracts and their events that a catalogue is made of, as the ABI writes them. */
export const EVENTS = {
  deposited: ['CopyrightRegistry', 'Deposited(bytes32,address,bytes32,bytes32,uint16,bytes32,bytes32)'],
  opened: ['LicenseToken', 'OfferOpened(bytes32,uint256,address,uint256,address,uint256,uint24,address,bytes32)'],
  cancelled: ['LicenseToken', 'OfferCancelled(bytes32,uint256,address)'],
  filed: [
    'InfringementClaims',
    'ClaimFiled(bytes32,uint256,address,address,uint256,bytes32,bytes32,uint256,uint256,uint256,uint256,uint256)',
  ],
  refuted: ['CopyrightTitle', 'Refuted(uint256)'],
} as const
type EventName = keyof typeof EVENTS

/** Where contracts are. */
export type Places = Record<string, { address: string; block: number } | undefined>

/** A log as JSON-RPC has it. */
export interface RawLog {
  address: string
  topics: string[]
  data: string
  blockNumber: string
  transactionHash: string
}

/** What events add to a catalogue, in the order of the chain. */
export interface Told {
  entries: Entry[]
  /** Offers that were opened and not withdrawn, by their ids: the works they are of. */
  offers: Map<string, Hex>
  disputed: Set<Hex>
  refuted: Set<Hex>
}

export function nothingTold(): Told {
  return { entries: [], offers: new Map(), disputed: new Set(), refuted: new Set() }
}

/** Words that each event has: indexed ones, and those in its data. */
const WORDS: Record<EventName, readonly [topics: number, data: number]> = {
  deposited: [4, 4],
  opened: [4, 6],
  cancelled: [4, 0],
  filed: [4, 9],
  refuted: [2, 0],
}

/** Reads the logs of one catalogue; others than its own are passed over. */
export function logReader(places: Places): { topics: Hex[]; addresses: string[]; from: number; read(log: RawLog, into: Told): void } {
  const known = new Map<string, EventName>()
  let from = Number.POSITIVE_INFINITY
  const topics: Hex[] = []
  const addresses = new Set<string>()
  for (const [name, [contract, signature]] of Object.entries(EVENTS) as [EventName, (typeof EVENTS)[EventName]][]) {
    const place = places[contract]
    if (place === undefined) continue
    const topic = id(signature) as Hex
    topics.push(topic)
    addresses.add(place.address)
    from = Math.min(from, place.block)
    known.set(`${topic}${place.address.toLowerCase()}`, name)
  }
  return {
    topics,
    addresses: [...addresses],
    from,
    read(log, into) {
      if (!isLog(log)) throw badData('The RPC gives events that are none.')
      const name = known.get(`${log.topics[0]?.toLowerCase()}${log.address.toLowerCase()}`)
      if (name !== undefined) readEvent(name, log, into)
    },
  }
}

const HEX = /^0x[0-9a-f]*$/i
const WORD = /^0x[0-9a-f]{64}$/i

/** Whether what an RPC gives has the form of a log that is in a block. */
function isLog(given: unknown): given is RawLog {
  const { address, topics, data, blockNumber, transactionHash } = (given ?? {}) as Record<keyof RawLog, unknown>
  const fits = (value: unknown, form: RegExp): boolean => typeof value === 'string' && form.test(value)
  return (
    fits(address, HEX) &&
    Array.isArray(topics) &&
    topics.every((topic) => fits(topic, WORD)) &&
    fits(data, HEX) &&
    quantityIn(blockNumber) !== undefined &&
    fits(transactionHash, WORD)
  )
}

/** A number of blocks or of a chain as JSON-RPC has it. */
function quantityIn(given: unknown): number | undefined {
  const value = typeof given === 'string' && /^0x[0-9a-f]+$/i.test(given) ? Number(given) : Number.NaN
  return Number.isSafeInteger(value) ? value : undefined
}

function badData(text: string, details: Record<string, unknown> = {}): ColophonError {
  return new ColophonError('BAD_CHAIN_DATA', text, {
    hint: 'The contract is not the one this app was made for, or the RPC is broken.',
    details,
  })
}

function readEvent(name: EventName, { topics: given, data: bytes, blockNumber, transactionHash }: RawLog, into: Told): void {
  const topics = given.map((topic) => topic.toLowerCase()) as Hex[]
  const data = bytes.toLowerCase()
  const [topicCount, wordCount] = WORDS[name]
  if (topics.length !== topicCount || data.length !== 2 + 64 * wordCount)
    throw badData(`The RPC gives an event ${EVENTS[name][1].split('(')[0]} of another form.`, { transaction: transactionHash })
  const wordAt = (index: number): Hex => `0x${data.slice(2 + 64 * index, 66 + 64 * index)}`
  switch (name) {
    case 'deposited':
      into.entries.push({
        id: topics[1]!,
        claimant: getAddress(`0x${topics[2]!.slice(26)}`),
        contentHash: topics[3]!,
        fingerprint: wordAt(0),
        fingerprintType: Number(wordAt(1)),
        metadata: wordAt(2),
        salt: wordAt(3),
        block: Number(blockNumber),
        transaction: transactionHash.toLowerCase() as Hex,
      })
      return
    case 'opened':
      into.offers.set(topics[1]!, topics[2]!)
      return
    case 'cancelled':
      into.offers.delete(topics[1]!)
      return
    case 'filed':
      into.disputed.add(topics[2]!).add(wordAt(1))
      return
    case 'refuted':
      into.refuted.add(topics[1]!)
      return
  }
}

/** Blocks a request asks for to begin with: providers limit both blocks and results. */
const RANGE = 50_000
/** Ranges that are given at once before twice as many blocks are asked for: what the RPC refused may have been many events in few blocks. */
const BEFORE_MORE = 8
const PAUSES: readonly number[] = [200, 600]

/**
 * Reads every event of a catalogue, asking for fewer blocks at a time where the RPC refuses.
 * @param onRange told after each range, with all that is read so far
 * @throws ColophonError WRONG_CHAIN, CONTRACT_MISSING, BAD_CHAIN_DATA, and as `askRpc`
 */
export async function readEvents(
  { rpcUrl, chainId, places }: { rpcUrl: string; chainId: number; places: Places },
  { signal, fetch, pauses = PAUSES }: Pick<RpcOptions, 'signal' | 'fetch' | 'pauses'> = {},
  onRange: (told: Told) => void = () => undefined,
): Promise<Told> {
  const ask = <Result>(method: string, ...params: unknown[]): Promise<Result> =>
    askRpc<Result>(rpcUrl, method, params, { pauses, signal, ...(fetch === undefined ? {} : { fetch }) })
  const registry = places.CopyrightRegistry
  if (registry === undefined)
    throw new ColophonError('CONTRACT_MISSING', `The deployment on chain ${chainId} has no CopyrightRegistry.`, {
      hint: 'Add its address to the deployment.',
      details: { contract: 'CopyrightRegistry', chainId },
    })
  const [found, newest] = await Promise.all([ask<string>('eth_chainId'), ask<string>('eth_blockNumber')])
  if (Number(found) !== chainId)
    throw new ColophonError('WRONG_CHAIN', `The deployment is on chain ${chainId}, but this is chain ${Number(found)}.`, {
      hint: `Switch to chain ${chainId}; nothing was sent.`,
      details: { expected: chainId, found: Number(found) },
    })
  const { topics, addresses, from: first, read } = logReader(places)
  const told = nothingTold()
  const last = quantityIn(newest)
  if (last === undefined) throw badData('The RPC does not say which block is the newest.')
  let from = first
  let range = RANGE
  let given = 0
  while (from <= last) {
    const to = Math.min(last, from + range - 1)
    const asked = { address: addresses, topics: [topics], fromBlock: hexOf(from), toBlock: hexOf(to) }
    let logs: RawLog[]
    try {
      logs = await ask<RawLog[]>('eth_getLogs', asked)
    } catch (fault) {
      if (from === to || !isRefusal(fault)) throw fault
      range = Math.ceil((to - from + 1) / 2)
      given = 0
      continue
    }
    if (!Array.isArray(logs)) throw badData('The RPC gives events that are none.')
    for (const log of logs) read(log, told)
    onRange(told)
    from = to + 1
    if (++given < BEFORE_MORE) continue
    range = Math.min(RANGE, range * 2)
    given = 0
  }
  if (told.entries.length === 0 && (await ask<string>('eth_getCode', registry.address, 'latest')) === '0x')
    throw new ColophonError('CONTRACT_MISSING', `There is no contract at ${registry.address} on chain ${chainId}.`, {
      hint: chainId === 31_337 ? 'Start a local stack with: colophon stack' : 'Check the address of CopyrightRegistry and the RPC.',
      details: { contract: 'CopyrightRegistry', address: registry.address, chainId },
    })
  return told
}

/** Whether fewer blocks may help: the RPC says no, takes too long, or something before it does, in words that are no JSON. */
function isRefusal(fault: unknown): boolean {
  if (!(fault instanceof ColophonError)) return false
  return (
    ['CHAIN_FAULT', 'NETWORK_TIMEOUT'].includes(fault.code) || (fault.code === 'NETWORK_UNREACHABLE' && fault.details.status !== undefined)
  )
}

function hexOf(value: number): string {
  return `0x${value.toString(16)}`
}
