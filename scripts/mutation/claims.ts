import type { Mutation, MutationSet } from './mutation.ts'

const CLAIMS = 'contracts/claims/InfringementClaims.sol'
const LIB = 'contracts/libraries/ClaimLib.sol'
const STATE = 'contracts/types/ClaimState.sol'
const FORUM = 'contracts/types/Forum.sol'

const mutations: Mutation[] = [
  /* Claiming */
  {
    fault: 'a fingerprint is filed that nobody compared',
    file: CLAIMS,
    find: 'if (claim.suspectFingerprint != 0) revert',
    replace: 'if (false) revert',
  },
  { fault: 'a stranger files the claim', file: CLAIMS, find: 'if (msg.sender != claimant) revert', replace: 'if (false) revert' },
  { fault: 'a claim is filed twice', file: CLAIMS, find: 'if (ClaimState.unwrap(_states[id]) != 0) revert', replace: 'if (false) revert' },
  { fault: 'a claim costs no bond', file: CLAIMS, find: 'msg.value < MIN_BOND || ', replace: '' },
  {
    fault: 'a bond overflows its field',
    file: CLAIMS,
    find: ' || msg.value > type(uint96).max) {\n            revert Errors.InfringementClaims_BondOutOfRange(msg',
    replace: ') {\n            revert Errors.InfringementClaims_BondOutOfRange(msg',
  },
  { fault: 'one claims against oneself', file: CLAIMS, find: 'if (respondent == claimant) revert', replace: 'if (false) revert' },
  {
    fault: 'a strawman answers for a deposit',
    file: CLAIMS,
    find: 'respondent != address(0) || suspectId == claim.workId',
    replace: 'suspectId == claim.workId',
  },
  { fault: 'another work is shown', file: CLAIMS, find: 'if (given != bytes32(claim.workId)) {', replace: 'if (false) {' },
  { fault: 'unlike fingerprints are compared', file: CLAIMS, find: ' || suspectType != work.fingerprintType', replace: '' },
  { fault: 'the distance is off by one', file: CLAIMS, find: 'return _file(claim, 1 + Popcount', replace: 'return _file(claim, Popcount' },
  {
    fault: 'anybody retracts',
    file: CLAIMS,
    find: 'if (msg.sender != claim.claimant) revert Errors.InfringementClaims_NotClaimant(claim.claimant, msg.sender);\n        if (state',
    replace: 'if (state',
  },
  {
    fault: 'a claim is retracted out of a dispute',
    file: CLAIMS,
    find: 'if (state.phase() != ClaimPhase.Filed && state.phase() != ClaimPhase.Answered) _revertPhase(id, state);',
    replace: '',
  },
  {
    fault: 'retracting after an answer is free',
    file: CLAIMS,
    find: 'state.isAnswered() ? state.bond() / 2 : state.bond()',
    replace: 'state.bond()',
  },

  /* Answering */
  {
    fault: 'an answer is late',
    file: CLAIMS,
    find: '        _checkTime(state.deadline());\n        _checkMayRespond(claim, id);',
    replace: '        _checkMayRespond(claim, id);',
  },
  { fault: 'anybody answers', file: CLAIMS, find: '        _checkMayRespond(claim, id);\n\n        state', replace: '\n        state' },
  { fault: 'the claimant answers himself', file: CLAIMS, find: '!may || msg.sender == claim.claimant', replace: '!may' },
  { fault: 'an answer costs no bond', file: CLAIMS, find: 'if (msg.value != MIN_BOND) revert', replace: 'if (false) revert' },
  {
    fault: 'the exchange is to answer',
    file: CLAIMS,
    find: 'if (respondent == LICENSES.exchange()) respondent',
    replace: 'if (false) respondent',
  },
  { fault: 'a license bought for the claim answers it', file: CLAIMS, find: 'start <= filedAt &&\n', replace: '' },
  { fault: 'a dead license answers', file: CLAIMS, find: 'LICENSES.isActive(licenseId, territory, channel) &&\n', replace: '' },
  { fault: 'a license of another work answers', file: CLAIMS, find: 'LICENSES.workOf(licenseId) == claim.workId &&\n', replace: '' },
  {
    fault: 'somebody else’s license answers',
    file: CLAIMS,
    find: ' &&\n                LICENSES.ownerOf(licenseId) == msg.sender',
    replace: '',
  },
  { fault: 'a younger deposit answers', file: CLAIMS, find: ' || depositedAt >= claimedAt', replace: '' },
  { fault: 'a deposit that is not there answers', file: CLAIMS, find: ' || depositedAt == 0', replace: '' },
  { fault: 'any picture is the same picture', file: CLAIMS, find: ' && distance <= MATCH_DISTANCE', replace: '' },
  { fault: 'missing fingerprints are equal', file: CLAIMS, find: 'same = workType != 0 && ', replace: 'same = ' },
  {
    fault: 'evidence comes late',
    file: CLAIMS,
    find: '        _checkTime(until);\n        _checkParty(claim, id);\n\n        emit Evidence(',
    replace: '        _checkParty(claim, id);\n\n        emit Evidence(',
  },
  { fault: 'evidence is taken all through a dispute', file: CLAIMS, find: 'until -= RULING_TIME - EVIDENCE_TIME', replace: 'until -= 0' },
  {
    fault: 'strangers submit evidence',
    file: CLAIMS,
    find: '        _checkParty(claim, id);\n\n        emit Evidence(',
    replace: '\n        emit Evidence(',
  },

  /* Settling */
  {
    fault: 'anybody’s signature settles',
    file: CLAIMS,
    find: 'if (!SignatureLib.isSignedBy(claim.claimant, digest, signature)) {',
    replace: 'if (false) {',
  },
  {
    fault: 'a settlement of another claim is taken',
    file: CLAIMS,
    find: 'if (settlement.claimId != id) revert',
    replace: 'if (false) revert',
  },
  { fault: 'a settlement has no deadline', file: CLAIMS, find: '        _checkTime(settlement.deadline);\n', replace: '' },
  {
    fault: 'who sold the work settles for it',
    file: CLAIMS,
    find: '        _checkStanding(claim);\n        _checkLicense',
    replace: '        _checkLicense',
  },
  { fault: 'a license of another offer settles', file: CLAIMS, find: 'if (given != wanted) revert', replace: 'if (false) revert' },
  { fault: 'a settlement follows a ruling', file: CLAIMS, find: ' || phase >= ClaimPhase.Ruled) _revertPhase', replace: ') _revertPhase' },
  {
    fault: 'the amount’s coins are kept',
    file: CLAIMS,
    find: '        SPLITTER.collect{value: value}(workId, address(this), currency, amount, address(0), 0);\n',
    replace: '',
  },

  /* Rulings */
  {
    fault: 'a stranger escalates',
    file: CLAIMS,
    find: '        _checkParty(claim, id);\n        if (block.timestamp < from)',
    replace: '        if (block.timestamp < from)',
  },
  {
    fault: 'a stranger appeals',
    file: CLAIMS,
    find: '        _checkParty(claim, id);\n        _checkTime(state.deadline());',
    replace: '        _checkTime(state.deadline());',
  },
  {
    fault: 'who holds a disputed deposit is no side unless he answered',
    file: CLAIMS,
    find: 'msg.sender != claim.claimant && msg.sender != _respondentSide(claim, id)',
    replace: 'msg.sender != claim.claimant && msg.sender != _knownRespondent(claim, id)',
  },
  {
    fault: 'the claimant escalates before he could be answered',
    file: CLAIMS,
    find: 'if (block.timestamp < from) revert Errors.InfringementClaims_TooEarly(from, block.timestamp);\n        _checkTime(until);',
    replace: '_checkTime(until);',
  },
  { fault: 'escalating has no end', file: CLAIMS, find: 'block.timestamp);\n        _checkTime(until);\n', replace: 'block.timestamp);\n' },
  {
    fault: 'the backup has a backup',
    file: CLAIMS,
    find: 'if (!possible || state.isInBackup()) _revertPhase',
    replace: 'if (!possible) _revertPhase',
  },
  {
    fault: 'the first arbitrator rules after the backup was asked',
    file: CLAIMS,
    find: 'delete claimOfDispute[address(_arbitratorOf(claim, state))][_disputeIds[id]];',
    replace: '',
  },
  {
    fault: 'a dispute takes another’s number',
    file: CLAIMS,
    find: 'if (claimOfDispute[address(arbitrator)][disputeId] != 0) {',
    replace: 'if (false) {',
  },
  {
    fault: 'the fee is not looked at',
    file: CLAIMS,
    find: 'if (msg.value < cost) revert Errors.InfringementClaims_FeeTooLow(msg.value, cost);\n        creditOf[msg.sender] += msg.value - cost;',
    replace: 'creditOf[msg.sender] += msg.value < cost ? 0 : msg.value - cost;',
  },
  { fault: 'what is beyond the fee is kept', file: CLAIMS, find: '        creditOf[msg.sender] += msg.value - cost;\n', replace: '' },
  { fault: 'the forum needs nobody’s consent', file: CLAIMS, find: 'if (!state.isForumAccepted()) return Forum.wrap(0);', replace: '' },
  {
    fault: 'a ruling comes late',
    file: CLAIMS,
    find: '        _checkTime(state.deadline());\n        uint256 choices',
    replace: '        uint256 choices',
  },
  {
    fault: 'a ruling comes twice',
    file: CLAIMS,
    find: 'if (state.phase() != ClaimPhase.Disputed) _revertPhase(id, state);\n        _checkTime',
    replace: '_checkTime',
  },
  { fault: 'a ruling refutes what is not disputed', file: CLAIMS, find: 'return state.hasSuspect() ? 3 : 2;', replace: 'return 3;' },
  { fault: 'appeals have no end', file: CLAIMS, find: 'if (state.appeals() == MAX_APPEALS) revert', replace: 'if (false) revert' },
  {
    fault: 'an appeal gives no time',
    file: CLAIMS,
    find: 'state.withAppeal().withDeadline(block.timestamp + RULING_TIME)',
    replace: 'state.withAppeal()',
  },
  {
    fault: 'an appeal writes after it has called',
    file: CLAIMS,
    find: '        arbitrator.appeal{value: cost}(disputeId, extraData);\n',
    replace: '        arbitrator.appeal{value: cost}(disputeId, extraData);\n        _states[id] = state;\n',
  },

  /* The end */
  {
    fault: 'time is not waited for',
    file: CLAIMS,
    find: 'if (block.timestamp < from) revert Errors.InfringementClaims_TooEarly(from, block.timestamp);\n\n        uint256 toClaimant;',
    replace: 'uint256 toClaimant;',
  },
  { fault: 'anybody takes the default', file: CLAIMS, find: 'if (msg.sender != claim.claimant) from += ESCALATION_TIME;', replace: '' },
  { fault: 'the backup is not waited for', file: CLAIMS, find: 'if (!state.isInBackup()) from += BACKUP_TIME;', replace: '' },
  { fault: 'standing is not asked for', file: CLAIMS, find: 'return holder == claim.claimant && !refuted;', replace: 'return true;' },
  {
    fault: 'a refuted deposit still claims',
    file: CLAIMS,
    find: 'return holder == claim.claimant && !refuted;',
    replace: 'return holder == claim.claimant;',
  },
  {
    fault: 'the loser keeps his bond',
    file: CLAIMS,
    find: 'if (won) toClaimant += MIN_BOND;\n            else toRespondent',
    replace: 'toRespondent',
  },
  {
    fault: 'a freeze for nothing costs nothing',
    file: CLAIMS,
    find: 'if (unfounded) toRespondent += FREEZE_BOND;\n            else toClaimant',
    replace: 'toClaimant',
  },
  {
    fault: 'a false claim costs nothing',
    file: CLAIMS,
    find: 'outcome != ClaimOutcome.Rejected && outcome != ClaimOutcome.Lapsed',
    replace: 'outcome != ClaimOutcome.Lapsed',
  },
  {
    fault: 'a lapsed claim keeps the bond of its freeze',
    file: CLAIMS,
    find: '                    outcome == ClaimOutcome.Lapsed ||\n',
    replace: '',
  },
  {
    fault: 'a dismissed claim keeps the bond of its freeze',
    file: CLAIMS,
    find: '                    outcome == ClaimOutcome.Dismissed ||\n',
    replace: '',
  },
  { fault: 'a lapsed claim costs nothing', file: CLAIMS, find: ' && outcome != ClaimOutcome.Lapsed && ', replace: ' && ' },
  {
    fault: 'a claim is closed twice',
    file: CLAIMS,
    find: '_states[id] = state.withPhase(ClaimPhase.Closed);',
    replace: '_states[id] = state;',
  },
  { fault: 'credit is paid twice', file: CLAIMS, find: 'creditOf[msg.sender] = 0;', replace: '' },
  { fault: 'refused coins are gone', file: CLAIMS, find: 'if (!sent) revert', replace: 'if (false) revert' },
  {
    fault: 'an open claim is enforced',
    file: CLAIMS,
    find: 'if (state.phase() != ClaimPhase.Closed) _revertPhase(id, state);',
    replace: '',
  },
  {
    fault: 'every outcome refutes',
    file: CLAIMS,
    find: 'if (state.outcome() == ClaimOutcome.Refuted) TITLE',
    replace: 'if (suspectId != 0) TITLE',
  },
  { fault: 'another claim’s freeze is lifted', file: CLAIMS, find: 'frozen.claimId == id && until', replace: 'until' },
  { fault: 'a lifted freeze counts in full', file: CLAIMS, find: 'uint40(used > unspent ? used - unspent : 0)', replace: 'uint40(used)' },

  /* Freezing */
  {
    fault: 'anybody freezes',
    file: CLAIMS,
    find: 'if (msg.sender != claim.claimant) revert Errors.InfringementClaims_NotClaimant(claim.claimant, msg.sender);\n        ClaimPhase phase',
    replace: 'ClaimPhase phase',
  },
  { fault: 'a freeze costs no bond', file: CLAIMS, find: 'if (msg.value != FREEZE_BOND) revert', replace: 'if (false) revert' },
  { fault: 'a claim freezes again and again', file: CLAIMS, find: 'if (state.hasFreeze()) revert', replace: 'if (false) revert' },
  {
    fault: 'a younger deposit freezes an older one',
    file: CLAIMS,
    find: 'if (claimedAt >= suspectAt) revert',
    replace: 'if (false) revert',
  },
  { fault: 'one freeze follows in another', file: CLAIMS, find: 'if (frozen.until > block.timestamp) {', replace: 'if (false) {' },
  { fault: 'freezes have no limit', file: CLAIMS, find: 'if (used + FREEZE_TIME > MAX_FROZEN) revert', replace: 'if (false) revert' },
  {
    fault: 'what is used up is never forgotten',
    file: CLAIMS,
    find: 'frozen.used > thawed ? frozen.used - thawed : 0',
    replace: 'frozen.used',
  },
  {
    fault: 'a claim past its time freezes',
    file: CLAIMS,
    find: '        _checkTime(state.deadline());\n        if (msg.value != FREEZE_BOND)',
    replace: '        if (msg.value != FREEZE_BOND)',
  },

  /* The words */
  {
    fault: 'an id leaves the backup out',
    file: LIB,
    find: 'claimId := keccak256(free, 0x140)',
    replace: 'claimId := keccak256(free, 0x120)',
  },
  {
    fault: 'a deadline spills into the bond',
    file: STATE,
    find: '& ~(uint256(type(uint40).max) << 16)',
    replace: '& ~(uint256(type(uint48).max) << 16)',
  },
  { fault: 'appeals are not counted anew', file: STATE, find: '& ~(uint256(3) << 162)', replace: '& ~(uint256(0) << 162)' },
  { fault: 'the court is cut off', file: FORUM, find: 'uint64(Forum.unwrap(forum) >> 160)', replace: 'uint8(Forum.unwrap(forum) >> 168)' },
]

export const set: MutationSet = {
  mocha: ['file', 'answer', 'settle', 'ruling', 'lives'].map((name) => `test/claims/${name}.test.ts`),
  solidity: ['test/claims/InfringementClaims.invariant.t.sol'],
  mutations,
}
