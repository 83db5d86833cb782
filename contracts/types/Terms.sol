// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Grant, Offer} from "./Offer.sol";

/// @notice One storage word: the terms that all licenses of one offer or agreement share, and what became of it. Zero until the offer
/// is opened, cancelled or first taken.
/// @dev [0..23] licenses sold, [24..47] supply, [48..87] closing second, [88..119] epoch, [120..159] duration, [160..167] rights,
/// [168..183] territories, [184..199] channels, [200..215] resale share, [216..231] derivative share, [232] exclusive,
/// [233] transferable, [234] renewable, [235] under an agreement, [236] opened, [237] cancelled, [238] signed by the seller's key, [239..255] zero.
type Terms is uint256;

using TermsLib for Terms global;

/// @title TermsLib
/// @notice Packs and reads {Terms}.
library TermsLib {
    uint256 private constant EXCLUSIVE = 1 << 232;
    uint256 private constant TRANSFERABLE = 1 << 233;
    uint256 private constant RENEWABLE = 1 << 234;
    uint256 private constant UNDER_AGREEMENT = 1 << 235;
    uint256 private constant OPENED = 1 << 236;
    uint256 private constant CANCELLED = 1 << 237;
    uint256 private constant SIGNED = 1 << 238;

    /* PACKING */

    /// @dev The terms of an offer of which nothing was sold yet. Reads every field that is narrower than a word, so that Solidity
    /// refuses calldata with dirty bits.
    function pack(Offer calldata offer) internal pure returns (Terms) {
        uint256 bits =
            (uint256(offer.supply) << 24) |
                (uint256(offer.closesAt) << 48) |
                (uint256(offer.epoch) << 88) |
                (uint256(offer.duration) << 120) |
                (uint256(offer.rights) << 160);
        bits |=
            (uint256(offer.territories) << 168) |
            (uint256(offer.channels) << 184) |
            (uint256(offer.resaleBps) << 200) |
            (uint256(offer.derivativeBps) << 216);
        bits |=
            (offer.exclusive ? EXCLUSIVE : 0) |
            (offer.transferable ? TRANSFERABLE : 0) |
            (offer.renewable ? RENEWABLE : 0);
        return Terms.wrap(bits);
    }

    /// @dev The terms of an agreement whose one license is issued.
    function pack(Grant calldata grant) internal pure returns (Terms) {
        uint256 bits =
            1 |
                (1 << 24) |
                (uint256(grant.duration) << 120) |
                (uint256(grant.rights) << 160) |
                (uint256(grant.territories) << 168) |
                (uint256(grant.channels) << 184);
        bits |=
            (uint256(grant.resaleBps) << 200) |
            (uint256(grant.derivativeBps) << 216) |
            (grant.exclusive ? EXCLUSIVE : 0) |
            (grant.transferable ? TRANSFERABLE : 0) |
            UNDER_AGREEMENT;
        return Terms.wrap(bits);
    }

    function withOneMoreSold(Terms terms) internal pure returns (Terms) {
        return Terms.wrap(Terms.unwrap(terms) + 1);
    }

    function withOpened(Terms terms) internal pure returns (Terms) {
        return Terms.wrap(Terms.unwrap(terms) | OPENED);
    }

    function withCancelled(Terms terms) internal pure returns (Terms) {
        return Terms.wrap(Terms.unwrap(terms) | CANCELLED);
    }

    function withSigned(Terms terms) internal pure returns (Terms) {
        return Terms.wrap(Terms.unwrap(terms) | SIGNED);
    }

    /* READING */

    function exists(Terms terms) internal pure returns (bool) {
        return Terms.unwrap(terms) != 0;
    }

    function sold(Terms terms) internal pure returns (uint256) {
        return uint24(Terms.unwrap(terms));
    }

    function supply(Terms terms) internal pure returns (uint256) {
        return uint24(Terms.unwrap(terms) >> 24);
    }

    function closesAt(Terms terms) internal pure returns (uint256) {
        return uint40(Terms.unwrap(terms) >> 48);
    }

    function epoch(Terms terms) internal pure returns (uint256) {
        return uint32(Terms.unwrap(terms) >> 88);
    }

    function duration(Terms terms) internal pure returns (uint40) {
        return uint40(Terms.unwrap(terms) >> 120);
    }

    function rights(Terms terms) internal pure returns (uint8) {
        return uint8(Terms.unwrap(terms) >> 160);
    }

    function territories(Terms terms) internal pure returns (uint16) {
        return uint16(Terms.unwrap(terms) >> 168);
    }

    function channels(Terms terms) internal pure returns (uint16) {
        return uint16(Terms.unwrap(terms) >> 184);
    }

    function resaleBps(Terms terms) internal pure returns (uint16) {
        return uint16(Terms.unwrap(terms) >> 200);
    }

    function derivativeBps(Terms terms) internal pure returns (uint16) {
        return uint16(Terms.unwrap(terms) >> 216);
    }

    function isExclusive(Terms terms) internal pure returns (bool) {
        return Terms.unwrap(terms) & EXCLUSIVE != 0;
    }

    function isTransferable(Terms terms) internal pure returns (bool) {
        return Terms.unwrap(terms) & TRANSFERABLE != 0;
    }

    function isRenewable(Terms terms) internal pure returns (bool) {
        return Terms.unwrap(terms) & RENEWABLE != 0;
    }

    function isUnderAgreement(Terms terms) internal pure returns (bool) {
        return Terms.unwrap(terms) & UNDER_AGREEMENT != 0;
    }

    function isOpened(Terms terms) internal pure returns (bool) {
        return Terms.unwrap(terms) & OPENED != 0;
    }

    function isCancelled(Terms terms) internal pure returns (bool) {
        return Terms.unwrap(terms) & CANCELLED != 0;
    }

    function isSigned(Terms terms) internal pure returns (bool) {
        return Terms.unwrap(terms) & SIGNED != 0;
    }
}
