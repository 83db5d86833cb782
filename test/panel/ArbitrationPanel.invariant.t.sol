// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Authority} from "../../contracts/alliance/Authority.sol";
import {ArbitrationPanel} from "../../contracts/alliance/ArbitrationPanel.sol";
import {PanelDispute, PanelPhase} from "../../contracts/interfaces/IArbitrationPanel.sol";
import {ICopyrightAlliance} from "../../contracts/interfaces/ICopyrightAlliance.sol";
import {Role} from "../../contracts/types/Role.sol";
import {AllianceDouble, HostileArbitrable, Reaction} from "../../contracts/test/Arbitration.sol";
import {Cheats} from "../cheats/Cheats.sol";

/// @notice Eleven arbitrators enlist, retire, are suspended, vote, stay silent and recuse themselves; disputes are opened, drawn, advanced, appealed
/// and executed, in any order and with wrong callers.
contract PanelHandler is Cheats {
    uint256 public constant FEE = 1001;

    ArbitrationPanel public panel;
    AllianceDouble private alliance;
    HostileArbitrable public arbitrable;
    address[] public arbitrators;
    address public payer = address(0xbeef);
    mapping(uint256 disputeId => uint256) private progress;
    mapping(uint256 disputeId => uint256) private rulings;
    uint256 public backwards;
    uint256 public stuck;
    uint256 public paidIn;
    uint256 public paidOut;
    uint256 public drawnSeats;
    uint256 public votesShown;
    uint256 private clock = 1_800_000_000;
    uint256 private height = 1000;

    constructor() {
        vm.warp(clock);
        vm.roll(height);
        Authority authority = new Authority(address(this));
        alliance = new AllianceDouble();
        panel = new ArbitrationPanel(address(authority), ICopyrightAlliance(address(alliance)), FEE, FEE);
        arbitrable = new HostileArbitrable(panel);
        vm.deal(address(this), 1e30);
        for (uint256 i; i < 11; ++i) {
            arbitrators.push(vm.addr(100 + i));
            alliance.set(arbitrators[i], Role.Arbitrator, true);
            start(arbitrators[i]);
            panel.enlist();
        }
    }

    /* ACTIONS */

    function pass(uint256 time, uint256 blocks) external {
        clock += within(time, 1, 4 days);
        height += within(blocks, 1, blocks % 20 == 0 ? 300 : 12);
    }

    function create(uint256 seats, uint256 surplus) external {
        if (panel.disputeCount() == 4) return;
        bytes memory extraData = abi.encode(0, seats % 12, payer);
        uint256 value = panel.arbitrationCost(extraData) + within(surplus, 0, 50);
        start(address(this));
        arbitrable.create{value: value}(2, extraData);
        paidIn += value;
        record();
    }

    function draw(uint256 which) external {
        uint256 disputeId = some(which);
        start(address(this));
        try panel.draw(disputeId) {} catch {}
        drawnSeats += panel.disputeOf(disputeId).filled;
        record();
    }

    /// @dev Most people vote as they should; whoever is skipped here stays silent.
    function vote(uint256 which, uint256 skip) external {
        uint256 disputeId = some(which);
        PanelDispute memory dispute = panel.disputeOf(disputeId);
        for (uint256 seat; seat < dispute.seats; ++seat) {
            (address who, bytes32 commitment, bool revealed) = panel.seatOf(disputeId, seat);
            if (who == address(0) || (skip >> seat) & 7 == 0) continue;
            uint256 choice = uint160(who) % 3;
            if (dispute.phase == PanelPhase.Committing && commitment == 0) {
                bytes32 hidden = panel.commitmentOf(disputeId, dispute.round, who, choice, 0);
                start(who);
                try panel.commit(disputeId, hidden) {} catch {}
            } else if (dispute.phase == PanelPhase.Revealing && commitment != 0 && !revealed) {
                start(who);
                try panel.reveal(disputeId, choice, 0) {
                    ++votesShown;
                } catch {}
            }
        }
        record();
    }

    function recuse(uint256 which, uint256 who) external {
        uint256 disputeId = some(which);
        start(arbitrators[who % 11]);
        try panel.recuse(disputeId) {} catch {}
        record();
    }

    /// @dev Whatever happened, a phase whose time is over can be left.
    function advance(uint256 which) external {
        uint256 disputeId = some(which);
        PanelDispute memory dispute = panel.disputeOf(disputeId);
        bool due = dispute.phase != PanelPhase.None && dispute.phase < PanelPhase.Decided && clock > dispute.deadline;
        start(address(this));
        try panel.advance(disputeId) {
            if (!due) ++stuck;
        } catch {
            if (due) ++stuck;
        }
        record();
    }

    function appeal(uint256 which) external {
        uint256 disputeId = some(which);
        uint256 cost = panel.appealCost(disputeId, "");
        if (cost > 1e20) return;
        start(address(this));
        try arbitrable.appeal{value: cost + 3}(disputeId, abi.encode(0, 0, payer)) {
            paidIn += cost + 3;
        } catch {}
        record();
    }

    function execute(uint256 which, uint256 reaction) external {
        uint256 disputeId = some(which);
        arbitrable.behave(Reaction(reaction % 5));
        PanelDispute memory dispute = panel.disputeOf(disputeId);
        bool last = dispute.round == panel.MAX_APPEALS();
        bool due = dispute.phase == PanelPhase.Decided && (last || clock > dispute.deadline);
        due = due || (dispute.phase == PanelPhase.Solved && !dispute.delivered);
        start(address(this));
        try panel.execute{gas: 3_000_000}(disputeId) {
            if (!due) ++stuck;
        } catch {
            if (due) ++stuck;
        }
        record();
    }

    function membership(uint256 who, uint256 what) external {
        address arbitrator = arbitrators[who % 11];
        if (what % 4 == 0) alliance.set(arbitrator, Role.Arbitrator, what % 8 == 0);
        start(arbitrator);
        if (what % 4 == 1) try panel.retire() {} catch {}
        else try panel.enlist() {} catch {}
        record();
    }

    function withdraw(uint256 who) external {
        address account = who % 12 == 11 ? payer : arbitrators[who % 11];
        uint256 owed = panel.creditOf(account);
        uint256 had = account.balance;
        start(account);
        try panel.withdraw(account) returns (uint256 amount) {
            if (amount != owed || account.balance != had + owed) ++stuck;
            paidOut += amount;
        } catch {
            if (owed != 0) ++stuck;
        }
    }

    /* BOOKS */

    function some(uint256 which) private view returns (uint256) {
        uint256 count = panel.disputeCount();
        return count == 0 ? 1 : 1 + (which % count);
    }

    /// @dev A dispute's progress: its round, then its replacements, then its phase. A solved dispute's ruling stays.
    function record() private {
        for (uint256 i = 1; i <= panel.disputeCount(); ++i) {
            PanelDispute memory dispute = panel.disputeOf(i);
            bool over = dispute.phase >= PanelPhase.Decided;
            uint256 now_ = (dispute.round << 16) + (over ? 0xff00 : dispute.replacements << 8) + uint256(dispute.phase);
            if (now_ < progress[i]) ++backwards;
            progress[i] = now_;
            if (dispute.phase == PanelPhase.Solved) {
                if (rulings[i] != 0 && rulings[i] != dispute.ruling + 1) ++backwards;
                rulings[i] = dispute.ruling + 1;
            }
        }
    }

    function start(address sender) private {
        vm.warp(clock);
        vm.roll(height);
        vm.prank(sender);
    }
}

/// @notice What holds after any sequence of actions. Numbers as in docs/contracts/panel.md.
contract ArbitrationPanelInvariantTest is Cheats {
    PanelHandler private handler;
    ArbitrationPanel private panel;

    function setUp() public {
        handler = new PanelHandler();
        panel = handler.panel();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @notice P1 it holds credit and the fees of rounds that are not closed, to the wei. P2 disputes only move on, and P3 nobody can hold them up
    /// (see the handler).
    function invariant_ItHoldsWhatItOwesAndMovesOn() external view {
        uint256 owed = panel.creditOf(handler.payer()) + panel.creditOf(address(handler.arbitrable()));
        for (uint256 i; i < 11; ++i) owed += panel.creditOf(handler.arbitrators(i));
        for (uint256 i = 1; i <= panel.disputeCount(); ++i) {
            PanelDispute memory dispute = panel.disputeOf(i);
            if (dispute.phase < PanelPhase.Decided) owed += dispute.fee;
        }
        equal(address(panel).balance, owed, "balance");
        equal(handler.paidIn() - handler.paidOut(), owed, "flow");
        equal(handler.backwards(), 0, "backwards");
        equal(handler.stuck(), 0, "stuck");
    }

    /// @notice P4 seats, votes and shown votes fit one another, and nobody has two seats.
    function invariant_SeatsAreInOrder() external view {
        for (uint256 i = 1; i <= panel.disputeCount(); ++i) {
            PanelDispute memory dispute = panel.disputeOf(i);
            isTrue(dispute.seats % 2 == 1 && dispute.seats <= 15, "seats");
            isTrue(dispute.filled <= dispute.seats && dispute.committed <= dispute.filled, "filled");
            isTrue(dispute.revealed <= dispute.committed && dispute.replacements <= 2, "votes");
            uint256 filled;
            uint256 votes;
            for (uint256 seat; seat < dispute.seats; ++seat) {
                (address who, , bool revealed) = panel.seatOf(i, seat);
                if (who == address(0)) continue;
                ++filled;
                if (revealed) ++votes;
                for (uint256 other; other < seat; ++other) {
                    (address another, , ) = panel.seatOf(i, other);
                    isTrue(another != who, "one seat each");
                }
            }
            equal(filled, dispute.filled, "books of seats");
            equal(votes, dispute.revealed, "books of votes");
            equal(
                panel.votesFor(i, 0) + panel.votesFor(i, 1) + panel.votesFor(i, 2),
                dispute.revealed,
                "every vote counts once"
            );
        }
    }

    /// @notice The actions reach what they should: seats are drawn and votes shown.
    function test_TheHandlerGetsThere() external {
        handler.create(3, 0);
        for (uint256 i; i < 6; ++i) {
            handler.pass(1, 8);
            handler.draw(0);
        }
        handler.vote(0, type(uint256).max);
        handler.vote(0, type(uint256).max);
        isTrue(handler.drawnSeats() != 0, "drawn");
        isTrue(handler.votesShown() == 3, "shown");
        handler.pass(4 days - 1, 1);
        handler.execute(0, 0);
        equal(handler.arbitrable().ruled(), 1, "ruled");
    }
}
