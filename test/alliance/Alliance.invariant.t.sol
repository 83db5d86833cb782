// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Authority} from "../../contracts/alliance/Authority.sol";
import {CopyrightAlliance} from "../../contracts/alliance/CopyrightAlliance.sol";
import {IdentityRegistry} from "../../contracts/identity/IdentityRegistry.sol";
import {Role} from "../../contracts/types/Role.sol";
import {Cheats} from "../cheats/Cheats.sol";

/// @notice Does what can be done to memberships, keeps its own books of it, and notes what each second looked like when it was over.
contract AllianceHandler is Cheats {
    struct Member {
        bool is_;
        bool suspended;
        uint8 roles;
    }

    struct Moment {
        uint256 time;
        uint256 votes;
        uint8[6] roles;
    }

    Authority public immutable AUTHORITY;
    CopyrightAlliance public immutable ALLIANCE;
    IdentityRegistry public immutable IDENTITIES;

    mapping(address account => Member) public members;
    uint256 public active;
    bool public begun;
    uint256 public clock = 1_800_000_000;
    Moment[] private moments;

    constructor() {
        AUTHORITY = new Authority(address(this));
        ALLIANCE = new CopyrightAlliance(address(AUTHORITY));
        IDENTITIES = new IdentityRegistry(address(ALLIANCE), address(AUTHORITY));
        ALLIANCE.connect(IDENTITIES);
    }

    /* ACTIONS */

    function wait(uint256 seconds_) external {
        Moment storage moment = moments.push();
        moment.time = clock;
        moment.votes = active;
        for (uint256 i; i < 6; ++i) moment.roles[i] = countingRoles(person(i));
        clock += within(seconds_, 1, 3);
        vm.warp(clock);
    }

    function admit(uint256 who, uint8 roles) external {
        vm.warp(clock);
        address account = person(who);
        bool possible = !members[account].is_ && roles != 0 && roles < 32;
        bool done;
        try ALLIANCE.admit(account, roles) {
            done = true;
        } catch {}
        isTrue(done == possible, "admitted when and only when it may");
        if (!done) return;
        members[account] = Member(true, false, roles);
        begun = true;
        ++active;
    }

    function setRoles(uint256 who, uint8 roles) external {
        vm.warp(clock);
        address account = person(who);
        bool possible = members[account].is_ && roles != 0 && roles < 32;
        bool done;
        try ALLIANCE.setRoles(account, roles) {
            done = true;
        } catch {}
        isTrue(done == possible, "roles set when and only when they may");
        if (done) members[account].roles = roles;
    }

    function suspend(uint256 who) external {
        vm.warp(clock);
        Member storage member = members[person(who)];
        bool possible = member.is_ && !member.suspended && active > 1;
        bool done;
        try ALLIANCE.suspend(person(who)) {
            done = true;
        } catch {}
        isTrue(done == possible, "suspended when and only when it may");
        if (!done) return;
        member.suspended = true;
        --active;
    }

    function reinstate(uint256 who) external {
        vm.warp(clock);
        Member storage member = members[person(who)];
        bool possible = member.is_ && member.suspended;
        bool done;
        try ALLIANCE.reinstate(person(who)) {
            done = true;
        } catch {}
        isTrue(done == possible, "reinstated when and only when it may");
        if (!done) return;
        member.suspended = false;
        ++active;
    }

    function leave(uint256 who, bool byItself) external {
        vm.warp(clock);
        address account = person(who);
        Member storage member = members[account];
        bool possible = member.is_ && (member.suspended || active > 1);
        bool done;
        if (byItself) {
            vm.prank(account);
            try ALLIANCE.resign() {
                done = true;
            } catch {}
        } else {
            try ALLIANCE.expel(account) {
                done = true;
            } catch {}
        }
        isTrue(done == possible, "left when and only when it may");
        if (!done) return;
        if (!member.suspended) --active;
        delete members[account];
    }

    /// @dev Members and strangers alike: to oneself it changes nothing, to others it is refused.
    function delegate(uint256 from, uint256 to) external {
        vm.warp(clock);
        bool done;
        vm.prank(person(from));
        try ALLIANCE.delegate(person(to)) {
            done = true;
        } catch {}
        isTrue(done == (person(from) == person(to)), "delegated to oneself only");
    }

    /* BOOKS */

    function person(uint256 who) public pure returns (address) {
        return address(uint160(0xa11ce + (who % 6)));
    }

    function countingRoles(address account) public view returns (uint8) {
        Member memory member = members[account];
        return member.suspended ? 0 : member.roles;
    }

    function momentCount() external view returns (uint256) {
        return moments.length;
    }

    function momentAt(uint256 index) external view returns (Moment memory) {
        return moments[index];
    }
}

/// @notice What holds of memberships after any sequence of actions.
contract AllianceInvariantTest is Cheats {
    AllianceHandler private handler;
    CopyrightAlliance private alliance;

    function setUp() public {
        handler = new AllianceHandler();
        alliance = handler.ALLIANCE();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @notice A1 the votes of all accounts are the members who are not suspended, one each.
    function invariant_VotesAreActiveMembers() external view {
        uint256 sum;
        for (uint256 i; i < 6; ++i) {
            address account = handler.person(i);
            (bool is_, bool suspended, ) = handler.members(account);
            uint256 votes = alliance.getVotes(account);
            equal(votes, is_ && !suspended ? 1 : 0, "one vote each");
            isTrue(alliance.isActive(account) == (votes == 1), "active");
            equal(alliance.balanceOf(account), is_ ? 1 : 0, "one token each, suspended or not");
            sum += votes;
        }
        equal(sum, handler.active(), "sum of votes");
        equal(alliance.activeMembers(), sum, "active members");
    }

    /// @notice A2 roles are those granted, and none under suspension; A3 the registry of identities knows of the same verifiers.
    function invariant_RolesCountForActiveMembersOnly() external view {
        for (uint256 i; i < 6; ++i) {
            address account = handler.person(i);
            uint8 roles = handler.countingRoles(account);
            for (uint8 role; role < 5; ++role) {
                isTrue(alliance.isMember(account, Role(role)) == ((roles >> role) & 1 == 1), "role");
            }
            bool verifier = alliance.isMember(account, Role.Verifier);
            isTrue(handler.IDENTITIES().isVerifier(account) == verifier, "verifier");
        }
    }

    /// @notice A4 votes and roles of a second that is over never change; A5 somebody always remains who can vote.
    function invariant_ThePastStays() external {
        vm.warp(handler.clock());
        uint256 count = handler.momentCount();
        for (uint256 m = count > 12 ? count - 12 : 0; m < count; ++m) checkMoment(m);
        if (count > 12) checkMoment(0);
        isTrue(!handler.begun() || handler.active() > 0, "somebody remains");
    }

    function checkMoment(uint256 index) private view {
        AllianceHandler.Moment memory moment = handler.momentAt(index);
        equal(alliance.getPastTotalSupply(moment.time), moment.votes, "past members");
        for (uint256 i; i < 6; ++i) {
            address account = handler.person(i);
            equal(alliance.rolesAt(account, moment.time), moment.roles[i], "past roles");
            equal(alliance.getPastVotes(account, moment.time), moment.roles[i] == 0 ? 0 : 1, "past votes");
        }
    }
}
