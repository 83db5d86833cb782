// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Agreement, AgreementBooks, AgreementStatus, GrantTerms} from "../../contracts/types/Agreement.sol";
import {Errors} from "../../contracts/libraries/Errors.sol";
import {Market} from "../market/Market.sol";
import {AgreementModel} from "./AgreementModel.sol";

/// @notice Whole lives of agreements, second by second, against {AgreementModel}.
contract LicenseAgreementsTest is Market {
    uint256 private constant LICENSOR_KEY = 1;
    uint256 private constant LICENSEE_KEY = 2;
    uint256 private constant START = 1_800_000_000;

    address private licensor;
    address private licensee;
    uint256 private workId;
    Agreement private agreement;
    uint256 private licenseId;
    AgreementModel private model;
    uint256 private clock;
    uint256 private dice;

    function setUp() public {
        vm.warp(START);
        build();
        licensor = vm.addr(LICENSOR_KEY);
        licensee = vm.addr(LICENSEE_KEY);
        workId = depositWork(licensor, 1);
    }

    function terms() private view returns (GrantTerms memory) {
        return
            GrantTerms({
                licensor: licensor,
                downPayment: 0,
                deposit: 0,
                duration: 0,
                exclusive: false,
                territories: 1,
                channels: 1,
                rights: 1,
                transferable: true,
                resaleBps: 0,
                derivativeBps: 0,
                document: keccak256("terms")
            });
    }

    /// @dev Periods of seconds, so that a test can live through every one of them.
    function draw(uint256 seed) private {
        dice = seed;
        uint256 period = 8 + roll(12);
        uint256 left = period;
        uint256[4] memory windows;
        for (uint256 i; i < 4; ++i) {
            windows[i] = i == 3 ? 1 + roll(left) : roll(left / 2 + 1);
            left -= windows[i];
        }
        uint256 kind = roll(8);
        agreement = Agreement({
            workId: workId,
            licensee: licensee,
            currency: address(0),
            startsAt: uint40(START + 3),
            period: uint40(period),
            periods: uint16(1 + roll(4)),
            instalment: kind & 1 != 0 ? uint96(1 + roll(20)) : 0,
            minimum: kind & 2 != 0 ? uint96(1 + roll(20)) : 0,
            unitPrice: kind & 4 != 0 ? uint96(1 + roll(5)) : 0,
            reportWithin: uint40(windows[0]),
            payWithin: uint40(windows[1]),
            grace: uint40(windows[2]),
            cure: uint40(windows[3]),
            grant: agreements.grantHashOf(terms())
        });
    }

    function roll(uint256 sides) private returns (uint256) {
        dice = uint256(keccak256(abi.encode(dice)));
        return dice % sides;
    }

    function activate() private {
        bytes memory signature = signedBy(
            LICENSEE_KEY,
            domainOf("Colophon LicenseAgreements", address(agreements)),
            agreements.idOf(agreement)
        );
        vm.prank(licensor);
        (, licenseId) = agreements.activate(agreement, terms(), "", signature);
        model = new AgreementModel(agreement);
        clock = START;
    }

    /// @dev Every second: perhaps somebody does something; in any case contract and model agree.
    function testFuzz_EverySecondOfALifeIsAsTheModelSays(uint256 seed, uint8 diligence) public {
        draw(seed);
        activate();
        uint256 end = agreement.startsAt + (uint256(agreement.periods) + 3) * agreement.period;
        compare("born");
        while (++clock < end) {
            vm.warp(clock);
            compare("before");
            if (roll(12) <= diligence % 12) act();
            compare("after");
        }
    }

    /// @dev A licensee who does everything at the last second of cure is never breached, and is fulfilled in the end.
    function testFuzz_TheLastSecondOfCureIsEnough(uint256 seed) public {
        draw(seed);
        activate();
        uint256 end = agreement.startsAt + (uint256(agreement.periods) + 3) * agreement.period;
        while (++clock < end) {
            vm.warp(clock);
            (bool open, uint256 breachAt) = model.breachAt();
            if (open && clock + 1 == breachAt) {
                uint256 period = model.reported();
                bool reports = agreement.unitPrice != 0 && period < agreement.periods;
                if (reports && clock >= agreement.startsAt + (period + 1) * agreement.period)
                    doReport(period, roll(30));
                uint256 owed = model.owedBy(clock);
                if (owed != 0) doPay(owed);
            }
            isTrue(agreements.statusOf(agreement) != AgreementStatus.Breached, "never breached");
            isTrue(licenses.isActive(licenseId, 0, 0), "never suspended");
            compare("kept");
        }
        equal(uint256(agreements.statusOf(agreement)), uint256(AgreementStatus.Fulfilled), "fulfilled");
    }

    /// @dev Who does nothing is breached from the very second on that the terms say, and the license with him.
    function testFuzz_BreachSuspendsWithoutAnybodysHelp(uint256 seed) public {
        draw(seed);
        activate();
        (bool open, uint256 breachAt) = model.breachAt();
        if (!open) return;
        vm.warp(breachAt - 1);
        isTrue(licenses.isInForce(licenseId), "in force a second before");
        vm.warp(breachAt);
        isTrue(!licenses.isInForce(licenseId), "suspended");
        isTrue(!licenses.isActive(licenseId, 0, 0), "nowhere active");
    }

    function testFuzz_TerminationIsFinal(uint256 seed, uint256 later) public {
        draw(seed);
        activate();
        (bool open, uint256 breachAt) = model.breachAt();
        if (!open) return;
        vm.warp(breachAt);
        vm.prank(licensor);
        agreements.terminate(agreement, licenseId);
        vm.warp(breachAt + within(later, 0, 1000 days));
        equal(uint256(agreements.statusOf(agreement)), uint256(AgreementStatus.Terminated), "terminated");
        isTrue(!licenses.isInForce(licenseId), "ended");
        bytes memory notRunning = abi.encodeWithSelector(
            Errors.LicenseAgreements_NotRunning.selector,
            agreements.idOf(agreement)
        );
        vm.expectRevert(notRunning);
        agreements.pay{value: 1}(agreement, 1);
        vm.prank(licensee);
        vm.expectRevert(notRunning);
        agreements.reportUsage(agreement, 0, 1);
        vm.prank(licensor);
        vm.expectRevert(notRunning);
        agreements.terminate(agreement, licenseId);
        AgreementBooks memory books = agreements.booksOf(agreement);
        equal(books.owed, model.owedBy(breachAt), "owed as of the end");
        equal(books.breachAt, breachAt, "the end");
    }

    /* INTERNAL */

    function act() private {
        uint256 what = roll(10);
        uint256 next = model.reported();
        if (what < 5) {
            uint256 owed = model.owedBy(clock);
            uint256 most = model.open();
            uint256 amount =
                what < 2
                    ? owed
                    : what == 2
                        ? owed / 2
                        : 1 + roll(15);
            if (agreement.unitPrice == 0 && amount > most) amount = most;
            if (amount != 0) doPay(amount);
        } else if (what < 8) {
            bool reports = agreement.unitPrice != 0 && next < agreement.periods;
            if (reports && clock >= agreement.startsAt + (next + 1) * agreement.period) doReport(next, roll(30));
        } else if (next != 0) {
            doCorrect(next - 1, roll(30));
        }
    }

    function doPay(uint256 amount) private {
        agreements.pay{value: amount}(agreement, amount);
        model.pay(amount, clock);
    }

    function doReport(uint256 period, uint256 units) private {
        vm.prank(licensee);
        agreements.reportUsage(agreement, uint32(period), uint128(units));
        model.report(units, clock);
    }

    function doCorrect(uint256 period, uint256 units) private {
        bool refused = model.correct(units, clock);
        vm.prank(licensee);
        if (refused) vm.expectRevert();
        agreements.reportUsage(agreement, uint32(period), uint128(units));
    }

    function compare(string memory when) private view {
        AgreementStatus expected = model.statusAt(clock);
        equal(uint256(agreements.statusOf(agreement)), uint256(expected), when);
        bool suspended = expected == AgreementStatus.Breached || expected == AgreementStatus.Terminated;
        isTrue(agreements.isSuspended(licenseId) == suspended, "suspended");
        isTrue(licenses.isInForce(licenseId) != suspended, "in force");
        AgreementBooks memory books = agreements.booksOf(agreement);
        equal(books.owed, model.owedBy(clock), "owed");
        equal(books.reported, model.reported(), "reported");
        if (!suspended) {
            (bool open, uint256 breachAt) = model.breachAt();
            equal(books.breachAt, open ? breachAt : 0, "breach at");
        }
    }
}
