// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

// solhint-disable gas-custom-errors

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @notice A token as it should be. Anybody can mint.
contract PlainToken is ERC20("Plain", "PLN") {
    function mint(address account, uint256 amount) external {
        _mint(account, amount);
    }
}

/// @notice What a bad token answers to transfers.
enum Reply {
    True,
    Nothing,
    False,
    FalseButMoves,
    TrueButStays,
    Revert,
    Two,
    Short,
    Bomb,
    BurnEverything
}

interface ITokenHook {
    function tokensMoved() external;
}

/// @notice A token that does on demand what tokens should not: fees, refusals, odd answers, shrinking balances, hooks.
/// @dev Balances are shares of a pool, so that all of them can shrink at once.
contract HostileToken {
    uint256 private constant ONE = 1e18;

    mapping(address account => uint256) private _shares;
    mapping(address owner => mapping(address spender => uint256)) public allowance;
    mapping(address account => bool) public isBlocked;
    mapping(address account => bool) public isHooked;
    uint256 private _index = ONE;
    uint256 private _recipientFee;
    uint256 private _senderFee;
    uint256 private _leavingFee;
    Reply private _reply;

    /* WHAT TESTS TURN */

    function mint(address account, uint256 amount) external {
        _shares[account] += _sharesFor(amount);
    }

    function block_(address account, bool blocked) external {
        isBlocked[account] = blocked;
    }

    /// @dev Its `tokensMoved` is called before each transfer from it and after each to it, as ERC-777 does.
    function hook(address account, bool hooked) external {
        isHooked[account] = hooked;
    }

    /// @param index Every balance becomes `index / 10^18` of what was minted.
    function rebase(uint256 index) external {
        _index = index;
    }

    /// @dev Parts per hundred that the recipient does not get, or that the sender loses beside.
    function charge(uint256 recipientFee, uint256 senderFee) external {
        (_recipientFee, _senderFee) = (recipientFee, senderFee);
    }

    /// @dev Parts per hundred that the recipient of `transfer` does not get, and that of `transferFrom` does.
    function chargeLeaving(uint256 fee) external {
        _leavingFee = fee;
    }

    function answer(Reply reply) external {
        _reply = reply;
    }

    /* ERC-20 */

    function approve(address spender, uint256 amount) external returns (bool) {
        allowance[msg.sender][spender] = amount;
        return true;
    }

    function transfer(address to, uint256 amount) external {
        _move(msg.sender, to, amount);
        _shares[to] -= _sharesFor((amount * _leavingFee) / 100);
        _respond();
    }

    function transferFrom(address from, address to, uint256 amount) external {
        allowance[from][msg.sender] -= amount;
        _move(from, to, amount);
        _respond();
    }

    function balanceOf(address account) external view returns (uint256) {
        return (_shares[account] * _index) / ONE;
    }

    function _move(address from, address to, uint256 amount) private {
        require(!isBlocked[from] && !isBlocked[to], "blocked");
        if (isHooked[from]) ITokenHook(from).tokensMoved();
        if (_reply != Reply.False && _reply != Reply.TrueButStays) {
            _shares[from] -= _sharesFor(amount + (amount * _senderFee) / 100);
            _shares[to] += _sharesFor(amount - (amount * _recipientFee) / 100);
        }
        if (isHooked[to]) ITokenHook(to).tokensMoved();
    }

    function _sharesFor(uint256 amount) private view returns (uint256) {
        return (amount * ONE) / _index;
    }

    function _respond() private view {
        Reply reply = _reply;
        if (reply == Reply.Revert) revert("no");
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, 1)
            switch reply
            case 1 {
                return(free, 0)
            }
            case 2 {
                mstore(free, 0)
            }
            case 3 {
                mstore(free, 0)
            }
            case 6 {
                mstore(free, 2)
            }
            case 7 {
                return(free, 0x1f)
            }
            case 8 {
                // As much as 100,000 gas of memory can hold.
                revert(free, 190000)
            }
            case 9 {
                invalid()
            }
            return(free, 0x20)
        }
    }
}
