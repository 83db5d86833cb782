import { expect } from 'chai'
import { AbiCoder, ZeroAddress, ZeroHash } from 'ethers'
import { ANSWER, deployRegistry, idOf, join, KIND, mirrored, newWork, type Registry, record } from './fixture.ts'

describe('CopyrightRegistry.depositBySig', () => {
  let at: Registry
  beforeEach(async () => {
    at = await deployRegistry()
  })

  const send = (entry: Awaited<ReturnType<Registry['signDeposit']>>) =>
    at.by(at.sponsor).depositBySig(entry.claimant, entry.work, entry.deadline, entry.signature)
  const refused = async (entry: Awaited<ReturnType<Registry['signDeposit']>>) => {
    await expect(send(entry))
      .to.be.revertedWithCustomError(at.registry, 'CopyrightRegistry_SignatureInvalid')
      .withArgs(entry.claimant, at.depositDigest(entry.claimant, entry.work, entry.deadline))
    expect((await at.registry.depositOf(idOf(entry.claimant, entry.work))).claimant).to.equal(ZeroAddress)
  }

  it("records in the signer's name what the sponsor pays for", async () => {
    const work = newWork()
    const entry = await at.signDeposit(at.claimant, work)
    await expect(send(entry)).to.emit(at.registry, 'Deposited')
    const { time, number } = await at.latest()
    const id = idOf(at.claimant.address, work)
    expect([...(await at.registry.depositOf(id))]).to.deep.equal(record(at.claimant.address, time, number, KIND.signed))
  })

  it('refuses the signature a second time', async () => {
    const entry = await at.signDeposit(at.claimant, newWork())
    await send(entry)
    await expect(send(entry)).to.be.revertedWithCustomError(at.registry, 'CopyrightRegistry_DepositExists')
  })

  it('takes it at its deadline and refuses it a second later', async () => {
    const until = BigInt((await at.time.latest()) + 100)
    const [first, second] = [await at.signDeposit(at.claimant, newWork(), until), await at.signDeposit(at.claimant, newWork(), until)]
    await at.time.setNextBlockTimestamp(until)
    await send(first)
    await at.time.setNextBlockTimestamp(until + 1n)
    await expect(send(second))
      .to.be.revertedWithCustomError(at.registry, 'CopyrightRegistry_SignatureExpired')
      .withArgs(until, until + 1n)
  })

  it('refuses a signature by somebody else', async () => {
    await refused(await at.signDeposit(at.thief, newWork(), at.deadline, at.claimant.address))
  })

  it("refuses a good signature under the thief's name", async () => {
    await refused({ ...(await at.signDeposit(at.claimant, newWork())), claimant: at.thief.address })
  })

  it('refuses the zero address, which no failed recovery may match', async () => {
    await refused({ claimant: ZeroAddress, work: newWork(), deadline: at.deadline, signature: `0x${'00'.repeat(65)}` })
  })

  it('refuses the mirrored signature, short ones, long ones and none', async () => {
    const entry = await at.signDeposit(at.claimant, newWork())
    const { compactSerialized } = at.ethers.Signature.from(entry.signature)
    for (const signature of [mirrored(entry.signature), compactSerialized, join(entry.signature, '0x00'), '0x'])
      await refused({ ...entry, signature })
    await send(entry)
  })

  it('refuses a work without a content hash', async () => {
    await expect(send(await at.signDeposit(at.claimant, newWork({ contentHash: ZeroHash })))).to.be.revertedWithCustomError(
      at.registry,
      'CopyrightRegistry_ContentHashZero',
    )
  })

  it('tells its EIP-712 domain (ERC-5267)', async () => {
    const { fields, name, version, chainId, verifyingContract, salt, extensions } = await at.registry.eip712Domain()
    expect([fields, name, version, chainId, verifyingContract, salt, [...extensions]]).to.deep.equal([
      '0x0f',
      at.domain.name,
      '1',
      at.domain.chainId,
      at.address,
      ZeroHash,
      [],
    ])
  })

  describe('by a contract wallet', () => {
    it('takes what its ERC-1271 accepts, and not once it changed its mind', async () => {
      const wallet = await at.ethers.deployContract('OwnedWallet', [at.claimant.address])
      const name = await wallet.getAddress()
      const [first, second] = [
        await at.signDeposit(at.claimant, newWork(), at.deadline, name),
        await at.signDeposit(at.claimant, newWork(), at.deadline, name),
      ]
      await send(first)
      expect((await at.registry.depositOf(idOf(name, first.work))).claimant).to.equal(name)
      await wallet.changeOwner(at.sponsor.address)
      await refused(second)
    })

    for (const answer of ['no', 'revert', 'nothing', 'short', 'dirtyTail', 'bomb'] as const)
      it(`refuses one that answers with ${answer}`, async () => {
        await refused({ claimant: await at.wallet(ANSWER[answer]), work: newWork(), deadline: at.deadline, signature: '0x' })
      })

    it('takes a long answer that begins with yes, and a slow one', async () => {
      for (const answer of [ANSWER.longAndYes, ANSWER.slowYes])
        await send({ claimant: await at.wallet(answer), work: newWork(), deadline: at.deadline, signature: '0x' })
    })

    it('refuses a contract without ERC-1271, and a precompile', async () => {
      for (const claimant of [at.address, '0x0000000000000000000000000000000000000002'])
        await refused({ claimant, work: newWork(), deadline: at.deadline, signature: '0x' })
    })

    it('refuses an ERC-6492 signature of a wallet that is not there yet', async () => {
      const magic = `0x${'6492'.repeat(16)}`
      const wrapped = join(AbiCoder.defaultAbiCoder().encode(['address', 'bytes', 'bytes'], [at.address, '0x', '0x']), magic)
      await refused({ claimant: at.ethers.Wallet.createRandom().address, work: newWork(), deadline: at.deadline, signature: wrapped })
    })
  })

  describe('by an account with an EIP-7702 delegation', () => {
    const delegate = async (to: string) => {
      await at.provider.request({ method: 'hardhat_setCode', params: [at.claimant.address, `0xef0100${to.slice(2)}`] })
    }

    it('takes its own key whatever the delegate says', async () => {
      await delegate(await at.wallet(ANSWER.no))
      await send(await at.signDeposit(at.claimant, newWork()))
    })

    it("takes what the delegate's ERC-1271 accepts", async () => {
      await delegate(await at.wallet(ANSWER.yes))
      await send({ claimant: at.claimant.address, work: newWork(), deadline: at.deadline, signature: '0x1234' })
    })

    it('refuses what neither accepts', async () => {
      await delegate(await at.wallet(ANSWER.no))
      await refused(await at.signDeposit(at.thief, newWork(), at.deadline, at.claimant.address))
    })
  })
})
