import { lookup } from 'node:dns/promises'
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, isIP, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { pipeline } from 'node:stream'
import ipaddr from 'ipaddr.js'
import { ColophonError } from '../errors/base.ts'

export interface GuardOptions {
  /** `host:port` pairs that may be reached although their address is not public. */
  allow?: readonly string[]
  /** Whether the page asks for this host; what it does not ask for is the browser's own business and goes nowhere. By default everything is asked for. */
  wanted?: (host: string, port: number) => Promise<boolean>
  /** Most bytes that all connections together may bring; then they are cut. */
  maxBytes: number
}

/** A connection that was made, or refused. */
export interface Reached {
  host: string
  port: number
  /** The address it was made to. */
  address?: string
  /** Why it was refused. */
  refused?: string
}

/**
 * A proxy on loopback that leads to public addresses only. It resolves names itself and connects to what it resolved, so neither a
 * redirect nor a name that changes its address between check and use leads a browser into the private network.
 */
export interface GuardedProxy {
  /** `http://127.0.0.1:PORT`, for the browser. */
  url: string
  /** Every host that was asked for, as often as it was. */
  reached: readonly Reached[]
  /** Bytes that came in. */
  received(): number
  /** Whether the limit cut something. */
  cut(): boolean
  close(): Promise<void>
}

/**
 * The address to connect to.
 * @throws ColophonError `ADDRESS_REFUSED`, `HOST_UNKNOWN`
 */
export async function publicAddress(host: string, port: number, allow: readonly string[] = []): Promise<string> {
  const name = host.replace(/^\[|\]$/g, '')
  const found = isIP(name) === 0 ? await resolved(name) : [name]
  if (allow.includes(`${name}:${port}`)) return found[0]!
  // One private address among several is how rebinding begins.
  const refused = found.find((address) => !isPublic(address))
  if (refused !== undefined)
    throw new ColophonError('ADDRESS_REFUSED', `${name} is at ${refused}, which is not a public address.`, {
      hint: 'Only pages of the public web are captured. For a page of your own network, allow its host and port explicitly.',
      details: { host: name, port, address: refused },
    })
  return found[0]!
}

async function resolved(name: string): Promise<string[]> {
  const found = await lookup(name, { all: true }).catch((cause: unknown) => {
    throw new ColophonError('HOST_UNKNOWN', `No address is known for ${name}.`, {
      hint: 'Check the name and the network.',
      details: { host: name },
      cause,
    })
  })
  return found.map(({ address }) => address)
}

/** Whether an address is one of the public internet: not private, loopback, link-local, multicast, reserved or a way around that. */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.process(address)
  return parsed.range() === 'unicast'
}

export async function startGuardedProxy({ allow = [], maxBytes, wanted = async () => true }: GuardOptions): Promise<GuardedProxy> {
  const reached: Reached[] = []
  const sockets = new Set<Duplex>()
  let received = 0
  let cut = false

  const track = <Stream extends Duplex>(socket: Stream): Stream => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    return socket
  }
  /** Counts what comes in and cuts the stream at the limit. */
  const count = (bytes: number, ...streams: { destroy(): unknown }[]): void => {
    received += bytes
    if (received <= maxBytes) return
    cut = true
    for (const stream of streams) stream.destroy()
  }
  const addressOf = async (host: string, port: number): Promise<string | undefined> => {
    try {
      if (!(await wanted(host, port))) return undefined
      const address = await publicAddress(host, port, allow)
      reached.push({ host, port, address })
      return address
    } catch (fault) {
      reached.push({ host, port, refused: fault instanceof ColophonError ? fault.code : String(fault) })
      return undefined
    }
  }

  const forward = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    let url: URL
    try {
      url = new URL(incoming.url ?? '')
      if (url.protocol !== 'http:') throw new Error('not http')
    } catch {
      outgoing.writeHead(400).end()
      return
    }
    const port = Number(url.port || 80)
    const address = await addressOf(url.hostname, port)
    if (address === undefined) {
      outgoing.writeHead(403, { 'x-colophon': 'refused' }).end()
      return
    }
    const { 'proxy-connection': _, ...headers } = incoming.headers
    const onward = httpRequest(
      { host: address, port, method: incoming.method, path: `${url.pathname}${url.search}`, headers, setHost: false, agent: false },
      (answer) => {
        answer.on('data', (chunk: Buffer) => count(chunk.length, answer, outgoing))
        outgoing.writeHead(answer.statusCode ?? 502, answer.statusMessage, answer.rawHeaders)
        pipeline(answer, outgoing, () => {})
      },
    )
    onward.on('socket', (socket) => track(socket))
    onward.on('error', () => {
      if (outgoing.headersSent) outgoing.destroy()
      else outgoing.writeHead(502, { 'x-colophon': 'unreachable' }).end()
    })
    pipeline(incoming, onward, () => {})
  }

  const server = createServer((incoming, outgoing) => void forward(incoming, outgoing))
  server.on('connection', (socket: Socket) => track(socket))
  server.on('connect', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    track(socket).on('error', () => socket.destroy())
    void (async () => {
      const { hostname, port } = new URL(`http://${request.url}`)
      const address = await addressOf(hostname, Number(port || 443))
      if (address === undefined) {
        socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
        return
      }
      const onward = track(connect(Number(port || 443), address.replace(/^\[|\]$/g, '')))
      onward.on('error', () => socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'))
      onward.once('connect', () => {
        socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
        if (head.length > 0) onward.write(head)
        onward.on('data', (chunk: Buffer) => count(chunk.length, onward, socket))
        pipeline(socket, onward, () => {})
        pipeline(onward, socket, () => {})
      })
    })().catch(() => socket.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    reached,
    received: () => received,
    cut: () => cut,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
