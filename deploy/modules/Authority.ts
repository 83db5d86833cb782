import { buildModule } from '@nomicfoundation/hardhat-ignition/modules'
import copyrightRegistryModule from './CopyrightRegistry.ts'

/** Roles of the Authority, by number; `ADMIN` (0) is OpenZeppelin's own. */
export const ROLES = {
  /** Allows and forbids currencies. */
  currencies: 1n,
  /** Freezes titles under dispute and marks refuted deposits. */
  rulings: 2n,
  /** Admits, suspends and expels members of the alliance, and revokes what verifiers attested who are none any more. */
  membership: 3n,
  /** Passes `currencies`, `membership` and itself on, and no other role. */
  governance: 4n,
} as const

/**
 * The roles, with the deployer as their first administrator; `HandOver.ts` passes that on. The registry, which needs none, goes first, so that
 * its address on a local chain stays what it has always been.
 */
export default buildModule('Authority', (module) => {
  const { copyrightRegistry } = module.useModule(copyrightRegistryModule)
  return { authority: module.contract('Authority', [module.getAccount(0)], { after: [copyrightRegistry] }) }
})
