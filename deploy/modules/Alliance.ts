import { buildModule } from '@nomicfoundation/hardhat-ignition/modules'
import { id, ZeroHash } from 'ethers'
import authorityModule, { ROLES } from './Authority.ts'
import tradingModule from './Trading.ts'

const selector = (signature: string): string => id(signature).slice(0, 10)
const MEMBER_FUNCTIONS = [
  selector('admit(address,uint8)'),
  selector('admitMany(address[],uint8[])'),
  selector('setRoles(address,uint8)'),
  selector('suspend(address)'),
  selector('reinstate(address)'),
  selector('expel(address)'),
]
const IDENTITY_FUNCTIONS = [selector('revokeFor(address,address)')]

/** Roles of OpenZeppelin's TimelockController that the governor gets. */
const TIMELOCK_ROLES = ['PROPOSER_ROLE', 'CANCELLER_ROLE', 'EXECUTOR_ROLE'] as const

/** The role that can grant the timelock's others; the deployer's until `HandOver.ts`. */
export const TIMELOCK_ADMIN = ZeroHash

/**
 * The alliance, the identities that its verifiers attest, its governor and its timelock, wired to one another. It has no members yet: whoever holds
 * the role `membership` admits them, and `HandOver.ts` the founders.
 *
 * Parameters, all in seconds but the quorum: `votingDelay` from proposal to vote, `votingPeriod` of the vote, `timelockDelay` from its queueing to its
 * execution, `quorumPercent` of the active members.
 */
export default buildModule('Alliance', (module) => {
  const { authority } = module.useModule(authorityModule)
  const votingDelay = module.getParameter('votingDelay', 86_400)
  const votingPeriod = module.getParameter('votingPeriod', 432_000)
  const timelockDelay = module.getParameter('timelockDelay', 172_800)
  const quorumPercent = module.getParameter('quorumPercent', 30)

  // Everything that was there before comes first, so that its addresses on a local chain stay what they have been.
  const copyrightAlliance = module.contract('CopyrightAlliance', [authority], { after: [tradingModule] })
  const identityRegistry = module.contract('IdentityRegistry', [copyrightAlliance, authority])
  const allianceTimelock = module.contract('AllianceTimelock', [timelockDelay, [], [], module.getAccount(0)], {
    after: [identityRegistry],
  })
  const settings = [copyrightAlliance, allianceTimelock, votingDelay, votingPeriod, quorumPercent]
  const allianceGovernor = module.contract('AllianceGovernor', settings)

  // One after the other, so that every deployment sends the same transactions in the same order.
  let last: ReturnType<typeof module.call> = module.call(copyrightAlliance, 'connect', [identityRegistry], { after: [allianceGovernor] })
  for (const role of TIMELOCK_ROLES)
    last = module.call(allianceTimelock, 'grantRole', [id(role), allianceGovernor], { id: `grant_${role}`, after: [last] })
  const members = module.call(authority, 'setTargetFunctionRole', [copyrightAlliance, MEMBER_FUNCTIONS, ROLES.membership], {
    id: 'members',
    after: [last],
  })
  const identities = module.call(authority, 'setTargetFunctionRole', [identityRegistry, IDENTITY_FUNCTIONS, ROLES.membership], {
    id: 'identities',
    after: [members],
  })
  const label = module.call(authority, 'labelRole', [ROLES.membership, 'membership'], { id: 'membershipLabel', after: [identities] })
  module.call(authority, 'labelRole', [ROLES.governance, 'governance'], { id: 'governanceLabel', after: [label] })

  return { authority, copyrightAlliance, identityRegistry, allianceTimelock, allianceGovernor }
})
