// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IRevenueSplitter} from "../interfaces/IRevenueSplitter.sol";
import {IRightsHolder} from "../interfaces/IRightsHolder.sol";

/// @notice Says of each work what it was told.
contract RightsDouble is IRightsHolder {
    mapping(uint256 workId => address) public rightsHolderOf;

    function give(uint256 workId, address holder) external {
        rightsHolderOf[workId] = holder;
    }

    /// @dev As the contract of titles does when one is sold.
    function sell(uint256 workId, address holder, IRevenueSplitter splitter) external {
        rightsHolderOf[workId] = holder;
        splitter.resetSplit(workId);
    }
}
