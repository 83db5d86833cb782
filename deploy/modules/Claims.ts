import { buildModule } from '@nomicfoundation/hardhat-ignition/modules'
import { id, parseEther } from 'ethers'
import allianceModule from './Alliance.ts'
import authorityModule, { ROLES } from './Authority.ts'
import tradingModule from './Trading.ts'

const selector = (signature: string): string => id(signature).slice(0, 10)

/**
 * Claims of infringement and the panel that rules on them.
 *
 * Parameters, under "Claims" in `deploy/parameters/NETWORK.json`: the bonds and the range of the fee for a seat are in wei; `metaEvidence` is the URI of the ERC-1497 document that tells arbitrators what claims are about.
 *
 * The contract of claims gets the role of rulings. Nothing else is to have it.
 */
export default buildModule('Claims', (module) => {
  const { authority } = module.useModule(authorityModule)
  const { copyrightTitle, licenseToken, revenueSplitter } = module.useModule(tradingModule)
  const { copyrightAlliance } = module.useModule(allianceModule)

  const arbitrationPanel = module.contract('ArbitrationPanel', [
    authority,
    copyrightAlliance,
    module.getParameter('leastSeatFee', parseEther('0.005')),
    module.getParameter('highestSeatFee', parseEther('0.05')),
  ])
  const infringementClaims = module.contract('InfringementClaims', [
    copyrightTitle,
    licenseToken,
    revenueSplitter,
    arbitrationPanel,
    module.getParameter('bond', parseEther('0.05')),
    module.getParameter('freezeBond', parseEther('0.2')),
    module.getParameter('metaEvidence', ''),
  ])

  const fees = module.call(authority, 'setTargetFunctionRole', [arbitrationPanel, [selector('setFee(uint256)')], ROLES.currencies], {
    id: 'fees',
    after: [tradingModule, infringementClaims],
  })
  module.call(authority, 'grantRole', [ROLES.rulings, infringementClaims, 0], { id: 'grantRulings', after: [fees] })

  return { arbitrationPanel, infringementClaims }
})
