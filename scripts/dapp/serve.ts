// The server of the local dApp: the built files, and on the same origin the chain's RPC, an IPFS gateway that takes documents, and a sponsor.
import { readFile, stat } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize, sep } from 'node:path'
import { ColophonError } from '@colophon/sdk/errors'
import { cidToDigest, digestToCid, MAX_BLOCK_BYTES, type Storage } from '@colophon/sdk/storage'
import { contentSecurityPolicy } from '../../dapp/build/policy.ts'
import { createPacker, encodingFor } from './encoding.ts'
import { listen } from './listen.ts'

export interface ServeOptions {
  /** Port on 127.0.0.1; 0 takes any free one. */
  port: number
  /** Folder of the built dApp. */
  folder: string
  /** Where `/rpc` leads. */
  rpcUrl: string
  /** Blocks that `/ipfs/CID` gives and `/api/v0/block/put` takes. */
  storage: Storage
  /** Where `/relay` leads: a relay that pays for signed deposits. */
  relayUrl: string
  /** What `colophon.json` says. */
  settings: object
  /** Port of the replay origin, if there is one. */
  replayPort?: number | undefined
}

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
}
const MOST_RPC_BYTES = 4 << 20
const pack = createPacker()

/** Serves on 127.0.0.1 alone. */
export async function serveDapp(options: ServeOptions): Promise<{ url: string; close(): Promise<void> }> {
  const server: Server = createServer((request, response) => {
    answer(request, response, options).catch((fault: unknown) => {
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' })
      response.end(fault instanceof Error ? fault.message : String(fault))
    })
  })
  await listen(server, options.port, { option: '--port' })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function answer(request: IncomingMessage, response: ServerResponse, options: ServeOptions): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1')
  // A page elsewhere must not reach the chain or the sponsor through the visitor's browser, by whatever name it calls this machine.
  const { host, origin } = request.headers
  if (host === undefined || !/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host) || (origin !== undefined && origin !== `http://${host}`))
    return send(response, 403, 'text/plain', 'This server answers its own page alone.')
  if (pathname === '/rpc' && request.method === 'POST') return await forward(request, response, options.rpcUrl)
  if (pathname.startsWith('/relay/')) return await forward(request, response, `${options.relayUrl}${pathname.slice('/relay'.length)}`)
  if (request.method === 'POST') {
    if (pathname.startsWith('/api/v0/')) return await takeBlocks(request, response, pathname.slice(8), searchParams, options.storage)
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') return send(response, 405, 'text/plain', 'Not here.')
  // Under the page's own name: on another site than the page's, browsers may refuse a frame the service worker that it replays with.
  const replay = options.replayPort === undefined ? undefined : `http://${host.replace(/:.*/, '')}:${options.replayPort}`
  if (pathname === '/colophon.json')
    return send(response, 200, 'application/json', JSON.stringify({ ...options.settings, ...(replay === undefined ? {} : { replay }) }))
  if (pathname.startsWith('/ipfs/')) return await giveBlock(response, pathname.slice(6), options.storage)
  await giveFile(request, response, options.folder, pathname, replay)
}

function send(response: ServerResponse, status: number, type: string, body: string | Uint8Array, more: Record<string, string> = {}): void {
  response
    .writeHead(status, {
      'content-type': type,
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      ...more,
    })
    .end(body)
}

async function giveFile(
  request: IncomingMessage,
  response: ServerResponse,
  folder: string,
  pathname: string,
  replay: string | undefined,
): Promise<void> {
  const path = normalize(join(folder, pathname === '/' ? 'index.html' : decodeURIComponent(pathname)))
  const found = path.startsWith(folder + sep) ? await stat(path).catch(() => undefined) : undefined
  if (found?.isFile() !== true) return send(response, 404, 'text/plain', 'There is no such file.')
  const type = TYPES[extname(path)] ?? 'application/octet-stream'
  const encoding = encodingFor(request.headers['accept-encoding'] as string | undefined, type, found.size)
  const version = `${found.size.toString(36)}-${found.mtimeMs.toString(36)}`
  const etag = `"${version}${encoding === undefined ? '' : `-${encoding}`}"`
  const headers = {
    // Names of assets have the hash of what they hold; all others may hold something else tomorrow.
    'cache-control': pathname.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    'referrer-policy': 'no-referrer',
    // Scripts too: a worker obeys the policy that it came with.
    'content-security-policy': contentSecurityPolicy([], { header: true, replay: replay === undefined ? [] : [replay] }),
    vary: 'accept-encoding',
    etag,
  }
  if (request.headers['if-none-match'] === etag) return send(response, 304, type, '', headers)
  const bytes = await readFile(path)
  if (encoding === undefined) return send(response, 200, type, bytes, headers)
  send(response, 200, type, await pack(path, version, bytes, encoding, type), { ...headers, 'content-encoding': encoding })
}

/** Passes a request on, JSON both ways; the other side sees nothing else of it. */
async function forward(request: IncomingMessage, response: ServerResponse, url: string): Promise<void> {
  const { method = 'GET' } = request
  const answered = await fetch(url, {
    method,
    ...(method === 'POST' ? { headers: { 'content-type': 'application/json' }, body: await bodyOf(request, MOST_RPC_BYTES) } : {}),
  })
  send(response, answered.status, 'application/json', new Uint8Array(await answered.arrayBuffer()))
}

/** One block, as a trustless gateway gives it. */
async function giveBlock(response: ServerResponse, cid: string, storage: Storage): Promise<void> {
  try {
    send(response, 200, 'application/vnd.ipld.raw', await rawBlock(storage, cid), {
      'cache-control': 'public, max-age=31536000, immutable',
    })
  } catch (fault) {
    if (!(fault instanceof ColophonError)) throw fault
    send(response, fault.code === 'BLOCK_NOT_FOUND' ? 404 : 400, 'text/plain', fault.shortMessage)
  }
}

/** The block itself and not the file it stands for: what a CAR has under this CID alone. */
async function rawBlock(storage: Storage, cid: string): Promise<Uint8Array> {
  return await storage.get(digestToCid(cidToDigest(cid)))
}

/** The part of Kubo's RPC that the SDK's store writes with. */
async function takeBlocks(
  request: IncomingMessage,
  response: ServerResponse,
  command: string,
  search: URLSearchParams,
  storage: Storage,
): Promise<void> {
  const json = (status: number, value: object): void => send(response, status, 'application/json', JSON.stringify(value))
  const arg = search.get('arg') ?? ''
  if (command === 'block/put') {
    const form = await new Response(await bodyOf(request, MAX_BLOCK_BYTES + 4096), {
      headers: { 'content-type': request.headers['content-type'] ?? '' },
    }).formData()
    const data = form.get('data')
    if (!(data instanceof Blob)) return json(400, { Message: 'data is missing' })
    const { cid } = await storage.putBlock(new Uint8Array(await data.arrayBuffer()))
    return json(200, { Key: cid, Size: data.size })
  }
  if (command === 'pin/add') {
    if (!(await storage.has(arg))) return json(500, { Message: 'block was not found locally (offline): not found' })
    await storage.pin(arg)
    return json(200, { Pins: [arg] })
  }
  if (command === 'block/get') {
    try {
      return send(response, 200, 'application/octet-stream', await rawBlock(storage, arg))
    } catch {
      return json(500, { Message: 'block was not found locally (offline): not found' })
    }
  }
  json(404, { Message: 'not a command of this server' })
}

async function bodyOf(request: IncomingMessage, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length
    if (size > limit) throw new Error(`The request has more than ${limit} bytes.`)
    parts.push(part)
  }
  return Uint8Array.from(Buffer.concat(parts))
}
