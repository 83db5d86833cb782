import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { Contract, parseUnits, toBeHex } from 'ethers'
import { idOf } from '../../src/deposits/work.ts'
import { newWork } from '../deposits/works.ts'
import { expectError } from '../expectError.ts'
import { relayBed, until, wait } from './relayBed.ts'

describe('relay: faults', () => {
  const bed = relayBed()
  const { open, close, client, deposits, signed, deploy, signedBy, sent, post, metric } = bed

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
    await bed.chain.provider.send('evm_setAutomine', [false])
    // The node never hears of it, and the relay is stopped.
    bed.rpc.fault = ({ method }) => (method === 'eth_sendRawTransaction' ? 'hang' : 'pass')
    let relay = await open({ patience: 60_000 })
    const request = await signed()
    await client(relay).submit(request)
    const id = idOf(request.claimant, request.work)
    await until(async () => (await client(relay).status(id)).state === 'sent')
    const { transaction } = await client(relay).status(id)
    await close(relay)
    expect(await bed.chain.provider.getTransaction(transaction!)).to.equal(null)
    bed.rpc.fault = () => 'pass'
    relay = await open({ patience: 60_000 })
    await until(async () => (await bed.chain.provider.getTransaction(transaction!)) !== null)
    await close(relay)
    relay = await open({ patience: 60_000 })
    await bed.chain.provider.send('evm_mine', [])
    expect((await client(relay).receipt(request, wait)).record!.transaction).to.equal(transaction)
  })

  it('loses nothing to an RPC that limits, drops answers after taking what was sent, and hangs', async () => {
    const relay = await open({ batch: { size: 4, seconds: 0.1 } })
    const before = await sent()
    let count = 0
    bed.rpc.fault = ({ method }) => {
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
    expect(bed.rpc.seen.get('eth_sendRawTransaction')).to.be.at.least(used)
  })

  it('keeps what it cannot send, and says what is in its way', async () => {
    const relay = await open()
    const own = client(relay)
    const request = await signed()
    bed.rpc.fault = ({ method }) => (method === 'eth_estimateGas' ? { code: -32_005, message: 'rate limit exceeded' } : 'pass')
    await own.submit(request)
    await until(() => relay.trouble !== undefined)
    expect(relay.trouble!.code).to.equal('RATE_LIMITED')
    const health = await fetch(`${relay.url}/health`)
    expect([health.status, ((await health.json()) as { trouble: string }).trouble]).to.deep.equal([503, 'RATE_LIMITED'])
    bed.rpc.fault = () => 'pass'
    await own.receipt(request, wait)
    expect((await fetch(`${relay.url}/health`)).status).to.equal(200)
  })

  it('answers 503 and takes nothing on when the chain cannot be asked', async () => {
    const relay = await open()
    const request = await signed()
    bed.rpc.fault = ({ method }) => (method === 'eth_call' ? { code: -32_005, message: 'rate limit exceeded' } : 'pass')
    const answer = await post(relay, request)
    expect([answer.status, answer.headers.get('retry-after')]).to.deep.equal([503, '2'])
    expect(relay.unfinished).to.equal(0)
    bed.rpc.fault = () => 'pass'
    expect((await post(relay, request)).status).to.equal(202)
  })

  it('divides a batch that fails as a whole until the one that fails is alone', async () => {
    const relay = await open({ batch: { size: 8, seconds: 60 } })
    const requests = await Promise.all(Array.from({ length: 8 }, () => signed()))
    const bad = requests[5]!
    const trips = (params: unknown[]): boolean => JSON.stringify(params).includes(bad.work.contentHash.slice(2))
    bed.rpc.fault = ({ method, params }) =>
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
    bed.rpc.fault = () => 'pass'
    expect((await post(relay, bad)).status).to.equal(202)
    expect(relay.unfinished).to.equal(1)
    await close(relay)
    const again = await open()
    await client(again).receipt(bad, wait)
  })

  it('gives up on a signature that expires while it waits', async () => {
    await bed.chain.provider.send('evm_setAutomine', [false])
    const relay = await open({ leastValidity: 1, batch: { size: 10, seconds: 1.2 } })
    const own = client(relay)
    const request = await deposits().sign(newWork(), {
      deadline: Math.max(Math.ceil(Date.now() / 1000), (await bed.chain.provider.getBlock('latest'))!.timestamp) + 60,
    })
    await own.submit(request)
    await bed.chain.pass(90)
    const refused = await expectError('RELAY_REFUSED', () => own.receipt(request, wait))
    expect(refused.details.code).to.equal('SIGNATURE_EXPIRED')
  })

  for (const depth of [8, 64])
    it(`sends again what a reorganisation of ${depth} blocks took off the chain, also while it was stopped, and each once`, async () => {
      const mine = (count: number): Promise<unknown> => bed.chain.provider.send('anvil_mine', [toBeHex(count)])
      const reorg = (): Promise<unknown> => bed.chain.provider.send('anvil_reorg', [depth, []])
      // Room for reorganisations that leave the contracts alone.
      await mine(depth)
      const options = { confirmations: depth + 4 }
      let relay = await open(options)
      const own = client(relay)
      const requests = [await signed(), await signed()]
      await own.submit(requests[0]!)
      const first = await own.receipt(requests[0]!, wait)
      await own.submit(requests[1]!)
      await own.receipt(requests[1]!, wait)
      await mine(depth - 2)
      expect((await own.status(first.id)).state).to.equal('mined')
      // One that is on its way when it happens.
      const last = await signed()
      requests.push(last)
      const late = own.submit(last)
      await reorg()
      await late
      await until(async () => (await metric(relay, 'reorganisations_total')) >= 1)
      for (const each of requests) await own.receipt(each, wait)

      await close(relay)
      await mine(depth - 1)
      await reorg()
      relay = await open(options)
      const again = client(relay)
      for (const each of requests) await again.receipt(each, wait)
      await mine(depth + 4)
      await until(() => relay.unfinished === 0)
      const kept = await Promise.all(requests.map(({ claimant, work }) => again.status(idOf(claimant, work))))
      expect(kept.map(({ state }) => state)).to.deep.equal(requests.map(() => 'settled'))
      // The same transactions as before, each deposit in one of them.
      expect(kept[0]!.transaction).to.equal(first.record!.transaction)
      const batches = new Set(kept.map(({ transaction }) => transaction))
      const onChain = await Promise.all([...batches].map((hash) => bed.chain.provider.getTransactionReceipt(hash!)))
      expect(onChain.flatMap((mined) => mined!.logs)).to.have.length(requests.length)
      // None of the account's transactions but these came in since the first.
      const { nonce } = (await bed.chain.provider.getTransaction(first.record!.transaction))!
      expect((await sent()) - nonce).to.equal(batches.size)
    })

  it('starts anew with a batch whose nonce another transaction took', async () => {
    await bed.chain.provider.send('evm_setAutomine', [false])
    bed.rpc.fault = ({ method }) => (method === 'eth_sendRawTransaction' ? 'limit' : 'pass')
    const relay = await open()
    const own = client(relay)
    const request = await signed()
    await own.submit(request)
    const id = idOf(request.claimant, request.work)
    await until(async () => (await own.status(id)).state === 'sent')
    const { transaction } = await own.status(id)
    await bed.chain.provider.send('evm_setAutomine', [true])
    await (await bed.chain.accounts[9]!.sendTransaction({ to: bed.chain.accounts[9]!.address })).wait()
    bed.rpc.fault = () => 'pass'
    const receipt = await own.receipt(request, wait)
    expect(receipt.record!.transaction).to.not.equal(transaction)
  })

  it('offers a higher fee when it waits too long, and never more than its ceiling', async () => {
    await bed.chain.provider.send('evm_setAutomine', [false])
    const relay = await open({ patience: 150 })
    const own = client(relay)
    const request = await signed()
    await own.submit(request)
    await until(async () => (await metric(relay, 'replacements_total')) >= 2)
    await bed.chain.provider.send('evm_mine', [])
    await bed.chain.provider.send('evm_setAutomine', [true])
    const receipt = await own.receipt(request, wait)
    const before = await sent()
    await close(relay)
    const lines = readFileSync(join(bed.folder, 'journal.jsonl'), 'utf8')
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
    await bed.chain.provider.send('evm_setAutomine', [false])
    const relay = await open({ batch: { size: 3, seconds: 60 }, patience: 60_000 })
    const own = client(relay)
    await bed.chain.provider.send('evm_setAutomine', [true])
    const wallet = await deploy('OwnedWallet', bed.chain.accounts[4]!.address)
    await bed.chain.provider.send('evm_setAutomine', [false])
    const [fine, elsewhere, changed] = [await signed(), await signed(), await signedBy(bed.chain.accounts[4]!, wallet)]
    for (const each of [fine, elsewhere, changed]) await own.submit(each)
    await until(async () => (await own.status(idOf(fine.claimant, fine.work))).state === 'sent')
    // Two others are quicker: one pays for the second, the third's wallet gets another owner.
    const first = { maxFeePerGas: parseUnits('60', 'gwei'), maxPriorityFeePerGas: parseUnits('50', 'gwei'), gasLimit: 300_000 }
    const other = deposits(2)
    const { to, data } = await other.submitSigned.populate(elsewhere)
    const direct = await bed.chain.accounts[2]!.sendTransaction({ to, data, ...first })
    await new Contract(wallet, ['function changeOwner(address)'], bed.chain.accounts[0]!).changeOwner!(
      bed.chain.accounts[5]!.address,
      first,
    )
    await bed.chain.provider.send('evm_mine', [])
    expect((await own.receipt(fine, wait)).kind).to.equal('signed')
    expect((await own.receipt(elsewhere, wait)).record!.transaction).to.equal(direct.hash)
    const refused = await expectError('RELAY_REFUSED', () => own.receipt(changed, wait))
    expect(refused.details.code).to.equal('SIGNATURE_INVALID')
    expect(await own.status(idOf(elsewhere.claimant, elsewhere.work))).to.include({ byOthers: true })
    expect(relay.unfinished).to.equal(0)
  })

  it('waits for coin when its account has none', async () => {
    const { address } = bed.chain.accounts[9]!
    const balance = await bed.chain.provider.getBalance(address)
    const relay = await open()
    const request = await signed()
    await bed.chain.provider.send('anvil_setBalance', [address, '0x1'])
    try {
      await client(relay).submit(request)
      await until(() => relay.trouble?.code === 'INSUFFICIENT_FUNDS')
      expect((await client(relay).status(idOf(request.claimant, request.work))).state).to.be.oneOf(['queued', 'sent'])
    } finally {
      await bed.chain.provider.send('anvil_setBalance', [address, toBeHex(balance)])
    }
    await client(relay).receipt(request, wait)
    await until(() => relay.trouble === undefined)
  })

  it('is alone in its folder, and knows the folder of another relay', async () => {
    const relay = await open()
    await expectError('RELAY_BUSY', () => open())
    await close(relay)
    const journal = join(bed.folder, 'journal.jsonl')
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
    const journal = join(bed.folder, 'journal.jsonl')
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
