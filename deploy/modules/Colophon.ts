import { buildModule } from '@nomicfoundation/hardhat-ignition/modules'
import allianceModule from './Alliance.ts'
import claimsModule from './Claims.ts'
import copyrightRegistryModule from './CopyrightRegistry.ts'
import tradingModule from './Trading.ts'

/**
 * The whole of Colophon: what `npx hardhat ignition deploy deploy/modules/Colophon.ts --network NAME` sets up. `HandOver.ts` then takes
 * the deployer's roles away.
 *
 * Results are named like their contracts in camelCase; scripts/deploy/exportAddresses.ts and the stack recipe rely on it.
 */
export default buildModule('Colophon', (module) => ({
  ...module.useModule(copyrightRegistryModule),
  ...module.useModule(tradingModule),
  ...module.useModule(allianceModule),
  ...module.useModule(claimsModule),
}))
