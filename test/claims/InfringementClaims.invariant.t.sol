// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {InfringementClaims} from "../../contracts/claims/InfringementClaims.sol";
import {IArbitrator} from "../../contracts/interfaces/IArbitrator.sol";
import {ClaimLib} from "../../contracts/libraries/ClaimLib.sol";
import {HostileArbitrator} from "../../contracts/test/Arbitration.sol";
import {Forum} from "../../contracts/types/Forum.sol";
import {
    ClaimOutcome,
    ClaimPhase,
    ClaimRecord,
    InfringementClaim,
    Settlement
} from "../../contracts/types/InfringementClaim.sol";
import {Market} from "../market/Market.sol";

/// @notice Three people with works claim against one another's, answer, settle, freeze, ask two arbitrators, and let time pass, in any order
/// and with wrong callers; the books kept here say what must be so.
contract ClaimsHandler is Market {
    uint256 public constant BOND = 1e16;
    uint256 public constant FREEZE_BOND = 1e17;
    uint64 private constant RULINGS_ROLE = 7;

    InfringementClaims public claims;
    HostileArbitrator public panel;
    HostileArbitrator public outside;
    uint256[3] private keys = [uint256(11), 12, 13];
    address[] public people;
    uint256[] public works;
    InfringementClaim[] private filed;
    mapping(uint256 index => ClaimPhase) private phases;
    mapping(uint256 index => ClaimOutcome) private outcomes;
    uint256 public backwards;
    uint256 public changedOutcomes;
    uint256 public paidIn;
    uint256 public paidOut;
    uint256 private clock = 1_800_000_000;
    uint256 private disputes;

    constructor() {
        build();
        panel = new HostileArbitrator();
        outside = new HostileArbitrator();
        claims = new InfringementClaims(title, licenses, splitter, IArbitrator(address(panel)), BOND, FREEZE_BOND, "");
        bytes4[] memory selectors = new bytes4[](2);
        (selectors[0], selectors[1]) = (title.freeze.selector, title.refute.selector);
        authority.setTargetFunctionRole(address(title), selectors, RULINGS_ROLE);
        authority.grantRole(RULINGS_ROLE, address(claims), 0);
        for (uint256 i; i < 3; ++i) {
            people.push(vm.addr(keys[i]));
            vm.deal(people[i], 1e30);
        }
        for (uint256 i; i < 6; ++i) {
            vm.warp(clock++);
            works.push(depositWork(people[i % 3], i));
        }
    }

    /* ACTIONS */

    function pass(uint256 time) external {
        clock += within(time, 1, 25 days);
    }

    function file(uint256 who, uint256 work, uint256 target, uint256 manner, uint256 extra) external {
        if (filed.length == 8) return;
        (who, work) = (who % 3, work % 6);
        InfringementClaim memory claim;
        claim.workId = works[work];
        claim.claimant = people[who];
        claim.evidence = keccak256(abi.encode(filed.length));
        if (manner % 3 == 0) claim.respondent = people[(who + 1 + (target % 2)) % 3];
        if (manner % 3 == 1) claim.suspectId = works[(work + 1 + (target % 5)) % 6];
        claim.forum = Forum.wrap(uint160(address(outside)));
        claim.backup = Forum.wrap(uint160(address(extra % 2 == 0 ? panel : outside)));
        uint256 bond = BOND + within(extra, 0, 1e18);
        start(claim.claimant);
        claims.fileClaim{value: bond}(claim);
        paidIn += bond;
        filed.push(claim);
        record();
    }

    function answer(uint256 which, uint256 who, bool accepts) external {
        if (filed.length == 0) return;
        start(people[who % 3]);
        try claims.answer{value: BOND}(filed[recent(which)], "", accepts) {
            paidIn += BOND;
        } catch {}
        record();
    }

    function retract(uint256 which, uint256 who) external {
        if (filed.length == 0 || which % 4 != 0) return;
        start(people[who % 3]);
        try claims.retract(filed[recent(which)]) {} catch {}
        record();
    }

    function settle(uint256 which, uint256 who, uint256 amount) external {
        if (filed.length == 0 || which % 3 != 0) return;
        InfringementClaim memory claim = filed[recent(which)];
        amount = within(amount, 0, 1e18);
        Settlement memory settlement = Settlement(claims.claimIdOf(claim), address(0), amount, 0, 1, uint40(clock + 1));
        bytes32 domain = domainOf("Colophon InfringementClaims", address(claims));
        bytes32 structHash = keccak256(abi.encode(ClaimLib.SETTLEMENT_TYPEHASH, settlement));
        bytes memory signature = signedBy(
            keys[
                claim.claimant == people[0]
                    ? 0
                    : claim.claimant == people[1]
                        ? 1
                        : 2
            ],
            domain,
            structHash
        );
        start(people[who % 3]);
        // What is paid goes on to the splitter; only bonds stay.
        try claims.settle{value: amount}(claim, settlement, signature, 0) {} catch {}
        record();
    }

    function escalate(uint256 which, uint256 who, uint256 cost, uint256 surplus) external {
        if (filed.length == 0) return;
        InfringementClaim memory claim = filed[recent(which)];
        cost = within(cost, 0, 1e16);
        surplus = within(surplus, 0, 100);
        panel.behave(++disputes, cost, false);
        outside.behave(disputes, cost, false);
        start(people[who % 3]);
        try claims.escalate{value: cost + surplus}(claim) {
            paidIn += surplus;
        } catch {}
        record();
    }

    function appeal(uint256 which, uint256 who, uint256 surplus) external {
        if (filed.length == 0) return;
        surplus = within(surplus, 0, 100);
        panel.behave(disputes, 5, false);
        outside.behave(disputes, 5, false);
        start(people[who % 3]);
        try claims.appeal{value: 5 + surplus}(filed[recent(which)]) {
            paidIn += surplus;
        } catch {}
        record();
    }

    function rule(uint256 which, bool byPanel, uint256 ruling) external {
        if (disputes == 0) return;
        start(address(byPanel ? panel : outside));
        uint256 disputeId = disputes > 5 ? disputes - (which % 5) : within(which, 1, disputes);
        try claims.rule(disputeId, ruling % 5) {} catch {}
        record();
    }

    function freeze(uint256 which) external {
        if (filed.length == 0) return;
        uint256 index = recent(which);
        start(filed[index].claimant);
        try claims.freeze{value: FREEZE_BOND}(filed[index]) {
            paidIn += FREEZE_BOND;
        } catch {}
        record();
    }

    function conclude(uint256 which, uint256 who) external {
        if (filed.length == 0) return;
        start(people[who % 3]);
        try claims.conclude(filed[recent(which)]) {} catch {}
        record();
    }

    function enforce(uint256 which) external {
        if (filed.length == 0) return;
        vm.warp(clock);
        try claims.enforce(filed[recent(which)]) {} catch {}
        record();
    }

    function withdraw(uint256 who) external {
        address account = people[who % 3];
        uint256 owed = claims.creditOf(account);
        uint256 had = account.balance;
        start(account);
        try claims.withdraw(account) returns (uint256 amount) {
            if (amount != owed || account.balance != had + owed) ++changedOutcomes;
            paidOut += amount;
        } catch {
            if (owed != 0) ++changedOutcomes;
        }
        record();
    }

    function give(uint256 work, uint256 who) external {
        if (who % 4 != 0) return;
        uint256 workId = works[work % 6];
        address holder = title.rightsHolderOf(workId);
        if (!title.isMinted(workId)) {
            if (title.isRefuted(workId)) return;
            start(holder);
            title.mint(workId, 0);
        }
        start(holder);
        try title.transferFrom(holder, people[who % 3], workId) {} catch {}
        record();
    }

    /* BOOKS */

    function count() external view returns (uint256) {
        return filed.length;
    }

    function claimAt(uint256 index) external view returns (InfringementClaim memory) {
        return filed[index];
    }

    function recordAt(uint256 index) external view returns (ClaimRecord memory) {
        return claims.claimOf(filed[index]);
    }

    function titleIs(uint256 workId) external view returns (bool refuted, uint256 frozenUntil) {
        return (title.isRefuted(workId), title.frozenUntil(workId));
    }

    /// @dev After every action: no phase may have gone back, and no outcome of a closed claim changed.
    function record() private {
        for (uint256 i; i < filed.length; ++i) {
            ClaimRecord memory found = claims.claimOf(filed[i]);
            if (found.phase < phases[i]) ++backwards;
            if (phases[i] == ClaimPhase.Closed && found.outcome != outcomes[i]) ++changedOutcomes;
            (phases[i], outcomes[i]) = (found.phase, found.outcome);
        }
    }

    function recent(uint256 which) private view returns (uint256) {
        uint256 total = filed.length;
        return total > 4 ? total - 1 - (which % 4) : which % total;
    }

    function start(address sender) private {
        vm.warp(clock);
        vm.prank(sender);
    }
}

/// @notice What holds after any sequence of actions. Numbers as in docs/contracts/claims.md.
contract InfringementClaimsInvariantTest is Market {
    ClaimsHandler private handler;

    function setUp() public {
        handler = new ClaimsHandler();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @notice C1 it holds the bonds of claims that are not closed, and credit, to the wei; and that is what came in less what went out.
    /// C2 phases only move on, and what a claim came to stays; credit can be withdrawn, all and once.
    function invariant_ItHoldsWhatItOwesAndMovesOn() external view {
        uint256 owed;
        for (uint256 i; i < handler.count(); ++i) {
            ClaimRecord memory record = handler.recordAt(i);
            owed += record.bond + record.answerBond + record.freezeBond;
        }
        for (uint256 i; i < 3; ++i) owed += handler.claims().creditOf(handler.people(i));
        equal(address(handler.claims()).balance, owed, "balance");
        equal(handler.paidIn() - handler.paidOut(), owed, "flow");
        equal(handler.backwards(), 0, "phases");
        equal(handler.changedOutcomes(), 0, "outcomes");
    }

    /// @notice C3 no deposit is refuted but by a ruling on a claim against it. C4 a frozen title has a claim against it by the holder of an older
    /// deposit, with a freeze; and the count is within its limit.
    function invariant_TitlesAreTouchedByRulingsAndBondedFreezes() external view {
        onlyRulingsRefute();
        freezesAreBondedAndLimited();
    }

    function onlyRulingsRefute() private view {
        for (uint256 work; work < 6; ++work) {
            uint256 workId = handler.works(work);
            (bool refuted, ) = handler.titleIs(workId);
            if (!refuted) continue;
            bool ruled;
            for (uint256 i; i < handler.count() && !ruled; ++i) {
                ruled = handler.claimAt(i).suspectId == workId && handler.recordAt(i).outcome == ClaimOutcome.Refuted;
            }
            isTrue(ruled, "refuted without a ruling");
        }
    }

    function freezesAreBondedAndLimited() private view {
        for (uint256 work; work < 6; ++work) {
            uint256 workId = handler.works(work);
            (bytes32 claimId, uint256 until, uint256 used) = handler.claims().freezeOf(workId);
            isTrue(used <= 60 days, "count");
            (, uint256 frozenUntil) = handler.titleIs(workId);
            equal(frozenUntil, until, "title");
            if (until == 0) continue;
            isTrue(until <= block.timestamp + 30 days, "length");
            bool found;
            for (uint256 i; i < handler.count() && !found; ++i) {
                found =
                    handler.claims().claimIdOf(handler.claimAt(i)) == claimId &&
                    handler.claimAt(i).suspectId == workId &&
                    // Closed claims have paid their bond out; their freeze is over on anybody's call.
                    (handler.recordAt(i).freezeBond != 0 || handler.recordAt(i).phase == ClaimPhase.Closed);
            }
            isTrue(found, "claim");
        }
    }
}
