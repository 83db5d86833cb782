import { buildModule } from '@nomicfoundation/hardhat-ignition/modules'
import copyrightRegistry from './CopyrightRegistry.ts'

/**
 * The whole of Colophon: what `npx hardhat ignition deploy deploy/modules/Colophon.ts --network NAME` sets up.
 *
 * Results are named like their contracts in camelCase; scripts/deploy/exportAddresses.ts and the stack recipe rely on it.
 */
export default buildModule('Colophon', (module) => ({ ...module.useModule(copyrightRegistry) }))
