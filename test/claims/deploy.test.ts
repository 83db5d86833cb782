import { expect } from 'chai'
import { network } from 'hardhat'
import claimsModule from '../../deploy/modules/Claims.ts'
import type {} from '../../types/ethers-contracts/hardhat.d.ts'

describe('deploy/modules/Claims.ts', () => {
  it('wires claims to the market and the panel, and gives claims alone the role of rulings', async () => {
    const { ethers, ignition } = await network.create()
    const deployed = await ignition.deploy(claimsModule, { parameters: { Claims: { metaEvidence: 'ipfs://meta' } } })
    const claims = await ethers.getContractAt('InfringementClaims', await deployed.infringementClaims.getAddress())
    const panel = await ethers.getContractAt('ArbitrationPanel', await deployed.arbitrationPanel.getAddress())
    const title = await ethers.getContractAt('CopyrightTitle', await claims.TITLE())
    const authority = await ethers.getContractAt('Authority', await title.authority())
    expect(await claims.PANEL()).to.equal(await panel.getAddress())
    expect(await claims.REGISTRY()).to.equal(await title.REGISTRY())
    expect(await claims.SPLITTER()).to.equal(await title.splitter())
    const alliance = await ethers.getContractAt('CopyrightAlliance', await panel.ALLIANCE())
    expect(await alliance.authority()).to.equal(await title.authority())
    expect(await panel.authority()).to.equal(await authority.getAddress())
    const address = await claims.getAddress()
    for (const name of ['freeze', 'refute'] as const) {
      const role = await authority.getTargetFunctionRole(await title.getAddress(), title.interface.getFunction(name).selector)
      expect((await authority.hasRole(role, address)).isMember).to.equal(true)
    }
    const [event] = await claims.queryFilter(claims.filters.MetaEvidence())
    expect([...event!.args]).to.deep.equal([0n, 'ipfs://meta'])
  })
})
