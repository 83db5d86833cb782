// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Deposit, DepositKind, SignedDeposit, Stamp} from "../../contracts/interfaces/ICopyrightRegistry.sol";
import {CopyrightRegistry} from "../../contracts/registry/CopyrightRegistry.sol";
import {Work} from "../../contracts/types/Work.sol";
import {Cheats} from "../cheats/Cheats.sol";
import {RegistryTest} from "./RegistryTest.sol";

/// @notice Three people and a crowd of works, drawn from few numbers so that they meet each other again and again. Every action keeps
/// books of what must be true from then on; what the registry refuses must change nothing.
contract RegistryHandler is RegistryTest {
    struct Entry {
        address claimant;
        uint40 time;
        uint40 number;
        DepositKind kind;
    }

    CopyrightRegistry public immutable REGISTRY;
    uint256 private clock = 1_800_000_000;
    uint256 private height = 20_000_000;

    bytes32[] public ids;
    mapping(bytes32 id => Entry) public entries;
    mapping(bytes32 id => bytes32) public rootOf;
    bytes32[] public roots;
    mapping(bytes32 root => uint256) public anchoredAt;
    bytes32[] public seals;
    mapping(bytes32 commitment => uint256) public sealedAt;
    mapping(bytes32 commitment => address) public sealerOf;
    mapping(DepositKind kind => uint256) public written;

    constructor(CopyrightRegistry registry) {
        REGISTRY = registry;
    }

    /* ACTIONS */

    function pass(uint256 time) external {
        clock += within(time, 0, 1 days);
        height += within(time, 0, 7200);
    }

    function deposit(uint256 who, uint256 what) external {
        (, address claimant, Work memory work) = draw(who, what);
        begin(claimant);
        try REGISTRY.deposit(work) returns (bytes32 id) {
            book(id, claimant, clock, DepositKind.Direct);
        } catch {
            refused(claimant, work);
        }
    }

    function depositMany(uint256 who, uint256 what, uint256 other) external {
        (, address claimant, Work memory first) = draw(who, what);
        (, , Work memory second) = draw(who, other);
        Work[] memory works = new Work[](2);
        (works[0], works[1]) = (first, second);
        begin(claimant);
        try REGISTRY.depositMany(works) returns (bytes32[] memory made) {
            book(made[0], claimant, clock, DepositKind.Direct);
            book(made[1], claimant, clock, DepositKind.Direct);
        } catch {
            isTrue(known(claimant, first) || known(claimant, second) || what % 9 == other % 9, "refused with a reason");
        }
    }

    function depositBySig(uint256 who, uint256 what, uint256 sponsor, bool forged) external {
        (uint256 key, address claimant, Work memory work) = draw(who, what);
        bytes memory signature = sign(forged ? key + 1 : key, claimant, work);
        begin(person(sponsor));
        try REGISTRY.depositBySig(claimant, work, clock, signature) returns (bytes32 id) {
            isTrue(!forged, "a forged signature deposits nothing");
            book(id, claimant, clock, DepositKind.Signed);
        } catch {
            if (!forged) refused(claimant, work);
        }
    }

    function depositManyBySig(uint256 who, uint256 what, uint256 other, bool forged) external {
        (uint256 key, address claimant, Work memory first) = draw(who, what);
        (uint256 nextKey, address next, Work memory second) = draw(who / 3, other);
        SignedDeposit[] memory batch = new SignedDeposit[](2);
        batch[0] = SignedDeposit(claimant, first, clock, sign(forged ? key + 1 : key, claimant, first));
        batch[1] = SignedDeposit(next, second, clock, sign(nextKey, next, second));
        bool takesFirst = !forged && !known(claimant, first);
        bool takesSecond = !known(next, second) && !(takesFirst && idFor(next, second) == idFor(claimant, first));

        begin(person(other));
        uint256 deposited = REGISTRY.depositManyBySig(batch);

        equal(deposited, (takesFirst ? 1 : 0) + (takesSecond ? 1 : 0), "no entry blocks another");
        if (takesFirst) book(idFor(claimant, first), claimant, clock, DepositKind.Signed);
        if (takesSecond) book(idFor(next, second), next, clock, DepositKind.Signed);
    }

    function seal(uint256 who, uint256 what) external {
        (, address claimant, Work memory work) = draw(who, what);
        bytes32 commitment = idFor(claimant, work);
        begin(claimant);
        try REGISTRY.seal(commitment) {
            isTrue(sealedAt[commitment] == 0, "sealed once");
            sealedAt[commitment] = clock;
            sealerOf[commitment] = claimant;
            seals.push(commitment);
        } catch {
            isTrue(sealedAt[commitment] != 0, "refused with a reason");
        }
    }

    /// @dev Somebody else seals a commitment he saw: it must not touch the claimant's.
    function stealSeal(uint256 who, uint256 what) external {
        (, address claimant, Work memory work) = draw(who, what);
        begin(person((who % 3) + 1));
        try REGISTRY.seal(idFor(claimant, work)) {} catch {}
    }

    function unseal(uint256 who, uint256 what) external {
        (, address claimant, Work memory work) = draw(who, what);
        bytes32 commitment = idFor(claimant, work);
        begin(claimant);
        try REGISTRY.unseal(work) returns (bytes32 id) {
            isTrue(sealedAt[commitment] != 0, "only what was sealed");
            book(id, claimant, sealedAt[commitment], DepositKind.Unsealed);
        } catch {
            if (sealedAt[commitment] != 0) refused(claimant, work);
        }
    }

    /// @dev A tree of two leaves.
    function anchor(uint256 who, uint256 what, uint256 other) external {
        (, address claimant, Work memory first) = draw(who, what);
        (, address next, Work memory second) = draw(who / 3, other);
        bytes32 root = nodeOver(leafFor(claimant, first), leafFor(next, second));
        begin(person(other));
        REGISTRY.anchor(root, 2, 0);
        if (anchoredAt[root] == 0) {
            anchoredAt[root] = clock;
            roots.push(root);
        }
    }

    function lift(uint256 who, uint256 what, uint256 other, bool signed_) external {
        (uint256 key, address claimant, Work memory work) = draw(who, what);
        (, address next, Work memory second) = draw(who / 3, other);
        bytes32[] memory proof = new bytes32[](1);
        proof[0] = leafFor(next, second);
        bytes32 root = nodeOver(leafFor(claimant, work), proof[0]);
        bytes32 id = idFor(claimant, work);
        bytes memory signature = signed(key, liftDigest(block.chainid, address(REGISTRY), claimant, root, work, clock));
        bool possible = anchoredAt[root] != 0 && entries[id].time == 0;
        bool done;
        begin(signed_ ? next : claimant);
        if (signed_) {
            try REGISTRY.liftBySig(claimant, root, work, proof, clock, signature) {
                done = true;
            } catch {}
        } else {
            try REGISTRY.lift(root, work, proof) {
                done = true;
            } catch {}
        }
        isTrue(done == possible, "lifted when and only when it may");
        if (done) {
            book(id, claimant, anchoredAt[root], DepositKind.Lifted);
            rootOf[id] = root;
        }
    }

    /* BOOKS */

    function counts() external view returns (uint256, uint256, uint256) {
        return (ids.length, seals.length, roots.length);
    }

    function person(uint256 who) public returns (address) {
        return vm.addr(1 + (who % 3));
    }

    function draw(uint256 who, uint256 what) private returns (uint256 key, address claimant, Work memory work) {
        key = 1 + (who % 3);
        claimant = vm.addr(key);
        bytes32 hash = keccak256(abi.encode(what % 9));
        work = Work(hash, ~hash, uint16(what % 9), hash, bytes32(what % 9));
    }

    function sign(uint256 key, address claimant, Work memory work) private returns (bytes memory) {
        return signed(key, depositDigest(block.chainid, address(REGISTRY), claimant, work, clock));
    }

    function begin(address sender) private {
        vm.warp(clock);
        vm.roll(height);
        vm.prank(sender);
    }

    function known(address claimant, Work memory work) private view returns (bool) {
        return entries[idFor(claimant, work)].time != 0;
    }

    function refused(address claimant, Work memory work) private view {
        isTrue(known(claimant, work), "refused only what is there already");
    }

    function book(bytes32 id, address claimant, uint256 time, DepositKind kind) private {
        isTrue(entries[id].time == 0, "an id is recorded once");
        entries[id] = Entry(claimant, uint40(time), uint40(height), kind);
        ids.push(id);
        ++written[kind];
    }
}

/// @notice What holds after any sequence of actions. The numbers are those of docs/security/review-registry.md.
contract CopyrightRegistryInvariantTest is Cheats {
    CopyrightRegistry private registry;
    RegistryHandler private handler;

    function setUp() public {
        registry = new CopyrightRegistry();
        handler = new RegistryHandler(registry);
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @notice I1 a record's claimant, time, block and kind never change; I2 an id belongs to one claimant.
    function invariant_RecordsNeverChange() external view {
        (uint256 count, , ) = handler.counts();
        for (uint256 i; i < count; ++i) {
            bytes32 id = handler.ids(i);
            (address claimant, uint40 time, uint40 number, DepositKind kind) = handler.entries(id);
            Deposit memory found = registry.depositOf(id);
            equal(found.claimant, claimant, "claimant");
            equal(found.depositedAt, time, "time");
            equal(found.recordedIn, number, "block");
            equal(uint256(found.kind), uint256(kind), "kind");
        }
    }

    /// @notice I3 a lifted record carries its anchor's time, and no record is from the future.
    function invariant_LiftedRecordsCarryTheAnchorsTime() external view {
        (uint256 count, , ) = handler.counts();
        for (uint256 i; i < count; ++i) {
            bytes32 id = handler.ids(i);
            Deposit memory found = registry.depositOf(id);
            if (found.kind == DepositKind.Lifted) {
                equal(found.depositedAt, registry.anchorOf(handler.rootOf(id)).time, "the anchor's time");
            }
            if (found.kind == DepositKind.Unsealed) {
                equal(found.depositedAt, registry.sealOf(found.claimant, id).time, "the seal's time");
            }
        }
    }

    /// @notice I4 the first time of an anchor and of a seal stands.
    function invariant_StampsNeverChange() external view {
        (, uint256 seals, uint256 roots) = handler.counts();
        for (uint256 i; i < roots; ++i) {
            bytes32 root = handler.roots(i);
            equal(registry.anchorOf(root).time, handler.anchoredAt(root), "anchor");
        }
        for (uint256 i; i < seals; ++i) {
            bytes32 commitment = handler.seals(i);
            Stamp memory stamp = registry.sealOf(handler.sealerOf(commitment), commitment);
            equal(stamp.time, handler.sealedAt(commitment), "seal");
            equal(stamp.by, handler.sealerOf(commitment), "sealer");
        }
    }
}
