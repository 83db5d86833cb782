// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC165} from "@openzeppelin/contracts/interfaces/IERC165.sol";
import {IERC2981} from "@openzeppelin/contracts/interfaces/IERC2981.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ICopyrightRegistry} from "../interfaces/ICopyrightRegistry.sol";
import {ICopyrightTitle} from "../interfaces/ICopyrightTitle.sol";
import {IRevenueSplitter} from "../interfaces/IRevenueSplitter.sol";
import {IRightsHolder} from "../interfaces/IRightsHolder.sol";
import {Errors} from "../libraries/Errors.sol";
import {TitleState} from "../types/TitleState.sol";

/// @title CopyrightTitle
/// @notice Who holds the rights in a deposited work, as an ERC-721 token over the deposit.
/// @dev The documentation is in {ICopyrightTitle}.
contract CopyrightTitle is ICopyrightTitle, ERC721, AccessManaged {
    /* CONSTANTS */

    /// @inheritdoc ICopyrightTitle
    uint256 public constant MAX_ROYALTY_BPS = 1000;

    /// @inheritdoc ICopyrightTitle
    uint256 public constant MAX_FREEZE = 365 days;

    bytes4 private constant ERC4906_ID = 0x49064906;

    /// @inheritdoc ICopyrightTitle
    ICopyrightRegistry public immutable REGISTRY;

    /* STORAGE */

    mapping(uint256 workId => TitleState) private _states;

    /// @inheritdoc ICopyrightTitle
    IRevenueSplitter public splitter;

    /* CONSTRUCTOR */

    constructor(
        ICopyrightRegistry registry,
        address authority
    ) ERC721("Colophon Title", "TITLE") AccessManaged(authority) {
        REGISTRY = registry;
    }

    /* TITLES */

    /// @inheritdoc ICopyrightTitle
    function mint(uint256 workId, uint256 royaltyBps) external {
        if (_claimantOf(workId) != msg.sender) revert Errors.CopyrightTitle_NotClaimant(workId, msg.sender);
        if (royaltyBps > MAX_ROYALTY_BPS) revert Errors.CopyrightTitle_RoyaltyTooHigh(royaltyBps, MAX_ROYALTY_BPS);
        TitleState state = _states[workId];
        if (state.refuted()) revert Errors.CopyrightTitle_WorkRefuted(workId);

        if (royaltyBps != 0) _states[workId] = state.withRoyalty(royaltyBps).withCreator(msg.sender);
        // Not `_safeMint`: the owner is the caller, who knows what he does.
        _mint(msg.sender, workId);

        emit TitleMinted(workId, msg.sender, royaltyBps);
    }

    /// @inheritdoc ICopyrightTitle
    function lowerRoyalty(uint256 workId, uint256 royaltyBps) external {
        if (_claimantOf(workId) != msg.sender) revert Errors.CopyrightTitle_NotClaimant(workId, msg.sender);
        TitleState state = _states[workId];
        if (royaltyBps > state.royaltyBps()) {
            revert Errors.CopyrightTitle_RoyaltyTooHigh(royaltyBps, state.royaltyBps());
        }

        _states[workId] = state.withRoyalty(royaltyBps);

        emit RoyaltyLowered(workId, royaltyBps);
    }

    /// @inheritdoc ICopyrightTitle
    function withdrawOffers(uint256 workId) external returns (uint256 epoch) {
        if (_holderOf(workId, _states[workId]) != msg.sender)
            revert Errors.CopyrightTitle_NotRightsHolder(workId, msg.sender);
        epoch = _advanceEpoch(workId, _states[workId]);
    }

    /* RULINGS */

    /// @inheritdoc ICopyrightTitle
    function freeze(uint256 workId, uint256 until) external restricted {
        _checkKnown(workId);
        uint256 latest = block.timestamp + MAX_FREEZE;
        if (until > latest) revert Errors.CopyrightTitle_FreezeTooLong(until, latest);
        if (until <= block.timestamp) until = 0;

        _states[workId] = _states[workId].withFrozenUntil(until);

        emit Frozen(workId, until);
        emit MetadataUpdate(workId);
    }

    /// @inheritdoc ICopyrightTitle
    function refute(uint256 workId) external restricted {
        _checkKnown(workId);
        TitleState state = _states[workId];
        if (state.refuted()) return;

        _states[workId] = state.withRefuted();

        emit Refuted(workId);
        emit MetadataUpdate(workId);
    }

    /* WIRING */

    /// @inheritdoc ICopyrightTitle
    function connect(IRevenueSplitter splitter_) external restricted {
        if (address(splitter) != address(0)) revert Errors.CopyrightTitle_AlreadyConnected();
        if (address(splitter_) == address(0)) revert Errors.CopyrightTitle_ModuleZero();

        splitter = splitter_;

        emit Connected(address(splitter_));
    }

    /* VIEWS */

    /// @inheritdoc IRightsHolder
    function rightsHolderOf(uint256 workId) external view returns (address) {
        return _holderOf(workId, _states[workId]);
    }

    /// @inheritdoc ICopyrightTitle
    function standingOf(uint256 workId) external view returns (address holder, uint256 epoch, bool refuted) {
        TitleState state = _states[workId];
        return (_holderOf(workId, state), state.epoch(), state.refuted());
    }

    /// @inheritdoc ICopyrightTitle
    function epochOf(uint256 workId) external view returns (uint256) {
        return _states[workId].epoch();
    }

    /// @inheritdoc ICopyrightTitle
    function isMinted(uint256 workId) external view returns (bool) {
        return _ownerOf(workId) != address(0);
    }

    /// @inheritdoc ICopyrightTitle
    function frozenUntil(uint256 workId) public view returns (uint256 until) {
        until = _states[workId].frozenUntil();
        if (until <= block.timestamp) until = 0;
    }

    /// @inheritdoc ICopyrightTitle
    function isRefuted(uint256 workId) external view returns (bool) {
        return _states[workId].refuted();
    }

    /// @inheritdoc ICopyrightTitle
    function royaltyBpsOf(uint256 workId) public view returns (uint256) {
        return _states[workId].royaltyBps();
    }

    /// @inheritdoc IERC2981
    function royaltyInfo(uint256 workId, uint256 salePrice) external view returns (address receiver, uint256 amount) {
        return _royaltyOf(_states[workId], salePrice);
    }

    /// @inheritdoc ICopyrightTitle
    function saleTermsOf(
        uint256 workId,
        uint256 salePrice
    ) external view returns (address receiver, uint256 royalty, bool refuted) {
        TitleState state = _states[workId];
        (receiver, royalty) = _royaltyOf(state, salePrice);
        refuted = state.refuted();
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 id) public view override(ERC721, IERC165) returns (bool) {
        return id == type(IERC2981).interfaceId || id == ERC4906_ID || super.supportsInterface(id);
    }

    /* INTERNAL */

    /// @dev Every transfer, and minting, passes here.
    function _update(address to, uint256 workId, address auth) internal override returns (address from) {
        from = super._update(to, workId, auth);
        if (from == address(0) || from == to) return from;

        uint256 until = frozenUntil(workId);
        if (until != 0) revert Errors.CopyrightTitle_TitleFrozen(workId, until);
        _advanceEpoch(workId, _states[workId].withTransferred());
        if (address(splitter) != address(0)) splitter.resetSplit(workId);
    }

    function _advanceEpoch(uint256 workId, TitleState state) private returns (uint256 epoch) {
        TitleState next = state.withNextEpoch();
        _states[workId] = next;
        epoch = next.epoch();
        emit EpochAdvanced(workId, epoch);
    }

    /// @dev Until the first transfer it is the claimant, with or without a title; so one of the two need not be looked up.
    function _holderOf(uint256 workId, TitleState state) private view returns (address) {
        return state.transferred() ? _ownerOf(workId) : _claimantOf(workId);
    }

    function _royaltyOf(TitleState state, uint256 salePrice) private pure returns (address receiver, uint256 amount) {
        uint256 royaltyBps = state.royaltyBps();
        if (royaltyBps != 0) return (state.creator(), Math.mulDiv(salePrice, royaltyBps, 10_000));
    }

    function _claimantOf(uint256 workId) private view returns (address) {
        return REGISTRY.depositOf(bytes32(workId)).claimant;
    }

    function _checkKnown(uint256 workId) private view {
        if (_claimantOf(workId) == address(0)) revert Errors.CopyrightTitle_WorkUnknown(workId);
    }
}
