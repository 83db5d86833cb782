// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/interfaces/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IRevenueSplitter} from "../interfaces/IRevenueSplitter.sol";
import {Errors} from "./Errors.sol";

/// @title EscrowLib
/// @notice How a module takes money that it must keep for a while (bids, deposits), books it, and pays from what it keeps.
library EscrowLib {
    using SafeERC20 for IERC20;

    /// @notice Takes an amount that the calling contract must keep, and books it. Coins have come along with the call; an ERC-20 is pulled
    /// from `payer`.
    /// @dev While the contract is short of a currency it takes no more of it: new money would make up for old losses. Payers approve only the
    /// splitter, and only it knows which currencies are good, so the money comes through it.
    /// @param heldOf The calling contract's books: what it must hold of each currency.
    function keep(
        IRevenueSplitter splitter,
        mapping(address currency => uint256) storage heldOf,
        address currency,
        address payer,
        uint256 amount
    ) internal {
        uint256 held = heldOf[currency];
        heldOf[currency] = held + amount;
        if (currency == address(0)) return;

        uint256 before = IERC20(currency).balanceOf(address(this));
        if (before < held) revert Errors.Escrow_Shortfall(currency, before, held);
        splitter.credit(address(this), payer, currency, amount);
        splitter.withdrawTo(currency, address(this));
        uint256 arrived = IERC20(currency).balanceOf(address(this)) - before;
        if (arrived < amount) revert Errors.Escrow_Shortfall(currency, arrived, amount);
    }

    /// @notice Takes an amount out of the books that is about to leave.
    /// @return What leaves: the amount, or the same proportion of it as everybody gets of a currency that has shrunk.
    function release(
        mapping(address currency => uint256) storage heldOf,
        address currency,
        uint256 amount
    ) internal returns (uint256) {
        uint256 held = heldOf[currency];
        heldOf[currency] = held - amount;
        if (currency == address(0)) return amount;
        uint256 balance = IERC20(currency).balanceOf(address(this));
        return balance < held ? Math.mulDiv(amount, balance, held) : amount;
    }

    /// @notice Makes an amount ready to be paid through the splitter from what the calling contract keeps.
    /// @return value Coins to send along.
    function ready(IRevenueSplitter splitter, address currency, uint256 amount) internal returns (uint256 value) {
        if (currency == address(0)) return amount;
        IERC20(currency).forceApprove(address(splitter), amount);
    }
}
