// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice One storage word: what is known of a work beside who owns its title. Zero until something happens.
/// @dev [0..31] epoch, [32..71] frozen until, in seconds, [72..87] royalty in basis points, [88] refuted, [89] whether the title was
/// ever transferred: until then the claimant holds the rights, with or without a title, [90..95] zero, [96..255] who is owed the royalty, the
/// claimant, if the title was minted with one: he never changes, so the registry need not be asked at every sale.
type TitleState is uint256;

using {epoch, frozenUntil, royaltyBps, refuted, transferred, creator} for TitleState global;
using {withNextEpoch, withFrozenUntil, withRoyalty, withRefuted, withTransferred, withCreator} for TitleState global;

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

function creator(TitleState state) pure returns (address) {
    return address(uint160(TitleState.unwrap(state) >> 96));
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

/// @dev For a state that names none yet.
function withCreator(TitleState state, address creator_) pure returns (TitleState) {
    return TitleState.wrap(TitleState.unwrap(state) | (uint256(uint160(creator_)) << 96));
}
