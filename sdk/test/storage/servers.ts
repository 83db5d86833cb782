// Loopback servers for the storage clients: Kubo's RPC as far as it is used, a gateway, and a pinning service that keeps to its API.
import { spawn } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as dagPb from '@ipld/dag-pb'
import { CID } from 'multiformats/cid'
import { findKubo } from '../../../scripts/setup/kubo.ts'
import { digestToCid } from '../../src/storage/index.ts'

export interface TestServer {
  url: string
  /** Answers the next requests with this status instead; an empty list is a server in good health. */
  faults: number[]
  requests: string[]
  stop(): Promise<void>
}

async function serve(
  answer: (request: IncomingMessage, response: ServerResponse, body: Buffer, url: URL) => void | Promise<void>,
): Promise<TestServer & { server: Server }> {
  const faults: number[] = []
  const requests: string[] = []
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    requests.push(`${request.method} ${request.url}`)
    const fault = faults.shift()
    if (fault !== undefined) return void response.writeHead(fault, fault === 429 ? { 'retry-after': '0' } : {}).end()
    await answer(request, response, Buffer.concat(parts), new URL(request.url!, 'http://127.0.0.1'))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    server,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    faults,
    requests,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export interface KuboLike {
  url: string
  /** Blocks by the name of their raw CID; undefined for a real node. */
  blocks?: Map<string, Uint8Array>
  faults?: number[]
  /** Bytes that it takes before it is full. */
  capacity?: { bytes: number }
  stop(): Promise<void>
}

const rawOf = (cid: string): string => digestToCid(CID.parse(cid).multihash.digest)

/** Speaks Kubo's RPC as Kubo does, from memory. */
export async function startKuboLike(): Promise<
  KuboLike & { blocks: Map<string, Uint8Array>; faults: number[]; requests: string[]; capacity: { bytes: number; lies?: true } }
> {
  const blocks = new Map<string, Uint8Array>()
  const pins = new Set<string>()
  const capacity: { bytes: number; lies?: true } = { bytes: Number.POSITIVE_INFINITY }
  const below = (cid: string, seen = new Set<string>()): Set<string> => {
    const raw = rawOf(cid)
    if (seen.has(raw)) return seen
    const bytes = blocks.get(raw)
    if (bytes === undefined) throw new Error(`block was not found locally (offline): ipld: could not find ${cid}`)
    seen.add(raw)
    if (CID.parse(cid).code === dagPb.code) for (const { Hash } of dagPb.decode(bytes).Links) below(Hash.toString(), seen)
    return seen
  }
  const { url, faults, requests, stop } = await serve((request, response, body, { pathname, searchParams }) => {
    const say = (value: unknown): void => void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))
    const refuse = (message: string): void =>
      void response.writeHead(500, { 'content-type': 'application/json' }).end(JSON.stringify({ Message: message, Code: 0, Type: 'error' }))
    if (request.method !== 'POST') return void response.writeHead(405).end()
    const arg = searchParams.get('arg') ?? ''
    try {
      switch (pathname.replace('/api/v0/', '')) {
        case 'block/get':
          below(rawOf(arg))
          return void response.writeHead(200, { 'content-type': 'text/plain' }).end(blocks.get(rawOf(arg)))
        case 'block/stat':
          below(rawOf(arg))
          return say({ Key: arg, Size: blocks.get(rawOf(arg))!.length })
        case 'block/put': {
          const boundary = /boundary=(.+)$/.exec(request.headers['content-type']!)![1]!
          const from = body.indexOf('\r\n\r\n') + 4
          const bytes = body.subarray(from, body.lastIndexOf(`\r\n--${boundary}--`))
          const used = [...blocks.values()].reduce((sum, each) => sum + each.length, 0)
          if (used + bytes.length > capacity.bytes) return refuse('write /blocks/put-1: no space left on device')
          const cid = digestToCid(createHash('sha256').update(bytes).digest())
          blocks.set(cid, Uint8Array.from(bytes))
          const other = digestToCid(new Uint8Array(32))
          return say({ Key: capacity.lies === true ? other : cid, Size: bytes.length })
        }
        case 'block/rm':
          blocks.delete(rawOf(arg))
          return say({ Hash: arg, Error: '' })
        case 'refs/local':
          return void response.writeHead(200).end([...blocks.keys()].map((Ref) => JSON.stringify({ Ref, Err: '' })).join('\n'))
        case 'pin/ls':
          return say({ Keys: Object.fromEntries([...pins].map((cid) => [cid, { Type: 'recursive' }])) })
        case 'pin/add':
          below(arg)
          pins.add(arg)
          return say({ Pins: [arg] })
        case 'pin/rm':
          if (!pins.delete(arg)) return refuse('not pinned or pinned indirectly')
          return say({ Pins: [arg] })
        case 'repo/gc': {
          const kept = new Set([...pins].flatMap((cid) => [...below(cid)]))
          const gone = [...blocks.keys()].filter((cid) => !kept.has(cid))
          for (const cid of gone) blocks.delete(cid)
          return void response.writeHead(200).end(gone.map((cid) => JSON.stringify({ Key: { '/': cid } })).join('\n'))
        }
        default:
          return void response.writeHead(404).end('404 page not found')
      }
    } catch (fault) {
      refuse((fault as Error).message)
    }
  })
  return { url, requests, blocks, faults, capacity, stop }
}

/** Kubo itself, alone on the loopback interface, in a repository of its own; or why there is none. */
export async function startKubo(): Promise<(KuboLike & { gateway: string; add(bytes: Uint8Array): Promise<string> }) | { reason: string }> {
  const found = findKubo()
  if ('reason' in found) return found
  const repo = mkdtempSync(join(tmpdir(), 'colophon-kubo-'))
  const env = { ...process.env, IPFS_PATH: repo }
  const ipfs = async (...args: string[]): Promise<string> => {
    const child = spawn(found.path, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
    let out = ''
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
    await new Promise((resolve) => child.once('close', resolve))
    return out.trim()
  }
  await ipfs('init', '--empty-repo')
  const file = join(repo, 'config')
  const config = JSON.parse(readFileSync(file, 'utf8'))
  config.Bootstrap = []
  config.Addresses = { ...config.Addresses, Swarm: [], API: '/ip4/127.0.0.1/tcp/0', Gateway: '/ip4/127.0.0.1/tcp/0' }
  config.Discovery = { MDNS: { Enabled: false } }
  config.Routing = { Type: 'none' }
  config.Gateway = { ...config.Gateway, NoFetch: true }
  config.AutoConf = { Enabled: false }
  writeFileSync(file, JSON.stringify(config))
  const daemon = spawn(found.path, ['daemon', '--offline'], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  const ready = await new Promise<boolean>((resolve) => {
    const read = (chunk: Buffer): void => {
      out += chunk.toString()
      if (out.includes('Daemon is ready')) resolve(true)
    }
    daemon.stdout.on('data', read)
    daemon.stderr.on('data', read)
    daemon.once('exit', () => resolve(false))
  })
  if (!ready) return { reason: `Kubo does not start: ${out.slice(-500)}` }
  const port = (name: string): string => new RegExp(`${name} server listening on /ip4/127\\.0\\.0\\.1/tcp/(\\d+)`).exec(out)![1]!
  return {
    url: `http://127.0.0.1:${port('RPC API')}`,
    gateway: `http://127.0.0.1:${port('Gateway')}`,
    async add(bytes) {
      const path = join(repo, 'added')
      writeFileSync(path, bytes)
      return await ipfs('add', '-Q', '--cid-version=1', '--raw-leaves', '--chunker=size-1048576', path)
    },
    async stop() {
      const ended = new Promise((resolve) => daemon.once('exit', resolve))
      daemon.kill('SIGTERM')
      await ended
      rmSync(repo, { recursive: true, force: true })
    },
  }
}

/** A trustless gateway over blocks; with `lies` it gives other bytes. */
export async function startGateway(read: (cid: string) => Promise<Uint8Array | undefined>, lies = false): Promise<TestServer> {
  return await serve(async (_, response, __, { pathname, searchParams }) => {
    const bytes = searchParams.get('format') === 'raw' ? await read(pathname.slice('/ipfs/'.length)) : undefined
    if (bytes === undefined) return void response.writeHead(404).end('not here')
    const changed = Uint8Array.from(bytes, (byte, index) => (lies && index === 0 ? byte ^ 1 : byte))
    response.writeHead(200, { 'content-type': 'application/vnd.ipld.raw' }).end(changed)
  })
}

export const TOKEN = 'a-secret-of-the-test'

export interface TestPinningService extends TestServer {
  /** What becomes of requests when they are looked at again. */
  becomes: 'pinned' | 'failed' | 'pinning'
  records: {
    requestid: string
    status: string
    created: string
    pin: { cid: string; name?: string; origins?: string[] }
    delegates: string[]
  }[]
}

/** Keeps to the Pinning Service API 1.0: tokens, filters, pages newest first, error objects. */
export async function startPinningService(): Promise<TestPinningService> {
  const records: TestPinningService['records'] = []
  const state = { becomes: 'pinned' as TestPinningService['becomes'] }
  let clock = Date.UTC(2026, 0, 1)
  const server = await serve((request, response, body, { pathname, searchParams }) => {
    const say = (status: number, value: unknown): void =>
      void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
    const refuse = (status: number, reason: string, details: string): void => say(status, { error: { reason, details } })
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return refuse(401, 'UNAUTHORIZED', 'Access token is missing or invalid')
    const id = /^\/pins\/([^/]+)$/.exec(pathname)?.[1]
    const record = records.find(({ requestid }) => requestid === id)
    if (id !== undefined && record === undefined) return refuse(404, 'NOT_FOUND', 'The specified resource was not found')
    if (request.method === 'GET' && record !== undefined) {
      if (record.status !== 'failed') record.status = state.becomes
      return say(200, record)
    }
    if (request.method === 'DELETE' && record !== undefined) {
      records.splice(records.indexOf(record), 1)
      return void response.writeHead(202).end()
    }
    if (request.method === 'POST' && pathname === '/pins') {
      const pin = JSON.parse(body.toString()) as { cid: string }
      if (typeof pin.cid !== 'string') return refuse(400, 'BAD_REQUEST', 'cid is missing')
      if (records.length >= 250) return refuse(409, 'INSUFFICIENT_FUNDS', 'Unable to process request due to the lack of funds')
      clock += 1000
      const made = {
        requestid: randomUUID(),
        status: 'queued',
        created: new Date(clock).toISOString(),
        pin,
        delegates: ['/ip4/127.0.0.1/tcp/4001'],
      }
      records.push(made)
      return say(202, made)
    }
    if (request.method === 'GET' && pathname === '/pins') {
      // By the API's default only pinned ones are listed, ten of them, newest first.
      const states = (searchParams.get('status') ?? 'pinned').split(',')
      const cids = searchParams.get('cid')?.split(',')
      const before = searchParams.get('before')
      const found = records
        .filter(
          ({ status, pin, created }) =>
            states.includes(status) && (cids?.includes(pin.cid) ?? true) && (before === null || created < before),
        )
        .sort((a, b) => (a.created < b.created ? 1 : -1))
      return say(200, { count: found.length, results: found.slice(0, Number(searchParams.get('limit') ?? 10)) })
    }
    return refuse(404, 'NOT_FOUND', 'no such path')
  })
  return Object.assign(state, { records, url: server.url, faults: server.faults, requests: server.requests, stop: server.stop })
}
