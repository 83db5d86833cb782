// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Popcount} from "../../contracts/libraries/Popcount.sol";

/// @notice What holds of {Popcount} for every word there is. Proven, not sampled: see docs/security/static-analysis.md.
/// @dev Together the two say that the count is the number of bits: it is zero for zero, and whoever clears the lowest set bit of any other
/// word makes it one less.
contract PopcountProperties {
    function check_countOfZeroIsZero() external pure {
        assert(Popcount.count(0) == 0);
    }

    function check_everyBitCountsOnce(uint256 bits) external pure {
        unchecked {
            if (bits != 0) assert(Popcount.count(bits) == Popcount.count(bits & (bits - 1)) + 1);
        }
    }
}
