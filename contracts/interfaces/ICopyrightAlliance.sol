// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice What a member of the alliance does. One account has one role.
enum Role {
    Owner,
    Agency,
    Platform,
    Verifier,
    Arbitrator
}

/// @title ICopyrightAlliance
/// @notice Who belongs to the alliance, and as what.
interface ICopyrightAlliance {
    /// @notice Whether the account is a member in this role now; false from the second of its suspension on.
    function isMember(address account, Role role) external view returns (bool);
}
