// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice One storage word: all that changes in an agreement. Zero until it is activated or withdrawn.
/// @dev [0..103] what was paid less the usage beyond the minimum of all reported periods but the last, signed; [104..199] usage beyond the
/// minimum of the last reported period; [200..239] first second of the breach, or of the termination; [240..251] reported periods;
/// [252] activated, [253] terminated, [254] the deposit was given back, [255] terminated without debts.
type AgreementState is uint256;

using {net, lastExcess, breachAt, reported} for AgreementState global;
using {isActivated, isTerminated, isRunning, isDepositReturned, isDebtFree} for AgreementState global;
using {withNet, withLastExcess, withBreachAt, withReport} for AgreementState global;
using {withActivated, withTerminated, withDepositReturned, withDebtFree} for AgreementState global;

/// @dev Stands for "never".
uint256 constant NEVER = type(uint40).max;

function net(AgreementState state) pure returns (int256) {
    return int104(uint104(AgreementState.unwrap(state)));
}

function lastExcess(AgreementState state) pure returns (uint256) {
    return uint96(AgreementState.unwrap(state) >> 104);
}

function breachAt(AgreementState state) pure returns (uint256) {
    return uint40(AgreementState.unwrap(state) >> 200);
}

function reported(AgreementState state) pure returns (uint256) {
    return (AgreementState.unwrap(state) >> 240) & 0xfff;
}

function isActivated(AgreementState state) pure returns (bool) {
    return (AgreementState.unwrap(state) >> 252) & 1 != 0;
}

function isTerminated(AgreementState state) pure returns (bool) {
    return (AgreementState.unwrap(state) >> 253) & 1 != 0;
}

/// @return Whether it is activated and not terminated.
function isRunning(AgreementState state) pure returns (bool) {
    return (AgreementState.unwrap(state) >> 252) & 3 == 1;
}

function isDepositReturned(AgreementState state) pure returns (bool) {
    return (AgreementState.unwrap(state) >> 254) & 1 != 0;
}

function isDebtFree(AgreementState state) pure returns (bool) {
    return AgreementState.unwrap(state) >> 255 != 0;
}

/// @dev `value` must fit 104 bits with its sign.
function withNet(AgreementState state, int256 value) pure returns (AgreementState) {
    return AgreementState.wrap((AgreementState.unwrap(state) & ~uint256(type(uint104).max)) | uint104(uint256(value)));
}

/// @dev `value` must fit 96 bits.
function withLastExcess(AgreementState state, uint256 value) pure returns (AgreementState) {
    return AgreementState.wrap((AgreementState.unwrap(state) & ~(uint256(type(uint96).max) << 104)) | (value << 104));
}

/// @dev `value` must fit 40 bits.
function withBreachAt(AgreementState state, uint256 value) pure returns (AgreementState) {
    return AgreementState.wrap((AgreementState.unwrap(state) & ~(uint256(type(uint40).max) << 200)) | (value << 200));
}

/// @dev One more period is reported. There must be fewer than 4,095 yet, or the count would run into the flags. `net_` must fit 104 bits with its
/// sign, `lastExcess_` 96.
function withReport(AgreementState state, int256 net_, uint256 lastExcess_) pure returns (AgreementState) {
    unchecked {
        uint256 counted = ((AgreementState.unwrap(state) >> 200) << 200) + (1 << 240);
        return AgreementState.wrap(counted | uint104(uint256(net_)) | (lastExcess_ << 104));
    }
}

function withActivated(AgreementState state) pure returns (AgreementState) {
    return AgreementState.wrap(AgreementState.unwrap(state) | (1 << 252));
}

function withTerminated(AgreementState state) pure returns (AgreementState) {
    return AgreementState.wrap(AgreementState.unwrap(state) | (1 << 253));
}

function withDepositReturned(AgreementState state) pure returns (AgreementState) {
    return AgreementState.wrap(AgreementState.unwrap(state) | (1 << 254));
}

function withDebtFree(AgreementState state) pure returns (AgreementState) {
    return AgreementState.wrap(AgreementState.unwrap(state) | (1 << 255));
}
