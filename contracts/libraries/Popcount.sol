// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Popcount
library Popcount {
    /// @notice Number of set bits, 0 to 256.
    /// @dev Adds up neighbouring fields of 1, 2 and 4 bits in place, then bytes, then 16-bit fields by one multiplication: 16 bits
    /// hold the 256 that a byte cannot.
    function count(uint256 bits) internal pure returns (uint256) {
        unchecked {
            bits -= (bits >> 1) & (type(uint256).max / 3);
            bits = (bits & (type(uint256).max / 5)) + ((bits >> 2) & (type(uint256).max / 5));
            bits = (bits + (bits >> 4)) & (type(uint256).max / 17);
            bits = (bits + (bits >> 8)) & (type(uint256).max / 257);
            return (bits * (type(uint256).max / 65_535)) >> 240;
        }
    }
}
