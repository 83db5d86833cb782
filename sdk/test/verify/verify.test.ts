import { StandardMerkleTree } from '@openzeppelin/merkle-tree'
import { expect } from 'chai'
import { ContractFactory, sha256, ZeroAddress } from 'ethers'
import { CopyrightRegistryBytecode } from '../../src/contracts/bytecode.ts'
import { CopyrightRegistryAbi } from '../../src/contracts/index.ts'
import { createDocument } from '../../src/document/index.ts'
import { fingerprint } from '../../src/fingerprint/index.ts'
import {
  anchoredReceipt,
  createDeposits,
  type DepositReceipt,
  type Deposits,
  type Hex,
  hashWork,
  idOf,
  type Work,
  workOf,
} from '../../src/index.ts'
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
    expectFailed(verification, 'sha256')
    expect(check(verification, 'fingerprint').status).to.equal('skipped')
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
      ['id', 'direct', (receipt) => (receipt.id = hash), ['id', 'record', 'event']],
      ['claimant', 'direct', (receipt) => (receipt.claimant = other), ['id', 'record', 'event']],
      ['work', 'direct', (receipt) => (receipt.work.salt = hash), ['id', 'event']],
      ['time', 'direct', (receipt) => receipt.depositedAt--, ['record', 'time']],
      ['transaction', 'direct', (receipt) => (receipt.record!.transaction = hash), ['event']],
      ['block', 'direct', (receipt) => (receipt.record!.block = 1), ['event', 'time']],
      ['block in the future', 'direct', (receipt) => (receipt.record!.block = 1_000_000), ['time']],
      ['chain', 'direct', (receipt) => (receipt.chainId = 1), ['chain']],
      ['registry', 'direct', (receipt) => (receipt.registry = other), ['contract']],
      ['proof', 'anchored', (receipt) => (receipt.anchor!.proof[0] = hash), ['proof']],
      ['root', 'anchored', (receipt) => (receipt.anchor!.root = hash), ['record', 'event', 'proof']],
      ['time of the anchor', 'anchored', (receipt) => (receipt.depositedAt -= 1000), ['record', 'time']],
      ['transaction of the anchor', 'anchored', (receipt) => (receipt.anchor!.transaction = hash), ['event']],
      ['proof of a lifted work', 'lifted', (receipt) => receipt.anchor!.proof.pop(), ['proof']],
      ['time of the seal', 'unsealed', (receipt) => receipt.seal!.time--, ['seal']],
      ['block of the seal', 'unsealed', (receipt) => receipt.seal!.block++, ['time', 'seal']],
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
    expect((await run({ receipt }, { deployment: { chainId: 31_337, contracts: {} } })).verdict).to.equal('verified')

    // Something that answers like a registry, with one byte of its code changed.
    const code = await chain.provider.getCode(second)
    await chain.provider.send('anvil_setCode', [second, `${code.slice(0, -2)}${code.endsWith('00') ? '01' : '00'}`])
    expectFailed(await run({ receipt }, { deployment: { chainId: 31_337, contracts: {} } }), 'contract')
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
    expect(statuses(verification, 'skipped')).to.include.members(['time', 'proof'])
  })

  it('throws only for what cannot be read at all', async () => {
    await expectError('NOTHING_TO_VERIFY', () => verify({}))
    await expectError('INVALID_RECEIPT', () => verify({ receipt: '{' }))
    await expectError('INVALID_RECEIPT', () => verify({ receipt: { type: 'other' } }))
    await expectError('INVALID_WORK', () => run({ id: '0x12' }))
    await expectError('SOURCE_INVALID', () => run({ file: 7 as never }))
    const reason = new Error('no time')
    expect(await run({ file: TEXT }, { signal: AbortSignal.abort(reason) }).catch((error: unknown) => error)).to.equal(reason)
    const stages: string[] = []
    await run({ file: TEXT }, { onProgress: ({ stage }) => stages.push(stage) })
    expect([...new Set(stages)]).to.deep.equal(['file', 'search', 'check'])
  })
})
