import type { Mutation, MutationSet } from './mutation.ts'

const AGREEMENTS = 'contracts/agreements/LicenseAgreements.sol'
const LIB = 'contracts/libraries/AgreementLib.sol'
const STATE = 'contracts/types/AgreementState.sol'
const ESCROW = 'contracts/libraries/EscrowLib.sol'

const mutations: Mutation[] = [
  /* Beginning */
  {
    fault: 'an agreement is activated twice',
    file: AGREEMENTS,
    find: 'if (_isKnown(_books[id].state)) revert Errors.LicenseAgreements_NotNew(id);\n        if (block',
    replace: 'if (block',
  },
  {
    fault: 'an activated agreement is withdrawn',
    file: AGREEMENTS,
    find: 'if (_isKnown(_books[id].state)) revert Errors.LicenseAgreements_NotNew(id);\n\n',
    replace: '',
  },
  { fault: 'activation comes late', file: AGREEMENTS, find: 'if (block.timestamp > agreement.startsAt)', replace: 'if (false)' },
  {
    fault: 'activation is refused at its last second',
    file: AGREEMENTS,
    find: 'block.timestamp > agreement.startsAt',
    replace: 'block.timestamp >= agreement.startsAt',
  },
  { fault: 'terms are not looked at', file: AGREEMENTS, find: '        _checkTerms(agreement);\n', replace: '' },
  {
    fault: 'the grant is not what was signed',
    file: AGREEMENTS,
    find: 'if (given != agreement.grant) revert',
    replace: 'if (false) revert',
  },
  {
    fault: 'the licensor need not sign',
    file: AGREEMENTS,
    find: '        _checkSignature(terms.licensor, id, licensorSignature);\n',
    replace: '',
  },
  {
    fault: 'the licensee need not sign',
    file: AGREEMENTS,
    find: '        _checkSignature(agreement.licensee, id, licenseeSignature);\n',
    replace: '',
  },
  {
    fault: 'a forged signature counts',
    file: AGREEMENTS,
    find: 'if (!SignatureLib.isSignedBy(signer, digest, signature))',
    replace: 'if (false)',
  },
  { fault: 'a side that calls must sign too', file: AGREEMENTS, find: '        if (msg.sender == signer) return;\n', replace: '' },
  {
    fault: 'a licensee re-enters while his license comes',
    file: AGREEMENTS,
    find: 'returnDeposit(Agreement calldata agreement, GrantTerms calldata terms) external nonReentrant',
    replace: 'returnDeposit(Agreement calldata agreement, GrantTerms calldata terms) external',
  },
  {
    fault: 'coins beyond the price are swallowed',
    file: AGREEMENTS,
    find: 'if (msg.value != wanted) revert',
    replace: 'if (msg.value < wanted) revert',
  },
  { fault: 'too few coins pass', file: AGREEMENTS, find: 'if (msg.value != wanted) revert', replace: 'if (msg.value > wanted) revert' },
  {
    fault: 'anybody withdraws an agreement',
    file: AGREEMENTS,
    find: 'if (msg.sender != terms.licensor && msg.sender != agreement.licensee) {',
    replace: 'if (false) {',
  },
  { fault: 'a withdrawn agreement lives', file: AGREEMENTS, find: 'NONE.withTerminated().withBreachAt', replace: 'NONE.withBreachAt' },
  { fault: 'the license is nobody’s', file: AGREEMENTS, find: '        agreementOf[licenseId] = id;\n', replace: '' },

  /* Terms */
  { fault: 'more periods than can be counted', file: AGREEMENTS, find: 'if (periods > MAX_PERIODS) revert', replace: 'if (false) revert' },
  { fault: 'a period of no seconds', file: AGREEMENTS, find: 'if (period == 0) revert', replace: 'if (false) revert' },
  { fault: 'windows outlast a period', file: AGREEMENTS, find: '|| windows > period', replace: '' },
  { fault: 'no time to cure', file: AGREEMENTS, find: 'agreement.cure == 0 || ', replace: '' },
  {
    fault: 'dates outlast 40 bits',
    file: AGREEMENTS,
    find: 'if (agreement.startsAt + (periods + 1) * period >= NEVER)',
    replace: 'if (false)',
  },
  {
    fault: 'sums outgrow 96 bits',
    file: AGREEMENTS,
    find: 'if (agreement.total() > type(uint96).max) revert',
    replace: 'if (false) revert',
  },

  /* Performance */
  {
    fault: 'a terminated agreement is paid',
    file: AGREEMENTS,
    find: '!state.isRunning()',
    replace: '!state.isActivated()',
  },
  {
    fault: 'what is no agreement is paid',
    file: AGREEMENTS,
    find: '!state.isRunning()',
    replace: 'state.isTerminated()',
  },
  { fault: 'nothing is paid', file: AGREEMENTS, find: 'amount == 0 || amount > type(uint96).max', replace: 'amount > type(uint96).max' },
  { fault: 'more than will ever be due is taken', file: AGREEMENTS, find: 'if (amount > remaining) revert', replace: 'if (false) revert' },
  { fault: 'a payment is not counted', file: AGREEMENTS, find: 'state.withNet(paid)', replace: 'state' },
  { fault: 'books overflow by payments', file: AGREEMENTS, find: 'if (paid > type(int104).max) revert', replace: 'if (false) revert' },
  { fault: 'books overflow by reports', file: AGREEMENTS, find: 'if (net < type(int104).min) revert', replace: 'if (false) revert' },
  { fault: 'a charge overflows', file: AGREEMENTS, find: 'if (excess > type(uint96).max) revert', replace: 'if (false) revert' },
  {
    fault: 'anybody reports usage',
    file: AGREEMENTS,
    find: 'if (uint160(msg.sender) != agreement.word(AgreementLib.LICENSEE)) {',
    replace: 'if (false) {',
  },
  {
    fault: 'usage is reported where none is wanted',
    file: AGREEMENTS,
    find: 'if (unitPrice == 0) revert',
    replace: 'if (false) revert',
  },
  {
    fault: 'periods are left out',
    file: AGREEMENTS,
    find: 'uint256(period) + 1 == reported;',
    replace: 'true;',
  },
  {
    fault: 'periods after the last are reported',
    file: AGREEMENTS,
    find: 'period == reported ? period < agreement.word(AgreementLib.PERIODS) : ',
    replace: 'period == reported || ',
  },
  {
    fault: 'a period is reported before it is over',
    file: AGREEMENTS,
    find: 'if (block.timestamp < endsAt) revert',
    replace: 'if (false) revert',
  },
  {
    fault: 'the minimum is not guaranteed',
    file: AGREEMENTS,
    find: 'if (charge > minimum) {',
    replace: 'if (charge < minimum) return;\n            else {',
  },
  { fault: 'a correction is added to what it corrects', file: AGREEMENTS, find: 'if (period != reported) {\n', replace: 'if (false) {\n' },
  {
    fault: 'a correction breaches',
    file: AGREEMENTS,
    find: 'if (next.breachAt() <= block.timestamp && state.breachAt() > block.timestamp)',
    replace: 'if (false)',
  },
  {
    fault: 'part of the debt heals a breach',
    file: AGREEMENTS,
    find: 'if (agreement.oldestDueAt(next) <= block.timestamp) return next;',
    replace: '',
  },
  {
    fault: 'a missing report does not keep the breach',
    file: AGREEMENTS,
    find: 'if (agreement.reportLateAt(next) <= block.timestamp) return next;',
    replace: '',
  },

  /* Schedule */
  {
    fault: 'usage is due before its report',
    file: LIB,
    find: 'return endOf(agreement, index) + word(agreement, REPORT_WITHIN);',
    replace: 'return endOf(agreement, index);',
  },
  {
    fault: 'a period ends a period early',
    file: LIB,
    find: '(index + 1) * word(agreement, PERIOD)',
    replace: 'index * word(agreement, PERIOD)',
  },
  { fault: 'an instalment is due a second late', file: LIB, find: 'time < startsAt', replace: 'time <= startsAt' },
  { fault: 'instalments go on after the last period', file: LIB, find: '(begun < count ? begun : count)', replace: 'begun' },
  { fault: 'minima go on after the last period', file: LIB, find: '(reportable < count ? reportable : count)', replace: 'reportable' },
  {
    fault: 'usage beyond the minimum is due at once',
    file: LIB,
    find: 'state.reported() != 0 && time >= usageDueAt(agreement, state.reported() - 1)',
    replace: 'state.reported() != 0',
  },
  { fault: 'usage beyond the minimum is the oldest debt', file: LIB, find: 'if (dueAt <= excessDueAt) return dueAt;', replace: '' },
  {
    fault: 'usage beyond the minimum is due with what came before',
    file: LIB,
    find: 'return dueAt < excessDueAt ? excessDueAt : dueAt;',
    replace: 'return dueAt;',
  },
  {
    fault: 'missing reports are never late',
    file: LIB,
    find: 'return word(agreement, UNIT_PRICE) == 0 ? NEVER : usageDueAt(agreement, next);',
    replace: 'return word(agreement, UNIT_PRICE) == 0 || next <= 99 ? NEVER : usageDueAt(agreement, next);',
  },
  {
    fault: 'a report is wanted after the last period',
    file: LIB,
    find: 'if (next >= word(agreement, PERIODS)) return NEVER;',
    replace: '',
  },
  {
    fault: 'a report is wanted where no usage is charged',
    file: LIB,
    find: 'return word(agreement, UNIT_PRICE) == 0 ? NEVER : usageDueAt(agreement, next);',
    replace: 'return usageDueAt(agreement, next);',
  },
  {
    fault: 'payments have no term',
    file: LIB,
    find: 'oldestDueAt(agreement, state) + word(agreement, PAY_WITHIN)',
    replace: 'oldestDueAt(agreement, state)',
  },
  {
    fault: 'the cure period is cut',
    file: LIB,
    find: 'lateAt + word(agreement, GRACE) + word(agreement, CURE)',
    replace: 'lateAt + word(agreement, GRACE)',
  },
  {
    fault: 'a half paid group counts as unpaid',
    file: LIB,
    find: 'if (rest - index * group >= instalment) dueAt += word(agreement, REPORT_WITHIN);',
    replace: '',
  },
  {
    fault: 'the last minimum is forgotten',
    file: LIB,
    find: 'return rest - last * group < minimum ? usageDueAt(agreement, last) : NEVER;',
    replace: 'return NEVER;',
  },

  /* Status */
  {
    fault: 'a breach begins a second late',
    file: AGREEMENTS,
    find: 'if (breachAt <= block.timestamp) return AgreementStatus.Breached;',
    replace: 'if (breachAt < block.timestamp) return AgreementStatus.Breached;',
  },
  {
    fault: 'a breached license is in force',
    file: AGREEMENTS,
    find: 'return _isKnown(state) && state.breachAt() <= block.timestamp;',
    replace: 'return state.isTerminated();',
  },
  {
    fault: 'a license is suspended a second late',
    file: AGREEMENTS,
    find: '_isKnown(state) && state.breachAt() <= block.timestamp',
    replace: '_isKnown(state) && state.breachAt() < block.timestamp',
  },
  { fault: 'licenses that nobody knows are suspended', file: AGREEMENTS, find: 'return _isKnown(state) && state', replace: 'return state' },
  { fault: 'cure begins late', file: AGREEMENTS, find: 'if (cureFrom <= block.timestamp)', replace: 'if (cureFrom < block.timestamp)' },
  {
    fault: 'lateness begins late',
    file: AGREEMENTS,
    find: 'if (cureFrom - agreement.grace <= block.timestamp)',
    replace: 'if (cureFrom - agreement.grace < block.timestamp)',
  },
  { fault: 'a report is not asked for', file: AGREEMENTS, find: 'if (reportDue || ', replace: 'if (' },

  /* End */
  {
    fault: 'an agreement is terminated without a breach',
    file: AGREEMENTS,
    find: '} else if (state.breachAt() > block.timestamp) {',
    replace: '} else if (false) {',
  },
  {
    fault: 'anybody terminates',
    file: AGREEMENTS,
    find: '} else if (msg.sender != TITLE.rightsHolderOf(agreement.workId)) {',
    replace: '} else if (false) {',
  },
  { fault: 'a licensee terminates as he likes', file: AGREEMENTS, find: '&& TITLE.isRefuted(agreement.workId)', replace: '' },
  { fault: 'a refuted licensor keeps the deposit', file: AGREEMENTS, find: 'state = state.withDebtFree();', replace: '' },
  { fault: 'termination leaves the license', file: AGREEMENTS, find: '        LICENSES.end(licenseId);\n', replace: '' },
  { fault: 'termination is not final', file: AGREEMENTS, find: 'state.withTerminated().withBreachAt', replace: 'state.withBreachAt' },
  { fault: 'another’s license is ended', file: AGREEMENTS, find: 'if (agreementOf[licenseId] != id) revert', replace: 'if (false) revert' },
  {
    fault: 'consent outlives its deadline',
    file: AGREEMENTS,
    find: 'if (block.timestamp > deadline) revert',
    replace: 'if (false) revert',
  },
  {
    fault: 'a stranger’s consent counts',
    file: AGREEMENTS,
    find: 'if (!SignatureLib.isSignedBy(other, digest, signature))',
    replace: 'if (false)',
  },
  {
    fault: 'one’s own consent is enough',
    file: AGREEMENTS,
    find: 'address other = msg.sender == holder ? agreement.licensee : holder;',
    replace: 'address other = msg.sender;',
  },
  {
    fault: 'a stranger ends by consent',
    file: AGREEMENTS,
    find: 'if (msg.sender != holder && msg.sender != agreement.licensee) {',
    replace: 'if (false) {',
  },
  { fault: 'a deposit is returned twice', file: AGREEMENTS, find: '_books[id].state = state.withDepositReturned();', replace: '' },
  {
    fault: 'a deposit is returned early',
    file: AGREEMENTS,
    find: '!state.isActivated() || !over || ',
    replace: '!state.isActivated() || ',
  },
  { fault: 'a deposit never lodged is returned', file: AGREEMENTS, find: '!state.isActivated() || !over || ', replace: '!over || ' },
  { fault: 'more than the deposit is paid out of others’', file: AGREEMENTS, find: 'if (toWork > deposit) toWork = deposit;', replace: '' },
  {
    fault: 'debts grow after the end',
    file: AGREEMENTS,
    find: 'toWork = _owedBy(agreement, state, state.breachAt());',
    replace: 'toWork = _owedBy(agreement, state, block.timestamp);',
  },

  /* The word */
  {
    fault: 'sums lose their sign',
    file: STATE,
    find: 'return int104(uint104(AgreementState.unwrap(state)));',
    replace: 'return int256(uint256(uint104(AgreementState.unwrap(state))));',
  },
  {
    fault: 'the count of reports runs into the flags',
    file: STATE,
    find: '(AgreementState.unwrap(state) >> 240) & 0xfff',
    replace: 'AgreementState.unwrap(state) >> 240',
  },

  /* Deposits in currencies that misbehave */
  {
    fault: 'a deposit in a currency that was struck off is stuck',
    file: AGREEMENTS,
    find: 'if (!_isTaken(currency)) {',
    replace: 'if (false) {',
  },
  {
    fault: 'a deposit is stuck while the splitter is short of its currency',
    file: AGREEMENTS,
    find: '(allowed && IERC20(currency).balanceOf(address(SPLITTER)) >= held)',
    replace: 'allowed',
  },
  {
    fault: 'what waits for the licensee is not less what he owed',
    file: AGREEMENTS,
    find: '_hold(agreement.licensee, currency, deposit - toWork);',
    replace: '_hold(agreement.licensee, currency, deposit);',
  },
  {
    fault: 'what waits for the rights holder is forgotten',
    file: AGREEMENTS,
    find: '_hold(TITLE.rightsHolderOf(agreement.workId), currency, toWork);',
    replace: '',
  },
  {
    fault: 'the licensee bears all that a currency has shrunk by',
    file: AGREEMENTS,
    find: 'uint256 part = Math.mulDiv(toWork, amount, deposit);',
    replace: 'uint256 part = toWork < amount ? toWork : amount;',
  },
  { fault: 'what waits is withdrawn again', file: AGREEMENTS, find: '        heldFor[msg.sender][currency] = 0;\n', replace: '' },
  {
    fault: 'who withdraws first takes all of a currency that shrank',
    file: ESCROW,
    find: 'return balance < held ? Math.mulDiv(amount, balance, held) : amount;',
    replace: 'balance;\n        return amount;',
  },
  {
    fault: 'a new deposit makes up for what others’ have shrunk by',
    file: ESCROW,
    find: 'if (before < held) revert',
    replace: 'if (false) revert',
  },
  { fault: 'more is booked than came', file: ESCROW, find: 'if (arrived < amount) revert', replace: 'if (false) revert' },
]

export const set: MutationSet = {
  mocha: ['activate', 'perform', 'terminate'].map((name) => `test/agreements/${name}.test.ts`),
  solidity: ['test/agreements/LicenseAgreements.t.sol'],
  mutations,
}
