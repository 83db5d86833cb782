// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Forum} from "../types/Forum.sol";
import {ClaimOutcome, ClaimRecord, InfringementClaim, Settlement} from "../types/InfringementClaim.sol";
import {Work} from "../types/Work.sol";
import {IArbitrable} from "./IArbitrable.sol";
import {IArbitrator} from "./IArbitrator.sol";
import {ICopyrightRegistry} from "./ICopyrightRegistry.sol";
import {ICopyrightTitle} from "./ICopyrightTitle.sol";
import {IEvidence} from "./IEvidence.sol";
import {ILicenseToken} from "./ILicenseToken.sol";
import {IRevenueSplitter} from "./IRevenueSplitter.sol";

/// @title IInfringementClaims
/// @notice Claims that a work was copied: filed with a bond, answered with one, settled, or ruled on by an ERC-792 arbitrator.
///
///     Filed ──answer──▶ Answered ──escalate──▶ Disputed ──rule──▶ Ruled ──conclude──▶ Closed
///       │                  │                      │
///       └──────────────────┴──── settle, retract, conclude ──────────────────────────▶ Closed
///
/// Ids are commitments: a claim's id is the EIP-712 `hashStruct` of the {InfringementClaim}, which names its claimant and his evidence, so
/// nobody can use up another's. The claim travels as calldata and stands in {ClaimFiled}; storage holds one word and, where they
/// are needed, the respondent and the dispute.
///
/// Who gets what when a claim ends. `C` is the claimant's bond, `A` the respondent's, `F` the claimant's for a freeze:
///
///     Defaulted, Upheld, Refuted     C, A, F  to the claimant
///     Settled, Undecided, Unruled    C, F     to the claimant, A to the respondent
///     Rejected, Lapsed, Dismissed    C, A, F  to the respondent
///     Retracted before an answer     C        to the claimant, F to the respondent
///     Retracted after it             C        half each, A, F to the respondent
///
/// Where nobody answered, "the respondent" is the one whom the claim names, or who holds the rights in the disputed deposit, or, while the
/// exchange has its title, who deposited it. Where there is nobody like that, it is the claimant; for a claim that is dismissed, whoever showed that it should be.
///
/// What the contract guarantees:
/// - A phase never goes back, and a claim that is closed stays as it is.
/// - It holds exactly what it owes: the bonds of claims that are not closed, and credit. Money leaves only by {withdraw}.
/// - Where the copy was fingerprinted and the work is shown, the distance is computed here, from the very work that the deposit's id names.
/// - {rule} does the same whatever happened before, and calls nobody. What follows from a ruling is {conclude} for the money and {enforce}
///   for the title, so that neither can hold up the other, nor the arbitrator.
/// - Only the panel or an arbitrator to whom both sides agreed can rule.
/// - The only thing that a claim can freeze is the transfer of the title over the disputed deposit: for {FREEZE_TIME} at most, against a bond,
///   by a claimant whose deposit is older, and all claims together for no more than {MAX_FROZEN} at a stretch, see {freeze}. Licenses,
///   agreements, revenue and the respondent's other titles go on.
/// - No deposit is refuted without a ruling.
///
/// What it does not:
/// - Warning: a claim can be filed by anybody who pays the bond, since looking up who holds the rights would double the cost. Until it is
///   answered or ruled on it says nothing; a claim without standing is dismissed on anybody's call and costs its bond.
/// - Warning: a claimant who sells the work, or puts it up for auction, loses his standing. Settle or retract first.
/// - Warning: who answers for an unknown respondent is whoever answers first and pays the bond.
/// - Warning: fees of arbitration are the asker's; he gets them back only as far as the other side's bond covers them.
/// - Warning: an offer signed for a settlement is an offer, which somebody else can take first: open it with a supply of more than one.
/// - Warning: a fingerprint of a copy is what the claimant says it is. The bundle's files show whether he is right.
interface IInfringementClaims is IArbitrable, IEvidence {
    /* EVENTS */

    /// @notice A claim was filed. Together with the topics, the data are the whole claim.
    /// @param bond In wei.
    /// @param distance As computed here; type(uint256).max if it was not.
    event ClaimFiled(
        bytes32 indexed id,
        uint256 indexed workId,
        address indexed respondent,
        address claimant,
        uint256 suspectId,
        bytes32 evidence,
        bytes32 suspectFingerprint,
        uint256 suspectType,
        Forum forum,
        Forum backup,
        uint256 bond,
        uint256 distance
    );

    /// @notice A respondent answered.
    /// @param bond In wei; zero if he showed a license or an earlier deposit.
    event ClaimAnswered(bytes32 indexed id, address indexed respondent, bool acceptsForum, uint256 bond);

    /// @notice The respondent showed a license of the work that was in force when he showed it, and began before the claim.
    event LicenseShown(bytes32 indexed id, uint256 indexed licenseId, uint256 start, uint256 until);

    /// @notice The respondent showed an earlier deposit of his own of the same content.
    /// @param depositedAt Second of his deposit. @param claimedAt Second of the claimant's.
    /// @param distance Bits in which the two works' fingerprints differ; zero also if the files are the same.
    event EarlierDepositShown(
        bytes32 indexed id,
        uint256 indexed earlierId,
        uint256 depositedAt,
        uint256 claimedAt,
        uint256 distance
    );

    /// @notice The dispute over a deposit was opened: when each side deposited, in seconds since 1970, as the registry has it.
    event DepositsCompared(bytes32 indexed id, uint256 claimedAt, uint256 suspectAt);

    /// @notice The title of the disputed deposit is frozen.
    event FreezeStarted(bytes32 indexed id, uint256 indexed suspectId, uint256 until, uint256 bond);

    /// @notice The freeze ended before its time, because the claim did.
    event FreezeLifted(bytes32 indexed id, uint256 indexed suspectId);

    /// @notice The respondent took the claimant's settlement.
    /// @param licenseId The license that he took; zero if none.
    event ClaimSettled(
        bytes32 indexed id,
        address indexed respondent,
        address currency,
        uint256 amount,
        uint256 licenseId,
        uint256 coversFrom
    );

    /// @notice A ruling was appealed.
    event ClaimAppealed(bytes32 indexed id, address indexed by, uint256 appeals);

    /// @notice The claim is over.
    /// @param toClaimant Wei credited to the claimant. @param toRespondent To the respondent's side.
    event ClaimClosed(
        bytes32 indexed id,
        ClaimOutcome indexed outcome,
        uint256 toClaimant,
        address respondent,
        uint256 toRespondent
    );

    /// @notice Credit was paid out.
    event Withdrawn(address indexed account, address to, uint256 amount);

    /* CLAIMING */

    /// @notice Files a claim of the caller's. The coins sent are the bond, at least {MIN_BOND}.
    /// @dev Reverts with `InfringementClaims_NotClaimant`, `InfringementClaims_ClaimInvalid`, `InfringementClaims_BondOutOfRange` or
    /// `InfringementClaims_ClaimExists`.
    /// @return id The claim's id.
    function fileClaim(InfringementClaim calldata claim) external payable returns (bytes32 id);

    /// @notice As {fileClaim}, and computes how far the copy's fingerprint is from the work's.
    /// @dev Reverts as {fileClaim} does, and with `InfringementClaims_WorkMismatch` or `InfringementClaims_FingerprintMissing`.
    /// @param depositor Who deposited the work.
    /// @param work The work, as it was deposited.
    function fileMatch(
        InfringementClaim calldata claim,
        address depositor,
        Work calldata work
    ) external payable returns (bytes32 id);

    /// @notice Takes a claim back before it is disputed. Only by the claimant.
    /// @dev Reverts with `InfringementClaims_NotClaimant` or `InfringementClaims_WrongPhase`.
    function retract(InfringementClaim calldata claim) external;

    /* ANSWERING */

    /// @notice Denies the claim. The coins sent are the respondent's bond, exactly {MIN_BOND}.
    /// @dev Reverts with `InfringementClaims_WrongPhase`, `InfringementClaims_TooLate`, `InfringementClaims_NotRespondent` or
    /// `InfringementClaims_ValueWrong`.
    /// @param evidence URI of an ERC-1497 evidence document; empty if there is none yet.
    /// @param acceptsForum Whether the claim's forum and backup are to decide, not the panel.
    function answer(InfringementClaim calldata claim, string calldata evidence, bool acceptsForum) external payable;

    /// @notice Answers with a license of the work, which must be the caller's, have begun before the claim, and be active now in the
    /// territory and channel. No bond: a license was paid for.
    /// @dev Reverts as {answer} does, and with `InfringementClaims_LicenseInsufficient`.
    function answerWithLicense(
        InfringementClaim calldata claim,
        uint256 licenseId,
        uint256 territory,
        uint256 channel,
        bool acceptsForum
    ) external;

    /// @notice Answers with a deposit of the caller's own, older than the claimant's, of the same file or of a fingerprint of the same type at
    /// most {MATCH_DISTANCE} bits away. No bond.
    /// @dev Reverts as {answer} does, and with `InfringementClaims_WorkMismatch` or `InfringementClaims_DepositInsufficient`.
    /// @param depositor Who deposited the claimant's work.
    /// @param work The claimant's work.
    /// @param earlier The caller's.
    function answerWithDeposit(
        InfringementClaim calldata claim,
        address depositor,
        Work calldata work,
        Work calldata earlier,
        bool acceptsForum
    ) external;

    /// @notice Submits evidence, as an ERC-1497 event. By the claimant, or who is or may be the respondent: until the phase's deadline, and for
    /// {EVIDENCE_TIME} after a dispute is opened or appealed.
    /// @dev Reverts with `InfringementClaims_NotParty`, `InfringementClaims_WrongPhase` or `InfringementClaims_TooLate`.
    function submitEvidence(InfringementClaim calldata claim, string calldata evidence) external;

    /* SETTLING */

    /// @notice Takes the claimant's settlement, before a ruling: pays `amount` to the work through the {IRevenueSplitter}, and shows the license that
    /// the settlement asks for. By the respondent, or anybody if he is unknown.
    ///
    /// The license is bought from the claimant's offer first, at the {LICENSES}, which pays its price into the work's split; that the settlement
    /// covers use from `coversFrom` on is what makes it retroactive.
    /// @dev Coins: `msg.value` must be the amount. ERC-20: the caller approves this contract. Reverts with `InfringementClaims_WrongPhase`,
    /// `InfringementClaims_NotRespondent`, `InfringementClaims_SettlementMismatch`, `InfringementClaims_TooLate`,
    /// `InfringementClaims_SignatureInvalid`, `InfringementClaims_NoStanding`, `InfringementClaims_LicenseInsufficient`,
    /// `InfringementClaims_ValueWrong`, or as the currency and the {IRevenueSplitter} do.
    /// @param signature The claimant's, over the EIP-712 struct {Settlement}: 65 bytes of ECDSA, or what its ERC-1271 contract takes.
    /// @param licenseId A license of the settlement's offer, in force and the caller's; zero if the settlement names none.
    function settle(
        InfringementClaim calldata claim,
        Settlement calldata settlement,
        bytes calldata signature,
        uint256 licenseId
    ) external payable;

    /* RULINGS */

    /// @notice Asks for a ruling and pays for it; what is beyond the fee is credited to the caller.
    /// - After an answer: by either side, in {ESCALATION_TIME}.
    /// - Without one: by the claimant, in {ESCALATION_TIME} after the time to answer, instead of taking the default.
    /// - Where the arbitrator has not ruled in time: by either side, in {BACKUP_TIME}, from the backup. The first can then no longer rule.
    ///
    /// The arbitrator's choices are 1 for the claimant, 2 for the respondent and, where a deposit is disputed, 3 for the claimant with the
    /// deposit refuted. He is told, as words: the court, the number of arbitrators, who paid, the claimant, the respondent.
    /// @dev Reverts with `InfringementClaims_WrongPhase`, `InfringementClaims_NotParty`, `InfringementClaims_TooEarly`,
    /// `InfringementClaims_TooLate`, `InfringementClaims_NoStanding`, `InfringementClaims_FeeTooLow`,
    /// `InfringementClaims_DisputeExists`, or as the arbitrator does.
    function escalate(InfringementClaim calldata claim) external payable returns (uint256 disputeId);

    /// @notice Passes an appeal on to the arbitrator and pays for it; what is beyond the fee is credited to the caller. By either side, at most
    /// {MAX_APPEALS} times.
    /// @dev Reverts with `InfringementClaims_WrongPhase`, `InfringementClaims_NotParty`, `InfringementClaims_TooLate`,
    /// `InfringementClaims_AppealsUsedUp`, `InfringementClaims_FeeTooLow`, or as the arbitrator does.
    function appeal(InfringementClaim calldata claim) external payable;

    /// @notice Takes the ruling of the arbitrator that calls. Whatever it is, the cost is the same, and nobody is called.
    /// @dev Reverts with `InfringementClaims_DisputeUnknown`, also for a dispute that went to the backup, `InfringementClaims_WrongPhase`,
    /// `InfringementClaims_TooLate` or `InfringementClaims_RulingInvalid`.
    function rule(uint256 disputeId, uint256 ruling) external;

    /// @notice Closes a claim if a ruling or time has decided it, and credits the bonds. Anybody may call it, but in the {ESCALATION_TIME} after
    /// the time to answer only the claimant, who may still ask for a ruling.
    /// @dev Reverts with `InfringementClaims_WrongPhase` or `InfringementClaims_TooEarly`.
    function conclude(InfringementClaim calldata claim) external returns (ClaimOutcome outcome);

    /// @notice Does what a closed claim's outcome means for the title of the disputed deposit: refutes it, and lifts the claim's freeze. Anybody may
    /// call it, again too.
    /// @dev Reverts with `InfringementClaims_WrongPhase`, or as the {ICopyrightTitle} does.
    function enforce(InfringementClaim calldata claim) external;

    /* FREEZING */

    /// @notice Freezes the title of the disputed deposit for {FREEZE_TIME}, once for a claim, against a bond of exactly {FREEZE_BOND}. Only by the
    /// claimant, and only if his deposit is the older one.
    ///
    /// Every second of a freeze counts; every {THAW_RATE} seconds that pass take one off the count, and the count never exceeds {MAX_FROZEN}.
    /// So in the long run claims can keep no title frozen for more than a third of the time, and a freeze that ends early, as a friend's
    /// would, uses up no more than it lasted.
    /// @dev Reverts with `InfringementClaims_NotClaimant`, `InfringementClaims_WrongPhase`, `InfringementClaims_TooLate`,
    /// `InfringementClaims_NoStanding`, `InfringementClaims_NotOlder`, `InfringementClaims_ValueWrong`, `InfringementClaims_FreezeUsed`,
    /// `InfringementClaims_FrozenAlready`, `InfringementClaims_FreezeUsedUp`, or as the {ICopyrightTitle} does.
    function freeze(InfringementClaim calldata claim) external payable;

    /* MONEY */

    /// @notice Sends the caller's credit to an address of his choice.
    /// @dev Reverts with `InfringementClaims_NothingHeld` or `InfringementClaims_TransferFailed`.
    /// @return amount In wei.
    function withdraw(address to) external returns (uint256 amount);

    /* VIEWS */

    /// @notice The claim's id.
    function claimIdOf(InfringementClaim calldata claim) external pure returns (bytes32 id);

    /// @notice How the claim stands.
    function claimOf(InfringementClaim calldata claim) external view returns (ClaimRecord memory);

    /// @notice Who decides the claim's dispute, or would if it were opened now.
    function arbitratorOf(InfringementClaim calldata claim) external view returns (IArbitrator);

    /// @notice What {appeal} costs now if a dispute is running, else {escalate}, in wei.
    function feeOf(InfringementClaim calldata claim) external view returns (uint256);

    /// @notice Whether the claimant holds the rights in the work, and its deposit is not refuted.
    function hasStanding(InfringementClaim calldata claim) external view returns (bool);

    /// @notice The claim of which an arbitrator's dispute is; zero if of none.
    function claimOfDispute(address arbitrator, uint256 disputeId) external view returns (bytes32 id);

    /// @notice Wei that the account can withdraw.
    function creditOf(address account) external view returns (uint256);

    /// @notice What claims did to a deposit's title.
    /// @return claimId Whose freeze was the last.
    /// @return until First second at which it is over; zero if none is in force.
    /// @return used Seconds of {MAX_FROZEN} that are used up now.
    function freezeOf(uint256 suspectId) external view returns (bytes32 claimId, uint256 until, uint256 used);

    /* CONSTANTS */

    /// @notice The alliance's panel, which decides where the sides have not agreed on another arbitrator.
    function PANEL() external view returns (IArbitrator);

    function TITLE() external view returns (ICopyrightTitle);

    function REGISTRY() external view returns (ICopyrightRegistry);

    function LICENSES() external view returns (ILicenseToken);

    function SPLITTER() external view returns (IRevenueSplitter);

    /// @notice Least bond of a claim, and the bond of an answer, in wei.
    function MIN_BOND() external view returns (uint256);

    /// @notice Bond of a freeze, in wei.
    function FREEZE_BOND() external view returns (uint256);

    /// @notice Time to answer: 21 days, in seconds.
    function ANSWER_TIME() external view returns (uint256);

    /// @notice Time to ask for a ruling: 14 days, in seconds.
    function ESCALATION_TIME() external view returns (uint256);

    /// @notice Time to submit evidence in a dispute: 3 days, in seconds.
    function EVIDENCE_TIME() external view returns (uint256);

    /// @notice Time to rule, from the dispute's opening and from each appeal: 60 days, in seconds.
    function RULING_TIME() external view returns (uint256);

    /// @notice Time to ask the backup arbitrator: 14 days, in seconds.
    function BACKUP_TIME() external view returns (uint256);

    /// @notice Longest freeze of one claim: 30 days, in seconds.
    function FREEZE_TIME() external view returns (uint256);

    /// @notice Most that the count of frozen seconds of a title can reach: 60 days.
    function MAX_FROZEN() external view returns (uint256);

    /// @notice Seconds that must pass for one frozen second to be forgotten: 3.
    function THAW_RATE() external view returns (uint256);

    /// @notice Most appeals in one forum: 3.
    function MAX_APPEALS() external view returns (uint256);

    /// @notice Most bits in which fingerprints of the same content differ, for {answerWithDeposit}: 31.
    function MATCH_DISTANCE() external view returns (uint256);
}
