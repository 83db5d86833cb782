// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title ILicenseSuspension
/// @notice What the {ILicenseToken} asks the contract that issued a license under an agreement.
interface ILicenseSuspension {
    /// @notice Whether the license is suspended at this second, because its agreement is breached.
    /// @dev Must be a view over timestamps, answer for licenses it issued, and never revert.
    function isSuspended(uint256 licenseId) external view returns (bool);
}
