// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/interfaces/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {ICopyrightTitle} from "../interfaces/ICopyrightTitle.sol";
import {ILicenseAgreements} from "../interfaces/ILicenseAgreements.sol";
import {ILicenseSuspension} from "../interfaces/ILicenseSuspension.sol";
import {ILicenseToken} from "../interfaces/ILicenseToken.sol";
import {IRevenueSplitter} from "../interfaces/IRevenueSplitter.sol";
import {AgreementLib} from "../libraries/AgreementLib.sol";
import {Errors} from "../libraries/Errors.sol";
import {EscrowLib} from "../libraries/EscrowLib.sol";
import {SignatureLib} from "../libraries/SignatureLib.sol";
import {Agreement, AgreementBooks, AgreementStatus, GrantTerms} from "../types/Agreement.sol";
import {AgreementState, NEVER} from "../types/AgreementState.sol";
import {Grant} from "../types/Offer.sol";

/// @title LicenseAgreements
/// @notice License agreements whose status follows from time alone.
/// @dev The documentation is in {ILicenseAgreements}.
contract LicenseAgreements is ILicenseAgreements, EIP712, ReentrancyGuardTransient {
    using AgreementLib for Agreement;
    using AgreementLib for GrantTerms;
    using EscrowLib for IRevenueSplitter;
    using SafeERC20 for IERC20;

    /// @dev A struct, so that who has looked it up can write it without hashing again where it lies.
    struct Books {
        AgreementState state;
    }

    /* CONSTANTS */

    bytes32 private constant TERMINATION_TYPEHASH = keccak256("Termination(bytes32 agreementId,uint256 deadline)");

    /// @dev As many as the state's word can count.
    uint256 private constant MAX_PERIODS = 4095;

    AgreementState private constant NONE = AgreementState.wrap(0);

    /// @inheritdoc ILicenseAgreements
    ICopyrightTitle public immutable TITLE;

    /// @inheritdoc ILicenseAgreements
    ILicenseToken public immutable LICENSES;

    /// @inheritdoc ILicenseAgreements
    IRevenueSplitter public immutable SPLITTER;

    /* STORAGE */

    mapping(bytes32 id => Books) private _books;

    /// @inheritdoc ILicenseAgreements
    mapping(uint256 licenseId => bytes32 id) public agreementOf;

    /// @inheritdoc ILicenseAgreements
    mapping(address currency => uint256) public heldOf;

    /// @inheritdoc ILicenseAgreements
    mapping(address account => mapping(address currency => uint256)) public heldFor;

    /* CONSTRUCTOR */

    constructor(
        ICopyrightTitle title,
        ILicenseToken licenses,
        IRevenueSplitter splitter
    ) EIP712("Colophon LicenseAgreements", "1") {
        TITLE = title;
        LICENSES = licenses;
        SPLITTER = splitter;
    }

    /* BEGINNING */

    /// @inheritdoc ILicenseAgreements
    function activate(
        Agreement calldata agreement,
        GrantTerms calldata terms,
        bytes calldata licensorSignature,
        bytes calldata licenseeSignature
    ) external payable nonReentrant returns (bytes32 id, uint256 licenseId) {
        id = agreement.id();
        if (_isKnown(_books[id].state)) revert Errors.LicenseAgreements_NotNew(id);
        if (block.timestamp > agreement.startsAt) {
            revert Errors.LicenseAgreements_ActivationLate(agreement.startsAt, block.timestamp);
        }
        _checkTerms(agreement);
        _checkGrant(agreement, terms);
        _checkSignature(terms.licensor, id, licensorSignature);
        _checkSignature(agreement.licensee, id, licenseeSignature);

        AgreementState state = NONE.withActivated();
        _books[id].state = state.withBreachAt(agreement.breachAfter(state));

        _takeFirstMoney(agreement, terms);
        licenseId = _issue(id, agreement, terms);
        agreementOf[licenseId] = id;

        emit Activated(id, licenseId, agreement.workId, agreement, terms);
    }

    /// @inheritdoc ILicenseAgreements
    function withdraw(Agreement calldata agreement, GrantTerms calldata terms) external {
        bytes32 id = agreement.id();
        _checkGrant(agreement, terms);
        if (msg.sender != terms.licensor && msg.sender != agreement.licensee) {
            revert Errors.LicenseAgreements_NotEntitled(id, msg.sender);
        }
        if (_isKnown(_books[id].state)) revert Errors.LicenseAgreements_NotNew(id);

        _books[id].state = NONE.withTerminated().withBreachAt(block.timestamp);

        emit Withdrawn(id, msg.sender);
    }

    /* PERFORMANCE */

    /// @inheritdoc ILicenseAgreements
    function pay(Agreement calldata agreement, uint256 amount) external payable {
        (bytes32 id, Books storage books, AgreementState state) = _running(agreement);
        if (amount == 0 || amount > type(uint96).max) revert Errors.LicenseAgreements_AmountInvalid(amount);
        int256 paid = state.net();
        if (agreement.word(AgreementLib.UNIT_PRICE) == 0) {
            uint256 remaining = agreement.total() - uint256(paid);
            if (amount > remaining) revert Errors.LicenseAgreements_Overpaid(amount, remaining);
        }
        address currency = address(uint160(agreement.word(AgreementLib.CURRENCY)));
        _checkValue(currency, amount);

        unchecked {
            // 104 bits and 97.
            paid += int256(amount);
        }
        if (paid > type(int104).max) revert Errors.LicenseAgreements_AmountInvalid(amount);
        books.state = _moved(agreement, state, state.withNet(paid));

        emit Paid(id, msg.sender, amount);

        SPLITTER.collect{value: msg.value}(agreement.workId, msg.sender, currency, amount, address(0), 0);
    }

    /// @inheritdoc ILicenseAgreements
    function reportUsage(Agreement calldata agreement, uint32 period, uint128 units) external {
        (bytes32 id, Books storage books, AgreementState state) = _running(agreement);
        if (uint160(msg.sender) != agreement.word(AgreementLib.LICENSEE)) {
            revert Errors.LicenseAgreements_NotEntitled(id, msg.sender);
        }
        uint256 unitPrice = agreement.word(AgreementLib.UNIT_PRICE);
        if (unitPrice == 0) revert Errors.LicenseAgreements_NothingToReport(id);
        uint256 reported = state.reported();
        bool inTurn =
            period == reported ? period < agreement.word(AgreementLib.PERIODS) : uint256(period) + 1 == reported;
        if (!inTurn) revert Errors.LicenseAgreements_ReportOutOfTurn(period, reported);
        uint256 endsAt = agreement.endOf(period);
        if (block.timestamp < endsAt) revert Errors.LicenseAgreements_PeriodNotOver(period, endsAt);
        uint256 charge;
        uint256 excess;
        unchecked {
            // 128 bits by 96.
            charge = units * unitPrice;
            uint256 minimum = agreement.word(AgreementLib.MINIMUM);
            if (charge > minimum) {
                excess = charge - minimum;
                if (excess > type(uint96).max) revert Errors.LicenseAgreements_AmountInvalid(charge);
            }
        }

        AgreementState next;
        if (period != reported) {
            next = _moved(agreement, state, state.withLastExcess(excess));
            if (next.breachAt() <= block.timestamp && state.breachAt() > block.timestamp) {
                revert Errors.LicenseAgreements_CorrectionUnpaid(_owedBy(agreement, next, block.timestamp));
            }
        } else {
            int256 net;
            unchecked {
                // 104 bits and 97.
                net = state.net() - int256(state.lastExcess());
            }
            if (net < type(int104).min) revert Errors.LicenseAgreements_AmountInvalid(charge);
            next = _moved(agreement, state, state.withReport(net, excess));
        }
        books.state = next;

        emit UsageReported(id, period, units);
    }

    /* END */

    /// @inheritdoc ILicenseAgreements
    function terminate(Agreement calldata agreement, uint256 licenseId) external nonReentrant {
        (bytes32 id, Books storage books, AgreementState state) = _running(agreement);
        if (msg.sender == agreement.licensee && TITLE.isRefuted(agreement.workId)) {
            state = state.withDebtFree();
        } else if (msg.sender != TITLE.rightsHolderOf(agreement.workId)) {
            revert Errors.LicenseAgreements_NotEntitled(id, msg.sender);
        } else if (state.breachAt() > block.timestamp) {
            revert Errors.LicenseAgreements_NotBreached(id, state.breachAt());
        }
        _terminate(id, books, agreement, state, licenseId);
    }

    /// @inheritdoc ILicenseAgreements
    function terminateByConsent(
        Agreement calldata agreement,
        uint256 licenseId,
        uint256 deadline,
        bytes calldata signature
    ) external nonReentrant {
        (bytes32 id, Books storage books, AgreementState state) = _running(agreement);
        address holder = TITLE.rightsHolderOf(agreement.workId);
        if (msg.sender != holder && msg.sender != agreement.licensee) {
            revert Errors.LicenseAgreements_NotEntitled(id, msg.sender);
        }
        if (block.timestamp > deadline) revert Errors.LicenseAgreements_SignatureExpired(deadline, block.timestamp);
        address other = msg.sender == holder ? agreement.licensee : holder;
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(TERMINATION_TYPEHASH, id, deadline)));
        if (!SignatureLib.isSignedBy(other, digest, signature)) {
            revert Errors.LicenseAgreements_SignatureInvalid(other, digest);
        }
        _terminate(id, books, agreement, state, licenseId);
    }

    /// @inheritdoc ILicenseAgreements
    function returnDeposit(Agreement calldata agreement, GrantTerms calldata terms) external nonReentrant {
        bytes32 id = agreement.id();
        _checkGrant(agreement, terms);
        AgreementState state = _books[id].state;
        uint256 deposit = terms.deposit;
        bool over = state.isTerminated() || state.breachAt() == NEVER;
        if (!state.isActivated() || !over || state.isDepositReturned() || deposit == 0) {
            revert Errors.LicenseAgreements_NoDepositDue(id);
        }

        uint256 toWork;
        if (state.isTerminated() && !state.isDebtFree()) {
            toWork = _owedBy(agreement, state, state.breachAt());
            if (toWork > deposit) toWork = deposit;
        }
        _books[id].state = state.withDepositReturned();

        emit DepositReturned(id, toWork, deposit - toWork);

        _giveBack(agreement, deposit, toWork);
    }

    /// @inheritdoc ILicenseAgreements
    function withdrawHeld(address currency, address to) external nonReentrant returns (uint256 amount) {
        uint256 held = heldFor[msg.sender][currency];
        if (held == 0) revert Errors.LicenseAgreements_NothingHeld(msg.sender, currency);

        heldFor[msg.sender][currency] = 0;
        amount = EscrowLib.release(heldOf, currency, held);
        emit HeldWithdrawn(msg.sender, currency, to, amount);

        IERC20(currency).safeTransfer(to, amount);
    }

    /* VIEWS */

    /// @inheritdoc ILicenseAgreements
    function idOf(Agreement calldata agreement) external pure returns (bytes32) {
        return agreement.id();
    }

    /// @inheritdoc ILicenseAgreements
    function grantHashOf(GrantTerms calldata terms) external pure returns (bytes32) {
        return terms.hash();
    }

    /// @inheritdoc ILicenseAgreements
    function statusOf(Agreement calldata agreement) external view returns (AgreementStatus) {
        return _statusOf(agreement, _books[agreement.id()].state);
    }

    /// @inheritdoc ILicenseAgreements
    function booksOf(Agreement calldata agreement) external view returns (AgreementBooks memory books) {
        AgreementState state = _books[agreement.id()].state;
        books.status = _statusOf(agreement, state);
        if (!_isKnown(state)) return books;

        books.reported = state.reported();
        uint256 breachAt = state.breachAt();
        if (breachAt != NEVER) books.breachAt = breachAt;
        if (!state.isActivated()) return books;

        uint256 time = state.isTerminated() ? breachAt : block.timestamp;
        int256 balance = state.net() - int256(agreement.dueBy(state, time));
        if (balance < 0) books.owed = uint256(-balance);
        else books.surplus = uint256(balance);
        uint256 dueAt = agreement.oldestDueAt(state);
        if (breachAt > block.timestamp && dueAt != NEVER) books.dueAt = dueAt;
    }

    /// @inheritdoc ILicenseSuspension
    function isSuspended(uint256 licenseId) external view returns (bool) {
        AgreementState state = _books[agreementOf[licenseId]].state;
        return _isKnown(state) && state.breachAt() <= block.timestamp;
    }

    /* INTERNAL: CHECKS */

    function _isKnown(AgreementState state) private pure returns (bool) {
        return AgreementState.unwrap(state) != 0;
    }

    function _running(
        Agreement calldata agreement
    ) private view returns (bytes32 id, Books storage books, AgreementState state) {
        id = agreement.id();
        books = _books[id];
        state = books.state;
        if (!state.isRunning()) revert Errors.LicenseAgreements_NotRunning(id);
    }

    /// @dev What holds for every later call because it is checked here: dates fit 40 bits, the sums of instalments and minima 96 bits, and
    /// the windows of one period end before those of the next begin.
    function _checkTerms(Agreement calldata agreement) private pure {
        uint256 periods = agreement.periods;
        uint256 period = agreement.period;
        if (periods > MAX_PERIODS) revert Errors.LicenseAgreements_TermsInvalid("periods");
        if (periods == 0) {
            if (agreement.instalment != 0) revert Errors.LicenseAgreements_TermsInvalid("instalment");
            if (agreement.minimum != 0) revert Errors.LicenseAgreements_TermsInvalid("minimum");
            if (agreement.unitPrice != 0) revert Errors.LicenseAgreements_TermsInvalid("unitPrice");
        } else {
            if (period == 0) revert Errors.LicenseAgreements_TermsInvalid("period");
            uint256 windows = uint256(agreement.reportWithin) + agreement.payWithin + agreement.grace + agreement.cure;
            if (agreement.cure == 0 || windows > period) revert Errors.LicenseAgreements_TermsInvalid("cure");
            if (agreement.startsAt + (periods + 1) * period >= NEVER) {
                revert Errors.LicenseAgreements_TermsInvalid("startsAt");
            }
            if (agreement.total() > type(uint96).max) revert Errors.LicenseAgreements_TermsInvalid("minimum");
        }
    }

    function _checkGrant(Agreement calldata agreement, GrantTerms calldata terms) private pure {
        bytes32 given = terms.hash();
        if (given != agreement.grant) revert Errors.LicenseAgreements_GrantMismatch(agreement.grant, given);
    }

    function _checkSignature(address signer, bytes32 id, bytes calldata signature) private view {
        if (msg.sender == signer) return;
        bytes32 digest = _hashTypedDataV4(id);
        if (!SignatureLib.isSignedBy(signer, digest, signature)) {
            revert Errors.LicenseAgreements_SignatureInvalid(signer, digest);
        }
    }

    function _checkValue(address currency, uint256 amount) private view {
        uint256 wanted = currency == address(0) ? amount : 0;
        if (msg.value != wanted) revert Errors.LicenseAgreements_ValueWrong(msg.value, wanted);
    }

    /* INTERNAL: BOOKS */

    /// @dev What a payment or a report makes of the time of the breach. A breach that has come stays until nothing is due any more.
    function _moved(
        Agreement calldata agreement,
        AgreementState before,
        AgreementState next
    ) private view returns (AgreementState) {
        if (before.breachAt() <= block.timestamp) {
            if (agreement.oldestDueAt(next) <= block.timestamp) return next;
            if (agreement.reportLateAt(next) <= block.timestamp) return next;
        }
        return next.withBreachAt(agreement.breachAfter(next));
    }

    function _owedBy(Agreement calldata agreement, AgreementState state, uint256 time) private pure returns (uint256) {
        int256 balance = state.net() - int256(agreement.dueBy(state, time));
        return balance < 0 ? uint256(-balance) : 0;
    }

    function _statusOf(Agreement calldata agreement, AgreementState state) private view returns (AgreementStatus) {
        if (state.isTerminated()) return AgreementStatus.Terminated;
        if (!state.isActivated()) return AgreementStatus.None;
        uint256 breachAt = state.breachAt();
        if (breachAt == NEVER) return AgreementStatus.Fulfilled;
        if (breachAt <= block.timestamp) return AgreementStatus.Breached;
        uint256 cureFrom = breachAt - agreement.cure;
        if (cureFrom <= block.timestamp) return AgreementStatus.InCure;
        if (cureFrom - agreement.grace <= block.timestamp) return AgreementStatus.Overdue;
        bool reportDue = agreement.reportLateAt(state) != NEVER && agreement.endOf(state.reported()) <= block.timestamp;
        if (reportDue || agreement.oldestDueAt(state) <= block.timestamp) return AgreementStatus.Due;
        return AgreementStatus.Active;
    }

    /* INTERNAL: EFFECTS */

    function _takeFirstMoney(Agreement calldata agreement, GrantTerms calldata terms) private {
        address currency = agreement.currency;
        uint256 downPayment = terms.downPayment;
        uint256 deposit = terms.deposit;
        _checkValue(currency, downPayment + deposit);
        if (downPayment != 0) {
            uint256 value = currency == address(0) ? downPayment : 0;
            SPLITTER.collect{value: value}(agreement.workId, msg.sender, currency, downPayment, address(0), 0);
        }
        if (deposit != 0) SPLITTER.keep(heldOf, currency, msg.sender, deposit);
    }

    /// @dev Through the splitter, or, while that takes none of the currency, into the books of what can be withdrawn here.
    function _giveBack(Agreement calldata agreement, uint256 deposit, uint256 toWork) private {
        address currency = agreement.currency;
        if (!_isTaken(currency)) {
            _hold(TITLE.rightsHolderOf(agreement.workId), currency, toWork);
            _hold(agreement.licensee, currency, deposit - toWork);
            return;
        }
        uint256 amount = EscrowLib.release(heldOf, currency, deposit);
        uint256 part = Math.mulDiv(toWork, amount, deposit);
        if (part != 0) {
            uint256 value = SPLITTER.ready(currency, part);
            SPLITTER.collect{value: value}(agreement.workId, address(this), currency, part, address(0), 0);
        }
        if (amount != part) {
            uint256 value = SPLITTER.ready(currency, amount - part);
            SPLITTER.credit{value: value}(agreement.licensee, address(this), currency, amount - part);
        }
    }

    /// @dev Whether the splitter takes payments in a currency. Who calls has no say in that: only the alliance and the token have.
    function _isTaken(address currency) private view returns (bool) {
        (bool allowed, uint256 held) = SPLITTER.currencyOf(currency);
        return currency == address(0) || (allowed && IERC20(currency).balanceOf(address(SPLITTER)) >= held);
    }

    function _hold(address account, address currency, uint256 amount) private {
        if (amount == 0) return;
        heldFor[account][currency] += amount;
        emit Held(account, currency, amount);
    }

    function _issue(
        bytes32 id,
        Agreement calldata agreement,
        GrantTerms calldata terms
    ) private returns (uint256 licenseId) {
        return
            LICENSES.issueUnderAgreement(
                Grant({
                    agreementId: id,
                    workId: agreement.workId,
                    licensor: terms.licensor,
                    licensee: agreement.licensee,
                    duration: terms.duration,
                    exclusive: terms.exclusive,
                    territories: terms.territories,
                    channels: terms.channels,
                    rights: terms.rights,
                    transferable: terms.transferable,
                    resaleBps: terms.resaleBps,
                    derivativeBps: terms.derivativeBps,
                    document: terms.document
                })
            );
    }

    function _terminate(
        bytes32 id,
        Books storage books,
        Agreement calldata agreement,
        AgreementState state,
        uint256 licenseId
    ) private {
        if (agreementOf[licenseId] != id) revert Errors.LicenseAgreements_NotItsLicense(id, licenseId);

        books.state = state.withTerminated().withBreachAt(block.timestamp);

        emit Terminated(id, msg.sender, state.isDebtFree() ? 0 : _owedBy(agreement, state, block.timestamp));

        LICENSES.end(licenseId);
    }
}
