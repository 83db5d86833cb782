// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice One storage word: what is known of a work beside who owns its title. Zero until something happens.
/// @dev [0..31] epoch, [32..71] frozen until, in seconds, [72..87] royalty in basis points, [88] refuted, [89] whether the title was
/// ever transferred: until then the claimant holds the rights, with or without a title.
type TitleState is uint256;

using {epoch, frozenUntil, royaltyBps, refuted, transferred} for TitleState global;
using {withNextEpoch, withFrozenUntil, withRoyalty, withRefuted, withTransferred} for TitleState global;

function epoch(TitleState state) pure returns (uint256) {
    return uint32(TitleState.unwrap(state));
}

function frozenUntil(TitleState state) pure returns (uint256) {
    return uint40(TitleState.unwrap(state) >> 32);
}

function royaltyBps(TitleState state) pure returns (uint256) {
    return uint16(TitleState.unwrap(state) >> 72);
}

function refuted(TitleState state) pure returns (bool) {
    return (TitleState.unwrap(state) >> 88) & 1 != 0;
}

function transferred(TitleState state) pure returns (bool) {
    return (TitleState.unwrap(state) >> 89) & 1 != 0;
}

/// @dev The epoch is the lowest field: at a transfer every two seconds it would take 272 years to overflow into the next one.
function withNextEpoch(TitleState state) pure returns (TitleState) {
    return TitleState.wrap(TitleState.unwrap(state) + 1);
}

/// @dev `until` must fit 40 bits.
function withFrozenUntil(TitleState state, uint256 until) pure returns (TitleState) {
    return TitleState.wrap((TitleState.unwrap(state) & ~(uint256(type(uint40).max) << 32)) | (until << 32));
}

/// @dev `bps` must fit 16 bits.
function withRoyalty(TitleState state, uint256 bps) pure returns (TitleState) {
    return TitleState.wrap((TitleState.unwrap(state) & ~(uint256(type(uint16).max) << 72)) | (bps << 72));
}

function withRefuted(TitleState state) pure returns (TitleState) {
    return TitleState.wrap(TitleState.unwrap(state) | (1 << 88));
}

function withTransferred(TitleState state) pure returns (TitleState) {
    return TitleState.wrap(TitleState.unwrap(state) | (1 << 89));
}
