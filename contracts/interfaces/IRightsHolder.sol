// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title IRightsHolder
/// @notice The one answer to the question whose a work is.
interface IRightsHolder {
    /// @param workId Id of a deposit.
    /// @return Who holds the rights in the work now: the owner of its title, or the claimant of its deposit if it has none. Zero if
    /// there is no such work.
    function rightsHolderOf(uint256 workId) external view returns (address);
}
