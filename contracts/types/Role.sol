// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice What a member of the alliance does. A member can have several roles, but always one vote.
enum Role {
    /// Holds rights in works.
    Owner,
    /// Manages rights for others.
    Agency,
    /// Sells or shows works: a channel.
    Platform,
    /// Verifies who is who, in the {IIdentityRegistry}.
    Verifier,
    /// Can be drawn onto the panel that rules on claims.
    Arbitrator
}

/// @title Roles
/// @notice A set of {Role}s as one bit each, bit `n` for the role of number `n`.
library Roles {
    /// @dev Every role there is.
    uint8 internal constant ALL = 0x1f;

    function bit(Role role) internal pure returns (uint8) {
        return uint8(1 << uint8(role));
    }

    function has(uint8 roles, Role role) internal pure returns (bool) {
        return roles & bit(role) != 0;
    }
}
