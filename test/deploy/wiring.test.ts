import { expect } from 'chai'
import type { BaseContract } from 'ethers'
import { network } from 'hardhat'
import { ROLES } from '../../deploy/modules/Authority.ts'
import colophonModule from '../../deploy/modules/Colophon.ts'
import type {} from '../../types/ethers-contracts/hardhat.d.ts'

const ADMIN = 0n

const connection = await network.create()
const { ethers, ignition } = connection

/** The whole of Colophon as the modules deploy it, each contract under its type. */
async function deployed() {
  const [deployer] = await ethers.getSigners()
  const contracts = await ignition.deploy(colophonModule)
  const at = (key: keyof typeof contracts): Promise<string> => contracts[key].getAddress()
  return {
    deployer: deployer!,
    registry: await ethers.getContractAt('CopyrightRegistry', await at('copyrightRegistry')),
    authority: await ethers.getContractAt('Authority', await at('authority')),
    title: await ethers.getContractAt('CopyrightTitle', await at('copyrightTitle')),
    splitter: await ethers.getContractAt('RevenueSplitter', await at('revenueSplitter')),
    licenses: await ethers.getContractAt('LicenseToken', await at('licenseToken')),
    agreements: await ethers.getContractAt('LicenseAgreements', await at('licenseAgreements')),
    exchange: await ethers.getContractAt('RightsExchange', await at('rightsExchange')),
    alliance: await ethers.getContractAt('CopyrightAlliance', await at('copyrightAlliance')),
    identities: await ethers.getContractAt('IdentityRegistry', await at('identityRegistry')),
    panel: await ethers.getContractAt('ArbitrationPanel', await at('arbitrationPanel')),
    claims: await ethers.getContractAt('InfringementClaims', await at('infringementClaims')),
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

  it('names the roles, and gives rulings to the claims and the others to nobody', async () => {
    const { deployer, authority, title, splitter, claims, panel, alliance, identities } = await deployed()
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
      [ROLES.membership, 'membership'],
      [ROLES.governance, 'governance'],
    ])
    for (const id of Object.values(ROLES)) expect((await authority.hasRole(id, deployer.address)).isMember).to.equal(false)
    expect((await authority.hasRole(ROLES.rulings, await claims.getAddress())).isMember).to.equal(true)
    expect(await claims.TITLE()).to.equal(await title.getAddress())
    expect(await panel.ALLIANCE()).to.equal(await alliance.getAddress())
    expect(await alliance.identityRegistry()).to.equal(await identities.getAddress())
  })
})
