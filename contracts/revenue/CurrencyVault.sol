// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IRevenueSplitter} from "../interfaces/IRevenueSplitter.sol";
import {Errors} from "../libraries/Errors.sol";

/// @title CurrencyVault
/// @notice Takes and sends coins and tokens, and knows how many units of each token it must hold.
/// @dev The documentation is in {IRevenueSplitter}. Everything here that calls a token or a recipient is called under a reentrancy guard.
abstract contract CurrencyVault is IRevenueSplitter, AccessManaged {
    using SafeERC20 for IERC20;

    struct Currency {
        bool allowed;
        uint248 held;
    }

    /* CONSTANTS */

    /// @dev What a push may burn. Coins: the common wallets take 10,000 at most. Tokens: common ones take 60,000, with hooks.
    uint256 private constant PUSH_GAS_COINS = 50_000;
    uint256 private constant PUSH_GAS_TOKENS = 200_000;

    /* STORAGE */

    mapping(address currency => Currency) private _currencies;

    mapping(address account => bool) private _modules;
    bool private _modulesAreSet;

    /* GOVERNANCE */

    /// @inheritdoc IRevenueSplitter
    function setCurrency(address currency, bool allowed) external restricted {
        if (currency.code.length == 0) revert Errors.RevenueSplitter_CurrencyInvalid(currency);
        _currencies[currency].allowed = allowed;
        emit CurrencySet(currency, allowed);
    }

    /// @inheritdoc IRevenueSplitter
    function setModules(address[] calldata modules) external restricted {
        if (_modulesAreSet) revert Errors.RevenueSplitter_ModulesSet();
        if (modules.length == 0) revert Errors.RevenueSplitter_ModuleInvalid(0);
        _modulesAreSet = true;
        for (uint256 i; i < modules.length; ++i) {
            if (modules[i] == address(0)) revert Errors.RevenueSplitter_ModuleInvalid(i);
            _modules[modules[i]] = true;
        }
        emit ModulesSet(modules);
    }

    /* VIEWS */

    /// @inheritdoc IRevenueSplitter
    function currencyOf(address currency) external view returns (bool allowed, uint256 held) {
        if (currency == address(0)) return (true, 0);
        Currency memory found = _currencies[currency];
        return (found.allowed, found.held);
    }

    /// @inheritdoc IRevenueSplitter
    function isModule(address account) public view returns (bool) {
        return _modules[account];
    }

    /* IN */

    /// @dev Takes `amount` and tells what arrived.
    function _take(address payer, address currency, uint256 amount) internal returns (uint256 received) {
        _checkAmount(amount);
        if (currency == address(0)) {
            if (msg.value != amount) revert Errors.RevenueSplitter_ValueMismatch(msg.value, amount);
            return amount;
        }
        if (msg.value != 0) revert Errors.RevenueSplitter_ValueMismatch(msg.value, 0);
        Currency memory found = _currencies[currency];
        if (!found.allowed) revert Errors.RevenueSplitter_CurrencyNotAllowed(currency);
        uint256 balance = IERC20(currency).balanceOf(address(this));
        // New money would make up for old losses.
        if (balance < found.held) revert Errors.RevenueSplitter_Shortfall(currency, balance, found.held);

        IERC20(currency).safeTransferFrom(payer, address(this), amount);

        uint256 balanceAfter = IERC20(currency).balanceOf(address(this));
        if (balanceAfter <= balance) revert Errors.RevenueSplitter_Underpaid(currency, amount, 0);
        received = balanceAfter - balance;
        _checkAmount(received);
        _currencies[currency].held = uint248(found.held + received);
    }

    /// @dev Takes `amount` for a module, or for the caller himself, and insists on all of it.
    function _takeAll(address payer, address currency, uint256 amount) internal {
        // Coins are the caller's own, so he needs nobody's leave.
        if (currency != address(0) && payer != msg.sender && !_modules[msg.sender]) {
            revert Errors.RevenueSplitter_NotModule(msg.sender);
        }
        uint256 received = _take(payer, currency, amount);
        if (received < amount) revert Errors.RevenueSplitter_Underpaid(currency, amount, received);
    }

    /* OUT */

    /// @dev Sends what is owed, all of it, or reverts. While a token is short, a caller who may decide for himself gets his proportion.
    function _pay(address currency, address to, uint256 due, bool takesShort) internal {
        _checkAccount(to);
        if (currency == address(0)) {
            if (!_trySend(currency, to, due, gasleft()))
                revert Errors.RevenueSplitter_TransferFailed(currency, to, due);
            return;
        }
        uint256 held = _currencies[currency].held;
        uint256 balance = IERC20(currency).balanceOf(address(this));
        uint256 amount = due;
        if (balance < held) {
            if (!takesShort) revert Errors.RevenueSplitter_Shortfall(currency, balance, held);
            amount = Math.mulDiv(due, balance, held);
            emit ShortPaid(to, currency, due, amount);
        }
        _currencies[currency].held = uint248(held - due);

        if (!_trySend(currency, to, amount, gasleft())) {
            revert Errors.RevenueSplitter_TransferFailed(currency, to, amount);
        }
        _checkBalance(currency, balance - amount);
    }

    /// @dev Never reverts for what the recipient or the token does, and copies at most 32 bytes of an answer.
    function _trySend(address currency, address to, uint256 amount, uint256 gasLimit) internal returns (bool sent) {
        if (currency == address(0)) {
            assembly ("memory-safe") {
                sent := call(gasLimit, to, amount, 0x00, 0x00, 0x00, 0x00)
            }
            return sent;
        }
        bytes4 selector = IERC20.transfer.selector;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, selector)
            mstore(add(free, 0x04), to)
            mstore(add(free, 0x24), amount)
            sent := call(gasLimit, currency, 0, free, 0x44, 0x00, 0x20)
            // As SafeERC20 has it: nothing, or true; and there must be a contract.
            switch returndatasize()
            case 0 {
                sent := and(sent, gt(extcodesize(currency), 0))
            }
            default {
                sent := and(sent, and(gt(returndatasize(), 0x1f), eq(mload(0x00), 1)))
            }
        }
    }

    /// @dev What the recipient of a push can burn. Whoever pushes tokens calls {_settle} afterwards.
    function _pushGas(address currency) internal pure returns (uint256) {
        return currency == address(0) ? PUSH_GAS_COINS : PUSH_GAS_TOKENS;
    }

    /// @dev Books pushes of `pushed` units together. Only right after {_take}, which made sure that nothing was short.
    function _settle(address currency, uint256 pushed) internal {
        if (currency == address(0) || pushed == 0) return;
        uint256 held = _currencies[currency].held - pushed;
        _currencies[currency].held = uint248(held);
        _checkBalance(currency, held);
    }

    function _checkAccount(address account) internal view {
        if (account == address(0) || account == address(this)) revert Errors.RevenueSplitter_AccountInvalid(account);
    }

    /* INTERNAL */

    function _checkAmount(uint256 amount) private pure {
        if (amount == 0 || amount > type(uint128).max) revert Errors.RevenueSplitter_AmountInvalid(amount);
    }

    function _checkBalance(address currency, uint256 expected) private view {
        uint256 balance = IERC20(currency).balanceOf(address(this));
        if (balance < expected) revert Errors.RevenueSplitter_Overcharged(currency, balance, expected);
    }
}
