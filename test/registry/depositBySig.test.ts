// CopyrightRegistry.depositBySig; every branch is listed in depositBySig.tree.
import { expect } from 'chai'
import { Wallet, ZeroAddress, ZeroHash } from 'ethers'
import {
  ANSWER,
  brokenForms,
  deployRegistry,
  idOf,
  KIND,
  LIFT_TYPES,
  NO_RECORD,
  newWork,
  type Registry,
  record,
  type SignedDeposit,
  WALLET_ANSWERS,
  WORK_FIELDS,
  withOtherBit,
} from './fixture.ts'

/** Sends it as the sponsor. */
function send({ by, sponsor }: Registry, { claimant, work, deadline, signature }: SignedDeposit) {
  return by(sponsor).depositBySig(claimant, work, deadline, signature)
}

/** Expects the registry to take the signature for nobody's, and to record nothing. */
async function expectRefused(at: Registry, entry: SignedDeposit): Promise<void> {
  await expect(send(at, entry))
    .to.be.revertedWithCustomError(at.registry, 'CopyrightRegistry_SignatureInvalid')
    .withArgs(entry.claimant, at.depositDigest(entry.claimant, entry.work, entry.deadline))
  expect(await at.recordOf(idOf(entry.claimant, entry.work))).to.deep.equal(NO_RECORD)
}

describe('CopyrightRegistry.depositBySig', () => {
  describe('signed by the claimant’s key', () => {
    it('records the claimant, not the sponsor who pays', async () => {
      const at = await deployRegistry()
      const deposit = await at.signDeposit(at.claimant)
      const { claimant, work, deadline, signature } = deposit
      const id = idOf(claimant, work)
      expect(await at.registry.depositBySig.staticCall(claimant, work, deadline, signature)).to.equal(id)

      const time = BigInt(await at.time.latest()) + 77n
      await at.time.setNextBlockTimestamp(time)
      const balance = await at.ethers.provider.getBalance(claimant)
      const sent = send(at, deposit)
      await expect(sent)
        .to.emit(at.registry, 'Deposited')
        .withArgs(id, claimant, work.contentHash, work.fingerprint, work.fingerprintType, work.metadata, work.salt)
      const { blockNumber } = (await (await sent).wait())!
      expect(await at.recordOf(id)).to.deep.equal(record(claimant, time, BigInt(blockNumber), KIND.signed))
      expect(await at.ethers.provider.getBalance(claimant)).to.equal(balance)
    })

    it('needs no coin and no history of the claimant', async () => {
      const at = await deployRegistry()
      const deposit = await at.signDeposit(new Wallet(`0x${'5a'.repeat(32)}`))
      await send(at, deposit)
      expect((await at.registry.depositOf(idOf(deposit.claimant, deposit.work))).kind).to.equal(KIND.signed)
    })

    it('counts in the very second of its deadline', async () => {
      const at = await deployRegistry()
      const deadline = BigInt(await at.time.latest()) + 100n
      const deposit = await at.signDeposit(at.claimant, newWork(), { until: deadline })
      await at.time.setNextBlockTimestamp(deadline)
      await send(at, deposit)
      expect((await at.registry.depositOf(idOf(deposit.claimant, deposit.work))).depositedAt).to.equal(deadline)
    })

    it('is refused a second later', async () => {
      const at = await deployRegistry()
      const deadline = BigInt(await at.time.latest()) + 100n
      const deposit = await at.signDeposit(at.claimant, newWork(), { until: deadline })
      await at.time.setNextBlockTimestamp(deadline + 1n)
      await expect(send(at, deposit))
        .to.be.revertedWithCustomError(at.registry, 'CopyrightRegistry_SignatureExpired')
        .withArgs(deadline, deadline + 1n)
      expect(await at.recordOf(idOf(deposit.claimant, deposit.work))).to.deep.equal(NO_RECORD)
    })

    it('is spent once: a replay finds the record', async () => {
      const at = await deployRegistry()
      const deposit = await at.signDeposit(at.claimant)
      await send(at, deposit)
      await expect(send(at, deposit))
        .to.be.revertedWithCustomError(at.registry, 'CopyrightRegistry_DepositExists')
        .withArgs(idOf(deposit.claimant, deposit.work))
    })

    it('is worth nothing after the claimant deposited himself', async () => {
      const at = await deployRegistry()
      const deposit = await at.signDeposit(at.claimant)
      await at.registry.connect(at.claimant).deposit(deposit.work)
      await expect(send(at, deposit)).to.be.revertedWithCustomError(at.registry, 'CopyrightRegistry_DepositExists')
      expect((await at.registry.depositOf(idOf(deposit.claimant, deposit.work))).kind).to.equal(KIND.direct)
    })

    it('is refused for a work without a content hash', async () => {
      const at = await deployRegistry()
      const deposit = await at.signDeposit(at.claimant, newWork({ contentHash: ZeroHash }))
      await expect(send(at, deposit)).to.be.revertedWithCustomError(at.registry, 'CopyrightRegistry_ContentHashZero')
    })
  })

  describe('signed for something else', () => {
    for (const { name } of WORK_FIELDS) {
      it(`is refused for another ${name}`, async () => {
        const at = await deployRegistry()
        const deposit = await at.signDeposit(at.claimant)
        await expectRefused(at, { ...deposit, work: withOtherBit(deposit.work, name) })
      })
    }

    it('is refused for another deadline', async () => {
      const at = await deployRegistry()
      const deposit = await at.signDeposit(at.claimant)
      await expectRefused(at, { ...deposit, deadline: deposit.deadline + 1n })
    })

    it('is refused for another claimant', async () => {
      const at = await deployRegistry()
      const deposit = await at.signDeposit(at.claimant)
      await expectRefused(at, { ...deposit, claimant: at.thief.address })
    })

    it('is refused from a key that signs in another’s name', async () => {
      const at = await deployRegistry()
      await expectRefused(at, await at.signDeposit(at.thief, newWork(), { name: at.claimant.address }))
    })

    it('is refused on another chain', async () => {
      const at = await deployRegistry()
      await expectRefused(at, await at.signDeposit(at.claimant, newWork(), { domain: { ...at.domain, chainId: at.domain.chainId + 1n } }))
    })

    it('is refused by another registry on the same chain', async () => {
      const at = await deployRegistry()
      const other = await at.ethers.deployContract('CopyrightRegistry')
      const domain = { ...at.domain, verifyingContract: await other.getAddress() }
      const { claimant, work, deadline, signature } = await at.signDeposit(at.claimant, newWork(), { domain })
      await expectRefused(at, { claimant, work, deadline, signature })
      await other.depositBySig(claimant, work, deadline, signature)
      expect((await other.depositOf(idOf(claimant, work))).kind).to.equal(KIND.signed)
    })

    for (const [name, value] of [
      ['name', 'Colophon copyrightRegistry'],
      ['version', '2'],
    ] as const) {
      it(`is refused for a contract of another ${name}`, async () => {
        const at = await deployRegistry()
        await expectRefused(at, await at.signDeposit(at.claimant, newWork(), { domain: { ...at.domain, [name]: value } }))
      })
    }

    it('is refused if it was given for lifting the work', async () => {
      const at = await deployRegistry()
      const deposit = await at.signDeposit(at.claimant)
      const signature = await at.claimant.signTypedData(at.domain, LIFT_TYPES, { ...deposit, root: ZeroHash })
      await expectRefused(at, { ...deposit, signature })
    })

    it('is refused if it was given as a plain message over the same digest', async () => {
      const at = await deployRegistry()
      const deposit = await at.signDeposit(at.claimant)
      const signature = await at.claimant.signMessage(at.depositDigest(deposit.claimant, deposit.work))
      await expectRefused(at, { ...deposit, signature })
    })
  })

  describe('in a form that is none', () => {
    for (const name of Object.keys(brokenForms(`0x${'01'.repeat(64)}1b`))) {
      it(`is refused: ${name}`, async () => {
        const at = await deployRegistry()
        const deposit = await at.signDeposit(at.claimant)
        await expectRefused(at, { ...deposit, signature: brokenForms(deposit.signature)[name]! })
      })
    }

    it('never speaks for address zero, which ecrecover gives for nonsense', async () => {
      const at = await deployRegistry()
      const deposit = { ...(await at.signDeposit(at.claimant)), claimant: ZeroAddress }
      for (const signature of Object.values(brokenForms(deposit.signature))) await expectRefused(at, { ...deposit, signature })
    })
  })

  describe('in the name of a contract wallet (ERC-1271)', () => {
    it('counts if the wallet says so', async () => {
      const at = await deployRegistry()
      const wallet = await at.ethers.deployContract('OwnedWallet', [at.claimant.address])
      const deposit = await at.signDeposit(at.claimant, newWork(), { name: await wallet.getAddress() })
      await send(at, deposit)
      const record = await at.registry.depositOf(idOf(deposit.claimant, deposit.work))
      expect([record.claimant, record.kind]).to.deep.equal([deposit.claimant, KIND.signed])
    })

    it('is refused if the wallet’s owner did not sign', async () => {
      const at = await deployRegistry()
      const wallet = await at.ethers.deployContract('OwnedWallet', [at.claimant.address])
      await expectRefused(at, await at.signDeposit(at.thief, newWork(), { name: await wallet.getAddress() }))
    })

    it('is refused once the wallet has another owner', async () => {
      const at = await deployRegistry()
      const wallet = await at.ethers.deployContract('OwnedWallet', [at.claimant.address])
      const deposit = await at.signDeposit(at.claimant, newWork(), { name: await wallet.getAddress() })
      await wallet.changeOwner(at.thief.address)
      await expectRefused(at, deposit)
    })

    it('asks the wallet about the digest and the signature as they came, of any length', async () => {
      const at = await deployRegistry()
      const wallet = await at.ethers.deployContract('PickyWallet')
      const claimant = await wallet.getAddress()
      for (const signature of ['0x', '0x01', `0x${'ab'.repeat(65)}`, `0x${'cd'.repeat(300)}`]) {
        const entry = { claimant, work: newWork(), deadline: at.deadline, signature }
        await wallet.expectToBeAsked(at.depositDigest(claimant, entry.work), signature)
        await expectRefused(at, { ...entry, signature: `${signature}ff` })
        await expectRefused(at, { ...entry, work: newWork() })
        await send(at, entry)
      }
    })

    for (const [answer, good] of [...WALLET_ANSWERS, ['slowYes', true], ['burnEverything', false]] as const) {
      it(`${good ? 'counts' : 'is refused'} when the wallet answers ${answer}`, async () => {
        const at = await deployRegistry()
        const wallet = await at.ethers.deployContract('HostileWallet', [ANSWER[answer]])
        const deposit = await at.signDeposit(at.thief, newWork(), { name: await wallet.getAddress() })
        if (!good) return await expectRefused(at, deposit)
        await send(at, deposit)
        expect((await at.registry.depositOf(idOf(deposit.claimant, deposit.work))).kind).to.equal(KIND.signed)
      })
    }

    it('is refused by a contract that knows nothing of ERC-1271', async () => {
      const at = await deployRegistry()
      await expectRefused(at, await at.signDeposit(at.claimant, newWork(), { name: at.address }))
    })

    it('is refused by precompiles, which answer anybody', async () => {
      const at = await deployRegistry()
      // Number 4 echoes the question, and its first four bytes are the answer that ERC-1271 wants.
      for (const last of ['01', '02', '04', '05']) {
        const claimant = `0x${'00'.repeat(19)}${last}`
        await expectRefused(at, { claimant, work: newWork(), deadline: at.deadline, signature: '0x' })
        await expectRefused(at, await at.signDeposit(at.claimant, newWork(), { name: claimant }))
      }
    })
  })

  describe('in the name of an account delegated by EIP-7702', () => {
    async function delegated(at: Registry, to: string): Promise<Wallet> {
      const wallet = new Wallet(`0x${'7702'.repeat(16)}`, at.ethers.provider)
      await (await at.sponsor.sendTransaction({ to: wallet.address, value: 10n ** 18n })).wait()
      const authorization = await wallet.authorize({ address: to, nonce: 1, chainId: at.domain.chainId })
      await (await wallet.sendTransaction({ type: 4, to: at.sponsor.address, authorizationList: [authorization] })).wait()
      expect(await at.ethers.provider.getCode(wallet.address)).to.equal(`0xef0100${to.slice(2).toLowerCase()}`)
      return wallet
    }

    it('counts by the account’s key, even where the delegate would refuse', async () => {
      const at = await deployRegistry()
      const wallet = await at.ethers.deployContract('HostileWallet', [ANSWER.no])
      const deposit = await at.signDeposit(await delegated(at, await wallet.getAddress()))
      await send(at, deposit)
      expect((await at.registry.depositOf(idOf(deposit.claimant, deposit.work))).kind).to.equal(KIND.signed)
    })

    it('counts by the delegate’s answer', async () => {
      const at = await deployRegistry()
      const wallet = await at.ethers.deployContract('PickyWallet')
      const claimant = await delegated(at, await wallet.getAddress())
      const deposit = { claimant: claimant.address, work: newWork(), deadline: at.deadline, signature: '0x600d' }
      const account = wallet.attach(claimant.address) as typeof wallet
      await account.expectToBeAsked(at.depositDigest(deposit.claimant, deposit.work), deposit.signature)
      await send(at, deposit)
      expect((await at.registry.depositOf(idOf(deposit.claimant, deposit.work))).kind).to.equal(KIND.signed)
    })

    it('is refused when neither the key nor the delegate vouches', async () => {
      const at = await deployRegistry()
      const wallet = await at.ethers.deployContract('HostileWallet', [ANSWER.no])
      const claimant = await delegated(at, await wallet.getAddress())
      await expectRefused(at, await at.signDeposit(at.thief, newWork(), { name: claimant.address }))
    })
  })

  it('publishes the EIP-712 domain that signatures need (ERC-5267)', async () => {
    const at = await deployRegistry()
    const { fields, name, version, chainId, verifyingContract, salt, extensions } = await at.registry.eip712Domain()
    expect({ name, version, chainId, verifyingContract }).to.deep.equal(at.domain)
    expect([fields, salt, [...extensions]]).to.deep.equal(['0x0f', ZeroHash, []])
  })
})
