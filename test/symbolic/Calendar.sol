// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Calendar, CalendarLib} from "../../contracts/libraries/CalendarLib.sol";
import {Cheats} from "../cheats/Cheats.sol";

/// @notice The calendar of a work never has an exclusive license beside another one of the same act and territory.
/// @dev Every property starts from any lanes whatever, so it holds after any history. A license for several acts is taken as a whole in one
/// word and looked at act by act: `act` is one of the six. Times fit 39 bits.
contract CalendarProperties is Cheats {
    using CalendarLib for Calendar;

    uint256 private constant WORK = 1;
    uint256 private constant WORLD = CalendarLib.ALL_TERRITORIES;
    uint256 private constant GROUP = 2;

    Calendar private _calendar;

    /// @dev Once a license for the world is booked, the next of the same act is refused if either is exclusive.
    function check_worldRefusesOverlaps(
        uint256 lanes,
        uint256 time,
        uint256 act,
        uint256 acts,
        bool exclusive,
        uint256 until,
        bool nextExclusive
    ) external {
        _start(lanes, time, until);
        acts |= _bit(act);
        vm.assume(_isFree(acts, WORLD, exclusive));
        _calendar.book(WORK, acts, WORLD, exclusive, until);

        vm.assume(exclusive || nextExclusive);
        assert(!_isFree(_bit(act), WORLD, nextExclusive));
    }

    /// @dev What was refused before a booking is refused after it.
    function check_worldForgetsNothing(
        uint256 lanes,
        uint256 time,
        uint256 act,
        uint256 acts,
        bool exclusive,
        uint256 until,
        bool nextExclusive
    ) external {
        _start(lanes, time, until);
        vm.assume(_isFree(acts, WORLD, exclusive));
        vm.assume(!_isFree(_bit(act), WORLD, nextExclusive));
        _calendar.book(WORK, acts, WORLD, exclusive, until);
        assert(!_isFree(_bit(act), WORLD, nextExclusive));
    }

    /// @dev Other acts are as free, or as taken, as they were.
    function check_worldTouchesNoOtherAct(
        uint256 lanes,
        uint256 time,
        uint256 act,
        uint256 acts,
        bool exclusive,
        uint256 until,
        bool nextExclusive
    ) external {
        _start(lanes, time, until);
        acts &= ~_bit(act);
        bool before = _isFree(_bit(act), WORLD, nextExclusive);
        _calendar.book(WORK, acts, WORLD, exclusive, until);
        assert(_isFree(_bit(act), WORLD, nextExclusive) == before);
    }

    /// @dev The first license for a group of territories is in the way of the next for that group, and for the world.
    function check_groupRefusesOverlaps(
        uint256 lanes,
        uint256 time,
        uint256 act,
        uint256 acts,
        bool exclusive,
        uint256 until,
        bool forWorld
    ) external {
        _start(lanes, time, until);
        acts |= _bit(act);
        vm.assume(_isFree(acts, 1 << GROUP, exclusive));
        _calendar.book(WORK, acts, 1 << GROUP, exclusive, until);
        // The next one is exclusive if this one is not: one of them always is.
        assert(!_isFree(_bit(act), forWorld ? WORLD : 1 << GROUP, !exclusive));
    }

    /// @dev A license under an agreement that is not exclusive is in an exclusive one's way while they share an act and a territory, and until
    /// it is given back.
    function check_simpleRefusesExclusive(
        uint256 time,
        uint256 act,
        uint256 acts,
        uint16 territories,
        uint256 until,
        uint192 key,
        uint16 nextTerritories
    ) external {
        _start(0, time, until);
        vm.assume(key != 0);
        _calendar.bookSimple(WORK, acts, territories, until, key);
        bool overlaps = acts & _bit(act) != 0 && territories & nextTerritories != 0;
        assert(_isFree(_bit(act), nextTerritories, true) == !overlaps);
        _calendar.freeSimple(WORK, key);
        assert(_isFree(_bit(act), nextTerritories, true));
    }

    /// @dev What an exclusive license gives back is free, and no other act changes.
    function check_freeingTouchesNoOtherAct(
        uint256 lanes,
        uint256 time,
        uint256 act,
        uint256 acts,
        bool exclusive
    ) external {
        _start(lanes, time, time + 1);
        bool before = _isFree(_bit(act), WORLD, exclusive);
        _calendar.free(WORK, acts, WORLD);
        bool given = acts & _bit(act) != 0;
        assert(_isFree(_bit(act), WORLD, exclusive) == (given || before));
    }

    function _start(uint256 lanes, uint256 time, uint256 until) private {
        vm.assume(time < CalendarLib.FOREVER - 1 && until > time && until <= CalendarLib.FOREVER);
        vm.warp(time);
        _calendar.world[WORK] = lanes & type(uint240).max;
    }

    function _isFree(uint256 acts, uint256 territories, bool exclusive) private view returns (bool) {
        return _calendar.conflictOf(WORK, acts, territories, exclusive).until == 0;
    }

    /// @dev The bit of one of the six acts.
    function _bit(uint256 act) private returns (uint256) {
        vm.assume(act < 6);
        return 1 << act;
    }
}
