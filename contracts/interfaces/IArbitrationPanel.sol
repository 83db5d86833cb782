// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IArbitrable} from "./IArbitrable.sol";
import {IArbitrator} from "./IArbitrator.sol";
import {ICopyrightAlliance} from "./ICopyrightAlliance.sol";

/// @notice How far the deliberation of a dispute has come.
/// - `Drawing`: seats are to be filled by {IArbitrationPanel-draw}.
/// - `Committing`: arbitrators commit to their votes; `Revealing`: they show them.
/// - `Decided`: the round has its ruling, which can be appealed until the deadline.
/// - `Solved`: the ruling stands.
enum PanelPhase {
    None,
    Drawing,
    Committing,
    Revealing,
    Decided,
    Solved
}

/// @notice A dispute, as it stands.
/// @param round Number of the round, from 0; each appeal begins another.
/// @param seats How many arbitrators the round has.
/// @param filled How many of its seats are filled.
/// @param committed How many votes are committed. @param revealed How many are shown.
/// @param replacements How often silent arbitrators were replaced in this round.
/// @param deadline Last second of the phase, since 1970.
/// @param drawBlock Block whose hash decides the next drawing.
/// @param ruling Of the last round that came to one; zero if none did.
/// @param delivered Whether the arbitrable has taken the ruling.
/// @param fee What the round's arbitrators share, in wei.
struct PanelDispute {
    IArbitrable arbitrable;
    PanelPhase phase;
    uint256 choices;
    uint256 round;
    uint256 seats;
    uint256 filled;
    uint256 committed;
    uint256 revealed;
    uint256 replacements;
    uint256 deadline;
    uint256 drawBlock;
    uint256 ruling;
    bool delivered;
    uint256 fee;
}

/// @title IArbitrationPanel
/// @notice The alliance's arbitrator, as ERC-792 has it: members with the role of an arbitrator enlist, are drawn by lot for each dispute, vote by
/// commitment, and share the fee.
///
/// A round: {draw} fills the seats; each arbitrator {commit}s to a vote in {COMMIT_TIME}; whoever was silent is replaced, {MAX_REPLACEMENTS} times
/// at most; then each {reveal}s in {REVEAL_TIME}. A choice that has more than half of all seats is the round's ruling. {close} counts,
/// and the arbitrable may {appeal} within {APPEAL_TIME}, at most {MAX_APPEALS} times, to a round of twice as many and one. A round without such a
/// majority leaves the ruling as it was; the first round's was zero, which says that there is none. {execute} then tells the arbitrable.
///
/// `extraData` are words: the first is not read (Kleros has the court there), the second is the number of seats, then who gets a fee back that
/// nobody earned, then two accounts that may not be drawn. It may end anywhere.
///
/// What the contract guarantees:
/// - Nobody can hold a dispute up: every phase ends by its deadline, on anybody's call, and no step loops over more than {MAX_SEATS} seats or
///   {PROBES} places in the pool.
/// - Whoever decides was drawn from those who had enlisted before the block was known by whose hash they were drawn, and was a member in good
///   standing when he was drawn, committed and revealed.
/// - A vote is secret until all are committed or the time to commit is over, and cannot be copied or changed.
/// - A ruling is passed to the arbitrable with {RULE_GAS} gas. If it reverts or runs out, the dispute is solved all the same, fees are paid, and
///   anybody can pass it on again.
/// - Every wei of a fee goes to those of its round who revealed a vote, in equal parts; if nobody did, back. It holds exactly what it owes.
///
/// What it does not:
/// - Warning: the producer of the drawing block knows its hash first and can throw the block away, at the price of its reward.
/// - Warning: arbitrators can tell one another how they vote. Commitments keep votes from being copied, not from being agreed upon.
/// - Warning: a small pool makes a small panel. A round whose seats are not filled in time goes on if more than half are.
/// - Warning: `deadline`s are time, `drawBlock` is a block's number as the chain counts it; on chains that report another chain's numbers
///   drawing takes as long as that chain's blocks do.
interface IArbitrationPanel is IArbitrator {
    /* EVENTS */

    /// @notice An arbitrator can be drawn from now on.
    event Enlisted(address indexed arbitrator, uint256 place);

    /// @notice An arbitrator can no longer be drawn. He keeps the seats he has.
    event Retired(address indexed arbitrator);

    /// @notice An arbitrator let a dispute down: he did not commit, or did not reveal. He can enlist again from `until` on.
    event Benched(address indexed arbitrator, uint256 indexed disputeId, uint256 until);

    /// @notice Seats will be drawn by the hash of this block.
    event DrawScheduled(uint256 indexed disputeId, uint256 round, uint256 drawBlock);

    /// @notice An arbitrator was drawn.
    event Drawn(uint256 indexed disputeId, uint256 round, uint256 seat, address indexed arbitrator);

    /// @notice An arbitrator left his seat before he voted, by his own will.
    event Recused(uint256 indexed disputeId, uint256 seat, address indexed arbitrator);

    /// @notice The dispute's phase changed.
    event PhaseStarted(uint256 indexed disputeId, PanelPhase indexed phase, uint256 round, uint256 deadline);

    /// @notice A vote was committed.
    event VoteCommitted(uint256 indexed disputeId, address indexed arbitrator, bytes32 commitment);

    /// @notice A vote was shown.
    event VoteRevealed(uint256 indexed disputeId, address indexed arbitrator, uint256 choice);

    /// @notice A round is over.
    /// @param ruling Its own; `decided` tells whether it has one.
    event RoundClosed(uint256 indexed disputeId, uint256 round, bool decided, uint256 ruling);

    /// @notice The arbitrable was told the ruling. @param accepted Whether it took it.
    event RulingDelivered(uint256 indexed disputeId, IArbitrable indexed arbitrable, uint256 ruling, bool accepted);

    /// @notice An account is owed money: a vote's pay, or a fee that nobody earned.
    event Credited(address indexed account, uint256 indexed disputeId, uint256 amount);

    /// @notice Credit was paid out.
    event Withdrawn(address indexed account, address to, uint256 amount);

    /// @notice The fee for one seat in disputes and appeals to come.
    event FeeSet(uint256 fee);

    /* ARBITRATORS */

    /// @notice Enters the pool. Only by a member with the role of an arbitrator who is not benched.
    /// @dev Reverts with `ArbitrationPanel_NotArbitrator`, `ArbitrationPanel_BenchedUntil` or `ArbitrationPanel_EnlistedAlready`.
    function enlist() external;

    /// @notice Leaves the pool; the caller keeps the seats he has.
    /// @dev Reverts with `ArbitrationPanel_NotEnlisted`.
    function retire() external;

    /// @notice Leaves a seat before voting, for instance because of an interest in the matter. It is filled when the silent are replaced.
    /// @dev Reverts with `ArbitrationPanel_WrongPhase`, `ArbitrationPanel_NotSeated` or `ArbitrationPanel_VotedAlready`.
    function recuse(uint256 disputeId) external;

    /// @notice Commits to a vote. Only once.
    /// @dev Reverts with `ArbitrationPanel_WrongPhase`, `ArbitrationPanel_TooLate`, `ArbitrationPanel_NotSeated`, `ArbitrationPanel_NotArbitrator`,
    /// `ArbitrationPanel_VotedAlready` or `ArbitrationPanel_CommitmentZero`.
    /// @param commitment {commitmentOf} the vote.
    function commit(uint256 disputeId, bytes32 commitment) external;

    /// @notice Shows a vote.
    /// @dev Reverts with `ArbitrationPanel_WrongPhase`, `ArbitrationPanel_TooLate`, `ArbitrationPanel_NotSeated`, `ArbitrationPanel_NotArbitrator`,
    /// `ArbitrationPanel_VotedAlready`, `ArbitrationPanel_ChoiceInvalid` or `ArbitrationPanel_CommitmentMismatch`.
    /// @param choice 0 to the dispute's choices.
    /// @param salt Random, as it was committed to.
    function reveal(uint256 disputeId, uint256 choice, bytes32 salt) external;

    /* ROUNDS: ANYBODY'S CALLS */

    /// @notice Fills seats by lot, once {PanelDispute-drawBlock} is past. If that was more than 256 blocks ago, or seats stay empty, another
    /// block is named.
    /// @dev Reverts with `ArbitrationPanel_WrongPhase`, `ArbitrationPanel_TooEarly` or, past the deadline, `ArbitrationPanel_TooLate`.
    function draw(uint256 disputeId) external;

    /// @notice Goes on when a phase's time is over: replaces silent arbitrators, begins revealing, or closes a round that cannot be held.
    /// @dev Reverts with `ArbitrationPanel_WrongPhase` or `ArbitrationPanel_TooEarly`.
    function advance(uint256 disputeId) external;

    /// @notice Passes the ruling to the arbitrable when it can no longer be appealed; again if it was not taken.
    /// @dev Reverts with `ArbitrationPanel_WrongPhase`, `ArbitrationPanel_TooEarly`, `ArbitrationPanel_DeliveredAlready` or
    /// `ArbitrationPanel_GasTooLow`.
    /// @return accepted Whether the arbitrable took it.
    function execute(uint256 disputeId) external returns (bool accepted);

    /* MONEY */

    /// @notice Sends the caller's credit to an address of his choice.
    /// @dev Reverts with `ArbitrationPanel_NothingHeld` or `ArbitrationPanel_TransferFailed`.
    /// @return amount In wei.
    function withdraw(address to) external returns (uint256 amount);

    /// @notice Sets the fee for one seat, for disputes and appeals to come.
    /// @dev Restricted. Reverts with `ArbitrationPanel_FeeOutOfRange`.
    function setFee(uint256 fee) external;

    /* VIEWS */

    /// @notice The commitment to a vote: `keccak256(abi.encode(chainid, panel, disputeId, round, arbitrator, choice, salt))`.
    function commitmentOf(
        uint256 disputeId,
        uint256 round,
        address arbitrator,
        uint256 choice,
        bytes32 salt
    ) external view returns (bytes32);

    /// @notice A dispute, as it is stored; `phase` moves when it is advanced.
    function disputeOf(uint256 disputeId) external view returns (PanelDispute memory);

    /// @notice Who sits on a seat of the current round, zero for an empty one.
    /// @return arbitrator Who. @return commitment His vote's. @return revealed Whether he has shown it.
    function seatOf(
        uint256 disputeId,
        uint256 seat
    ) external view returns (address arbitrator, bytes32 commitment, bool revealed);

    /// @notice Votes for a choice in the current round, shown until now.
    function votesFor(uint256 disputeId, uint256 choice) external view returns (uint256);

    /// @notice Wei that the account can withdraw.
    function creditOf(address account) external view returns (uint256);

    /// @notice Who enlisted, by place, whether or not he can be drawn now.
    function poolAt(uint256 place) external view returns (address arbitrator);

    /// @return enlisted Whether the account is in the pool. @return benchedUntil Second from which he can enlist again.
    function standingOf(address arbitrator) external view returns (bool enlisted, uint256 benchedUntil);

    function poolSize() external view returns (uint256);
    function disputeCount() external view returns (uint256);

    /// @notice Fee for one seat, in wei.
    function seatFee() external view returns (uint256);

    /* CONSTANTS */

    function ALLIANCE() external view returns (ICopyrightAlliance);

    /// @notice Range of {seatFee}, in wei. Never zero, so that disputes that only waste arbitrators' time cost something.
    function MIN_FEE() external view returns (uint256);
    function MAX_FEE() external view returns (uint256);

    /// @notice Most choices of a dispute: 15.
    function MAX_CHOICES() external view returns (uint256);

    /// @notice Seats of a first round, always odd: at least 3, at most 9. After appeals at most {MAX_SEATS}: 15.
    function MIN_SEATS() external view returns (uint256);
    function MAX_FIRST_SEATS() external view returns (uint256);
    function MAX_SEATS() external view returns (uint256);

    /// @notice Places of the pool that one drawing looks at: 64.
    function PROBES() external view returns (uint256);

    /// @notice Blocks between naming the drawing block and that block: 4.
    function DRAW_DELAY() external view returns (uint256);

    /// @notice 3 days, 5 days, 3 days, 3 days and 90 days, in seconds.
    function DRAW_TIME() external view returns (uint256);
    function COMMIT_TIME() external view returns (uint256);
    function REVEAL_TIME() external view returns (uint256);
    function APPEAL_TIME() external view returns (uint256);
    function BENCH_TIME() external view returns (uint256);

    function MAX_REPLACEMENTS() external view returns (uint256);
    function MAX_APPEALS() external view returns (uint256);

    /// @notice Gas that an arbitrable gets to take a ruling: 200,000.
    function RULE_GAS() external view returns (uint256);
}
