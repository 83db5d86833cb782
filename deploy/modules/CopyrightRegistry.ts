import { buildModule } from '@nomicfoundation/hardhat-ignition/modules'

/** The registry of deposits. It has no owner and takes no arguments: every deployment of it behaves alike. */
export default buildModule('CopyrightRegistry', (module) => ({ copyrightRegistry: module.contract('CopyrightRegistry') }))
