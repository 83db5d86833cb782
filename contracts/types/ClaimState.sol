// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ClaimOutcome, ClaimPhase} from "./InfringementClaim.sol";

/// @notice One storage word: what changes in a claim. Zero until it is filed.
/// @dev [0..7] phase; [8..15] outcome, from the ruling on; [16..55] last second of the phase; [56..151] the claimant's bond in wei; [152..161]
/// one more than the distance, zero if none was computed; [162..163] appeals; [164] a deposit is disputed; [165] somebody answered;
/// [166] with a bond; [167] he agreed to the forum; [168] the dispute went to the backup; [169] a freeze was asked for.
type ClaimState is uint256;

using {phase, outcome, deadline, bond, distancePlusOne, appeals} for ClaimState global;
using {hasSuspect, isAnswered, hasAnswerBond, isForumAccepted, isInBackup, hasFreeze} for ClaimState global;
using {withPhase, withOutcome, withAnswer, withBackup, withAppeal, withFreeze, withDeadline} for ClaimState global;

/// @dev What a new claim starts with. `until` must fit 40 bits, `wei_` 96, and `match_` is one more than the distance.
function filedClaim(uint256 until, uint256 wei_, uint256 match_, bool disputesDeposit) pure returns (ClaimState) {
    uint256 word = uint256(ClaimPhase.Filed) | (until << 16) | (wei_ << 56) | (match_ << 152);
    return ClaimState.wrap(disputesDeposit ? word | (1 << 164) : word);
}

function phase(ClaimState state) pure returns (ClaimPhase) {
    return ClaimPhase(uint8(ClaimState.unwrap(state)));
}

function outcome(ClaimState state) pure returns (ClaimOutcome) {
    return ClaimOutcome(uint8(ClaimState.unwrap(state) >> 8));
}

function deadline(ClaimState state) pure returns (uint256) {
    return uint40(ClaimState.unwrap(state) >> 16);
}

function bond(ClaimState state) pure returns (uint256) {
    return uint96(ClaimState.unwrap(state) >> 56);
}

function distancePlusOne(ClaimState state) pure returns (uint256) {
    return (ClaimState.unwrap(state) >> 152) & 0x3ff;
}

function appeals(ClaimState state) pure returns (uint256) {
    return (ClaimState.unwrap(state) >> 162) & 3;
}

function hasSuspect(ClaimState state) pure returns (bool) {
    return (ClaimState.unwrap(state) >> 164) & 1 != 0;
}

function isAnswered(ClaimState state) pure returns (bool) {
    return (ClaimState.unwrap(state) >> 165) & 1 != 0;
}

function hasAnswerBond(ClaimState state) pure returns (bool) {
    return (ClaimState.unwrap(state) >> 166) & 1 != 0;
}

function isForumAccepted(ClaimState state) pure returns (bool) {
    return (ClaimState.unwrap(state) >> 167) & 1 != 0;
}

function isInBackup(ClaimState state) pure returns (bool) {
    return (ClaimState.unwrap(state) >> 168) & 1 != 0;
}

function hasFreeze(ClaimState state) pure returns (bool) {
    return (ClaimState.unwrap(state) >> 169) & 1 != 0;
}

/// @dev Phases only grow, so the difference is added and never borrows from the next field.
function withPhase(ClaimState state, ClaimPhase next) pure returns (ClaimState) {
    return ClaimState.wrap(ClaimState.unwrap(state) + uint256(next) - uint8(ClaimState.unwrap(state)));
}

/// @dev Only once: the field must be zero.
function withOutcome(ClaimState state, ClaimOutcome value) pure returns (ClaimState) {
    return ClaimState.wrap(ClaimState.unwrap(state) | (uint256(value) << 8));
}

/// @dev `value` must fit 40 bits.
function withDeadline(ClaimState state, uint256 value) pure returns (ClaimState) {
    return ClaimState.wrap((ClaimState.unwrap(state) & ~(uint256(type(uint40).max) << 16)) | (value << 16));
}

function withAnswer(ClaimState state, bool bonded, bool forumAccepted) pure returns (ClaimState) {
    uint256 flags = (1 << 165) | (bonded ? 1 << 166 : 0) | (forumAccepted ? 1 << 167 : 0);
    return ClaimState.wrap(ClaimState.unwrap(state) | flags);
}

/// @dev The count of appeals begins again.
function withBackup(ClaimState state) pure returns (ClaimState) {
    return ClaimState.wrap((ClaimState.unwrap(state) & ~(uint256(3) << 162)) | (1 << 168));
}

/// @dev There must be fewer than 3 yet.
function withAppeal(ClaimState state) pure returns (ClaimState) {
    return ClaimState.wrap(ClaimState.unwrap(state) + (1 << 162));
}

function withFreeze(ClaimState state) pure returns (ClaimState) {
    return ClaimState.wrap(ClaimState.unwrap(state) | (1 << 169));
}
