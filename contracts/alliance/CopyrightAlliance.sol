// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Votes} from "@openzeppelin/contracts/governance/utils/Votes.sol";
import {IERC6372} from "@openzeppelin/contracts/interfaces/IERC6372.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {ERC721Votes} from "@openzeppelin/contracts/token/ERC721/extensions/ERC721Votes.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

import {ICopyrightAlliance, Membership} from "../interfaces/ICopyrightAlliance.sol";
import {IERC5192} from "../interfaces/IERC5192.sol";
import {IIdentityRegistry} from "../interfaces/IIdentityRegistry.sol";
import {Errors} from "../libraries/Errors.sol";
import {Role, Roles} from "../types/Role.sol";

/// @title CopyrightAlliance
/// @notice Who belongs to the alliance, and as what: memberships that cannot be transferred, with one vote each.
/// @dev The documentation is in {ICopyrightAlliance}.
contract CopyrightAlliance is ICopyrightAlliance, ERC721Votes, AccessManaged {
    using Checkpoints for Checkpoints.Trace208;
    using Roles for uint8;

    /* STORAGE */

    mapping(address account => Membership) private _memberships;

    /// @dev The roles that count, by the second from which they do.
    mapping(address account => Checkpoints.Trace208) private _rolesOverTime;

    /// @inheritdoc ICopyrightAlliance
    IIdentityRegistry public identityRegistry;

    /* CONSTRUCTOR */

    constructor(
        address authority
    )
        ERC721("Colophon Alliance Membership", "MEMBER")
        EIP712("Colophon CopyrightAlliance", "1")
        AccessManaged(authority)
    {}

    /* MEMBERSHIP */

    /// @inheritdoc ICopyrightAlliance
    function admit(address account, uint8 roles) external restricted {
        _admit(account, roles);
    }

    /// @inheritdoc ICopyrightAlliance
    function admitMany(address[] calldata accounts, uint8[] calldata roles) external restricted {
        uint256 count = accounts.length;
        if (count != roles.length) revert Errors.CopyrightAlliance_LengthsDiffer(count, roles.length);
        for (uint256 i; i < count; ++i) _admit(accounts[i], roles[i]);
    }

    /// @inheritdoc ICopyrightAlliance
    function setRoles(address account, uint8 roles) external restricted {
        Membership storage membership = _memberOrRevert(account);
        _checkRoles(roles);

        membership.roles = roles;
        if (!membership.suspended) _setCounting(account, roles);

        emit RolesSet(account, roles);
    }

    /// @inheritdoc ICopyrightAlliance
    function suspend(address account) external restricted {
        Membership storage membership = _memberOrRevert(account);
        if (membership.suspended) revert Errors.CopyrightAlliance_Suspended(account);
        _checkNotLast(account);

        membership.suspended = true;
        _transferVotingUnits(account, address(0), 1);
        _setCounting(account, 0);

        emit MemberSuspended(account);
    }

    /// @inheritdoc ICopyrightAlliance
    function reinstate(address account) external restricted {
        Membership storage membership = _memberOrRevert(account);
        if (!membership.suspended) revert Errors.CopyrightAlliance_NotSuspended(account);

        membership.suspended = false;
        _transferVotingUnits(address(0), account, 1);
        _setCounting(account, membership.roles);

        emit MemberReinstated(account);
    }

    /// @inheritdoc ICopyrightAlliance
    function expel(address account) external restricted {
        _remove(account);
        emit MemberExpelled(account);
    }

    /// @inheritdoc ICopyrightAlliance
    function resign() external {
        _remove(msg.sender);
        emit MemberResigned(msg.sender);
    }

    /* WIRING */

    /// @inheritdoc ICopyrightAlliance
    function connect(IIdentityRegistry identityRegistry_) external restricted {
        if (address(identityRegistry) != address(0)) revert Errors.CopyrightAlliance_AlreadyConnected();
        if (address(identityRegistry_) == address(0)) revert Errors.CopyrightAlliance_ModuleZero();
        uint256 members = activeMembers();
        if (members != 0) revert Errors.CopyrightAlliance_NotEmpty(members);

        identityRegistry = identityRegistry_;

        emit Connected(address(identityRegistry_));
    }

    /* VIEWS */

    /// @inheritdoc ICopyrightAlliance
    function isMember(address account, Role role) external view returns (bool) {
        Membership memory membership = _memberships[account];
        return !membership.suspended && membership.roles.has(role);
    }

    /// @inheritdoc ICopyrightAlliance
    function isActive(address account) external view returns (bool) {
        Membership memory membership = _memberships[account];
        return !membership.suspended && membership.roles != 0;
    }

    /// @inheritdoc ICopyrightAlliance
    function membershipOf(address account) external view returns (Membership memory) {
        return _memberships[account];
    }

    /// @inheritdoc ICopyrightAlliance
    function rolesAt(address account, uint256 time) external view returns (uint8 roles) {
        return uint8(_rolesOverTime[account].upperLookupRecent(_validateTimepoint(time)));
    }

    /// @inheritdoc ICopyrightAlliance
    function activeMembers() public view returns (uint256) {
        return _getTotalSupply();
    }

    /// @inheritdoc IERC5192
    function locked(uint256 tokenId) external view returns (bool) {
        _requireOwned(tokenId);
        return true;
    }

    /// @notice Seconds since 1970: votes and roles are asked by time, as everything else is.
    function clock() public view override(IERC6372, Votes) returns (uint48) {
        return SafeCast.toUint48(block.timestamp);
    }

    /// @notice As ERC-6372 names the clock.
    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() public pure override(IERC6372, Votes) returns (string memory) {
        return "mode=timestamp";
    }

    /// @inheritdoc ERC721
    function supportsInterface(bytes4 id) public view override returns (bool) {
        return id == type(IERC5192).interfaceId || super.supportsInterface(id);
    }

    /* WHAT A MEMBERSHIP DOES NOT ALLOW */

    /// @notice Always reverts with `CopyrightAlliance_Soulbound`.
    function approve(address, uint256) public pure override {
        revert Errors.CopyrightAlliance_Soulbound();
    }

    /// @notice Always reverts with `CopyrightAlliance_Soulbound`.
    function setApprovalForAll(address, bool) public pure override {
        revert Errors.CopyrightAlliance_Soulbound();
    }

    /* INTERNAL */

    function _admit(address account, uint8 roles) private {
        if (account == address(0)) revert Errors.CopyrightAlliance_AccountZero();
        _checkRoles(roles);

        uint256 tokenId = uint160(account);
        // First, so that minting finds where the vote goes. Every later change of it is refused.
        if (delegates(account) == address(0)) _delegate(account, account);
        // Not `_safeMint`: the token cannot get stuck more than it is anyway, and no code of the member's may run here.
        _mint(account, tokenId);
        _memberships[account] = Membership({roles: roles, suspended: false, joinedAt: uint40(block.timestamp)});
        _setCounting(account, roles);

        emit Locked(tokenId);
        emit MemberAdmitted(account, roles);
    }

    function _remove(address account) private {
        Membership storage membership = _memberOrRevert(account);
        if (!membership.suspended) _checkNotLast(account);

        _burn(uint160(account));
        membership.roles = 0;
        membership.suspended = false;
        _setCounting(account, 0);
    }

    /// @dev OpenZeppelin hands over who asks for a transfer; minting and burning, which are ours alone, name nobody.
    /// A suspended member's vote went when he was suspended, so it must not go again with the token.
    function _update(address to, uint256 tokenId, address auth) internal override returns (address) {
        if (auth != address(0)) revert Errors.CopyrightAlliance_Soulbound();
        if (_memberships[address(uint160(tokenId))].suspended) return ERC721._update(to, tokenId, auth);
        return super._update(to, tokenId, auth);
    }

    function _delegate(address account, address delegatee) internal override {
        if (delegatee != account) revert Errors.CopyrightAlliance_NotDelegable(account, delegatee);
        super._delegate(account, delegatee);
    }

    /// @dev What {Votes} moves when a delegate changes: here only from nobody to oneself, before or without a membership, hence nothing.
    function _getVotingUnits(address) internal pure override returns (uint256) {
        return 0;
    }

    /// @dev Notes the roles that count from now on, and tells the registry of identities.
    function _setCounting(address account, uint8 roles) private {
        (uint208 before, ) = _rolesOverTime[account].push(clock(), roles);
        bool was = uint8(before).has(Role.Verifier);
        bool is_ = roles.has(Role.Verifier);
        if (was != is_ && address(identityRegistry) != address(0)) identityRegistry.setVerifier(account, is_);
    }

    function _memberOrRevert(address account) private view returns (Membership storage membership) {
        membership = _memberships[account];
        if (membership.roles == 0) revert Errors.CopyrightAlliance_NotMember(account);
    }

    function _checkNotLast(address account) private view {
        if (activeMembers() == 1) revert Errors.CopyrightAlliance_LastMember(account);
    }

    function _checkRoles(uint8 roles) private pure {
        if (roles == 0 || roles & ~Roles.ALL != 0) revert Errors.CopyrightAlliance_RolesInvalid(roles);
    }
}
