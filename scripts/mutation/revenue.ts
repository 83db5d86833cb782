import type { Mutation, MutationSet } from './mutation.ts'

const SPLITTER = 'contracts/revenue/RevenueSplitter.sol'
const VAULT = 'contracts/revenue/CurrencyVault.sol'
const WORD = 'contracts/types/RevenueWord.sol'
const LINEAGE = 'contracts/libraries/LineageLib.sol'

/** A fault in the splitter itself. */
const fault = (what: string, find: string, replace: string): Mutation => ({ fault: what, file: SPLITTER, find, replace })
const vaultFault = (what: string, find: string, replace: string): Mutation => ({ fault: what, file: VAULT, find, replace })

const mutations: Mutation[] = [
  /* Splits */
  fault(
    'anybody sets the split of any work',
    'function setSplit(uint256 workId, Payee[] calldata payees) external {\n        _checkRightsHolder(workId);',
    'function setSplit(uint256 workId, Payee[] calldata payees) external {',
  ),
  fault('a split has no payee, or too many', 'if (count - 1 >= MAX_PAYEES) revert', 'if (false) revert'),
  fault('a payee stands in a split twice, or out of order', 'bad := or(bad, iszero(gt(account, previous)))', ''),
  fault('the splitter pays itself', 'or(eq(account, address()), iszero(lt(sub(share, 1), 1000000)))', 'iszero(lt(sub(share, 1), 1000000))'),
  fault(
    'a share of zero, or one that overflows',
    'or(eq(account, address()), iszero(lt(sub(share, 1), 1000000)))',
    'eq(account, address())',
  ),
  fault('one split has many hashes, by dirty high bits', 'bad := or(bad, shr(160, previous))', ''),
  fault('shares do not add up', 'if (sum != WHOLE) revert', 'if (false) revert'),
  fault('anybody ends a split', 'if (msg.sender != RIGHTS) revert', 'if (false) revert'),
  fault("a sold work's split stays", '_works[workId].word = word.withSplit(0);', ''),
  { fault: 'a new split wipes the lineage', file: WORD, find: '(RevenueWord.unwrap(word) & ~SPLIT_MASK) | split_', replace: 'split_' },
  { fault: 'the old split shines through the new one', file: WORD, find: '& ~SPLIT_MASK) | split_', replace: ') | split_' },
  fault('a work of nobody takes money', 'if (holder == address(0)) revert', 'if (false) revert'),
  {
    fault: 'the sole payee has another hash than the list that names him',
    file: WORD,
    find: 'mstore(0x20, 1000000)',
    replace: 'mstore(0x20, 999999)',
  },

  /* Money in */
  vaultFault('nothing, or too much, is paid', 'if (amount == 0 || amount > type(uint128).max) revert', 'if (false) revert'),
  vaultFault('other coins are sent than told', 'if (msg.value != amount) revert', 'if (false) revert'),
  vaultFault('coins are lost with tokens', 'if (msg.value != 0) revert', 'if (false) revert'),
  vaultFault('any token is taken', 'if (!found.allowed) revert', 'if (false) revert'),
  vaultFault('new money makes up for old losses', 'if (balance < found.held) revert', 'if (false) revert'),
  vaultFault('a fee-on-transfer token is believed', 'received = balanceAfter - balance;', 'received = amount;'),
  vaultFault('a token that moves nothing reverts without a reason', 'if (balanceAfter <= balance) revert', 'if (false) revert'),
  vaultFault('tokens that come are not held', '_currencies[currency].held = uint248(found.held + received);', ''),
  vaultFault("anybody spends anybody's approval", '!_modules[msg.sender]) {', 'false) {'),
  vaultFault('a payer needs a module to pay', ' && payer != msg.sender', ''),
  vaultFault('a module is paid too little', 'if (received < amount) revert', 'if (false) revert'),
  fault('a payment ignores the ancestors', 'amount * (WHOLE - total - commission)', 'amount * (WHOLE - commission)'),
  fault('a payment ignores the commission', 'amount * (WHOLE - total - commission)', 'amount * (WHOLE - total)'),
  fault('a payment replaces what was there', 'accrued += amount * (WHOLE', 'accrued = amount * (WHOLE'),
  fault('ancestors are not told of a payment', 'if (total != 0) _cell(workId, 0, currency, GROSS).value += amount;', ''),
  fault('a channel takes what ancestors are owed', 'if (total + commission > WHOLE)', 'if (commission > WHOLE)'),
  fault("a channel's commission is lost", 'if (commission != 0) _credit(channel, currency, amount * commission);', ''),
  fault('commission goes to nobody', 'if (commission != 0) _checkAccount(channel);', ''),
  fault('currencies share an account', '_slot(workId, split, uint160(currency))', '_slot(workId, split, 0)'),
  fault('splits share an account', '_slot(workId, split, uint160(currency))', '_slot(workId, 0, uint160(currency))'),
  fault('works share an account', '_slot(workId, split, uint160(currency))', '_slot(0, split, uint160(currency))'),

  /* Pushes */
  fault('other payees than those of the split are paid directly', 'if (given != split) {', 'if (false) {'),
  fault('ancestors are not told of a direct payment', 'if (total != 0) _cell(workId, 0, currency, GROSS).value += received;', ''),
  fault('ancestors are paid out to payees', 'received * (WHOLE - total)', 'received * WHOLE'),
  fault('fractions of units are lost', 'if (fractions != before) account.fractions[group] = fractions;', ''),
  fault(
    'fractions are paid again and again',
    'fractions ^= (fraction ^ (part - units * UNIT)) << shift;',
    'fractions ^= (part - units * UNIT) << shift;',
  ),
  fault(
    "one payee's fraction goes to another",
    'for (uint256 shift; shift < FRACTIONS_END && i < payees.length; shift += FRACTION_BITS)',
    'for (uint256 shift; shift < FRACTIONS_END && i < payees.length; )',
  ),
  fault('a payee who refuses loses his part', 'else _credit(payee, currency, units * WHOLE);', ''),
  fault(
    'what is refused counts as sent',
    'if (_trySend(currency, payee, units, gasLimit)) pushed += units;',
    'pushed += units;\n                    if (_trySend(currency, payee, units, gasLimit)) {}',
  ),
  vaultFault(
    'a payee burns the gas of all',
    'return currency == address(0) ? PUSH_GAS_COINS : PUSH_GAS_TOKENS;',
    'return currency == address(0) ? 30_000_000 : 30_000_000;',
  ),
  vaultFault('tokens sent on stay on the books', '_currencies[currency].held = uint248(held);', ''),
  vaultFault(
    'a push takes more than it sends',
    '_currencies[currency].held = uint248(held);\n        _checkBalance(currency, held);',
    '_currencies[currency].held = uint248(held);',
  ),
  fault('a seller who refuses loses his proceeds', 'else _credit(seller, currency, proceeds * WHOLE);', ''),
  fault('a sale pays nobody', 'if (proceeds != 0) {\n            _checkAccount(seller);', 'if (proceeds != 0) {'),
  fault('a sale overflows without a reason', 'if (proceeds > type(uint256).max - royalty)', 'if (false)'),
  fault('credit goes to nobody', '_checkAccount(account);\n        _takeAll', '_takeAll'),

  /* Claims */
  fault('a claim is paid again and again', 'account.settled[payee] = settled + due * UNIT - fraction;', ''),
  fault('a fraction is paid by a claim and by a push', 'account.fractions[index / FRACTIONS_PER_WORD] ^=', 'account.fractions[99] ^='),
  fault('a claim forgets the fraction it used', 'settled + due * UNIT - fraction', 'settled + due * UNIT'),
  fault('a claim rounds up', 'settled + fraction) / UNIT;', 'settled + fraction + UNIT - 1) / UNIT;'),
  fault('a place beyond the list is read', 'if (index >= payees.length) revert', 'if (false) revert'),
  fault("anybody redirects anybody's money", 'if (payee != msg.sender) revert', 'if (false) revert'),
  fault(
    'a list of claims pays its last currency only',
    'bool isLastOfCurrency = i + 1 == claims.length || claims[i + 1].currency != item.currency;',
    'bool isLastOfCurrency = i + 1 == claims.length;',
  ),
  fault('a list of claims pays sums twice', 'due = 0;\n                paid = true;', 'paid = true;'),
  fault('an empty claim passes', 'if (!paid) revert', 'if (false) revert'),
  fault('credit is paid again and again', '_credits[account][currency] = grains - due * WHOLE;', ''),
  fault('fractions of credit are lost', '_credits[account][currency] = grains - due * WHOLE;', '_credits[account][currency] = 0;'),
  vaultFault('money is burnt', 'account == address(0) || account == address(this)', 'account == address(this)'),
  vaultFault('the splitter sends to itself', 'account == address(0) || account == address(this)', 'account == address(0)'),
  vaultFault(
    'coins that are refused count as sent',
    'if (!_trySend(currency, to, due, gasleft()))',
    'if (!_trySend(currency, to, due, gasleft()) && false)',
  ),
  vaultFault(
    'tokens that are refused count as sent',
    'if (!_trySend(currency, to, amount, gasleft())) {',
    'if (!_trySend(currency, to, amount, gasleft()) && false) {',
  ),
  vaultFault('the first to come empties a shrunken token', 'if (balance < held) {\n            if', 'if (false) {\n            if'),
  vaultFault('a stranger makes a payee take his proportion', 'if (!takesShort) revert', 'if (false) revert'),
  vaultFault(
    'a proportion depends on the order',
    '_currencies[currency].held = uint248(held - due);',
    '_currencies[currency].held = uint248(held - amount);',
  ),
  vaultFault('a claim takes more than it sends', '_checkBalance(currency, balance - amount);', ''),
  vaultFault('a token that returns false is believed', 'and(gt(returndatasize(), 0x1f), eq(mload(0x00), 1))', 'gt(returndatasize(), 0x1f)'),
  vaultFault(
    'a token that returns 31 bytes is believed',
    'and(gt(returndatasize(), 0x1f), eq(mload(0x00), 1))',
    'or(eq(mload(0x00), 1), lt(returndatasize(), 0x20))',
  ),

  /* Reentrancy: one guard at a time */
  ...[
    'pay(uint256 workId, address currency, uint256 amount) external payable',
    'uint256 amount\n    ) external payable',
    'uint32 commission\n    ) external payable',
    'uint256 proceeds\n    ) external payable',
    'credit(address account, address payer, address currency, uint256 amount) external payable',
    'uint256 index,\n        address currency\n    ) external',
    'address to\n    ) external',
    'claimAll(Claim[] calldata claims, address to) external',
    'withdraw(address account, address currency) external',
    'withdrawTo(address currency, address to) external',
  ].map((head) => fault(`re-entered: ${head.replaceAll(/\s+/g, ' ')}`, `${head} nonReentrant`, head)),
  fault(
    'a payment is booked under the split that the payer has changed on the way',
    '_accrue(workId, msg.sender, currency, _take(msg.sender, currency, amount), 0);',
    'uint256 split = _splitInForce(workId, _works[workId].word);\n        _account(workId, split, currency).accrued += _take(msg.sender, currency, amount) * WHOLE;',
  ),

  /* Derivatives */
  fault('anybody agrees for a parent', 'if (!isModule(msg.sender)) _checkRightsHolder(parent);', ''),
  fault('modules cannot agree for a parent', 'if (!isModule(msg.sender)) _checkRightsHolder(parent);', '_checkRightsHolder(parent);'),
  fault('anybody registers anybody’s work', 'if (!isModule(msg.sender)) _checkRightsHolder(child);', ''),
  fault('more than the whole is agreed', 'if (share > WHOLE) revert', 'if (false) revert'),
  fault('more than the whole is registered', 'if (entry.share > WHOLE) revert', 'if (false) revert'),
  fault(
    'a contract of titles that fails names a holder',
    'if iszero(staticcall(gas(), rights, 0x00, 0x24, 0x00, 0x20)) {',
    'if lt(staticcall(gas(), rights, 0x00, 0x24, 0x00, 0x20), 0) {',
  ),
  fault('silence of the contract of titles names a holder', 'mul(mload(0x00), gt(returndatasize(), 0x1f))', 'mload(0x00)'),
  fault('what was never agreed is taken back', 'if (_grants[parent][child][msg.sender] == 0) {', 'if (false) {'),
  fault('what was taken back counts', 'delete _grants[parent][child][msg.sender];', ''),
  fault('a sold parent is bound by its old owner', '_holderOf(entry.parent) != grantor', '_holderOf(entry.parent) == address(0)'),
  fault('nobody need have agreed', '_grants[entry.parent][child][grantor] != uint256(entry.share) + 1', 'false'),
  fault(
    'another share than agreed is registered',
    '_grants[entry.parent][child][grantor] != uint256(entry.share) + 1',
    '_grants[entry.parent][child][grantor] == 0',
  ),
  fault('a lineage is changed', 'if (word.isDerivative()) revert', 'if (false) revert'),
  fault('a share is dodged by registering the work in between late', 'if (word.hasDerivatives()) revert', 'if (false) revert'),
  fault('a parent forgets that it has derivatives', 'parent.word = parent.word.asParent();', ''),
  fault('lists do not fit', ' || lineages.length != count', ''),
  fault('a derivative has no parent', 'if (count == 0 || count > MAX_ANCESTORS', 'if (count > MAX_ANCESTORS'),
  fault('a derivative has too many parents', 'if (count == 0 || count > MAX_ANCESTORS', 'if (count == 0'),
  fault('a work is its own parent', 'entry.parent == child || ', ''),
  fault('a parent stands twice', '(i != 0 && entry.parent <= parents[i - 1].parent)', '(i != 0 && entry.parent < parents[i - 1].parent)'),
  fault('ancestors are left out', 'if (hash != registered) revert', 'if (false) revert'),
  fault('a lineage grows without end', 'if (lineage.length > MAX_ANCESTORS) revert', 'if (false) revert'),
  fault('ancestors are owed more than there is', 'if (total > WHOLE) revert', 'if (false) revert'),
  { fault: 'a diamond gives the lower share', file: LINEAGE, find: 'b[j].share > next.share', replace: 'b[j].share < next.share' },
  { fault: 'a diamond names an ancestor twice', file: LINEAGE, find: '                ++j;\n', replace: '' },
  { fault: 'ancestors with no share fill a lineage', file: LINEAGE, find: 'share == 0 ? 0 : 1', replace: '1' },

  /* Sweeps */
  fault('what was swept is swept again', 'swept.value = (owed << SHARE_BITS) | share;', ''),
  fault(
    'strangers are swept to',
    'if (share == 0) revert Errors.RevenueSplitter_NotAncestor',
    'if (false) revert Errors.RevenueSplitter_NotAncestor',
  ),
  fault('an empty sweep passes', 'if (grains == 0) revert', 'if (false) revert'),
  fault(
    "the child's account gets what the ancestor is owed",
    '_account(ancestor, _splitInForce(ancestor, _works[ancestor].word), currency)',
    '_account(child, _splitInForce(child, _works[child].word), currency)',
  ),
  fault('what is swept is lost', 'currency).accrued += grains;', 'currency).accrued += 0;'),

  /* Governance */
  vaultFault(
    'anybody lists a currency',
    'function setCurrency(address currency, bool allowed) external restricted',
    'function setCurrency(address currency, bool allowed) external',
  ),
  vaultFault(
    'anybody names the modules',
    'function setModules(address[] calldata modules) external restricted',
    'function setModules(address[] calldata modules) external',
  ),
  vaultFault('an account is a currency', 'if (currency.code.length == 0) revert', 'if (false) revert'),
  vaultFault('modules are added later', 'if (_modulesAreSet) revert', 'if (false) revert'),
  vaultFault('no modules at all are named for ever', 'if (modules.length == 0) revert', 'if (false) revert'),
  vaultFault('nobody is a module', 'if (modules[i] == address(0)) revert', 'if (false) revert'),
]

export const set: MutationSet = {
  mocha: ['split', 'pay', 'claim', 'derivative', 'governance'].map((name) => `test/revenue/${name}.test.ts`),
  solidity: ['test/revenue/RevenueSplitter.invariant.t.sol'],
  mutations,
}
