import { expect } from 'chai'
import { ZeroAddress } from 'ethers'
import { deployLicensing, WORLD } from './fixture.ts'

async function withBuyer() {
  const at = await deployLicensing()
  const buyer = await at.ethers.deployContract('ReenteringBuyer', [at.address], { value: 10_000n })
  return { at, buyer, address: await buyer.getAddress() }
}

describe('LicenseToken: callbacks', () => {
  it('cannot take more than the supply from within a sale', async () => {
    const { at, buyer, address } = await withBuyer()
    const offer = at.offerOf({ supply: 1n })
    const signature = await at.sign(offer)
    await buyer.prepare(at.licenses.interface.encodeFunctionData('acquire', [offer, signature, address, ZeroAddress, 0n]), 1000n)
    await buyer.buy(offer, signature)
    expect(await buyer.succeeded()).to.equal(false)
    expect(at.licenses.interface.parseError(await buyer.answer())?.name).to.equal('LicenseToken_OfferSoldOut')
    expect(await at.licenses.balanceOf(address)).to.equal(1n)
  })

  it('cannot slip past an exclusive license from within its sale', async () => {
    const { at, buyer, address } = await withBuyer()
    const exclusive = at.offerOf({ exclusive: true })
    const simple = at.offerOf()
    await buyer.prepare(
      at.licenses.interface.encodeFunctionData('acquire', [simple, await at.sign(simple), address, ZeroAddress, 0n]),
      1000n,
    )
    await buyer.buy(exclusive, await at.sign(exclusive))
    expect(at.licenses.interface.parseError(await buyer.answer())?.name).to.equal('LicenseToken_Overlap')
  })

  it('find the sale done and paid', async () => {
    const { at, buyer, address } = await withBuyer()
    const offer = at.offerOf({ supply: 3n })
    const signature = await at.sign(offer)
    await buyer.prepare(at.licenses.interface.encodeFunctionData('acquire', [offer, signature, address, ZeroAddress, 0n]), 1000n)
    await buyer.watch(at.splitterAddress)
    await buyer.buy(offer, signature)
    expect(await buyer.activeInHook()).to.equal(true)
    expect(await buyer.paidInHook()).to.equal(1000n)
    expect(await buyer.succeeded()).to.equal(true)
    expect(await at.licenses.balanceOf(address)).to.equal(2n)
    expect(await at.ethers.provider.getBalance(at.splitterAddress)).to.equal(2000n)
    expect((await at.licenses.offerStateOf(await at.licenses.offerIdOf(offer))).sold).to.equal(2n)
  })

  it('of a token find the sale done, so that nothing is sold twice', async () => {
    const at = await deployLicensing()
    const coin = await at.ethers.deployContract('ReenteringCoin')
    const currency = await coin.getAddress()
    await coin.mint(at.buyer.address, 10_000n)
    await coin.connect(at.buyer).getFunction('approve')(at.splitterAddress, 10_000n)
    const offer = at.offerOf({ currency, exclusive: true, supply: 5n })
    const free = at.offerOf({ price: 0n })
    const signature = await at.sign(free)
    await coin.prepare(
      at.address,
      at.licenses.interface.encodeFunctionData('acquire', [free, signature, at.thief.address, ZeroAddress, 0n]),
    )
    await at.acquire(offer)
    expect(await coin.succeeded()).to.equal(false)
    expect(at.licenses.interface.parseError(await coin.answer())?.name).to.equal('LicenseToken_Overlap')
    expect(await at.licenses.isAvailable(at.workId, 1n, WORLD, false)).to.equal(false)
    expect(await at.licenses.balanceOf(at.buyer.address)).to.equal(1n)
  })
})
