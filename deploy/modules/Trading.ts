import { buildModule } from '@nomicfoundation/hardhat-ignition/modules'
import { id } from 'ethers'
import authorityModule, { ROLES } from './Authority.ts'
import copyrightRegistryModule from './CopyrightRegistry.ts'

const selector = (signature: string): string => id(signature).slice(0, 10)
const CURRENCY_FUNCTIONS = [selector('setCurrency(address,bool)')]
const RULING_FUNCTIONS = [selector('freeze(uint256,uint256)'), selector('refute(uint256)')]

/**
 * Titles, revenue, licenses, agreements and the exchange, wired to the registry and to one another, and their roles.
 *
 * The contracts know each other in circles, so three of them are connected after they are deployed, once and for good.
 */
export default buildModule('Trading', (module) => {
  const { copyrightRegistry } = module.useModule(copyrightRegistryModule)
  const { authority } = module.useModule(authorityModule)

  const copyrightTitle = module.contract('CopyrightTitle', [copyrightRegistry, authority])
  const revenueSplitter = module.contract('RevenueSplitter', [authority, copyrightTitle])
  const licenseToken = module.contract('LicenseToken', [copyrightTitle, revenueSplitter])
  const licenseAgreements = module.contract('LicenseAgreements', [copyrightTitle, licenseToken, revenueSplitter])
  const rightsExchange = module.contract('RightsExchange', [copyrightTitle, licenseToken, revenueSplitter])

  // One after the other, so that every deployment sends the same transactions in the same order.
  const title = module.call(copyrightTitle, 'connect', [revenueSplitter])
  const licenses = module.call(licenseToken, 'connect', [licenseAgreements, rightsExchange], { after: [title] })
  const modules = module.call(revenueSplitter, 'setModules', [[licenseToken, licenseAgreements, rightsExchange]], { after: [licenses] })
  const currencies = module.call(authority, 'setTargetFunctionRole', [revenueSplitter, CURRENCY_FUNCTIONS, ROLES.currencies], {
    id: 'currencies',
    after: [modules],
  })
  const rulings = module.call(authority, 'setTargetFunctionRole', [copyrightTitle, RULING_FUNCTIONS, ROLES.rulings], {
    id: 'rulings',
    after: [currencies],
  })
  const label = module.call(authority, 'labelRole', [ROLES.currencies, 'currencies'], { id: 'currenciesLabel', after: [rulings] })
  module.call(authority, 'labelRole', [ROLES.rulings, 'rulings'], { id: 'rulingsLabel', after: [label] })

  return { authority, copyrightTitle, revenueSplitter, licenseToken, licenseAgreements, rightsExchange }
})
