// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/interfaces/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IArbitrator} from "../interfaces/IArbitrator.sol";
import {ICopyrightRegistry} from "../interfaces/ICopyrightRegistry.sol";
import {ICopyrightTitle} from "../interfaces/ICopyrightTitle.sol";
import {IInfringementClaims} from "../interfaces/IInfringementClaims.sol";
import {ILicenseToken} from "../interfaces/ILicenseToken.sol";
import {IRevenueSplitter} from "../interfaces/IRevenueSplitter.sol";
import {ClaimLib} from "../libraries/ClaimLib.sol";
import {Errors} from "../libraries/Errors.sol";
import {EscrowLib} from "../libraries/EscrowLib.sol";
import {Popcount} from "../libraries/Popcount.sol";
import {SignatureLib} from "../libraries/SignatureLib.sol";
import {WorkLib} from "../libraries/WorkLib.sol";
import {ClaimState, filedClaim} from "../types/ClaimState.sol";
import {Forum} from "../types/Forum.sol";
import {ClaimOutcome, ClaimPhase, ClaimRecord, InfringementClaim, Settlement} from "../types/InfringementClaim.sol";
import {Work} from "../types/Work.sol";

/// @title InfringementClaims
/// @notice Claims that a work was copied: filed with a bond, answered with one, settled, or ruled on by an ERC-792 arbitrator.
/// @dev The documentation is in {IInfringementClaims}.
contract InfringementClaims is IInfringementClaims, EIP712, ReentrancyGuardTransient {
    using ClaimLib for InfringementClaim;
    using ClaimLib for Settlement;
    using EscrowLib for IRevenueSplitter;
    using SafeERC20 for IERC20;
    using WorkLib for Work;

    /// @dev What claims did to one title. `used` are the seconds of {MAX_FROZEN} used up at second `usedAt`.
    struct Freeze {
        bytes32 claimId;
        uint40 until;
        uint40 used;
        uint40 usedAt;
    }

    /* CONSTANTS */

    /// @inheritdoc IInfringementClaims
    uint256 public constant ANSWER_TIME = 21 days;

    /// @inheritdoc IInfringementClaims
    uint256 public constant ESCALATION_TIME = 14 days;

    /// @inheritdoc IInfringementClaims
    uint256 public constant EVIDENCE_TIME = 3 days;

    /// @inheritdoc IInfringementClaims
    uint256 public constant RULING_TIME = 60 days;

    /// @inheritdoc IInfringementClaims
    uint256 public constant BACKUP_TIME = 14 days;

    /// @inheritdoc IInfringementClaims
    uint256 public constant FREEZE_TIME = 30 days;

    /// @inheritdoc IInfringementClaims
    uint256 public constant MAX_FROZEN = 60 days;

    /// @inheritdoc IInfringementClaims
    uint256 public constant THAW_RATE = 3;

    /// @inheritdoc IInfringementClaims
    uint256 public constant MAX_APPEALS = 3;

    /// @inheritdoc IInfringementClaims
    uint256 public constant MATCH_DISTANCE = 31;

    /// @inheritdoc IInfringementClaims
    IArbitrator public immutable PANEL;

    /// @inheritdoc IInfringementClaims
    ICopyrightTitle public immutable TITLE;

    /// @inheritdoc IInfringementClaims
    ICopyrightRegistry public immutable REGISTRY;

    /// @inheritdoc IInfringementClaims
    ILicenseToken public immutable LICENSES;

    /// @inheritdoc IInfringementClaims
    IRevenueSplitter public immutable SPLITTER;

    /// @inheritdoc IInfringementClaims
    uint256 public immutable MIN_BOND;

    /// @inheritdoc IInfringementClaims
    uint256 public immutable FREEZE_BOND;

    /* STORAGE */

    mapping(bytes32 id => ClaimState) private _states;

    /// @dev Who answered a claim that names no respondent.
    mapping(bytes32 id => address) private _respondents;

    mapping(bytes32 id => uint256) private _disputeIds;

    /// @inheritdoc IInfringementClaims
    mapping(address arbitrator => mapping(uint256 disputeId => bytes32 id)) public claimOfDispute;

    mapping(uint256 suspectId => Freeze) private _freezes;

    /// @inheritdoc IInfringementClaims
    mapping(address account => uint256) public creditOf;

    /* CONSTRUCTOR */

    /// @param panel Decides where the sides have not agreed on another arbitrator.
    /// @param minBond Least bond of a claim, and the bond of an answer, in wei.
    /// @param freezeBond Bond of a freeze, in wei.
    /// @param metaEvidence URI of the ERC-1497 document that tells arbitrators what claims are about.
    constructor(
        ICopyrightTitle title,
        ILicenseToken licenses,
        IRevenueSplitter splitter,
        IArbitrator panel,
        uint256 minBond,
        uint256 freezeBond,
        string memory metaEvidence
    ) EIP712("Colophon InfringementClaims", "1") {
        if (minBond == 0 || minBond > type(uint96).max) revert Errors.InfringementClaims_BondOutOfRange(minBond, 1);
        if (freezeBond == 0) revert Errors.InfringementClaims_BondOutOfRange(freezeBond, 1);
        TITLE = title;
        REGISTRY = title.REGISTRY();
        LICENSES = licenses;
        SPLITTER = splitter;
        PANEL = panel;
        MIN_BOND = minBond;
        FREEZE_BOND = freezeBond;
        emit MetaEvidence(0, metaEvidence);
    }

    /* CLAIMING */

    /// @inheritdoc IInfringementClaims
    function fileClaim(InfringementClaim calldata claim) external payable returns (bytes32 id) {
        // A fingerprint that nobody compared would look as if it had been.
        if (claim.suspectFingerprint != 0) revert Errors.InfringementClaims_ClaimInvalid("suspectFingerprint");
        return _file(claim, 0);
    }

    /// @inheritdoc IInfringementClaims
    function fileMatch(
        InfringementClaim calldata claim,
        address depositor,
        Work calldata work
    ) external payable returns (bytes32 id) {
        _checkWork(claim, depositor, work);
        uint256 suspectType = claim.suspectType;
        if (claim.suspectFingerprint == 0 || suspectType == 0 || suspectType != work.fingerprintType) {
            revert Errors.InfringementClaims_FingerprintMissing(suspectType, work.fingerprintType);
        }
        return _file(claim, 1 + Popcount.count(uint256(work.fingerprint ^ claim.suspectFingerprint)));
    }

    /// @inheritdoc IInfringementClaims
    function retract(InfringementClaim calldata claim) external {
        (bytes32 id, ClaimState state) = _load(claim);
        if (msg.sender != claim.claimant) revert Errors.InfringementClaims_NotClaimant(claim.claimant, msg.sender);
        if (state.phase() != ClaimPhase.Filed && state.phase() != ClaimPhase.Answered) _revertPhase(id, state);

        uint256 kept = state.isAnswered() ? state.bond() / 2 : state.bond();
        _close(claim, id, state.withOutcome(ClaimOutcome.Retracted), kept, claim.claimant);
    }

    /* ANSWERING */

    /// @inheritdoc IInfringementClaims
    function answer(InfringementClaim calldata claim, string calldata evidence, bool acceptsForum) external payable {
        if (msg.value != MIN_BOND) revert Errors.InfringementClaims_ValueWrong(msg.value, MIN_BOND);
        (bytes32 id, ClaimState state, ) = _answer(claim, acceptsForum);
        if (bytes(evidence).length != 0) {
            emit Evidence(_arbitratorOf(claim, state), uint256(id), msg.sender, evidence);
        }
    }

    /// @inheritdoc IInfringementClaims
    function answerWithLicense(
        InfringementClaim calldata claim,
        uint256 licenseId,
        uint256 territory,
        uint256 channel,
        bool acceptsForum
    ) external {
        (bytes32 id, , uint256 filedAt) = _answer(claim, acceptsForum);
        // A license's number holds the second of its beginning. One bought because of the claim is a settlement, whose price is for the
        // claimant to say.
        uint256 start = uint40(licenseId >> 24);
        bool sufficient =
            start <= filedAt &&
                LICENSES.isActive(licenseId, territory, channel) &&
                LICENSES.workOf(licenseId) == claim.workId &&
                LICENSES.ownerOf(licenseId) == msg.sender;
        if (!sufficient) revert Errors.InfringementClaims_LicenseInsufficient(licenseId);

        emit LicenseShown(id, licenseId, start, LICENSES.userExpires(licenseId));
    }

    /// @inheritdoc IInfringementClaims
    function answerWithDeposit(
        InfringementClaim calldata claim,
        address depositor,
        Work calldata work,
        Work calldata earlier,
        bool acceptsForum
    ) external {
        (bytes32 id, , ) = _answer(claim, acceptsForum);
        _checkWork(claim, depositor, work);
        bytes32 earlierId = WorkLib.idOf(msg.sender, earlier.hash());
        uint256 claimedAt = _depositedAt(claim.workId);
        uint256 depositedAt = _depositedAt(uint256(earlierId));
        uint256 distance;
        bool same = work.contentHash == earlier.contentHash;
        if (!same) {
            distance = Popcount.count(uint256(work.fingerprint ^ earlier.fingerprint));
            uint256 workType = work.fingerprintType;
            same = workType != 0 && workType == earlier.fingerprintType && distance <= MATCH_DISTANCE;
        }
        if (!same || depositedAt == 0 || depositedAt >= claimedAt) {
            revert Errors.InfringementClaims_DepositInsufficient(earlierId);
        }

        emit EarlierDepositShown(id, uint256(earlierId), depositedAt, claimedAt, distance);
    }

    /// @inheritdoc IInfringementClaims
    function submitEvidence(InfringementClaim calldata claim, string calldata evidence) external {
        (bytes32 id, ClaimState state) = _load(claim);
        ClaimPhase phase = state.phase();
        uint256 until = state.deadline();
        if (phase == ClaimPhase.Disputed) until -= RULING_TIME - EVIDENCE_TIME;
        else if (phase != ClaimPhase.Filed && phase != ClaimPhase.Answered) _revertPhase(id, state);
        _checkTime(until);
        if (msg.sender != claim.claimant) {
            address respondent = _respondentSide(claim, id);
            if (msg.sender != respondent) revert Errors.InfringementClaims_NotParty(id, msg.sender);
        }

        emit Evidence(_arbitratorOf(claim, state), uint256(id), msg.sender, evidence);
    }

    /* SETTLING */

    /// @inheritdoc IInfringementClaims
    function settle(
        InfringementClaim calldata claim,
        Settlement calldata settlement,
        bytes calldata signature,
        uint256 licenseId
    ) external payable nonReentrant {
        (bytes32 id, ClaimState state) = _load(claim);
        ClaimPhase phase = state.phase();
        if (phase == ClaimPhase.None || phase >= ClaimPhase.Ruled) _revertPhase(id, state);
        _checkMayRespond(claim, id);
        if (settlement.claimId != id) revert Errors.InfringementClaims_SettlementMismatch(settlement.claimId, id);
        _checkTime(settlement.deadline);
        bytes32 digest = _hashTypedDataV4(settlement.hash());
        if (!SignatureLib.isSignedBy(claim.claimant, digest, signature)) {
            revert Errors.InfringementClaims_SignatureInvalid(claim.claimant, digest);
        }
        _checkStanding(claim);
        _checkLicense(settlement.offerId, licenseId);

        if (_knownRespondent(claim, id) == address(0)) _respondents[id] = msg.sender;
        _close(claim, id, state.withOutcome(ClaimOutcome.Settled), state.bond(), claim.claimant);
        emit ClaimSettled(id, msg.sender, settlement.currency, settlement.amount, licenseId, settlement.coversFrom);

        _pay(claim.workId, settlement.currency, settlement.amount);
    }

    /* RULINGS */

    /// @inheritdoc IInfringementClaims
    function escalate(InfringementClaim calldata claim) external payable nonReentrant returns (uint256 disputeId) {
        (bytes32 id, ClaimState state) = _load(claim);
        ClaimPhase phase = state.phase();
        uint256 from;
        uint256 until = state.deadline();
        if (phase != ClaimPhase.Answered) {
            from = until + 1;
            until += phase == ClaimPhase.Filed ? ESCALATION_TIME : BACKUP_TIME;
        }
        bool possible = phase == ClaimPhase.Filed || phase == ClaimPhase.Answered || phase == ClaimPhase.Disputed;
        if (!possible || state.isInBackup()) _revertPhase(id, state);
        bool isRespondent = phase != ClaimPhase.Filed && msg.sender == _knownRespondent(claim, id);
        if (msg.sender != claim.claimant && !isRespondent) revert Errors.InfringementClaims_NotParty(id, msg.sender);
        if (block.timestamp < from) revert Errors.InfringementClaims_TooEarly(from, block.timestamp);
        _checkTime(until);

        if (phase == ClaimPhase.Disputed) {
            // The first arbitrator can no longer rule.
            delete claimOfDispute[address(_arbitratorOf(claim, state))][_disputeIds[id]];
            state = state.withBackup();
        } else {
            _checkStanding(claim);
            uint256 suspectId = claim.suspectId;
            if (suspectId != 0) emit DepositsCompared(id, _depositedAt(claim.workId), _depositedAt(suspectId));
            state = state.withPhase(ClaimPhase.Disputed);
        }
        state = state.withDeadline(block.timestamp + RULING_TIME);
        _states[id] = state;

        (IArbitrator arbitrator, bytes memory extraData) = _forumFor(claim, id, state);
        uint256 cost = _takeFee(arbitrator.arbitrationCost(extraData));
        disputeId = arbitrator.createDispute{value: cost}(_choicesOf(state), extraData);
        if (claimOfDispute[address(arbitrator)][disputeId] != 0) {
            revert Errors.InfringementClaims_DisputeExists(address(arbitrator), disputeId);
        }
        claimOfDispute[address(arbitrator)][disputeId] = id;
        _disputeIds[id] = disputeId;

        emit Dispute(arbitrator, disputeId, 0, uint256(id));
    }

    /// @inheritdoc IInfringementClaims
    function appeal(InfringementClaim calldata claim) external payable nonReentrant {
        (bytes32 id, ClaimState state) = _load(claim);
        if (state.phase() != ClaimPhase.Disputed) _revertPhase(id, state);
        if (msg.sender != claim.claimant && msg.sender != _knownRespondent(claim, id)) {
            revert Errors.InfringementClaims_NotParty(id, msg.sender);
        }
        _checkTime(state.deadline());
        if (state.appeals() == MAX_APPEALS) revert Errors.InfringementClaims_AppealsUsedUp(id);

        state = state.withAppeal().withDeadline(block.timestamp + RULING_TIME);
        _states[id] = state;
        emit ClaimAppealed(id, msg.sender, state.appeals());

        (IArbitrator arbitrator, bytes memory extraData) = _forumFor(claim, id, state);
        uint256 disputeId = _disputeIds[id];
        uint256 cost = _takeFee(arbitrator.appealCost(disputeId, extraData));
        arbitrator.appeal{value: cost}(disputeId, extraData);
    }

    /// @inheritdoc IInfringementClaims
    function rule(uint256 disputeId, uint256 ruling) external {
        bytes32 id = claimOfDispute[msg.sender][disputeId];
        if (id == 0) revert Errors.InfringementClaims_DisputeUnknown(msg.sender, disputeId);
        ClaimState state = _states[id];
        if (state.phase() != ClaimPhase.Disputed) _revertPhase(id, state);
        _checkTime(state.deadline());
        uint256 choices = _choicesOf(state);
        if (ruling > choices) revert Errors.InfringementClaims_RulingInvalid(ruling, choices);

        _states[id] = state.withPhase(ClaimPhase.Ruled).withOutcome(_outcomeOf(ruling));

        emit Ruling(IArbitrator(msg.sender), disputeId, ruling);
    }

    /// @inheritdoc IInfringementClaims
    function conclude(InfringementClaim calldata claim) external returns (ClaimOutcome outcome) {
        (bytes32 id, ClaimState state) = _load(claim);
        ClaimPhase phase = state.phase();
        uint256 from = state.deadline() + 1;
        address fallbackTo = claim.claimant;
        if (phase == ClaimPhase.Ruled) {
            outcome = state.outcome();
            from = 0;
        } else if (phase == ClaimPhase.Disputed) {
            outcome = ClaimOutcome.Unruled;
            if (!state.isInBackup()) from += BACKUP_TIME;
        } else if (phase != ClaimPhase.Filed && phase != ClaimPhase.Answered) {
            _revertPhase(id, state);
        } else if (!hasStanding(claim)) {
            outcome = ClaimOutcome.Dismissed;
            fallbackTo = msg.sender;
            from = 0;
        } else if (phase == ClaimPhase.Answered) {
            outcome = ClaimOutcome.Lapsed;
        } else {
            outcome = ClaimOutcome.Defaulted;
            if (msg.sender != claim.claimant) from += ESCALATION_TIME;
        }
        if (block.timestamp < from) revert Errors.InfringementClaims_TooEarly(from, block.timestamp);

        uint256 toClaimant;
        if (outcome != ClaimOutcome.Rejected && outcome != ClaimOutcome.Lapsed && outcome != ClaimOutcome.Dismissed) {
            toClaimant = state.bond();
        }
        if (phase != ClaimPhase.Ruled) state = state.withOutcome(outcome);
        _close(claim, id, state, toClaimant, fallbackTo);
    }

    /// @inheritdoc IInfringementClaims
    function enforce(InfringementClaim calldata claim) external {
        (bytes32 id, ClaimState state) = _load(claim);
        if (state.phase() != ClaimPhase.Closed) _revertPhase(id, state);
        uint256 suspectId = claim.suspectId;
        Freeze storage frozen = _freezes[suspectId];
        uint256 until = frozen.until;
        bool lifts = frozen.claimId == id && until > block.timestamp;
        if (lifts) {
            uint256 used = _usedOf(frozen);
            uint256 unspent = until - block.timestamp;
            (frozen.until, frozen.used, frozen.usedAt) = (0, uint40(used > unspent ? used - unspent : 0), _now());
            emit FreezeLifted(id, suspectId);
        }

        if (lifts) TITLE.freeze(suspectId, 0);
        if (state.outcome() == ClaimOutcome.Refuted) TITLE.refute(suspectId);
    }

    /* FREEZING */

    /// @inheritdoc IInfringementClaims
    function freeze(InfringementClaim calldata claim) external payable nonReentrant {
        (bytes32 id, ClaimState state) = _load(claim);
        if (msg.sender != claim.claimant) revert Errors.InfringementClaims_NotClaimant(claim.claimant, msg.sender);
        ClaimPhase phase = state.phase();
        if (phase == ClaimPhase.Ruled || phase == ClaimPhase.Closed || phase == ClaimPhase.None) {
            _revertPhase(id, state);
        }
        _checkTime(state.deadline());
        if (msg.value != FREEZE_BOND) revert Errors.InfringementClaims_ValueWrong(msg.value, FREEZE_BOND);
        if (state.hasFreeze()) revert Errors.InfringementClaims_FreezeUsed(id);
        _checkStanding(claim);
        uint256 suspectId = claim.suspectId;
        uint256 claimedAt = _depositedAt(claim.workId);
        uint256 suspectAt = _depositedAt(suspectId);
        if (claimedAt >= suspectAt) revert Errors.InfringementClaims_NotOlder(claimedAt, suspectAt);
        Freeze storage frozen = _freezes[suspectId];
        if (frozen.until > block.timestamp) {
            revert Errors.InfringementClaims_FrozenAlready(suspectId, frozen.until);
        }
        uint256 used = _usedOf(frozen);
        if (used + FREEZE_TIME > MAX_FROZEN) revert Errors.InfringementClaims_FreezeUsedUp(suspectId, used);

        uint256 until = block.timestamp + FREEZE_TIME;
        _states[id] = state.withFreeze();
        _freezes[suspectId] = Freeze(id, uint40(until), uint40(used + FREEZE_TIME), _now());
        emit FreezeStarted(id, suspectId, until, msg.value);

        TITLE.freeze(suspectId, until);
    }

    /* MONEY */

    /// @inheritdoc IInfringementClaims
    function withdraw(address to) external nonReentrant returns (uint256 amount) {
        amount = creditOf[msg.sender];
        if (amount == 0) revert Errors.InfringementClaims_NothingHeld(msg.sender);
        creditOf[msg.sender] = 0;
        emit Withdrawn(msg.sender, to, amount);

        bool sent;
        assembly ("memory-safe") {
            sent := call(gas(), to, amount, 0x00, 0x00, 0x00, 0x00)
        }
        if (!sent) revert Errors.InfringementClaims_TransferFailed(to, amount);
    }

    /* VIEWS */

    /// @inheritdoc IInfringementClaims
    function claimIdOf(InfringementClaim calldata claim) external pure returns (bytes32 id) {
        return claim.id();
    }

    /// @inheritdoc IInfringementClaims
    function claimOf(InfringementClaim calldata claim) external view returns (ClaimRecord memory record) {
        (bytes32 id, ClaimState state) = _load(claim);
        bool open = state.phase() != ClaimPhase.Closed;
        uint256 distance = state.distancePlusOne();
        record.phase = state.phase();
        record.outcome = state.outcome();
        record.deadline = state.deadline();
        record.bond = open ? state.bond() : 0;
        record.isMatched = distance != 0;
        if (distance != 0) record.distance = distance - 1;
        if (ClaimState.unwrap(state) != 0) record.respondent = _knownRespondent(claim, id);
        record.answerBond = open && state.hasAnswerBond() ? MIN_BOND : 0;
        record.freezeBond = open && state.hasFreeze() ? FREEZE_BOND : 0;
        record.forumAccepted = state.isForumAccepted();
        record.inBackup = state.isInBackup();
        record.appeals = state.appeals();
        record.disputeId = _disputeIds[id];
    }

    /// @inheritdoc IInfringementClaims
    function arbitratorOf(InfringementClaim calldata claim) external view returns (IArbitrator) {
        return _arbitratorOf(claim, _states[claim.id()]);
    }

    /// @inheritdoc IInfringementClaims
    function feeOf(InfringementClaim calldata claim) external view returns (uint256) {
        (bytes32 id, ClaimState state) = _load(claim);
        bool appeals = state.phase() == ClaimPhase.Disputed && block.timestamp <= state.deadline();
        if (state.phase() == ClaimPhase.Disputed && !appeals) state = state.withBackup();
        (IArbitrator arbitrator, bytes memory extraData) = _forumFor(claim, id, state);
        return appeals ? arbitrator.appealCost(_disputeIds[id], extraData) : arbitrator.arbitrationCost(extraData);
    }

    /// @inheritdoc IInfringementClaims
    function hasStanding(InfringementClaim calldata claim) public view returns (bool) {
        (address holder, , bool refuted) = TITLE.standingOf(claim.workId);
        return holder == claim.claimant && !refuted;
    }

    /// @inheritdoc IInfringementClaims
    function freezeOf(uint256 suspectId) external view returns (bytes32 claimId, uint256 until, uint256 used) {
        Freeze storage frozen = _freezes[suspectId];
        until = frozen.until > block.timestamp ? frozen.until : 0;
        return (frozen.claimId, until, _usedOf(frozen));
    }

    /* INTERNAL: STEPS */

    function _file(InfringementClaim calldata claim, uint256 distancePlusOne) private returns (bytes32 id) {
        address claimant = claim.claimant;
        address respondent = claim.respondent;
        uint256 suspectId = claim.suspectId;
        if (msg.sender != claimant) revert Errors.InfringementClaims_NotClaimant(claimant, msg.sender);
        if (respondent == claimant) revert Errors.InfringementClaims_ClaimInvalid("respondent");
        if (suspectId != 0 && (respondent != address(0) || suspectId == claim.workId)) {
            revert Errors.InfringementClaims_ClaimInvalid("suspectId");
        }
        if (claim.evidence == 0) revert Errors.InfringementClaims_ClaimInvalid("evidence");
        if (msg.value < MIN_BOND || msg.value > type(uint96).max) {
            revert Errors.InfringementClaims_BondOutOfRange(msg.value, MIN_BOND);
        }
        id = claim.id();
        if (ClaimState.unwrap(_states[id]) != 0) revert Errors.InfringementClaims_ClaimExists(id);

        _states[id] = filedClaim(block.timestamp + ANSWER_TIME, msg.value, distancePlusOne, suspectId != 0);

        uint256 distance;
        unchecked {
            // No distance is type(uint256).max.
            distance = distancePlusOne - 1;
        }
        emit ClaimFiled(
            id,
            claim.workId,
            respondent,
            claimant,
            suspectId,
            claim.evidence,
            claim.suspectFingerprint,
            claim.suspectType,
            claim.forum,
            claim.backup,
            msg.value,
            distance
        );
    }

    function _answer(
        InfringementClaim calldata claim,
        bool acceptsForum
    ) private returns (bytes32 id, ClaimState state, uint256 filedAt) {
        (id, state) = _load(claim);
        if (state.phase() != ClaimPhase.Filed) _revertPhase(id, state);
        filedAt = state.deadline() - ANSWER_TIME;
        _checkTime(state.deadline());
        _checkMayRespond(claim, id);

        state = state.withPhase(ClaimPhase.Answered).withAnswer(msg.value != 0, acceptsForum);
        state = state.withDeadline(block.timestamp + ESCALATION_TIME);
        _states[id] = state;
        if (claim.respondent == address(0)) _respondents[id] = msg.sender;

        emit ClaimAnswered(id, msg.sender, acceptsForum, msg.value);
    }

    /// @dev Passes the settlement's money from the caller on to the work.
    function _pay(uint256 workId, address currency, uint256 amount) private {
        uint256 value = currency == address(0) ? amount : 0;
        if (msg.value != value) revert Errors.InfringementClaims_ValueWrong(msg.value, value);
        if (amount == 0) return;
        if (currency != address(0)) {
            // The contract has no other tokens, so what does not arrive here cannot go on from here.
            IERC20(currency).safeTransferFrom(msg.sender, address(this), amount);
            SPLITTER.ready(currency, amount);
        }
        SPLITTER.collect{value: value}(workId, address(this), currency, amount, address(0), 0);
    }

    /// @dev Of the coins sent, what is not the fee is the caller's.
    function _takeFee(uint256 cost) private returns (uint256) {
        if (msg.value < cost) revert Errors.InfringementClaims_FeeTooLow(msg.value, cost);
        creditOf[msg.sender] += msg.value - cost;
        return cost;
    }

    /// @dev Credits all three bonds by the outcome that `state` has. `toClaimant` is the claimant's part of his own; the rest of it is the respondent's.
    function _close(
        InfringementClaim calldata claim,
        bytes32 id,
        ClaimState state,
        uint256 toClaimant,
        address fallbackTo
    ) private {
        ClaimOutcome outcome = state.outcome();
        uint256 toRespondent = state.bond() - toClaimant;
        if (state.hasAnswerBond()) {
            bool won = outcome == ClaimOutcome.Upheld || outcome == ClaimOutcome.Refuted;
            if (won) toClaimant += MIN_BOND;
            else toRespondent += MIN_BOND;
        }
        if (state.hasFreeze()) {
            bool unfounded =
                outcome == ClaimOutcome.Rejected ||
                    outcome == ClaimOutcome.Lapsed ||
                    outcome == ClaimOutcome.Dismissed ||
                    outcome == ClaimOutcome.Retracted;
            if (unfounded) toRespondent += FREEZE_BOND;
            else toClaimant += FREEZE_BOND;
        }
        address respondent = _respondentSide(claim, id);
        if (respondent == address(0)) respondent = fallbackTo;

        _states[id] = state.withPhase(ClaimPhase.Closed);
        if (toClaimant != 0) creditOf[claim.claimant] += toClaimant;
        if (toRespondent != 0) creditOf[respondent] += toRespondent;

        emit ClaimClosed(id, outcome, toClaimant, respondent, toRespondent);
    }

    /* INTERNAL: CHECKS */

    function _checkWork(InfringementClaim calldata claim, address depositor, Work calldata work) private pure {
        bytes32 given = WorkLib.idOf(depositor, work.hash());
        if (given != bytes32(claim.workId)) {
            revert Errors.InfringementClaims_WorkMismatch(given, bytes32(claim.workId));
        }
    }

    function _checkTime(uint256 deadline) private view {
        if (block.timestamp > deadline) revert Errors.InfringementClaims_TooLate(deadline, block.timestamp);
    }

    /// @dev A license's number begins with the first 192 bits of its offer's.
    function _checkLicense(bytes32 offerId, uint256 licenseId) private view {
        bytes32 given = bytes32((licenseId >> 64) << 64);
        bytes32 wanted = bytes32((uint256(offerId) >> 64) << 64);
        if (given != wanted) revert Errors.InfringementClaims_SettlementMismatch(given, wanted);
        if (offerId != 0 && (LICENSES.ownerOf(licenseId) != msg.sender || !LICENSES.isInForce(licenseId))) {
            revert Errors.InfringementClaims_LicenseInsufficient(licenseId);
        }
    }

    function _checkStanding(InfringementClaim calldata claim) private view {
        if (!hasStanding(claim)) revert Errors.InfringementClaims_NoStanding(claim.claimant, claim.workId);
    }

    /// @dev Where nobody is known to be the respondent, anybody but the claimant can be.
    function _checkMayRespond(InfringementClaim calldata claim, bytes32 id) private view {
        address respondent = _respondentSide(claim, id);
        bool may = respondent == msg.sender || (respondent == address(0) && claim.suspectId == 0);
        if (!may || msg.sender == claim.claimant) revert Errors.InfringementClaims_NotRespondent(id, msg.sender);
    }

    function _revertPhase(bytes32 id, ClaimState state) private pure {
        revert Errors.InfringementClaims_WrongPhase(id, uint8(state.phase()));
    }

    /* INTERNAL: READING */

    function _load(InfringementClaim calldata claim) private view returns (bytes32 id, ClaimState state) {
        id = claim.id();
        state = _states[id];
    }

    /// @dev Who is named, or answered; zero if nobody.
    function _knownRespondent(InfringementClaim calldata claim, bytes32 id) private view returns (address respondent) {
        respondent = claim.respondent;
        if (respondent == address(0)) respondent = _respondents[id];
    }

    /// @dev Who is known, or else holds the rights in the disputed deposit; zero if nobody. A title that is up for auction, or kept, is the
    /// exchange's, which cannot answer: its depositor does.
    function _respondentSide(InfringementClaim calldata claim, bytes32 id) private view returns (address respondent) {
        respondent = _knownRespondent(claim, id);
        uint256 suspectId = claim.suspectId;
        if (respondent == address(0) && suspectId != 0) {
            respondent = TITLE.rightsHolderOf(suspectId);
            if (respondent == LICENSES.exchange()) respondent = REGISTRY.depositOf(bytes32(suspectId)).claimant;
        }
    }

    function _forumOf(InfringementClaim calldata claim, ClaimState state) private pure returns (Forum) {
        if (!state.isForumAccepted()) return Forum.wrap(0);
        return state.isInBackup() ? claim.backup : claim.forum;
    }

    function _arbitratorOf(InfringementClaim calldata claim, ClaimState state) private view returns (IArbitrator) {
        address arbitrator = _forumOf(claim, state).arbitrator();
        return arbitrator == address(0) ? PANEL : IArbitrator(arbitrator);
    }

    function _forumFor(
        InfringementClaim calldata claim,
        bytes32 id,
        ClaimState state
    ) private view returns (IArbitrator arbitrator, bytes memory extraData) {
        Forum forum = _forumOf(claim, state);
        address respondent = _respondentSide(claim, id);
        arbitrator = _arbitratorOf(claim, state);
        extraData = abi.encode(forum.court(), forum.jurors(), msg.sender, claim.claimant, respondent);
    }

    function _choicesOf(ClaimState state) private pure returns (uint256) {
        return state.hasSuspect() ? 3 : 2;
    }

    function _outcomeOf(uint256 ruling) private pure returns (ClaimOutcome) {
        if (ruling == 0) return ClaimOutcome.Undecided;
        if (ruling == 1) return ClaimOutcome.Upheld;
        return ruling == 2 ? ClaimOutcome.Rejected : ClaimOutcome.Refuted;
    }

    function _depositedAt(uint256 workId) private view returns (uint256) {
        return REGISTRY.depositOf(bytes32(workId)).depositedAt;
    }

    function _usedOf(Freeze storage frozen) private view returns (uint256) {
        uint256 thawed = (block.timestamp - frozen.usedAt) / THAW_RATE;
        return frozen.used > thawed ? frozen.used - thawed : 0;
    }

    function _now() private view returns (uint40) {
        return uint40(block.timestamp);
    }
}
