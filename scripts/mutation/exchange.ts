import type { Mutation, MutationSet } from './mutation.ts'

const EXCHANGE = 'contracts/exchange/RightsExchange.sol'
const ESCROW = 'contracts/libraries/EscrowLib.sol'

const mutations: Mutation[] = [
  /* Orders */
  { fault: 'a token is sold for nothing', file: EXCHANGE, find: 'if (price == 0) revert', replace: 'if (false) revert' },
  { fault: 'an expired order is filled', file: EXCHANGE, find: 'if (block.timestamp > order.expiresAt) {', replace: 'if (false) {' },
  {
    fault: 'an order dies a second early',
    file: EXCHANGE,
    find: 'if (block.timestamp > order.expiresAt) {',
    replace: 'if (block.timestamp >= order.expiresAt) {',
  },
  {
    fault: 'anybody fills another’s order',
    file: EXCHANGE,
    find: 'if (order.buyer != address(0) && order.buyer != msg.sender) {',
    replace: 'if (false) {',
  },
  {
    fault: 'coins beyond the price are swallowed',
    file: EXCHANGE,
    find: 'if (msg.value != wanted) revert',
    replace: 'if (msg.value < wanted) revert',
  },
  { fault: 'too few coins pass', file: EXCHANGE, find: 'if (msg.value != wanted) revert', replace: 'if (msg.value > wanted) revert' },
  { fault: 'an order is filled twice', file: EXCHANGE, find: '_nonces[seller][nonce >> 8] = bits | bit;', replace: '' },
  { fault: 'a used nonce is used again', file: EXCHANGE, find: 'if (bits & bit != 0) revert', replace: 'if (false) revert' },
  {
    fault: 'nonces of one word are one',
    file: EXCHANGE,
    find: 'uint256 bit = 1 << (nonce & 0xff);',
    replace: 'uint256 bit = type(uint256).max;',
  },
  { fault: 'an order is forged', file: EXCHANGE, find: '        _checkSignature(seller, id, signature);\n', replace: '' },
  { fault: 'an auction is forged', file: EXCHANGE, find: '            _checkSignature(auction.seller, id, signature);\n', replace: '' },
  { fault: 'a refuted title is sold', file: EXCHANGE, find: 'if (refuted) revert', replace: 'if (false) revert' },
  {
    fault: 'a refuted title is auctioned',
    file: EXCHANGE,
    find: 'if (!auction.isLicense && TITLE.isRefuted(auction.tokenId)) {',
    replace: 'if (false) {',
  },
  {
    fault: 'a token goes where it is stuck',
    file: EXCHANGE,
    find: 'else token.safeTransferFrom(seller, msg.sender, order.tokenId);',
    replace: 'else token.transferFrom(seller, msg.sender, order.tokenId);',
  },
  {
    fault: 'a buyer re-enters while he receives',
    file: EXCHANGE,
    find: 'fill(Order calldata order, bytes calldata signature) external payable nonReentrant',
    replace: 'fill(Order calldata order, bytes calldata signature) external payable',
  },
  {
    fault: 'the event tells another fee',
    file: EXCHANGE,
    find: 'order.tokenId, currency, price, fee);',
    replace: 'order.tokenId, currency, price, price);',
  },

  /* Money of a sale */
  { fault: 'the royalty is not paid in coins', file: EXCHANGE, find: '            if (fee != 0) _push(creator, fee);\n', replace: '' },
  {
    fault: 'the royalty is not paid in tokens',
    file: EXCHANGE,
    find: '            if (fee != 0) SPLITTER.credit(creator, payer, currency, fee);\n',
    replace: '',
  },
  { fault: 'the creator pays royalty to himself', file: EXCHANGE, find: '        if (creator == seller) fee = 0;\n', replace: '' },
  { fault: 'the seller gets the royalty too', file: EXCHANGE, find: '_push(seller, price - fee);', replace: '_push(seller, price);' },
  {
    fault: 'the resale fee goes to the seller',
    file: EXCHANGE,
    find: 'fee, seller, price - fee);\n            return fee;',
    replace: '0, seller, price);\n            return fee;',
  },
  {
    fault: 'a seller who refuses coins blocks the sale',
    file: EXCHANGE,
    find: 'if (!_send(to, amount, PUSH_GAS)) SPLITTER.credit{value: amount}(to, msg.sender, address(0), amount);',
    replace: 'if (!_send(to, amount, PUSH_GAS)) revert();',
  },
  { fault: 'a seller burns the buyer’s gas', file: EXCHANGE, find: '_send(to, amount, PUSH_GAS)', replace: '_send(to, amount, gasleft())' },

  /* Cancelling */
  {
    fault: 'anybody cancels',
    file: EXCHANGE,
    find: '        if (msg.sender != seller) revert Errors.RightsExchange_NotSeller(seller, msg.sender);\n        _use',
    replace: '        _use',
  },
  {
    fault: 'cancelling does nothing',
    file: EXCHANGE,
    find: '        _use(seller, nonce);\n        emit Cancelled',
    replace: '        emit Cancelled',
  },
  {
    fault: 'cancelled nonces come back',
    file: EXCHANGE,
    find: '_nonces[msg.sender][word] |= mask;',
    replace: '_nonces[msg.sender][word] ^= _nonces[msg.sender][word] ^ mask;',
  },

  /* Opening */
  {
    fault: 'anybody opens',
    file: EXCHANGE,
    find: '        if (msg.sender != auction.seller) revert Errors.RightsExchange_NotSeller(auction.seller, msg.sender);\n        id = auction.id();',
    replace: '        id = auction.id();',
  },
  {
    fault: 'anybody closes',
    file: EXCHANGE,
    find: '        if (msg.sender != auction.seller) revert Errors.RightsExchange_NotSeller(auction.seller, msg.sender);\n        (bytes32 id',
    replace: '        (bytes32 id',
  },
  {
    fault: 'an auction is opened again',
    file: EXCHANGE,
    find: 'if (state.phase != AuctionPhase.None) revert',
    replace: 'if (false) revert',
  },
  { fault: 'an auction and an order share a nonce', file: EXCHANGE, find: '        _use(auction.seller, auction.nonce);\n', replace: '' },
  { fault: 'steps of nothing', file: EXCHANGE, find: 'auction.stepBps < LEAST_STEP_BPS || ', replace: '' },
  { fault: 'steps of everything', file: EXCHANGE, find: ' || auction.stepBps > ONE_IN_BPS', replace: '' },
  { fault: 'no time to answer', file: EXCHANGE, find: 'auction.extension < LEAST_EXTENSION || ', replace: '' },
  { fault: 'extension without bound', file: EXCHANGE, find: ' || auction.extension > MOST_EXTENSION', replace: '' },
  {
    fault: 'an auction that ends before it starts',
    file: EXCHANGE,
    find: 'if (auction.startsAt >= auction.endsAt) revert',
    replace: 'if (false) revert',
  },
  {
    fault: 'an auction for ever',
    file: EXCHANGE,
    find: 'if (auction.endsAt > block.timestamp + MOST_DURATION) revert',
    replace: 'if (false) revert',
  },
  {
    fault: 'an auction that is over is opened',
    file: EXCHANGE,
    find: 'if (auction.endsAt <= block.timestamp)\n',
    replace: 'if (false)\n',
  },
  { fault: 'no reserve', file: EXCHANGE, find: 'if (auction.reserve == 0) revert', replace: 'if (false) revert' },
  {
    fault: 'the exchange earns what the work does',
    file: EXCHANGE,
    find: 'if (!auction.isLicense) SPLITTER.setSplit(auction.tokenId, _only(auction.seller));',
    replace: '',
  },
  {
    fault: 'a seller takes back what was bid for',
    file: EXCHANGE,
    find: 'if (state.bidder != address(0)) revert',
    replace: 'if (false) revert',
  },

  /* Bids */
  { fault: 'bids on an auction that is over', file: EXCHANGE, find: 'if (block.timestamp >= endsAt) revert', replace: 'if (false) revert' },
  {
    fault: 'a bid a second late',
    file: EXCHANGE,
    find: 'if (block.timestamp >= endsAt) revert',
    replace: 'if (block.timestamp > endsAt) revert',
  },
  { fault: 'a bid before the start', file: EXCHANGE, find: 'if (block.timestamp < auction.startsAt) {', replace: 'if (false) {' },
  { fault: 'the seller drives the price', file: EXCHANGE, find: 'if (msg.sender == auction.seller) revert', replace: 'if (false) revert' },
  { fault: 'a lower bid wins', file: EXCHANGE, find: 'amount < least || ', replace: '' },
  { fault: 'a bid is cut', file: EXCHANGE, find: 'amount < least || amount > type(uint96).max', replace: 'amount < least' },
  { fault: 'steps are rounded down', file: EXCHANGE, find: 'Math.Rounding.Ceil', replace: 'Math.Rounding.Floor' },
  {
    fault: 'a bid on what is worthless',
    file: EXCHANGE,
    find: 'if (_isWorthless(auction.isLicense, auction.tokenId)) {',
    replace: 'if (false) {',
  },
  { fault: 'sniping', file: EXCHANGE, find: 'state.endsAt = uint40(endsAt);', replace: '' },
  { fault: 'the end moves back', file: EXCHANGE, find: 'if (endsAt < block.timestamp + auction.extension) {', replace: 'if (true) {' },
  {
    fault: 'the outbid lose their money',
    file: EXCHANGE,
    find: 'if (outbid != address(0)) _refund(outbid, auction.currency, refund);',
    replace: '',
  },
  {
    fault: 'bids on a closed auction',
    file: EXCHANGE,
    find: 'if (state.phase != AuctionPhase.Open) revert Errors.RightsExchange_AuctionNotOpen(id);\n            if',
    replace: 'if',
  },
  { fault: 'new bids make up for losses', file: ESCROW, find: 'if (before < held) revert', replace: 'if (false) revert' },
  {
    fault: 'a bidder re-enters while his bid is taken',
    file: EXCHANGE,
    find: 'uint256 amount) external payable nonReentrant',
    replace: 'uint256 amount) external payable',
  },
  {
    fault: 'a bid that does not arrive counts',
    file: ESCROW,
    find: '        splitter.withdrawTo(currency, address(this));\n',
    replace: '',
  },

  /* Settling */
  {
    fault: 'an auction is settled early',
    file: EXCHANGE,
    find: 'if (block.timestamp < endsAt) revert Errors.RightsExchange_AuctionRunning',
    replace: 'if (false) revert Errors.RightsExchange_AuctionRunning',
  },
  {
    fault: 'an auction is settled twice',
    file: EXCHANGE,
    find: '        state.phase = phase;\n        uint256 fee;',
    replace: '        uint256 fee;',
  },
  {
    fault: 'a worthless token is paid for',
    file: EXCHANGE,
    find: 'if (_isWorthless(auction.isLicense, auction.tokenId)) return AuctionPhase.Void;',
    replace: '',
  },
  {
    fault: 'a frozen title is paid for',
    file: EXCHANGE,
    find: 'if (block.timestamp < voidFrom) revert Errors.RightsExchange_TitleFrozen(auction.tokenId, voidFrom);\n        return AuctionPhase.Void;',
    replace: 'voidFrom;\n        return AuctionPhase.Sold;',
  },
  {
    fault: 'a freeze calls a sale off at once',
    file: EXCHANGE,
    find: 'if (block.timestamp < voidFrom) revert Errors.RightsExchange_TitleFrozen',
    replace: 'if (false) revert Errors.RightsExchange_TitleFrozen',
  },
  {
    fault: 'who calls can spoil a sale',
    file: EXCHANGE,
    find: 'if (block.timestamp < voidFrom) revert Errors.RightsExchange_PaymentFailed',
    replace: 'if (false) revert Errors.RightsExchange_PaymentFailed',
  },
  {
    fault: 'a void auction loses its books',
    file: EXCHANGE,
    find: 'heldOf[auction.currency] += amount;\n                phase',
    replace: 'phase',
  },
  {
    fault: 'a void auction keeps the bid',
    file: EXCHANGE,
    find: 'if (phase == AuctionPhase.Void) _refund(bidder, auction.currency, amount);',
    replace: '',
  },
  {
    fault: 'anybody pays from the holdings',
    file: EXCHANGE,
    find: 'if (msg.sender != address(this)) revert',
    replace: 'if (false) revert',
  },
  {
    fault: 'the winner blocks the seller',
    file: EXCHANGE,
    find: 'try _token(isLicense).safeTransferFrom{gas: DELIVERY_GAS}(address(this), to, tokenId) {} catch {\n            _keep(isLicense, tokenId, to);\n        }',
    replace: '_token(isLicense).safeTransferFrom(address(this), to, tokenId);',
  },
  {
    fault: 'little gas withholds the title',
    file: EXCHANGE,
    find: 'if (gasleft() < DELIVERY_GAS + DELIVERY_GAS / 4) {',
    replace: 'if (false) {',
  },
  {
    fault: 'the exchange earns what a kept work does',
    file: EXCHANGE,
    find: 'if (!isLicense) try SPLITTER.setSplit(tokenId, _only(to)) {} catch {}',
    replace: '',
  },

  /* What is kept */
  { fault: 'a refund is paid twice', file: EXCHANGE, find: '        heldFor[msg.sender][currency] = 0;\n', replace: '' },
  {
    fault: 'a refund that fails is lost',
    file: EXCHANGE,
    find: 'else if (!_send(to, amount, gasleft())) revert Errors.RightsExchange_TransferFailed(to, currency, amount);',
    replace: 'else _send(to, amount, gasleft());',
  },
  {
    fault: 'anybody takes a kept token',
    file: EXCHANGE,
    find: 'if (keptFor[isLicense][tokenId] != msg.sender) {',
    replace: 'if (false) {',
  },
  { fault: 'a kept token is taken twice', file: EXCHANGE, find: '        delete keptFor[isLicense][tokenId];\n', replace: '' },
  {
    fault: 'a kept token goes where it is stuck',
    file: EXCHANGE,
    find: '_token(isLicense).safeTransferFrom(address(this), to, tokenId);\n    }\n\n    /* VIEWS */',
    replace: '_token(isLicense).transferFrom(address(this), to, tokenId);\n    }\n\n    /* VIEWS */',
  },
  {
    fault: 'the first takes all of a currency that shrank',
    file: ESCROW,
    find: 'return balance < held ? Math.mulDiv(amount, balance, held) : amount;',
    replace: 'balance;\n        return amount;',
  },
  { fault: 'books forget what left', file: ESCROW, find: 'heldOf[currency] = held - amount;', replace: '' },
]

export const set: MutationSet = {
  mocha: ['fill', 'auction'].map((name) => `test/exchange/${name}.test.ts`),
  solidity: ['test/exchange/RightsExchange.invariant.t.sol'],
  mutations,
}
