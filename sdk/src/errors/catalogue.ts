import { allianceErrors } from './alliance.ts'
import { claimsErrors } from './claims.ts'
import type { ContractErrorEntry } from './entry.ts'
import { governanceErrors } from './governance.ts'
import { licensingErrors } from './licensing.ts'
import { openZeppelinErrors } from './openZeppelin.ts'
import { registryErrors } from './registry.ts'
import { revenueErrors } from './revenue.ts'
import { tradingErrors } from './trading.ts'

/** Every custom error of every contract, by its name in Solidity. A test compares this list with the ABIs. */
export const contractErrors: Readonly<Record<string, ContractErrorEntry>> = {
  ...registryErrors,
  ...revenueErrors,
  ...licensingErrors,
  ...openZeppelinErrors,
  ...tradingErrors,
  ...claimsErrors,
  ...allianceErrors,
  ...governanceErrors,
}
