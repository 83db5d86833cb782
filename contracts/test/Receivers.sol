// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC721Receiver} from "@openzeppelin/contracts/interfaces/IERC721Receiver.sol";

/// @notice What a contract may do when a token arrives.
enum Welcome {
    Accept,
    WrongAnswer,
    RevertWithError,
    RevertWithoutReason
}

/// @notice Receives ERC-721 tokens as it was told at birth.
contract Receiver is IERC721Receiver {
    error Unwelcome();

    event Received(address operator, address from, uint256 tokenId, bytes data);

    Welcome private immutable WELCOME;

    constructor(Welcome welcome) {
        WELCOME = welcome;
    }

    function onERC721Received(
        address operator,
        address from,
        uint256 tokenId,
        bytes calldata data
    ) external returns (bytes4) {
        if (WELCOME == Welcome.RevertWithError) revert Unwelcome();
        if (WELCOME == Welcome.RevertWithoutReason) revert(); // solhint-disable-line gas-custom-errors, reason-string
        if (WELCOME == Welcome.WrongAnswer) return 0xdeadbeef;
        emit Received(operator, from, tokenId, data);
        return IERC721Receiver.onERC721Received.selector;
    }
}
