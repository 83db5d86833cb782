import type { Mutation, MutationSet } from './mutation.ts'

const PANEL = 'contracts/alliance/ArbitrationPanel.sol'

const mutations: Mutation[] = [
  /* The pool and the draw */
  {
    fault: 'anybody enlists',
    file: PANEL,
    find: 'function enlist() external {\n        _checkArbitrator();',
    replace: 'function enlist() external {',
  },
  { fault: 'the benched enlist', file: PANEL, find: 'if (block.timestamp < entry.benchedUntil) {', replace: 'if (false) {' },
  { fault: 'coming back gives a second place', file: PANEL, find: 'if (entry.place == 0) {', replace: 'if (true) {' },
  { fault: 'the retired are drawn', file: PANEL, find: '_entries[candidate].enlisted &&\n', replace: '' },
  { fault: 'one sits on two seats', file: PANEL, find: '_placed[disputeId][candidate] == 0 &&\n', replace: '' },
  { fault: 'the first side judges', file: PANEL, find: 'candidate != dispute.excluded &&\n', replace: '' },
  { fault: 'the second side judges', file: PANEL, find: 'candidate != dispute.excludedToo &&\n', replace: '' },
  { fault: 'the suspended are drawn', file: PANEL, find: ' &&\n            ALLIANCE.isMember(candidate, Role.Arbitrator);', replace: ';' },
  { fault: 'latecomers are drawn', file: PANEL, find: 'uint256 size = dispute.poolSize;', replace: 'uint256 size = _pool.length;' },
  {
    fault: 'the block is drawn before it is known',
    file: PANEL,
    find: 'if (block.number <= drawBlock) revert',
    replace: 'if (false) revert',
  },
  { fault: 'a forgotten hash draws', file: PANEL, find: 'if (seed != 0 && dispute.poolSize', replace: 'if (dispute.poolSize' },
  { fault: 'an empty pool divides by zero', file: PANEL, find: 'seed != 0 && dispute.poolSize != 0', replace: 'seed != 0' },
  {
    fault: 'drawing has no end',
    file: PANEL,
    find: '_in(disputeId, PanelPhase.Drawing);\n        _checkTime(dispute);',
    replace: '_in(disputeId, PanelPhase.Drawing);',
  },

  /* Votes */
  {
    fault: 'votes come late',
    file: PANEL,
    find: '_in(disputeId, PanelPhase.Committing);\n        _checkTime(dispute);',
    replace: '_in(disputeId, PanelPhase.Committing);',
  },
  {
    fault: 'the suspended commit',
    file: PANEL,
    find: '        _checkArbitrator();\n        if (seat.commitment != 0) revert Errors.ArbitrationPanel_VotedAlready(disputeId, msg.sender);\n        if (commitment == 0)',
    replace:
      '        if (seat.commitment != 0) revert Errors.ArbitrationPanel_VotedAlready(disputeId, msg.sender);\n        if (commitment == 0)',
  },
  {
    fault: 'votes are changed',
    file: PANEL,
    find: '        if (seat.commitment != 0) revert Errors.ArbitrationPanel_VotedAlready(disputeId, msg.sender);\n        if (commitment == 0)',
    replace: '        if (commitment == 0)',
  },
  {
    fault: 'a voter recuses himself',
    file: PANEL,
    find: 'if (seat.commitment != 0) revert Errors.ArbitrationPanel_VotedAlready(disputeId, msg.sender);\n\n        seat.arbitrator',
    replace: 'seat.arbitrator',
  },
  {
    fault: 'votes are shown late',
    file: PANEL,
    find: '_in(disputeId, PanelPhase.Revealing);\n        _checkTime(dispute);',
    replace: '_in(disputeId, PanelPhase.Revealing);',
  },
  {
    fault: 'the suspended reveal',
    file: PANEL,
    find: '        _checkArbitrator();\n        if (seat.revealed)',
    replace: '        if (seat.revealed)',
  },
  { fault: 'a vote is shown twice', file: PANEL, find: 'if (seat.revealed) revert', replace: 'if (false) revert' },
  { fault: 'a vote for nothing counts', file: PANEL, find: 'if (choice > dispute.choices) revert', replace: 'if (false) revert' },
  { fault: 'another vote is shown than was committed', file: PANEL, find: 'if (commitment != seat.commitment) {', replace: 'if (false) {' },
  { fault: 'a commitment serves anybody', file: PANEL, find: 'round, arbitrator, choice, salt));', replace: 'round, choice, salt));' },
  {
    fault: 'a seat that was left votes',
    file: PANEL,
    find: 'if (seat.arbitrator == msg.sender) return (index, seat);',
    replace: 'return (index, seat);',
  },
  {
    fault: 'an earlier round’s arbitrators vote',
    file: PANEL,
    find: 'placed != 0 && placed >> 8 == round',
    replace: 'placed != 0',
    accepted: 'The seat itself is asked too, and who sat in an earlier round is drawn onto no seat of a later one.',
  },

  /* Rounds */
  {
    fault: 'a phase is ended early',
    file: PANEL,
    find: 'if (block.timestamp <= dispute.deadline) {\n            revert Errors.ArbitrationPanel_TooEarly(uint256(dispute.deadline) + 1, block.timestamp);\n        }\n\n        if (phase == PanelPhase.Revealing)',
    replace: 'if (phase == PanelPhase.Revealing)',
  },
  {
    fault: 'the silent are not benched',
    file: PANEL,
    find: '            _bench(disputeId, seat.arbitrator);\n            seat.arbitrator = address(0);',
    replace: '            seat.arbitrator = address(0);',
  },
  {
    fault: 'the silent keep their seats',
    file: PANEL,
    find: '            _bench(disputeId, seat.arbitrator);\n            seat.arbitrator = address(0);',
    replace: '            _bench(disputeId, seat.arbitrator);',
  },
  { fault: 'replacing has no end', file: PANEL, find: 'if (dispute.replacements < MAX_REPLACEMENTS) {', replace: 'if (true) {' },
  {
    fault: 'who does not reveal stays',
    file: PANEL,
    find: '            } else if (seat.commitment != 0) {\n                _bench(disputeId, seat.arbitrator);\n            }',
    replace: '            }',
  },
  {
    fault: 'half of the seats decide',
    file: PANEL,
    find: '_countIn(votes, --choice) > seats / 2',
    replace: '_countIn(votes, --choice) >= seats / 2',
  },
  { fault: 'an empty appeal overturns', file: PANEL, find: 'if (decided) dispute.ruling', replace: 'dispute.ruling' },
  { fault: 'the fee’s rest is kept', file: PANEL, find: '        _credit(dispute.refundTo, disputeId, rest);\n', replace: '' },
  { fault: 'each vote is paid the whole fee', file: PANEL, find: 'revealed == 0 ? 0 : rest / revealed', replace: 'rest' },
  { fault: 'what is beyond the fee is kept', file: PANEL, find: '        _credit(refundTo, disputeId, msg.value - fee);\n', replace: '' },
  {
    fault: 'the fee is not looked at',
    file: PANEL,
    find: 'if (msg.value < fee) revert Errors.ArbitrationPanel_FeeTooLow(msg.value, fee);',
    replace: 'if (msg.value < fee) fee = msg.value;',
  },
  { fault: 'anybody appeals', file: PANEL, find: 'if (msg.sender != address(arbitrable)) {', replace: 'if (false) {' },
  { fault: 'appeals have no end', file: PANEL, find: 'if (dispute.round == MAX_APPEALS) revert', replace: 'if (false) revert' },
  {
    fault: 'an appeal comes late',
    file: PANEL,
    find: '        _checkTime(dispute);\n\n        uint256 seats = _seatsAfter',
    replace: '        uint256 seats = _seatsAfter',
  },
  {
    fault: 'a second round begins with the first’s votes',
    file: PANEL,
    find: '(dispute.filled, dispute.committed, dispute.revealed, dispute.replacements) = (0, 0, 0, 0);',
    replace: 'dispute.filled = 0;',
  },

  /* The ruling */
  {
    fault: 'the ruling is told before it can be appealed',
    file: PANEL,
    find: 'if (phase == PanelPhase.Decided && block.timestamp <= dispute.deadline && dispute.round != MAX_APPEALS) {',
    replace: 'if (false) {',
  },
  { fault: 'the ruling is told twice', file: PANEL, find: 'if (dispute.delivered) revert', replace: 'if (false) revert' },
  { fault: 'the arbitrable comes back in', file: PANEL, find: '        dispute.delivered = true;\n', replace: '' },
  { fault: 'a refused ruling is lost', file: PANEL, find: 'if (!accepted) dispute.delivered = false;', replace: '' },
  { fault: 'the caller starves the arbitrable', file: PANEL, find: 'if (gasleft() < wanted) revert', replace: 'if (false) revert' },
  { fault: 'the arbitrable burns everything', file: PANEL, find: 'accepted := call(RULE_GAS,', replace: 'accepted := call(gas(),' },

  /* Money */
  { fault: 'credit is paid twice', file: PANEL, find: 'creditOf[msg.sender] = 0;', replace: '' },
  { fault: 'refused coins are gone', file: PANEL, find: 'if (!sent) revert', replace: 'if (false) revert' },
  {
    fault: 'anybody sets the fee',
    file: PANEL,
    find: 'function setFee(uint256 fee) external restricted {',
    replace: 'function setFee(uint256 fee) external {',
  },
  { fault: 'the fee has no bounds', file: PANEL, find: 'if (fee < MIN_FEE || fee > MAX_FEE) revert', replace: 'if (false) revert' },
  { fault: 'a dispute has no choice', file: PANEL, find: 'choices < 2 || ', replace: '' },
  { fault: 'choices overflow the votes’ word', file: PANEL, find: ' || choices > MAX_CHOICES', replace: '' },
  { fault: 'seats are even', file: PANEL, find: 'return seats | 1;', replace: 'return seats;' },
  { fault: 'a first round has hundreds of seats', file: PANEL, find: 'if (seats > MAX_FIRST_SEATS) return MAX_FIRST_SEATS;', replace: '' },
]

export const set: MutationSet = {
  mocha: ['test/panel/panel.test.ts'],
  solidity: ['test/panel/ArbitrationPanel.invariant.t.sol'],
  mutations,
}
