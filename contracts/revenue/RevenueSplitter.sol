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

    mapping(uint256 workId => RevenueWord) private _works;

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
    function setSplit(uint256 workId, Payee[] calldata payees) external returns (bytes32 split) {
        _checkRightsHolder(workId);
        uint256 count = payees.length;
        if (count == 0 || count > MAX_PAYEES) revert Errors.RevenueSplitter_PayeeCountInvalid(count);
        uint256 sum;
        address previous;
        for (uint256 i; i < count; ++i) {
            Payee calldata payee = payees[i];
            (address account, uint256 share) = (payee.account, payee.share);
            if (account == address(0) || account == address(this) || share == 0) {
                revert Errors.RevenueSplitter_PayeeInvalid(i, account, share);
            }
            if (account <= previous) revert Errors.RevenueSplitter_PayeesUnsorted(i);
            previous = account;
            sum += share;
        }
        if (sum != WHOLE) revert Errors.RevenueSplitter_SharesInvalid(sum);

        uint256 hash = RevenueWordLib.hashOf(payees);
        _works[workId] = _works[workId].withSplit(hash);

        split = bytes32(hash);
        emit SplitSet(workId, msg.sender, split, payees);
    }

    /// @inheritdoc IRevenueSplitter
    function resetSplit(uint256 workId) external {
        if (msg.sender != RIGHTS) revert Errors.RevenueSplitter_NotRightsContract(msg.sender);
        RevenueWord word = _works[workId];
        if (word.split() == 0) return;
        _works[workId] = word.withSplit(0);
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
        RevenueWord word = _works[workId];
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
            if (_push(currency, seller, proceeds)) _settle(currency, proceeds);
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
        address payee = _payeeAt(payees, index);
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
        RevenueWord word = _works[child];
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
            _works[entry.parent] = _works[entry.parent].asParent();
        }
        uint256 total = LineageLib.total(lineage);
        if (total > WHOLE) revert Errors.RevenueSplitter_LineageSharesTooHigh(total);

        _works[child] = word.asDerivative(total);
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
            _account(ancestor, _splitInForce(ancestor, _works[ancestor]), currency).accrued += grains;
        }
        emit Swept(child, ancestor, currency, grains);
    }

    /* VIEWS */

    /// @inheritdoc IRevenueSplitter
    function splitHash(Payee[] calldata payees) external pure returns (bytes32 split) {
        return bytes32(RevenueWordLib.hashOf(payees));
    }

    /// @inheritdoc IRevenueSplitter
    function splitOf(uint256 workId) external view returns (bytes32 split, bool isSet) {
        RevenueWord word = _works[workId];
        return (bytes32(_splitInForce(workId, word)), word.split() != 0);
    }

    /// @inheritdoc IRevenueSplitter
    function accruedOf(uint256 workId, bytes32 split, address currency) external view returns (uint256 grains) {
        return _account(workId, uint256(split), currency).accrued;
    }

    /// @inheritdoc IRevenueSplitter
    function claimable(
        uint256 workId,
        Payee[] calldata payees,
        uint256 index,
        address currency
    ) external view returns (uint256 due) {
        address payee = _payeeAt(payees, index);
        Account storage account = _account(workId, RevenueWordLib.hashOf(payees), currency);
        (due, , ) = _due(account, payee, payees[index].share, index);
    }

    /// @inheritdoc IRevenueSplitter
    function creditOf(address account, address currency) external view returns (uint256 grains) {
        return _credits[account][currency];
    }

    /// @inheritdoc IRevenueSplitter
    function lineageOf(
        uint256 workId
    ) external view returns (bytes32 lineage, uint256 total, bool isDerivative, bool hasDerivatives) {
        RevenueWord word = _works[workId];
        return (_lineages[workId], word.total(), word.isDerivative(), word.hasDerivatives());
    }

    /// @inheritdoc IRevenueSplitter
    function shareOf(uint256 child, uint256 ancestor) external view returns (uint256) {
        return _cell(child, ancestor, address(0), SHARE).value;
    }

    /// @inheritdoc IRevenueSplitter
    function owedOf(uint256 child, uint256 ancestor, address currency) external view returns (uint256 grains) {
        uint256 share = _cell(child, ancestor, address(0), SHARE).value;
        uint256 swept = _cell(child, ancestor, currency, SWEPT).value >> SHARE_BITS;
        return _cell(child, 0, currency, GROSS).value * share - swept;
    }

    /// @inheritdoc IRevenueSplitter
    function grantOf(
        uint256 parent,
        uint256 child,
        address grantor
    ) external view returns (bool granted, uint32 share) {
        uint256 found = _grants[parent][child][grantor];
        return found == 0 ? (false, 0) : (true, uint32(found - 1));
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
            address holder = IRightsHolder(RIGHTS).rightsHolderOf(workId);
            if (holder == address(0)) revert Errors.RevenueSplitter_RightsHolderMissing(workId);
            split = RevenueWordLib.hashOfSole(holder);
        }
    }

    function _checkRightsHolder(uint256 workId) private view {
        address holder = IRightsHolder(RIGHTS).rightsHolderOf(workId);
        if (holder != msg.sender) revert Errors.RevenueSplitter_NotRightsHolder(workId, holder, msg.sender);
    }

    /* INTERNAL: MONEY */

    /// @dev Books an amount that has arrived.
    function _accrue(uint256 workId, address payer, address currency, uint256 amount, uint256 commission) private {
        RevenueWord word = _works[workId];
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
    /// @return pushed Units sent.
    function _pushAll(
        Account storage account,
        Payee[] calldata payees,
        address currency,
        uint256 grains
    ) private returns (uint256 pushed) {
        uint256 fractions;
        uint256 before;
        uint256 count = payees.length;
        for (uint256 i; i < count; ++i) {
            uint256 place = i % FRACTIONS_PER_WORD;
            if (place == 0) fractions = before = account.fractions[i / FRACTIONS_PER_WORD];
            Payee calldata payee = payees[i];
            uint256 units;
            unchecked {
                uint256 shift = place * FRACTION_BITS;
                uint256 fraction = (fractions >> shift) & FRACTION_MASK;
                uint256 part = grains * payee.share + fraction;
                units = part / UNIT;
                fractions ^= (fraction ^ (part - units * UNIT)) << shift;
            }
            // Once a word. No call back from a push can read or write it in between: whatever does is guarded.
            if ((place == FRACTIONS_PER_WORD - 1 || i + 1 == count) && fractions != before) {
                account.fractions[i / FRACTIONS_PER_WORD] = fractions;
            }
            if (units == 0) continue;
            if (_push(currency, payee.account, units)) pushed += units;
            else _credit(payee.account, currency, units * WHOLE);
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

    function _payeeAt(Payee[] calldata payees, uint256 index) private pure returns (address) {
        if (index >= payees.length) revert Errors.RevenueSplitter_IndexInvalid(index, payees.length);
        return payees[index].account;
    }

    function _claimOwn(
        uint256 workId,
        Payee[] calldata payees,
        uint256 index,
        address currency,
        address to
    ) private returns (uint256) {
        address payee = _payeeAt(payees, index);
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
        address payee = payees[index].account;
        uint256 settled;
        uint256 fraction;
        (due, settled, fraction) = _due(account, payee, payees[index].share, index);
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
        if (!isModule(grantor) && IRightsHolder(RIGHTS).rightsHolderOf(entry.parent) != grantor) {
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
