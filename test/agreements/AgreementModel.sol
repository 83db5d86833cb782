// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Agreement, AgreementStatus} from "../../contracts/types/Agreement.sol";

/// @notice An agreement as a bookkeeper would follow it: a list of what falls due, each payment put against the oldest debt first, no
/// closed form. It shares no line with the contract.
contract AgreementModel {
    struct Item {
        uint256 dueAt;
        uint256 amount;
    }

    Agreement private terms;
    uint256 public paid;
    uint256[] public charges;
    bool private wasBreached;
    uint256 public endedAt;

    constructor(Agreement memory agreement) {
        terms = agreement;
    }

    /* WHAT HAPPENS */

    function pay(uint256 amount, uint256 time) external {
        bool before = isBreached(time);
        paid += amount;
        settle(before, time);
    }

    function report(uint256 units, uint256 time) external {
        bool before = isBreached(time);
        charges.push(chargeOf(units));
        settle(before, time);
    }

    /// @return refused Whether the correction would have breached an agreement that stood; nothing is changed then.
    function correct(uint256 units, uint256 time) external returns (bool refused) {
        bool before = isBreached(time);
        uint256 old = charges[charges.length - 1];
        charges[charges.length - 1] = chargeOf(units);
        if (!before && isBreached(time)) {
            charges[charges.length - 1] = old;
            return true;
        }
        settle(before, time);
    }

    function terminate(uint256 time) external {
        endedAt = time;
    }

    /* WHAT IS SO */

    function reported() external view returns (uint256) {
        return charges.length;
    }

    function owedBy(uint256 time) public view returns (uint256) {
        uint256 due;
        Item[] memory items = list();
        for (uint256 i; i < items.length; ++i) if (items[i].dueAt <= time) due += items[i].amount;
        return due > paid ? due - paid : 0;
    }

    function statusAt(uint256 time) external view returns (AgreementStatus) {
        if (endedAt != 0) return AgreementStatus.Terminated;
        if (isBreached(time)) return AgreementStatus.Breached;
        (bool found, uint256 lateAt) = firstLate();
        if (!found) return AgreementStatus.Fulfilled;
        if (time >= lateAt + terms.grace) return AgreementStatus.InCure;
        if (time >= lateAt) return AgreementStatus.Overdue;
        if (owedBy(time) != 0) return AgreementStatus.Due;
        if (reportsWanted() && time >= terms.startsAt + (charges.length + 1) * terms.period) return AgreementStatus.Due;
        return AgreementStatus.Active;
    }

    function isBreached(uint256 time) public view returns (bool) {
        (bool found, uint256 lateAt) = firstLate();
        return wasBreached || (found && time >= lateAt + terms.grace + terms.cure);
    }

    function breachAt() external view returns (bool found, uint256 time) {
        (found, time) = firstLate();
        time += terms.grace + terms.cure;
    }

    /// @notice Everything that is left to pay, as far as is known.
    function open() external view returns (uint256) {
        uint256 sum;
        Item[] memory items = list();
        for (uint256 i; i < items.length; ++i) sum += items[i].amount;
        return sum > paid ? sum - paid : 0;
    }

    /* INTERNAL */

    /// @dev A breach lasts until nothing at all is due.
    function settle(bool before, uint256 time) private {
        bool reportMissing = reportsWanted() && time >= reportLateAt();
        wasBreached = before && (owedBy(time) != 0 || reportMissing);
    }

    function reportsWanted() private view returns (bool) {
        return terms.unitPrice != 0 && charges.length < terms.periods;
    }

    function reportLateAt() private view returns (uint256) {
        return terms.startsAt + (charges.length + 1) * terms.period + terms.reportWithin;
    }

    function chargeOf(uint256 units) private view returns (uint256) {
        uint256 charge = units * terms.unitPrice;
        return charge > terms.minimum ? charge : terms.minimum;
    }

    /// @dev When the first thing that is not done becomes late.
    function firstLate() private view returns (bool found, uint256 lateAt) {
        lateAt = type(uint256).max;
        uint256 left = paid;
        Item[] memory items = list();
        for (uint256 i; i < items.length; ++i) {
            if (left < items[i].amount) {
                lateAt = items[i].dueAt + terms.payWithin;
                break;
            }
            left -= items[i].amount;
        }
        if (reportsWanted() && reportLateAt() < lateAt) lateAt = reportLateAt();
        found = lateAt != type(uint256).max;
        if (!found) lateAt = 0;
    }

    /// @dev All items by due date, sorted by insertion.
    function list() private view returns (Item[] memory items) {
        uint256 count = terms.periods;
        items = new Item[](2 * count);
        uint256 size;
        for (uint256 i; i < count; ++i) {
            size = insert(items, size, Item(terms.startsAt + i * terms.period, terms.instalment));
            uint256 usage = i < charges.length ? charges[i] : terms.minimum;
            size = insert(items, size, Item(terms.startsAt + (i + 1) * terms.period + terms.reportWithin, usage));
        }
    }

    function insert(Item[] memory items, uint256 size, Item memory item) private pure returns (uint256) {
        uint256 place = size;
        while (place != 0 && items[place - 1].dueAt > item.dueAt) {
            items[place] = items[place - 1];
            --place;
        }
        items[place] = item;
        return size + 1;
    }
}
