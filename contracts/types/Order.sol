// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice A sale at a fixed price, signed by the seller.
/// @param seller Must own the token when the order is filled, and have approved the exchange for it.
/// @param isLicense Whether `tokenId` is a license; otherwise it is a title. No other token is traded.
/// @param tokenId Title (a deposit's id) or license.
/// @param currency ERC-20 that the {IRevenueSplitter} takes, or zero for the chain's own coin.
/// @param price What the buyer pays, royalty included, in the currency's smallest unit; at least 1.
/// @param buyer Who alone may fill it; zero for anybody.
/// @param expiresAt Last second, since 1970, at which it can be filled.
/// @param nonce Of all a seller's orders and auctions with the same nonce at most one comes about.
struct Order {
    address seller;
    bool isLicense;
    uint256 tokenId;
    address currency;
    uint256 price;
    address buyer;
    uint40 expiresAt;
    uint256 nonce;
}

/// @notice An English auction, opened by the seller or signed by him and opened by the first bid.
/// @param reserve Least first bid, at least 1.
/// @param stepBps How much higher each bid must be than the one before, in basis points of that: 100 to 10,000.
/// @param startsAt First second, since 1970, of bidding.
/// @param endsAt First second after it, unless a late bid moves it on.
/// @param extension Seconds that always remain after a bid, so that nobody is outbid without time to answer: 300 to 86,400.
/// The other fields are as in {Order}.
struct Auction {
    address seller;
    bool isLicense;
    uint256 tokenId;
    address currency;
    uint96 reserve;
    uint16 stepBps;
    uint40 startsAt;
    uint40 endsAt;
    uint40 extension;
    uint256 nonce;
}

/// @notice How far an auction has come.
enum AuctionPhase {
    /// Nobody has opened it.
    None,
    /// The exchange keeps the token and takes bids until the end.
    Open,
    /// The highest bidder has the token, and the seller the money.
    Sold,
    /// Nobody bid, or the seller took it back before; he has the token.
    Unsold,
    /// The token lost its worth before the end: the highest bidder has his bid back, and the seller the token.
    Void
}

/// @notice What storage holds of an auction.
/// @dev slot 0: bidder [0..159], bid [160..255]. slot 1: endsAt [0..39], phase [40..47].
/// @param bidder Who bid most; zero if nobody did.
/// @param bid How much, in the currency's smallest unit.
/// @param endsAt First second after bidding, late bids considered.
struct AuctionState {
    address bidder;
    uint96 bid;
    uint40 endsAt;
    AuctionPhase phase;
}
