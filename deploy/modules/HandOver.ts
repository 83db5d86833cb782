import { buildModule } from '@nomicfoundation/hardhat-ignition/modules'
import authorityModule, { ROLES } from './Authority.ts'
import tradingModule from './Trading.ts'

const ADMIN = 0n

/**
 * Gives the roles to those who are to have them and takes the deployer's away: nothing the deployer's key can do is left afterwards.
 *
 * Parameters, as `deploy/parameters/NETWORK.json` has them under "HandOver": `admin` grants roles from now on, `currencies` allows
 * currencies. Nobody gets the role of rulings yet: it is for the contract of claims.
 */
export default buildModule('HandOver', (module) => {
  const admin = module.getParameter('admin')
  const currencies = module.getParameter('currencies')
  const { authority } = module.useModule(authorityModule)
  const first = module.call(authority, 'grantRole', [ROLES.currencies, currencies, 0], {
    id: 'grantCurrencies',
    // Wiring needs the deployer's role, so all of it comes first.
    after: [tradingModule],
  })
  const second = module.call(authority, 'grantRole', [ADMIN, admin, 0], { id: 'grantAdmin', after: [first] })
  module.call(authority, 'renounceRole', [ADMIN, module.getAccount(0)], { id: 'renounceAdmin', after: [second] })
  return { authority }
})
