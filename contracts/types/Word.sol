// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Deposit, DepositKind, Stamp} from "../interfaces/ICopyrightRegistry.sol";

/// @notice One storage word: who, when, in which block, and how. Zero means that nothing was recorded.
/// @dev [0..159] address, [160..199] time in seconds, [200..239] block number, [240..247] kind, [248..255] zero.
type Word is uint256;

using {or as |} for Word global;

function or(Word a, Word b) pure returns (Word) {
    return Word.wrap(Word.unwrap(a) | Word.unwrap(b));
}

/// @title WordLib
/// @notice Packs and reads {Word}s. 40 bits hold seconds until the year 36,812 and more blocks than any chain will see.
library WordLib {
    /* KINDS, in their place within the word */

    Word internal constant DIRECT = Word.wrap(uint256(DepositKind.Direct) << 240);
    Word internal constant SIGNED = Word.wrap(uint256(DepositKind.Signed) << 240);
    Word internal constant UNSEALED = Word.wrap(uint256(DepositKind.Unsealed) << 240);
    Word internal constant LIFTED = Word.wrap(uint256(DepositKind.Lifted) << 240);

    function pack(address by, uint256 time_, uint256 blockNumber) internal pure returns (Word) {
        return Word.wrap(uint160(by) | (time_ << 160) | (blockNumber << 200));
    }

    /// @dev Reads the word at the storage slot `id`.
    function load(bytes32 id) internal view returns (Word word) {
        assembly ("memory-safe") {
            word := sload(id)
        }
    }

    /// @dev Writes the word to the storage slot `id`. Only for ids that are hashes made by the contract itself: a slot that a
    /// caller may choose would let him overwrite anything.
    function store(bytes32 id, Word word) internal {
        assembly ("memory-safe") {
            sstore(id, word)
        }
    }

    function exists(Word word) internal pure returns (bool) {
        return Word.unwrap(word) != 0;
    }

    /// @return Seconds since 1970, zero if nothing was recorded.
    function time(Word word) internal pure returns (uint256) {
        return uint40(Word.unwrap(word) >> 160);
    }

    /// @dev All zero for a word without a kind: that is no deposit, but nothing at all, or a seal or an anchor whose slot somebody
    /// gave for an id.
    function toDeposit(Word word) internal pure returns (Deposit memory deposit) {
        uint256 bits = Word.unwrap(word);
        DepositKind kind = DepositKind(uint8(bits >> 240));
        if (kind == DepositKind.None) return deposit;
        return
            Deposit({
                claimant: address(uint160(bits)),
                depositedAt: uint40(bits >> 160),
                recordedIn: uint40(bits >> 200),
                kind: kind
            });
    }

    function toStamp(Word word) internal pure returns (Stamp memory) {
        uint256 bits = Word.unwrap(word);
        return Stamp({by: address(uint160(bits)), time: uint40(bits >> 160), blockNumber: uint40(bits >> 200)});
    }
}
