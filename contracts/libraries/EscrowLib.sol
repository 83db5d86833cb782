// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/interfaces/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {IRevenueSplitter} from "../interfaces/IRevenueSplitter.sol";
import {Errors} from "./Errors.sol";

/// @title EscrowLib
/// @notice How a module takes money that it must keep for a while (bids, deposits), and how it pays from what it keeps.
library EscrowLib {
    using SafeERC20 for IERC20;

    /// @notice Takes an amount of an ERC-20 from `payer` into the calling contract.
    /// @dev Payers approve only the splitter, and only it knows which currencies are good, so the money comes through it.
    function take(IRevenueSplitter splitter, address currency, address payer, uint256 amount) internal {
        uint256 before = IERC20(currency).balanceOf(address(this));
        splitter.credit(address(this), payer, currency, amount);
        splitter.withdrawTo(currency, address(this));
        uint256 arrived = IERC20(currency).balanceOf(address(this)) - before;
        if (arrived < amount) revert Errors.Escrow_Shortfall(currency, arrived, amount);
    }

    /// @notice Makes an amount ready to be paid through the splitter from what the calling contract keeps.
    /// @return value Coins to send along.
    function ready(IRevenueSplitter splitter, address currency, uint256 amount) internal returns (uint256 value) {
        if (currency == address(0)) return amount;
        IERC20(currency).forceApprove(address(splitter), amount);
    }
}
