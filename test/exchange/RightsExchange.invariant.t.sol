// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC721Receiver} from "@openzeppelin/contracts/interfaces/IERC721Receiver.sol";

import {AuctionPhase, AuctionState, Auction, Order} from "../../contracts/types/Order.sol";
import {Market} from "../market/Market.sol";

interface IFunds {
    function deal(address account, uint256 amount) external;
}

/// @notice A trader that is a contract: takes coins and tokens, or neither, as its mood is.
contract Moody is IERC721Receiver {
    error Sulks();

    bool public sulks;

    function change(bool mood) external {
        sulks = mood;
    }

    function onERC721Received(address, address, uint256, bytes calldata) external view returns (bytes4) {
        return sulks ? bytes4(0) : IERC721Receiver.onERC721Received.selector;
    }

    receive() external payable {
        if (sulks) revert Sulks();
    }
}

/// @notice Four traders, two of them moody contracts, six titles, three currencies. They sell, bid, refuse and withdraw in any order; the books
/// kept here say what must be so.
contract ExchangeHandler is Market {
    uint256 private constant KEY_A = 11;
    uint256 private constant KEY_B = 12;

    address[] public people;
    uint256[] public titles;
    Auction[] private auctions;
    mapping(uint256 index => address) public leader;
    mapping(uint256 index => uint256) public leading;
    mapping(uint256 index => bool) public done;
    mapping(address who => mapping(address currency => uint256)) public back;
    mapping(address currency => uint256) public live;
    mapping(uint256 tokenId => address) public rightful;
    uint256 public wrong;
    uint256 private clock = 1_800_000_000;
    uint256 private nonce;
    address private author;

    constructor() {
        build();
        people = [vm.addr(KEY_A), vm.addr(KEY_B), address(new Moody()), address(new Moody())];
        author = vm.addr(99);
        for (uint256 i; i < people.length; ++i) {
            plain.mint(people[i], 1e30);
            hostile.mint(people[i], 1e30);
            IFunds(address(vm)).deal(people[i], 1e30);
            vm.prank(people[i]);
            plain.approve(address(splitter), type(uint256).max);
            vm.prank(people[i]);
            hostile.approve(address(splitter), type(uint256).max);
            vm.prank(people[i]);
            title.setApprovalForAll(address(exchange), true);
        }
        for (uint256 i; i < 6; ++i) {
            uint256 workId = depositWork(author, i);
            vm.prank(author);
            title.mint(workId, i * 200);
            vm.prank(author);
            title.transferFrom(author, people[i % 4], workId);
            titles.push(workId);
            rightful[workId] = people[i % 4];
        }
    }

    /* ACTIONS */

    function pass(uint256 time) external {
        clock += within(time, 1, 3 days);
    }

    function moods(bool first, bool second) external {
        Moody(payable(people[2])).change(first);
        Moody(payable(people[3])).change(second);
    }

    function auction(uint256 which, uint256 currency, uint256 reserve) external {
        uint256 tokenId = titles[which % 6];
        address seller = title.ownerOf(tokenId);
        if (seller == address(exchange)) return;
        Auction memory terms = Auction({
            seller: seller,
            isLicense: false,
            tokenId: tokenId,
            currency: money(currency),
            reserve: uint96(within(reserve, 1, 1e18)),
            stepBps: 500,
            startsAt: uint40(clock),
            endsAt: uint40(clock + 1 days),
            extension: 1 hours,
            nonce: nonce++
        });
        begin(seller);
        exchange.open(terms);
        auctions.push(terms);
    }

    function bid(uint256 which, uint256 who, uint256 extra) external {
        if (auctions.length == 0) return;
        uint256 index = recent(which);
        Auction memory terms = auctions[index];
        address bidder = people[who % 4];
        vm.warp(clock);
        uint256 amount = exchange.leastBidOf(terms) + within(extra, 0, 1e18);
        bool open = !done[index] && clock < exchange.auctionOf(exchange.auctionIdOf(terms)).endsAt;
        open = open && bidder != terms.seller && amount <= type(uint96).max && amount < 1e29;
        begin(bidder);
        try exchange.bid{value: terms.currency == address(0) ? amount : 0}(terms, "", amount) {
            if (!open) ++wrong;
            back[leader[index]][terms.currency] += leading[index];
            live[terms.currency] += amount - leading[index];
            (leader[index], leading[index]) = (bidder, amount);
        } catch {
            if (open) ++wrong;
        }
    }

    function settle(uint256 which) external {
        if (auctions.length == 0) return;
        uint256 index = recent(which);
        Auction memory terms = auctions[index];
        vm.warp(clock);
        AuctionState memory state = exchange.auctionOf(exchange.auctionIdOf(terms));
        bool due = !done[index] && clock >= state.endsAt;
        uint256 sellerHad = wealth(terms.seller, terms.currency);
        uint256 authorHad = wealth(author, terms.currency);
        begin(address(this));
        try exchange.settle(terms) {
            if (!due) ++wrong;
            done[index] = true;
            live[terms.currency] -= leading[index];
            if (leader[index] != address(0)) {
                rightful[terms.tokenId] = leader[index];
                (, uint256 fee) = title.royaltyInfo(terms.tokenId, leading[index]);
                if (wealth(author, terms.currency) - authorHad != fee) ++wrong;
                if (wealth(terms.seller, terms.currency) - sellerHad != leading[index] - fee) ++wrong;
            }
        } catch {
            if (due) ++wrong;
        }
    }

    function close(uint256 which) external {
        if (auctions.length == 0) return;
        uint256 index = recent(which);
        bool possible = !done[index] && leader[index] == address(0);
        begin(auctions[index].seller);
        try exchange.close(auctions[index]) {
            if (!possible) ++wrong;
            done[index] = true;
        } catch {
            if (possible) ++wrong;
        }
    }

    function fill(uint256 which, uint256 who, uint256 currency, uint256 price) external {
        uint256 tokenId = titles[which % 6];
        address seller = title.ownerOf(tokenId);
        address buyer = people[who % 4];
        uint256 key = seller == people[0] ? KEY_A : KEY_B;
        if ((seller != people[0] && seller != people[1]) || buyer == seller) return;
        Order memory order = Order({
            seller: seller,
            isLicense: false,
            tokenId: tokenId,
            currency: money(currency),
            price: within(price, 1, 1e20),
            buyer: address(0),
            expiresAt: uint40(clock),
            nonce: nonce++
        });
        bytes memory signature = signedBy(
            key,
            domainOf("Colophon RightsExchange", address(exchange)),
            exchange.orderIdOf(order)
        );
        bool willing = buyer == people[0] || buyer == people[1] || !Moody(payable(buyer)).sulks();
        begin(buyer);
        try exchange.fill{value: order.currency == address(0) ? order.price : 0}(order, signature) {
            if (!willing) ++wrong;
            rightful[tokenId] = buyer;
        } catch {
            if (willing) ++wrong;
        }
    }

    function withdraw(uint256 who, uint256 currency) external {
        address account = people[who % 4];
        address coin = money(currency);
        uint256 expected = back[account][coin];
        uint256 had = wealth(account, coin);
        begin(account);
        try exchange.withdraw(coin, account) returns (uint256 amount) {
            if (amount != expected || wealth(account, coin) - had != expected) ++wrong;
            back[account][coin] = 0;
        } catch {
            bool sulks = coin == address(0) && who % 4 > 1 && Moody(payable(account)).sulks();
            if (expected != 0 && !sulks) ++wrong;
        }
    }

    function release(uint256 which, uint256 who) external {
        uint256 tokenId = titles[which % 6];
        address owner = exchange.keptFor(false, tokenId);
        if (owner == address(0)) return;
        address other = people[who % 2];
        begin(owner);
        exchange.release(false, tokenId, other);
        rightful[tokenId] = other;
    }

    /* BOOKS */

    function money(uint256 number) public view returns (address) {
        if (number % 3 == 0) return address(0);
        return number % 3 == 1 ? address(plain) : address(hostile);
    }

    function balanceOf(address currency) external view returns (uint256) {
        if (currency == address(0)) return address(exchange).balance;
        return currency == address(plain) ? plain.balanceOf(address(exchange)) : hostile.balanceOf(address(exchange));
    }

    function heldOf(address currency) external view returns (uint256) {
        return exchange.heldOf(currency);
    }

    function heldFor(address account, address currency) external view returns (uint256) {
        return exchange.heldFor(account, currency);
    }

    /// @dev Who has a title, or has it kept, or has put it up for auction.
    function holderOf(uint256 tokenId) external view returns (address holder) {
        holder = title.ownerOf(tokenId);
        if (holder != address(exchange)) return holder;
        holder = exchange.keptFor(false, tokenId);
        for (uint256 i = auctions.length; holder == address(0) && i != 0; --i) {
            if (auctions[i - 1].tokenId == tokenId && !done[i - 1]) holder = auctions[i - 1].seller;
        }
    }

    function states() external view returns (uint256 open, uint256 total) {
        for (; total < auctions.length; ++total) {
            bool isOpen = exchange.auctionOf(exchange.auctionIdOf(auctions[total])).phase == AuctionPhase.Open;
            if (isOpen != !done[total]) return (type(uint256).max, total);
            if (isOpen) ++open;
        }
    }

    function wealth(address account, address currency) private view returns (uint256) {
        uint256 held =
            currency == address(0)
                ? account.balance
                : currency == address(plain)
                    ? plain.balanceOf(account)
                    : hostile.balanceOf(account);
        return held + splitter.creditOf(account, currency) / 1e6;
    }

    function recent(uint256 which) private view returns (uint256) {
        uint256 count = auctions.length;
        return count > 4 ? count - 1 - (which % 4) : which % count;
    }

    function begin(address sender) private {
        vm.warp(clock);
        vm.prank(sender);
    }
}

/// @notice What holds after any sequence of actions. Numbers as in docs/contracts/exchange.md.
contract RightsExchangeInvariantTest is Market {
    ExchangeHandler private handler;

    function setUp() public {
        handler = new ExchangeHandler();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @notice X1 the exchange has all that it owes, and owes each exactly what his bids left him.
    function invariant_ItHoldsWhatItOwes() external view {
        for (uint256 i; i < 3; ++i) {
            address currency = handler.money(i);
            uint256 owed = handler.live(currency);
            for (uint256 who; who < 4; ++who) {
                address account = handler.people(who);
                equal(handler.heldFor(account, currency), handler.back(account, currency), "each his own");
                owed += handler.back(account, currency);
            }
            equal(handler.heldOf(currency), owed, "books");
            equal(handler.balanceOf(currency), owed, "balance");
        }
    }

    /// @notice X2 every title is its rightful owner's: in his hands, kept for him, or in his open auction.
    function invariant_NoTitleIsLost() external view {
        for (uint256 i; i < 6; ++i) {
            uint256 tokenId = handler.titles(i);
            equal(handler.holderOf(tokenId), handler.rightful(tokenId), "owner");
        }
    }

    /// @notice X3 what may happen happens, what may not does not, royalty and proceeds are paid in full (see the handler).
    function invariant_NobodyBlocksNobodyCheats() external view {
        equal(handler.wrong(), 0, "surprises");
        (uint256 open, ) = handler.states();
        isTrue(open != type(uint256).max, "phases");
    }
}
