// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Deposit, DepositKind, Stamp} from "../interfaces/ICopyrightRegistry.sol";

/// @notice One storage word: who, when, in which block, and how. Zero means that nothing was recorded.
/// @dev [0..159] address, [160..199] time in seconds, [200..239] block number, [240..247] kind, [248..255] zero.
type Word is uint256;

/// @title WordLib
/// @notice Packs and reads {Word}s. 40 bits hold seconds until the year 36,812 and more blocks than any chain will see.
library WordLib {
    function pack(address by, uint256 time_, uint256 blockNumber, DepositKind kind) internal pure returns (Word) {
        return Word.wrap(uint160(by) | (time_ << 160) | (blockNumber << 200) | (uint256(kind) << 240));
    }

    function exists(Word word) internal pure returns (bool) {
        return Word.unwrap(word) != 0;
    }

    /// @return Seconds since 1970, zero if nothing was recorded.
    function time(Word word) internal pure returns (uint256) {
        return uint40(Word.unwrap(word) >> 160);
    }

    function toDeposit(Word word) internal pure returns (Deposit memory) {
        uint256 bits = Word.unwrap(word);
        return Deposit({
            claimant: address(uint160(bits)),
            depositedAt: uint40(bits >> 160),
            recordedIn: uint40(bits >> 200),
            kind: DepositKind(uint8(bits >> 240))
        });
    }

    function toStamp(Word word) internal pure returns (Stamp memory) {
        uint256 bits = Word.unwrap(word);
        return Stamp({by: address(uint160(bits)), time: uint40(bits >> 160), blockNumber: uint40(bits >> 200)});
    }
}
