import { buildModule } from '@nomicfoundation/hardhat-ignition/modules'
import { TIMELOCK_ADMIN } from './Alliance.ts'
import { ROLES } from './Authority.ts'
import colophonModule from './Colophon.ts'

const ADMIN = 0n

/** Roles that the alliance holds, by its timelock. Not `rulings`: a majority must not be able to freeze or refute. */
const OF_ALLIANCE = ['currencies', 'membership', 'governance'] as const

/**
 * Admits the founding members, gives the roles to the alliance's timelock and takes the deployer's away: nothing the deployer's key can do is left
 * afterwards.
 *
 * Nobody keeps `ADMIN`, not even the alliance: it could give the role of rulings to itself, or other roles other functions. The alliance can pass on
 * what it has, and nothing else. So whatever is to hold `rulings` must be granted it before this module runs.
 *
 * Parameters, as `deploy/parameters/NETWORK.json` has them under "HandOver": `founders`, at least one account, and `founderRoles`, for each the sum of
 * 1 owner, 2 agency, 4 platform, 8 verifier, 16 arbitrator.
 */
export default buildModule('HandOver', (module) => {
  const founders = module.getParameter<string[]>('founders')
  const founderRoles = module.getParameter<number[]>('founderRoles')
  const contracts = module.useModule(colophonModule)
  const { authority, copyrightAlliance, allianceTimelock } = contracts
  const deployer = module.getAccount(0)
  type Call = Parameters<typeof module.call>

  let last: NonNullable<NonNullable<Call[3]>['after']>[number] = colophonModule
  const send = (contract: Call[0], method: string, args: Call[2], id: string): void => {
    last = module.call(contract, method, args, { id, after: [last] })
  }

  send(authority, 'grantRole', [ROLES.membership, deployer, 0], 'borrowMembership')
  send(copyrightAlliance, 'admitMany', [founders, founderRoles], 'admitFounders')
  for (const role of OF_ALLIANCE) send(authority, 'grantRole', [ROLES[role], allianceTimelock, 0], `grant_${role}`)
  for (const role of OF_ALLIANCE) send(authority, 'setRoleAdmin', [ROLES[role], ROLES.governance], `admin_${role}`)
  // All of them, in case the deployer gave himself one meanwhile.
  for (const [role, number] of Object.entries(ROLES)) send(authority, 'renounceRole', [number, deployer], `renounce_${role}`)
  send(allianceTimelock, 'renounceRole', [TIMELOCK_ADMIN, deployer], 'renounceTimelock')
  send(authority, 'renounceRole', [ADMIN, deployer], 'renounceAdmin')
  return contracts
})
