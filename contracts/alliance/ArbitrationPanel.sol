// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {IArbitrable} from "../interfaces/IArbitrable.sol";
import {IArbitrationPanel, PanelDispute, PanelPhase} from "../interfaces/IArbitrationPanel.sol";
import {IArbitrator} from "../interfaces/IArbitrator.sol";
import {ICopyrightAlliance} from "../interfaces/ICopyrightAlliance.sol";
import {Role} from "../types/Role.sol";
import {Errors} from "../libraries/Errors.sol";

/// @title ArbitrationPanel
/// @notice The alliance's ERC-792 arbitrator: drawn by lot, votes by commitment, appeals.
/// @dev The documentation is in {IArbitrationPanel}.
contract ArbitrationPanel is IArbitrationPanel, AccessManaged {
    struct Dispute {
        // slot 0
        IArbitrable arbitrable;
        PanelPhase phase;
        uint8 choices;
        uint8 round;
        uint8 seats;
        uint8 filled;
        uint8 committed;
        uint8 revealed;
        uint8 replacements;
        uint8 ruling;
        bool delivered;
        // slot 1
        uint40 deadline;
        uint48 drawBlock;
        uint32 poolSize;
        uint96 fee;
        // slots 2 to 4
        address refundTo;
        address excluded;
        address excludedToo;
    }

    struct Seat {
        address arbitrator;
        bool revealed;
        bytes32 commitment;
    }

    /// @dev `place` is one more than the place in the pool; zero for who never enlisted.
    struct Entry {
        uint32 place;
        bool enlisted;
        uint40 benchedUntil;
    }

    /* CONSTANTS */

    /// @inheritdoc IArbitrationPanel
    uint256 public constant MAX_CHOICES = 15;

    /// @inheritdoc IArbitrationPanel
    uint256 public constant MIN_SEATS = 3;

    /// @inheritdoc IArbitrationPanel
    uint256 public constant MAX_FIRST_SEATS = 9;

    /// @inheritdoc IArbitrationPanel
    uint256 public constant MAX_SEATS = 15;

    /// @inheritdoc IArbitrationPanel
    uint256 public constant PROBES = 64;

    /// @inheritdoc IArbitrationPanel
    uint256 public constant DRAW_DELAY = 4;

    /// @inheritdoc IArbitrationPanel
    uint256 public constant DRAW_TIME = 3 days;

    /// @inheritdoc IArbitrationPanel
    uint256 public constant COMMIT_TIME = 5 days;

    /// @inheritdoc IArbitrationPanel
    uint256 public constant REVEAL_TIME = 3 days;

    /// @inheritdoc IArbitrationPanel
    uint256 public constant APPEAL_TIME = 3 days;

    /// @inheritdoc IArbitrationPanel
    uint256 public constant BENCH_TIME = 90 days;

    /// @inheritdoc IArbitrationPanel
    uint256 public constant MAX_REPLACEMENTS = 2;

    /// @inheritdoc IArbitrationPanel
    uint256 public constant MAX_APPEALS = 2;

    /// @inheritdoc IArbitrationPanel
    uint256 public constant RULE_GAS = 200_000;

    /// @dev What nobody pays: the cost of an appeal that is not taken.
    uint256 private constant UNAFFORDABLE = type(uint128).max;

    /// @dev Bits of a choice's count in the word of a round's votes; 16 of them hold choices 0 to {MAX_CHOICES}.
    uint256 private constant COUNT_BITS = 16;

    /// @inheritdoc IArbitrationPanel
    ICopyrightAlliance public immutable ALLIANCE;

    /// @inheritdoc IArbitrationPanel
    uint256 public immutable MIN_FEE;

    /// @inheritdoc IArbitrationPanel
    uint256 public immutable MAX_FEE;

    /* STORAGE */

    mapping(uint256 disputeId => Dispute) private _disputes;

    mapping(uint256 disputeId => mapping(uint256 round => mapping(uint256 seat => Seat))) private _seats;

    /// @dev Where an arbitrator sits or sat in a dispute: 256 times the round, plus the seat, plus one. Nobody is drawn twice.
    mapping(uint256 disputeId => mapping(address arbitrator => uint256)) private _placed;

    mapping(uint256 disputeId => mapping(uint256 round => uint256)) private _votes;

    /// @dev Grows and never shrinks, so that leaving it moves nobody else to another place.
    address[] private _pool;

    mapping(address arbitrator => Entry) private _entries;

    /// @inheritdoc IArbitrationPanel
    mapping(address account => uint256) public creditOf;

    /// @inheritdoc IArbitrationPanel
    uint256 public disputeCount;

    /// @inheritdoc IArbitrationPanel
    uint256 public seatFee;

    /* CONSTRUCTOR */

    /// @param authority OpenZeppelin AccessManager that may set the fee.
    /// @param alliance Tells who is an arbitrator.
    /// @param minFee Least fee for a seat, in wei, which is charged at first; not zero.
    /// @param maxFee Highest fee for a seat.
    constructor(
        address authority,
        ICopyrightAlliance alliance,
        uint256 minFee,
        uint256 maxFee
    ) AccessManaged(authority) {
        // Fifteen seats' fees must fit 96 bits.
        if (minFee == 0 || maxFee < minFee || maxFee > type(uint88).max) {
            revert Errors.ArbitrationPanel_FeeOutOfRange(minFee, 1, maxFee);
        }
        ALLIANCE = alliance;
        MIN_FEE = minFee;
        MAX_FEE = maxFee;
        seatFee = minFee;
        emit FeeSet(minFee);
    }

    /* ARBITRATORS */

    /// @inheritdoc IArbitrationPanel
    function enlist() external {
        _checkArbitrator();
        Entry memory entry = _entries[msg.sender];
        if (entry.enlisted) revert Errors.ArbitrationPanel_EnlistedAlready(msg.sender);
        if (block.timestamp < entry.benchedUntil) {
            revert Errors.ArbitrationPanel_BenchedUntil(msg.sender, entry.benchedUntil);
        }

        if (entry.place == 0) {
            _pool.push(msg.sender);
            entry.place = uint32(_pool.length);
        }
        entry.enlisted = true;
        _entries[msg.sender] = entry;

        emit Enlisted(msg.sender, entry.place - 1);
    }

    /// @inheritdoc IArbitrationPanel
    function retire() external {
        if (!_entries[msg.sender].enlisted) revert Errors.ArbitrationPanel_NotEnlisted(msg.sender);
        _entries[msg.sender].enlisted = false;
        emit Retired(msg.sender);
    }

    /// @inheritdoc IArbitrationPanel
    function recuse(uint256 disputeId) external {
        Dispute storage dispute = _in(disputeId, PanelPhase.Committing);
        (uint256 index, Seat storage seat) = _ownSeat(disputeId, dispute);
        if (seat.commitment != 0) revert Errors.ArbitrationPanel_VotedAlready(disputeId, msg.sender);

        seat.arbitrator = address(0);
        --dispute.filled;

        emit Recused(disputeId, index, msg.sender);
    }

    /// @inheritdoc IArbitrationPanel
    function commit(uint256 disputeId, bytes32 commitment) external {
        Dispute storage dispute = _in(disputeId, PanelPhase.Committing);
        _checkTime(dispute);
        (, Seat storage seat) = _ownSeat(disputeId, dispute);
        _checkArbitrator();
        if (seat.commitment != 0) revert Errors.ArbitrationPanel_VotedAlready(disputeId, msg.sender);
        if (commitment == 0) revert Errors.ArbitrationPanel_CommitmentZero();

        seat.commitment = commitment;
        uint8 committed = ++dispute.committed;
        emit VoteCommitted(disputeId, msg.sender, commitment);

        if (committed == dispute.seats) _start(disputeId, dispute, PanelPhase.Revealing, REVEAL_TIME);
    }

    /// @inheritdoc IArbitrationPanel
    function reveal(uint256 disputeId, uint256 choice, bytes32 salt) external {
        Dispute storage dispute = _in(disputeId, PanelPhase.Revealing);
        _checkTime(dispute);
        (, Seat storage seat) = _ownSeat(disputeId, dispute);
        _checkArbitrator();
        if (seat.revealed) revert Errors.ArbitrationPanel_VotedAlready(disputeId, msg.sender);
        if (choice > dispute.choices) revert Errors.ArbitrationPanel_ChoiceInvalid(choice, dispute.choices);
        bytes32 commitment = commitmentOf(disputeId, dispute.round, msg.sender, choice, salt);
        if (commitment != seat.commitment) {
            revert Errors.ArbitrationPanel_CommitmentMismatch(commitment, seat.commitment);
        }

        seat.revealed = true;
        _votes[disputeId][dispute.round] += 1 << (choice * COUNT_BITS);
        uint8 revealed = ++dispute.revealed;
        emit VoteRevealed(disputeId, msg.sender, choice);

        if (revealed == dispute.committed) _close(disputeId, dispute);
    }

    /* DISPUTES */

    /// @inheritdoc IArbitrator
    function createDispute(uint256 choices, bytes calldata extraData) external payable returns (uint256 disputeId) {
        if (choices < 2 || choices > MAX_CHOICES) revert Errors.ArbitrationPanel_ChoicesInvalid(choices);
        uint256 seats = _seatsFor(extraData);
        disputeId = ++disputeCount;
        Dispute storage dispute = _disputes[disputeId];
        dispute.arbitrable = IArbitrable(msg.sender);
        dispute.choices = uint8(choices);
        dispute.excluded = _addressIn(extraData, 3);
        dispute.excludedToo = _addressIn(extraData, 4);
        emit DisputeCreation(disputeId, IArbitrable(msg.sender));

        _open(disputeId, dispute, seats, seatFee * seats, extraData);
    }

    /// @inheritdoc IArbitrator
    function appeal(uint256 disputeId, bytes calldata extraData) external payable {
        Dispute storage dispute = _in(disputeId, PanelPhase.Decided);
        IArbitrable arbitrable = dispute.arbitrable;
        if (msg.sender != address(arbitrable)) {
            revert Errors.ArbitrationPanel_NotArbitrable(address(arbitrable), msg.sender);
        }
        if (dispute.round == MAX_APPEALS) revert Errors.ArbitrationPanel_AppealsUsedUp(disputeId);
        _checkTime(dispute);

        uint256 seats = _seatsAfter(dispute);
        ++dispute.round;
        (dispute.filled, dispute.committed, dispute.revealed, dispute.replacements) = (0, 0, 0, 0);
        emit AppealDecision(disputeId, arbitrable);

        _open(disputeId, dispute, seats, seatFee * seats, extraData);
    }

    /// @inheritdoc IArbitrationPanel
    function draw(uint256 disputeId) external {
        Dispute storage dispute = _in(disputeId, PanelPhase.Drawing);
        _checkTime(dispute);
        uint256 drawBlock = dispute.drawBlock;
        if (block.number <= drawBlock) revert Errors.ArbitrationPanel_TooEarly(drawBlock + 1, block.number);

        bytes32 seed = blockhash(drawBlock);
        if (seed != 0 && dispute.poolSize != 0) _fill(disputeId, dispute, seed);
        if (dispute.filled == dispute.seats) _start(disputeId, dispute, PanelPhase.Committing, COMMIT_TIME);
        else _schedule(disputeId, dispute);
    }

    /// @inheritdoc IArbitrationPanel
    function advance(uint256 disputeId) external {
        Dispute storage dispute = _disputes[disputeId];
        PanelPhase phase = dispute.phase;
        if (phase == PanelPhase.None || phase >= PanelPhase.Decided) _revertPhase(disputeId, phase);
        if (block.timestamp <= dispute.deadline) {
            revert Errors.ArbitrationPanel_TooEarly(uint256(dispute.deadline) + 1, block.timestamp);
        }

        if (phase == PanelPhase.Revealing) {
            _close(disputeId, dispute);
        } else if (phase == PanelPhase.Drawing) {
            // With half of the seats or fewer there can be no majority. Votes that were committed are to be shown and paid all the same.
            if (dispute.filled > dispute.seats / 2 && dispute.filled != dispute.committed) {
                _start(disputeId, dispute, PanelPhase.Committing, COMMIT_TIME);
            } else {
                _endCommitting(disputeId, dispute);
            }
        } else {
            _vacateSilent(disputeId, dispute);
            if (dispute.replacements < MAX_REPLACEMENTS) {
                ++dispute.replacements;
                _start(disputeId, dispute, PanelPhase.Drawing, DRAW_TIME);
                _schedule(disputeId, dispute);
            } else {
                _endCommitting(disputeId, dispute);
            }
        }
    }

    /// @inheritdoc IArbitrationPanel
    function execute(uint256 disputeId) external returns (bool accepted) {
        Dispute storage dispute = _disputes[disputeId];
        PanelPhase phase = dispute.phase;
        if (phase < PanelPhase.Decided) _revertPhase(disputeId, phase);
        if (phase == PanelPhase.Decided && block.timestamp <= dispute.deadline && dispute.round != MAX_APPEALS) {
            revert Errors.ArbitrationPanel_TooEarly(uint256(dispute.deadline) + 1, block.timestamp);
        }
        if (dispute.delivered) revert Errors.ArbitrationPanel_DeliveredAlready(disputeId);

        if (phase == PanelPhase.Decided) _start(disputeId, dispute, PanelPhase.Solved, 0);
        dispute.delivered = true;
        IArbitrable arbitrable = dispute.arbitrable;
        uint256 ruling = dispute.ruling;
        bytes memory message = abi.encodeCall(IArbitrable.rule, (disputeId, ruling));
        // Of what is left, a call can have 63 parts of 64. Less than all of {RULE_GAS} would let the caller choose whether the ruling arrives.
        uint256 wanted = RULE_GAS + RULE_GAS / 63 + 10_000;
        if (gasleft() < wanted) revert Errors.ArbitrationPanel_GasTooLow(gasleft(), wanted);
        assembly ("memory-safe") {
            // No byte of the answer is copied.
            accepted := call(RULE_GAS, arbitrable, 0, add(message, 0x20), mload(message), 0x00, 0x00)
        }
        if (!accepted) dispute.delivered = false;

        emit RulingDelivered(disputeId, arbitrable, ruling, accepted);
    }

    /* MONEY */

    /// @inheritdoc IArbitrationPanel
    function withdraw(address to) external returns (uint256 amount) {
        amount = creditOf[msg.sender];
        if (amount == 0) revert Errors.ArbitrationPanel_NothingHeld(msg.sender);
        creditOf[msg.sender] = 0;
        emit Withdrawn(msg.sender, to, amount);

        bool sent;
        assembly ("memory-safe") {
            sent := call(gas(), to, amount, 0x00, 0x00, 0x00, 0x00)
        }
        if (!sent) revert Errors.ArbitrationPanel_TransferFailed(to, amount);
    }

    /// @inheritdoc IArbitrationPanel
    function setFee(uint256 fee) external restricted {
        if (fee < MIN_FEE || fee > MAX_FEE) revert Errors.ArbitrationPanel_FeeOutOfRange(fee, MIN_FEE, MAX_FEE);
        seatFee = fee;
        emit FeeSet(fee);
    }

    /* VIEWS */

    /// @inheritdoc IArbitrator
    function arbitrationCost(bytes calldata extraData) external view returns (uint256) {
        return seatFee * _seatsFor(extraData);
    }

    /// @inheritdoc IArbitrator
    function appealCost(uint256 disputeId, bytes calldata) external view returns (uint256) {
        Dispute storage dispute = _disputes[disputeId];
        if (dispute.round == MAX_APPEALS) return UNAFFORDABLE;
        return seatFee * _seatsAfter(dispute);
    }

    /// @inheritdoc IArbitrator
    function appealPeriod(uint256 disputeId) external view returns (uint256 start, uint256 end) {
        Dispute storage dispute = _disputes[disputeId];
        if (dispute.phase != PanelPhase.Decided || dispute.round == MAX_APPEALS) return (0, 0);
        return (dispute.deadline - APPEAL_TIME, dispute.deadline);
    }

    /// @inheritdoc IArbitrator
    function disputeStatus(uint256 disputeId) external view returns (DisputeStatus) {
        Dispute storage dispute = _disputes[disputeId];
        if (dispute.phase < PanelPhase.Decided) return DisputeStatus.Waiting;
        bool appealable =
            dispute.phase == PanelPhase.Decided && dispute.round != MAX_APPEALS && block.timestamp <= dispute.deadline;
        return appealable ? DisputeStatus.Appealable : DisputeStatus.Solved;
    }

    /// @inheritdoc IArbitrator
    function currentRuling(uint256 disputeId) external view returns (uint256) {
        return _disputes[disputeId].ruling;
    }

    /// @inheritdoc IArbitrationPanel
    function commitmentOf(
        uint256 disputeId,
        uint256 round,
        address arbitrator,
        uint256 choice,
        bytes32 salt
    ) public view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), disputeId, round, arbitrator, choice, salt));
    }

    /// @inheritdoc IArbitrationPanel
    function disputeOf(uint256 disputeId) external view returns (PanelDispute memory) {
        Dispute memory dispute = _disputes[disputeId];
        return
            PanelDispute({
                arbitrable: dispute.arbitrable,
                phase: dispute.phase,
                choices: dispute.choices,
                round: dispute.round,
                seats: dispute.seats,
                filled: dispute.filled,
                committed: dispute.committed,
                revealed: dispute.revealed,
                replacements: dispute.replacements,
                deadline: dispute.deadline,
                drawBlock: dispute.drawBlock,
                ruling: dispute.ruling,
                delivered: dispute.delivered,
                fee: dispute.fee
            });
    }

    /// @inheritdoc IArbitrationPanel
    function seatOf(
        uint256 disputeId,
        uint256 seat
    ) external view returns (address arbitrator, bytes32 commitment, bool revealed) {
        Seat storage found = _seats[disputeId][_disputes[disputeId].round][seat];
        return (found.arbitrator, found.commitment, found.revealed);
    }

    /// @inheritdoc IArbitrationPanel
    function votesFor(uint256 disputeId, uint256 choice) external view returns (uint256) {
        return _countIn(_votes[disputeId][_disputes[disputeId].round], choice);
    }

    /// @inheritdoc IArbitrationPanel
    function poolAt(uint256 place) external view returns (address) {
        return _pool[place];
    }

    /// @inheritdoc IArbitrationPanel
    function standingOf(address arbitrator) external view returns (bool enlisted, uint256 benchedUntil) {
        Entry storage entry = _entries[arbitrator];
        return (entry.enlisted, entry.benchedUntil);
    }

    /// @inheritdoc IArbitrationPanel
    function poolSize() external view returns (uint256) {
        return _pool.length;
    }

    /* INTERNAL: ROUNDS */

    /// @dev Begins a round. What was sent beyond its fee is the payer's.
    function _open(
        uint256 disputeId,
        Dispute storage dispute,
        uint256 seats,
        uint256 fee,
        bytes calldata extraData
    ) private {
        if (msg.value < fee) revert Errors.ArbitrationPanel_FeeTooLow(msg.value, fee);
        address refundTo = _addressIn(extraData, 2);
        if (refundTo == address(0)) refundTo = msg.sender;
        dispute.refundTo = refundTo;
        dispute.seats = uint8(seats);
        dispute.fee = uint96(fee);
        _credit(refundTo, disputeId, msg.value - fee);
        _start(disputeId, dispute, PanelPhase.Drawing, DRAW_TIME);
        _schedule(disputeId, dispute);
    }

    function _start(uint256 disputeId, Dispute storage dispute, PanelPhase phase, uint256 time) private {
        uint256 deadline = block.timestamp + time;
        (dispute.phase, dispute.deadline) = (phase, uint40(deadline));
        emit PhaseStarted(disputeId, phase, dispute.round, deadline);
    }

    /// @dev Nobody knows the block's hash yet, and who enlists from now on is not drawn by it.
    function _schedule(uint256 disputeId, Dispute storage dispute) private {
        uint256 drawBlock = block.number + DRAW_DELAY;
        (dispute.drawBlock, dispute.poolSize) = (uint48(drawBlock), uint32(_pool.length));
        emit DrawScheduled(disputeId, dispute.round, drawBlock);
    }

    /// @dev Each probe is a lot of its own, so that an empty place in the pool raises nobody's chances.
    function _fill(uint256 disputeId, Dispute storage dispute, bytes32 seed) private {
        uint256 seats = dispute.seats;
        uint256 round = dispute.round;
        uint256 size = dispute.poolSize;
        uint8 filled = dispute.filled;
        uint256 seat;
        for (uint256 probe; probe < PROBES && filled < seats; ++probe) {
            while (_seats[disputeId][round][seat].arbitrator != address(0)) ++seat;
            address candidate = _pool[uint256(keccak256(abi.encode(seed, disputeId, probe))) % size];
            if (!_isEligible(disputeId, dispute, candidate)) continue;
            _seats[disputeId][round][seat].arbitrator = candidate;
            _placed[disputeId][candidate] = (round << 8) + seat + 1;
            ++filled;
            emit Drawn(disputeId, round, seat, candidate);
        }
        dispute.filled = filled;
    }

    function _isEligible(uint256 disputeId, Dispute storage dispute, address candidate) private view returns (bool) {
        return
            _entries[candidate].enlisted &&
            _placed[disputeId][candidate] == 0 &&
            candidate != dispute.excluded &&
            candidate != dispute.excludedToo &&
            ALLIANCE.isMember(candidate, Role.Arbitrator);
    }

    function _vacateSilent(uint256 disputeId, Dispute storage dispute) private {
        uint256 seats = dispute.seats;
        for (uint256 index; index < seats; ++index) {
            Seat storage seat = _seats[disputeId][dispute.round][index];
            if (seat.arbitrator == address(0) || seat.commitment != 0) continue;
            _bench(disputeId, seat.arbitrator);
            seat.arbitrator = address(0);
            --dispute.filled;
        }
    }

    function _endCommitting(uint256 disputeId, Dispute storage dispute) private {
        if (dispute.committed == 0) _close(disputeId, dispute);
        else _start(disputeId, dispute, PanelPhase.Revealing, REVEAL_TIME);
    }

    /// @dev Counts the votes, pays for them, and opens the time to appeal.
    function _close(uint256 disputeId, Dispute storage dispute) private {
        uint256 round = dispute.round;
        uint256 seats = dispute.seats;
        uint256 revealed = dispute.revealed;
        uint256 rest = dispute.fee;
        uint256 pay = revealed == 0 ? 0 : rest / revealed;
        for (uint256 index; index < seats; ++index) {
            Seat storage seat = _seats[disputeId][round][index];
            if (seat.revealed) {
                _credit(seat.arbitrator, disputeId, pay);
                rest -= pay;
            } else if (seat.commitment != 0) {
                _bench(disputeId, seat.arbitrator);
            }
        }
        _credit(dispute.refundTo, disputeId, rest);

        uint256 votes = _votes[disputeId][round];
        bool decided;
        uint256 choice = dispute.choices + 1;
        while (choice != 0 && !decided) decided = _countIn(votes, --choice) > seats / 2;
        if (decided) dispute.ruling = uint8(choice);
        emit RoundClosed(disputeId, round, decided, choice);

        _start(disputeId, dispute, PanelPhase.Decided, round == MAX_APPEALS ? 0 : APPEAL_TIME);
        if (round != MAX_APPEALS) emit AppealPossible(disputeId, dispute.arbitrable);
    }

    function _bench(uint256 disputeId, address arbitrator) private {
        uint256 until = block.timestamp + BENCH_TIME;
        Entry storage entry = _entries[arbitrator];
        (entry.enlisted, entry.benchedUntil) = (false, uint40(until));
        emit Benched(arbitrator, disputeId, until);
    }

    function _credit(address account, uint256 disputeId, uint256 amount) private {
        if (amount == 0) return;
        creditOf[account] += amount;
        emit Credited(account, disputeId, amount);
    }

    /* INTERNAL: CHECKS */

    function _in(uint256 disputeId, PanelPhase phase) private view returns (Dispute storage dispute) {
        dispute = _disputes[disputeId];
        if (dispute.phase != phase) _revertPhase(disputeId, dispute.phase);
    }

    function _revertPhase(uint256 disputeId, PanelPhase phase) private pure {
        revert Errors.ArbitrationPanel_WrongPhase(disputeId, uint8(phase));
    }

    function _checkTime(Dispute storage dispute) private view {
        if (block.timestamp > dispute.deadline) {
            revert Errors.ArbitrationPanel_TooLate(dispute.deadline, block.timestamp);
        }
    }

    function _checkArbitrator() private view {
        if (!ALLIANCE.isMember(msg.sender, Role.Arbitrator)) {
            revert Errors.ArbitrationPanel_NotArbitrator(msg.sender);
        }
    }

    function _ownSeat(
        uint256 disputeId,
        Dispute storage dispute
    ) private view returns (uint256 index, Seat storage seat) {
        uint256 round = dispute.round;
        uint256 placed = _placed[disputeId][msg.sender];
        if (placed != 0 && placed >> 8 == round) {
            index = (placed & 0xff) - 1;
            seat = _seats[disputeId][round][index];
            // A seat that was left is not his any more.
            if (seat.arbitrator == msg.sender) return (index, seat);
        }
        revert Errors.ArbitrationPanel_NotSeated(disputeId, msg.sender);
    }

    /* INTERNAL: READING */

    /// @dev An odd number in the range, the next higher one to what is asked for.
    function _seatsFor(bytes calldata extraData) private pure returns (uint256 seats) {
        if (extraData.length >= 64) seats = uint256(bytes32(extraData[32:64]));
        if (seats < MIN_SEATS) return MIN_SEATS;
        if (seats > MAX_FIRST_SEATS) return MAX_FIRST_SEATS;
        return seats | 1;
    }

    function _seatsAfter(Dispute storage dispute) private view returns (uint256 seats) {
        seats = uint256(dispute.seats) * 2 + 1;
        if (seats > MAX_SEATS) seats = MAX_SEATS;
    }

    function _addressIn(bytes calldata extraData, uint256 word) private pure returns (address) {
        uint256 end = 32 * (word + 1);
        return extraData.length < end ? address(0) : address(bytes20(extraData[end - 20:end]));
    }

    function _countIn(uint256 votes, uint256 choice) private pure returns (uint256) {
        return uint16(votes >> (choice * COUNT_BITS));
    }
}
