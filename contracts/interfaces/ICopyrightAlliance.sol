// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC5805} from "@openzeppelin/contracts/interfaces/IERC5805.sol";

import {Role} from "../types/Role.sol";
import {IERC5192} from "./IERC5192.sol";
import {IIdentityRegistry} from "./IIdentityRegistry.sol";

/// @notice How an account stands with the alliance now.
/// @param roles What was granted, one bit for each {Role}; kept through a suspension, zero for who is no member.
/// @param suspended Whether the member has no vote and no power for the time being.
/// @param joinedAt Seconds since 1970 of the latest admission; zero for who never was a member.
struct Membership {
    uint8 roles;
    bool suspended;
    uint40 joinedAt;
}

/// @title ICopyrightAlliance
/// @notice Who belongs to the alliance, and as what. A membership is an ERC-721 token that cannot be transferred (ERC-5192); its id is the
/// member's address as a number. It carries one vote (ERC-5805), whatever the member's roles.
///
/// What the contract guarantees:
/// - Members come and go by the authority's word alone, except that everybody may resign. Nobody can buy, borrow or lend a vote.
/// - The votes of all accounts together are the members who are not suspended. A vote cannot be delegated to anybody else, so that a suspended
///   member's cannot live on with others.
/// - A suspended or expelled member loses vote and roles in the same transaction, in the {IIdentityRegistry} too. What they did before stands.
/// - Past votes, past numbers of members and past roles can be asked for any second that is over, and never change.
/// - One member who is not suspended remains, whatever happens, or nobody could ever admit another.
///
/// What it does not:
/// - Warning: one account is one vote. That one person has one account is for those who vote on the admission to see to.
/// - Warning: a member whose key was stolen votes until the alliance suspends him. A member that is an organisation should be a contract
///   wallet, which can change its keys itself.
interface ICopyrightAlliance is IERC5192, IERC5805 {
    /* EVENTS */

    /// @notice An account became a member.
    event MemberAdmitted(address indexed account, uint8 roles);

    /// @notice A member's roles were changed.
    event RolesSet(address indexed account, uint8 roles);

    /// @notice A member lost vote and roles for the time being.
    event MemberSuspended(address indexed account);

    /// @notice A suspended member has vote and roles again.
    event MemberReinstated(address indexed account);

    /// @notice An account is no longer a member.
    event MemberExpelled(address indexed account);

    /// @notice A member left.
    event MemberResigned(address indexed account);

    /// @notice The registry of identities was fixed.
    event Connected(address indexed identityRegistry);

    /* MEMBERSHIP */

    /// @notice Makes an account a member.
    /// @dev Restricted. Reverts with `CopyrightAlliance_AccountZero`, `CopyrightAlliance_RolesInvalid`, or OpenZeppelin's `ERC721InvalidSender`
    /// if it is one. Who was expelled or has resigned can be admitted again.
    /// @param roles One bit for each {Role}; at least one.
    function admit(address account, uint8 roles) external;

    /// @notice Makes several accounts members: all or none.
    /// @dev Restricted. Reverts as {admit}, and with `CopyrightAlliance_LengthsDiffer`.
    function admitMany(address[] calldata accounts, uint8[] calldata roles) external;

    /// @notice Changes a member's roles; those of a suspended member count from the reinstatement on.
    /// @dev Restricted. Reverts with `CopyrightAlliance_NotMember` or `CopyrightAlliance_RolesInvalid`.
    function setRoles(address account, uint8 roles) external;

    /// @notice Takes vote and roles from a member until {reinstate}. The membership stays.
    /// @dev Restricted. Reverts with `CopyrightAlliance_NotMember`, `CopyrightAlliance_Suspended` if he is suspended already, or
    /// `CopyrightAlliance_LastMember`.
    function suspend(address account) external;

    /// @notice Gives a suspended member vote and roles back.
    /// @dev Restricted. Reverts with `CopyrightAlliance_NotMember` or `CopyrightAlliance_NotSuspended`.
    function reinstate(address account) external;

    /// @notice Ends a membership, suspended or not.
    /// @dev Restricted. Reverts with `CopyrightAlliance_NotMember` or `CopyrightAlliance_LastMember`.
    function expel(address account) external;

    /// @notice Ends the caller's membership, suspended or not.
    /// @dev Reverts with `CopyrightAlliance_NotMember` or `CopyrightAlliance_LastMember`.
    function resign() external;

    /* VIEWS */

    /// @notice Whether the account is a member with this role and not suspended, now.
    function isMember(address account, Role role) external view returns (bool);

    /// @notice Whether the account is a member and not suspended, now.
    function isActive(address account) external view returns (bool);

    /// @notice How the account stands now.
    function membershipOf(address account) external view returns (Membership memory);

    /// @notice The roles that counted at the end of a second that is over: zero for who was no member then, or was suspended.
    /// @dev Reverts with OpenZeppelin's `ERC5805FutureLookup` if the second is not over.
    /// @param time Seconds since 1970.
    function rolesAt(address account, uint256 time) external view returns (uint8 roles);

    /// @notice How many members there are who are not suspended.
    function activeMembers() external view returns (uint256);

    /* WIRING */

    /// @notice Names the registry of identities, which is deployed after this contract; once. It is told of all who are verifiers from then on.
    /// @dev Restricted. Admit no verifier before. Reverts with `CopyrightAlliance_AlreadyConnected`, `CopyrightAlliance_ModuleZero` or
    /// `CopyrightAlliance_NotEmpty`.
    function connect(IIdentityRegistry identityRegistry_) external;

    /// @notice The registry that learns who is a verifier; zero before {connect}.
    function identityRegistry() external view returns (IIdentityRegistry);
}
