import type { Mutation, MutationSet } from './mutation.ts'

const TITLE = 'contracts/registry/CopyrightTitle.sol'
const STATE = 'contracts/types/TitleState.sol'
const TOKEN = 'contracts/licensing/LicenseToken.sol'
const CALENDAR = 'contracts/libraries/CalendarLib.sol'
const OFFER = 'contracts/libraries/OfferLib.sol'
const SIGNATURE = 'contracts/libraries/SignatureLib.sol'
const TERMS = 'contracts/types/Terms.sol'

/** The guard before an error never strikes. */
function unguarded(fault: string, file: string, find: string, times = 1): Mutation {
  return { fault, file, find, replace: find.replace(/if \(.*\)(\s+revert| \{)/s, 'if (false)$1'), times }
}

const mutations: Mutation[] = [
  /* Titles */
  unguarded(
    'anybody mints anybody’s title',
    TITLE,
    'if (_claimantOf(workId) != msg.sender) revert Errors.CopyrightTitle_NotClaimant(workId, msg.sender);\n        if (royaltyBps > MAX',
  ),
  unguarded('a royalty takes everything', TITLE, 'if (royaltyBps > MAX_ROYALTY_BPS) revert'),
  unguarded('a refuted deposit gets a title', TITLE, 'if (state.refuted()) revert'),
  {
    fault: 'anybody lowers a royalty',
    file: TITLE,
    find: 'if (_claimantOf(workId) != msg.sender) revert Errors.CopyrightTitle_NotClaimant(workId, msg.sender);\n        TitleState state',
    replace: 'TitleState state',
  },
  unguarded('a royalty rises after the title was bought', TITLE, 'if (royaltyBps > state.royaltyBps()) {'),
  unguarded('anybody withdraws another’s offers', TITLE, 'if (_holderOf(workId, _states[workId]) != msg.sender)\n            revert'),
  { fault: 'anybody freezes', file: TITLE, find: 'uint256 until) external restricted {', replace: 'uint256 until) external {' },
  { fault: 'anybody refutes', file: TITLE, find: 'refute(uint256 workId) external restricted', replace: 'refute(uint256 workId) external' },
  { fault: 'anybody names the splitter', file: TITLE, find: 'splitter_) external restricted', replace: 'splitter_) external' },
  unguarded('a freeze is a weapon without end', TITLE, 'if (until > latest) revert'),
  {
    fault: 'a freeze cannot be lifted',
    file: TITLE,
    find: 'if (until <= block.timestamp) until = 0;\n\n',
    replace: 'if (until == 0) return;\n',
  },
  {
    fault: 'what is no deposit is frozen',
    file: TITLE,
    find: '_checkKnown(workId);\n        uint256 latest',
    replace: 'uint256 latest',
  },
  {
    fault: 'what is no deposit is refuted',
    file: TITLE,
    find: '_checkKnown(workId);\n        TitleState state',
    replace: 'TitleState state',
  },
  { fault: 'refuting again is told again', file: TITLE, find: 'if (state.refuted()) return;', replace: '' },
  unguarded('the splitter is changed', TITLE, 'if (address(splitter) != address(0)) revert'),
  unguarded('the splitter is nobody', TITLE, 'if (address(splitter_) == address(0)) revert'),
  unguarded('a frozen title is sold', TITLE, 'if (until != 0) revert'),
  {
    fault: 'a title is frozen a second too long',
    file: TITLE,
    find: 'if (until <= block.timestamp) until = 0;\n    }',
    replace: 'if (until < block.timestamp) until = 0;\n    }',
  },
  {
    fault: 'an old owner’s offers outlive his title',
    file: TITLE,
    find: '_advanceEpoch(workId, _states[workId].withTransferred());',
    replace: '_states[workId] = _states[workId].withTransferred();',
  },
  { fault: 'a buyer of a title holds no rights', file: TITLE, find: '.withTransferred()', replace: '' },
  { fault: 'a sale to oneself ends one’s offers', file: TITLE, find: ' || from == to) return', replace: ') return' },
  {
    fault: 'a title’s buyer pays the seller’s payees',
    file: TITLE,
    find: 'if (address(splitter) != address(0)) splitter.resetSplit(workId);',
    replace: '',
  },
  {
    fault: 'titles cannot move before there is a splitter',
    file: TITLE,
    find: 'if (address(splitter) != address(0)) splitter.resetSplit(workId);',
    replace: 'splitter.resetSplit(workId);',
  },
  {
    fault: 'the royalty goes to nobody',
    file: TITLE,
    find: '.withCreator(msg.sender)',
    replace: '',
  },
  {
    fault: 'a sale does not learn of the refutation',
    file: TITLE,
    find: 'refuted = state.refuted();\n',
    replace: '',
  },
  {
    fault: 'who is owed the royalty is written over its height',
    file: STATE,
    find: '(uint256(uint160(creator_)) << 96)',
    replace: '(uint256(uint160(creator_)) << 80)',
  },
  {
    fault: 'ERC-2981 is denied',
    file: TITLE,
    find: 'id == type(IERC2981).interfaceId || id == ERC4906_ID',
    replace: 'id == ERC4906_ID',
  },
  {
    fault: 'freezing wipes the rest of the word',
    file: STATE,
    find: '(TitleState.unwrap(state) & ~(uint256(type(uint40).max) << 32))',
    replace: '0',
  },
  {
    fault: 'a royalty wipes the rest of the word',
    file: STATE,
    find: '(TitleState.unwrap(state) & ~(uint256(type(uint16).max) << 72))',
    replace: '0',
  },

  /* Offers */
  unguarded('anybody opens an offer in anybody’s name', TOKEN, 'if (offer.seller != msg.sender) revert', 2),
  unguarded('an offer comes back by opening it', TOKEN, 'if (_terms[key].exists()) revert Errors.LicenseToken_OfferExists'),
  {
    fault: 'an opened offer has no form',
    file: TOKEN,
    find: '_checkForm(terms);\n\n        _terms[key] = terms.withOpened',
    replace: '_terms[key] = terms.withOpened',
  },
  { fault: 'opening is not recorded', file: TOKEN, find: '= terms.withOpened()', replace: '= terms' },
  { fault: 'cancelling is not recorded', file: TOKEN, find: '= terms.withCancelled()', replace: '= terms' },
  {
    fault: 'an offer is cancelled twice',
    file: TOKEN,
    find: 'if (terms.isCancelled()) revert Errors.LicenseToken_OfferCancelled(offerId);\n        if (!terms',
    replace: 'if (!terms',
  },
  {
    fault: 'cancelling forgets what was sold',
    file: TOKEN,
    find: 'if (!terms.exists()) terms = TermsLib.pack(offer);',
    replace: 'terms = TermsLib.pack(offer);',
  },
  { fault: 'an offer’s id does not bind the document', file: OFFER, find: 'keccak256(free, 0x280)', replace: 'keccak256(free, 0x260)' },
  {
    fault: 'a cancelled offer sells',
    file: TOKEN,
    find: 'if (terms.isCancelled()) revert Errors.LicenseToken_OfferCancelled(offerId);\n        if (block',
    replace: 'if (block',
  },
  unguarded('a closed offer sells', TOKEN, 'if (block.timestamp > terms.closesAt()) {'),
  {
    fault: 'an offer closes a second early',
    file: TOKEN,
    find: 'if (block.timestamp > terms.closesAt()) {',
    replace: 'if (block.timestamp >= terms.closesAt()) {',
  },
  unguarded('a title sold and bought back revives offers', TOKEN, 'if (epoch != terms.epoch()) revert'),
  unguarded('a refuted work is licensed', TOKEN, 'if (refuted) revert'),
  unguarded('anybody sells anybody’s work', TOKEN, 'if (holder != seller || holder == address(0)) {'),
  { fault: 'nobody sells what is no work', file: TOKEN, find: 'holder != seller || holder == address(0)', replace: 'holder != seller' },
  unguarded('an offer sells more than its supply', TOKEN, 'if (terms.sold() >= terms.supply()) revert'),
  { fault: 'sales are not counted', file: TOKEN, find: 'terms = terms.withOneMoreSold();', replace: '' },
  unguarded('nobody need have signed', TOKEN, 'else if (!SignatureLib.isVouchedFor(offer.seller, digest, signature)) {'),
  {
    fault: 'a contract’s word counts for ever',
    file: TOKEN,
    find: 'if (SignatureLib.isSignedByKeyOf(offer.seller, digest, signature)) terms',
    replace: 'if (SignatureLib.isSignedBy(offer.seller, digest, signature)) terms',
  },
  { fault: 'a good signature must be shown again', file: TOKEN, find: 'terms = terms.withSigned();', replace: '{}' },
  { fault: 'another’s signature counts', file: SIGNATURE, find: ' && recovered == signer', replace: '' },
  {
    fault: 'any answer of a wallet counts',
    file: SIGNATURE,
    find: 'return answered && answer ==',
    replace: 'return answered || answer ==',
  },
  { fault: 'a short answer counts', file: SIGNATURE, find: 'and(answered, gt(returndatasize(), 0x1f))', replace: 'answered' },
  {
    fault: 'accounts without code vouch',
    file: SIGNATURE,
    find: 'if (signer.code.length == 0) return false;',
    replace: '',
    accepted: 'They answer nothing, or as a precompiled contract the hash or the copy of the question, and the next check refuses each.',
  },
  {
    fault: 'a signature serves on every chain',
    file: TOKEN,
    find: 'bytes32 digest = _hashTypedDataV4(offerId)',
    replace: 'bytes32 digest = offerId',
  },
  unguarded('a license allows nothing', TOKEN, 'if (terms.rights() & Rights.ACTS == 0) revert'),
  unguarded('a license holds nowhere', TOKEN, 'if (terms.territories() == 0) revert'),
  unguarded('a license holds in no channel', TOKEN, 'if (terms.channels() == 0) revert'),
  unguarded('a resale share above one', TOKEN, 'if (terms.resaleBps() > ONE_IN_BPS) revert'),
  unguarded('a derivative share above one', TOKEN, 'if (terms.derivativeBps() > ONE_IN_BPS) revert'),
  unguarded(
    'a derivative share of what may not be adapted',
    TOKEN,
    'if (terms.derivativeBps() != 0 && terms.rights() & Rights.ADAPT == 0) {',
  ),
  {
    fault: 'an opened offer can never be taken: its end overflows a lane',
    file: TOKEN,
    find: '        _endOf(block.timestamp, terms.duration());\n    }',
    replace: '    }',
  },
  unguarded('an end overflows a lane of the calendar', TOKEN, 'if (until >= CalendarLib.FOREVER) revert'),

  /* Sales */
  {
    fault: 'a license is sold without looking at the calendar',
    file: TOKEN,
    find: '        _checkCalendar(offer.workId, terms);\n    }\n\n    /// @dev What must hold of any',
    replace: '    }\n\n    /// @dev What must hold of any',
  },
  unguarded('the calendar’s answer is not heeded', TOKEN, 'if (conflict.until != 0) {'),
  { fault: 'a license’s work is forgotten', file: TOKEN, find: 'if (terms.sold() == 0) _works[key] = offer.workId;', replace: '' },
  unguarded('a commission above the cap', TOKEN, 'if (commissionPpm > offer.commissionCapPpm) {'),
  unguarded(
    'a buyer keeps the commission of the platform that is named',
    TOKEN,
    'if (platform == address(0) || (offer.platform != address(0) && offer.platform != platform)) {',
  ),
  { fault: 'a commission for nobody', file: TOKEN, find: 'platform == address(0) || (offer', replace: '(offer' },
  unguarded('coins are lost or a license is free', TOKEN, 'if (msg.value != wanted) revert'),
  { fault: 'a gift troubles the splitter', file: TOKEN, find: 'if (price == 0) return;', replace: '' },
  {
    fault: 'the buyer’s money is pulled from the seller',
    file: TOKEN,
    find: 'offer.workId,\n            msg.sender,\n            offer.currency,\n            price',
    replace: 'offer.workId,\n            offer.seller,\n            offer.currency,\n            price',
  },
  {
    fault: 'the seller is paid by nobody',
    file: TOKEN,
    find: '        _pay(offer, platform, commissionPpm);\n        ERC721Utils',
    replace: '        ERC721Utils',
  },
  {
    fault: 'a contract is not asked whether it takes a license',
    file: TOKEN,
    find: 'ERC721Utils.checkOnERC721Received(msg.sender, address(0), recipient, licenseId, "");',
    replace: '',
  },
  {
    fault: 'the receiver is called before the price is paid',
    file: TOKEN,
    find: '        _mint(recipient, licenseId);',
    replace: '        _safeMint(recipient, licenseId);',
  },

  /* Renewals */
  {
    fault: 'what is no license is renewed',
    file: TOKEN,
    find: '        _requireOwned(licenseId);\n        bytes32 offerId',
    replace: '        bytes32 offerId',
  },
  unguarded('a license is renewed at another offer’s price', TOKEN, 'if (key != _keyOf(licenseId)) revert'),
  unguarded('what may not be renewed is renewed', TOKEN, 'if (!terms.isRenewable() || terms.duration() == 0) revert'),
  {
    fault: 'a license without end is renewed',
    file: TOKEN,
    find: 'if (!terms.isRenewable() || terms.duration() == 0) revert',
    replace: 'if (!terms.isRenewable()) revert',
  },
  {
    fault: 'a dead offer renews',
    file: TOKEN,
    find: '        _checkLife(offer, offerId, terms);\n        _checkCommission(offer, platform, commissionPpm);\n        uint256 from',
    replace: '        uint256 from',
  },
  {
    fault: 'a lapsed license comes back into an exclusive one',
    file: TOKEN,
    find: '            from = block.timestamp;\n            _checkCalendar(offer.workId, terms);',
    replace: '            from = block.timestamp;',
  },
  {
    fault: 'a lapsed license is renewed into the past',
    file: TOKEN,
    find: '            from = block.timestamp;\n            _check',
    replace: '            _check',
  },
  {
    fault: 'a license in force stands in its own way',
    file: TOKEN,
    find: '        if (from <= block.timestamp) {\n            from = block.timestamp;',
    replace: '        {\n            if (from <= block.timestamp) from = block.timestamp;',
  },
  { fault: 'a renewal is not kept', file: TOKEN, find: '        _untils[licenseId] = until;\n', replace: '' },
  {
    fault: 'a renewal is not in the calendar',
    file: TOKEN,
    find: '        _calendar.book(offer.workId, terms.rights(), terms.territories(), terms.isExclusive(), until);\n',
    replace: '',
  },
  {
    fault: 'a renewal is free',
    file: TOKEN,
    find: '        emit MetadataUpdate(licenseId);\n\n        _pay(offer, platform, commissionPpm);',
    replace: '        emit MetadataUpdate(licenseId);',
  },

  /* Derivatives */
  unguarded('anybody derives by another’s license', TOKEN, 'if (_ownerOf(licenseId) != msg.sender) revert'),
  unguarded(
    'an expired license serves to derive',
    TOKEN,
    'if (!_inForce(licenseId, terms)) revert Errors.LicenseToken_NotInForce(licenseId);\n        if (terms',
  ),
  unguarded('a license that does not allow it serves to derive', TOKEN, 'if (terms.rights() & Rights.ADAPT == 0) revert'),
  unguarded('another’s work is burdened with a share', TOKEN, 'if (TITLE.rightsHolderOf(childWorkId) != msg.sender) {'),
  { fault: 'the share is a hundredth', file: TOKEN, find: 'uint32(bps * PPM_IN_BPS)', replace: 'uint32(bps)' },

  /* Agreements */
  unguarded('anybody issues licenses', TOKEN, 'if (msg.sender != agreements) revert', 2),
  unguarded('an agreement issues twice', TOKEN, 'if (_terms[key].exists()) revert Errors.LicenseToken_AgreementIssued'),
  {
    fault: 'an agreement’s license has no form',
    file: TOKEN,
    find: '        _checkForm(terms);\n        _checkHolder',
    replace: '        _checkHolder',
  },
  { fault: 'anybody agrees for anybody', file: TOKEN, find: '        _checkHolder(grant.workId, grant.licensor);\n', replace: '' },
  {
    fault: 'an agreement overrides an exclusive license',
    file: TOKEN,
    find: '        _checkCalendar(grant.workId, terms);\n',
    replace: '',
  },
  {
    fault: 'a licensee is not asked whether it takes a license',
    file: TOKEN,
    find: 'ERC721Utils.checkOnERC721Received(msg.sender, address(0), grant.licensee, licenseId, "");',
    replace: '',
  },
  unguarded('a sold license is ended', TOKEN, 'if (_ownerOf(licenseId) == address(0) || !terms.isUnderAgreement()) {'),
  {
    fault: 'what was never issued is ended',
    file: TOKEN,
    find: '_ownerOf(licenseId) == address(0) || !terms.isUnderAgreement()) {',
    replace: '!terms.isUnderAgreement()) {',
  },
  {
    fault: 'ending what is over frees another’s place',
    file: TOKEN,
    find: 'if (_untilOf(licenseId, terms) <= block.timestamp) return;',
    replace: '',
  },
  { fault: 'an ended license runs on', file: TOKEN, find: '        _untils[licenseId] = block.timestamp;\n', replace: '' },
  {
    fault: 'an ended exclusive license keeps its place',
    file: TOKEN,
    find: 'if (terms.isExclusive()) _calendar.free(_works[key], terms.rights(), terms.territories());\n        else ',
    replace: 'if (!terms.isExclusive()) ',
  },
  {
    fault: 'an ended simple license keeps its place',
    file: TOKEN,
    find: '        else _calendar.freeSimple(_works[key], key);\n',
    replace: '',
  },

  /* Wiring */
  unguarded('anybody connects', TOKEN, 'if (msg.sender != DEPLOYER) revert'),
  unguarded('the contract is connected anew', TOKEN, 'if (agreements != address(0)) revert'),
  unguarded('the contract is connected to nobody', TOKEN, 'if (agreements_ == address(0) || exchange_ == address(0)) revert'),
  {
    fault: 'there is no exchange',
    file: TOKEN,
    find: 'agreements_ == address(0) || exchange_ == address(0)',
    replace: 'agreements_ == address(0)',
  },

  /* Views and moves */
  {
    fault: 'a license holds in every territory',
    file: TOKEN,
    find: '(uint256(terms.territories()) >> territory) & 1 != 0 &&\n',
    replace: '',
  },
  { fault: 'a license holds in every channel', file: TOKEN, find: '(uint256(terms.channels()) >> channel) & 1 != 0 &&\n', replace: '' },
  {
    fault: 'an expired license is active',
    file: TOKEN,
    find: ' || _untilOf(licenseId, terms) <= block.timestamp) return false;',
    replace: ') return false;',
  },
  {
    fault: 'a license lasts a second too long',
    file: TOKEN,
    find: '_untilOf(licenseId, terms) <= block.timestamp) return false;',
    replace: '_untilOf(licenseId, terms) < block.timestamp) return false;',
  },
  {
    fault: 'what was never sold is active',
    file: TOKEN,
    find: 'if (_ownerOf(licenseId) == address(0) || _untilOf',
    replace: 'if (_untilOf',
  },
  {
    fault: 'a breach suspends nothing',
    file: TOKEN,
    find: 'return !terms.isUnderAgreement() || !ILicenseSuspension(agreements).isSuspended(licenseId);',
    replace: 'return true;',
  },
  { fault: 'a sold license is suspended', file: TOKEN, find: 'return !terms.isUnderAgreement() || !ILicense', replace: 'return !ILicense' },
  {
    fault: 'userOf names the owner of a dead license',
    file: TOKEN,
    find: 'return isInForce(licenseId) ? _ownerOf(licenseId) : address(0);',
    replace: 'return _ownerOf(licenseId);',
  },
  { fault: 'what is no license has an end', file: TOKEN, find: 'if (_ownerOf(licenseId) == address(0)) return 0;', replace: '' },
  {
    fault: 'what is no license can be renewed',
    file: TOKEN,
    find: 'if (_ownerOf(licenseId) == address(0) || !terms.isRenewable()',
    replace: 'if (!terms.isRenewable()',
  },
  {
    fault: 'isRenewable forgets offer and closing',
    file: TOKEN,
    find: 'if (terms.isCancelled() || block.timestamp > terms.closesAt()) return false;',
    replace: '',
  },
  {
    fault: 'isRenewable forgets who holds the title',
    file: TOKEN,
    find: 'if (refuted || epoch != terms.epoch()) return false;',
    replace: 'if (refuted) return false;',
  },
  {
    fault: 'isRenewable forgets refutation',
    file: TOKEN,
    find: 'if (refuted || epoch != terms.epoch()) return false;',
    replace: 'if (epoch != terms.epoch()) return false;',
  },
  {
    fault: 'royalties of what is no license',
    file: TOKEN,
    find: 'if (bps == 0 || _ownerOf(licenseId) == address(0)) return',
    replace: 'if (bps == 0) return',
  },
  { fault: 'what is no license has a work', file: TOKEN, find: 'if (_ownerOf(licenseId) != address(0)) workId = ', replace: 'workId = ' },
  unguarded('what may not change hands does', TOKEN, 'if (!terms.isTransferable()) revert'),
  unguarded('a resale goes round the fee', TOKEN, 'if (terms.resaleBps() != 0 && msg.sender != exchange) {'),
  {
    fault: 'everything goes through the exchange',
    file: TOKEN,
    find: 'if (terms.resaleBps() != 0 && msg.sender',
    replace: 'if (msg.sender',
  },
  unguarded('a dead or suspended license is sold', TOKEN, 'if (from != exchange && !_inForce(licenseId, terms)) revert'),
  {
    fault: 'a license that expires in the exchange is stuck there',
    file: TOKEN,
    find: 'if (from != exchange && !_inForce',
    replace: 'if (!_inForce',
  },

  /* The calendar */
  {
    fault: 'the world’s licenses are not looked at',
    file: CALENDAR,
    find: '(conflict.act, conflict.until) = _taken(world, acts, exclusive);',
    replace: '',
  },
  {
    fault: 'licenses of territories are not looked at',
    file: CALENDAR,
    find: 'uint256 groups = territories & (world >> GROUPS_AT);',
    replace: 'uint256 groups = 0;',
  },
  {
    fault: 'territories do not stand in the world’s way',
    file: CALENDAR,
    find: '        self.world[workId] = world | (territories << GROUPS_AT);\n',
    replace: '',
  },
  {
    fault: 'simple licenses under agreements are not looked at',
    file: CALENDAR,
    find: 'if (exclusive) return _takenSimply(self, workId, acts, territories);',
    replace: '',
  },
  {
    fault: 'simple licenses under agreements block simple ones',
    file: CALENDAR,
    find: 'if (exclusive) return _takenSimply',
    replace: 'return _takenSimply',
  },
  { fault: 'simple licenses block each other', file: CALENDAR, find: '(exclusive ? TOPS : word);', replace: 'TOPS;' },
  { fault: 'exclusive licenses do not see simple ones', file: CALENDAR, find: '(exclusive ? TOPS : word);', replace: 'word;' },
  {
    fault: 'all acts are one',
    file: CALENDAR,
    find: 'uint256 taken = running & _tops(acts) &',
    replace: 'uint256 taken = running & TOPS &',
  },
  {
    fault: 'a license blocks a second longer than it runs',
    file: CALENDAR,
    find: 'EACH * (block.timestamp + 1)',
    replace: 'EACH * block.timestamp',
  },
  { fault: 'exclusiveness is not booked', file: CALENDAR, find: ' | (exclusive ? tops : 0);', replace: ';' },
  {
    fault: 'a shorter license cuts a longer one’s time',
    file: CALENDAR,
    find: 'uint256 tops = _tops(acts) & ~notEarlier;',
    replace: 'uint256 tops = _tops(acts) | (notEarlier & 0);',
  },
  { fault: 'a lane’s old end shines through', file: CALENDAR, find: '(word & ~_lanes(tops)) |', replace: 'word |' },
  {
    fault: 'freeing one act frees all',
    file: CALENDAR,
    find: 'uint256 taken = _lanes(_tops(acts));',
    replace: 'uint256 taken = _lanes(TOPS | (acts & 0));',
  },
  {
    fault: 'an expired place is never used again',
    file: CALENDAR,
    find: 'if (places[i] & FOREVER <= block.timestamp) {',
    replace: 'if (places[i] == 0) {',
  },
  {
    fault: 'a place in use is taken',
    file: CALENDAR,
    find: 'if (places[i] & FOREVER <= block.timestamp) {',
    replace: 'if (places[i] & FOREVER <= block.timestamp + 1 hours) {',
  },
  unguarded('an exclusive sale reads a list without end', CALENDAR, 'if (count == MOST_SIMPLE) revert'),
  {
    fault: 'ending one simple license frees another',
    file: CALENDAR,
    find: 'if (places[i] >> 64 == key) {',
    replace: 'if (places[i] != 0) {',
  },
  {
    fault: 'an expired agreement still blocks',
    file: CALENDAR,
    find: 'entry & FOREVER > block.timestamp && sharedActs',
    replace: 'sharedActs',
  },
  { fault: 'an agreement of other acts blocks', file: CALENDAR, find: ' && sharedActs != 0 &&', replace: ' &&' },
  { fault: 'an agreement of other territories blocks', file: CALENDAR, find: ' && sharedTerritories != 0)', replace: ')' },

  /* The terms’ word */
  {
    fault: 'the supply runs into the closing time',
    file: TERMS,
    find: 'uint256(offer.supply) << 24',
    replace: 'uint256(offer.supply) << 40',
  },
  {
    fault: 'territories and channels are one',
    file: TERMS,
    find: 'return uint16(Terms.unwrap(terms) >> 184);',
    replace: 'return uint16(Terms.unwrap(terms) >> 168);',
  },
]

export const set: MutationSet = {
  mocha: [
    'test/titles/title.test.ts',
    ...['offer', 'signature', 'sale', 'calendar', 'agreements', 'reentrancy'].map((name) => `test/licensing/${name}.test.ts`),
  ],
  solidity: ['test/licensing/LicenseToken.invariant.t.sol'],
  mutations,
}
