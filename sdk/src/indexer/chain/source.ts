import { JsonRpcProvider, type Provider } from 'ethers'
import { chainIdOf } from '../../client/connection.ts'
import { isTooMuch } from '../../client/logs.ts'
import { ColophonError } from '../../errors/base.ts'
import { chainError } from '../../errors/chain.ts'
import { untilAborted } from '../../progress/aborted.ts'

/** What of a block is needed. */
export interface Header {
  number: number
  hash: string
  parentHash: string
  /** Seconds since 1970. */
  time: number
}

/** A log as nodes give it, numbers read. */
export interface RawLog {
  address: string
  topics: readonly string[]
  data: string
  transactionHash: string
  blockNumber: number
  blockHash: string
  logIndex: number
  /** Seconds since 1970; not all nodes tell it. */
  time: number | undefined
}

/** Which logs: of a range of blocks, or of one block whatever its number. */
export type LogRange = { from: number; to: number } | { blockHash: string }

/** Questions to the chain, each with a time limit. Every failure is a typed error. */
export interface ChainSource {
  chainId(): Promise<number>
  head(): Promise<number>
  /** @throws BLOCK_MISSING when the node does not have it */
  header(number: number): Promise<Header>
  /** @throws LOGS_TOO_MANY when the node wants to be asked for less */
  logs(addresses: readonly string[], range: LogRange): Promise<RawLog[]>
  /** Result of a view at the newest block. */
  call(to: string, data: string): Promise<string>
}

interface Sender {
  send(method: string, params: unknown[]): Promise<unknown>
}

export interface SourceOptions {
  /** Milliseconds to wait for an answer. */
  timeout: number
  signal: AbortSignal | undefined
}

/**
 * Asks the node by JSON-RPC where that is possible, because ethers' own answers leave out the times of logs, which saves a question for each block;
 * through ethers for providers of another kind.
 */
export function createSource(provider: Provider, { timeout, signal }: SourceOptions): ChainSource {
  const sender = 'send' in provider && typeof provider.send === 'function' ? (provider as unknown as Sender) : undefined

  const http = provider instanceof JsonRpcProvider ? provider : undefined

  async function ask<Answer>(action: string, question: () => Promise<Answer>): Promise<Answer> {
    let timer: ReturnType<typeof setTimeout> | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(lateAnswer(action, timeout)), timeout)
    })
    try {
      return await untilAborted(Promise.race([question(), late]), signal)
    } catch (fault) {
      if (signal?.aborted === true) throw signal.reason
      throw chainError(fault, { action })
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    // Where one question for the chain is never answered, ethers waits for that one whenever it is asked again.
    chainId: () =>
      ask('asking the RPC for its chain', async () =>
        sender === undefined ? await chainIdOf(provider) : integer(await sender.send('eth_chainId', [])),
      ),

    head: () =>
      ask('asking for the newest block', async () =>
        sender === undefined ? await provider.getBlockNumber() : integer(await sender.send('eth_blockNumber', [])),
      ),

    async header(number) {
      const block = await ask('reading a block', async () => {
        if (sender === undefined) return fromEthers(await provider.getBlock(number))
        return fromNode(await sender.send('eth_getBlockByNumber', [quantity(number), false]))
      })
      if (block === undefined)
        throw new ColophonError('BLOCK_MISSING', `The RPC does not have block ${number}.`, {
          hint: 'Its servers may be out of step; it is asked again.',
          details: { block: number },
        })
      if (block.number !== number) throw badData(`block ${number} was asked for and block ${block.number} came`)
      return block
    },

    async logs(addresses, range) {
      const filter = { address: [...addresses], ...('blockHash' in range ? range : { fromBlock: range.from, toBlock: range.to }) }
      const found = await ask('reading events', async () => {
        try {
          if (sender === undefined) return (await provider.getLogs(filter)).map((log) => ({ ...log, logIndex: log.index, time: undefined }))
          const asked = 'blockHash' in range ? filter : { ...filter, fromBlock: quantity(range.from), toBlock: quantity(range.to) }
          return logsOfNode(await (http === undefined ? sender.send('eth_getLogs', [asked]) : answerOf(http, 'eth_getLogs', [asked])))
        } catch (fault) {
          if ('blockHash' in range || !isTooMuch(fault)) throw fault
          throw new ColophonError('LOGS_TOO_MANY', `The RPC refuses the events of ${range.to - range.from + 1} blocks at once.`, {
            hint: 'Fewer are asked for.',
            details: { ...range },
            cause: fault,
          })
        }
      })
      const wanted = new Set(addresses.map((address) => address.toLowerCase()))
      for (const log of found) {
        const within =
          'blockHash' in range ? log.blockHash === range.blockHash : log.blockNumber >= range.from && log.blockNumber <= range.to
        if (!within || !wanted.has(log.address.toLowerCase())) throw badData('the node gave an event that was not asked for')
      }
      return found.sort((a, b) => a.blockNumber - b.blockNumber || a.logIndex - b.logIndex)
    },

    call: (to, data) =>
      ask('reading a record', async () => {
        if (sender === undefined) return await provider.call({ to, data })
        const answer = await sender.send('eth_call', [{ to, data }, 'latest'])
        if (typeof answer !== 'string') throw badData('a call gave no bytes')
        return answer
      }),
  }
}

/**
 * One question over the provider's own connection. Ethers turns an answer into text character by character, which for thousands of events takes half of
 * the time and hundreds of megabytes.
 */
async function answerOf(provider: JsonRpcProvider, method: string, params: unknown[]): Promise<unknown> {
  const request = provider._getConnection()
  request.body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
  request.setHeader('content-type', 'application/json')
  const response = await request.send()
  let answer: { result?: unknown; error?: { message?: unknown } } | undefined
  try {
    answer = JSON.parse(new TextDecoder().decode(response.body ?? new Uint8Array()))
  } catch {
    response.assertOk()
    throw badData('an answer is no JSON')
  }
  // Some say what they refuse with a status of its own, too.
  if (answer?.error !== undefined && answer.error !== null)
    throw Object.assign(new Error(String(answer.error.message)), { error: answer.error })
  response.assertOk()
  return answer?.result
}

function lateAnswer(action: string, timeout: number): ColophonError {
  return new ColophonError('NETWORK_TIMEOUT', `The RPC did not answer in ${timeout / 1000} s while ${action}.`, {
    hint: 'Check the connection; it is asked again.',
  })
}

function badData(what: string): ColophonError {
  return new ColophonError('BAD_CHAIN_DATA', `An answer of the RPC does not fit its question: ${what}.`, {
    hint: 'Use another RPC endpoint if it does not stop.',
  })
}

const quantity = (number: number): string => `0x${number.toString(16)}`

function fromEthers(block: Awaited<ReturnType<Provider['getBlock']>>): Header | undefined {
  if (block === null || block.hash === null) return undefined
  return { number: block.number, hash: block.hash, parentHash: block.parentHash, time: block.timestamp }
}

function fromNode(answer: unknown): Header | undefined {
  if (answer === null || answer === undefined) return undefined
  const { number, hash, parentHash, timestamp } = answer as Record<string, unknown>
  return { number: integer(number), hash: hash32(hash), parentHash: hash32(parentHash), time: integer(timestamp) }
}

function logsOfNode(answer: unknown): RawLog[] {
  if (!Array.isArray(answer)) throw badData('a list of events was asked for')
  return answer.map((log: Record<string, unknown>) => {
    const { address, topics, data, blockTimestamp } = log
    if (typeof address !== 'string' || !Array.isArray(topics) || typeof data !== 'string')
      throw badData('an event has no address, topics or data')
    return {
      address,
      topics: topics as string[],
      data,
      transactionHash: hash32(log.transactionHash),
      blockNumber: integer(log.blockNumber),
      blockHash: hash32(log.blockHash),
      logIndex: integer(log.logIndex),
      time: blockTimestamp === undefined || blockTimestamp === null ? undefined : integer(blockTimestamp),
    }
  })
}

function integer(value: unknown): number {
  const number = typeof value === 'string' || typeof value === 'number' ? Number(value) : Number.NaN
  if (!Number.isSafeInteger(number) || number < 0) throw badData('a number has no number')
  return number
}

function hash32(value: unknown): string {
  if (typeof value !== 'string' || !/^0x[0-9a-f]{64}$/i.test(value)) throw badData('a hash is no hash')
  return value.toLowerCase()
}
