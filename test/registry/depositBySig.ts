// CopyrightRegistry.depositBySig; every branch is listed in depositBySig.tree.
import { expect } from 'chai'
import { Wallet, ZeroAddress, ZeroHash } from 'ethers'
import { network } from 'hardhat'
import {
  Answer,
  aWork,
  brokenForms,
  DEPOSIT_TYPES,
  deploy,
  depositDigest,
  idFor,
  Kind,
  LIFT_TYPES,
  NO_RECORD,
  recordOf,
  type Scene,
  type SignedDeposit,
  signedBy,
  WORK_FIELDS,
  withOtherBit,
} from './registry.ts'

const { ethers, networkHelpers } = await network.create()
const scene = (): Promise<Scene> => deploy(ethers)

/** Sends it as the sponsor. */
function send({ registry, sponsor }: Scene, { claimant, work, deadline, signature }: SignedDeposit) {
  return registry.connect(sponsor).depositBySig(claimant, work, deadline, signature)
}

/** Expects the registry to take the signature for somebody else's, and to record nothing. */
async function expectRefused(at: Scene, deposit: SignedDeposit): Promise<void> {
  await expect(send(at, deposit))
    .to.be.revertedWithCustomError(at.registry, 'CopyrightRegistry_SignatureInvalid')
    .withArgs(deposit.claimant, depositDigest(at.domain, deposit))
  expect(await recordOf(at.registry, idFor(deposit.claimant, deposit.work))).to.deep.equal(NO_RECORD)
}

describe('CopyrightRegistry: depositBySig', () => {
  describe('signed by the claimant’s key', () => {
    it('records the claimant, not the sponsor who pays', async () => {
      const at = await networkHelpers.loadFixture(scene)
      const deposit = await signedBy(at.claimant, at.domain)
      const { claimant, work, deadline, signature } = deposit
      const id = idFor(claimant, work)
      expect(await at.registry.depositBySig.staticCall(claimant, work, deadline, signature)).to.equal(id)

      const time = BigInt(await networkHelpers.time.latest()) + 77n
      await networkHelpers.time.setNextBlockTimestamp(time)
      const balance = await ethers.provider.getBalance(claimant)
      const sent = send(at, deposit)
      await expect(sent)
        .to.emit(at.registry, 'Deposited')
        .withArgs(id, claimant, work.contentHash, work.fingerprint, work.fingerprintType, work.metadata, work.salt)
      expect(await recordOf(at.registry, id)).to.deep.equal({
        claimant,
        depositedAt: time,
        recordedIn: BigInt((await (await sent).wait())!.blockNumber),
        kind: Kind.Signed,
      })
      expect(await ethers.provider.getBalance(claimant)).to.equal(balance)
    })

    it('needs no coin and no history of the claimant', async () => {
      const at = await networkHelpers.loadFixture(scene)
      const deposit = await signedBy(new Wallet(`0x${'5a'.repeat(32)}`), at.domain)
      await send(at, deposit)
      expect((await at.registry.depositOf(idFor(deposit.claimant, deposit.work))).kind).to.equal(Kind.Signed)
    })

    it('counts in the very second of its deadline', async () => {
      const at = await networkHelpers.loadFixture(scene)
      const deadline = BigInt(await networkHelpers.time.latest()) + 100n
      const deposit = await signedBy(at.claimant, at.domain, { deadline })
      await networkHelpers.time.setNextBlockTimestamp(deadline)
      await send(at, deposit)
      expect((await at.registry.depositOf(idFor(deposit.claimant, deposit.work))).depositedAt).to.equal(deadline)
    })

    it('is refused a second later', async () => {
      const at = await networkHelpers.loadFixture(scene)
      const deadline = BigInt(await networkHelpers.time.latest()) + 100n
      const deposit = await signedBy(at.claimant, at.domain, { deadline })
      await networkHelpers.time.setNextBlockTimestamp(deadline + 1n)
      await expect(send(at, deposit))
        .to.be.revertedWithCustomError(at.registry, 'CopyrightRegistry_SignatureExpired')
        .withArgs(deadline, deadline + 1n)
      expect(await recordOf(at.registry, idFor(deposit.claimant, deposit.work))).to.deep.equal(NO_RECORD)
    })

    it('is spent once: a replay finds the record', async () => {
      const at = await networkHelpers.loadFixture(scene)
      const deposit = await signedBy(at.claimant, at.domain)
      await send(at, deposit)
      await expect(send(at, deposit))
        .to.be.revertedWithCustomError(at.registry, 'CopyrightRegistry_DepositExists')
        .withArgs(idFor(deposit.claimant, deposit.work))
    })

    it('is worth nothing after the claimant deposited himself', async () => {
      const at = await networkHelpers.loadFixture(scene)
      const deposit = await signedBy(at.claimant, at.domain)
      await at.registry.connect(at.claimant).deposit(deposit.work)
      await expect(send(at, deposit)).to.be.revertedWithCustomError(at.registry, 'CopyrightRegistry_DepositExists')
      expect((await at.registry.depositOf(idFor(deposit.claimant, deposit.work))).kind).to.equal(Kind.Direct)
    })

    it('is refused for a work without a content hash', async () => {
      const at = await networkHelpers.loadFixture(scene)
      const deposit = await signedBy(at.claimant, at.domain, { work: aWork({ contentHash: ZeroHash }) })
      await expect(send(at, deposit)).to.be.revertedWithCustomError(at.registry, 'CopyrightRegistry_ContentHashZero')
    })
  })

  describe('signed for something else', () => {
    for (const { name } of WORK_FIELDS) {
      it(`is refused for another ${name}`, async () => {
        const at = await networkHelpers.loadFixture(scene)
        const deposit = await signedBy(at.claimant, at.domain)
        await expectRefused(at, { ...deposit, work: withOtherBit(deposit.work, name) })
      })
    }

    it('is refused for another deadline', async () => {
      const at = await networkHelpers.loadFixture(scene)
      const deposit = await signedBy(at.claimant, at.domain)
      await expectRefused(at, { ...deposit, deadline: deposit.deadline + 1n })
    })

    it('is refused for another claimant', async () => {
      const at = await networkHelpers.loadFixture(scene)
      const deposit = await signedBy(at.claimant, at.domain)
      await expectRefused(at, { ...deposit, claimant: at.stranger.address })
    })

    it('is refused from a key that signs in another’s name', async () => {
      const at = await networkHelpers.loadFixture(scene)
      await expectRefused(at, await signedBy(at.stranger, at.domain, { claimant: at.claimant.address }))
    })

    it('is refused on another chain', async () => {
      const at = await networkHelpers.loadFixture(scene)
      await expectRefused(at, await signedBy(at.claimant, { ...at.domain, chainId: at.domain.chainId + 1n }))
    })

    it('is refused by another registry', async () => {
      const at = await networkHelpers.loadFixture(scene)
      const other = await deploy(ethers)
      const deposit = await signedBy(at.claimant, other.domain)
      await expectRefused(at, deposit)
      await send(other, deposit)
    })

    for (const [name, value] of [
      ['name', 'Colophon copyrightRegistry'],
      ['version', '2'],
    ] as const) {
      it(`is refused for a contract of another ${name}`, async () => {
        const at = await networkHelpers.loadFixture(scene)
        await expectRefused(at, await signedBy(at.claimant, { ...at.domain, [name]: value }))
      })
    }

    it('is refused if it was given for lifting the work', async () => {
      const at = await networkHelpers.loadFixture(scene)
      const deposit = await signedBy(at.claimant, at.domain)
      const signature = await at.claimant.signTypedData(at.domain, LIFT_TYPES, { ...deposit, root: ZeroHash })
      await expectRefused(at, { ...deposit, signature })
    })

    it('is refused if it was given as a plain message over the same digest', async () => {
      const at = await networkHelpers.loadFixture(scene)
      const deposit = await signedBy(at.claimant, at.domain)
      const signature = await at.claimant.signMessage(depositDigest(at.domain, deposit))
      await expectRefused(at, { ...deposit, signature })
    })
  })

  describe('in a form that is not one', () => {
    for (const name of Object.keys(brokenForms(`0x${'01'.repeat(64)}1b`))) {
      it(`is refused ${name}`, async () => {
        const at = await networkHelpers.loadFixture(scene)
        const deposit = await signedBy(at.claimant, at.domain)
        await expectRefused(at, { ...deposit, signature: brokenForms(deposit.signature)[name]! })
      })
    }

    it('never speaks for address zero, which ecrecover gives for nonsense', async () => {
      const at = await networkHelpers.loadFixture(scene)
      const deposit = { ...(await signedBy(at.claimant, at.domain)), claimant: ZeroAddress }
      for (const signature of Object.values(brokenForms(deposit.signature))) await expectRefused(at, { ...deposit, signature })
    })
  })

  describe('in the name of a contract wallet (ERC-1271)', () => {
    it('counts if the wallet says so', async () => {
      const at = await networkHelpers.loadFixture(scene)
      const wallet = await ethers.deployContract('OwnedWallet', [at.claimant.address])
      const deposit = await signedBy(at.claimant, at.domain, { claimant: await wallet.getAddress() })
      await send(at, deposit)
      const record = await at.registry.depositOf(idFor(deposit.claimant, deposit.work))
      expect([record.claimant, record.kind]).to.deep.equal([deposit.claimant, Kind.Signed])
    })

    it('is refused if the wallet’s owner did not sign', async () => {
      const at = await networkHelpers.loadFixture(scene)
      const wallet = await ethers.deployContract('OwnedWallet', [at.claimant.address])
      await expectRefused(at, await signedBy(at.stranger, at.domain, { claimant: await wallet.getAddress() }))
    })

    it('is refused once the wallet has another owner', async () => {
      const at = await networkHelpers.loadFixture(scene)
      const wallet = await ethers.deployContract('OwnedWallet', [at.claimant.address])
      const deposit = await signedBy(at.claimant, at.domain, { claimant: await wallet.getAddress() })
      await wallet.changeOwner(at.stranger.address)
      await expectRefused(at, deposit)
    })

    it('asks the wallet about the digest and the signature as they came, whatever their form', async () => {
      const at = await networkHelpers.loadFixture(scene)
      const wallet = await ethers.deployContract('PickyWallet')
      const deposit = { claimant: await wallet.getAddress(), work: aWork(), deadline: 4_102_444_799n, signature: '0x' }
      const digest = depositDigest(at.domain, deposit)
      for (const signature of ['0x', '0x01', `0x${'ab'.repeat(65)}`, `0x${'cd'.repeat(300)}`]) {
        const work = aWork()
        await wallet.expect(depositDigest(at.domain, { ...deposit, work }), signature)
        await expectRefused(at, { ...deposit, work, signature: `${signature}ff` })
        await expectRefused(at, { ...deposit, signature })
        await send(at, { ...deposit, work, signature })
      }
      expect(digest).to.equal(depositDigest(at.domain, deposit))
    })

    for (const [answer, good] of [
      ['Yes', true],
      ['LongAndYes', true],
      ['YesAfter120kGas', true],
      ['No', false],
      ['Revert', false],
      ['Nothing', false],
      ['Short', false],
      ['DirtyTail', false],
      ['Bomb', false],
      ['BurnEverything', false],
    ] as const) {
      it(`${good ? 'counts' : 'is refused'} when the wallet answers ${answer}`, async () => {
        const at = await networkHelpers.loadFixture(scene)
        const wallet = await ethers.deployContract('HostileWallet', [Answer[answer]])
        const deposit = await signedBy(at.stranger, at.domain, { claimant: await wallet.getAddress() })
        if (!good) return await expectRefused(at, deposit)
        await send(at, deposit)
        expect((await at.registry.depositOf(idFor(deposit.claimant, deposit.work))).kind).to.equal(Kind.Signed)
      })
    }

    it('is refused by a contract that knows nothing of ERC-1271', async () => {
      const at = await networkHelpers.loadFixture(scene)
      await expectRefused(at, await signedBy(at.claimant, at.domain, { claimant: at.address }))
    })

    it('is refused by a precompile, which has no code and answers anything', async () => {
      const at = await networkHelpers.loadFixture(scene)
      // The identity precompile would echo the question, whose first four bytes are the answer that ERC-1271 wants.
      await expectRefused(at, await signedBy(at.claimant, at.domain, { claimant: `0x${'00'.repeat(19)}04` }))
    })
  })

  describe('in the name of an account delegated by EIP-7702', () => {
    async function delegated(to: string): Promise<Wallet> {
      const wallet = new Wallet(`0x${'7702'.repeat(16)}`, ethers.provider)
      await networkHelpers.setBalance(wallet.address, 10n ** 18n)
      const authorization = await wallet.authorize({ address: to, nonce: 1, chainId: (await ethers.provider.getNetwork()).chainId })
      await (await wallet.sendTransaction({ type: 4, to: wallet.address, authorizationList: [authorization] })).wait()
      expect(await ethers.provider.getCode(wallet.address)).to.equal(`0xef0100${to.slice(2).toLowerCase()}`)
      return wallet
    }

    it('counts by the account’s key, even where the delegate would refuse', async () => {
      const at = await networkHelpers.loadFixture(scene)
      const wallet = await ethers.deployContract('HostileWallet', [Answer.No])
      const deposit = await signedBy(await delegated(await wallet.getAddress()), at.domain)
      await send(at, deposit)
      expect((await at.registry.depositOf(idFor(deposit.claimant, deposit.work))).kind).to.equal(Kind.Signed)
    })

    it('counts by the delegate’s answer', async () => {
      const at = await networkHelpers.loadFixture(scene)
      const wallet = await ethers.deployContract('PickyWallet')
      const claimant = await delegated(await wallet.getAddress())
      const deposit = { claimant: claimant.address, work: aWork(), deadline: 4_102_444_799n, signature: '0x600d' }
      const account = wallet.attach(claimant.address) as typeof wallet
      await account.expect(depositDigest(at.domain, deposit), deposit.signature)
      await send(at, deposit)
      expect((await at.registry.depositOf(idFor(deposit.claimant, deposit.work))).kind).to.equal(Kind.Signed)
    })

    it('is refused when neither the key nor the delegate vouches', async () => {
      const at = await networkHelpers.loadFixture(scene)
      const wallet = await ethers.deployContract('HostileWallet', [Answer.No])
      const claimant = await delegated(await wallet.getAddress())
      await expectRefused(at, await signedBy(at.stranger, at.domain, { claimant: claimant.address }))
    })
  })

  it('types its signature as published', () => {
    expect(DEPOSIT_TYPES).to.have.all.keys('Deposit', 'Work')
  })
})
