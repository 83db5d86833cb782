import { buildModule } from '@nomicfoundation/hardhat-ignition/modules'
import authorityModule, { ROLES } from './Authority.ts'
import copyrightRegistryModule from './CopyrightRegistry.ts'

/**
 * Titles, revenue, licenses, agreements and the exchange, wired to the registry and to one another.
 *
 * The contracts know each other in circles, so three of them are connected after they are deployed, once and for good.
 */
export default buildModule('Trading', (module) => {
  const { copyrightRegistry } = module.useModule(copyrightRegistryModule)
  const { authority } = module.useModule(authorityModule)
  const deployer = module.getAccount(0)

  const copyrightTitle = module.contract('CopyrightTitle', [copyrightRegistry, authority])
  const revenueSplitter = module.contract('RevenueSplitter', [authority, copyrightTitle])
  const licenseToken = module.contract('LicenseToken', [copyrightTitle, revenueSplitter])
  const licenseAgreements = module.contract('LicenseAgreements', [copyrightTitle, licenseToken, revenueSplitter])
  const rightsExchange = module.contract('RightsExchange', [copyrightTitle, licenseToken, revenueSplitter])

  module.call(copyrightTitle, 'connect', [revenueSplitter])
  module.call(licenseToken, 'connect', [licenseAgreements, rightsExchange])
  module.call(revenueSplitter, 'setModules', [[licenseToken, licenseAgreements, rightsExchange]])

  const selector = (signature: string): string => module.interface === undefined ? signature : signature
  return { copyrightTitle, revenueSplitter, licenseToken, licenseAgreements, rightsExchange, authority }
})
