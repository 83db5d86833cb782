import { createMerkleProof, createMPT } from '@ethereumjs/mpt'
import { expect } from 'chai'
import { hexlify, keccak256, randomBytes } from 'ethers'
import fc from 'fast-check'
import { createDeposits, type DepositReceipt, type Hex, parseReceipt } from '../../src/index.ts'
import { readStateProof } from '../../src/proof/index.ts'
import { readTrie } from '../../src/proof/trie.ts'
import { proveDeposit, type Verification, verify } from '../../src/verify/index.ts'
import { startChain, startInProcessChain, type TestChain } from '../chain.ts'
import { newWork } from '../deposits/works.ts'
import { expectError } from '../expectError.ts'
import { receiptsOfEveryKind } from './everyKind.ts'

const statusOf = ({ checks }: Verification, name: string): string | undefined => checks.find((check) => check.name === name)?.status

describe('proof: the state of the registry from one block hash', function () {
  this.timeout(60_000)
  let chain: TestChain
  const receipts: Partial<Record<DepositReceipt['kind'], DepositReceipt>> = {}
  const hashOf = (receipt: DepositReceipt): Hex => keccak256(receipt.stateProof!.header) as Hex

  before(async () => {
    chain = await startChain()
    const deposits = createDeposits({ signer: chain.accounts[1]! })
    // A registry with many records has a trie worth the name.
    await deposits.createMany(Array.from({ length: 40 }, newWork))
    const direct = await deposits.create(newWork())
    for (const [kind, receipt] of Object.entries(await receiptsOfEveryKind(chain, direct)))
      receipts[kind as DepositReceipt['kind']] = await proveDeposit(receipt, { provider: chain.provider })
  })
  after(() => chain.stop())

  it('verifies every kind of deposit without an RPC', async () => {
    for (const receipt of Object.values(receipts)) {
      const read = parseReceipt(JSON.stringify(receipt))
      expect(read).to.deep.equal(receipt)
      const verification = await verify({ receipt: read }, { blockHash: hashOf(receipt) })
      expect(verification.verdict, `${receipt.kind}: ${JSON.stringify(verification.checks, null, 1)}`).to.equal('verified')
      expect([statusOf(verification, 'state-proof'), statusOf(verification, 'record'), statusOf(verification, 'event')]).to.deep.equal([
        'ok',
        'ok',
        'skipped',
      ])
    }
  })

  it('proves nothing without a hash, and asks the chain for it where there is one', async () => {
    const receipt = receipts.direct!
    const alone = await verify({ receipt })
    expect([alone.verdict, statusOf(alone, 'state-proof')]).to.deep.equal(['incomplete', 'skipped'])
    const asked = await verify({ receipt }, { provider: chain.provider, deployment: chain.deployment })
    expect([asked.verdict, statusOf(asked, 'state-proof')]).to.deep.equal(['verified', 'ok'])
    const { stateProof: _, ...bare } = receipt
    const unproven = await verify({ receipt: bare }, { blockHash: hashOf(receipt) })
    expect([unproven.verdict, statusOf(unproven, 'state-proof')]).to.deep.equal(['incomplete', 'skipped'])
  })

  it('refuses another block, another registry, another time and a proof of another deposit', async () => {
    const receipt = receipts.direct!
    const other = await verify({ receipt }, { blockHash: hexlify(randomBytes(32)) })
    expect([other.verdict, statusOf(other, 'state-proof')]).to.deep.equal(['refuted', 'failed'])

    const elsewhere = { chainId: 31_337, contracts: { CopyrightRegistry: { address: chain.accounts[0]!.address, block: 0 } } }
    const foreign = await verify({ receipt }, { blockHash: hashOf(receipt), deployment: elsewhere })
    expect([foreign.verdict, statusOf(foreign, 'contract')]).to.deep.equal(['refuted', 'failed'])

    const backdated = { ...receipt, depositedAt: receipt.depositedAt - 1, record: { ...receipt.record!, time: receipt.record!.time - 1 } }
    expect((await verify({ receipt: backdated }, { blockHash: hashOf(receipt) })).verdict).to.equal('refuted')

    const borrowed = { ...receipt, stateProof: receipts.lifted!.stateProof }
    expect((await verify({ receipt: borrowed }, { blockHash: hashOf(receipts.lifted!) })).verdict).to.equal('refuted')
  })

  it('breaks with any bit of the proof', () => {
    const receipt = receipts.signed!
    const { header, account, storage } = receipt.stateProof!
    const parts = [header, ...account, ...storage]
    for (let index = 0; index < parts.length; index++) {
      for (let turn = 0; turn < 20; turn++) {
        const changed = [...parts]
        const bytes = Buffer.from(changed[index]!.slice(2), 'hex')
        bytes[Math.floor(Math.random() * bytes.length)]! ^= 1 << Math.floor(Math.random() * 8)
        changed[index] = `0x${bytes.toString('hex')}`
        const stateProof = {
          header: changed[0]!,
          account: changed.slice(1, 1 + account.length),
          storage: changed.slice(1 + account.length),
        }
        const read = readStateProof({ ...receipt, stateProof })
        // A header of another hash is another block; the rest does not hold.
        if (index === 0) expect(read === undefined || read === null || read.block.hash !== keccak256(header)).to.equal(true)
        else expect(read ?? undefined).to.equal(undefined)
      }
    }
    expect(readStateProof({ ...receipt, stateProof: { header, account, storage: [...storage, storage[0]!] } })).to.equal(undefined)
  })

  it('says so where there is nothing to prove, or nobody to ask', async () => {
    const nowhere = { ...receipts.direct!, id: hexlify(randomBytes(32)) as Hex }
    await expectError('DEPOSIT_NOT_FOUND', () => proveDeposit(nowhere, { provider: chain.provider }))
    const inProcess = await startInProcessChain()
    try {
      await expectError('PROOF_UNAVAILABLE', () => proveDeposit(receipts.direct!, { provider: inProcess.provider }))
    } finally {
      await inProcess.stop()
    }
  })

  it('reads tries as another implementation makes them: members, absences, no forgery', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.uint8Array({ minLength: 32, maxLength: 32 }), { minLength: 1, maxLength: 60, selector: hexlify }),
        fc.uint8Array({ minLength: 1, maxLength: 40 }),
        fc.nat(),
        async (keys, value, pick) => {
          const trie = await createMPT()
          // Paths that share most of their nibbles have extension nodes and nodes within nodes.
          const near = keys.map((key, index) => (index % 2 === 0 ? key : Uint8Array.from([...keys[0]!.slice(0, 31), key[31]!])))
          for (const key of near) await trie.put(key, value)
          const root = hexlify(trie.root())
          const key = near[pick % near.length]!
          // Nodes shorter than a hash stand within the one above; eth_getProof does not list them again.
          const proofOf = async (of: Uint8Array): Promise<string[]> =>
            (await createMerkleProof(trie, of)).filter((node, index) => index === 0 || node.length >= 32).map((node) => hexlify(node))
          const nodes = await proofOf(key)
          expect(readTrie(root, hexlify(key), nodes)).to.equal(hexlify(value))
          expect(readTrie(root, hexlify(key), nodes.slice(0, -1)), 'cut short').to.equal(undefined)
          expect(readTrie(hexlify(randomBytes(32)), hexlify(key), nodes), 'another root').to.equal(undefined)
          const stranger = Uint8Array.from(key, (byte, index) => (index === 31 ? byte ^ 0x11 : byte))
          if (!near.some((one) => hexlify(one) === hexlify(stranger))) {
            const absence = await proofOf(stranger)
            expect(readTrie(root, hexlify(stranger), absence)).to.equal(null)
          }
        },
      ),
      { numRuns: 60 },
    )
  })
})
