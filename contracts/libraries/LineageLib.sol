// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Ancestor} from "../interfaces/IRevenueSplitter.sol";

/// @title LineageLib
/// @notice Joins lineages. A lineage is a list of ancestors by rising id, none twice, none with a share of zero.
library LineageLib {
    /// @dev All ancestors of both lists; one who is in both has the higher of his two shares.
    function merge(Ancestor[] memory a, Ancestor[] memory b) internal pure returns (Ancestor[] memory merged) {
        merged = new Ancestor[](a.length + b.length);
        uint256 i;
        uint256 j;
        uint256 count;
        while (i < a.length || j < b.length) {
            bool takesA = j == b.length || (i < a.length && a[i].workId <= b[j].workId);
            Ancestor memory next = takesA ? a[i++] : b[j++];
            if (takesA && j < b.length && b[j].workId == next.workId) {
                if (b[j].share > next.share) next = b[j];
                ++j;
            }
            merged[count++] = next;
        }
        assembly ("memory-safe") {
            mstore(merged, count)
        }
    }

    /// @dev A lineage of one, or of none if the share is zero.
    function single(uint256 workId, uint32 share) internal pure returns (Ancestor[] memory lineage) {
        lineage = new Ancestor[](share == 0 ? 0 : 1);
        if (share != 0) lineage[0] = Ancestor(workId, share);
    }

    /// @dev Zero for an empty lineage.
    function hash(Ancestor[] memory lineage) internal pure returns (bytes32) {
        return lineage.length == 0 ? bytes32(0) : keccak256(abi.encode(lineage));
    }

    /// @return sum Parts per million of all shares together.
    function total(Ancestor[] memory lineage) internal pure returns (uint256 sum) {
        for (uint256 i; i < lineage.length; ++i) sum += lineage[i].share;
    }
}
