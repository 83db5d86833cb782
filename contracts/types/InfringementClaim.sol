// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Forum} from "./Forum.sol";

/// @notice What a claim says. Its EIP-712 struct hash is the claim's id: it names its claimant, so nobody can use up another's claim.
/// @param workId The claimant's work, a deposit in the {ICopyrightRegistry}.
/// @param claimant Must hold the rights in the work; see {IInfringementClaims-hasStanding}.
/// @param respondent Who is said to infringe; zero if nobody knows, and for a copy that was deposited, whose rights holder answers.
/// @param suspectId The deposit of the copy, if it was deposited; else zero. Not together with a respondent.
/// @param evidence sha2-256 digest of the CIDv1 of the evidence bundle.
/// @param suspectFingerprint The copy's fingerprint; zero if it was not fingerprinted.
/// @param suspectType Algorithm of that fingerprint, as in {Work}; must be the work's.
/// @param forum Who decides, if the respondent agrees; zero for the panel. Without his agreement the panel decides.
/// @param backup Who decides if the first does not, if the respondent agrees; zero for the panel.
struct InfringementClaim {
    uint256 workId;
    address claimant;
    address respondent;
    uint256 suspectId;
    bytes32 evidence;
    bytes32 suspectFingerprint;
    uint16 suspectType;
    Forum forum;
    Forum backup;
}

/// @notice What a claimant asks for, so that the matter ends. He signs its EIP-712 struct.
/// @param claimId The claim.
/// @param currency ERC-20 that the {IRevenueSplitter} takes, or zero for the chain's own coin.
/// @param amount Paid to the work, beside the price of the license; may be zero.
/// @param offerId The offer of which the respondent is to take a license; zero if he takes none.
/// @param coversFrom Second, since 1970, from which on use of the work is settled, the license's beginning notwithstanding.
/// @param deadline Last second at which it can be taken.
struct Settlement {
    bytes32 claimId;
    address currency;
    uint256 amount;
    bytes32 offerId;
    uint40 coversFrom;
    uint40 deadline;
}

/// @notice How far a claim has come. It only ever moves on.
enum ClaimPhase {
    None,
    Filed,
    Answered,
    Disputed,
    Ruled,
    Closed
}

/// @notice How a claim ended.
/// - `Defaulted`: nobody answered in time.
/// - `Retracted`: the claimant took it back.
/// - `Lapsed`: there was an answer, and nobody asked for a ruling.
/// - `Dismissed`: the claimant does not hold the rights in the work.
/// - `Settled`: the respondent took the claimant's settlement.
/// - `Upheld`: the ruling is for the claimant. `Refuted`: and the copy's deposit is refuted.
/// - `Rejected`: the ruling is for the respondent.
/// - `Undecided`: the arbitrator could not or would not decide.
/// - `Unruled`: no arbitrator ruled in time.
enum ClaimOutcome {
    None,
    Defaulted,
    Retracted,
    Lapsed,
    Dismissed,
    Settled,
    Upheld,
    Refuted,
    Rejected,
    Undecided,
    Unruled
}

/// @notice All that changes in a claim.
/// @param deadline Last second of the phase: to answer, to ask for a ruling, or to rule.
/// @param bond The claimant's, in wei.
/// @param isMatched Whether the contract computed `distance`.
/// @param distance Bits in which the copy's fingerprint differs from the work's, 0 to 256.
/// @param respondent Who answered, or is named by the claim; zero if nobody is known.
/// @param answerBond The respondent's, in wei; zero if he showed a license or an earlier deposit.
/// @param freezeBond The claimant's for a freeze, in wei; zero if he asked for none.
/// @param forumAccepted Whether the respondent agreed to the claim's forum.
/// @param inBackup Whether the dispute went to the backup arbitrator.
/// @param appeals How often the ruling was appealed, in this forum.
/// @param disputeId Of the dispute, with its arbitrator; see {IInfringementClaims-arbitratorOf}.
struct ClaimRecord {
    ClaimPhase phase;
    ClaimOutcome outcome;
    uint256 deadline;
    uint256 bond;
    bool isMatched;
    uint256 distance;
    address respondent;
    uint256 answerBond;
    uint256 freezeBond;
    bool forumAccepted;
    bool inBackup;
    uint256 appeals;
    uint256 disputeId;
}
