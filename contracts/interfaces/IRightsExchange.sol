// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Auction, AuctionPhase, AuctionState, Order} from "../types/Order.sol";
import {ICopyrightTitle} from "./ICopyrightTitle.sol";
import {ILicenseToken} from "./ILicenseToken.sol";
import {IRevenueSplitter} from "./IRevenueSplitter.sol";

/// @title IRightsExchange
/// @notice Sales of titles and licenses: signed orders at a fixed price, which cost nothing until they are filled, and English auctions.
///
/// Ids are commitments: an order's or auction's id is its EIP-712 `hashStruct`, which names the seller. The bytes of a signature are
/// never a key.
///
/// Who gets the money of a sale: of a title's price the royalty ({IERC2981}) goes to the work's claimant, of a license's the resale
/// fee to the work's split, and the rest to the seller. In coins it is sent; who refuses, or needs more than 50,000 gas to take it, has
/// credit with the {IRevenueSplitter}.
///
/// What the exchange guarantees:
/// - Royalty and resale fee are paid in every sale, and the price goes to nobody else.
/// - An order is filled at most once, not after its last second, not after it was cancelled, and by nobody but its buyer if it names one.
///   Of a seller's orders and auctions with one nonce at most one comes about.
/// - An auction that has a bid ends with the highest bidder owning the token and the seller paid, or, where the token lost its worth
///   meanwhile, with the bid given back. Nobody can call it off, and every other bidder's money is his from the moment he is outbid.
/// - After each bid at least `extension` seconds remain for an answer.
/// - What a bidder, a seller, a winner or a token does when it is called can harm nobody else: refunds are pulled, proceeds turn into credit,
///   and a token that its recipient does not take is kept for him.
/// - The exchange holds at least what it owes, in every currency that behaves as {IRevenueSplitter-setCurrency} demands. If a currency shrinks by
///   itself, no more bids are taken in it, and everybody gets the same proportion.
///
/// What it does not:
/// - Warning: look at a work's record before you buy its title: who deposited it, when, and what else there is. The exchange refuses only
///   what is refuted or frozen already.
/// - Warning: up to the second of the sale the seller is the rights holder. He can sell himself an exclusive license for nothing, or register
///   the work as a derivative that owes everything to another of his, just before an order is filled; both outlive the sale. A buyer to
///   whom that matters buys in an auction that is open, where the seller can do neither, or through a contract that looks at
///   {ILicenseToken-isAvailable} and {IRevenueSplitter-lineageOf} in the same transaction.
/// - Warning: a signed order can be filled while it stands, whatever the price has become. A token that leaves the seller and comes back can be
///   sold by an old order.
/// - Warning: while a title is in an auction, the exchange is the work's rights holder: nobody can offer licenses, and what the work earns goes
///   to the split in force, or to the seller if there is none.
/// - Warning: an auction whose title is frozen at its end, or whose currency can't be paid then, waits for {PATIENCE}; if it still is so, the
/// auction is void.
/// - Warning: tokens sent here by a plain transfer belong to nobody.
interface IRightsExchange {
    /* EVENTS */

    /// @notice An order was filled.
    /// @param fee Royalty or resale fee, out of the price.
    event OrderFilled(
        bytes32 indexed id,
        address indexed seller,
        address indexed buyer,
        uint256 tokenId,
        address currency,
        uint256 price,
        uint256 fee
    );

    /// @notice A seller cancelled an order or an auction that nobody has bid for.
    event Cancelled(bytes32 indexed id, address indexed seller);

    /// @notice A seller cancelled nonces.
    /// @param word The upper 248 bits of the nonces.
    /// @param mask One bit for each of the 256 nonces with these upper bits.
    event NoncesCancelled(address indexed seller, uint256 word, uint256 mask);

    /// @notice An auction began: the exchange keeps the token.
    event AuctionOpened(bytes32 indexed id, address indexed seller, uint256 indexed tokenId, Auction auction);

    /// @notice Somebody bid more than anybody before.
    /// @param endsAt First second after bidding, from now on.
    event Bid(bytes32 indexed id, address indexed bidder, uint256 amount, uint256 endsAt);

    /// @notice An auction ended.
    /// @param bidder The highest bidder; zero if there was none.
    /// @param fee Royalty or resale fee, out of the bid.
    event AuctionSettled(bytes32 indexed id, AuctionPhase phase, address indexed bidder, uint256 bid, uint256 fee);

    /// @notice The exchange owes a bidder his bid back.
    event Refunded(address indexed account, address indexed currency, uint256 amount);

    /// @notice A refund was paid out.
    event Withdrawn(address indexed account, address indexed currency, address to, uint256 amount);

    /// @notice The recipient did not take a token, so the exchange keeps it for him.
    event Kept(bool indexed isLicense, uint256 indexed tokenId, address indexed owner);

    /// @notice A kept token was handed over.
    event Released(bool indexed isLicense, uint256 indexed tokenId, address indexed owner, address to);

    /* ORDERS */

    /// @notice Buys a token at the price that its seller signed.
    /// @dev Native currency: `msg.value` must be the price. ERC-20: the caller approves the {IRevenueSplitter} for the price. Reverts with
    /// `RightsExchange_PriceZero`, `RightsExchange_OrderExpired`, `RightsExchange_NotTheBuyer`,
    /// `RightsExchange_NonceUsed`, `RightsExchange_SignatureInvalid`, `RightsExchange_Worthless`,
    /// `RightsExchange_ValueWrong`, or as the token and the {IRevenueSplitter} do.
    /// @param signature The seller's, over the EIP-712 struct {Order}: 65 bytes of ECDSA, or what its ERC-1271 contract takes.
    function fill(Order calldata order, bytes calldata signature) external payable;

    /// @notice Cancels an order for good, by using up its nonce.
    /// @dev Only by the seller. Reverts with `RightsExchange_NotSeller` or `RightsExchange_NonceUsed`.
    function cancel(Order calldata order) external;

    /// @notice Cancels a signed auction that nobody has opened, for good, by using up its nonce. An open one: {close}.
    /// @dev Only by the seller. Reverts with `RightsExchange_NotSeller` or `RightsExchange_NonceUsed`.
    function cancelAuction(Auction calldata auction) external;

    /// @notice Cancels up to 256 of the caller's nonces for good, and all orders and unopened auctions with them.
    /// @param word The upper 248 bits of the nonces.
    /// @param mask One bit for each.
    function cancelNonces(uint256 word, uint256 mask) external;

    /* AUCTIONS */

    /// @notice Opens an auction: the exchange takes the token. The seller has approved the exchange for it.
    /// @dev Only by the seller. Reverts with `RightsExchange_NotSeller`, `RightsExchange_AuctionNotOpen` if it was opened before,
    /// `RightsExchange_PriceZero`, `RightsExchange_AuctionInvalid`,
    /// `RightsExchange_NonceUsed`, `RightsExchange_Worthless`, or as the token does.
    /// @return id The auction's id.
    function open(Auction calldata auction) external returns (bytes32 id);

    /// @notice Takes a token back for which nobody has bid.
    /// @dev Only by the seller. Reverts with `RightsExchange_NotSeller`, `RightsExchange_AuctionNotOpen` or `RightsExchange_HasBids`.
    function close(Auction calldata auction) external;

    /// @notice Bids, and opens the auction if it is not yet. Who was highest before has his money back, see {withdraw}.
    /// @dev Native currency: `msg.value` must be the amount. ERC-20: the caller approves the {IRevenueSplitter} for the amount. Reverts with
    /// `RightsExchange_AuctionNotOpen`, `RightsExchange_SignatureInvalid`, `RightsExchange_AuctionNotStarted`, `RightsExchange_AuctionOver`,
    /// `RightsExchange_SellerBids`, `RightsExchange_BidOutOfRange`, `RightsExchange_Worthless`, `RightsExchange_ValueWrong`,
    /// `Escrow_Shortfall`, as {open} does, or as the {IRevenueSplitter} does.
    /// @param signature The seller's, over the EIP-712 struct {Auction}; not looked at if the auction is open.
    /// @param amount The whole bid, also if the caller is the highest bidder already: at least {leastBidOf}, at most 2^96 - 1.
    function bid(Auction calldata auction, bytes calldata signature, uint256 amount) external payable;

    /// @notice Ends an auction whose time is over. Anybody may.
    /// @dev Reverts with `RightsExchange_AuctionNotOpen`, `RightsExchange_AuctionRunning`, `RightsExchange_TitleFrozen`,
    /// `RightsExchange_PaymentFailed` or `RightsExchange_GasTooLow`.
    function settle(Auction calldata auction) external;

    /* WHAT IS KEPT */

    /// @notice Sends the caller the bids that he has back.
    /// @dev Reverts with `RightsExchange_NothingHeld` or `RightsExchange_TransferFailed`, or as the currency does.
    /// @param to Where to.
    /// @return amount As much as is held for him; less if the currency has shrunk.
    function withdraw(address currency, address to) external returns (uint256 amount);

    /// @notice Hands over a token that its owner did not take when it was sent to him.
    /// @dev Reverts with `RightsExchange_NotKept`, or as the token does.
    function release(bool isLicense, uint256 tokenId, address to) external;

    /* VIEWS */

    /// @notice The order's id.
    function orderIdOf(Order calldata order) external pure returns (bytes32 id);

    /// @notice The auction's id.
    function auctionIdOf(Auction calldata auction) external pure returns (bytes32 id);

    /// @notice Whether an order or auction with this nonce was filled, opened or cancelled.
    function isNonceUsed(address seller, uint256 nonce) external view returns (bool);

    /// @notice How far an auction has come; all zero if nobody has opened it.
    function auctionOf(bytes32 id) external view returns (AuctionState memory);

    /// @notice Least amount that {bid} would take now, if the auction takes bids.
    function leastBidOf(Auction calldata auction) external view returns (uint256);

    /// @notice What the exchange holds for an account to withdraw.
    function heldFor(address account, address currency) external view returns (uint256);

    /// @notice All that the exchange owes in a currency: live bids and refunds.
    function heldOf(address currency) external view returns (uint256);

    /// @notice For whom the exchange keeps a token that was not taken; zero if for nobody.
    function keptFor(bool isLicense, uint256 tokenId) external view returns (address);

    /* WIRING */

    /// @notice Titles.
    function TITLE() external view returns (ICopyrightTitle);

    /// @notice Licenses.
    function LICENSES() external view returns (ILicenseToken);

    /// @notice Where money goes.
    function SPLITTER() external view returns (IRevenueSplitter);

    /// @notice How long after its end an auction waits for what hinders it to pass: 30 days, in seconds.
    function PATIENCE() external view returns (uint256);
}
