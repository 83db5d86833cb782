import { StandardMerkleTree } from '@openzeppelin/merkle-tree'
import { expect } from 'chai'
import { ContractFactory, type Provider, sha256, ZeroAddress } from 'ethers'
import { CopyrightRegistryBytecode } from '../../src/contracts/bytecode.ts'
import { CopyrightRegistryAbi } from '../../src/contracts/index.ts'
import { createDocument } from '../../src/document/index.ts'
import { fingerprint } from '../../src/fingerprint/index.ts'
import {
  anchoredReceipt,
  createDeposits,
  type Deployment,
  type DepositReceipt,
  type Deposits,
  type Hex,
  hashWork,
  idOf,
  type Work,
  workOf,
} from '../../src/index.ts'
import { decomposeIscc, encodeUnit, genIsccCode, type IsccUnit } from '../../src/iscc/index.ts'
import { createMemoryStore } from '../../src/storage/index.ts'
import { type Check, type Subject, type Verification, type VerifyOptions, verify } from '../../src/verify/index.ts'
import { startChain, type TestChain } from '../chain.ts'
import { newWork } from '../deposits/works.ts'
import { expectError } from '../expectError.ts'

const TEXT = new TextEncoder().encode('A colophon is the note at the end of a book that says who made it, when and where. '.repeat(20))

describe('verify', () => {
  let chain: TestChain
  let deposits: Deposits
  let work: Work
  let iscc: string
  const storage = createMemoryStore()
  const receipts: Partial<Record<DepositReceipt['kind'], DepositReceipt>> = {}

  before(async () => {
    chain = await startChain()
    const [, creator, sponsor] = chain.accounts
    deposits = createDeposits({ signer: creator! })
    const sponsored = createDeposits({ signer: sponsor! })
    const facts = await fingerprint(TEXT)
    iscc = facts.iscc
    const document = createDocument(facts, { title: 'Colophon', creators: [{ name: 'A. Writer' }] })
    await storage.putBlock(document.bytes)
    const described = { fingerprint: facts, document }
    work = workOf(described)

    await chain.pass(100)
    receipts.direct = await deposits.create(described)
    await chain.pass(100)
    receipts.signed = await sponsored.submitSigned(await deposits.sign({ ...work, salt: newWork().contentHash }))
    const opening = await deposits.prepareSeal(work)
    await deposits.seal(opening)
    await chain.pass(100)
    receipts.unsealed = await deposits.unseal(opening)

    const salted = [1, 2, 3].map(() => ({ ...work, salt: newWork().contentHash }))
    const tree = StandardMerkleTree.of(
      salted.map((each) => [creator!.address, hashWork(each)]),
      ['address', 'bytes32'],
    )
    const anchor = await sponsored.anchor({ root: tree.root, count: 3 })
    const proofOf = (index: number): Hex[] => tree.getProof(index) as Hex[]
    const at = { chainId: 31_337, registry: chain.deployment.contracts.CopyrightRegistry!.address }
    receipts.anchored = anchoredReceipt(at, anchor, {
      id: idOf(creator!.address, salted[0]!),
      claimant: creator!.address,
      work: salted[0]!,
      proof: proofOf(0),
    })
    await chain.pass(100)
    receipts.lifted = await deposits.lift({ root: tree.root, work: salted[1]!, proof: proofOf(1) })
  })
  after(async () => {
    await chain.stop()
    await storage.close()
  })

  const check = (verification: Verification, name: Check['name']): Check => {
    const found = verification.checks.filter((each) => each.name === name)
    expect(found, name).to.have.length(1)
    return found[0]!
  }
  const statuses = (verification: Verification, status: Check['status']): string[] =>
    verification.checks.filter((each) => each.status === status).map((each) => each.name)
  const run = (subject: Subject, options: VerifyOptions = {}): Promise<Verification> =>
    verify(subject, { provider: chain.provider, storage, ...options })
  /** A failed check says what it expected and what it found. */
  const expectFailed = (verification: Verification, ...names: Check['name'][]): void => {
    expect(verification.verdict).to.equal('refuted')
    expect(statuses(verification, 'failed')).to.deep.equal(names)
    for (const name of names) {
      const { ok, expected, found, explanation } = check(verification, name)
      expect(ok).to.equal(false)
      expect(expected).to.be.a('string').and.not.equal(found)
      expect(explanation).not.to.equal('')
    }
  }

  const kinds = ['direct', 'signed', 'unsealed', 'lifted', 'anchored'] as const
  const skippedFor = {
    direct: ['proof', 'seal', 'signature'],
    signed: ['proof', 'seal'],
    unsealed: ['proof', 'signature'],
    lifted: ['seal', 'signature'],
    anchored: ['seal', 'signature'],
  }
  for (const kind of kinds)
    it(`verifies a receipt and its file: ${kind}`, async () => {
      const verification = await run({ receipt: JSON.stringify(receipts[kind]), file: TEXT })
      expect(statuses(verification, 'failed'), JSON.stringify(verification.checks, null, 1)).to.deep.equal([])
      expect(statuses(verification, 'skipped')).to.deep.equal(skippedFor[kind])
      expect(verification.verdict).to.equal('verified')
      expect(verification.checks.every((each) => each.explanation.length > 10)).to.equal(true)
    })

  it('works with a receipt alone, saying what it could not see', async () => {
    const verification = await verify({ receipt: receipts.direct! }, { provider: chain.provider })
    expect(verification.verdict).to.equal('verified')
    expect(statuses(verification, 'skipped')).to.deep.equal([
      'sha256',
      'fingerprint',
      'iscc',
      'document',
      'document-content',
      'proof',
      'seal',
      'signature',
    ])
  })

  it('works with an id alone: everything comes from the chain', async () => {
    for (const kind of ['direct', 'signed', 'unsealed', 'lifted'] as const) {
      const verification = await run({ id: receipts[kind]!.id })
      expect(verification.verdict).to.equal('verified')
      expect(verification.receipt).to.deep.equal(receipts[kind])
    }
    const unknown = await run({ id: newWork().contentHash })
    expect(unknown.verdict).to.equal('not-found')
    expect(statuses(unknown, 'failed')).to.deep.equal(['record'])
  })

  it('works with a file alone: the earliest deposit of it is checked, the others are named', async () => {
    const verification = await run({ file: new Blob([TEXT]) })
    expect(verification.verdict).to.equal('verified')
    expect(verification.receipt!.id).to.equal(receipts.direct!.id)
    expect(verification.others.map(({ id }) => id)).to.have.members([receipts.signed!.id, receipts.unsealed!.id, receipts.lifted!.id])
  })

  it('refutes a file that was changed in one byte', async () => {
    const changed = TEXT.slice()
    changed[10]! ^= 1
    const verification = await run({ receipt: receipts.direct!, file: changed })
    expect(verification.verdict).to.equal('refuted')
    expect(check(verification, 'sha256')).to.include({ status: 'failed', expected: work.contentHash, found: sha256(changed) })
    expect(check(verification, 'iscc')).to.include({ status: 'failed', expected: iscc })
    const alone = await run({ file: changed })
    expect(alone.verdict).to.equal('not-found')
    expect(alone.checks[0]!.expected).to.include(sha256(changed))
  })

  it('refutes a file that no longer decodes', async () => {
    const broken = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0)
    const verification = await run({ receipt: receipts.direct!, file: broken })
    expectFailed(verification, 'sha256', 'fingerprint')
    expect(check(verification, 'fingerprint').explanation).to.include('no text')
    // Another build of the decoder may read what this one cannot: that speaks against nobody.
    const own = await deposits.create({ contentHash: sha256(broken) as Hex, fingerprint: newWork().contentHash, fingerprintType: 1 })
    const unreadable = await run({ receipt: own, file: broken })
    expect(unreadable.verdict).to.equal('verified')
    expect(check(unreadable, 'fingerprint').status).to.equal('skipped')
  })

  it('takes the file for what its depositor took it for', async () => {
    const facts = await fingerprint(TEXT, { media: 'data' })
    const document = createDocument(facts, { title: 'Colophon', creators: [{ name: 'A. Writer' }] })
    await storage.putBlock(document.bytes)
    const receipt = await deposits.create({ fingerprint: facts, document })
    const verification = await run({ receipt, file: TEXT })
    expect(verification.verdict).to.equal('verified')
    expect(check(verification, 'iscc').status).to.equal('ok')
    // Without the document its fingerprint, none, tells the same.
    expect((await run({ receipt, file: TEXT }, { storage: createMemoryStore() })).verdict).to.equal('verified')
  })

  it('allows decoders to differ in the content code of an ISCC, and in nothing else', async () => {
    const facts = await fingerprint(TEXT)
    const [content, data, instance] = decomposeIscc(facts.iscc)
    const flipped = (unit: IsccUnit, bits: number): string => {
      const digest = unit.digest.slice()
      for (let bit = 0; bit < bits; bit++) digest[bit]! ^= 1
      return encodeUnit({ ...unit, digest })
    }
    const withIscc = (iscc: string) => run({ receipt: receipts.direct!, file: TEXT }, { fingerprint: async () => ({ ...facts, iscc }) })
    const code = (...changed: [number, number, number]): string =>
      genIsccCode([content!, data!, instance!].map((unit, index) => flipped(unit, changed[index]!))).iscc
    expect(code(0, 0, 0)).to.equal(facts.iscc)
    expect(check(await withIscc(code(2, 0, 0)), 'iscc')).to.include({ status: 'ok', expected: facts.iscc })
    for (const iscc of [
      code(3, 0, 0),
      code(0, 1, 0),
      code(0, 0, 1),
      genIsccCode([flipped(data!, 0), flipped(instance!, 0)]).iscc,
      'ISCC:?',
    ])
      expectFailed(await withIscc(iscc), 'iscc')
  })

  it('is not led astray by a false deposit of the same file that came first', async () => {
    const [, , , squatter] = chain.accounts
    const mine = new TextEncoder().encode(
      'Whoever sees a deposit coming can put one of the same bytes before it, but not of the same truth. '.repeat(9),
    )
    const facts = await fingerprint(mine)
    const false_ = createDeposits({ signer: squatter! })
    const first = await false_.create({ contentHash: facts.sha256, fingerprint: `0x${'5a'.repeat(32)}`, fingerprintType: 2 })
    const second = await false_.create({ contentHash: facts.sha256, fingerprint: `0x${'5a'.repeat(32)}`, fingerprintType: 1 })
    await chain.pass(10)
    const third = await deposits.create({
      fingerprint: facts,
      document: createDocument(facts, { title: 'Mine', creators: [{ name: 'A' }] }),
    })
    const verification = await run({ file: mine })
    expect(verification.verdict).to.equal('verified')
    expect(verification.receipt!.id).to.equal(third.id)
    expect(verification.others.map(({ id }) => id)).to.deep.equal([first.id, second.id])

    const alone = new TextEncoder().encode('Where there is nothing but a false deposit, that is what is checked, and refuted. '.repeat(9))
    const { sha256: contentHash } = await fingerprint(alone)
    const only = await false_.create({ contentHash, fingerprint: `0x${'5a'.repeat(32)}`, fingerprintType: 2 })
    const refuted = await run({ file: alone })
    expectFailed(refuted, 'fingerprint')
    expect(refuted.receipt!.id).to.equal(only.id)
  })

  it('compares fingerprints by their distance', async () => {
    const facts = await fingerprint(TEXT)
    const flip = (bits: number): Hex => {
      let mask = 0n
      for (let bit = 0; bit < bits; bit++) mask |= 1n << BigInt(bit * 7)
      return `0x${(BigInt(facts.code!.bits) ^ mask).toString(16).padStart(64, '0')}`
    }
    const withCode = (code: { type: number; bits: Hex } | undefined) =>
      run({ receipt: receipts.direct!, file: TEXT }, { fingerprint: async () => ({ ...facts, code }) })
    expect(check(await withCode({ type: facts.code!.type, bits: flip(8) }), 'fingerprint')).to.include({ status: 'ok' })
    expectFailed(await withCode({ type: facts.code!.type, bits: flip(9) }), 'fingerprint')
    expectFailed(await withCode({ type: 1, bits: flip(0) }), 'fingerprint')
    expectFailed(await withCode(undefined), 'fingerprint')
    const none = await run({ receipt: receipts.direct!, file: TEXT }, { fingerprint: async () => ({ sha256: facts.sha256 }) })
    expect(check(none, 'iscc').status).to.equal('skipped')
  })

  it('refutes another document, and one that speaks of another file', async () => {
    expectFailed(await run({ receipt: receipts.direct!, document: new TextEncoder().encode('{}') }), 'document')
    const other = new TextEncoder().encode(JSON.stringify({ media: { sha256: `0x${'ab'.repeat(32)}` } }))
    const receipt = await deposits.create({ ...newWork(), metadata: sha256(other) })
    expectFailed(await run({ receipt, document: other }), 'document-content')
    for (const content of ['not json', 'null', '{}']) {
      const bytes = new TextEncoder().encode(content)
      const odd = await run({ receipt: await deposits.create({ ...newWork(), metadata: sha256(bytes) }), document: bytes })
      expect(odd.verdict).to.equal('verified')
      expect(check(odd, 'document-content').status).to.equal('skipped')
    }
    const bare = await run({ receipt: await deposits.create({ contentHash: newWork().contentHash }), file: TEXT }, {})
    expect(check(bare, 'document').explanation).to.equal('The deposit has no document.')
    expect(check(bare, 'fingerprint').explanation).to.equal('The deposit has no fingerprint.')
    const lost = await run({ receipt: await deposits.create(newWork()) })
    expect(check(lost, 'document').explanation).to.include('does not give')
  })

  describe('refutes a receipt that was changed', () => {
    const other = '0x90F79bf6EB2c4f870365E785982E1f101E93b906'
    const hash = newWork().contentHash
    const changed = (kind: DepositReceipt['kind'], change: (receipt: DepositReceipt) => void): DepositReceipt => {
      const receipt = structuredClone(receipts[kind]!)
      change(receipt)
      return receipt
    }
    const cases: [string, DepositReceipt['kind'], (receipt: DepositReceipt) => void, Check['name'][]][] = [
      ['id', 'direct', (receipt) => (receipt.id = hash), ['id', 'record']],
      ['claimant', 'direct', (receipt) => (receipt.claimant = other), ['id', 'record', 'event']],
      ['work', 'direct', (receipt) => (receipt.work.salt = hash), ['id', 'event']],
      ['time', 'direct', (receipt) => receipt.depositedAt--, ['record', 'time']],
      ['transaction', 'direct', (receipt) => (receipt.record!.transaction = hash), ['event']],
      ['time of the record', 'direct', (receipt) => receipt.record!.time++, ['time']],
      ['block', 'direct', (receipt) => (receipt.record!.block = 1), ['event']],
      ['block in the future', 'direct', (receipt) => (receipt.record!.block = 1_000_000), ['event']],
      ['both times', 'direct', (receipt) => (receipt.depositedAt = ++receipt.record!.time), ['record', 'time']],
      ['registry', 'direct', (receipt) => (receipt.registry = other), ['contract']],
      ['proof', 'anchored', (receipt) => (receipt.anchor!.proof[0] = hash), ['proof']],
      ['root', 'anchored', (receipt) => (receipt.anchor!.root = hash), ['record', 'proof']],
      ['time of the anchor', 'anchored', (receipt) => (receipt.depositedAt -= 1000), ['record', 'time']],
      ['transaction of the anchor', 'anchored', (receipt) => (receipt.anchor!.transaction = hash), ['event']],
      ['block of the anchor', 'anchored', (receipt) => receipt.anchor!.block--, ['event']],
      ['time at the anchor', 'anchored', (receipt) => receipt.anchor!.time--, ['time']],
      ['transaction of the anchor of a lifted work', 'lifted', (receipt) => (receipt.anchor!.transaction = hash), ['event']],
      ['block of the anchor of a lifted work', 'lifted', (receipt) => receipt.anchor!.block--, ['event']],
      ['time at the anchor of a lifted work', 'lifted', (receipt) => receipt.anchor!.time--, ['time']],
      ['root of a lifted work', 'lifted', (receipt) => (receipt.anchor!.root = hash), ['record', 'proof']],
      ['time of the record of a lifted work', 'lifted', (receipt) => receipt.record!.time--, ['time']],
      ['proof of a lifted work', 'lifted', (receipt) => receipt.anchor!.proof.pop(), ['proof']],
      ['time of the seal', 'unsealed', (receipt) => receipt.seal!.time--, ['time', 'seal']],
      ['transaction of the seal', 'unsealed', (receipt) => (receipt.seal!.transaction = hash), ['seal']],
      ['block of the seal', 'unsealed', (receipt) => receipt.seal!.block++, ['seal']],
      ['time of the record of an unsealed work', 'unsealed', (receipt) => receipt.record!.time++, ['time']],
      ['signature', 'signed', (receipt) => (receipt.signature!.value = `0x${'11'.repeat(65)}`), ['signature']],
      ['deadline', 'signed', (receipt) => receipt.signature!.deadline++, ['signature']],
      ['deadline before the deposit', 'signed', (receipt) => (receipt.signature!.deadline = 1), ['signature']],
    ]
    for (const [name, kind, change, failing] of cases)
      it(name, async () => {
        const verification = await run({ receipt: changed(kind, change) })
        expectFailed(verification, ...failing)
      })

    it('and one of another deposit than the id given', async () => {
      expectFailed(await run({ receipt: receipts.direct!, id: receipts.signed!.id }), 'id')
    })

    it('a work that was never sealed', async () => {
      const receipt = changed('direct', (each) => {
        each.kind = 'unsealed'
        each.seal = { ...each.record! }
      })
      expectFailed(await run({ receipt }), 'record', 'seal')
    })
  })

  it('does not believe a contract it does not know', async () => {
    // A registry of the same code elsewhere is genuine, unless another one is known on the chain.
    const factory = new ContractFactory(CopyrightRegistryAbi as never, CopyrightRegistryBytecode, chain.accounts[8]!)
    const second = await (await factory.deploy()).getAddress()
    const deployment = { chainId: 31_337, contracts: { CopyrightRegistry: { address: second, block: 0 } } }
    const receipt = await createDeposits({ signer: chain.accounts[8]!, deployment }).create(newWork())
    expectFailed(await run({ receipt }), 'contract')
    expect((await run({ receipt }, { deployment })).verdict).to.equal('verified')
    const nothing: Deployment = { chainId: 31_337, contracts: {} }

    // The same code elsewhere may hold records that nobody made: one word of storage is enough for a deposit in 2001.
    const forged = await (await factory.deploy()).getAddress()
    await chain.provider.send('anvil_setCode', [forged, await chain.provider.getCode(second)])
    const false_ = { ...receipt, registry: forged }
    for (const each of [receipt, false_]) {
      const untrusted = await run({ receipt: each }, { deployment: nothing })
      expect(untrusted.verdict).to.equal('incomplete')
      expect(statuses(untrusted, 'ok')).to.deep.equal(['id', 'chain'])
      expect(check(untrusted, 'contract').explanation).to.include('name the registry you trust')
      expect(check(untrusted, 'record').explanation).to.include('not trusted')
    }
    expectFailed(await run({ receipt: false_ }, { deployment }), 'contract', 'record')
    const error = await expectError('WRONG_CHAIN', () => run({ receipt }, { deployment: { ...deployment, chainId: 10 } }))
    expect(error.details).to.include({ expected: 10, found: 31_337 })

    // Something that answers like a registry, with one byte of its code changed.
    const code = await chain.provider.getCode(second)
    await chain.provider.send('anvil_setCode', [second, `${code.slice(0, -2)}${code.endsWith('00') ? '01' : '00'}`])
    const changed = await run({ receipt }, { deployment: nothing })
    expect(changed.verdict).to.equal('incomplete')
    expect(check(changed, 'contract').explanation).to.include('not one this SDK knows')
    expect(check(await run({ receipt }, { deployment }), 'contract').explanation).to.include('another version')
    const nowhere = { ...receipt, registry: ZeroAddress }
    expect(check(await run({ receipt: nowhere }), 'contract')).to.include({ status: 'failed', found: 'no contract' })
  })

  it('accepts a contract wallet, and leaves open what only the past could tell', async () => {
    // Answers every isValidSignature with the magic value: PUSH4 magic, left-aligned, returned.
    const accepting = `0x6080604052${'63'}1626ba7e60e01b60005260206000f3`
    const refusing = '0x60006000fd'
    const wallet = chain.accounts[9]!.address
    const receipt: DepositReceipt = { ...receipts.signed!, claimant: wallet, id: idOf(wallet, receipts.signed!.work) }
    expect(check(await run({ receipt }), 'signature').status).to.equal('failed')
    await chain.provider.send('anvil_setCode', [wallet, accepting])
    expect(check(await run({ receipt }), 'signature')).to.include({ status: 'ok', found: wallet })
    await chain.provider.send('anvil_setCode', [wallet, refusing])
    expect(check(await run({ receipt }), 'signature').status).to.equal('skipped')
    await chain.provider.send('anvil_setCode', [wallet, '0x'])
    const { signature: _, ...unsigned } = receipts.signed!
    expect(check(await run({ receipt: unsigned }), 'signature').status).to.equal('skipped')
    expect(check(await verify({ receipt }), 'signature').status).to.equal('skipped')
  })

  it('checks without a chain what needs none', async () => {
    const verification = await verify({ receipt: receipts.anchored!, file: TEXT }, { storage })
    expect(verification.verdict).to.equal('incomplete')
    expect(statuses(verification, 'ok')).to.deep.equal(['id', 'sha256', 'fingerprint', 'iscc', 'document', 'document-content', 'proof'])
    expect(check(verification, 'record').explanation).to.include('No provider')
    expect((await verify({ file: TEXT })).verdict).to.equal('incomplete')
    expect((await verify({ id: receipts.direct!.id })).verdict).to.equal('incomplete')
    expect(statuses(await verify({ receipt: receipts.signed! }), 'ok')).to.deep.equal(['id', 'signature'])
  })

  it('goes on when the chain cannot be reached or forgets old blocks', async () => {
    const short = await startChain({ bare: true })
    await short.stop()
    const { JsonRpcProvider } = await import('ethers')
    const dead = new JsonRpcProvider(short.url)
    const verification = await run({ receipt: receipts.direct! }, { provider: dead })
    expect(verification.verdict).to.equal('incomplete')
    expect(check(verification, 'chain').explanation).to.include('could not be asked')
    dead.destroy()
    const gone = new JsonRpcProvider(short.url, 31_337, { staticNetwork: true })
    expect((await run({ receipt: receipts.direct! }, { provider: gone })).verdict).to.equal('incomplete')
    expect((await run({ id: receipts.direct!.id }, { provider: gone })).verdict).to.equal('incomplete')
    gone.destroy()
    const elsewhere = await startChain({ bare: true, args: ['--chain-id', '777'] })
    try {
      expect((await run({ id: receipts.direct!.id }, { provider: elsewhere.provider })).verdict).to.equal('incomplete')
    } finally {
      await elsewhere.stop()
    }
  })

  it('says when a lifted work comes without its proof', async () => {
    const { anchor: _, ...receipt } = receipts.lifted!
    const verification = await run({ receipt })
    expect(verification.verdict).to.equal('verified')
    expect(statuses(verification, 'skipped')).to.deep.equal(['sha256', 'fingerprint', 'iscc', 'proof', 'seal', 'signature'])
    expect(check(verification, 'time').explanation).to.include('not in the receipt')
    const late = { ...receipt, record: { ...receipt.record!, time: receipt.record!.time + 1 } }
    expectFailed(await run({ receipt: late }), 'time')
  })

  it('leaves open what belongs to another chain than the RPC', async () => {
    const verification = await run({ receipt: { ...receipts.anchored!, chainId: 1 } })
    expect(verification.verdict).to.equal('incomplete')
    expect(check(verification, 'chain')).to.include({ status: 'skipped' })
    expect(check(verification, 'chain').explanation).to.include('chain 31337').and.include('chain 1:')
    expect(check(verification, 'proof').status).to.equal('ok')
    // What was signed was signed for one chain; whether a contract wallet accepts it there is not known here.
    expect(check(await run({ receipt: { ...receipts.signed!, chainId: 1 } }), 'signature').status).to.equal('skipped')
  })

  describe('where the RPC', () => {
    type Overrides = { [name in 'getLogs' | 'getBlock' | 'getBlockNumber']?: (...args: never[]) => Promise<unknown> }
    /** The chain's provider but for a few answers: faults of RPCs of other kinds, which no local node has. */
    const provider = (overrides: Overrides): Provider =>
      new Proxy(chain.provider, {
        get(target, name) {
          const own = (overrides as Record<string | symbol, unknown>)[name]
          const value = own ?? Reflect.get(target, name, target)
          return typeof value === 'function' ? value.bind(target) : value
        },
      })
    const none = async (): Promise<unknown[]> => []

    it('has dropped old logs, what the state proves is not refuted', async () => {
      for (const kind of kinds) {
        const verification = await run({ receipt: receipts[kind]! }, { provider: provider({ getLogs: none }) })
        expect(verification.verdict, kind).to.equal('verified')
        expect(check(verification, 'event').explanation).to.include('does not have the event')
        expect(check(verification, 'seal').status).to.equal('skipped')
        expect(check(verification, 'time').status).to.equal('ok')
      }
    })

    it('has dropped old blocks, too', async () => {
      const pruned = provider({ getLogs: none, getBlock: async () => null })
      const verification = await run({ receipt: receipts.direct! }, { provider: pruned })
      expect(verification.verdict).to.equal('verified')
      expect(statuses(verification, 'skipped')).to.include.members(['event', 'time'])
      const elsewhere = { ...receipts.direct!, record: { ...receipts.direct!.record!, block: 1 } }
      const moved = await run({ receipt: elsewhere }, { provider: pruned })
      expect(check(moved, 'time').status).to.equal('skipped')
    })

    it('counts blocks in another way than its contracts, the event is found by its time', async () => {
      const { getLogs } = chain.provider
      const state = receipts.direct!.record!.block
      // The block that the state names has nothing, as on Arbitrum, whose contracts see another chain's numbers.
      const asked: number[] = []
      const rollup = provider({
        getLogs: async (filter: { fromBlock: number; toBlock: number }) => {
          asked.push(filter.toBlock - filter.fromBlock)
          return asked.length === 1 ? [] : await getLogs.call(chain.provider, filter)
        },
      })
      const verification = await run({ receipt: receipts.direct! }, { provider: rollup })
      expect(verification.verdict).to.equal('verified')
      expect(check(verification, 'event')).to.include({ status: 'ok' })
      expect(asked[0]).to.equal(0)
      expect(asked).to.have.length(2)
      // A number beyond the newest block is not asked for at all.
      const behind = provider({ getBlockNumber: async () => state - 1 })
      expect(check(await run({ receipt: receipts.direct! }, { provider: behind }), 'event').status).to.equal('skipped')
    })

    it('never answers, the caller can stop waiting', async () => {
      const hanging = provider({ getLogs: () => new Promise(() => undefined) })
      const controller = new AbortController()
      const waiting = run({ receipt: receipts.direct! }, { provider: hanging, signal: controller.signal })
      const reason = new Error('enough')
      setTimeout(() => controller.abort(reason), 50)
      expect(await waiting.catch((error: unknown) => error)).to.equal(reason)
    })
  })

  it('throws only for what cannot be read at all', async () => {
    await expectError('NOTHING_TO_VERIFY', () => verify({}))
    await expectError('INVALID_RECEIPT', () => verify({ receipt: '{' }))
    await expectError('INVALID_RECEIPT', () => verify({ receipt: { type: 'other' } }))
    // Registries keep times in 40 bits; beyond them no date can be written.
    for (const depositedAt of [2 ** 40, Number.MAX_SAFE_INTEGER])
      await expectError('INVALID_RECEIPT', () => verify({ receipt: { ...receipts.direct!, depositedAt } }))
    await expectError('INVALID_WORK', () => run({ id: '0x12' }))
    await expectError('SOURCE_INVALID', () => run({ file: 7 as never }))
    const reason = new Error('no time')
    expect(await run({ file: TEXT }, { signal: AbortSignal.abort(reason) }).catch((error: unknown) => error)).to.equal(reason)
    const stages: string[] = []
    await run({ file: TEXT }, { onProgress: ({ stage }) => stages.push(stage) })
    expect([...new Set(stages)]).to.deep.equal(['file', 'search', 'check'])
  })
})
