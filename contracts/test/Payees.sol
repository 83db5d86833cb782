// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

// solhint-disable gas-custom-errors, avoid-low-level-calls

/// @notice What a payee may do when money comes.
enum Manner {
    Take,
    Refuse,
    BurnEverything,
    Bomb,
    CallBack
}

/// @notice A contract that is a payee, a module or a rights holder: it makes the calls it is told to, and meets money as it is told to.
contract HostilePayee {
    Manner private _manner;
    address private _target;
    bytes private _data;
    /// @notice How many of its calls back went through, and how many did not.
    uint256 public succeeded;
    uint256 public failed;
    /// @notice The first four bytes of why the last one did not.
    bytes4 public reason;

    receive() external payable {
        _meet();
    }

    function behave(Manner manner, address target, bytes calldata data) external {
        (_manner, _target, _data) = (manner, target, data);
    }

    /// @dev Calls as this contract, with the coins sent along.
    function execute(address target, bytes calldata data) external payable {
        (bool success, bytes memory answer) = target.call{value: msg.value}(data);
        if (success) return;
        assembly ("memory-safe") {
            revert(add(answer, 0x20), mload(answer))
        }
    }

    function tokensMoved() external {
        _meet();
    }

    function _meet() private {
        Manner manner = _manner;
        if (manner == Manner.Take) return;
        if (manner == Manner.Refuse) revert("refused");
        if (manner == Manner.BurnEverything) {
            assembly ("memory-safe") {
                invalid()
            }
        }
        if (manner == Manner.Bomb) {
            assembly ("memory-safe") {
                revert(mload(0x40), 60000)
            }
        }
        (bool success, bytes memory answer) = _target.call(_data);
        if (success) ++succeeded;
        else (failed, reason) = (failed + 1, bytes4(answer));
    }
}
