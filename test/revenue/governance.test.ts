import { expect } from 'chai'
import { ZeroAddress } from 'ethers'
import { COIN, deploySplitter, type Splitter } from './fixture.ts'

describe('RevenueSplitter governance', () => {
  let at: Splitter
  beforeEach(async () => {
    at = await deploySplitter()
  })

  it('takes coins always, and tokens that the authority has allowed', async () => {
    expect([...(await at.splitter.currencyOf(COIN))]).to.deep.equal([true, 0n])
    const unlisted = await at.ethers.deployContract('PlainToken')
    const currency = await unlisted.getAddress()
    expect([...(await at.splitter.currencyOf(currency))]).to.deep.equal([false, 0n])
    await expect(at.pay(at.one, 5n, currency))
      .to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_CurrencyNotAllowed')
      .withArgs(currency)
    await expect(at.splitter.setCurrency(currency, true)).to.emit(at.splitter, 'CurrencySet').withArgs(currency, true)
    expect([...(await at.splitter.currencyOf(currency))]).to.deep.equal([true, 0n])
  })

  it('keeps what it holds of a token through a change of the list', async () => {
    await at.pay(at.one, 50n, at.token)
    await at.splitter.setCurrency(at.token, false)
    expect([...(await at.splitter.currencyOf(at.token))]).to.deep.equal([false, 50n])
    await at.splitter.setCurrency(at.token, true)
    expect([...(await at.splitter.currencyOf(at.token))]).to.deep.equal([true, 50n])
  })

  it('lists contracts only', async () => {
    for (const account of [ZeroAddress, at.stranger.address])
      await expect(at.splitter.setCurrency(account, true))
        .to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_CurrencyInvalid')
        .withArgs(account)
  })

  it('obeys the authority alone', async () => {
    for (const caller of [at.stranger, at.holder, at.module]) {
      await expect(at.by(caller).setCurrency(at.token, false))
        .to.be.revertedWithCustomError(at.splitter, 'AccessManagedUnauthorized')
        .withArgs(caller.address)
      await expect(at.by(caller).setModules([caller.address])).to.be.revertedWithCustomError(at.splitter, 'AccessManagedUnauthorized')
    }
    expect(await at.splitter.authority()).to.equal(await at.authority.getAddress())
    expect(await at.splitter.RIGHTS()).to.equal(await at.rights.getAddress())
  })

  it('takes its modules once and for ever', async () => {
    expect(await at.splitter.isModule(at.module.address)).to.equal(true)
    expect(await at.splitter.isModule(at.stranger.address)).to.equal(false)
    await expect(at.splitter.setModules([at.stranger.address])).to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_ModulesSet')
    expect(await at.splitter.isModule(at.stranger.address)).to.equal(false)
  })

  it('takes no empty list of modules and no zero module', async () => {
    const fresh = await at.ethers.deployContract('RevenueSplitter', [await at.authority.getAddress(), await at.rights.getAddress()])
    await expect(fresh.setModules([])).to.be.revertedWithCustomError(fresh, 'RevenueSplitter_ModuleInvalid').withArgs(0)
    await expect(fresh.setModules([at.module.address, ZeroAddress]))
      .to.be.revertedWithCustomError(fresh, 'RevenueSplitter_ModuleInvalid')
      .withArgs(1)
    const modules = [at.module.address, at.stranger.address]
    await expect(fresh.setModules(modules)).to.emit(fresh, 'ModulesSet').withArgs(modules)
    for (const each of modules) expect(await fresh.isModule(each)).to.equal(true)
  })
})
