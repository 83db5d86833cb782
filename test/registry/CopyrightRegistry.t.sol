// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

// solhint-disable avoid-low-level-calls

import {Deposit, DepositKind, SignedDeposit} from "../../contracts/interfaces/ICopyrightRegistry.sol";
import {Errors} from "../../contracts/libraries/Errors.sol";
import {Popcount} from "../../contracts/libraries/Popcount.sol";
import {CopyrightRegistry} from "../../contracts/registry/CopyrightRegistry.sol";
import {Word, WordLib} from "../../contracts/types/Word.sol";
import {Work} from "../../contracts/types/Work.sol";
import {RegistryTest} from "./RegistryTest.sol";

/// @notice Properties of single calls, over any input.
contract CopyrightRegistryTest is RegistryTest {
    /// @dev A constant, because the optimizer reads `block.timestamp` again after a warp instead of keeping the earlier value.
    uint256 private constant START = 1_800_000_000;

    CopyrightRegistry private registry;

    function setUp() public {
        registry = new CopyrightRegistry();
        vm.warp(START);
        vm.roll(20_000_000);
    }

    /* IDS */

    function testFuzz_IdIsAsTheStandardsSay(address claimant, Work memory work) public view {
        equal(registry.idOf(claimant, work), idFor(claimant, work), "id");
    }

    function testFuzz_IdBindsEveryField(address claimant, Work memory work, uint256 field) public view {
        Work memory other = changed(work, within(field, 0, 4));
        isTrue(registry.idOf(claimant, work) != registry.idOf(claimant, other), "another work has another id");
    }

    function testFuzz_IdBindsTheClaimant(address claimant, address other, Work memory work) public {
        vm.assume(claimant != other);
        isTrue(registry.idOf(claimant, work) != registry.idOf(other, work), "another claimant has another id");
    }

    function testFuzz_DirtyHighBitsAreRefused(Work memory work, uint256 dirt) public {
        uint256 dirty = (within(dirt, 1, type(uint240).max) << 16) | work.fingerprintType;
        (bool taken, ) = address(registry).call(
            abi.encodeWithSelector(
                CopyrightRegistry.deposit.selector,
                bytes32(uint256(1)),
                work.fingerprint,
                dirty,
                work.metadata,
                work.salt
            )
        );
        isTrue(!taken, "one work, one encoding");
    }

    /* DEPOSITS */

    function testFuzz_DepositIsRecordedOnce(address claimant, Work memory work, uint40 time, uint40 number) public {
        vm.assume(time != 0 && claimant != address(0));
        work = valid(work);
        vm.warp(time);
        vm.roll(number);
        vm.prank(claimant);
        bytes32 id = registry.deposit(work);

        equal(id, idFor(claimant, work), "id");
        checkRecord(id, claimant, time, number, DepositKind.Direct);
        equal(registry.verifyWork(id, claimant, work), time, "verified");

        vm.warp(uint256(time) + 1);
        vm.prank(claimant);
        vm.expectRevert(abi.encodeWithSelector(Errors.CopyrightRegistry_DepositExists.selector, id));
        registry.deposit(work);
        checkRecord(id, claimant, time, number, DepositKind.Direct);
    }

    function testFuzz_VerifyWorkRefusesAnotherWork(address claimant, Work memory work, uint256 field) public {
        work = valid(work);
        vm.prank(claimant);
        bytes32 id = registry.deposit(work);
        equal(registry.verifyWork(id, claimant, changed(work, within(field, 0, 4))), 0, "another field");
        equal(registry.verifyWork(id, address(uint160(claimant) ^ 1), work), 0, "another claimant");
    }

    function testFuzz_WordKeepsItsFieldsApart(address by, uint40 time, uint40 number, uint256 kind) public pure {
        kind = within(kind, 1, 4);
        Deposit memory read = WordLib.toDeposit(WordLib.pack(by, time, number) | Word.wrap(kind << 240));
        equal(read.claimant, by, "claimant");
        equal(read.depositedAt, time, "time");
        equal(read.recordedIn, number, "block");
        equal(uint256(read.kind), kind, "kind");
    }

    function testFuzz_SlotOfASealIsNoDeposit(bytes32 commitment, address sealer) public {
        vm.assume(commitment != 0);
        vm.prank(sealer);
        registry.seal(commitment);
        bytes32 slot = keccak256(abi.encode(commitment, keccak256(abi.encode(sealer, sealsSlot()))));
        checkNoRecord(slot);
    }

    function testFuzz_SlotOfAnAnchorIsNoDeposit(bytes32 root) public {
        vm.assume(root != 0);
        registry.anchor(root, 1, 0);
        for (uint256 slot; slot < 8; ++slot) checkNoRecord(keccak256(abi.encode(root, slot)));
    }

    /* SIGNATURES */

    function testFuzz_SignatureDeposits(uint256 seed, Work memory work, uint256 deadline, address sponsor) public {
        uint256 key = keyFrom(seed);
        work = valid(work);
        deadline = within(deadline, block.timestamp, type(uint256).max - 1);
        address claimant = vm.addr(key);
        bytes memory signature = signed(key, depositDigest(block.chainid, address(registry), claimant, work, deadline));
        vm.prank(sponsor);
        bytes32 id = registry.depositBySig(claimant, work, deadline, signature);
        checkRecord(id, claimant, block.timestamp, block.number, DepositKind.Signed);

        vm.expectRevert(abi.encodeWithSelector(Errors.CopyrightRegistry_DepositExists.selector, id));
        registry.depositBySig(claimant, work, deadline, signature);
    }

    function testFuzz_SignatureIsGoodForNothingElse(uint256 seed, Work memory work, uint256 what) public {
        uint256 key = keyFrom(seed);
        work = valid(work);
        what = within(what, 0, 9);
        address claimant = vm.addr(key);
        uint256 deadline = block.timestamp + 1 days;
        bytes32 digest = depositDigest(
            what == 5 ? block.chainid + 1 : block.chainid,
            what == 6 ? address(new CopyrightRegistry()) : address(registry),
            claimant,
            work,
            deadline
        );
        if (what == 9) digest = liftDigest(block.chainid, address(registry), claimant, 0, work, deadline);
        bytes memory signature = signed(key, digest);
        if (what < 5) work = changed(work, what);
        if (what == 7) claimant = address(uint160(claimant) ^ 1);
        if (what == 8) ++deadline;

        SignedDeposit[] memory batch = new SignedDeposit[](1);
        batch[0] = SignedDeposit(claimant, work, deadline, signature);
        equal(registry.depositManyBySig(batch), 0, "skipped in a batch");
        bytes32 expected = depositDigest(block.chainid, address(registry), claimant, work, deadline);
        vm.expectRevert(abi.encodeWithSelector(Errors.CopyrightRegistry_SignatureInvalid.selector, claimant, expected));
        registry.depositBySig(claimant, work, deadline, signature);
        checkNoRecord(idFor(claimant, work));
    }

    function testFuzz_SignatureDiesWithItsChain(uint256 seed, Work memory work, uint64 chain) public {
        vm.assume(chain != block.chainid && chain != 0);
        uint256 key = keyFrom(seed);
        work = valid(work);
        address claimant = vm.addr(key);
        uint256 deadline = block.timestamp;
        bytes memory signature = signed(key, depositDigest(block.chainid, address(registry), claimant, work, deadline));
        vm.chainId(chain);
        vm.expectRevert();
        registry.depositBySig(claimant, work, deadline, signature);
    }

    function testFuzz_MirroredSignatureIsRefused(uint256 seed, Work memory work) public {
        uint256 key = keyFrom(seed);
        work = valid(work);
        address claimant = vm.addr(key);
        bytes32 digest = depositDigest(block.chainid, address(registry), claimant, work, block.timestamp);
        bytes memory mirror = mirrored(key, digest);
        vm.expectRevert(abi.encodeWithSelector(Errors.CopyrightRegistry_SignatureInvalid.selector, claimant, digest));
        registry.depositBySig(claimant, work, block.timestamp, mirror);
    }

    function testFuzz_NoBytesSignForAnother(address claimant, Work memory work, bytes memory signature) public {
        vm.assume(claimant.code.length == 0);
        work = valid(work);
        vm.expectRevert();
        registry.depositBySig(claimant, work, block.timestamp, signature);
        checkNoRecord(idFor(claimant, work));
    }

    function testFuzz_ExpiredIsRefused(uint256 seed, Work memory work, uint256 deadline) public {
        uint256 key = keyFrom(seed);
        work = valid(work);
        deadline = within(deadline, 0, block.timestamp - 1);
        address claimant = vm.addr(key);
        bytes memory signature = signed(key, depositDigest(block.chainid, address(registry), claimant, work, deadline));
        vm.expectRevert(
            abi.encodeWithSelector(Errors.CopyrightRegistry_SignatureExpired.selector, deadline, block.timestamp)
        );
        registry.depositBySig(claimant, work, deadline, signature);
    }

    /* SEALS AND ANCHORS */

    function testFuzz_UnsealedCarriesTheTimeOfTheSeal(address claimant, Work memory work, uint32 later) public {
        work = valid(work);
        bytes32 id = idFor(claimant, work);
        vm.prank(claimant);
        registry.seal(id);
        vm.warp(START + later);
        vm.prank(claimant);
        equal(registry.unseal(work), id, "id is the commitment");
        checkRecord(id, claimant, START, block.number, DepositKind.Unsealed);
    }

    function testFuzz_OnlyTheSealerUnseals(address claimant, address thief, Work memory work) public {
        vm.assume(claimant != thief);
        work = valid(work);
        vm.prank(claimant);
        registry.seal(idFor(claimant, work));
        bytes32 thiefs = idFor(thief, work);
        vm.prank(thief);
        vm.expectRevert(abi.encodeWithSelector(Errors.CopyrightRegistry_SealMissing.selector, thief, thiefs));
        registry.unseal(work);
    }

    /// @dev Trees of 1 to 40 leaves, not all a power of two: an odd node moves up unpaired. Any order of pairing gives valid proofs.
    function testFuzz_LiftedLeafCarriesTheAnchorsTime(
        address claimant,
        Work memory work,
        uint256 size,
        uint256 place,
        uint32 later
    ) public {
        work = valid(work);
        size = within(size, 1, 40);
        place = within(place, 0, size - 1);
        (bytes32 root, bytes32[] memory proof) = treeAround(leafFor(claimant, work), size, place);
        registry.anchor(root, size, 0);
        vm.warp(START + later);
        registry.anchor(root, size, 0);

        equal(registry.verifyAnchored(root, claimant, work, proof), START, "verified");
        vm.prank(claimant);
        bytes32 id = registry.lift(root, work, proof);
        checkRecord(id, claimant, START, block.number, DepositKind.Lifted);
    }

    function testFuzz_ProofHoldsForNothingElse(
        address claimant,
        Work memory work,
        uint256 size,
        uint256 place,
        uint256 what
    ) public {
        work = valid(work);
        size = within(size, 2, 40);
        (bytes32 root, bytes32[] memory proof) = treeAround(leafFor(claimant, work), size, within(place, 0, size - 1));
        registry.anchor(root, size, 0);
        what = within(what, 0, 7);
        if (what < 5) work = changed(work, what);
        if (what == 5) claimant = address(uint160(claimant) ^ 1);
        if (what == 6) proof[within(place, 0, proof.length - 1)] ^= bytes32(uint256(1));
        if (what == 7) proof = new bytes32[](0);

        equal(registry.verifyAnchored(root, claimant, work, proof), 0, "not verified");
        bytes32 id = idFor(claimant, work);
        vm.prank(claimant);
        vm.expectRevert(abi.encodeWithSelector(Errors.CopyrightRegistry_ProofInvalid.selector, root, id));
        registry.lift(root, work, proof);
        checkNoRecord(id);
    }

    /// @dev The id itself is the hash of two words, like an inner node. It must not pass for a leaf or a root.
    function testFuzz_SingleHashedLeafIsRefused(address claimant, Work memory work, bytes32 sibling) public {
        bytes32 id = idFor(claimant, work);
        bytes32[] memory proof = new bytes32[](1);
        proof[0] = sibling;
        registry.anchor(id, 1, 0);
        registry.anchor(nodeOver(id, sibling), 2, 0);
        equal(registry.verifyAnchored(id, claimant, work, new bytes32[](0)), 0, "as a root");
        equal(registry.verifyAnchored(nodeOver(id, sibling), claimant, work, proof), 0, "as a leaf");
    }

    function testFuzz_LiftSignatureIsGoodForNothingElse(uint256 seed, Work memory work, uint256 what) public {
        uint256 key = keyFrom(seed);
        work = valid(work);
        what = within(what, 0, 5);
        address claimant = vm.addr(key);
        uint256 deadline = block.timestamp + 1;
        bytes32 root = leafFor(claimant, work);
        registry.anchor(root, 1, 0);

        bytes32 digest = liftDigest(
            what == 1 ? block.chainid + 1 : block.chainid,
            what == 2 ? address(this) : address(registry),
            what == 3 ? address(this) : claimant,
            what == 4 ? bytes32(uint256(root) ^ 1) : root,
            work,
            deadline
        );
        if (what == 5) digest = depositDigest(block.chainid, address(registry), claimant, work, deadline);
        bytes memory signature = signed(key, digest);
        if (what != 0) vm.expectRevert();
        bytes32 id = registry.liftBySig(claimant, root, work, new bytes32[](0), deadline, signature);
        if (what == 0) checkRecord(id, claimant, block.timestamp, block.number, DepositKind.Lifted);
    }

    /* DISTANCE */

    function testFuzz_PopcountIsThatOfALoop(uint256 bits) public pure {
        uint256 expected;
        for (uint256 left = bits; left != 0; left >>= 1) expected += left & 1;
        equal(Popcount.count(bits), expected, "popcount");
    }

    function test_PopcountAtTheEdges() public pure {
        equal(Popcount.count(0), 0, "none");
        equal(Popcount.count(type(uint256).max), 256, "all");
        for (uint256 i; i < 256; ++i) {
            equal(Popcount.count(1 << i), 1, "one");
            equal(Popcount.count(type(uint256).max >> i), 256 - i, "a run");
        }
    }

    function testFuzz_DistanceIsSymmetric(Work memory work, bytes32 other) public view {
        uint256 there = registry.distance(work, other);
        Work memory back = Work(0, other, 0, 0, 0);
        equal(registry.distance(back, work.fingerprint), there, "symmetric");
        equal(registry.distance(work, ~other), 256 - there, "complement");
        equal(registry.distance(work, work.fingerprint), 0, "to itself");
    }

    /* INTERNAL */

    function checkRecord(bytes32 id, address claimant, uint256 time, uint256 number, DepositKind kind) private view {
        Deposit memory found = registry.depositOf(id);
        equal(found.claimant, claimant, "claimant");
        equal(found.depositedAt, time, "time");
        equal(found.recordedIn, number, "block");
        equal(uint256(found.kind), uint256(kind), "kind");
    }

    function checkNoRecord(bytes32 id) private view {
        checkRecord(id, address(0), 0, 0, DepositKind.None);
    }

    /// @dev Where the mapping of seals lies: after OpenZeppelin's two slots. A wrong number would make the test above empty.
    function sealsSlot() private returns (uint256 slot) {
        vm.prank(address(0xA11CE));
        registry.seal(bytes32(uint256(0xC0FFEE)));
        for (slot = 0; slot < 8; ++slot) {
            bytes32 place = keccak256(
                abi.encode(bytes32(uint256(0xC0FFEE)), keccak256(abi.encode(address(0xA11CE), slot)))
            );
            if (vm.load(address(registry), place) != 0) return slot;
        }
        isTrue(false, "the mapping of seals was not found");
    }

    function treeAround(
        bytes32 leaf,
        uint256 size,
        uint256 place
    ) private pure returns (bytes32 root, bytes32[] memory proof) {
        bytes32[] memory level = new bytes32[](size);
        for (uint256 i; i < size; ++i) level[i] = i == place ? leaf : keccak256(abi.encode("leaf", i));
        bytes32[] memory path = new bytes32[](8);
        uint256 steps;
        while (size > 1) {
            bytes32[] memory above = new bytes32[]((size + 1) / 2);
            for (uint256 i; i < above.length; ++i) {
                above[i] = 2 * i + 1 < size ? nodeOver(level[2 * i], level[2 * i + 1]) : level[2 * i];
            }
            if (place ^ 1 < size) path[steps++] = level[place ^ 1];
            (level, size, place) = (above, above.length, place / 2);
        }
        proof = new bytes32[](steps);
        for (uint256 i; i < steps; ++i) proof[i] = path[i];
        root = level[0];
    }
}
