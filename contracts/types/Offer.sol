// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice What a seller offers. Its EIP-712 struct hash is the offer's id, so that an offer costs nothing until somebody takes it.
/// @param workId The deposit's id in the {ICopyrightRegistry}.
/// @param seller Must be the work's rights holder when the offer is taken, not when it is made.
/// @param epoch {ICopyrightTitle-epochOf} of the work when the offer is made. It moves on when the title changes hands and when the
/// holder withdraws all offers; offers of an earlier epoch are dead for good, even if the title comes back.
/// @param currency ERC-20 that the {IRevenueSplitter} takes, or zero for the chain's own coin.
/// @param price In the currency's smallest unit, for one license and for each renewal; zero gives it away.
/// @param duration Seconds that a license runs from its sale, and that a renewal adds; zero for a license without end.
/// @param closesAt Last second, since 1970, at which the offer can be taken.
/// @param supply How many licenses can be sold; renewals do not count.
/// @param exclusive Whether nobody else may have any of these rights in any of these territories meanwhile.
/// @param territories One bit for each of the 16 territory groups, see {Territories} in docs/contracts/licensing.md.
/// @param channels One bit for each of the 16 media and distribution channels.
/// @param rights One bit for each right, see {Rights}.
/// @param transferable Whether the license may change hands at all.
/// @param renewable Whether a license may be renewed at the same price while the offer stands.
/// @param resaleBps Share of a resale that goes to the work, in basis points. When it is not zero, the license moves only through
/// the {IRightsExchange}, which collects it.
/// @param derivativeBps Share of a derivative work's revenue that goes to this work, in basis points; needs the right to adapt.
/// @param commissionCapPpm Most that the platform through which the sale is made may keep, in parts per million of the price.
/// @param platform Who may keep that commission; zero for anybody the buyer names.
/// @param document sha2-256 digest of the CIDv1 of the terms in words.
struct Offer {
    uint256 workId;
    address seller;
    uint32 epoch;
    address currency;
    uint256 price;
    uint40 duration;
    uint40 closesAt;
    uint24 supply;
    bool exclusive;
    uint16 territories;
    uint16 channels;
    uint8 rights;
    bool transferable;
    bool renewable;
    uint16 resaleBps;
    uint16 derivativeBps;
    uint24 commissionCapPpm;
    address platform;
    bytes32 document;
}

/// @notice What the {ILicenseAgreements} contract issues on the strength of an agreement that both sides signed.
/// @param agreementId One agreement issues one license.
/// @param licensor Must be the work's rights holder.
/// @param document sha2-256 digest of the CIDv1 of the agreement in words.
/// The other fields are as in {Offer}.
struct Grant {
    bytes32 agreementId;
    uint256 workId;
    address licensor;
    address licensee;
    uint40 duration;
    bool exclusive;
    uint16 territories;
    uint16 channels;
    uint8 rights;
    bool transferable;
    uint16 resaleBps;
    uint16 derivativeBps;
    bytes32 document;
}

/// @notice The terms of a license as they stand on chain.
/// @param start Second at which it was issued.
/// @param until First second at which it is no longer in force; type(uint40).max for a license without end. Renewing moves it on, an agreement's
/// termination back.
/// @param underAgreement Whether the {ILicenseAgreements} contract issued it.
/// The other fields are as in {Offer}.
struct License {
    uint256 workId;
    uint40 start;
    uint40 until;
    uint40 duration;
    bool exclusive;
    uint16 territories;
    uint16 channels;
    uint8 rights;
    bool transferable;
    bool renewable;
    bool underAgreement;
    uint16 resaleBps;
    uint16 derivativeBps;
}

/// @title Rights
/// @notice The bits of a license's `rights`. Bits 0 to 5 are acts, each with a calendar of its own; 6 and 7 say how they may be done.
library Rights {
    uint8 internal constant REPRODUCE = 1 << 0;
    uint8 internal constant DISTRIBUTE = 1 << 1;
    uint8 internal constant DISPLAY = 1 << 2;
    uint8 internal constant PERFORM = 1 << 3;
    uint8 internal constant ADAPT = 1 << 4;
    uint8 internal constant TRAIN_AI = 1 << 5;
    uint8 internal constant COMMERCIAL = 1 << 6;
    uint8 internal constant SUBLICENSE = 1 << 7;

    /// @notice The acts: without one of them a license allows nothing.
    uint8 internal constant ACTS = 0x3f;
}
