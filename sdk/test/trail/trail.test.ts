import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { ContractFactory, type ContractTransactionResponse, JsonRpcProvider, ZeroAddress, ZeroHash } from 'ethers'
import { CopyrightTitle__factory, type Deployment, InfringementClaims__factory, LicenseToken__factory } from '../../src/contracts/index.ts'
import { pinWork } from '../../src/document/index.ts'
import { fingerprint } from '../../src/fingerprint/index.ts'
import { createDeposits, type DepositReceipt, type Hex } from '../../src/index.ts'
import { cidToDigest, createMemoryStore, openBlockStore } from '../../src/storage/index.ts'
import { sentenceOf, type Trail, trace, trailPage } from '../../src/trail/index.ts'
import { startChain, type TestChain } from '../chain.ts'
import { run } from '../cli/command.ts'
import { newWork } from '../deposits/works.ts'
import { expectError } from '../expectError.ts'
import { PHOTO } from '../fingerprint/media.ts'

const ARBITRATOR = join(import.meta.dirname, '../../../artifacts/contracts/test/Arbitration.sol/HostileArbitrator.json')
const DAY = 86_400
const hex = (bytes: Uint8Array): Hex => `0x${Buffer.from(bytes).toString('hex')}`

describe('trail', function () {
  this.timeout(120_000)
  let chain: TestChain
  let folder: string
  let receipt: DepositReceipt
  let suspect: DepositReceipt
  let evidenceCid: string
  let trail: Trail
  const storage = createMemoryStore()

  before(async function () {
    if (!existsSync(ARBITRATOR)) {
      console.log('      skipped: the contracts are not built')
      this.skip()
    }
    chain = await startChain()
    folder = mkdtempSync(join(tmpdir(), 'colophon-trail-'))
    const [, author, thief, buyer] = chain.accounts
    const at = (name: keyof Deployment['contracts']): string => chain.deployment.contracts[name]!.address
    const mined = async (sent: Promise<ContractTransactionResponse>): Promise<void> => void (await (await sent).wait())

    const found = await fingerprint(PHOTO)
    const document = await pinWork(storage, found, { title: 'Coffee <b>&', creators: [{ name: 'Ada' }] })
    const deposits = createDeposits({ signer: author! })
    receipt = await deposits.create({ fingerprint: found, document })
    await deposits.create(newWork())
    suspect = await createDeposits({ signer: thief! }).create(newWork())

    const title = CopyrightTitle__factory.connect(at('CopyrightTitle'), author!)
    await mined(title.mint(receipt.id, 500n))
    const licenses = LicenseToken__factory.connect(at('LicenseToken'), author!)
    const terms = await storage.putBlock(new TextEncoder().encode('The terms of the license, in words.'))
    const offer = {
      workId: BigInt(receipt.id),
      seller: author!.address,
      epoch: await title.epochOf(receipt.id),
      currency: ZeroAddress,
      price: 0n,
      duration: BigInt(365 * DAY),
      closesAt: 4_000_000_000n,
      supply: 2n,
      exclusive: false,
      territories: 1n,
      channels: 1n,
      rights: 1n,
      transferable: true,
      renewable: true,
      resaleBps: 0n,
      derivativeBps: 0n,
      commissionCapPpm: 0n,
      platform: ZeroAddress,
      document: hex(cidToDigest(terms.cid)),
    }
    await mined(licenses.open(offer))
    await mined(licenses.connect(buyer!).acquire(offer, '0x', buyer!.address, ZeroAddress, 0n))

    const { abi, bytecode } = JSON.parse(readFileSync(ARBITRATOR, 'utf8'))
    const arbitrator = await new ContractFactory(abi, bytecode, chain.accounts[0]!).deploy()
    await arbitrator.waitForDeployment()
    const claims = InfringementClaims__factory.connect(at('InfringementClaims'), author!)
    const bundle = await storage.putBlock(new TextEncoder().encode('{"what":"evidence"}'))
    evidenceCid = bundle.cid
    const claim = {
      workId: BigInt(receipt.id),
      claimant: author!.address,
      respondent: ZeroAddress,
      suspectId: BigInt(suspect.id),
      evidence: hex(cidToDigest(bundle.cid)),
      suspectFingerprint: ZeroHash,
      suspectType: 0n,
      forum: BigInt(await arbitrator.getAddress()),
      backup: 0n,
    }
    const bond = await claims.MIN_BOND()
    await mined(claims.fileClaim(claim, { value: bond }))
    await mined(claims.connect(thief!).answer(claim, `ipfs://${evidenceCid}`, true, { value: bond }))
    await mined(claims.submitEvidence(claim, 'ipfs://bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy'))
    await mined(claims.escalate(claim))
    await mined(claims.connect(thief!).appeal(claim))
    await mined(arbitrator.getFunction('giveRuling').send(at('InfringementClaims'), 0n, 3n) as Promise<ContractTransactionResponse>)
    await chain.pass(30 * DAY)
    await mined(claims.conclude(claim))
    await mined(claims.enforce(claim))
    await mined(title.transferFrom(author!.address, buyer!.address, receipt.id))
    trail = await trace(receipt.id, { provider: chain.provider, deployment: chain.deployment, storage })
  })
  after(async () => {
    await chain?.stop()
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
  })

  it('goes from the deposit over title, license, claim and evidence to the ruling, in order', () => {
    expect(trail.links.map(({ event }) => event)).to.deep.equal([
      'Deposited',
      'Transfer',
      'TitleMinted',
      'OfferOpened',
      'LicenseAcquired',
      'ClaimFiled',
      'ClaimAnswered',
      'Evidence',
      'Evidence',
      'DepositsCompared',
      'Dispute',
      'ClaimAppealed',
      'Ruling',
      'ClaimClosed',
      'Transfer',
    ])
    expect(trail.links.find(({ event }) => event === 'ClaimAppealed')!.stage).to.equal('ruling')
    expect(trail.links.every((link, index) => index === 0 || link.block >= trail.links[index - 1]!.block)).to.equal(true)
    const cids = trail.links.flatMap((link) => link.cids.map(({ name, cid }) => `${link.event} ${name} ${cid}`))
    expect(cids).to.include(`Deposited metadata ${receipt.document}`)
    expect(cids).to.include(`ClaimFiled evidence ${evidenceCid}`)
    expect(cids.filter((each) => each.startsWith('Evidence evidence'))).to.have.length(2)
    expect(cids.some((each) => each.startsWith('LicenseAcquired document'))).to.equal(true)
  })

  it('checks every link by itself', () => {
    expect(trail.gaps).to.deep.equal([])
    const faults = trail.links.flatMap(({ event, checks }) =>
      checks.filter(({ status }) => status !== 'ok').map((check) => ({ event, ...check })),
    )
    // The second piece of evidence is nowhere to be had.
    expect(faults.map(({ event, name, status }) => [event, name, status])).to.deep.equal([['Evidence', 'document', 'skipped']])
    expect(trail.verdict).to.equal('verified')
    for (const link of trail.links) {
      expect(link.checks.slice(0, 2).map(({ name, status }) => [name, status])).to.deep.equal([
        ['event', 'ok'],
        ['contract', 'ok'],
      ])
      expect(link.transaction).to.match(/^0x[0-9a-f]{64}$/)
      expect(sentenceOf(link), link.event).to.not.equal(link.event)
    }
    const stated = trail.links.filter(({ checks }) => checks.some(({ name }) => name === 'state')).map(({ event }) => event)
    expect(stated).to.deep.equal([
      'Deposited',
      'TitleMinted',
      'LicenseAcquired',
      'ClaimFiled',
      'Dispute',
      'Ruling',
      'ClaimClosed',
      'Transfer',
    ])
  })

  it('shows the other side’s work its claim and its refutation', async () => {
    const other = await trace(suspect.id, { provider: chain.provider, deployment: chain.deployment })
    const events = other.links.map(({ event, side }) => `${event} ${side ?? ''}`.trim())
    expect(events[0]).to.equal('Deposited')
    expect(events).to.include('ClaimFiled suspect').and.include('ClaimClosed suspect').and.include('Refuted')
    expect(other.verdict).to.equal('verified')
  })

  it('is refuted by an RPC that lies about an event, a receipt or a contract', async () => {
    class Liar extends JsonRpcProvider {
      readonly twist: (method: string, answer: unknown) => unknown
      constructor(url: string, twist: (method: string, answer: unknown) => unknown) {
        super(url, 31_337, { staticNetwork: true, cacheTimeout: -1 })
        this.twist = twist
      }
      override async send(method: string, params: unknown[]): Promise<unknown> {
        return this.twist(method, await super.send(method, params as never[]))
      }
    }
    const lies: [string, string, (method: string, answer: unknown) => unknown][] = [
      // Another claimant in the log of the deposit: neither the id nor the registry's record is his.
      [
        'Deposited',
        'id',
        (method, answer) =>
          method !== 'eth_getLogs'
            ? answer
            : JSON.parse(JSON.stringify(answer).replaceAll(receipt.work.contentHash.slice(2), 'ab'.repeat(32))),
      ],
      ['ClaimFiled', 'event', (method, answer) => (method === 'eth_getTransactionReceipt' ? { ...(answer as object), logs: [] } : answer)],
    ]
    for (const [event, check, twist] of lies) {
      const liar = new Liar(chain.url, twist)
      try {
        const found = await trace(receipt.id, { provider: liar, deployment: chain.deployment })
        expect(found.verdict).to.equal('refuted')
        const link = found.links.find((one) => one.event === event)!
        expect(link.checks.find(({ name }) => name === check)!.status).to.equal('failed')
      } finally {
        liar.destroy()
      }
    }
  })

  it('says what it did not look at, and what is not there', async () => {
    const { CopyrightRegistry } = chain.deployment.contracts
    const alone = { chainId: 31_337, contracts: { CopyrightRegistry: CopyrightRegistry! } }
    const found = await trace(receipt.id, { provider: chain.provider, deployment: alone })
    expect([found.links.length, found.gaps.length, found.verdict]).to.deep.equal([1, 4, 'incomplete'])
    await expectError('DEPOSIT_NOT_FOUND', () => trace(ZeroHash.replace(/0$/, '7'), { provider: chain.provider }))
    await expectError('INVALID_WORK', () => trace('nonsense', { provider: chain.provider }))
  })

  it('becomes a page that stands alone', () => {
    const page = trailPage(trail, { title: 'Coffee <b>&' })
    expect(page).to.include('Coffee &lt;b&gt;&amp;').and.not.include('<b>&')
    expect(page).to.not.match(/<script|src=|href=|url\(/)
    for (const link of trail.links) {
      expect(page).to.include(`<code>${link.transaction}</code>`)
      for (const { cid } of link.cids) expect(page).to.include(`<code>${cid}</code>`)
    }
    // Headings are for people.
    expect([...page.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, heading]) => heading!.replace(/<[^>]*>/g, '')).join(' ')).to.not.match(
      /0x[0-9a-f]{40}/i,
    )
    const hostile: Trail = { ...trail, links: [{ ...trail.links[0]!, facts: { claimant: '<img src=x onerror=alert(1)>' } }] }
    expect(trailPage(hostile)).to.not.include('<img')
  })

  it('is printed, and written as a page, by the command', async () => {
    const store = await openBlockStore(join(folder, 'store'))
    await store.importCar({ open: () => storage.exportCar(receipt.document!) })
    await store.close()
    const env = { COLOPHON_RPC_URL: chain.url, COLOPHON_STORE: 'store' }
    const traced = await run(['trace', receipt.id, '--html', 'trail.html'], { cwd: folder, env })
    expect(traced.code, traced.out + traced.err).to.equal(0)
    expect(traced.out).to.include('15 links: every link holds').and.include('Claim by').and.include('Ruling 3')
    expect(readFileSync(join(folder, 'trail.html'), 'utf8')).to.include('<h1>Coffee &lt;b&gt;&amp;</h1>')
    const json = (await run(['trace', receipt.id, '--json'], { cwd: folder, env })).json()
    expect(json.links.map(({ event }: { event: string }) => event)).to.deep.equal(trail.links.map(({ event }) => event))
    if (process.env.COLOPHON_KEEP_PAGE !== undefined) {
      const { copyFileSync } = await import('node:fs')
      copyFileSync(join(folder, 'trail.html'), process.env.COLOPHON_KEEP_PAGE)
    }
  })
})
