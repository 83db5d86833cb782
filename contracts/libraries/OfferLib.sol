// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Offer} from "../types/Offer.sol";

/// @title OfferLib
library OfferLib {
    bytes32 internal constant OFFER_TYPEHASH = keccak256(
        "Offer(uint256 workId,address seller,uint32 epoch,address currency,uint256 price,uint40 duration,uint40 closesAt,uint24 supply,bool exclusive,uint16 territories,uint16 channels,uint8 rights,bool transferable,bool renewable,uint16 resaleBps,uint16 derivativeBps,uint24 commissionCapPpm,address platform,bytes32 document)"
    );

    /// @return offerId EIP-712 `hashStruct` of the offer.
    /// @dev Equal to `keccak256(abi.encode(OFFER_TYPEHASH, offer))`, without decoding and encoding each of the 19 fields. Calldata
    /// with dirty bits has a hash that no wallet signs, and reading the fields refuses it.
    function id(Offer calldata offer) internal pure returns (bytes32 offerId) {
        bytes32 typeHash = OFFER_TYPEHASH;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, typeHash)
            calldatacopy(add(free, 0x20), offer, 0x260)
            offerId := keccak256(free, 0x280)
        }
    }
}
