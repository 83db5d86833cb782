// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {Ancestor, Claim, IRevenueSplitter, ParentShare, Payee} from "../interfaces/IRevenueSplitter.sol";
import {IRightsHolder} from "../interfaces/IRightsHolder.sol";
import {Errors} from "../libraries/Errors.sol";
import {LineageLib} from "../libraries/LineageLib.sol";
import {RevenueWord, RevenueWordLib} from "../types/RevenueWord.sol";
import {CurrencyVault} from "./CurrencyVault.sol";

/// @title RevenueSplitter
/// @notice Takes the revenue of works and lets payees, channels and ancestors take their own.
/// @dev The documentation is in {IRevenueSplitter}.
contract RevenueSplitter is CurrencyVault, ReentrancyGuardTransient {
    using RevenueWordLib for RevenueWord;

    /// @dev What came in under one split in one currency.
    struct Account {
        // Grains, over the account's lifetime.
        uint256 accrued;
        // Millionths of grains that pushes could not send because they are less than a unit: 40 bits a payee, six payees a word.
        mapping(uint256 group => uint256) fractions;
        // Millionths of grains of `accrued` that are settled, over the account's lifetime.
        mapping(address payee => uint256) settled;
    }

    struct Cell {
        uint256 value;
    }

    struct Work {
        RevenueWord word;
    }

    /* CONSTANTS */

    /// @inheritdoc IRevenueSplitter
    address public immutable RIGHTS;

    /// @dev Parts per million; grains per unit.
    uint256 private constant WHOLE = 1e6;
    /// @dev Millionths of grains per unit.
    uint256 private constant UNIT = 1e12;
    uint256 private constant FRACTION_BITS = 40;
    uint256 private constant FRACTION_MASK = (1 << FRACTION_BITS) - 1;
    uint256 private constant FRACTIONS_PER_WORD = 6;
    uint256 private constant FRACTIONS_END = FRACTIONS_PER_WORD * FRACTION_BITS;
    uint256 private constant SHARE_BITS = 20;
    uint256 private constant SHARE_MASK = (1 << SHARE_BITS) - 1;

    uint256 private constant MAX_PAYEES = 32;
    uint256 private constant MAX_ANCESTORS = 32;

    // Kinds of cells. Addresses end below them.
    uint256 private constant GROSS = 1 << 160;
    uint256 private constant SHARE = 2 << 160;
    uint256 private constant SWEPT = 3 << 160;

    /* STORAGE */

    // Accounts and cells lie at hashes of three words, see {_account} and {_cell}, which saves the two hashes more of nested mappings.
    // Mappings hash two words, so none of theirs can meet them.

    mapping(uint256 workId => Work) private _works;

    mapping(uint256 workId => bytes32) private _lineages;

    /// @dev The share and one more.
    mapping(uint256 parent => mapping(uint256 child => mapping(address grantor => uint256))) private _grants;

    /// @dev Grains.
    mapping(address account => mapping(address currency => uint256)) private _credits;

    /* CONSTRUCTOR */

    /// @param authority OpenZeppelin AccessManager that may set currencies, and the modules once.
    /// @param rights Tells whose a work is; the contract of titles.
    constructor(address authority, IRightsHolder rights) AccessManaged(authority) {
        RIGHTS = address(rights);
    }

    /* SPLITS */

    /// @inheritdoc IRevenueSplitter
    function setSplit(uint256 workId, Payee[] calldata payees) external {
        _checkRightsHolder(workId);
        _checkPayees(payees);
        bytes32 topic = SplitSet.selector;
        uint256 hash;
        assembly ("memory-safe") {
            // The event's data are the payees as they stand in calldata: an offset, their number, and 64 bytes each.
            let free := mload(0x40)
            let size := shl(6, payees.length)
            mstore(free, 0x20)
            mstore(add(free, 0x20), payees.length)
            calldatacopy(add(free, 0x40), payees.offset, size)
            hash := keccak256(add(free, 0x40), size)
            log2(free, add(size, 0x40), topic, workId)
        }
        Work storage work = _works[workId];
        work.word = work.word.withSplit(hash & RevenueWordLib.SPLIT_MASK);
    }

    /// @inheritdoc IRevenueSplitter
    function resetSplit(uint256 workId) external {
        if (msg.sender != RIGHTS) revert Errors.RevenueSplitter_NotRightsContract(msg.sender);
        RevenueWord word = _works[workId].word;
        if (word.split() == 0) return;
        _works[workId].word = word.withSplit(0);
        emit SplitReset(workId);
    }

    /* PAYMENTS */

    /// @inheritdoc IRevenueSplitter
    function pay(uint256 workId, address currency, uint256 amount) external payable nonReentrant {
        _accrue(workId, msg.sender, currency, _take(msg.sender, currency, amount), 0);
    }

    /// @inheritdoc IRevenueSplitter
    function payDirect(
        uint256 workId,
        Payee[] calldata payees,
        address currency,
        uint256 amount
    ) external payable nonReentrant {
        uint256 received = _take(msg.sender, currency, amount);
        RevenueWord word = _works[workId].word;
        uint256 split = _splitInForce(workId, word);
        {
            uint256 given = RevenueWordLib.hashOf(payees);
            if (given != split) {
                revert Errors.RevenueSplitter_SplitMismatch(workId, bytes32(split), bytes32(given));
            }
        }
        uint256 total = word.total();
        if (total != 0) _cell(workId, 0, currency, GROSS).value += received;
        emit PaidDirect(workId, msg.sender, currency, received, bytes32(split));

        _settle(currency, _pushAll(_account(workId, split, currency), payees, currency, received * (WHOLE - total)));
    }

    /// @inheritdoc IRevenueSplitter
    function collect(
        uint256 workId,
        address payer,
        address currency,
        uint256 amount,
        address channel,
        uint32 commission
    ) external payable nonReentrant {
        if (commission != 0) _checkAccount(channel);
        _takeAll(payer, currency, amount);
        _accrue(workId, payer, currency, amount, commission);
        if (commission != 0) _credit(channel, currency, amount * commission);
    }

    /// @inheritdoc IRevenueSplitter
    function collectSale(
        uint256 workId,
        address payer,
        address currency,
        uint256 royalty,
        address seller,
        uint256 proceeds
    ) external payable nonReentrant {
        if (proceeds > type(uint256).max - royalty) revert Errors.RevenueSplitter_AmountInvalid(proceeds);
        _takeAll(payer, currency, royalty + proceeds);
        if (royalty != 0) _accrue(workId, payer, currency, royalty, 0);
        if (proceeds != 0) {
            _checkAccount(seller);
            if (_trySend(currency, seller, proceeds, _pushGas(currency))) _settle(currency, proceeds);
            else _credit(seller, currency, proceeds * WHOLE);
        }
    }

    /// @inheritdoc IRevenueSplitter
    function credit(address account, address payer, address currency, uint256 amount) external payable nonReentrant {
        _checkAccount(account);
        _takeAll(payer, currency, amount);
        _credit(account, currency, amount * WHOLE);
    }

    /* CLAIMS */

    /// @inheritdoc IRevenueSplitter
    function claim(
        uint256 workId,
        Payee[] calldata payees,
        uint256 index,
        address currency
    ) external nonReentrant returns (uint256 due) {
        address payee = _accountAt(payees, index);
        due = _claim(workId, payees, index, currency, payee);
        if (due == 0) revert Errors.RevenueSplitter_NothingDue(payee, currency);
        _pay(currency, payee, due, false);
    }

    /// @inheritdoc IRevenueSplitter
    function claimTo(
        uint256 workId,
        Payee[] calldata payees,
        uint256 index,
        address currency,
        address to
    ) external nonReentrant returns (uint256 due) {
        due = _claimOwn(workId, payees, index, currency, to);
        if (due == 0) revert Errors.RevenueSplitter_NothingDue(msg.sender, currency);
        _pay(currency, to, due, true);
    }

    /// @inheritdoc IRevenueSplitter
    function claimAll(Claim[] calldata claims, address to) external nonReentrant {
        uint256 due;
        bool paid;
        for (uint256 i; i < claims.length; ++i) {
            Claim calldata item = claims[i];
            due += _claimOwn(item.workId, item.payees, item.index, item.currency, to);
            bool isLastOfCurrency = i + 1 == claims.length || claims[i + 1].currency != item.currency;
            if (due != 0 && isLastOfCurrency) {
                _pay(item.currency, to, due, true);
                due = 0;
                paid = true;
            }
        }
        if (!paid) revert Errors.RevenueSplitter_NothingDue(msg.sender, address(0));
    }

    /// @inheritdoc IRevenueSplitter
    function withdraw(address account, address currency) external nonReentrant returns (uint256 due) {
        due = _debit(account, currency, account);
        _pay(currency, account, due, false);
    }

    /// @inheritdoc IRevenueSplitter
    function withdrawTo(address currency, address to) external nonReentrant returns (uint256 due) {
        due = _debit(msg.sender, currency, to);
        _pay(currency, to, due, true);
    }

    /* DERIVATIVES */

    /// @inheritdoc IRevenueSplitter
    function grantDerivative(uint256 parent, uint256 child, uint32 share) external {
        if (!isModule(msg.sender)) _checkRightsHolder(parent);
        if (share > WHOLE) revert Errors.RevenueSplitter_ShareInvalid(share);
        _grants[parent][child][msg.sender] = uint256(share) + 1;
        emit DerivativeGranted(parent, child, msg.sender, share);
    }

    /// @inheritdoc IRevenueSplitter
    function revokeDerivative(uint256 parent, uint256 child) external {
        if (_grants[parent][child][msg.sender] == 0) {
            revert Errors.RevenueSplitter_GrantMissing(parent, child, msg.sender);
        }
        delete _grants[parent][child][msg.sender];
        emit DerivativeRevoked(parent, child, msg.sender);
    }

    /// @inheritdoc IRevenueSplitter
    function registerDerivative(
        uint256 child,
        ParentShare[] calldata parents,
        Ancestor[][] calldata lineages
    ) external {
        if (!isModule(msg.sender)) _checkRightsHolder(child);
        RevenueWord word = _works[child].word;
        if (word.isDerivative()) revert Errors.RevenueSplitter_DerivativeExists(child);
        if (word.hasDerivatives()) revert Errors.RevenueSplitter_DerivativesExist(child);
        uint256 count = parents.length;
        if (count == 0 || count > MAX_ANCESTORS || lineages.length != count) {
            revert Errors.RevenueSplitter_ParentsInvalid(count);
        }

        Ancestor[] memory lineage;
        for (uint256 i; i < count; ++i) {
            ParentShare calldata entry = parents[i];
            if (entry.parent == child || (i != 0 && entry.parent <= parents[i - 1].parent)) {
                revert Errors.RevenueSplitter_ParentsInvalid(i);
            }
            _checkGrant(entry, child);
            lineage = LineageLib.merge(lineage, _inherited(entry, lineages[i]));
            if (lineage.length > MAX_ANCESTORS) revert Errors.RevenueSplitter_LineageTooLong(lineage.length);
            Work storage parent = _works[entry.parent];
            parent.word = parent.word.asParent();
        }
        uint256 total = LineageLib.total(lineage);
        if (total > WHOLE) revert Errors.RevenueSplitter_LineageSharesTooHigh(total);

        _works[child].word = word.asDerivative(total);
        if (lineage.length != 0) _lineages[child] = LineageLib.hash(lineage);
        for (uint256 i; i < lineage.length; ++i) {
            _cell(child, lineage[i].workId, address(0), SHARE).value = lineage[i].share;
        }
        emit DerivativeRegistered(child, parents, lineage);
    }

    /// @inheritdoc IRevenueSplitter
    /// @dev No guard: it calls none but the contract of titles, to read, and moves grains between books that nothing reads while a
    /// token or a recipient has the word.
    function sweep(uint256 child, uint256 ancestor, address currency) external returns (uint256 grains) {
        Cell storage swept = _cell(child, ancestor, currency, SWEPT);
        uint256 before = swept.value;
        uint256 share = before & SHARE_MASK;
        if (share == 0) {
            share = _cell(child, ancestor, address(0), SHARE).value;
            if (share == 0) revert Errors.RevenueSplitter_NotAncestor(child, ancestor);
        }
        unchecked {
            // Gross amounts are below 2^128 each, and nobody sends 2^88 of them.
            uint256 owed = _cell(child, 0, currency, GROSS).value * share;
            grains = owed - (before >> SHARE_BITS);
            if (grains == 0) revert Errors.RevenueSplitter_NothingDue(address(0), currency);
            // The share lies beside the sum, so that the next sweep finds both in one word.
            swept.value = (owed << SHARE_BITS) | share;
            _account(ancestor, _splitInForce(ancestor, _works[ancestor].word), currency).accrued += grains;
        }
        emit Swept(ancestor, child, currency, grains);
    }

    /* VIEWS */

    /// @inheritdoc IRevenueSplitter
    function splitOf(uint256 workId) external view returns (bytes32 split, bool isSet) {
        RevenueWord word = _works[workId].word;
        return (bytes32(_splitInForce(workId, word)), word.split() != 0);
    }

    /// @inheritdoc IRevenueSplitter
    function claimable(
        uint256 workId,
        Payee[] calldata payees,
        uint256 index,
        address currency
    ) external view returns (uint256 due) {
        _accountAt(payees, index);
        (address payee, uint256 share) = RevenueWordLib.payeeAt(payees, index);
        (due, , ) = _due(_account(workId, RevenueWordLib.hashOf(payees), currency), payee, share, index);
    }

    /// @inheritdoc IRevenueSplitter
    function creditOf(address account, address currency) external view returns (uint256 grains) {
        return _credits[account][currency];
    }

    /// @inheritdoc IRevenueSplitter
    function lineageOf(
        uint256 workId
    ) external view returns (bytes32 lineage, uint256 total, bool isDerivative, bool hasDerivatives) {
        RevenueWord word = _works[workId].word;
        return (_lineages[workId], word.total(), word.isDerivative(), word.hasDerivatives());
    }

    /// @inheritdoc IRevenueSplitter
    function royaltyOf(
        uint256 child,
        uint256 ancestor,
        address currency
    ) external view returns (uint256 share, uint256 grains) {
        share = _cell(child, ancestor, address(0), SHARE).value;
        uint256 swept = _cell(child, ancestor, currency, SWEPT).value >> SHARE_BITS;
        grains = _cell(child, 0, currency, GROSS).value * share - swept;
    }

    /* INTERNAL: ACCOUNTS */

    function _account(uint256 workId, uint256 split, address currency) private pure returns (Account storage account) {
        bytes32 slot = _slot(workId, split, uint160(currency));
        assembly ("memory-safe") {
            account.slot := slot
        }
    }

    /// @param kind GROSS: units a derivative received, with `other` 0. SHARE: an ancestor's share, with `currency` 0. SWEPT: the same
    /// and, above it, the grains swept.
    function _cell(
        uint256 workId,
        uint256 other,
        address currency,
        uint256 kind
    ) private pure returns (Cell storage cell) {
        bytes32 slot = _slot(workId, other, kind | uint160(currency));
        assembly ("memory-safe") {
            cell.slot := slot
        }
    }

    function _slot(uint256 first, uint256 second, uint256 third) private pure returns (bytes32 slot) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, first)
            mstore(add(free, 0x20), second)
            mstore(add(free, 0x40), third)
            slot := keccak256(free, 0x60)
        }
    }

    function _splitInForce(uint256 workId, RevenueWord word) private view returns (uint256 split) {
        split = word.split();
        if (split == 0) {
            address holder = _holderOf(workId);
            if (holder == address(0)) revert Errors.RevenueSplitter_RightsHolderMissing(workId);
            split = RevenueWordLib.hashOfSole(holder);
        }
    }

    /// @dev The call is written out because the compiler's own takes 150 gas more to read one word.
    function _holderOf(uint256 workId) private view returns (address holder) {
        address rights = RIGHTS;
        bytes4 selector = IRightsHolder.rightsHolderOf.selector;
        assembly ("memory-safe") {
            mstore(0x00, selector)
            mstore(0x04, workId)
            if iszero(staticcall(gas(), rights, 0x00, 0x24, 0x00, 0x20)) {
                let free := mload(0x40)
                returndatacopy(free, 0x00, returndatasize())
                revert(free, returndatasize())
            }
            // No answer is no rights holder.
            holder := mul(mload(0x00), gt(returndatasize(), 0x1f))
        }
    }

    function _checkRightsHolder(uint256 workId) private view {
        address holder = _holderOf(workId);
        if (holder != msg.sender) revert Errors.RevenueSplitter_NotRightsHolder(workId, holder, msg.sender);
    }

    /// @dev Raw words are read, so that bits which do not belong to a field are refused too. Good lists are found good in one pass without a
    /// branch; {_revertForPayees} tells what is wrong with the others.
    function _checkPayees(Payee[] calldata payees) private view {
        uint256 count = payees.length;
        unchecked {
            // Zero is too many, too.
            if (count - 1 >= MAX_PAYEES) revert Errors.RevenueSplitter_PayeeCountInvalid(count);
        }
        uint256 sum;
        uint256 bad;
        assembly ("memory-safe") {
            let previous := 0
            let payee := payees.offset
            let end := add(payee, shl(6, count))
            for {} lt(payee, end) {
                payee := add(payee, 0x40)
            } {
                let account := calldataload(payee)
                let share := calldataload(add(payee, 0x20))
                // Not above the one before, or this contract; a share of zero, or one that could overflow the sum.
                bad := or(bad, iszero(gt(account, previous)))
                bad := or(bad, or(eq(account, address()), iszero(lt(sub(share, 1), 1000000))))
                sum := add(sum, share)
                previous := account
            }
            // If the highest fits an address, all do.
            bad := or(bad, shr(160, previous))
        }
        if (bad != 0) _revertForPayees(payees);
        if (sum != WHOLE) revert Errors.RevenueSplitter_SharesInvalid(sum);
    }

    /// @dev Reverts with the first fault; without a reason, as decoders do, for bits that do not belong to a field.
    function _revertForPayees(Payee[] calldata payees) private view {
        address previous;
        for (uint256 i; ; ++i) {
            Payee calldata payee = payees[i];
            (address account, uint256 share) = (payee.account, payee.share);
            if (account == address(0) || account == address(this) || share == 0 || share > WHOLE) {
                revert Errors.RevenueSplitter_PayeeInvalid(i, account, share);
            }
            if (account <= previous) revert Errors.RevenueSplitter_PayeesUnsorted(i);
            previous = account;
        }
    }

    /* INTERNAL: MONEY */

    /// @dev Books an amount that has arrived.
    function _accrue(uint256 workId, address payer, address currency, uint256 amount, uint256 commission) private {
        RevenueWord word = _works[workId].word;
        uint256 total = word.total();
        if (total + commission > WHOLE) {
            revert Errors.RevenueSplitter_CommissionTooHigh(commission, WHOLE - total);
        }
        uint256 split = _splitInForce(workId, word);
        unchecked {
            // Amounts are below 2^128 each, and nobody sends 2^88 of them.
            _account(workId, split, currency).accrued += amount * (WHOLE - total - commission);
            if (total != 0) _cell(workId, 0, currency, GROSS).value += amount;
        }
        emit Paid(workId, payer, currency, amount, bytes32(split), commission);
    }

    /// @dev Sends every payee the units of his part of `grains`, together with the fraction that he was owed before; keeps the new fraction.
    /// A word of fractions is written after the pushes of its payees: whatever else reads or writes it is guarded.
    /// @return pushed Units sent.
    function _pushAll(
        Account storage account,
        Payee[] calldata payees,
        address currency,
        uint256 grains
    ) private returns (uint256 pushed) {
        uint256 gasLimit = _pushGas(currency);
        uint256 i;
        unchecked {
            for (uint256 group; i < payees.length; ++group) {
                uint256 before = account.fractions[group];
                uint256 fractions = before;
                for (uint256 shift; shift < FRACTIONS_END && i < payees.length; shift += FRACTION_BITS) {
                    (address payee, uint256 share) = RevenueWordLib.payeeAt(payees, i++);
                    uint256 fraction = (fractions >> shift) & FRACTION_MASK;
                    uint256 part = grains * share + fraction;
                    uint256 units = part / UNIT;
                    fractions ^= (fraction ^ (part - units * UNIT)) << shift;
                    if (units == 0) continue;
                    if (_trySend(currency, payee, units, gasLimit)) pushed += units;
                    else _credit(payee, currency, units * WHOLE);
                }
                if (fractions != before) account.fractions[group] = fractions;
            }
        }
    }

    function _credit(address account, address currency, uint256 grains) private {
        _credits[account][currency] += grains;
        emit Credited(account, currency, grains);
    }

    function _debit(address account, address currency, address to) private returns (uint256 due) {
        uint256 grains = _credits[account][currency];
        due = grains / WHOLE;
        if (due == 0) revert Errors.RevenueSplitter_NothingDue(account, currency);
        _credits[account][currency] = grains - due * WHOLE;
        emit Withdrawn(account, currency, to, due);
    }

    function _accountAt(Payee[] calldata payees, uint256 index) private pure returns (address) {
        if (index >= payees.length) revert Errors.RevenueSplitter_IndexInvalid(index, payees.length);
        (address account, ) = RevenueWordLib.payeeAt(payees, index);
        return account;
    }

    function _claimOwn(
        uint256 workId,
        Payee[] calldata payees,
        uint256 index,
        address currency,
        address to
    ) private returns (uint256) {
        address payee = _accountAt(payees, index);
        if (payee != msg.sender) revert Errors.RevenueSplitter_NotPayee(payee, msg.sender);
        return _claim(workId, payees, index, currency, to);
    }

    /// @dev Books a claim of `payees[index]`.
    /// @return due Units to be sent to `to`, perhaps none.
    function _claim(
        uint256 workId,
        Payee[] calldata payees,
        uint256 index,
        address currency,
        address to
    ) private returns (uint256 due) {
        uint256 split = RevenueWordLib.hashOf(payees);
        Account storage account = _account(workId, split, currency);
        (address payee, uint256 share) = RevenueWordLib.payeeAt(payees, index);
        uint256 settled;
        uint256 fraction;
        (due, settled, fraction) = _due(account, payee, share, index);
        if (due == 0) return 0;
        if (fraction != 0) {
            account.fractions[index / FRACTIONS_PER_WORD] ^= fraction << ((index % FRACTIONS_PER_WORD) * FRACTION_BITS);
        }
        unchecked {
            // What the fraction gave needs not be taken from what accrued. It is less than a unit, and at least one is due.
            account.settled[payee] = settled + due * UNIT - fraction;
        }
        emit Claimed(workId, payee, bytes32(split), currency, to, due);
    }

    function _due(
        Account storage account,
        address payee,
        uint256 share,
        uint256 index
    ) private view returns (uint256 due, uint256 settled, uint256 fraction) {
        unchecked {
            // The first product grows only, and `settled` is never more than it was. Sums stay below 2^216, see {_accrue}.
            settled = account.settled[payee];
            fraction =
                (account.fractions[index / FRACTIONS_PER_WORD] >> ((index % FRACTIONS_PER_WORD) * FRACTION_BITS)) &
                FRACTION_MASK;
            due = (account.accrued * share - settled + fraction) / UNIT;
        }
    }

    /* INTERNAL: LINEAGE */

    function _checkGrant(ParentShare calldata entry, uint256 child) private view {
        if (entry.share > WHOLE) revert Errors.RevenueSplitter_ShareInvalid(entry.share);
        address grantor = entry.grantor;
        if (!isModule(grantor) && _holderOf(entry.parent) != grantor) {
            revert Errors.RevenueSplitter_GrantorInvalid(entry.parent, grantor);
        }
        if (grantor != msg.sender && _grants[entry.parent][child][grantor] != uint256(entry.share) + 1) {
            revert Errors.RevenueSplitter_GrantMissing(entry.parent, child, grantor);
        }
    }

    /// @dev What a child inherits from one parent: the parent's lineage and the parent itself.
    function _inherited(
        ParentShare calldata entry,
        Ancestor[] calldata given
    ) private view returns (Ancestor[] memory) {
        Ancestor[] memory lineage = given;
        bytes32 hash = LineageLib.hash(lineage);
        bytes32 registered = _lineages[entry.parent];
        if (hash != registered) revert Errors.RevenueSplitter_LineageMismatch(entry.parent, registered, hash);
        return LineageLib.merge(lineage, LineageLib.single(entry.parent, entry.share));
    }
}
