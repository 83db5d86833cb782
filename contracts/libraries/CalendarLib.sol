// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Errors} from "./Errors.sol";

/// @notice When the rights in a work are taken.
/// @dev A license starts when it is issued, so of all that was sold only the latest end matters, for each act and territory: one lane of
/// 40 bits. `[0..38]` first second at which nothing sold is in force any more, `[39]` whether that license is exclusive. A lane's word:
/// `[0..239]` six lanes, one for each act; `[240..255]` in the world's word the territory groups that have words of their own.
/// @param world Licenses for all territories.
/// @param groups Licenses for some of them, by group.
/// @param simple Licenses under agreements that are not exclusive. They can end early, which a latest end could not show, so they stand
/// here one by one: `[0..38]` until, `[40..45]` acts, `[48..63]` territories, `[64..255]` key of the license. Zero is a free place.
struct Calendar {
    mapping(uint256 workId => uint256) world;
    mapping(uint256 workId => mapping(uint256 group => uint256)) groups;
    mapping(uint256 workId => uint256[]) simple;
}

/// @notice What stands in the way of a license.
/// @param until Zero if nothing does; else the first second at which that license is no longer in force.
struct Conflict {
    uint256 territory;
    uint256 act;
    uint256 until;
}

/// @title CalendarLib
/// @notice Keeps exclusive licenses apart from all others, at a cost that does not grow with the number of licenses: at most 17 words and,
/// for an exclusive one, {MOST_SIMPLE} more.
library CalendarLib {
    /// @notice The end of a license that has none, and the end that no other may reach.
    uint256 internal constant FOREVER = type(uint40).max >> 1;

    /// @notice Simple licenses under agreements that can be in force for one work at the same time.
    uint256 internal constant MOST_SIMPLE = 32;

    uint256 internal constant ALL_TERRITORIES = type(uint16).max;

    uint256 private constant ACTS = 0x3f;
    uint256 private constant LANE_BITS = 40;
    uint256 private constant GROUPS_AT = 240;

    /// @dev One in each lane: a multiple of it holds a number in every lane.
    uint256 private constant EACH = 1 | (1 << 40) | (1 << 80) | (1 << 120) | (1 << 160) | (1 << 200);

    /// @dev The highest bit of each lane, which tells exclusive licenses.
    uint256 private constant TOPS = EACH << 39;

    /// @dev Times this, bit `i` of the acts comes to the top of lane `i`; no two of the products' bits meet.
    uint256 private constant SPREAD = (1 << 39) | (1 << 78) | (1 << 117) | (1 << 156) | (1 << 195) | (1 << 234);

    /// @notice What stands in the way of such a license from now on.
    /// @param acts Bits 0 to 5; others are ignored.
    /// @param territories Bits 0 to 15; others are ignored.
    function conflictOf(
        Calendar storage self,
        uint256 workId,
        uint256 acts,
        uint256 territories,
        bool exclusive
    ) internal view returns (Conflict memory conflict) {
        uint256 world = self.world[workId];
        (conflict.act, conflict.until) = _taken(world, acts, exclusive);
        if (conflict.until != 0) {
            conflict.territory = _lowest(territories);
            return conflict;
        }

        // Groups that never had a word of their own are free.
        uint256 groups = territories & (world >> GROUPS_AT);
        for (uint256 group; groups != 0; ++group) {
            if (groups & 1 != 0) {
                (conflict.act, conflict.until) = _taken(self.groups[workId][group], acts, exclusive);
                if (conflict.until != 0) {
                    conflict.territory = group;
                    return conflict;
                }
            }
            groups >>= 1;
        }

        if (exclusive) return _takenSimply(self, workId, acts, territories);
    }

    /// @notice Enters a license that nothing stands in the way of, or moves the end of one that is in force.
    /// @param until Later than now.
    function book(
        Calendar storage self,
        uint256 workId,
        uint256 acts,
        uint256 territories,
        bool exclusive,
        uint256 until
    ) internal {
        uint256 world = self.world[workId];
        if (territories == ALL_TERRITORIES) {
            self.world[workId] = _with(world, acts, exclusive, until);
            return;
        }

        uint256 groups = territories;
        for (uint256 group; groups != 0; ++group) {
            if (groups & 1 != 0) self.groups[workId][group] = _with(self.groups[workId][group], acts, exclusive, until);
            groups >>= 1;
        }
        self.world[workId] = world | (territories << GROUPS_AT);
    }

    /// @notice Frees what an exclusive license in force took.
    function free(Calendar storage self, uint256 workId, uint256 acts, uint256 territories) internal {
        uint256 taken = _lanes(_tops(acts));
        if (territories == ALL_TERRITORIES) {
            self.world[workId] &= ~taken;
            return;
        }
        for (uint256 group; territories != 0; ++group) {
            if (territories & 1 != 0) self.groups[workId][group] &= ~taken;
            territories >>= 1;
        }
    }

    /// @notice Enters a license under an agreement that is not exclusive and that nothing stands in the way of.
    /// @param key Tells it from the others; not zero.
    function bookSimple(
        Calendar storage self,
        uint256 workId,
        uint256 acts,
        uint256 territories,
        uint256 until,
        uint192 key
    ) internal {
        uint256[] storage places = self.simple[workId];
        uint256 entry = until | ((acts & ACTS) << 40) | (territories << 48) | (uint256(key) << 64);
        uint256 count = places.length;
        for (uint256 i; i < count; ++i) {
            if (places[i] & FOREVER <= block.timestamp) {
                places[i] = entry;
                return;
            }
        }
        if (count == MOST_SIMPLE) revert Errors.LicenseToken_AgreementsFull(workId, MOST_SIMPLE);
        places.push(entry);
    }

    /// @notice Frees what {bookSimple} entered under this key.
    function freeSimple(Calendar storage self, uint256 workId, uint192 key) internal {
        uint256[] storage places = self.simple[workId];
        uint256 count = places.length;
        for (uint256 i; i < count; ++i) {
            if (places[i] >> 64 == key) {
                places[i] = 0;
                return;
            }
        }
    }

    /* INTERNAL */

    /// @dev All lanes at once: with its top bit set, a lane less `now + 1` keeps that bit if and only if its end lies after now, and
    /// borrows nothing from its neighbour.
    /// @return act The first of the acts that is taken.
    /// @return until Zero if none is.
    function _taken(uint256 word, uint256 acts, bool exclusive) private view returns (uint256 act, uint256 until) {
        unchecked {
            uint256 running = (word | TOPS) - EACH * (block.timestamp + 1);
            uint256 taken = running & _tops(acts) & (exclusive ? TOPS : word);
            if (taken == 0) return (0, 0);
            act = _lowest(taken) / LANE_BITS;
            until = (word >> (act * LANE_BITS)) & FOREVER;
        }
    }

    function _takenSimply(
        Calendar storage self,
        uint256 workId,
        uint256 acts,
        uint256 territories
    ) private view returns (Conflict memory conflict) {
        uint256[] storage places = self.simple[workId];
        uint256 count = places.length;
        for (uint256 i; i < count; ++i) {
            uint256 entry = places[i];
            uint256 sharedActs = (entry >> 40) & acts & ACTS;
            uint256 sharedTerritories = (entry >> 48) & territories & ALL_TERRITORIES;
            if (entry & FOREVER > block.timestamp && sharedActs != 0 && sharedTerritories != 0) {
                return Conflict(_lowest(sharedTerritories), _lowest(sharedActs), entry & FOREVER);
            }
        }
    }

    /// @dev Lanes whose end is not earlier keep it. They are simple ones then, as this license: nothing else may run at the same time.
    function _with(uint256 word, uint256 acts, bool exclusive, uint256 until) private pure returns (uint256) {
        unchecked {
            uint256 notEarlier = (word | TOPS) - EACH * until;
            uint256 tops = _tops(acts) & ~notEarlier;
            return (word & ~_lanes(tops)) | ((EACH * until) & _lanes(tops)) | (exclusive ? tops : 0);
        }
    }

    /// @return The top bits of the acts' lanes.
    function _tops(uint256 acts) private pure returns (uint256) {
        unchecked {
            return ((acts & ACTS) * SPREAD) & TOPS;
        }
    }

    /// @return All bits of the lanes whose top bits are given.
    function _lanes(uint256 tops) private pure returns (uint256) {
        unchecked {
            return (tops << 1) - (tops >> 39);
        }
    }

    /// @return bit Number of the lowest bit set; `bits` must not be zero.
    function _lowest(uint256 bits) private pure returns (uint256 bit) {
        return Math.log2(bits & (~bits + 1));
    }
}
