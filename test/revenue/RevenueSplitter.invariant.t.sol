// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Ancestor, Claim, ParentShare, Payee} from "../../contracts/interfaces/IRevenueSplitter.sol";
import {IRightsHolder} from "../../contracts/interfaces/IRightsHolder.sol";
import {RevenueSplitter} from "../../contracts/revenue/RevenueSplitter.sol";
import {Authority} from "../../contracts/alliance/Authority.sol";
import {HostilePayee, Manner} from "../../contracts/test/Payees.sol";
import {RightsDouble} from "../../contracts/test/Rights.sol";
import {PlainToken} from "../../contracts/test/Tokens.sol";
import {Cheats} from "../cheats/Cheats.sol";

/// @notice Fourteen works (a chain of nine, a diamond over it, and what the run derives from them), two rights holders, four payees of whom
/// one may refuse money, coins and a token. Beside every action stands a plain reference in trillionths of a unit, which never rounds.
contract RevenueHandler is Cheats {
    uint256 public constant WORKS = 14;
    uint256 public constant CHAIN = 9;
    uint256 public constant SPLITS = 5;
    uint256 private constant UNIT = 1e12;
    uint256 private constant WHOLE = 1e6;

    RevenueSplitter public immutable SPLITTER;
    RightsDouble private immutable RIGHTS;
    PlainToken private immutable TOKEN;
    HostilePayee private immutable MOODY;
    address private constant CHANNEL = address(0xC4A77E1);
    address private constant SELLER = address(0x5E11E4);
    address private constant HAVEN = address(0x4A7E7);

    Payee[][SPLITS] private splits;
    uint256[WORKS] private holderOf;
    /// @dev Index of the split that is set, and one more.
    uint256[WORKS] private setSplitOf;
    bool[WORKS] private derived;
    bool[WORKS] private hasChildren;
    Ancestor[][WORKS] private lineages;

    // The reference: shares by the definition, not by the contract's lineages, and what everybody earned, in trillionths.
    uint256[WORKS][WORKS] public share;
    mapping(uint256 work => mapping(uint256 split => mapping(bool inTokens => uint256))) public earned;
    mapping(uint256 work => mapping(uint256 split => mapping(bool inTokens => mapping(uint256 place => uint256))))
        public paid;
    mapping(uint256 child => mapping(uint256 ancestor => mapping(bool inTokens => uint256))) public unswept;
    mapping(address account => mapping(bool inTokens => uint256)) public credited;
    mapping(bool inTokens => uint256) public received;
    mapping(bool inTokens => uint256) public sent;
    uint256 public calls;

    constructor() {
        RIGHTS = new RightsDouble();
        SPLITTER = new RevenueSplitter(address(new Authority(address(this))), IRightsHolder(address(RIGHTS)));
        TOKEN = new PlainToken();
        MOODY = new HostilePayee();
        SPLITTER.setCurrency(address(TOKEN), true);
        address[] memory modules = new address[](1);
        modules[0] = address(this);
        SPLITTER.setModules(modules);
        TOKEN.mint(address(this), 1e40);
        TOKEN.approve(address(SPLITTER), type(uint256).max);

        push(0, address(0xA1), 333_333);
        push(0, address(0xB2), 333_333);
        push(0, address(MOODY), 333_334);
        push(1, address(0xA1), 1);
        push(1, address(0xB2), 999_999);
        push(2, address(0xA1), 142_857);
        push(2, address(0xB2), 142_857);
        push(2, address(0xC3), 571_429);
        push(2, address(MOODY), 142_857);
        push(3, holder(0), 1_000_000);
        push(4, holder(1), 1_000_000);

        for (uint256 i; i < WORKS; ++i) RIGHTS.give(id(i), holder(0));
        for (uint256 i = 1; i < CHAIN; ++i) derive(i, i - 1, 1 + i * 7919, type(uint256).max, 0);
    }

    receive() external payable {}

    /* ACTIONS */

    function pay(uint256 what, uint256 amount, bool inTokens) external {
        (what, amount) = (what % WORKS, within(amount, 1, 3e9));
        SPLITTER.pay{value: inTokens ? 0 : amount}(id(what), currency(inTokens), amount);
        book(what, amount, 0, inTokens);
    }

    function payDirect(uint256 what, uint256 amount, bool inTokens) external {
        (what, amount) = (what % WORKS, within(amount, 1, 3e9));
        uint256 split = inForce(what);
        Payee[] memory payees = splits[split];
        uint256[] memory had = new uint256[](payees.length);
        for (uint256 i; i < payees.length; ++i) had[i] = wealth(payees[i].account, inTokens);

        SPLITTER.payDirect{value: inTokens ? 0 : amount}(id(what), payees, currency(inTokens), amount);

        book(what, amount, 0, inTokens);
        for (uint256 i; i < payees.length; ++i) {
            address account = payees[i].account;
            uint256 credit = SPLITTER.creditOf(account, currency(inTokens)) - credited[account][inTokens];
            uint256 came = balance(account, inTokens) - (had[i] - credited[account][inTokens] / WHOLE);
            credited[account][inTokens] += credit;
            sent[inTokens] += came;
            paid[what][split][inTokens][i] += came + credit / WHOLE;
        }
    }

    function collect(uint256 what, uint256 amount, uint256 commission, bool inTokens) external {
        (what, amount) = (what % WORKS, within(amount, 1, 3e9));
        commission = within(commission, 0, WHOLE - totalOf(what));
        SPLITTER.collect{value: inTokens ? 0 : amount}(
            id(what),
            address(this),
            currency(inTokens),
            amount,
            CHANNEL,
            uint32(commission)
        );
        book(what, amount, commission, inTokens);
        credited[CHANNEL][inTokens] += amount * commission;
    }

    function collectSale(uint256 what, uint256 royalty, uint256 proceeds, bool inTokens) external {
        (what, royalty, proceeds) = (what % WORKS, within(royalty, 1, 1e9), within(proceeds, 1, 1e9));
        uint256 had = balance(SELLER, inTokens);
        SPLITTER.collectSale{value: inTokens ? 0 : royalty + proceeds}(
            id(what),
            address(this),
            currency(inTokens),
            royalty,
            SELLER,
            proceeds
        );
        book(what, royalty, 0, inTokens);
        received[inTokens] += proceeds;
        sent[inTokens] += proceeds;
        equal(balance(SELLER, inTokens) - had, proceeds, "the seller has the proceeds");
    }

    function setSplit(uint256 what, uint256 split) external {
        (what, split) = (what % WORKS, split % 3);
        vm.prank(holder(holderOf[what]));
        SPLITTER.setSplit(id(what), splits[split]);
        setSplitOf[what] = split + 1;
    }

    function sell(uint256 what) external {
        what %= WORKS;
        holderOf[what] ^= 1;
        setSplitOf[what] = 0;
        RIGHTS.sell(id(what), holder(holderOf[what]), SPLITTER);
    }

    function sweep(uint256 child, uint256 ancestor, bool inTokens) external {
        (child, ancestor) = (child % WORKS, ancestor % WORKS);
        uint256 owed = unswept[child][ancestor][inTokens];
        try SPLITTER.sweep(id(child), id(ancestor), currency(inTokens)) returns (uint256 grains) {
            equal(grains * WHOLE, owed, "all that is owed is swept");
            unswept[child][ancestor][inTokens] = 0;
            earned[ancestor][inForce(ancestor)][inTokens] += owed;
        } catch {
            equal(owed, 0, "what is owed can be swept");
        }
    }

    function claim(uint256 what, uint256 split, uint256 place, bool inTokens, bool elsewhere) external {
        (what, split) = (what % WORKS, split % SPLITS);
        Payee[] memory payees = splits[split];
        place %= payees.length;
        address account = payees[place].account;
        address to = elsewhere ? HAVEN : account;
        uint256 due = SPLITTER.claimable(id(what), payees, place, currency(inTokens));
        if (due == 0) return;
        uint256 had = balance(to, inTokens);
        if (elsewhere) {
            vm.prank(account);
            SPLITTER.claimTo(id(what), payees, place, currency(inTokens), to);
        } else {
            try SPLITTER.claim(id(what), payees, place, currency(inTokens)) {} catch {
                isTrue(account == address(MOODY) && !inTokens, "only who refuses is not paid");
                return;
            }
        }
        equal(balance(to, inTokens) - had, due, "what was claimable came");
        paid[what][split][inTokens][place] += due;
        sent[inTokens] += due;
    }

    /// @dev Of three works and both currencies at once.
    function claimAll(uint256 what, uint256 split, uint256 place) external {
        split %= SPLITS;
        Payee[] memory payees = splits[split];
        place %= payees.length;
        Claim[] memory claims = new Claim[](6);
        uint256 total;
        for (uint256 i; i < 6; ++i) {
            uint256 work = ((what % WORKS) + i / 2) % WORKS;
            bool inTokens = i == 1 || i == 2 || i == 5;
            claims[i] = Claim(id(work), payees, place, currency(inTokens));
            uint256 due = SPLITTER.claimable(id(work), payees, place, currency(inTokens));
            total += due;
            paid[work][split][inTokens][place] += due;
            sent[inTokens] += due;
        }
        if (total == 0) return;
        uint256 had = balance(HAVEN, true) + balance(HAVEN, false);
        vm.prank(payees[place].account);
        SPLITTER.claimAll(claims, HAVEN);
        equal(balance(HAVEN, true) + balance(HAVEN, false) - had, total, "all of it came");
    }

    function withdraw(uint256 who, bool inTokens) external {
        address account = who % 2 == 0 ? CHANNEL : address(MOODY);
        uint256 due = credited[account][inTokens] / WHOLE;
        if (due == 0) return;
        vm.prank(account);
        SPLITTER.withdrawTo(currency(inTokens), HAVEN);
        credited[account][inTokens] -= due * WHOLE;
        sent[inTokens] += due;
    }

    function mood(uint256 manner) external {
        MOODY.behave(Manner(manner % 4), address(0), "");
    }

    function derive(uint256 child, uint256 one, uint256 oneShare, uint256 two, uint256 twoShare) public {
        (child, one) = (child % WORKS, one % WORKS);
        if (two != type(uint256).max) two %= WORKS;
        if (two != type(uint256).max && one > two) (one, two) = (two, one);
        bool single = two == type(uint256).max || one == two;
        ParentShare[] memory parents = new ParentShare[](single ? 1 : 2);
        Ancestor[][] memory given = new Ancestor[][](parents.length);
        parents[0] = ParentShare(id(one), uint32(within(oneShare, 0, 90_000)), address(this));
        given[0] = lineages[one];
        if (!single) {
            parents[1] = ParentShare(id(two), uint32(within(twoShare, 0, 90_000)), address(this));
            given[1] = lineages[two];
        }
        bool possible = !derived[child] && !hasChildren[child] && child != one && (single || child != two);
        try SPLITTER.registerDerivative(id(child), parents, given) {
            isTrue(possible, "registered once, before its own derivatives");
        } catch {
            // Two long lines together may owe more than the whole.
            isTrue(!possible || !single || expectedTotal(parents) > WHOLE, "refused with a reason");
            return;
        }
        derived[child] = true;
        for (uint256 i; i < parents.length; ++i) {
            uint256 parent = i == 0 ? one : two;
            hasChildren[parent] = true;
            if (parents[i].share > share[child][parent]) share[child][parent] = parents[i].share;
            for (uint256 j; j < WORKS; ++j) {
                if (share[parent][j] > share[child][j]) share[child][j] = share[parent][j];
            }
        }
        for (uint256 j; j < WORKS; ++j) {
            if (share[child][j] != 0) lineages[child].push(Ancestor(id(j), uint32(share[child][j])));
        }
    }

    /* BOOKS */

    function id(uint256 work) public pure returns (uint256) {
        return 1000 + work;
    }

    function currency(bool inTokens) public view returns (address) {
        return inTokens ? address(TOKEN) : address(0);
    }

    function splitAt(uint256 index) external view returns (Payee[] memory) {
        return splits[index];
    }

    /// @return Grains of all credit, which the contract tells as the reference does.
    function credits(bool inTokens) external view returns (uint256) {
        address token = currency(inTokens);
        equal(SPLITTER.creditOf(CHANNEL, token), credited[CHANNEL][inTokens], "credit of the channel");
        equal(SPLITTER.creditOf(address(MOODY), token), credited[address(MOODY)][inTokens], "credit of a payee");
        return credited[CHANNEL][inTokens] + credited[address(MOODY)][inTokens];
    }

    function held(bool inTokens) external view returns (uint256) {
        return balance(address(SPLITTER), inTokens);
    }

    function totalOf(uint256 work) public view returns (uint256 total) {
        for (uint256 j; j < WORKS; ++j) total += share[work][j];
    }

    function expectedTotal(ParentShare[] memory parents) private view returns (uint256 total) {
        for (uint256 j; j < WORKS; ++j) {
            uint256 most;
            for (uint256 i; i < parents.length; ++i) {
                uint256 parent = parents[i].parent - 1000;
                uint256 found = parent == j ? parents[i].share : share[parent][j];
                if (found > most) most = found;
            }
            total += most;
        }
    }

    function book(uint256 what, uint256 amount, uint256 commission, bool inTokens) private {
        ++calls;
        received[inTokens] += amount;
        uint256 rest = WHOLE - commission;
        for (uint256 j; j < WORKS; ++j) {
            unswept[what][j][inTokens] += amount * share[what][j] * WHOLE;
            rest -= share[what][j];
        }
        earned[what][inForce(what)][inTokens] += amount * rest * WHOLE;
    }

    function inForce(uint256 what) private view returns (uint256) {
        return setSplitOf[what] == 0 ? 3 + holderOf[what] : setSplitOf[what] - 1;
    }

    function holder(uint256 index) private pure returns (address) {
        return index == 0 ? address(0x40001) : address(0x40002);
    }

    function push(uint256 split, address account, uint32 part) private {
        splits[split].push(Payee(account, part));
    }

    function balance(address account, bool inTokens) private view returns (uint256) {
        return inTokens ? TOKEN.balanceOf(account) : account.balance;
    }

    /// @dev What an account has, and what it can have at once.
    function wealth(address account, bool inTokens) private view returns (uint256) {
        return balance(account, inTokens) + credited[account][inTokens] / WHOLE;
    }
}

/// @notice What holds after any sequence of actions. The numbers are those of docs/contracts/revenue.md.
contract RevenueSplitterInvariantTest is Cheats {
    uint256 private constant UNIT = 1e12;
    uint256 private constant WHOLE = 1e6;

    RevenueHandler private handler;
    RevenueSplitter private splitter;

    function setUp() public {
        handler = new RevenueHandler();
        vm.deal(address(handler), 1e30);
        splitter = handler.SPLITTER();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @notice I1 every payee has had, or can claim, the whole units of his exact part; so he is never short by one unit.
    function invariant_PayeesHaveTheirExactPart() external view {
        for (uint256 work; work < handler.WORKS(); ++work) {
            for (uint256 split; split < handler.SPLITS(); ++split) {
                Payee[] memory payees = handler.splitAt(split);
                for (uint256 c; c < 2; ++c) {
                    uint256 earned = handler.earned(work, split, c == 1);
                    if (earned == 0) continue;
                    for (uint256 i; i < payees.length; ++i) {
                        uint256 exact = (earned / WHOLE) * payees[i].share;
                        uint256 had = handler.paid(work, split, c == 1, i);
                        uint256 due = splitter.claimable(handler.id(work), payees, i, handler.currency(c == 1));
                        equal(had + due, exact / UNIT, "a payee's whole units");
                    }
                }
            }
        }
    }

    /// @notice I2 the balance is what came in less what went out, and to the trillionth what is owed.
    function invariant_TheBalanceIsWhatIsOwed() external view {
        for (uint256 c; c < 2; ++c) {
            bool inTokens = c == 1;
            uint256 held = handler.held(inTokens);
            equal(held, handler.received(inTokens) - handler.sent(inTokens), "received less sent");
            uint256 owed = handler.credits(inTokens) * WHOLE;
            for (uint256 work; work < handler.WORKS(); ++work) {
                for (uint256 split; split < handler.SPLITS(); ++split) {
                    owed += handler.earned(work, split, inTokens);
                    uint256 places = handler.splitAt(split).length;
                    for (uint256 i; i < places; ++i) owed -= handler.paid(work, split, inTokens, i) * UNIT;
                }
                for (uint256 j; j < handler.WORKS(); ++j) owed += handler.unswept(work, j, inTokens);
            }
            equal(held * UNIT, owed, "owed");
        }
        (, uint256 booked) = splitter.currencyOf(handler.currency(true));
        equal(booked, handler.held(true), "the books of the token");
    }

    /// @notice I3 every ancestor has the share that the definition gives it, however the works between came about.
    function invariant_AncestorsHaveTheirShares() external view {
        for (uint256 work; work < handler.WORKS(); ++work) {
            (, uint256 total, , ) = splitter.lineageOf(handler.id(work));
            equal(total, handler.totalOf(work), "total");
            for (uint256 j; j < handler.WORKS(); ++j) {
                (uint256 share, uint256 grains) = splitter.royaltyOf(handler.id(work), handler.id(j), address(0));
                equal(share, handler.share(work, j), "share");
                equal(grains * WHOLE, handler.unswept(work, j, false), "royalty");
            }
        }
    }
}
