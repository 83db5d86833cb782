// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";

/// @notice OpenZeppelin's ERC-721 and nothing else: what owning a token costs at least. Anybody mints.
contract BareERC721 is ERC721("Bare", "BARE") {
    function mint(address to, uint256 id) external {
        _mint(to, id);
    }
}
