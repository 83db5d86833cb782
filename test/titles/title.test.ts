import { expect } from 'chai'
import { ZeroAddress, ZeroHash } from 'ethers'
import { deployLicensing } from '../licensing/fixture.ts'
import { newWork, random } from '../registry/fixture.ts'
import { behavesAsErc721 } from '../tokens/erc721.ts'

const YEAR = 365n * 86_400n

async function minted(royaltyBps = 500n) {
  const at = await deployLicensing()
  await at.titleAs(at.claimant).mint(at.workId, royaltyBps)
  return at
}

describe('CopyrightTitle', () => {
  behavesAsErc721('Colophon Title', 'TITLE', async () => {
    const at = await minted()
    const second = await at.deposit()
    await at.titleAs(at.claimant).mint(second, 0)
    return { at, address: at.titleAddress, owner: at.claimant, ids: [at.workId, second] }
  })

  describe('mint', () => {
    it('gives the claimant the title of his deposit', async () => {
      const at = await deployLicensing()
      expect(await at.title.isMinted(at.workId)).to.equal(false)
      await expect(at.titleAs(at.claimant).mint(at.workId, 500))
        .to.emit(at.title, 'TitleMinted')
        .withArgs(at.workId, at.claimant.address, 500n)
      expect(await at.title.ownerOf(at.workId)).to.equal(at.claimant.address)
      expect(await at.title.isMinted(at.workId)).to.equal(true)
      expect(await at.title.royaltyBpsOf(at.workId)).to.equal(500n)
      // Nothing changed hands, so offers made before go on.
      expect(await at.title.epochOf(at.workId)).to.equal(0n)
    })

    it('refuses everybody else, and deposits that are none', async () => {
      const at = await deployLicensing()
      const refused = (id: bigint, by = at.thief) =>
        expect(at.titleAs(by).mint(id, 0)).to.be.revertedWithCustomError(at.title, 'CopyrightTitle_NotClaimant').withArgs(id, by.address)
      await refused(at.workId)
      await refused(BigInt(random()))
      // A seal and an anchor of the claimant are words in the registry's storage too.
      const sealed = random()
      await at.registry.connect(at.claimant).seal(sealed)
      await refused(BigInt(sealed), at.claimant)
    })

    it('mints once, whoever owns the title by now', async () => {
      const at = await minted()
      await at.titleAs(at.claimant).transferFrom(at.claimant.address, at.buyer.address, at.workId)
      await expect(at.titleAs(at.claimant).mint(at.workId, 0))
        .to.be.revertedWithCustomError(at.title, 'ERC721InvalidSender')
        .withArgs(ZeroAddress)
    })

    it('caps the royalty at 10 %', async () => {
      const at = await deployLicensing()
      await expect(at.titleAs(at.claimant).mint(at.workId, 1001))
        .to.be.revertedWithCustomError(at.title, 'CopyrightTitle_RoyaltyTooHigh')
        .withArgs(1001n, 1000n)
      await at.titleAs(at.claimant).mint(at.workId, 1000)
    })

    it('refuses a refuted deposit', async () => {
      const at = await deployLicensing()
      await at.titleAs(at.court).refute(at.workId)
      await expect(at.titleAs(at.claimant).mint(at.workId, 0))
        .to.be.revertedWithCustomError(at.title, 'CopyrightTitle_WorkRefuted')
        .withArgs(at.workId)
    })
  })

  describe('rightsHolderOf', () => {
    it('is the claimant, then the title’s owner, and nobody for what is no deposit', async () => {
      const at = await deployLicensing()
      expect(await at.title.rightsHolderOf(at.workId)).to.equal(at.claimant.address)
      await at.titleAs(at.claimant).mint(at.workId, 0)
      await at.titleAs(at.claimant).transferFrom(at.claimant.address, at.buyer.address, at.workId)
      expect(await at.title.rightsHolderOf(at.workId)).to.equal(at.buyer.address)
      expect((await at.registry.depositOf(`0x${at.workId.toString(16).padStart(64, '0')}`)).claimant).to.equal(at.claimant.address)
      expect(await at.title.rightsHolderOf(1n)).to.equal(ZeroAddress)
      expect([...(await at.title.standingOf(1n))]).to.deep.equal([ZeroAddress, 0n, false])
    })

    it('goes with epoch and refutation in one call', async () => {
      const at = await minted()
      await at.titleAs(at.claimant).transferFrom(at.claimant.address, at.buyer.address, at.workId)
      await at.titleAs(at.court).refute(at.workId)
      expect([...(await at.title.standingOf(at.workId))]).to.deep.equal([at.buyer.address, 1n, true])
    })
  })

  describe('epochs', () => {
    it('advance with every change of hands, and tell the splitter', async () => {
      const at = await minted()
      await expect(at.titleAs(at.claimant).transferFrom(at.claimant.address, at.buyer.address, at.workId))
        .to.emit(at.title, 'EpochAdvanced')
        .withArgs(at.workId, 1n)
        .and.to.emit(at.splitter, 'Reset')
        .withArgs(at.workId, at.titleAddress)
      await at.titleAs(at.buyer).transferFrom(at.buyer.address, at.claimant.address, at.workId)
      expect(await at.title.epochOf(at.workId)).to.equal(2n)
    })

    it('stay when the title is sent to its owner', async () => {
      const at = await minted()
      await expect(at.titleAs(at.claimant).transferFrom(at.claimant.address, at.claimant.address, at.workId)).not.to.emit(
        at.title,
        'EpochAdvanced',
      )
      expect(await at.title.epochOf(at.workId)).to.equal(0n)
    })

    it('advance when the holder withdraws his offers, title or no title', async () => {
      const at = await deployLicensing()
      expect(await at.titleAs(at.claimant).withdrawOffers.staticCall(at.workId)).to.equal(1n)
      await expect(at.titleAs(at.claimant).withdrawOffers(at.workId)).to.emit(at.title, 'EpochAdvanced').withArgs(at.workId, 1n)
      await at.titleAs(at.claimant).mint(at.workId, 700)
      await at.titleAs(at.claimant).withdrawOffers(at.workId)
      expect(await at.title.epochOf(at.workId)).to.equal(2n)
      expect(await at.title.royaltyBpsOf(at.workId)).to.equal(700n)
      for (const [id, by] of [
        [at.workId, at.thief],
        [1n, at.thief],
      ] as const)
        await expect(at.titleAs(by).withdrawOffers(id))
          .to.be.revertedWithCustomError(at.title, 'CopyrightTitle_NotRightsHolder')
          .withArgs(id, by.address)
    })

    it('advance by the owner and no longer by the claimant once the title is sold', async () => {
      const at = await minted()
      await at.titleAs(at.claimant).transferFrom(at.claimant.address, at.buyer.address, at.workId)
      await expect(at.titleAs(at.claimant).withdrawOffers(at.workId)).to.be.revertedWithCustomError(
        at.title,
        'CopyrightTitle_NotRightsHolder',
      )
      await at.titleAs(at.buyer).withdrawOffers(at.workId)
      expect(await at.title.epochOf(at.workId)).to.equal(2n)
    })
  })

  describe('royalty (ERC-2981)', () => {
    it('goes to the claimant, whoever sells', async () => {
      const at = await minted(250n)
      await at.titleAs(at.claimant).transferFrom(at.claimant.address, at.buyer.address, at.workId)
      expect([...(await at.title.royaltyInfo(at.workId, 10_000n))]).to.deep.equal([at.claimant.address, 250n])
      // No product overflows.
      expect((await at.title.royaltyInfo(at.workId, 2n ** 256n - 1n))[1]).to.equal(((2n ** 256n - 1n) * 250n) / 10_000n)
      expect([...(await at.title.royaltyInfo(1n, 10_000n))]).to.deep.equal([ZeroAddress, 0n])
    })

    it('is told together with the refutation to who sells', async () => {
      const at = await minted(250n)
      const terms = async (workId = at.workId) => [...(await at.title.saleTermsOf(workId, 10_000n))]
      expect(await terms()).to.deep.equal([at.claimant.address, 250n, false])
      expect(await terms(1n)).to.deep.equal([ZeroAddress, 0n, false])
      // Everything else that is written into the same word leaves it as it is.
      await at.titleAs(at.court).freeze(at.workId, (await at.now()) + 10n)
      await at.titleAs(at.court).freeze(at.workId, 0n)
      await at.titleAs(at.claimant).lowerRoyalty(at.workId, 100)
      await at.titleAs(at.claimant).transferFrom(at.claimant.address, at.buyer.address, at.workId)
      await at.titleAs(at.court).refute(at.workId)
      expect(await terms()).to.deep.equal([at.claimant.address, 100n, true])
      expect(await at.title.epochOf(at.workId)).to.equal(1n)
      expect(await at.title.frozenUntil(at.workId)).to.equal(0n)
      await at.titleAs(at.claimant).lowerRoyalty(at.workId, 0)
      expect(await terms()).to.deep.equal([ZeroAddress, 0n, true])
    })

    it('can be lowered by the claimant, and never raised', async () => {
      const at = await minted(250n)
      await at.titleAs(at.claimant).transferFrom(at.claimant.address, at.buyer.address, at.workId)
      await expect(at.titleAs(at.claimant).lowerRoyalty(at.workId, 100)).to.emit(at.title, 'RoyaltyLowered').withArgs(at.workId, 100n)
      expect(await at.title.royaltyBpsOf(at.workId)).to.equal(100n)
      expect(await at.title.epochOf(at.workId)).to.equal(1n)
      await expect(at.titleAs(at.claimant).lowerRoyalty(at.workId, 101))
        .to.be.revertedWithCustomError(at.title, 'CopyrightTitle_RoyaltyTooHigh')
        .withArgs(101n, 100n)
      await expect(at.titleAs(at.buyer).lowerRoyalty(at.workId, 0))
        .to.be.revertedWithCustomError(at.title, 'CopyrightTitle_NotClaimant')
        .withArgs(at.workId, at.buyer.address)
    })
  })

  describe('freeze', () => {
    it('keeps the title where it is until its second', async () => {
      const at = await minted()
      const until = (await at.now()) + 1000n
      await expect(at.titleAs(at.court).freeze(at.workId, until))
        .to.emit(at.title, 'Frozen')
        .withArgs(at.workId, until)
        .and.to.emit(at.title, 'MetadataUpdate')
        .withArgs(at.workId)
      expect(await at.title.frozenUntil(at.workId)).to.equal(until)
      const move = () => at.titleAs(at.claimant).transferFrom(at.claimant.address, at.buyer.address, at.workId)
      await at.time.setNextBlockTimestamp(until - 1n)
      await expect(move()).to.be.revertedWithCustomError(at.title, 'CopyrightTitle_TitleFrozen').withArgs(at.workId, until)
      await at.time.setNextBlockTimestamp(until)
      await move()
      expect(await at.title.ownerOf(at.workId)).to.equal(at.buyer.address)
      expect(await at.title.frozenUntil(at.workId)).to.equal(0n)
      expect(await at.title.royaltyBpsOf(at.workId)).to.equal(500n)
    })

    it('can be lifted, and set before there is a title', async () => {
      const at = await deployLicensing()
      await at.titleAs(at.court).freeze(at.workId, (await at.now()) + 1000n)
      await at.titleAs(at.claimant).mint(at.workId, 0)
      const move = () => at.titleAs(at.claimant).transferFrom(at.claimant.address, at.buyer.address, at.workId)
      await expect(move()).to.be.revertedWithCustomError(at.title, 'CopyrightTitle_TitleFrozen')
      await expect(at.titleAs(at.court).freeze(at.workId, await at.now()))
        .to.emit(at.title, 'Frozen')
        .withArgs(at.workId, 0n)
      await move()
    })

    it('lasts a year at most', async () => {
      const at = await minted()
      const time = (await at.now()) + 10n
      await at.time.setNextBlockTimestamp(time)
      await expect(at.titleAs(at.court).freeze(at.workId, time + YEAR + 1n))
        .to.be.revertedWithCustomError(at.title, 'CopyrightTitle_FreezeTooLong')
        .withArgs(time + YEAR + 1n, time + YEAR)
      await at.time.setNextBlockTimestamp(time + 1n)
      await at.titleAs(at.court).freeze(at.workId, time + 1n + YEAR)
      expect(await at.title.MAX_FREEZE()).to.equal(YEAR)
    })

    it('is for the role only, and for deposits only', async () => {
      const at = await minted()
      for (const signer of [at.claimant, at.thief, at.deployer])
        await expect(at.titleAs(signer).freeze(at.workId, 0))
          .to.be.revertedWithCustomError(at.title, 'AccessManagedUnauthorized')
          .withArgs(signer.address)
      await expect(at.titleAs(at.court).freeze(1n, 0)).to.be.revertedWithCustomError(at.title, 'CopyrightTitle_WorkUnknown').withArgs(1n)
    })
  })

  describe('refute', () => {
    it('marks the deposit for good and leaves the record', async () => {
      const at = await minted()
      const before = await at.registry.depositOf(`0x${at.workId.toString(16).padStart(64, '0')}`)
      await expect(at.titleAs(at.court).refute(at.workId))
        .to.emit(at.title, 'Refuted')
        .withArgs(at.workId)
        .and.to.emit(at.title, 'MetadataUpdate')
        .withArgs(at.workId)
      expect(await at.title.isRefuted(at.workId)).to.equal(true)
      expect([...(await at.registry.depositOf(`0x${at.workId.toString(16).padStart(64, '0')}`))]).to.deep.equal([...before])
      await expect(at.titleAs(at.court).refute(at.workId)).not.to.emit(at.title, 'Refuted')
      await at.titleAs(at.court).freeze(at.workId, (await at.now()) + 100n)
      await at.titleAs(at.court).freeze(at.workId, 0)
      expect(await at.title.isRefuted(at.workId)).to.equal(true)
    })

    it('is for the role only, and for deposits only', async () => {
      const at = await minted()
      for (const signer of [at.claimant, at.thief, at.deployer])
        await expect(at.titleAs(signer).refute(at.workId))
          .to.be.revertedWithCustomError(at.title, 'AccessManagedUnauthorized')
          .withArgs(signer.address)
      await expect(at.titleAs(at.court).refute(1n)).to.be.revertedWithCustomError(at.title, 'CopyrightTitle_WorkUnknown').withArgs(1n)
    })
  })

  describe('connect', () => {
    it('names the splitter once, by the authority', async () => {
      const at = await deployLicensing()
      const title = await at.ethers.deployContract('CopyrightTitle', [await at.registry.getAddress(), await at.access.getAddress()])
      const connect = (by: typeof at.thief, splitter: string) => title.connect(by).getFunction('connect')(splitter)
      await expect(connect(at.thief, at.splitterAddress))
        .to.be.revertedWithCustomError(title, 'AccessManagedUnauthorized')
        .withArgs(at.thief.address)
      await expect(connect(at.deployer, ZeroAddress)).to.be.revertedWithCustomError(title, 'CopyrightTitle_ModuleZero')
      expect(await title.splitter()).to.equal(ZeroAddress)
      // Titles change hands without a splitter, too.
      await title.connect(at.claimant).getFunction('mint')(at.workId, 0)
      await title.connect(at.claimant).getFunction('transferFrom')(at.claimant.address, at.buyer.address, at.workId)
      await expect(connect(at.deployer, at.splitterAddress)).to.emit(title, 'Connected').withArgs(at.splitterAddress)
      expect(await title.splitter()).to.equal(at.splitterAddress)
      await expect(connect(at.deployer, at.splitterAddress)).to.be.revertedWithCustomError(title, 'CopyrightTitle_AlreadyConnected')
      expect(await title.REGISTRY()).to.equal(await at.registry.getAddress())
    })
  })

  it('works for deposits of contracts, which need not know of ERC-721', async () => {
    const at = await deployLicensing()
    const wallet = await at.ethers.deployContract('OwnedWallet', [at.claimant.address])
    const claimant = await wallet.getAddress()
    const work = newWork({ salt: ZeroHash })
    const id = BigInt(await at.registry.idOf(claimant, work))
    await at.provider.request({ method: 'hardhat_impersonateAccount', params: [claimant] })
    await at.provider.request({ method: 'hardhat_setBalance', params: [claimant, '0xde0b6b3a7640000'] })
    const signer = await at.ethers.getSigner(claimant)
    await at.registry.connect(signer).getFunction('deposit')(work)
    await at.titleAs(signer as typeof at.claimant).mint(id, 0)
    expect(await at.title.ownerOf(id)).to.equal(claimant)
  })
})
