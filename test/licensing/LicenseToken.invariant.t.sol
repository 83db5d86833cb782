// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ICopyrightTitle} from "../../contracts/interfaces/ICopyrightTitle.sol";
import {IRevenueSplitter} from "../../contracts/interfaces/IRevenueSplitter.sol";
import {LicenseToken} from "../../contracts/licensing/LicenseToken.sol";
import {CopyrightRegistry} from "../../contracts/registry/CopyrightRegistry.sol";
import {CopyrightTitle} from "../../contracts/registry/CopyrightTitle.sol";
import {Authority} from "../../contracts/alliance/Authority.sol";
import {AgreementsDouble, ExchangeDouble, SplitterDouble} from "../../contracts/test/LicensingDoubles.sol";
import {Grant, License, Offer} from "../../contracts/types/Offer.sol";
import {Work} from "../../contracts/types/Work.sol";
import {Cheats} from "../cheats/Cheats.sol";

/// @notice Two works, three people and a crowd of offers, over a few years. Beside the contract the handler keeps the naive model: a list
/// of every license ever issued with its interval. Each action asks the list first what must happen, and the contract must agree.
contract LicensingHandler is Cheats {
    struct Sold {
        uint256 id;
        uint256 workId;
        uint256 rights;
        uint256 territories;
        bool exclusive;
        uint256 start;
        uint256 until;
        bool agreed;
        uint256 offer;
        address owner;
    }

    struct Made {
        Offer offer;
        bytes signature;
        uint256 sold;
        bool cancelled;
        bool opened;
    }

    uint256 private constant FOREVER = type(uint256).max;
    uint256 private constant MOST_SIMPLE = 32;

    CopyrightRegistry private immutable REGISTRY;
    CopyrightTitle private immutable TITLE;
    LicenseToken private immutable LICENSES;
    AgreementsDouble private immutable AGREEMENTS;
    ExchangeDouble private immutable EXCHANGE;

    uint256 private clock = 1_800_000_000;
    uint256[2] public works;
    address[2] private holders;
    uint256[2] private epochs;
    bool[2] private minted;
    bool[2] private refuted;

    Sold[] private solds;
    Made[] private mades;
    uint256 private grants;

    /// @notice How often each action did what it is for, so that a run that only meets refusals shows.
    mapping(bytes32 action => uint256) public done;

    constructor(CopyrightRegistry registry, CopyrightTitle title, LicenseToken licenses, AgreementsDouble agreements) {
        REGISTRY = registry;
        TITLE = title;
        LICENSES = licenses;
        AGREEMENTS = agreements;
        EXCHANGE = ExchangeDouble(licenses.exchange());
        vm.warp(clock);
        for (uint256 i; i < 2; ++i) {
            bytes32 hash = keccak256(abi.encode("work", i));
            holders[i] = person(i);
            vm.prank(person(i));
            works[i] = uint256(registry.deposit(Work(hash, hash, 1, hash, 0)));
        }
    }

    /* ACTIONS */

    function pass(uint256 time) external {
        clock += within(time, 0, time % 4 == 0 ? 300 days : 20 days);
        vm.warp(clock);
    }

    function offer(uint256 seed) public {
        uint256 which = seed % 2;
        uint256 key = 1 + ((seed >> 8) % 16 == 0 ? (seed >> 12) % 3 : keyOf(holders[which]));
        Offer memory made = Offer({
            workId: works[which],
            seller: vm.addr(key),
            epoch: uint32((seed >> 16) % 16 == 0 ? epochs[which] + 1 : epochs[which]),
            currency: address(0),
            price: 0,
            duration: (seed >> 24) % 8 == 0 ? 0 : uint40(within(seed >> 32, 1 hours, 500 days)),
            closesAt: uint40(clock + within(seed >> 64, 0, 400 days)),
            supply: uint24(within(seed >> 96, 0, 4)),
            exclusive: (seed >> 100) % 3 == 0 && (seed >> 140) % 2 == 0,
            territories: territoriesFrom(seed >> 104),
            channels: 1,
            rights: rightsFrom(seed >> 120),
            transferable: true,
            renewable: (seed >> 132) % 4 != 0,
            resaleBps: (seed >> 134) % 2 == 0 ? 0 : 500,
            derivativeBps: 0,
            commissionCapPpm: 0,
            platform: address(0),
            document: bytes32(mades.length)
        });
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digestOf(made));
        mades.push();
        Made storage entry = mades[mades.length - 1];
        entry.offer = made;
        entry.signature = abi.encodePacked(r, s, v);
        if ((seed >> 136) % 4 == 0) {
            vm.prank(made.seller);
            LICENSES.open(made);
            entry.opened = true;
        }
        ++done["offer"];
    }

    function sell(uint256 seed, uint256 who) external {
        // Fuzzers like round numbers; offers should differ.
        for (uint256 i; i < 3; ++i) {
            offer(uint256(keccak256(abi.encode(seed, i, mades.length))));
            acquire(mades.length - 1, who);
        }
    }

    function sellAgain(uint256 which, uint256 who) external {
        acquire(which, who);
    }

    function acquire(uint256 which, uint256 who) public {
        if (mades.length == 0) return;
        uint256 index = which % mades.length;
        Made storage made = mades[index];
        Offer memory wanted = made.offer;
        bool possible =
            stands(made) &&
                made.sold < wanted.supply &&
                isFree(wanted.workId, wanted.rights, wanted.territories, wanted.exclusive);

        vm.warp(clock);
        vm.prank(person(who));
        try LICENSES.acquire(wanted, made.opened ? bytes("") : made.signature, person(who), address(0), 0) returns (
            uint256 id
        ) {
            isTrue(possible, "sold though the list of intervals forbids it");
            ++made.sold;
            book(
                Sold(
                    id,
                    wanted.workId,
                    wanted.rights,
                    wanted.territories,
                    wanted.exclusive,
                    clock,
                    wanted.duration == 0 ? FOREVER : clock + wanted.duration,
                    false,
                    index,
                    person(who)
                )
            );
            ++done["acquire"];
            if (wanted.exclusive) ++done["acquire exclusive"];
        } catch {
            isTrue(!possible, "refused though the list of intervals allows it");
            ++done["refuse"];
        }
    }

    function renew(uint256 which, uint256 who) external {
        if (solds.length == 0) return;
        Sold storage sold = solds[which % solds.length];
        if (sold.agreed) return;
        Made storage made = mades[sold.offer];
        bool running = sold.until > clock;
        bool possible =
            stands(made) &&
                made.offer.renewable &&
                made.offer.duration != 0 &&
                (running || isFree(sold.workId, sold.rights, sold.territories, sold.exclusive));
        isTrue(LICENSES.isRenewable(sold.id) == possible, "isRenewable tells what renew does");

        vm.warp(clock);
        vm.prank(person(who));
        try LICENSES.renew(sold.id, made.offer, address(0), 0) returns (uint256 until) {
            isTrue(possible, "renewed though the list of intervals forbids it");
            if (!running) sold.start = clock;
            sold.until = (running ? sold.until : clock) + made.offer.duration;
            equal(until, sold.until, "renewed until");
            ++done["renew"];
        } catch {
            isTrue(!possible, "renewal refused though the list of intervals allows it");
        }
    }

    function issue(uint256 seed) external {
        // An agreement issues once, so each has a number of its own.
        seed = uint256(keccak256(abi.encode(seed, ++grants)));
        uint256 which = seed % 2;
        address licensor = (seed >> 8) % 16 == 0 ? person(seed >> 12) : holders[which];
        Grant memory grant = Grant({
            agreementId: bytes32(seed),
            workId: works[which],
            licensor: licensor,
            licensee: person(seed >> 16),
            duration: (seed >> 24) % 8 == 0 ? 0 : uint40(within(seed >> 32, 1 hours, 500 days)),
            exclusive: (seed >> 100) % 4 == 0,
            territories: territoriesFrom(seed >> 104),
            channels: 1,
            rights: rightsFrom(seed >> 120),
            transferable: true,
            resaleBps: 0,
            derivativeBps: 0,
            document: 0
        });
        bool possible =
            licensor == holders[which] &&
                !refuted[which] &&
                isFree(grant.workId, grant.rights, grant.territories, grant.exclusive) &&
                (grant.exclusive || simpleOf(grant.workId) < MOST_SIMPLE);

        vm.warp(clock);
        try AGREEMENTS.issue(grant) returns (uint256 id) {
            isTrue(possible, "issued though the list of intervals forbids it");
            book(
                Sold(
                    id,
                    grant.workId,
                    grant.rights,
                    grant.territories,
                    grant.exclusive,
                    clock,
                    grant.duration == 0 ? FOREVER : clock + grant.duration,
                    true,
                    0,
                    grant.licensee
                )
            );
            ++done["issue"];
        } catch {
            isTrue(!possible, "issue refused though the list of intervals allows it");
        }
    }

    function end(uint256 which) external {
        if (solds.length == 0) return;
        Sold storage sold = solds[which % solds.length];
        vm.warp(clock);
        try AGREEMENTS.end(sold.id) {
            isTrue(sold.agreed, "only agreements end");
            if (sold.until > clock) {
                sold.until = clock;
                ++done["end"];
            }
        } catch {
            isTrue(!sold.agreed, "an agreement's license can be ended");
        }
    }

    function suspend(uint256 which, bool yes) external {
        if (solds.length == 0) return;
        Sold storage sold = solds[which % solds.length];
        AGREEMENTS.suspend(sold.id, yes);
    }

    /// @dev A license moves to somebody else if it may: by its owner where there is no resale fee, else by the exchange.
    function move(uint256 which, uint256 who, bool byExchange) external {
        if (solds.length == 0) return;
        Sold storage sold = solds[which % solds.length];
        address to = person(who);
        bool fee = !sold.agreed && mades[sold.offer].offer.resaleBps != 0;
        bool possible = isRunning(sold) && (byExchange || !fee);
        vm.warp(clock);
        if (byExchange) {
            vm.prank(sold.owner);
            LICENSES.setApprovalForAll(address(EXCHANGE), true);
            try EXCHANGE.move(LICENSES, sold.owner, to, sold.id) {
                isTrue(possible, "moved by the exchange though not in force");
                sold.owner = to;
                ++done["move"];
            } catch {
                isTrue(!possible, "the exchange could not move it");
            }
        } else {
            vm.prank(sold.owner);
            try LICENSES.transferFrom(sold.owner, to, sold.id) {
                isTrue(possible, "moved though not in force, or past the exchange");
                sold.owner = to;
                ++done["move"];
            } catch {
                isTrue(!possible, "its owner could not move it");
            }
        }
    }

    function cancel(uint256 which) external {
        if (mades.length == 0 || which % 4 != 0) return;
        Made storage made = mades[(which / 4) % mades.length];
        vm.prank(made.offer.seller);
        try LICENSES.cancel(made.offer) {
            isTrue(!made.cancelled, "cancelled once");
            made.cancelled = true;
            ++done["cancel"];
        } catch {
            isTrue(made.cancelled, "the seller can cancel");
        }
    }

    function sellTitle(uint256 which, uint256 who) external {
        if (which % 6 > 1) return;
        uint256 index = which % 2;
        address to = person(who);
        vm.warp(clock);
        if (!minted[index]) {
            vm.prank(holders[index]);
            TITLE.mint(works[index], 0);
            minted[index] = true;
        }
        vm.prank(holders[index]);
        TITLE.transferFrom(holders[index], to, works[index]);
        if (to != holders[index]) ++epochs[index];
        holders[index] = to;
        ++done["sell title"];
    }

    function withdrawOffers(uint256 which) external {
        if (which % 8 > 1) return;
        uint256 index = which % 2;
        vm.prank(holders[index]);
        equal(TITLE.withdrawOffers(works[index]), ++epochs[index], "epoch");
    }

    /// @dev Seldom and never of the first work, or nothing would be left to sell.
    function refute(uint256 which) external {
        if (which % 256 != 0) return;
        if (!minted[1]) {
            vm.prank(holders[1]);
            TITLE.mint(works[1], 0);
            minted[1] = true;
        }
        TITLE.refute(works[1]);
        refuted[1] = true;
    }

    /* THE LIST OF INTERVALS */

    function count() external view returns (uint256) {
        return solds.length;
    }

    function soldAt(uint256 index) external view returns (Sold memory) {
        return solds[index];
    }

    function now_() external view returns (uint256) {
        return clock;
    }

    /// @dev No license in the list that runs now shares an act and a territory with such a one, if either is exclusive.
    function isFree(uint256 workId, uint256 rights, uint256 territories, bool exclusive) public view returns (bool) {
        for (uint256 i; i < solds.length; ++i) {
            Sold storage other = solds[i];
            if (
                other.workId == workId &&
                other.until > clock &&
                other.rights & rights & 0x3f != 0 &&
                other.territories & territories != 0 &&
                (exclusive || other.exclusive)
            ) return false;
        }
        return true;
    }

    function isRunning(Sold memory sold) public view returns (bool) {
        return sold.until > clock && !(sold.agreed && AGREEMENTS.isSuspended(sold.id));
    }

    function person(uint256 who) private returns (address) {
        return vm.addr(1 + (who % 3));
    }

    function simpleOf(uint256 workId) private view returns (uint256 running) {
        for (uint256 i; i < solds.length; ++i) {
            Sold storage sold = solds[i];
            if (sold.workId == workId && sold.agreed && !sold.exclusive && sold.until > clock) ++running;
        }
    }

    function stands(Made storage made) private view returns (bool) {
        uint256 index = made.offer.workId == works[0] ? 0 : 1;
        return
            !made.cancelled &&
            clock <= made.offer.closesAt &&
            made.offer.seller == holders[index] &&
            made.offer.epoch == epochs[index] &&
            !refuted[index];
    }

    function book(Sold memory sold) private {
        for (uint256 i; i < solds.length; ++i) isTrue(solds[i].id != sold.id, "two licenses have one id");
        solds.push(sold);
    }

    function keyOf(address who) private returns (uint256) {
        for (uint256 i; i < 3; ++i) if (person(i) == who) return i;
        return 0;
    }

    /// @dev Mostly one or two acts, or everything would overlap everything.
    function rightsFrom(uint256 seed) private pure returns (uint8) {
        if (seed % 8 == 0) return uint8(seed >> 3) | 1;
        return uint8((1 << ((seed >> 3) % 6)) | (1 << ((seed >> 6) % 8)));
    }

    /// @dev The world, one group, or several; few groups, so that they meet.
    function territoriesFrom(uint256 seed) private pure returns (uint16) {
        if (seed % 4 == 0) return type(uint16).max;
        if (seed % 4 == 1) return uint16(1 << (8 * ((seed >> 2) % 2)));
        return uint16(within(seed >> 4, 1, 7) | (((seed >> 7) % 2) << 15));
    }

    function digestOf(Offer memory made) private view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Colophon LicenseToken"),
                keccak256("1"),
                block.chainid,
                address(LICENSES)
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, LICENSES.offerIdOf(made)));
    }
}

/// @notice What holds after any sequence of sales, renewals, expiries, terminations and title transfers. The numbers are those of
/// docs/contracts/licensing.md.
contract LicenseTokenInvariantTest is Cheats {
    LicenseToken private licenses;
    CopyrightTitle private title;
    LicensingHandler private handler;

    function setUp() public {
        CopyrightRegistry registry = new CopyrightRegistry();
        Authority access = new Authority(address(this));
        title = new CopyrightTitle(registry, address(access));
        SplitterDouble splitter = new SplitterDouble();
        licenses = new LicenseToken(title, IRevenueSplitter(address(splitter)));
        AgreementsDouble agreements = new AgreementsDouble(licenses);
        licenses.connect(address(agreements), address(new ExchangeDouble()));
        handler = new LicensingHandler(registry, title, licenses, agreements);
        // The handler is also the court.
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = ICopyrightTitle.refute.selector;
        access.setTargetFunctionRole(address(title), selectors, 7);
        access.grantRole(7, address(handler), 0);
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @notice L1 no two licenses in force share an act and a territory if one is exclusive.
    function invariant_ExclusiveLicensesAreAlone() external view {
        uint256 count = handler.count();
        for (uint256 i; i < count; ++i) {
            License memory one = licenses.licenseOf(handler.soldAt(i).id);
            if (one.until <= handler.now_()) continue;
            for (uint256 j; j < i; ++j) {
                License memory other = licenses.licenseOf(handler.soldAt(j).id);
                bool overlap =
                    other.until > handler.now_() &&
                        one.workId == other.workId &&
                        one.rights & other.rights & 0x3f != 0 &&
                        one.territories & other.territories != 0;
                isTrue(!(overlap && (one.exclusive || other.exclusive)), "an exclusive license is not alone");
            }
        }
    }

    /// @notice L2 the calendar and the list of intervals agree on every act and territory, for simple and exclusive licenses.
    function invariant_CalendarAgreesWithTheList() external view {
        for (uint256 w; w < 2; ++w) {
            uint256 workId = handler.works(w);
            for (uint256 act; act < 6; ++act) {
                for (uint256 territory; territory < 16; territory += 3) {
                    agree(workId, 1 << act, 1 << territory);
                }
                agree(workId, 1 << act, type(uint16).max);
            }
            agree(workId, 0x3f, type(uint16).max);
            agree(workId, 0x3f, 0x8001);
        }
    }

    /// @notice L3 a license runs exactly as long as the list says, whoever holds the title, and every view says the same.
    function invariant_ViewsAgreeWithTheList() external {
        uint256 count = handler.count();
        for (uint256 i; i < count; ++i) {
            LicensingHandler.Sold memory sold = handler.soldAt(i);
            vm.warp(handler.now_());
            bool running = handler.isRunning(sold);
            isTrue(licenses.isInForce(sold.id) == running, "in force");
            for (uint256 territory; territory < 17; territory += 4) {
                bool covered = territory < 16 && (sold.territories >> territory) & 1 != 0;
                isTrue(licenses.isActive(sold.id, territory, 0) == (running && covered), "active");
            }
            isTrue(!licenses.isActive(sold.id, 0, 1), "another channel");
            equal(licenses.userOf(sold.id), running ? sold.owner : address(0), "user");
            equal(licenses.ownerOf(sold.id), sold.owner, "owner");
            equal(
                licenses.expiresAt(sold.id),
                sold.until == type(uint256).max ? type(uint64).max : sold.until,
                "expires"
            );
            equal(licenses.userExpires(sold.id), licenses.expiresAt(sold.id), "one end");
            equal(licenses.workOf(sold.id), sold.workId, "work");
        }
    }

    function agree(uint256 workId, uint256 rights, uint256 territories) private view {
        isTrue(
            licenses.isAvailable(workId, rights, territories, true) ==
                handler.isFree(workId, rights, territories, true),
            "exclusive"
        );
        isTrue(
            licenses.isAvailable(workId, rights, territories, false) ==
                handler.isFree(workId, rights, territories, false),
            "simple"
        );
    }
}
