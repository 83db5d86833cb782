import { cidOfDigest, type Hex } from '@colophon/sdk'
import * as contracts from '@colophon/sdk/contracts'
import { expect } from 'chai'
import { hexlify, type Interface, randomBytes, sha256, ZeroAddress } from 'ethers'
import fc from 'fast-check'
import { NO_DOCUMENT } from '../src/catalogue/catalogue.ts'
import { createDocuments, type DocumentState } from '../src/catalogue/documents.ts'
import { EVENTS, logReader, nothingTold, type Places, type RawLog, readEvents } from '../src/catalogue/events.ts'
import { placeOf, shapeOf } from '../src/discover/rows.ts'
import { askRpc } from '../src/rpc/rpc.ts'
import { readBlock } from '../src/store/blocks.ts'

const NAMES = ['CopyrightRegistry', 'LicenseToken', 'InfringementClaims', 'CopyrightTitle'] as const
const faceOf = (contract: string): Interface =>
  (contracts as unknown as Record<string, { createInterface(): Interface }>)[`${contract}__factory`]!.createInterface()
const PLACES: Places = Object.fromEntries(
  NAMES.map((name, index) => [name, { address: `0x${'c0de'.repeat(9)}000${index}`, block: 5 + index }]),
)
const RPC = 'http://rpc.example/'

/** The log that a contract writes for these values. */
function logOf(contract: string, event: string, values: unknown[], block = 7): RawLog {
  const { topics, data } = faceOf(contract).encodeEventLog(event, values)
  return {
    address: PLACES[contract]!.address,
    topics,
    data,
    blockNumber: `0x${block.toString(16)}`,
    transactionHash: hexlify(randomBytes(32)),
  }
}

const word = (): string => hexlify(randomBytes(32))
const account = (): string => hexlify(randomBytes(20))
const deposit = (id = word(), block = 7): RawLog =>
  logOf('CopyrightRegistry', 'Deposited', [id, account(), word(), word(), 3, word(), word()], block)

/** An RPC that has these logs, and refuses more than so many blocks at once. */
function chainOf(logs: RawLog[], { most = 1e9, chainId = 31_337, newest = 100_000, code = '0x60' } = {}) {
  const asked: { method: string; params: { fromBlock: string; toBlock: string }[] }[] = []
  const fetch = async (_: unknown, { body }: RequestInit = {}): Promise<Response> => {
    const { id, method, params } = JSON.parse(String(body))
    asked.push({ method, params })
    const from = Number(params[0]?.fromBlock)
    const to = Number(params[0]?.toBlock)
    const answers: Record<string, () => unknown> = {
      eth_chainId: () => `0x${chainId.toString(16)}`,
      eth_blockNumber: () => `0x${newest.toString(16)}`,
      eth_getCode: () => code,
      eth_getLogs: () => logs.filter(({ blockNumber }) => Number(blockNumber) >= from && Number(blockNumber) <= to),
    }
    const error = method === 'eth_getLogs' && to - from + 1 > most ? { code: -32005, message: 'block range is too wide' } : undefined
    return Response.json({ jsonrpc: '2.0', id, ...(error === undefined ? { result: answers[method]!() } : { error }) })
  }
  return { asked, fetch: fetch as typeof globalThis.fetch }
}

describe('dApp: the catalogue', () => {
  it('knows the events as the contracts declare them', () => {
    for (const [contract, signature] of Object.values(EVENTS)) {
      const event = faceOf(contract).getEvent(signature.slice(0, signature.indexOf('(')))
      expect(event?.format('sighash')).to.equal(signature)
    }
    expect(new Set(logReader(PLACES).topics)).to.deep.equal(
      new Set(Object.values(EVENTS).map(([contract, signature]) => faceOf(contract).getEvent(signature)!.topicHash)),
    )
  })

  it('reads of deposits what the ABI says', () => {
    const hex = (bytes: number): fc.Arbitrary<string> =>
      fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((value) => hexlify(value))
    fc.assert(
      fc.property(
        fc.tuple(hex(32), hex(20), hex(32), hex(32), fc.integer({ min: 0, max: 65_535 }), hex(32), hex(32)),
        fc.boolean(),
        (values, loud) => {
          const log = logOf('CopyrightRegistry', 'Deposited', values)
          const told = nothingTold()
          const upper = (text: string): string => (loud ? `0x${text.slice(2).toUpperCase()}` : text)
          logReader(PLACES).read({ ...log, topics: log.topics.map(upper), data: upper(log.data) }, told)
          const { id, claimant, contentHash, fingerprint, fingerprintType, metadata, salt } =
            faceOf('CopyrightRegistry').parseLog(log)!.args
          expect(told.entries).to.deep.equal([
            {
              ...{ id, claimant, contentHash, fingerprint, fingerprintType: Number(fingerprintType), metadata, salt },
              ...{ block: 7, transaction: log.transactionHash },
            },
          ])
        },
      ),
      { numRuns: 40 },
    )
  })

  it('knows what is on offer, in dispute and refuted', () => {
    const [work, other, suspect, offer, withdrawn] = [word(), word(), word(), word(), word()]
    const opened = (id: string, of: string): RawLog =>
      logOf('LicenseToken', 'OfferOpened', [id, of, account(), 1n, ZeroAddress, 5n, 10, ZeroAddress, word()])
    const told = nothingTold()
    for (const log of [
      opened(offer, work),
      opened(withdrawn, other),
      logOf('LicenseToken', 'OfferCancelled', [withdrawn, other, account()]),
      logOf('InfringementClaims', 'ClaimFiled', [word(), work, account(), account(), suspect, word(), word(), 1n, 0, 1, 3n, 4n]),
      logOf('CopyrightTitle', 'Refuted', [other]),
      // Another contract's event of the same name says nothing.
      { ...logOf('CopyrightTitle', 'Refuted', [work]), address: PLACES.LicenseToken!.address },
    ])
      logReader(PLACES).read(log, told)
    expect([...told.offers.values()]).to.deep.equal([work])
    expect([...told.disputed]).to.deep.equal([work, suspect])
    expect([...told.refuted]).to.deep.equal([other])
  })

  it('refuses events of another form, whichever they are', async () => {
    const log = deposit()
    for (const broken of [
      { ...log, data: log.data.slice(0, -64) },
      { ...log, topics: log.topics.slice(0, 3) },
    ]) {
      const { fetch } = chainOf([broken])
      await expectCode(readEvents({ rpcUrl: RPC, chainId: 31_337, places: PLACES }, { fetch }), 'BAD_CHAIN_DATA')
    }
  })

  it('asks for fewer blocks where the RPC refuses, and reads each once', async () => {
    const logs = Array.from({ length: 40 }, (_, index) => deposit(word(), 5 + index * 2500))
    const { fetch, asked } = chainOf(logs, { most: 9_000 })
    const seen: number[] = []
    const { entries } = await readEvents({ rpcUrl: RPC, chainId: 31_337, places: PLACES }, { fetch }, (told) =>
      seen.push(told.entries.length),
    )
    expect(entries.map(({ id }) => id)).to.deep.equal(logs.map(({ topics }) => topics[1]))
    expect(seen).to.deep.equal([...seen].sort((a, b) => a - b))
    const ranges = asked.filter(({ method }) => method === 'eth_getLogs').map(({ params }) => params[0]!)
    expect(Number(ranges[0]!.fromBlock)).to.equal(5)
    expect(Number(ranges.at(-1)!.toBlock)).to.equal(100_000)
    expect(ranges.length).to.be.lessThan(25)
  })

  it('asks for more again once it is past what the RPC refused', async () => {
    // Six hundred events in a few blocks, of which it gives a hundred at most.
    const logs = Array.from({ length: 600 }, (_, index) => deposit(word(), 50_000 + Math.floor(index / 90)))
    const { fetch: whole, asked } = chainOf(logs, { newest: 2_000_000 })
    const fetch = async (url: string, init: RequestInit): Promise<Response> => {
      const answer = (await (await whole(url, init)).json()) as { result: unknown }
      if (!Array.isArray(answer.result) || answer.result.length <= 100) return Response.json(answer)
      // As proxies do that give up waiting.
      return new Response('<html>504 Gateway Time-out</html>', { status: 504 })
    }
    const { entries } = await readEvents(
      { rpcUrl: RPC, chainId: 31_337, places: PLACES },
      { fetch: fetch as typeof globalThis.fetch, pauses: [] },
    )
    expect(entries.map(({ id }) => id)).to.deep.equal(logs.map(({ topics }) => topics[1]))
    expect(asked.length).to.be.lessThan(400)
  })

  it('refuses whatever an RPC may say in place of events', async () => {
    const log = deposit()
    const asked = { rpcUrl: RPC, chainId: 31_337, places: PLACES }
    const answers: unknown[] = [
      ...[null, {}, 'logs', 7, [null], [7], [[]], [{}]],
      ...[
        { topics: null },
        { topics: [null] },
        { topics: [...log.topics.slice(0, 3), '0xzz'] },
        { address: 7 },
        { address: undefined },
      ].map((part) => [{ ...log, ...part }]),
      ...[
        { data: null },
        { data: `${log.data.slice(0, -1)}z` },
        { blockNumber: null },
        { blockNumber: 'x' },
        { transactionHash: null },
      ].map((part) => [{ ...log, ...part }]),
    ]
    for (const result of answers) {
      const { fetch } = chainOf([], { newest: 10 })
      const lying = async (url: string, init: RequestInit): Promise<Response> =>
        JSON.parse(String(init.body)).method === 'eth_getLogs' ? Response.json({ result }) : await fetch(url, init)
      await expectCode(readEvents(asked, { fetch: lying as typeof globalThis.fetch }), 'BAD_CHAIN_DATA')
    }
    // And without a newest block there would be no works at all.
    for (const newest of [null, 'latest', '0x', {}, `0x${'f'.repeat(40)}`]) {
      const { fetch } = chainOf([])
      const lying = async (url: string, init: RequestInit): Promise<Response> =>
        JSON.parse(String(init.body)).method === 'eth_blockNumber' ? Response.json({ result: newest }) : await fetch(url, init)
      await expectCode(readEvents(asked, { fetch: lying as typeof globalThis.fetch }), 'BAD_CHAIN_DATA')
    }
  })

  it('gives up where even one block is too much', async () => {
    const { fetch } = chainOf([], { most: 0, newest: 6 })
    await expectCode(readEvents({ rpcUrl: RPC, chainId: 31_337, places: PLACES }, { fetch }), 'CHAIN_FAULT')
  })

  it('says that the chain is another, and that there is no contract', async () => {
    const asked = { rpcUrl: RPC, chainId: 31_337, places: PLACES }
    await expectCode(readEvents(asked, { fetch: chainOf([], { chainId: 1 }).fetch }), 'WRONG_CHAIN')
    await expectCode(readEvents(asked, { fetch: chainOf([], { code: '0x' }).fetch }), 'CONTRACT_MISSING')
    await expectCode(readEvents({ ...asked, places: {} }, { fetch: chainOf([]).fetch }), 'CONTRACT_MISSING')
    expect((await readEvents(asked, { fetch: chainOf([]).fetch })).entries).to.deep.equal([])
  })
})

describe('dApp: documents of works', () => {
  it('asks once for each, and again for those that nobody had', () => {
    const asked: { digests: Hex[]; tell: (found: [Hex, DocumentState][]) => void }[] = []
    const documents = createDocuments((digests, tell) => asked.push({ digests, tell }))
    let drawn = 0
    documents.subscribe(() => drawn++)
    const [here, gone] = [word() as Hex, word() as Hex]
    documents.want([here, gone, NO_DOCUMENT])
    documents.want([here, gone])
    expect(asked.map(({ digests }) => digests)).to.deep.equal([[here, gone]])
    documents.again()
    expect(asked.length, 'those on their way').to.equal(1)
    const ready = { status: 'ready', document: {} } as DocumentState
    asked[0]!.tell([
      [here, ready],
      [gone, { status: 'missing' }],
    ])
    documents.want([here, gone])
    documents.again()
    expect(asked.map(({ digests }) => digests)).to.deep.equal([[here, gone], [gone]])
    expect(documents.get(gone)?.status).to.equal('missing')
    asked[1]!.tell([[gone, ready]])
    expect(documents.get(gone)).to.equal(ready)
    expect([drawn, documents.version()]).to.deep.equal([2, 3])
    documents.again()
    expect(asked.length).to.equal(2)
  })
})

describe('dApp: blocks from gateways', () => {
  const bytes = new TextEncoder().encode('{"title":"Mark"}')
  const cid = cidOfDigest(sha256(bytes) as Hex)
  const { fetch } = globalThis
  afterEach(() => {
    globalThis.fetch = fetch
  })
  const gateways = (...answers: (() => Response)[]): string[] => {
    globalThis.fetch = (async (url: string) => answers[Number(new URL(url).port) - 1]!()) as typeof fetch
    return answers.map((_, index) => `http://gateway.example:${index + 1}`)
  }
  const inParts = (...parts: Uint8Array<ArrayBuffer>[]): Response =>
    new Response(
      new ReadableStream({
        start(controller) {
          for (const part of parts) controller.enqueue(part)
          controller.close()
        },
      }),
    )

  it('come from the first that has them and does not lie, in however many parts', async () => {
    const asked = gateways(
      () => new Response('', { status: 504 }),
      () => new Response('another'),
      () => new Response(null),
      () => inParts(bytes.slice(0, 5), bytes.slice(5, 9), bytes.slice(9)),
    )
    expect(await readBlock(asked, cid)).to.deep.equal(bytes)
    await expectCode(readBlock(asked.slice(0, 3), cid), 'BLOCK_NOT_FOUND')
  })

  it('are not read beyond what a block may be', async () => {
    let sent = 0
    const endless = (): Response =>
      new Response(
        new ReadableStream({
          pull(controller) {
            sent++
            controller.enqueue(new Uint8Array(1 << 16))
          },
        }),
      )
    expect(
      await readBlock(
        gateways(endless, () => inParts(bytes)),
        cid,
      ),
    ).to.deep.equal(bytes)
    expect(sent).to.be.lessThan(32)
  })
})

describe('dApp: asking an RPC', () => {
  const answering = (...answers: (() => Response | Promise<Response>)[]) => {
    let asked = 0
    const fetch = (async () => await answers[Math.min(asked++, answers.length - 1)]!()) as typeof globalThis.fetch
    return { fetch, count: () => asked }
  }
  const fine = (): Response => Response.json({ result: '0x1' })
  const broken = (): never => {
    throw new TypeError('fetch failed')
  }

  it('asks again where the RPC is not reached, and not for ever', async () => {
    const once = answering(broken, fine)
    expect(await askRpc(RPC, 'eth_chainId', [], { fetch: once.fetch, pauses: [1] })).to.equal('0x1')
    const never = answering(broken)
    await expectCode(askRpc(RPC, 'eth_chainId', [], { fetch: never.fetch, pauses: [1, 1] }), 'NETWORK_UNREACHABLE')
    expect(never.count()).to.equal(3)
    await expectCode(askRpc(RPC, 'eth_chainId', [], { fetch: answering(() => new Response('<html>')).fetch }), 'NETWORK_UNREACHABLE')
  })

  it('tells refusals from answers that are none', async () => {
    const refused = answering(() => Response.json({ error: { code: -32601, message: 'no such method' } }))
    await expectCode(askRpc(RPC, 'eth_foo', [], { fetch: refused.fetch, pauses: [1] }), 'CHAIN_FAULT')
    expect(refused.count()).to.equal(1)
    await expectCode(askRpc(RPC, 'eth_foo', [], { fetch: answering(() => Response.json({})).fetch }), 'BAD_CHAIN_DATA')
    expect(await askRpc(RPC, 'eth_foo', [], { fetch: answering(() => Response.json({ result: null })).fetch })).to.equal(null)
  })

  it('waits where it asks too often', async function () {
    this.timeout(10_000)
    const limited = answering(() => new Response('', { status: 429 }), fine)
    expect(await askRpc(RPC, 'eth_chainId', [], { fetch: limited.fetch })).to.equal('0x1')
    const control = new AbortController()
    const told = answering(() => {
      queueMicrotask(() => control.abort(new Error('enough')))
      return Response.json({ error: { code: 429, message: 'rate limit' } })
    })
    const failed = await askRpc(RPC, 'eth_chainId', [], { fetch: told.fetch, signal: control.signal }).catch((fault: Error) => fault)
    expect((failed as Error).message).to.equal('enough')
  })
})

describe('dApp: the grid of works', () => {
  it('has every row that is in the window, and few others', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 280, max: 2600 }),
        fc.nat(4000),
        fc.nat(5_000_000),
        fc.integer({ min: 300, max: 2000 }),
        (width, top, scrolled, height) => {
          const { columns, cell, gap, pitch } = shapeOf(width)
          expect(columns * cell + (columns - 1) * gap).to.be.closeTo(width, 0.001)
          expect(cell).to.be.greaterThan(100)
          const { first, end } = placeOf({ width, top, scrolled, height })
          const seen = (row: number): boolean => top + (row + 1) * pitch > scrolled && top + row * pitch < scrolled + height
          for (let row = Math.max(0, first - 3); row < end + 3; row++) if (seen(row)) expect(row >= first && row < end).to.equal(true)
          expect(end - first).to.be.at.most(Math.ceil(height / pitch) + 8)
        },
      ),
      { numRuns: 200 },
    )
  })
})

async function expectCode(promise: Promise<unknown>, code: string): Promise<void> {
  const fault = await promise.then(
    () => undefined,
    (thrown: { code?: string }) => thrown,
  )
  expect(fault?.code).to.equal(code)
}
