// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Ancestor} from "../../contracts/interfaces/IRevenueSplitter.sol";
import {LineageLib} from "../../contracts/libraries/LineageLib.sol";

/// @notice Joined lineages of two ancestors and of one: by rising id, none twice, none lost, and the higher of two shares.
contract LineageProperties {
    /// @custom:halmos --solver-timeout-branching 1s --loop 8
    function check_mergeKeepsOrderAndTheHigherShare(uint256[3] calldata ids, uint32[3] calldata shares) external pure {
        if (ids[0] >= ids[1]) return;
        Ancestor[] memory a = new Ancestor[](2);
        Ancestor[] memory b = new Ancestor[](1);
        for (uint256 i; i < 2; ++i) a[i] = Ancestor(ids[i], shares[i]);
        b[0] = Ancestor(ids[2], shares[2]);

        Ancestor[] memory merged = LineageLib.merge(a, b);
        for (uint256 i = 1; i < merged.length; ++i) assert(merged[i - 1].workId < merged[i].workId);
        for (uint256 i; i < merged.length; ++i) {
            assert(merged[i].share == _highest(a, b, merged[i].workId) && _isIn(a, b, merged[i].workId));
        }
        for (uint256 i; i < 2; ++i) assert(_isIn(merged, merged, a[i].workId));
        assert(_isIn(merged, merged, b[0].workId));
    }

    function _highest(Ancestor[] memory a, Ancestor[] memory b, uint256 id) private pure returns (uint32 share) {
        for (uint256 i; i < a.length; ++i) if (a[i].workId == id && a[i].share > share) share = a[i].share;
        for (uint256 i; i < b.length; ++i) if (b[i].workId == id && b[i].share > share) share = b[i].share;
    }

    function _isIn(Ancestor[] memory a, Ancestor[] memory b, uint256 id) private pure returns (bool) {
        for (uint256 i; i < a.length; ++i) if (a[i].workId == id) return true;
        for (uint256 i; i < b.length; ++i) if (b[i].workId == id) return true;
        return false;
    }
}
