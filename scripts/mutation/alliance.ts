import type { Mutation, MutationSet } from './mutation.ts'

const ALLIANCE = 'contracts/alliance/CopyrightAlliance.sol'
const GOVERNOR = 'contracts/alliance/AllianceGovernor.sol'

const restricted = (name: string, signature: string): Mutation => ({
  fault: `anybody may ${name}`,
  file: ALLIANCE,
  find: `${signature} external restricted {`,
  replace: `${signature} external {`,
})

const mutations: Mutation[] = [
  /* Memberships */
  restricted('admit', 'function admit(address account, uint8 roles)'),
  restricted('admit many', 'function admitMany(address[] calldata accounts, uint8[] calldata roles)'),
  restricted('set roles', 'function setRoles(address account, uint8 roles)'),
  restricted('suspend', 'function suspend(address account)'),
  restricted('reinstate', 'function reinstate(address account)'),
  restricted('expel', 'function expel(address account)'),
  restricted('connect', 'function connect(IIdentityRegistry identityRegistry_)'),
  {
    fault: 'a membership is transferred or approved by its owner',
    file: ALLIANCE,
    find: 'if (auth != address(0)) revert Errors.CopyrightAlliance_Soulbound();',
    replace: '',
  },
  {
    fault: 'a suspended member keeps the vote',
    file: ALLIANCE,
    find: '_transferVotingUnits(account, address(0), 1);\n',
    replace: '\n',
  },
  {
    fault: 'a suspended member keeps the roles',
    file: ALLIANCE,
    find: '_setCounting(account, 0);\n\n        emit MemberSuspended',
    replace: '\n        emit MemberSuspended',
  },
  {
    fault: 'isMember forgets the suspension',
    file: ALLIANCE,
    find: 'return !membership.suspended && membership.roles.has(role);',
    replace: 'return membership.roles.has(role);',
  },
  {
    fault: 'isActive forgets the suspension',
    file: ALLIANCE,
    find: 'return !membership.suspended && membership.roles != 0;',
    replace: 'return membership.roles != 0;',
  },
  {
    fault: 'a suspended member loses two votes when expelled',
    file: ALLIANCE,
    find: 'if (_memberships[address(uint160(tokenId))].suspended) return ERC721._update(to, tokenId, auth);',
    replace: '',
  },
  {
    fault: 'roles set under suspension count at once',
    file: ALLIANCE,
    find: 'if (!membership.suspended) _setCounting(account, roles);',
    replace: '_setCounting(account, roles);',
  },
  { fault: 'a reinstated member has no vote', file: ALLIANCE, find: '_transferVotingUnits(address(0), account, 1);', replace: '' },
  {
    fault: 'a reinstated member has no roles',
    file: ALLIANCE,
    find: '_setCounting(account, membership.roles);',
    replace: '',
  },
  { fault: 'a vote is delegated', file: ALLIANCE, find: 'if (delegatee != account) revert', replace: 'if (false) revert' },
  { fault: 'the last member goes', file: ALLIANCE, find: 'if (activeMembers() == 1) revert', replace: 'if (false) revert' },
  {
    fault: 'a suspended member cannot go',
    file: ALLIANCE,
    find: 'if (!membership.suspended) _checkNotLast(account);',
    replace: '_checkNotLast(account);',
  },
  { fault: 'a member has no role', file: ALLIANCE, find: 'if (roles == 0 || roles', replace: 'if (roles' },
  {
    fault: 'a member has a role that there is not',
    file: ALLIANCE,
    find: 'if (roles == 0 || roles & ~Roles.ALL != 0) revert',
    replace: 'if (roles == 0) revert',
  },
  {
    fault: 'the registry of identities is not told',
    file: ALLIANCE,
    find: 'if (was != is_ && address(identityRegistry) != address(0))',
    replace: 'if (false)',
  },
  {
    fault: 'who is expelled keeps the roles of the past for ever',
    file: ALLIANCE,
    find: 'membership.suspended = false;\n        _setCounting(account, 0);',
    replace: 'membership.suspended = false;',
  },
  {
    fault: 'the registry is connected again',
    file: ALLIANCE,
    find: 'if (address(identityRegistry) != address(0)) revert',
    replace: 'if (false) revert',
  },
  { fault: 'members are there before the registry', file: ALLIANCE, find: 'if (members != 0) revert', replace: 'if (false) revert' },

  /* Decisions */
  {
    fault: 'a suspended member votes with the weight of the snapshot',
    file: GOVERNOR,
    find: 'if (!ALLIANCE.isActive(account)) revert Errors.AllianceGovernor_NotActive(account);',
    replace: '',
  },
  {
    fault: 'a suspended member proposes',
    file: GOVERNOR,
    find: 'return ALLIANCE.isActive(account) ? super._getVotes(account, timepoint, params) : 0;',
    replace: 'return super._getVotes(account, timepoint, params);',
  },
  {
    fault: 'the timelock is replaced',
    file: GOVERNOR,
    find: 'pure override {\n        revert Errors.AllianceGovernor_SettingInvalid("timelock");',
    replace: 'pure override {',
  },
  { fault: 'votes never begin', file: GOVERNOR, find: 'if (delay > MAX_VOTING_DELAY) revert', replace: 'if (false) revert' },
  { fault: 'votes last a moment', file: GOVERNOR, find: 'if (period < MIN_VOTING_PERIOD || period', replace: 'if (period' },
  { fault: 'votes last for ever', file: GOVERNOR, find: '|| period > MAX_VOTING_PERIOD) {', replace: ') {' },
  { fault: 'nobody can propose', file: GOVERNOR, find: 'if (threshold != 1) revert', replace: 'if (threshold == 0) revert' },
  { fault: 'everybody can propose', file: GOVERNOR, find: 'if (threshold != 1) revert', replace: 'if (threshold > 1) revert' },
  { fault: 'no quorum is needed', file: GOVERNOR, find: 'if (percent < MIN_QUORUM_PERCENT || percent', replace: 'if (percent' },
  { fault: 'a few block everything', file: GOVERNOR, find: '|| percent > MAX_QUORUM_PERCENT) {', replace: ') {' },
]

export const set: MutationSet = {
  mocha: ['membership', 'governance'].map((name) => `test/alliance/${name}.test.ts`),
  solidity: ['test/alliance/Alliance.invariant.t.sol'],
  mutations,
}
