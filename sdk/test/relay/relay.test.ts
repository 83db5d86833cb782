import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect } from 'chai'
import { Contract, ContractFactory, FetchRequest, type HDNodeWallet, JsonRpcProvider, parseUnits, toBeHex, Wallet } from 'ethers'
import { createColophon } from '../../src/client/index.ts'
import type { Deposits, SignedDeposit } from '../../src/deposits/index.ts'
import { DEPOSIT_TYPES, domainOf } from '../../src/deposits/typedData.ts'
import { type Hex, idOf } from '../../src/deposits/work.ts'
import { createRelayClient, type RelayClient } from '../../src/relay/index.ts'
import { type Relay, type RelayOptions, startRelay } from '../../src/relay/server.node.ts'
import { verify } from '../../src/verify/index.ts'
import { startChain, type TestChain } from '../chain.ts'
import { newWork } from '../deposits/works.ts'
import { expectError } from '../expectError.ts'
import { admit, ROLE } from '../roles.ts'
import { type FaultyRpc, startFaultyRpc } from './faultyRpc.ts'

const WALLETS = join(import.meta.dirname, '..', '..', '..', 'artifacts', 'contracts', 'test', 'Wallets.sol')

describe('relay', () => {
  let chain: TestChain
  let rpc: FaultyRpc
  let folder: string
  let relays: Relay[]
  let providers: JsonRpcProvider[]
  before(async () => {
    chain = await startChain()
  })
  after(() => chain.stop())
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'colophon-relay-'))
    relays = []
    providers = []
    rpc = await startFaultyRpc(chain.url)
  })
  afterEach(async () => {
    await chain.provider.send('evm_setAutomine', [true])
    for (const relay of relays) await relay.stop()
    for (const provider of providers) provider.destroy()
    await rpc.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  /** A relay of the last account, which nothing else uses, behind the proxy. */
  async function open(options: Partial<RelayOptions> = {}): Promise<Relay> {
    const request = new FetchRequest(rpc.url)
    request.timeout = 800
    const provider = new JsonRpcProvider(request, 31_337, { staticNetwork: true, cacheTimeout: -1 })
    providers.push(provider)
    const relay = await startRelay({
      signer: new Wallet(chain.accounts[9]!.privateKey, provider),
      folder,
      deployment: chain.deployment,
      quota: { none: 1000 },
      batch: { size: 10, seconds: 0 },
      port: 0,
      pollInterval: 20,
      patience: 400,
      ...options,
    })
    relays.push(relay)
    return relay
  }
  async function close(relay: Relay): Promise<void> {
    relays = relays.filter((each) => each !== relay)
    await relay.stop()
  }
  const client = (relay: Relay, account = 1): RelayClient =>
    createRelayClient({ url: relay.url, signer: chain.accounts[account]!, deployment: chain.deployment })
  const deposits = (account = 1): Deposits => createColophon({ signer: chain.accounts[account]!, deployment: chain.deployment }).deposits
  const signed = (account = 1, deadline?: number): Promise<SignedDeposit> =>
    deposits(account).sign(newWork(), deadline === undefined ? {} : { deadline })
  /** A double of contracts/test, deployed. */
  async function deploy(name: string, ...given: unknown[]): Promise<string> {
    const { abi, bytecode } = JSON.parse(readFileSync(join(WALLETS, `${name}.json`), 'utf8'))
    return await (await (await new ContractFactory(abi, bytecode, chain.accounts[0]!).deploy(...given)).waitForDeployment()).getAddress()
  }
  /** A deposit in the name of a contract wallet, signed by whoever owns that. */
  async function signedBy(owner: HDNodeWallet, claimant: string): Promise<SignedDeposit> {
    const draft = { ...(await signed()), claimant }
    const { chainId, registry, work, deadline } = draft
    const signature = (await owner.signTypedData(domainOf(chainId, registry), DEPOSIT_TYPES, { claimant, work, deadline })) as Hex
    return { ...draft, signature }
  }
  const sent = (): Promise<number> => chain.provider.getTransactionCount(chain.accounts[9]!.address)
  const post = (relay: Relay, body: unknown): Promise<Response> =>
    fetch(`${relay.url}/v1/deposits`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
  const wait = { pollInterval: 25, timeout: 20_000 }
  async function metric(relay: Relay, line: string): Promise<number> {
    const found = (await (await fetch(`${relay.url}/metrics`)).text())
      .split('\n')
      .find((each) => each.startsWith(`colophon_relay_${line} `))
    return found === undefined ? 0 : Number(found.split(' ').at(-1))
  }
  async function until(met: () => boolean | Promise<boolean>): Promise<void> {
    while (!(await met())) await new Promise((resolve) => setTimeout(resolve, 20))
  }

  describe('browsers', () => {
    it('may ask from the origins that are named, and from no others', async () => {
      const relay = await open({ origins: ['https://app.example'] })
      const ask = (origin: string, method: string): Promise<Response> =>
        fetch(`${relay.url}/v1/relay`, { method, headers: { origin, 'access-control-request-method': 'POST' } })
      const preflight = await ask('https://app.example', 'OPTIONS')
      expect(preflight.status).to.equal(204)
      expect(Object.fromEntries(preflight.headers)).to.include({
        ...{ 'access-control-allow-origin': 'https://app.example', 'access-control-allow-headers': 'content-type', vary: 'origin' },
      })
      expect((await ask('https://app.example', 'GET')).headers.get('access-control-allow-origin')).to.equal('https://app.example')
      for (const method of ['OPTIONS', 'GET'])
        for (const origin of ['https://other.example', 'https://app.example.evil.example', 'null'])
          expect((await ask(origin, method)).headers.get('access-control-allow-origin'), `${method} ${origin}`).to.equal(null)
      const health = await fetch(`${relay.url}/health`, { headers: { origin: 'https://app.example' } })
      expect(health.headers.get('access-control-allow-origin')).to.equal(null)
    })
  })

  describe('depositing', () => {
    it('records what a claimant signed, who pays nothing, and the receipt verifies', async () => {
      const relay = await open()
      const account = Wallet.createRandom(chain.provider)
      const own = createRelayClient({ url: relay.url, signer: account, deployment: chain.deployment })
      const receipt = await own.deposit(newWork(), wait)
      expect(receipt).to.include({ kind: 'signed', claimant: account.address })
      const { verdict, checks } = await verify({ receipt }, { provider: chain.provider, deployment: chain.deployment })
      expect(verdict, JSON.stringify(checks)).to.equal('verified')
      expect(await chain.provider.getBalance(account.address)).to.equal(0n)
      expect(await own.status(receipt.id)).to.include({ state: 'settled', transaction: receipt.record!.transaction })
    })

    it('puts many into one transaction, and one when nobody else comes', async () => {
      const relay = await open({ batch: { size: 5, seconds: 60 } })
      const before = await sent()
      const requests = await Promise.all(Array.from({ length: 5 }, () => signed()))
      const own = client(relay)
      for (const each of requests.slice(0, 4)) expect((await own.submit(each)).state).to.equal('queued')
      expect(await sent()).to.equal(before)
      await own.submit(requests[4]!)
      const receipts = await Promise.all(requests.map((each) => own.receipt(each, wait)))
      expect(new Set(receipts.map(({ record }) => record!.transaction)).size).to.equal(1)
      expect(await sent()).to.equal(before + 1)
      const soon = await open({ folder: join(folder, 'soon'), batch: { size: 5, seconds: 0.1 } })
      await client(soon).deposit(newWork(), wait)
      expect(await sent()).to.equal(before + 2)
    })

    it('anchors a batch under one root, and hands back proofs that the registry takes', async () => {
      const relay = await open({ mode: 'anchor', batch: { size: 3, seconds: 60 } })
      const own = client(relay)
      const receipts = await Promise.all([0, 1, 2].map(() => own.deposit(newWork(), wait)))
      expect(new Set(receipts.map(({ anchor }) => anchor!.root)).size).to.equal(1)
      for (const receipt of receipts) {
        expect(receipt.kind).to.equal('anchored')
        expect((await verify({ receipt }, { provider: chain.provider, deployment: chain.deployment })).verdict).to.equal('verified')
      }
      const { work, anchor, id } = receipts[1]!
      const lifted = await deposits().lift({ root: anchor!.root, work, proof: anchor!.proof })
      expect(lifted).to.include({ id, depositedAt: anchor!.time })
    })

    it('takes the same deposit any number of times and pays for it once', async () => {
      const relay = await open({ batch: { size: 10, seconds: 0.2 } })
      const before = await sent()
      const request = await signed()
      const answers = await Promise.all(Array.from({ length: 8 }, () => post(relay, request)))
      expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 200, 200, 200, 200, 200, 200, 202])
      await client(relay).receipt(request, wait)
      expect((await post(relay, request)).status).to.equal(200)
      expect(await sent()).to.equal(before + 1)
      const lines = readFileSync(join(folder, 'journal.jsonl'), 'utf8').split('\n')
      expect(lines.filter((line) => line.startsWith('{"type":"accepted"'))).to.have.length(1)
    })

    it('finds that the claimant has paid for it elsewhere meanwhile', async () => {
      const relay = await open({ batch: { size: 10, seconds: 0.4 } })
      const own = client(relay)
      const [here, elsewhere] = [await signed(), await signed()]
      await own.submit(here)
      await own.submit(elsewhere)
      const direct = await deposits(2).submitSigned(elsewhere)
      const receipt = await own.receipt(elsewhere, wait)
      expect(receipt.record!.transaction).to.equal(direct.record!.transaction)
      await own.receipt(here, wait)
      await until(async () => (await own.status(receipt.id)).state === 'settled')
      expect(await own.status(receipt.id)).to.include({ byOthers: true, transaction: direct.record!.transaction })
    })
  })

  describe('admission', () => {
    it('refuses what is not a signed deposit, or not for this registry, or not signed by its claimant, and keeps nothing of it', async () => {
      const relay = await open()
      const good = await signed()
      const own = client(relay)
      const { work } = good
      await expectError('INVALID_SIGNED_DEPOSIT', () => own.submit({ ...good, signature: '0x1' }))
      await expectError('SIGNATURE_ELSEWHERE', () => own.submit({ ...good, chainId: 1 }))
      await expectError('SIGNATURE_INVALID', () => own.submit({ ...good, claimant: chain.accounts[2]!.address }))
      await expectError('SIGNATURE_INVALID', () => own.submit({ ...good, work: { ...work, salt: work.contentHash } }))
      await expectError('SIGNATURE_INVALID', () => own.submit({ ...good, deadline: good.deadline + 1 }))
      const soon = await chain.provider.getBlock('latest').then((block) => block!.timestamp + 300)
      await expectError('SIGNATURE_EXPIRED', async () => own.submit(await signed(1, soon)))
      const exists = await deposits().submitSigned(good)
      const error = await expectError('DEPOSIT_EXISTS', () => own.submit(good))
      expect(error.details).to.include({ id: exists.id, transaction: exists.record!.transaction })
      expect(relay.unfinished).to.equal(0)
      expect(readFileSync(join(folder, 'journal.jsonl'), 'utf8')).to.not.include('accepted')
      expect((await fetch(`${relay.url}/v1/deposits`, { method: 'POST', body: 'x'.repeat(20_000) })).status).to.be.oneOf([413, 415])
      expect((await post(relay, 'text')).status).to.equal(400)
    })

    it('serves each claimant by its level of identity, restarts included', async () => {
      const verifier = chain.accounts[3]!
      await admit(chain, [{ account: verifier.address, roles: ROLE.verifier }])
      const identity = createColophon({ signer: verifier, deployment: chain.deployment }).identity
      await identity.attest({ subject: chain.accounts[1]!.address, level: 'low', claim: `0x${'c1'.repeat(32)}` })
      const quota = { none: 0, low: 2 }
      let relay = await open({ quota })
      await expectError('RELAY_IDENTITY_REQUIRED', async () => client(relay, 2).submit(await signed(2)))
      const three = await Promise.all([signed(), signed(), signed()])
      const answers = await Promise.all(three.map((each) => post(relay, each)))
      expect(answers.map(({ status }) => status).sort()).to.deep.equal([202, 202, 429])
      await close(relay)
      relay = await open({ quota })
      await expectError('RELAY_QUOTA_EXCEEDED', async () => client(relay).submit(await signed()))
    })

    it('takes signatures of contract wallets, and none that the registry would refuse', async () => {
      const relay = await open({ batch: { size: 3, seconds: 0.2 } })
      const owner = chain.accounts[4]!
      const { signature: _, ...unsigned } = await signed(4)
      const wallet = await deploy('OwnedWallet', owner.address)
      const request = await signedBy(owner, wallet)
      expect((await client(relay).submit(request)).claimant).to.equal(wallet)
      expect((await client(relay).receipt(request, wait)).claimant).to.equal(wallet)
      await expectError('SIGNATURE_INVALID', async () => client(relay).submit(await signedBy(chain.accounts[5]!, wallet)))
      // Answers of hostile wallets: no, a revert, nothing, a short word, a dirty one, a bomb, all gas burnt.
      for (const answer of [1, 2, 3, 4, 5, 7, 8]) {
        const hostile = await deploy('HostileWallet', answer)
        await expectError('SIGNATURE_INVALID', () => client(relay).submit({ ...unsigned, signature: request.signature, claimant: hostile }))
      }
    })

    it('limits addresses, and takes no more than may wait', async () => {
      const relay = await open({ rate: { perSecond: 0.01, burst: 3 }, capacity: 1, batch: { size: 10, seconds: 60 } })
      expect((await post(relay, await signed())).status).to.equal(202)
      const full = await post(relay, await signed())
      expect([full.status, full.headers.get('retry-after')]).to.deep.equal([503, '2'])
      expect(((await full.json()) as { error: { code: string } }).error.code).to.equal('RELAY_FULL')
      await fetch(`${relay.url}/v1/relay`)
      const limited = await fetch(`${relay.url}/v1/relay`)
      expect(limited.status).to.equal(429)
      expect(Number(limited.headers.get('retry-after'))).to.be.greaterThan(1)
      expect((await fetch(`${relay.url}/health`)).status).to.equal(200)
    })

    it('answers as its OpenAPI document says', async () => {
      const relay = await open({ mode: 'anchor' })
      const document = (await (await fetch(`${relay.url}/openapi.json`)).json()) as { components: { schemas: Record<string, object> } }
      const ajv = new Ajv2020({ strict: false })
      const fits = async (name: string, answer: Response): Promise<void> => {
        const value = await answer.json()
        const check = ajv.compile(document.components.schemas[name]!)
        expect(check(value), `${name}: ${JSON.stringify(check.errors)}`).to.equal(true)
      }
      const request = await signed()
      expect(ajv.validate(document.components.schemas.SignedDeposit!, request)).to.equal(true)
      await fits('Info', await fetch(`${relay.url}/v1/relay`))
      await fits('Accepted', await post(relay, request))
      await client(relay).receipt(request, wait)
      await fits('Status', await fetch(`${relay.url}/v1/deposits/${idOf(request.claimant, request.work)}`))
      await fits('Error', await fetch(`${relay.url}/v1/deposits/0x00`))
      await fits('Health', await fetch(`${relay.url}/health`))
      expect(await metric(relay, 'deposits_total{outcome="accepted"}')).to.equal(1)
    })
  })

  describe('faults', () => {
    it('goes on after a restart with what it had accepted, and sends nothing twice', async () => {
      let relay = await open({ batch: { size: 10, seconds: 60 } })
      const own = client(relay)
      const waiting = await signed()
      await own.submit(waiting)
      await close(relay)
      const before = await sent()
      relay = await open()
      await client(relay).receipt(waiting, wait)
      await close(relay)
      relay = await open()
      expect(await client(relay).status(idOf(waiting.claimant, waiting.work))).to.include({ state: 'settled' })
      expect(relay.unfinished).to.equal(0)
      expect(await sent()).to.equal(before + 1)
    })

    it('sends the very same transaction again after dying before or after it was sent', async () => {
      await chain.provider.send('evm_setAutomine', [false])
      // The node never hears of it, and the relay is stopped.
      rpc.fault = ({ method }) => (method === 'eth_sendRawTransaction' ? 'hang' : 'pass')
      let relay = await open({ patience: 60_000 })
      const request = await signed()
      await client(relay).submit(request)
      const id = idOf(request.claimant, request.work)
      await until(async () => (await client(relay).status(id)).state === 'sent')
      const { transaction } = await client(relay).status(id)
      await close(relay)
      expect(await chain.provider.getTransaction(transaction!)).to.equal(null)
      rpc.fault = () => 'pass'
      relay = await open({ patience: 60_000 })
      await until(async () => (await chain.provider.getTransaction(transaction!)) !== null)
      await close(relay)
      relay = await open({ patience: 60_000 })
      await chain.provider.send('evm_mine', [])
      expect((await client(relay).receipt(request, wait)).record!.transaction).to.equal(transaction)
    })

    it('loses nothing to an RPC that limits, drops answers after taking what was sent, and hangs', async () => {
      const relay = await open({ batch: { size: 4, seconds: 0.1 } })
      const before = await sent()
      let count = 0
      rpc.fault = ({ method }) => {
        if (method === 'eth_sendRawTransaction') return count++ % 2 === 0 ? 'lose' : 'pass'
        if (method === 'eth_getTransactionReceipt' && count++ % 5 === 0) return 'limit'
        return method === 'eth_estimateGas' && count++ === 3 ? 'hang' : 'pass'
      }
      const requests = await Promise.all(Array.from({ length: 12 }, () => signed()))
      const own = client(relay)
      const submitted = await Promise.all(requests.map((each) => own.submit(each)))
      expect(submitted).to.have.length(12)
      const receipts = await Promise.all(requests.map((each) => own.receipt(each, wait)))
      expect(new Set(receipts.map(({ id }) => id)).size).to.equal(12)
      const used = new Set(receipts.map(({ record }) => record!.transaction)).size
      await until(() => relay.unfinished === 0)
      expect((await sent()) - before).to.equal(used)
      expect(rpc.seen.get('eth_sendRawTransaction')).to.be.at.least(used)
    })

    it('keeps what it cannot send, and says what is in its way', async () => {
      const relay = await open()
      const own = client(relay)
      const request = await signed()
      rpc.fault = ({ method }) => (method === 'eth_estimateGas' ? { code: -32_005, message: 'rate limit exceeded' } : 'pass')
      await own.submit(request)
      await until(() => relay.trouble !== undefined)
      expect(relay.trouble!.code).to.equal('RATE_LIMITED')
      const health = await fetch(`${relay.url}/health`)
      expect([health.status, ((await health.json()) as { trouble: string }).trouble]).to.deep.equal([503, 'RATE_LIMITED'])
      rpc.fault = () => 'pass'
      await own.receipt(request, wait)
      expect((await fetch(`${relay.url}/health`)).status).to.equal(200)
    })

    it('answers 503 and takes nothing on when the chain cannot be asked', async () => {
      const relay = await open()
      const request = await signed()
      rpc.fault = ({ method }) => (method === 'eth_call' ? { code: -32_005, message: 'rate limit exceeded' } : 'pass')
      const answer = await post(relay, request)
      expect([answer.status, answer.headers.get('retry-after')]).to.deep.equal([503, '2'])
      expect(relay.unfinished).to.equal(0)
      rpc.fault = () => 'pass'
      expect((await post(relay, request)).status).to.equal(202)
    })

    it('divides a batch that fails as a whole until the one that fails is alone', async () => {
      const relay = await open({ batch: { size: 8, seconds: 60 } })
      const requests = await Promise.all(Array.from({ length: 8 }, () => signed()))
      const bad = requests[5]!
      const trips = (params: unknown[]): boolean => JSON.stringify(params).includes(bad.work.contentHash.slice(2))
      rpc.fault = ({ method, params }) =>
        /eth_(call|estimateGas)/.test(method) && JSON.stringify(params).length > 1000 && trips(params)
          ? { code: 3, message: 'execution reverted' }
          : 'pass'
      const own = client(relay)
      for (const each of requests) await own.submit(each)
      const refused = await expectError('RELAY_REFUSED', () => own.receipt(bad, wait))
      expect(refused.details.code).to.equal('CONTRACT_REVERTED')
      for (const each of requests) if (each !== bad) await own.receipt(each, wait)
      expect(await metric(relay, 'bisections_total')).to.equal(3)
      // Once it is mended the same deposit may come again.
      rpc.fault = () => 'pass'
      expect((await post(relay, bad)).status).to.equal(202)
      expect(relay.unfinished).to.equal(1)
      await close(relay)
      const again = await open()
      await client(again).receipt(bad, wait)
    })

    it('gives up on a signature that expires while it waits', async () => {
      await chain.provider.send('evm_setAutomine', [false])
      const relay = await open({ leastValidity: 1, batch: { size: 10, seconds: 1.2 } })
      const own = client(relay)
      const request = await deposits().sign(newWork(), {
        deadline: Math.max(Math.ceil(Date.now() / 1000), (await chain.provider.getBlock('latest'))!.timestamp) + 60,
      })
      await own.submit(request)
      await chain.pass(90)
      const refused = await expectError('RELAY_REFUSED', () => own.receipt(request, wait))
      expect(refused.details.code).to.equal('SIGNATURE_EXPIRED')
    })

    it('sends again what a reorganisation took off the chain', async () => {
      const relay = await open({ confirmations: 4 })
      const own = client(relay)
      const request = await signed()
      await own.submit(request)
      const first = await own.receipt(request, wait)
      expect((await own.status(first.id)).state).to.equal('mined')
      await chain.provider.send('anvil_reorg', [1, []])
      await until(async () => (await metric(relay, 'reorganisations_total')) === 1)
      await own.receipt(request, wait)
      await chain.provider.send('anvil_mine', ['0x4'])
      await until(async () => (await own.status(first.id)).state === 'settled')
      expect((await own.status(first.id)).transaction).to.equal(first.record!.transaction)
    })

    it('starts anew with a batch whose nonce another transaction took', async () => {
      await chain.provider.send('evm_setAutomine', [false])
      rpc.fault = ({ method }) => (method === 'eth_sendRawTransaction' ? 'limit' : 'pass')
      const relay = await open()
      const own = client(relay)
      const request = await signed()
      await own.submit(request)
      const id = idOf(request.claimant, request.work)
      await until(async () => (await own.status(id)).state === 'sent')
      const { transaction } = await own.status(id)
      await chain.provider.send('evm_setAutomine', [true])
      await (await chain.accounts[9]!.sendTransaction({ to: chain.accounts[9]!.address })).wait()
      rpc.fault = () => 'pass'
      const receipt = await own.receipt(request, wait)
      expect(receipt.record!.transaction).to.not.equal(transaction)
    })

    it('offers a higher fee when it waits too long, and never more than its ceiling', async () => {
      await chain.provider.send('evm_setAutomine', [false])
      const relay = await open({ patience: 150 })
      const own = client(relay)
      const request = await signed()
      await own.submit(request)
      await until(async () => (await metric(relay, 'replacements_total')) >= 2)
      await chain.provider.send('evm_mine', [])
      await chain.provider.send('evm_setAutomine', [true])
      const receipt = await own.receipt(request, wait)
      const before = await sent()
      await close(relay)
      const lines = readFileSync(join(folder, 'journal.jsonl'), 'utf8')
        .split('\n')
        .filter((line) => line.startsWith('{"type":"signed"'))
      expect(new Set(lines.map((line) => JSON.parse(line).nonce)).size).to.equal(1)
      expect(lines.map((line) => JSON.parse(line).transaction)).to.include(receipt.record!.transaction)
      const mean = await open({ maxFeePerGas: 1n })
      await client(mean).submit(await signed())
      await until(async () => (await metric(mean, 'fee_above_ceiling')) === 1)
      expect(await sent()).to.equal(before)
    })

    it('learns from the mined batch what the registry left out, and why', async () => {
      await chain.provider.send('evm_setAutomine', [false])
      const relay = await open({ batch: { size: 3, seconds: 60 }, patience: 60_000 })
      const own = client(relay)
      await chain.provider.send('evm_setAutomine', [true])
      const wallet = await deploy('OwnedWallet', chain.accounts[4]!.address)
      await chain.provider.send('evm_setAutomine', [false])
      const [fine, elsewhere, changed] = [await signed(), await signed(), await signedBy(chain.accounts[4]!, wallet)]
      for (const each of [fine, elsewhere, changed]) await own.submit(each)
      await until(async () => (await own.status(idOf(fine.claimant, fine.work))).state === 'sent')
      // Two others are quicker: one pays for the second, the third's wallet gets another owner.
      const first = { maxFeePerGas: parseUnits('60', 'gwei'), maxPriorityFeePerGas: parseUnits('50', 'gwei'), gasLimit: 300_000 }
      const other = deposits(2)
      const { to, data } = await other.submitSigned.populate(elsewhere)
      const direct = await chain.accounts[2]!.sendTransaction({ to, data, ...first })
      await new Contract(wallet, ['function changeOwner(address)'], chain.accounts[0]!).changeOwner!(chain.accounts[5]!.address, first)
      await chain.provider.send('evm_mine', [])
      expect((await own.receipt(fine, wait)).kind).to.equal('signed')
      expect((await own.receipt(elsewhere, wait)).record!.transaction).to.equal(direct.hash)
      const refused = await expectError('RELAY_REFUSED', () => own.receipt(changed, wait))
      expect(refused.details.code).to.equal('SIGNATURE_INVALID')
      expect(await own.status(idOf(elsewhere.claimant, elsewhere.work))).to.include({ byOthers: true })
      expect(relay.unfinished).to.equal(0)
    })

    it('waits for coin when its account has none', async () => {
      const { address } = chain.accounts[9]!
      const balance = await chain.provider.getBalance(address)
      const relay = await open()
      const request = await signed()
      await chain.provider.send('anvil_setBalance', [address, '0x1'])
      try {
        await client(relay).submit(request)
        await until(() => relay.trouble?.code === 'INSUFFICIENT_FUNDS')
        expect((await client(relay).status(idOf(request.claimant, request.work))).state).to.be.oneOf(['queued', 'sent'])
      } finally {
        await chain.provider.send('anvil_setBalance', [address, toBeHex(balance)])
      }
      await client(relay).receipt(request, wait)
      await until(() => relay.trouble === undefined)
    })

    it('is alone in its folder, and knows the folder of another relay', async () => {
      const relay = await open()
      await expectError('RELAY_BUSY', () => open())
      await close(relay)
      const journal = join(folder, 'journal.jsonl')
      writeFileSync(journal, readFileSync(journal, 'utf8').replace('"chainId":31337', '"chainId":1'))
      await expectError('RELAY_OTHER', () => open())
      writeFileSync(journal, readFileSync(journal, 'utf8').replace('"chainId":1', '"chainId":31337'))
      // What a dying process left of a line was promised to nobody.
      appendFileSync(journal, '{"type":"accepted","id":"0x12')
      await close(await open())
      appendFileSync(journal, '{"type":"accepted"}\n')
      await expectError('RELAY_DAMAGED', () => open())
    })

    it('forgets what ended long ago, and nothing that waits', async () => {
      let relay = await open()
      const [old, waiting] = [await signed(), await signed()]
      const { id } = await client(relay).deposit(newWork(), wait)
      await client(relay).submit(old)
      await client(relay).receipt(old, wait)
      await until(() => relay.unfinished === 0)
      await close(relay)
      const journal = join(folder, 'journal.jsonl')
      // As if the second had been accepted two months ago.
      const month = 30 * 86_400_000
      const aged = readFileSync(journal, 'utf8').replace(
        new RegExp(`("accepted","id":"${idOf(old.claimant, old.work)}","at":)(\\d+)`),
        (_, head, at) => `${head}${Number(at) - 2 * month}`,
      )
      writeFileSync(journal, aged)
      relay = await open({ batch: { size: 10, seconds: 60 } })
      await client(relay).submit(waiting)
      await close(relay)
      relay = await open({ batch: { size: 10, seconds: 60 } })
      await expectError('RELAY_NOT_FOUND', () => client(relay).status(idOf(old.claimant, old.work)))
      expect((await client(relay).status(id)).state).to.equal('settled')
      expect((await client(relay).status(idOf(waiting.claimant, waiting.work))).state).to.equal('queued')
    })
  })
})
