import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import { keccak256 } from 'ethers'
import { createColophon } from '../../src/client/index.ts'
import type { Deposits, SignedDeposit } from '../../src/deposits/index.ts'
import { type Hex, idOf, leafOf } from '../../src/deposits/work.ts'
import { createMerkleTree } from '../../src/merkle/index.ts'
import { createRelayClient, type RelayClient, type RelayStatus } from '../../src/relay/index.ts'
import { ACCEPTANCE_TYPES, acceptanceDomain } from '../../src/relay/protocol.ts'
import { startChain, type TestChain } from '../chain.ts'
import { newWork } from '../deposits/works.ts'
import { expectError } from '../expectError.ts'

describe('relay: a client does not believe it', () => {
  let chain: TestChain
  let server: Server
  let url: string
  let deposits: Deposits
  /** What the false relay answers, by path; it hangs up on others. */
  let answers: Record<string, unknown>
  let status = 200
  before(async () => {
    chain = await startChain()
    deposits = createColophon({ signer: chain.accounts[1]!, deployment: chain.deployment }).deposits
    server = createServer((request, response) => {
      request.resume().on('end', () => {
        const answer = answers[request.url!]
        if (answer === undefined) response.socket?.destroy()
        else response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  after(async () => {
    server.closeAllConnections()
    server.close()
    await chain.stop()
  })
  beforeEach(() => {
    status = 200
    answers = {
      '/v1/relay': {
        type: 'colophon-relay',
        version: 1,
        chainId: 31_337,
        registry: registry(),
        account: chain.accounts[8]!.address,
        mode: 'record',
      },
    }
  })

  const registry = (): string => chain.deployment.contracts.CopyrightRegistry!.address
  const client = (): RelayClient => createRelayClient({ url, signer: chain.accounts[1]!, deployment: chain.deployment })
  const wait = { pollInterval: 20, timeout: 400 }
  function said(signed: SignedDeposit, more: Partial<RelayStatus>): void {
    const id = idOf(signed.claimant, signed.work)
    answers[`/v1/deposits/${id}`] = { id, claimant: signed.claimant, acceptedAt: 1, deadline: signed.deadline, state: 'settled', ...more }
  }

  it('that it has a request: its account must have signed for it', async () => {
    const signed = await deposits.sign(newWork())
    const id = idOf(signed.claimant, signed.work)
    const accepted = async (account: number, over: Hex, by = chain.accounts[8]!.address): Promise<void> => {
      const signature = await chain.accounts[account]!.signTypedData(acceptanceDomain(31_337, registry()), ACCEPTANCE_TYPES, {
        id: over,
        acceptedAt: 7,
        deadline: signed.deadline,
      })
      answers['/v1/deposits'] = {
        id,
        claimant: signed.claimant,
        state: 'queued',
        acceptedAt: 7,
        deadline: signed.deadline,
        acceptance: { by, acceptedAt: 7, signature },
      }
    }
    await accepted(7, id)
    await expectError('RELAY_UNTRUE', () => client().submit(signed))
    await accepted(7, id, chain.accounts[7]!.address)
    await expectError('RELAY_UNTRUE', () => client().submit(signed))
    await accepted(8, keccak256('0x') as Hex)
    await expectError('RELAY_UNTRUE', () => client().submit(signed))
    answers['/v1/deposits'] = { id: keccak256('0x') }
    await expectError('RELAY_UNTRUE', () => client().submit(signed))
    answers['/v1/deposits'] = { id }
    await expectError('RELAY_UNTRUE', () => client().submit(signed))
    await accepted(8, id)
    expect((await client().submit(signed)).acceptance.acceptedAt).to.equal(7)
  })

  it('that a deposit is settled, when the chain has none', async () => {
    const signed = await deposits.sign(newWork())
    said(signed, { transaction: keccak256('0x') as Hex, block: 1 })
    await expectError('RELAY_UNTRUE', () => client().receipt(signed, wait))
  })

  it('that another transaction wrote the record', async () => {
    const signed = await deposits.sign(newWork())
    const { record } = await deposits.submitSigned(signed)
    said(signed, { transaction: keccak256('0x') as Hex, block: record!.block })
    const error = await expectError('RELAY_UNTRUE', () => client().receipt(signed, wait))
    expect(error.details.found).to.equal(record!.transaction)
    said(signed, { transaction: record!.transaction, block: record!.block })
    expect((await client().receipt(signed, wait)).record).to.deep.equal(record)
  })

  it('that a work lies under an anchor: the proof must lead there, and the root be on the chain', async () => {
    const [signed, other] = [await deposits.sign(newWork()), await deposits.sign(newWork())]
    const ids = [signed, other].map((each) => idOf(each.claimant, each.work))
    const tree = await createMerkleTree(ids.map(leafOf))
    const anchor = { root: tree.root, proof: tree.proof(0) }
    said(signed, { anchor })
    await expectError('RELAY_UNTRUE', () => client().receipt(signed, wait))
    await deposits.anchor({ root: tree.root, count: 2 })
    said(signed, { anchor: { ...anchor, proof: tree.proof(1) } })
    await expectError('RELAY_UNTRUE', () => client().receipt(signed, wait))
    said(signed, { anchor })
    expect((await client().receipt(signed, wait)).anchor!.root).to.equal(tree.root)
  })

  it('and needs it no longer once the chain has the record', async () => {
    const signed = await deposits.sign(newWork())
    const { id } = await deposits.submitSigned(signed)
    const gone = createRelayClient({ url: 'http://127.0.0.1:9', signer: chain.accounts[1]!, deployment: chain.deployment })
    expect((await gone.receipt(signed, wait)).id).to.equal(id)
  })

  it('waits as long as it is told, and says what the relay said', async () => {
    const signed = await deposits.sign(newWork())
    said(signed, { state: 'queued' })
    const error = await expectError('RELAY_PENDING', () => client().receipt(signed, { pollInterval: 20, timeout: 100 }))
    expect(error.details.state).to.equal('queued')
    const stop = new AbortController()
    const waiting = client().receipt(signed, { ...wait, timeout: 60_000, signal: stop.signal })
    stop.abort(new Error('enough'))
    expect(await waiting.catch((fault: Error) => fault.message)).to.equal('enough')
  })

  it('tells other services, other chains and silence from a relay', async () => {
    await expectError('INVALID_INPUT', () => createRelayClient({ url: 'ftp://x', provider: chain.provider }))
    answers['/v1/relay'] = { ...(answers['/v1/relay'] as object), chainId: 1 }
    await expectError('RELAY_ELSEWHERE', () => client().info())
    answers['/v1/relay'] = { hello: 'world' }
    await expectError('RELAY_FOREIGN', () => client().info())
    status = 404
    await expectError('RELAY_FOREIGN', () => client().info())
    const impatient = createRelayClient({ url: 'http://127.0.0.1:9', provider: chain.provider, deployment: chain.deployment })
    await expectError('RELAY_UNREACHABLE', () => impatient.info())
  })
})
