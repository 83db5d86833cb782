// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/interfaces/IERC20.sol";
import {IERC721} from "@openzeppelin/contracts/interfaces/IERC721.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {ICopyrightTitle} from "../interfaces/ICopyrightTitle.sol";
import {ILicenseToken} from "../interfaces/ILicenseToken.sol";
import {IRevenueSplitter, Payee} from "../interfaces/IRevenueSplitter.sol";
import {IRightsExchange} from "../interfaces/IRightsExchange.sol";
import {Errors} from "../libraries/Errors.sol";
import {EscrowLib} from "../libraries/EscrowLib.sol";
import {OrderLib} from "../libraries/OrderLib.sol";
import {SignatureLib} from "../libraries/SignatureLib.sol";
import {Auction, AuctionPhase, AuctionState, Order} from "../types/Order.sol";

/// @title RightsExchange
/// @notice Sales of titles and licenses by signed orders and English auctions.
/// @dev The documentation is in {IRightsExchange}.
contract RightsExchange is IRightsExchange, EIP712, ReentrancyGuardTransient {
    using EscrowLib for IRevenueSplitter;
    using OrderLib for Auction;
    using OrderLib for Order;
    using SafeERC20 for IERC20;

    /* CONSTANTS */

    /// @inheritdoc IRightsExchange
    uint256 public constant PATIENCE = 30 days;

    uint256 private constant ONE_IN_BPS = 10_000;
    uint256 private constant LEAST_STEP_BPS = 100;
    uint256 private constant LEAST_EXTENSION = 5 minutes;
    uint256 private constant MOST_EXTENSION = 1 days;
    uint256 private constant MOST_DURATION = 90 days;

    /// @dev What a recipient of coins may use. A wallet behind a proxy needs some thousands.
    uint256 private constant PUSH_GAS = 50_000;

    /// @dev What handing a token to a contract may use, the token's own part included.
    uint256 private constant DELIVERY_GAS = 500_000;

    /// @inheritdoc IRightsExchange
    ICopyrightTitle public immutable TITLE;

    /// @inheritdoc IRightsExchange
    ILicenseToken public immutable LICENSES;

    /// @inheritdoc IRightsExchange
    IRevenueSplitter public immutable SPLITTER;

    /* STORAGE */

    // A bit a nonce. Other than a slot an order, the word is mostly warm in value: a seller's 255 further sales cost 17,100 gas less each.
    mapping(address seller => mapping(uint256 word => uint256)) private _nonces;

    mapping(bytes32 id => AuctionState) private _auctions;

    /// @inheritdoc IRightsExchange
    mapping(address account => mapping(address currency => uint256)) public heldFor;

    /// @inheritdoc IRightsExchange
    mapping(address currency => uint256) public heldOf;

    /// @inheritdoc IRightsExchange
    mapping(bool isLicense => mapping(uint256 tokenId => address)) public keptFor;

    /* CONSTRUCTOR */

    constructor(
        ICopyrightTitle title,
        ILicenseToken licenses,
        IRevenueSplitter splitter
    ) EIP712("Colophon RightsExchange", "1") {
        TITLE = title;
        LICENSES = licenses;
        SPLITTER = splitter;
    }

    /* ORDERS */

    /// @inheritdoc IRightsExchange
    function fill(Order calldata order, bytes calldata signature) external payable nonReentrant {
        (address seller, address currency, uint256 price) = (order.seller, order.currency, order.price);
        if (price == 0) revert Errors.RightsExchange_PriceZero();
        if (block.timestamp > order.expiresAt) {
            revert Errors.RightsExchange_OrderExpired(order.expiresAt, block.timestamp);
        }
        if (order.buyer != address(0) && order.buyer != msg.sender) {
            revert Errors.RightsExchange_NotTheBuyer(order.buyer, msg.sender);
        }
        _checkValue(currency, price);
        bytes32 id = order.id();
        _use(seller, order.nonce);
        _checkSignature(seller, id, signature);

        uint256 fee = _paySale(order.isLicense, order.tokenId, currency, price, msg.sender, seller);
        emit OrderFilled(id, seller, msg.sender, order.tokenId, currency, price, fee);

        // Last, because it calls a contract that buys.
        IERC721 token = _token(order.isLicense);
        if (msg.sender.code.length == 0) token.transferFrom(seller, msg.sender, order.tokenId);
        else token.safeTransferFrom(seller, msg.sender, order.tokenId);
    }

    /// @inheritdoc IRightsExchange
    function cancel(Order calldata order) external {
        _cancel(order.seller, order.nonce, order.id());
    }

    /// @inheritdoc IRightsExchange
    function cancelAuction(Auction calldata auction) external {
        _cancel(auction.seller, auction.nonce, auction.id());
    }

    /// @inheritdoc IRightsExchange
    function cancelNonces(uint256 word, uint256 mask) external {
        _nonces[msg.sender][word] |= mask;
        emit NoncesCancelled(msg.sender, word, mask);
    }

    /* AUCTIONS */

    /// @inheritdoc IRightsExchange
    function open(Auction calldata auction) external nonReentrant returns (bytes32 id) {
        if (msg.sender != auction.seller) revert Errors.RightsExchange_NotSeller(auction.seller, msg.sender);
        id = auction.id();
        AuctionState storage state = _auctions[id];
        if (state.phase != AuctionPhase.None) revert Errors.RightsExchange_AuctionNotOpen(id);
        _open(auction, id, state);
    }

    /// @inheritdoc IRightsExchange
    function close(Auction calldata auction) external nonReentrant {
        if (msg.sender != auction.seller) revert Errors.RightsExchange_NotSeller(auction.seller, msg.sender);
        (bytes32 id, AuctionState storage state) = _openAuction(auction);
        if (state.bidder != address(0)) revert Errors.RightsExchange_HasBids(id);

        state.phase = AuctionPhase.Unsold;
        emit Cancelled(id, msg.sender);

        _giveBack(auction);
    }

    /// @inheritdoc IRightsExchange
    function bid(Auction calldata auction, bytes calldata signature, uint256 amount) external payable nonReentrant {
        bytes32 id = auction.id();
        AuctionState storage state = _auctions[id];
        if (state.phase == AuctionPhase.None) {
            _checkSignature(auction.seller, id, signature);
            _open(auction, id, state);
        } else {
            if (state.phase != AuctionPhase.Open) revert Errors.RightsExchange_AuctionNotOpen(id);
            if (_isWorthless(auction.isLicense, auction.tokenId)) {
                revert Errors.RightsExchange_Worthless(auction.isLicense, auction.tokenId);
            }
        }
        uint256 endsAt = state.endsAt;
        if (block.timestamp < auction.startsAt) {
            revert Errors.RightsExchange_AuctionNotStarted(auction.startsAt, block.timestamp);
        }
        if (block.timestamp >= endsAt) revert Errors.RightsExchange_AuctionOver(endsAt, block.timestamp);
        if (msg.sender == auction.seller) revert Errors.RightsExchange_SellerBids(auction.seller);
        (address outbid, uint256 refund) = (state.bidder, state.bid);
        uint256 least = _leastBid(auction, outbid, refund);
        if (amount < least || amount > type(uint96).max) revert Errors.RightsExchange_BidOutOfRange(amount, least);
        _checkValue(auction.currency, amount);

        if (endsAt < block.timestamp + auction.extension) {
            endsAt = block.timestamp + auction.extension;
            state.endsAt = uint40(endsAt);
        }
        (state.bidder, state.bid) = (msg.sender, uint96(amount));
        emit Bid(id, msg.sender, amount, endsAt);
        SPLITTER.keep(heldOf, auction.currency, msg.sender, amount);
        if (outbid != address(0)) _refund(outbid, auction.currency, refund);
    }

    /// @inheritdoc IRightsExchange
    function settle(Auction calldata auction) external nonReentrant {
        (bytes32 id, AuctionState storage state) = _openAuction(auction);
        uint256 endsAt = state.endsAt;
        if (block.timestamp < endsAt) revert Errors.RightsExchange_AuctionRunning(endsAt, block.timestamp);
        (address bidder, uint256 amount) = (state.bidder, state.bid);

        AuctionPhase phase = bidder == address(0) ? AuctionPhase.Unsold : _outcome(auction, endsAt);
        state.phase = phase;
        uint256 fee;
        if (phase == AuctionPhase.Sold) {
            uint256 price = EscrowLib.release(heldOf, auction.currency, amount);
            // A payment that fails for good (a currency struck off, a token that is dead) must not keep the seller from his token. One that
            // fails now may do so because whoever calls wants it to, from within a payment of the splitter's, say.
            try this.payFromHoldings(auction, price) returns (uint256 paid) {
                fee = paid;
            } catch {
                uint256 voidFrom = endsAt + PATIENCE;
                if (block.timestamp < voidFrom) revert Errors.RightsExchange_PaymentFailed(auction.currency, voidFrom);
                heldOf[auction.currency] += amount;
                phase = AuctionPhase.Void;
                state.phase = phase;
            }
        }
        emit AuctionSettled(id, phase, bidder, amount, fee);

        if (phase == AuctionPhase.Void) _refund(bidder, auction.currency, amount);
        if (phase == AuctionPhase.Sold) _deliver(auction.isLicense, auction.tokenId, bidder);
        else _giveBack(auction);
    }

    /// @notice Not for anybody: {settle} calls it, to catch what it throws.
    /// @return fee Royalty or resale fee.
    function payFromHoldings(Auction calldata auction, uint256 price) external returns (uint256 fee) {
        if (msg.sender != address(this)) revert Errors.RightsExchange_OnlySelf(msg.sender);
        return _paySale(auction.isLicense, auction.tokenId, auction.currency, price, address(this), auction.seller);
    }

    /* WHAT IS KEPT */

    /// @inheritdoc IRightsExchange
    function withdraw(address currency, address to) external nonReentrant returns (uint256 amount) {
        uint256 held = heldFor[msg.sender][currency];
        if (held == 0) revert Errors.RightsExchange_NothingHeld(msg.sender, currency);

        heldFor[msg.sender][currency] = 0;
        amount = EscrowLib.release(heldOf, currency, held);
        emit Withdrawn(msg.sender, currency, to, amount);

        if (currency != address(0)) IERC20(currency).safeTransfer(to, amount);
        else if (!_send(to, amount, gasleft())) revert Errors.RightsExchange_TransferFailed(to, currency, amount);
    }

    /// @inheritdoc IRightsExchange
    function release(bool isLicense, uint256 tokenId, address to) external nonReentrant {
        if (keptFor[isLicense][tokenId] != msg.sender) {
            revert Errors.RightsExchange_NotKept(isLicense, tokenId, msg.sender);
        }

        delete keptFor[isLicense][tokenId];
        emit Released(isLicense, tokenId, msg.sender, to);

        // Safe, so that it goes neither to a contract that cannot move it nor back here.
        _token(isLicense).safeTransferFrom(address(this), to, tokenId);
    }

    /* VIEWS */

    /// @inheritdoc IRightsExchange
    function orderIdOf(Order calldata order) external pure returns (bytes32) {
        return order.id();
    }

    /// @inheritdoc IRightsExchange
    function auctionIdOf(Auction calldata auction) external pure returns (bytes32) {
        return auction.id();
    }

    /// @inheritdoc IRightsExchange
    function isNonceUsed(address seller, uint256 nonce) external view returns (bool) {
        return (_nonces[seller][nonce >> 8] >> (nonce & 0xff)) & 1 != 0;
    }

    /// @inheritdoc IRightsExchange
    function auctionOf(bytes32 id) external view returns (AuctionState memory) {
        return _auctions[id];
    }

    /// @inheritdoc IRightsExchange
    function leastBidOf(Auction calldata auction) external view returns (uint256) {
        AuctionState storage state = _auctions[auction.id()];
        return _leastBid(auction, state.bidder, state.bid);
    }

    /* INTERNAL: CHECKS */

    function _token(bool isLicense) private view returns (IERC721) {
        return IERC721(isLicense ? address(LICENSES) : address(TITLE));
    }

    function _checkValue(address currency, uint256 amount) private view {
        uint256 wanted = currency == address(0) ? amount : 0;
        if (msg.value != wanted) revert Errors.RightsExchange_ValueWrong(msg.value, wanted);
    }

    function _checkSignature(address seller, bytes32 id, bytes calldata signature) private view {
        bytes32 digest = _hashTypedDataV4(id);
        if (!SignatureLib.isSignedBy(seller, digest, signature)) {
            revert Errors.RightsExchange_SignatureInvalid(seller, digest);
        }
    }

    function _isWorthless(bool isLicense, uint256 tokenId) private view returns (bool) {
        return isLicense ? !LICENSES.isInForce(tokenId) : TITLE.isRefuted(tokenId);
    }

    function _openAuction(Auction calldata auction) private view returns (bytes32 id, AuctionState storage state) {
        id = auction.id();
        state = _auctions[id];
        if (state.phase != AuctionPhase.Open) revert Errors.RightsExchange_AuctionNotOpen(id);
    }

    function _checkAuction(Auction calldata auction) private view {
        if (auction.reserve == 0) revert Errors.RightsExchange_PriceZero();
        if (auction.stepBps < LEAST_STEP_BPS || auction.stepBps > ONE_IN_BPS) {
            revert Errors.RightsExchange_AuctionInvalid("stepBps");
        }
        if (auction.extension < LEAST_EXTENSION || auction.extension > MOST_EXTENSION) {
            revert Errors.RightsExchange_AuctionInvalid("extension");
        }
        if (auction.startsAt >= auction.endsAt) revert Errors.RightsExchange_AuctionInvalid("startsAt");
        if (auction.endsAt <= block.timestamp)
            revert Errors.RightsExchange_AuctionOver(auction.endsAt, block.timestamp);
        if (auction.endsAt > block.timestamp + MOST_DURATION) revert Errors.RightsExchange_AuctionInvalid("endsAt");
    }

    function _leastBid(Auction calldata auction, address bidder, uint256 highest) private pure returns (uint256) {
        if (bidder == address(0)) return auction.reserve;
        return highest + Math.mulDiv(highest, auction.stepBps, ONE_IN_BPS, Math.Rounding.Ceil);
    }

    /// @dev What becomes of an auction with bids whose time is over. Reverts while it is to wait for a frozen title.
    function _outcome(Auction calldata auction, uint256 endsAt) private view returns (AuctionPhase) {
        if (_isWorthless(auction.isLicense, auction.tokenId)) return AuctionPhase.Void;
        if (auction.isLicense || TITLE.frozenUntil(auction.tokenId) == 0) return AuctionPhase.Sold;
        uint256 voidFrom = endsAt + PATIENCE;
        if (block.timestamp < voidFrom) revert Errors.RightsExchange_TitleFrozen(auction.tokenId, voidFrom);
        return AuctionPhase.Void;
    }

    /* INTERNAL: EFFECTS */

    /// @dev Uses up the nonce.
    function _use(address seller, uint256 nonce) private {
        uint256 bits = _nonces[seller][nonce >> 8];
        uint256 bit = 1 << (nonce & 0xff);
        if (bits & bit != 0) revert Errors.RightsExchange_NonceUsed(seller, nonce);
        _nonces[seller][nonce >> 8] = bits | bit;
    }

    function _cancel(address seller, uint256 nonce, bytes32 id) private {
        if (msg.sender != seller) revert Errors.RightsExchange_NotSeller(seller, msg.sender);
        _use(seller, nonce);
        emit Cancelled(id, seller);
    }

    function _open(Auction calldata auction, bytes32 id, AuctionState storage state) private {
        _checkAuction(auction);
        // A license that is not in force cannot leave its owner anyway; a refuted title can.
        if (!auction.isLicense && TITLE.isRefuted(auction.tokenId)) {
            revert Errors.RightsExchange_Worthless(false, auction.tokenId);
        }
        _use(auction.seller, auction.nonce);

        state.endsAt = auction.endsAt;
        state.phase = AuctionPhase.Open;
        emit AuctionOpened(id, auction.seller, auction.tokenId, auction);

        _token(auction.isLicense).transferFrom(auction.seller, address(this), auction.tokenId);
        // From now on the exchange is the work's rights holder, and the transfer ended the split. What the work earns stays the seller's.
        if (!auction.isLicense) SPLITTER.setSplit(auction.tokenId, _only(auction.seller));
    }

    function _refund(address account, address currency, uint256 amount) private {
        heldFor[account][currency] += amount;
        emit Refunded(account, currency, amount);
    }

    /* INTERNAL: MONEY AND TOKENS */

    /// @dev Pays seller and creator, from `payer` or from what the exchange holds; not for a refuted title. A license that is not in force
    /// cannot leave its owner anyway.
    /// @return fee Royalty or resale fee.
    function _paySale(
        bool isLicense,
        uint256 tokenId,
        address currency,
        uint256 price,
        address payer,
        address seller
    ) private returns (uint256 fee) {
        if (payer == address(this) && currency != address(0)) SPLITTER.ready(currency, price);
        if (isLicense) {
            (, fee) = LICENSES.royaltyInfo(tokenId, price);
            uint256 value = currency == address(0) ? price : 0;
            uint256 workId = LICENSES.workOf(tokenId);
            SPLITTER.collectSale{value: value}(workId, payer, currency, fee, seller, price - fee);
            return fee;
        }

        address creator;
        bool refuted;
        (creator, fee, refuted) = TITLE.saleTermsOf(tokenId, price);
        if (refuted) revert Errors.RightsExchange_Worthless(isLicense, tokenId);
        if (creator == seller) fee = 0;
        if (currency == address(0)) {
            if (fee != 0) _push(creator, fee);
            _push(seller, price - fee);
        } else {
            if (fee != 0) SPLITTER.credit(creator, payer, currency, fee);
            SPLITTER.collectSale(tokenId, payer, currency, 0, seller, price - fee);
        }
    }

    /// @dev Sends coins; who does not take them has credit.
    function _push(address to, uint256 amount) private {
        if (!_send(to, amount, PUSH_GAS)) SPLITTER.credit{value: amount}(to, msg.sender, address(0), amount);
    }

    /// @dev Nothing that the recipient returns is copied, so that he cannot make it dear.
    function _send(address to, uint256 amount, uint256 gasLimit) private returns (bool sent) {
        assembly ("memory-safe") {
            sent := call(gasLimit, to, amount, 0, 0, 0, 0)
        }
    }

    /// @dev Hands the token to who won it, and keeps it for him if he does not take it.
    function _deliver(bool isLicense, uint256 tokenId, address to) private {
        if (to.code.length == 0) return _move(isLicense, tokenId, to);
        // Whoever calls cannot make it fail by giving too little gas.
        if (gasleft() < DELIVERY_GAS + DELIVERY_GAS / 4) {
            revert Errors.RightsExchange_GasTooLow(gasleft(), DELIVERY_GAS + DELIVERY_GAS / 4);
        }
        try _token(isLicense).safeTransferFrom{gas: DELIVERY_GAS}(address(this), to, tokenId) {} catch {
            _keep(isLicense, tokenId, to);
        }
    }

    /// @dev The seller had the token before, so he is not asked whether he can hold it.
    function _giveBack(Auction calldata auction) private {
        _move(auction.isLicense, auction.tokenId, auction.seller);
    }

    function _move(bool isLicense, uint256 tokenId, address to) private {
        try _token(isLicense).transferFrom(address(this), to, tokenId) {} catch {
            _keep(isLicense, tokenId, to);
        }
    }

    function _keep(bool isLicense, uint256 tokenId, address to) private {
        keptFor[isLicense][tokenId] = to;
        emit Kept(isLicense, tokenId, to);
        // What the work earns meanwhile is the owner's; should that fail, he still has the token.
        if (!isLicense) try SPLITTER.setSplit(tokenId, _only(to)) {} catch {}
    }

    function _only(address account) private pure returns (Payee[] memory payees) {
        payees = new Payee[](1);
        payees[0] = Payee(account, 1_000_000);
    }
}
