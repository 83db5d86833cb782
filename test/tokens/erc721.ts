import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types'
import { expect } from 'chai'
import { Contract, ZeroAddress } from 'ethers'
import type { Licensing } from '../licensing/fixture.ts'

const ABI = [
  'function balanceOf(address) view returns (uint256)',
  'function ownerOf(uint256) view returns (address)',
  'function approve(address,uint256)',
  'function getApproved(uint256) view returns (address)',
  'function setApprovalForAll(address,bool)',
  'function isApprovedForAll(address,address) view returns (bool)',
  'function transferFrom(address,address,uint256)',
  'function safeTransferFrom(address,address,uint256)',
  'function safeTransferFrom(address,address,uint256,bytes)',
  'function supportsInterface(bytes4) view returns (bool)',
  'function name() view returns (string)',
  'function symbol() view returns (string)',
  'function tokenURI(uint256) view returns (string)',
  'event Transfer(address indexed from, address indexed to, uint256 indexed tokenId)',
  'event Approval(address indexed owner, address indexed approved, uint256 indexed tokenId)',
  'event ApprovalForAll(address indexed owner, address indexed operator, bool approved)',
  'error ERC721NonexistentToken(uint256 tokenId)',
  'error ERC721InsufficientApproval(address operator, uint256 tokenId)',
  'error ERC721IncorrectOwner(address sender, uint256 tokenId, address owner)',
  'error ERC721InvalidReceiver(address receiver)',
  'error ERC721InvalidOwner(address owner)',
  'error ERC721InvalidApprover(address approver)',
  'error ERC721InvalidOperator(address operator)',
]

const WELCOME = { accept: 0, wrongAnswer: 1, revertWithError: 2, revertWithoutReason: 3 } as const

export interface Tokens {
  at: Licensing
  address: string
  owner: HardhatEthersSigner
  /** Two tokens of the owner. */
  ids: [bigint, bigint]
}

/** What OpenZeppelin's own suite asks of an ERC-721 token, on a token of ours that may be transferred. */
export function behavesAsErc721(name: string, symbol: string, make: () => Promise<Tokens>): void {
  describe('as an ERC-721 token', () => {
    const deploy = async () => {
      const { at, address, owner, ids } = await make()
      const token = new Contract(address, ABI, owner)
      const by = (signer: HardhatEthersSigner) => token.connect(signer) as Contract
      return { at, token, by, owner, ids, id: ids[0], to: at.thief.address, missing: 0x1234n }
    }
    const receiver = async (at: Licensing, welcome: number) => {
      const contract = await at.ethers.deployContract('Receiver', [welcome])
      return { contract, address: await contract.getAddress() }
    }

    it('has a name and a symbol', async () => {
      const { token } = await deploy()
      expect([await token.name!(), await token.symbol!()]).to.deep.equal([name, symbol])
    })

    it('says that it is ERC-165, ERC-721, ERC-721 Metadata, ERC-2981 and ERC-4906, and nothing else', async () => {
      const { token } = await deploy()
      for (const id of ['0x01ffc9a7', '0x80ac58cd', '0x5b5e139f', '0x2a55205a', '0x49064906'])
        expect(await token.supportsInterface!(id), id).to.equal(true)
      // ERC-165's none, ERC-4907, ERC-5643, ERC-721 Enumerable, ERC-1155.
      for (const id of ['0xffffffff', '0xad092b5c', '0x8c65f84d', '0x780e9d63', '0xd9b67a26'])
        expect(await token.supportsInterface!(id), id).to.equal(false)
    })

    it('counts and names owners', async () => {
      const { token, owner, ids, to } = await deploy()
      expect(await token.balanceOf!(owner.address)).to.equal(2n)
      expect(await token.balanceOf!(to)).to.equal(0n)
      for (const id of ids) expect(await token.ownerOf!(id)).to.equal(owner.address)
      await expect(token.balanceOf!(ZeroAddress)).to.be.revertedWithCustomError(token, 'ERC721InvalidOwner').withArgs(ZeroAddress)
    })

    it('refuses to speak of tokens that do not exist', async () => {
      const { token, missing, owner, to } = await deploy()
      for (const call of [
        token.ownerOf!(missing),
        token.getApproved!(missing),
        token.tokenURI!(missing),
        token.approve!(to, missing),
        token.transferFrom!(owner.address, to, missing),
      ])
        await expect(call).to.be.revertedWithCustomError(token, 'ERC721NonexistentToken').withArgs(missing)
    })

    for (const who of ['the owner', 'the approved account', 'an operator'] as const) {
      it(`is transferred by ${who}, and loses its approval`, async () => {
        const { at, token, by, owner, ids, id, to } = await deploy()
        const sender = who === 'the owner' ? owner : at.court
        if (who === 'an operator') {
          await expect(token.setApprovalForAll!(sender.address, true))
            .to.emit(token, 'ApprovalForAll')
            .withArgs(owner.address, sender.address, true)
          expect(await token.isApprovedForAll!(owner.address, sender.address)).to.equal(true)
          await token.approve!(at.platform.address, id)
        } else {
          await expect(token.approve!(at.court.address, id)).to.emit(token, 'Approval').withArgs(owner.address, at.court.address, id)
          expect(await token.getApproved!(id)).to.equal(at.court.address)
        }
        await expect(by(sender).transferFrom!(owner.address, to, id))
          .to.emit(token, 'Transfer')
          .withArgs(owner.address, to, id)
        expect(await token.ownerOf!(id)).to.equal(to)
        expect(await token.ownerOf!(ids[1])).to.equal(owner.address)
        expect([await token.balanceOf!(owner.address), await token.balanceOf!(to)]).to.deep.equal([1n, 1n])
        expect(await token.getApproved!(id)).to.equal(ZeroAddress)
      })
    }

    it('is not transferred by a stranger, from another than its owner, or to nobody', async () => {
      const { at, token, by, owner, id, to } = await deploy()
      await expect(by(at.thief).transferFrom!(owner.address, to, id))
        .to.be.revertedWithCustomError(token, 'ERC721InsufficientApproval')
        .withArgs(to, id)
      await expect(token.transferFrom!(at.court.address, to, id))
        .to.be.revertedWithCustomError(token, 'ERC721IncorrectOwner')
        .withArgs(at.court.address, id, owner.address)
      await expect(token.transferFrom!(owner.address, ZeroAddress, id))
        .to.be.revertedWithCustomError(token, 'ERC721InvalidReceiver')
        .withArgs(ZeroAddress)
      expect(await token.ownerOf!(id)).to.equal(owner.address)
    })

    it('is no longer transferred by an operator who was dismissed', async () => {
      const { at, token, by, owner, id, to } = await deploy()
      await token.setApprovalForAll!(at.court.address, true)
      await token.setApprovalForAll!(at.court.address, false)
      await expect(by(at.court).transferFrom!(owner.address, to, id)).to.be.revertedWithCustomError(token, 'ERC721InsufficientApproval')
      await expect(token.setApprovalForAll!(ZeroAddress, true)).to.be.revertedWithCustomError(token, 'ERC721InvalidOperator')
    })

    it('is approved by its owner or his operator only', async () => {
      const { at, token, by, id, to } = await deploy()
      await expect(by(at.thief).approve!(to, id)).to.be.revertedWithCustomError(token, 'ERC721InvalidApprover').withArgs(to)
      await token.setApprovalForAll!(at.court.address, true)
      await by(at.court).approve!(to, id)
      expect(await token.getApproved!(id)).to.equal(to)
      await token.approve!(ZeroAddress, id)
      expect(await token.getApproved!(id)).to.equal(ZeroAddress)
    })

    it('is sent to itself without change', async () => {
      const { token, owner, id } = await deploy()
      await token.transferFrom!(owner.address, owner.address, id)
      expect([await token.ownerOf!(id), await token.balanceOf!(owner.address)]).to.deep.equal([owner.address, 2n])
    })

    it('is safely sent to accounts and to contracts that welcome it, with data', async () => {
      const { at, token, owner, ids, to } = await deploy()
      await token['safeTransferFrom(address,address,uint256)']!(owner.address, to, ids[0])
      const { contract, address } = await receiver(at, WELCOME.accept)
      await expect(token['safeTransferFrom(address,address,uint256,bytes)']!(owner.address, address, ids[1], '0x42'))
        .to.emit(contract, 'Received')
        .withArgs(owner.address, owner.address, ids[1], '0x42')
      expect(await token.ownerOf!(ids[1])).to.equal(address)
    })

    it('is not safely sent to contracts that do not', async () => {
      const { at, token, owner, id } = await deploy()
      const safe = token['safeTransferFrom(address,address,uint256)']!
      const refusing = await receiver(at, WELCOME.revertWithError)
      await expect(safe(owner.address, refusing.address, id)).to.be.revertedWithCustomError(refusing.contract, 'Unwelcome')
      for (const address of [
        (await receiver(at, WELCOME.wrongAnswer)).address,
        (await receiver(at, WELCOME.revertWithoutReason)).address,
        await at.registry.getAddress(),
      ])
        await expect(safe(owner.address, address, id))
          .to.be.revertedWithCustomError(token, 'ERC721InvalidReceiver')
          .withArgs(address)
      expect(await token.ownerOf!(id)).to.equal(owner.address)
    })
  })
}
