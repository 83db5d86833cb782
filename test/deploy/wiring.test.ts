import { buildModule } from '@nomicfoundation/hardhat-ignition/modules'
import { expect } from 'chai'
import { type BaseContract, MaxUint256, ZeroHash } from 'ethers'
import { network } from 'hardhat'
import { ROLES } from '../../deploy/modules/Authority.ts'
import colophonModule from '../../deploy/modules/Colophon.ts'
import handOverModule from '../../deploy/modules/HandOver.ts'
import type {} from '../../types/ethers-contracts/hardhat.d.ts'

const ADMIN = 0n

const connection = await network.create()
const { ethers, ignition } = connection

/** Everything, and then the roles handed over: the two commands of docs/deploying.md in one. */
const handedOverModule = buildModule('HandedOver', (module) => {
  const contracts = module.useModule(colophonModule)
  module.useModule(handOverModule)
  return contracts
})

/** The whole of Colophon as the modules deploy it, each contract under its type. */
async function deployed({ handOver = false } = {}) {
  const [deployer, admin, treasurer, stranger] = await ethers.getSigners()
  const parameters = { HandOver: { admin: admin!.address, currencies: treasurer!.address } }
  const contracts = handOver ? await ignition.deploy(handedOverModule, { parameters }) : await ignition.deploy(colophonModule)
  const at = (key: keyof typeof contracts): Promise<string> => contracts[key].getAddress()
  return {
    deployer: deployer!,
    admin: admin!,
    treasurer: treasurer!,
    stranger: stranger!,
    registry: await ethers.getContractAt('CopyrightRegistry', await at('copyrightRegistry')),
    authority: await ethers.getContractAt('Authority', await at('authority')),
    title: await ethers.getContractAt('CopyrightTitle', await at('copyrightTitle')),
    splitter: await ethers.getContractAt('RevenueSplitter', await at('revenueSplitter')),
    licenses: await ethers.getContractAt('LicenseToken', await at('licenseToken')),
    agreements: await ethers.getContractAt('LicenseAgreements', await at('licenseAgreements')),
    exchange: await ethers.getContractAt('RightsExchange', await at('rightsExchange')),
  }
}

describe('deploy/modules/Colophon.ts', () => {
  it('wires every contract to those it works with', async () => {
    const { registry, authority, title, splitter, licenses, agreements, exchange } = await deployed()
    const addresses = await Promise.all(
      [registry, authority, title, splitter, licenses, agreements, exchange].map((each) => each.getAddress()),
    )
    const [registryAt, authorityAt, titleAt, splitterAt, licensesAt, agreementsAt, exchangeAt] = addresses

    expect(await title.REGISTRY()).to.equal(registryAt)
    expect(await title.splitter()).to.equal(splitterAt)
    expect(await title.authority()).to.equal(authorityAt)
    expect(await splitter.RIGHTS()).to.equal(titleAt)
    expect(await splitter.authority()).to.equal(authorityAt)
    expect(await licenses.TITLE()).to.equal(titleAt)
    expect(await licenses.SPLITTER()).to.equal(splitterAt)
    expect(await licenses.agreements()).to.equal(agreementsAt)
    expect(await licenses.exchange()).to.equal(exchangeAt)
    for (const module of [agreements, exchange]) {
      expect(await module.TITLE()).to.equal(titleAt)
      expect(await module.LICENSES()).to.equal(licensesAt)
      expect(await module.SPLITTER()).to.equal(splitterAt)
    }
    for (const address of addresses) {
      expect(await splitter.isModule(address!)).to.equal([licensesAt, agreementsAt, exchangeAt].includes(address))
    }
  })

  it('wires them for good', async () => {
    const { deployer, title, splitter, licenses } = await deployed()
    await expect(title.getFunction('connect')(deployer.address)).to.be.revertedWithCustomError(title, 'CopyrightTitle_AlreadyConnected')
    await expect(splitter.setModules([deployer.address])).to.be.revertedWithCustomError(splitter, 'RevenueSplitter_ModulesSet')
    await expect(licenses.getFunction('connect')(deployer.address, deployer.address)).to.be.revertedWithCustomError(
      licenses,
      'LicenseToken_AlreadyConnected',
    )
  })

  it('names the roles and gives them to nobody', async () => {
    const { deployer, authority, title, splitter } = await deployed()
    const role = async (target: BaseContract, name: string) =>
      await authority.getTargetFunctionRole(await target.getAddress(), target.interface.getFunction(name)!.selector)
    expect(await role(splitter, 'setCurrency')).to.equal(ROLES.currencies)
    expect(await role(title, 'freeze')).to.equal(ROLES.rulings)
    expect(await role(title, 'refute')).to.equal(ROLES.rulings)
    // Whatever else is restricted is the administrator's, and can be done once only.
    expect(await role(title, 'connect')).to.equal(ADMIN)
    expect(await role(splitter, 'setModules')).to.equal(ADMIN)
    const labels = await authority.queryFilter(authority.filters.RoleLabel)
    expect(labels.map(({ args }) => [args.roleId, args.label])).to.deep.equal([
      [ROLES.currencies, 'currencies'],
      [ROLES.rulings, 'rulings'],
    ])
    for (const id of [ROLES.currencies, ROLES.rulings]) expect((await authority.hasRole(id, deployer.address)).isMember).to.equal(false)
  })
})

describe('deploy/modules/HandOver.ts', () => {
  it('gives each role to whom the parameters name, at once', async () => {
    const { admin, treasurer, authority } = await deployed({ handOver: true })
    expect(await authority.hasRole(ADMIN, admin.address)).to.deep.equal([true, 0n])
    expect(await authority.hasRole(ROLES.currencies, treasurer.address)).to.deep.equal([true, 0n])
    expect((await authority.hasRole(ROLES.rulings, admin.address)).isMember).to.equal(false)
    expect((await authority.hasRole(ROLES.rulings, treasurer.address)).isMember).to.equal(false)
  })

  it('leaves the deployer nothing that he could do', async () => {
    const { deployer, authority } = await deployed({ handOver: true })
    expect((await authority.hasRole(ADMIN, deployer.address)).isMember).to.equal(false)
    await expect(authority.grantRole(ROLES.rulings, deployer.address, 0)).to.be.revertedWithCustomError(
      authority,
      'AccessManagerUnauthorizedAccount',
    )
  })

  it('lets the new holders do what their roles are for, and nobody else', async () => {
    const { admin, treasurer, stranger, deployer, authority, title, splitter, registry } = await deployed({ handOver: true })
    const coin = await ethers.deployContract('Coin')
    const currency = await coin.getAddress()
    for (const nobody of [deployer, stranger, admin])
      await expect(splitter.connect(nobody).setCurrency(currency, true))
        .to.be.revertedWithCustomError(splitter, 'AccessManagedUnauthorized')
        .withArgs(nobody.address)
    await splitter.connect(treasurer).setCurrency(currency, true)
    expect((await splitter.currencyOf(currency)).allowed).to.equal(true)

    const work = { contentHash: `0x${'11'.repeat(32)}`, fingerprint: ZeroHash, fingerprintType: 0, metadata: ZeroHash, salt: ZeroHash }
    await registry.connect(stranger).getFunction('deposit')(work)
    const id = BigInt(await registry.idOf(stranger.address, work))
    for (const nobody of [deployer, stranger, treasurer, admin]) {
      await expect(title.connect(nobody).refute(id)).to.be.revertedWithCustomError(title, 'AccessManagedUnauthorized')
      await expect(title.connect(nobody).freeze(id, MaxUint256)).to.be.revertedWithCustomError(title, 'AccessManagedUnauthorized')
    }
    // The role of rulings is given by the administrator, when there is a contract to rule.
    await authority.connect(admin).grantRole(ROLES.rulings, stranger.address, 0)
    await title.connect(stranger).refute(id)
    expect(await title.isRefuted(id)).to.equal(true)
  })
})
