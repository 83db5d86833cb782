import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect } from 'chai'
import { Wallet } from 'ethers'
import { createColophon } from '../../src/client/index.ts'
import { idOf } from '../../src/deposits/work.ts'
import { createRelayClient } from '../../src/relay/index.ts'
import { verify } from '../../src/verify/index.ts'
import { newWork } from '../deposits/works.ts'
import { expectError } from '../expectError.ts'
import { admit, ROLE } from '../roles.ts'
import { relayBed, until, wait } from './relayBed.ts'

describe('relay', () => {
  const bed = relayBed()
  const { open, close, client, deposits, signed, deploy, signedBy, sent, post, metric } = bed

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
      const account = Wallet.createRandom(bed.chain.provider)
      const own = createRelayClient({ url: relay.url, signer: account, deployment: bed.chain.deployment })
      const receipt = await own.deposit(newWork(), wait)
      expect(receipt).to.include({ kind: 'signed', claimant: account.address })
      const { verdict, checks } = await verify({ receipt }, { provider: bed.chain.provider, deployment: bed.chain.deployment })
      expect(verdict, JSON.stringify(checks)).to.equal('verified')
      expect(await bed.chain.provider.getBalance(account.address)).to.equal(0n)
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
      const soon = await open({ folder: join(bed.folder, 'soon'), batch: { size: 5, seconds: 0.1 } })
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
        expect((await verify({ receipt }, { provider: bed.chain.provider, deployment: bed.chain.deployment })).verdict).to.equal('verified')
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
      const lines = readFileSync(join(bed.folder, 'journal.jsonl'), 'utf8').split('\n')
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
      await expectError('SIGNATURE_INVALID', () => own.submit({ ...good, claimant: bed.chain.accounts[2]!.address }))
      await expectError('SIGNATURE_INVALID', () => own.submit({ ...good, work: { ...work, salt: work.contentHash } }))
      await expectError('SIGNATURE_INVALID', () => own.submit({ ...good, deadline: good.deadline + 1 }))
      const soon = await bed.chain.provider.getBlock('latest').then((block) => block!.timestamp + 300)
      await expectError('SIGNATURE_EXPIRED', async () => own.submit(await signed(1, soon)))
      const exists = await deposits().submitSigned(good)
      const error = await expectError('DEPOSIT_EXISTS', () => own.submit(good))
      expect(error.details).to.include({ id: exists.id, transaction: exists.record!.transaction })
      expect(relay.unfinished).to.equal(0)
      expect(readFileSync(join(bed.folder, 'journal.jsonl'), 'utf8')).to.not.include('accepted')
      expect((await fetch(`${relay.url}/v1/deposits`, { method: 'POST', body: 'x'.repeat(20_000) })).status).to.be.oneOf([413, 415])
      expect((await post(relay, 'text')).status).to.equal(400)
    })

    it('serves each claimant by its level of identity, restarts included', async () => {
      const verifier = bed.chain.accounts[3]!
      await admit(bed.chain, [{ account: verifier.address, roles: ROLE.verifier }])
      const identity = createColophon({ signer: verifier, deployment: bed.chain.deployment }).identity
      await identity.attest({ subject: bed.chain.accounts[1]!.address, level: 'low', claim: `0x${'c1'.repeat(32)}` })
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
      const owner = bed.chain.accounts[4]!
      const { signature: _, ...unsigned } = await signed(4)
      const wallet = await deploy('OwnedWallet', owner.address)
      const request = await signedBy(owner, wallet)
      expect((await client(relay).submit(request)).claimant).to.equal(wallet)
      expect((await client(relay).receipt(request, wait)).claimant).to.equal(wallet)
      await expectError('SIGNATURE_INVALID', async () => client(relay).submit(await signedBy(bed.chain.accounts[5]!, wallet)))
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
})
