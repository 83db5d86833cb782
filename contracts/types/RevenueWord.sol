// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Payee} from "../interfaces/IRevenueSplitter.sol";

/// @notice What every payment must know of a work, in one storage word.
/// @dev [0..233] hash of the split, zero if none is set, [234..253] parts per million that the ancestors are owed together,
/// [254] registered as a derivative, [255] has registered derivatives.
type RevenueWord is uint256;

/// @title RevenueWordLib
/// @notice Packs and reads {RevenueWord}s, and hashes splits. Two lists of payees with one hash would let both claim the same money; 234
/// bits make finding such a pair a matter of 2^117 tries.
library RevenueWordLib {
    uint256 internal constant SPLIT_MASK = (1 << 234) - 1;
    uint256 private constant TOTAL_MASK = (1 << 20) - 1;
    uint256 private constant DERIVATIVE = 1 << 254;
    uint256 private constant HAS_DERIVATIVES = 1 << 255;

    function split(RevenueWord word) internal pure returns (uint256) {
        return RevenueWord.unwrap(word) & SPLIT_MASK;
    }

    function withSplit(RevenueWord word, uint256 split_) internal pure returns (RevenueWord) {
        return RevenueWord.wrap((RevenueWord.unwrap(word) & ~SPLIT_MASK) | split_);
    }

    /// @return Parts per million that the ancestors are owed together.
    function total(RevenueWord word) internal pure returns (uint256) {
        return (RevenueWord.unwrap(word) >> 234) & TOTAL_MASK;
    }

    function isDerivative(RevenueWord word) internal pure returns (bool) {
        return RevenueWord.unwrap(word) & DERIVATIVE != 0;
    }

    function hasDerivatives(RevenueWord word) internal pure returns (bool) {
        return RevenueWord.unwrap(word) & HAS_DERIVATIVES != 0;
    }

    /// @dev For a word that is no derivative yet.
    function asDerivative(RevenueWord word, uint256 total_) internal pure returns (RevenueWord) {
        return RevenueWord.wrap(RevenueWord.unwrap(word) | (total_ << 234) | DERIVATIVE);
    }

    function asParent(RevenueWord word) internal pure returns (RevenueWord) {
        return RevenueWord.wrap(RevenueWord.unwrap(word) | HAS_DERIVATIVES);
    }

    /// @dev Hashes the list as it stands in calldata, 64 bytes a payee. Bits that do not belong to a field make another hash; `setSplit`
    /// refuses them, so no money ever lies under such a hash.
    function hashOf(Payee[] calldata payees) internal pure returns (uint256 split_) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            let size := shl(6, payees.length)
            calldatacopy(free, payees.offset, size)
            split_ := keccak256(free, size)
        }
        split_ &= SPLIT_MASK;
    }

    /// @dev The split of one payee who gets everything.
    function hashOfSole(address account) internal pure returns (uint256 split_) {
        assembly ("memory-safe") {
            mstore(0x00, account)
            mstore(0x20, 1000000)
            split_ := keccak256(0x00, 0x40)
        }
        split_ &= SPLIT_MASK;
    }

    /// @dev Reads a payee without checks, for lists whose hash is known to be good, or will be.
    function payeeAt(Payee[] calldata payees, uint256 index) internal pure returns (address account, uint256 share) {
        assembly ("memory-safe") {
            let payee := add(payees.offset, shl(6, index))
            account := shr(96, shl(96, calldataload(payee)))
            share := calldataload(add(payee, 0x20))
        }
    }
}
