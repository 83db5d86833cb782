import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a proxy does to one call: nothing, hang, refuse for now, forward it and lose the answer, or answer with an error of its own. */
export type Fault = 'pass' | 'hang' | 'limit' | 'lose' | { code: number; message: string }

export interface Call {
  method: string
  params: unknown[]
}

export interface FaultyRpc {
  url: string
  /** Decides on each call; every call passes at first. */
  fault: (call: Call) => Fault
  /** Calls so far, by method. */
  seen: Map<string, number>
  stop(): Promise<void>
}

/** A loopback proxy before a node that fails as RPC providers do. */
export async function startFaultyRpc(target: string): Promise<FaultyRpc> {
  const proxy: FaultyRpc = { url: '', fault: () => 'pass', seen: new Map(), stop: async () => {} }
  const server: Server = createServer((request, response) => {
    void handle(request, response).catch(() => response.destroy())
  })

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece as Buffer)
    const body = JSON.parse(Buffer.concat(pieces).toString()) as (Call & { id: number }) | (Call & { id: number })[]
    const calls = Array.isArray(body) ? body : [body]
    const faults = calls.map((call) => {
      proxy.seen.set(call.method, (proxy.seen.get(call.method) ?? 0) + 1)
      return proxy.fault(call)
    })
    if (faults.includes('hang')) return
    if (faults.includes('limit')) {
      response.writeHead(429, { 'content-type': 'text/plain', 'retry-after': '0' }).end('too many requests')
      return
    }
    const passing = calls.filter((_, index) => typeof faults[index] === 'string')
    const answered =
      passing.length === 0
        ? []
        : ((await (
            await fetch(target, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(passing) })
          ).json()) as { id: number }[])
    if (faults.includes('lose')) {
      response.destroy()
      return
    }
    const refused = calls.flatMap(({ id }, index) => {
      const fault = faults[index]
      return typeof fault === 'object' ? [{ jsonrpc: '2.0', id, error: fault }] : []
    })
    const answers = [...answered, ...refused]
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(Array.isArray(body) ? answers : answers[0]))
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  proxy.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  proxy.stop = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return proxy
}
