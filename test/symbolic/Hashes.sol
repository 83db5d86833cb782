// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AgreementLib} from "../../contracts/libraries/AgreementLib.sol";
import {ClaimLib} from "../../contracts/libraries/ClaimLib.sol";
import {OfferLib} from "../../contracts/libraries/OfferLib.sol";
import {OrderLib} from "../../contracts/libraries/OrderLib.sol";
import {WorkLib} from "../../contracts/libraries/WorkLib.sol";
import {Agreement} from "../../contracts/types/Agreement.sol";
import {InfringementClaim} from "../../contracts/types/InfringementClaim.sol";
import {Offer} from "../../contracts/types/Offer.sol";
import {Auction, Order} from "../../contracts/types/Order.sol";
import {RevenueWordLib} from "../../contracts/types/RevenueWord.sol";
import {Work} from "../../contracts/types/Work.sol";

/// @notice The hashes that assembly makes straight from calldata are those of EIP-712, for every value of every field.
contract HashProperties {
    function check_workHash(Work calldata work) external pure {
        assert(WorkLib.hash(work) == keccak256(abi.encode(WorkLib.WORK_TYPEHASH, work)));
    }

    function check_depositIdNamesItsClaimant(address a, address b, bytes32 first, bytes32 second) external pure {
        assert((WorkLib.idOf(a, first) == WorkLib.idOf(b, second)) == (a == b && first == second));
    }

    function check_leaf(bytes32 id) external pure {
        assert(WorkLib.leafOf(id) == keccak256(abi.encode(id)));
    }

    function check_claimId(InfringementClaim calldata claim) external pure {
        assert(ClaimLib.id(claim) == keccak256(abi.encode(ClaimLib.CLAIM_TYPEHASH, claim)));
    }

    function check_offerId(Offer calldata offer) external pure {
        assert(OfferLib.id(offer) == keccak256(abi.encode(OfferLib.OFFER_TYPEHASH, offer)));
    }

    function check_orderId(Order calldata order) external pure {
        assert(OrderLib.id(order) == keccak256(abi.encode(OrderLib.ORDER_TYPEHASH, order)));
    }

    function check_auctionId(Auction calldata auction) external pure {
        assert(OrderLib.id(auction) == keccak256(abi.encode(OrderLib.AUCTION_TYPEHASH, auction)));
    }

    function check_agreementId(Agreement calldata agreement) external pure {
        assert(AgreementLib.id(agreement) == keccak256(abi.encode(AgreementLib.AGREEMENT_TYPEHASH, agreement)));
    }

    function check_splitOfOnePayee(address payee) external pure {
        uint256 whole = 1e6;
        assert(
            RevenueWordLib.hashOfSole(payee) == uint256(keccak256(abi.encode(payee, whole))) & RevenueWordLib.SPLIT_MASK
        );
    }
}
