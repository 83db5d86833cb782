import { buildModule } from '@nomicfoundation/hardhat-ignition/modules'

/** Roles of the Authority, by number; `ADMIN` (0) is OpenZeppelin's own. */
export const ROLES = {
  /** Allows and forbids currencies. */
  currencies: 1n,
  /** Freezes titles under dispute and marks refuted deposits. */
  rulings: 2n,
} as const

/** The roles, with the deployer as their first administrator; `HandOver.ts` passes that on. */
export default buildModule('Authority', (module) => ({ authority: module.contract('Authority', [module.getAccount(0)]) }))
