// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Auction, Order} from "../types/Order.sol";

/// @title OrderLib
/// @notice The ids of orders and auctions: their EIP-712 struct hashes, which name the seller.
library OrderLib {
    bytes32 internal constant ORDER_TYPEHASH = keccak256(
        "Order(address seller,bool isLicense,uint256 tokenId,address currency,uint256 price,address buyer,uint40 expiresAt,uint256 nonce)"
    );

    bytes32 internal constant AUCTION_TYPEHASH = keccak256(
        "Auction(address seller,bool isLicense,uint256 tokenId,address currency,uint96 reserve,uint16 stepBps,uint40 startsAt,uint40 endsAt,uint40 extension,uint256 nonce)"
    );

    /// @return orderId EIP-712 `hashStruct` of the order.
    /// @dev Calldata with dirty bits has a hash that no wallet signs, and reading the fields refuses it.
    function id(Order calldata order) internal pure returns (bytes32 orderId) {
        bytes32 typeHash = ORDER_TYPEHASH;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, typeHash)
            calldatacopy(add(free, 0x20), order, 0x100)
            orderId := keccak256(free, 0x120)
        }
    }

    /// @return auctionId EIP-712 `hashStruct` of the auction.
    function id(Auction calldata auction) internal pure returns (bytes32 auctionId) {
        bytes32 typeHash = AUCTION_TYPEHASH;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, typeHash)
            calldatacopy(add(free, 0x20), auction, 0x140)
            auctionId := keccak256(free, 0x160)
        }
    }
}
