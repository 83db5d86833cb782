// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

// solhint-disable avoid-low-level-calls, gas-custom-errors

import {IERC721Receiver} from "@openzeppelin/contracts/interfaces/IERC721Receiver.sol";

import {OwnedWallet} from "./Wallets.sol";

/// @notice What a contract may do when a token is handed to it.
enum Welcome {
    Take,
    Refuse,
    WrongAnswer,
    BurnEverything,
    CallBack
}

/// @notice A contract that trades: it signs by its owner's key, makes the calls it is told to, and meets tokens as it is told to.
contract Trader is OwnedWallet, IERC721Receiver {
    Welcome private _welcome;
    address private _target;
    bytes private _data;
    bool public succeeded;
    bytes4 public reason;

    constructor(address firstOwner) OwnedWallet(firstOwner) {}

    receive() external payable {}

    function welcome(Welcome how, address target, bytes calldata data) external {
        (_welcome, _target, _data) = (how, target, data);
    }

    function execute(address target, bytes calldata data) external payable {
        (bool success, bytes memory answer) = target.call{value: msg.value}(data);
        if (success) return;
        assembly ("memory-safe") {
            revert(add(answer, 0x20), mload(answer))
        }
    }

    function onERC721Received(address, address, uint256, bytes calldata) external returns (bytes4) {
        Welcome how = _welcome;
        if (how == Welcome.Refuse) revert("refused");
        if (how == Welcome.WrongAnswer) return bytes4(0xdeadbeef);
        if (how == Welcome.BurnEverything) {
            assembly ("memory-safe") {
                invalid()
            }
        }
        if (how == Welcome.CallBack) {
            bytes memory answer;
            (succeeded, answer) = _target.call(_data);
            reason = bytes4(answer);
        }
        return IERC721Receiver.onERC721Received.selector;
    }
}

/// @notice A licensee that calls back when its license comes.
contract ReenteringLicensee is OwnedWallet, IERC721Receiver {
    address private _target;
    bytes private _data;
    bool public called;
    bool public succeeded;

    constructor(address firstOwner) OwnedWallet(firstOwner) {}

    function prepare(address target, bytes calldata data) external {
        (_target, _data) = (target, data);
    }

    function onERC721Received(address, address, uint256, bytes calldata) external returns (bytes4) {
        called = true;
        (succeeded, ) = _target.call(_data);
        return IERC721Receiver.onERC721Received.selector;
    }
}

/// @notice A wallet that signs by its owner's key, makes calls, and takes no coins.
contract CoinlessTrader is OwnedWallet {
    constructor(address firstOwner) OwnedWallet(firstOwner) {}

    function execute(address target, bytes calldata data) external {
        (bool success, ) = target.call(data);
        require(success, "failed");
    }
}
