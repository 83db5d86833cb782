import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { JsonRpcProvider } from 'ethers'

interface RpcCall {
  id: number
  method: string
  params: unknown[]
}

/** A server before the chain that does what bad RPCs do. */
export interface FaultyRpc {
  provider: JsonRpcProvider
  url: string
  /** Most blocks of one eth_getLogs. */
  mostBlocks: number
  /** Most events of one eth_getLogs. */
  mostLogs: number
  /** So many of the next requests are not answered at all. */
  silent: number
  /** So many of the next requests are refused with this status. */
  refused: { count: number; status: number }
  /** Blocks by which the server that answers half of the questions lags behind. */
  lag: number
  /** Whether logs have no times. */
  untimed: boolean
  /** Calls by method. */
  calls: Map<string, number>
  close(): Promise<void>
}

export async function startFaultyRpc(target: string): Promise<FaultyRpc> {
  const faults: FaultyRpc = {
    url: '',
    provider: undefined as never,
    ...{ mostBlocks: Number.POSITIVE_INFINITY, mostLogs: Number.POSITIVE_INFINITY, silent: 0, refused: { count: 0, status: 429 }, lag: 0 },
    untimed: false,
    calls: new Map(),
    async close() {
      faults.provider.destroy()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  /** Which server answers: by lot, or a question that is asked again in the same place would always meet the same one. */
  let lot = 1
  const ask = async (call: object): Promise<{ result?: unknown; error?: unknown }> => {
    const answer = await fetch(target, { method: 'POST', body: JSON.stringify(call), headers: { 'content-type': 'application/json' } })
    return (await answer.json()) as { result?: unknown }
  }

  async function answerOf(call: RpcCall): Promise<object> {
    const { id, method, params } = call
    const reply = (result: unknown): object => ({ jsonrpc: '2.0', id, result })
    const refuse = (message: string): object => ({ jsonrpc: '2.0', id, error: { code: -32_000, message } })
    faults.calls.set(method, (faults.calls.get(method) ?? 0) + 1)
    lot = (lot * 1_103_515_245 + 12_345) % 2 ** 31
    const lags = faults.lag > 0 && lot > 2 ** 30
    const stale = lags
      ? Number((await ask({ jsonrpc: '2.0', id: 0, method: 'eth_blockNumber', params: [] })).result) - faults.lag
      : Number.POSITIVE_INFINITY
    if (method === 'eth_blockNumber' && lags) return reply(`0x${stale.toString(16)}`)
    if (method === 'eth_getBlockByNumber' && Number(params[0]) > stale) return reply(null)
    if (method !== 'eth_getLogs') return await ask(call)
    const filter = params[0] as { fromBlock?: string; toBlock?: string; blockHash?: string }
    if (filter.blockHash !== undefined && lags) {
      const { result } = await ask({ jsonrpc: '2.0', id: 0, method: 'eth_getBlockByHash', params: [filter.blockHash, false] })
      if (Number((result as { number: string }).number) > stale) return refuse('unknown block')
    }
    if (Number(filter.toBlock) - Number(filter.fromBlock) + 1 > faults.mostBlocks)
      return refuse(`exceed maximum block range: ${faults.mostBlocks}`)
    // What it does not know yet it leaves out without a word.
    const within = Number(filter.toBlock) > stale ? [{ ...filter, toBlock: `0x${stale.toString(16)}` }] : params
    const answer = await ask({ ...call, params: within })
    const logs = answer.result as { blockTimestamp?: string }[] | undefined
    if (logs === undefined) return answer
    if (logs.length > faults.mostLogs) return refuse(`query returned more than ${faults.mostLogs} results`)
    return reply(faults.untimed ? logs.map(({ blockTimestamp: _, ...log }) => log) : logs)
  }

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    if (faults.silent > 0) {
      faults.silent -= 1
      return
    }
    if (faults.refused.count > 0) {
      faults.refused.count -= 1
      response.writeHead(faults.refused.status).end()
      return
    }
    const calls = JSON.parse(Buffer.concat(chunks).toString()) as RpcCall | RpcCall[]
    const answers = Array.isArray(calls) ? await Promise.all(calls.map(answerOf)) : await answerOf(calls)
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answers))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  faults.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  faults.provider = new JsonRpcProvider(faults.url, undefined, { cacheTimeout: -1 })
  return faults
}
