// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Authority} from "../../contracts/alliance/Authority.sol";
import {IdentityRegistry} from "../../contracts/identity/IdentityRegistry.sol";
import {Attestation, Period} from "../../contracts/interfaces/IIdentityRegistry.sol";
import {Cheats} from "../cheats/Cheats.sol";

/// @notice Stands for the alliance, keeps naive books of everything that was said (one entry each, never merged, searched from end to end),
/// and notes what each second looked like once it was over.
contract IdentityHandler is Cheats {
    struct Entry {
        address verifier;
        address subject;
        uint256 from;
        uint256 until;
        uint8 level;
    }

    struct Moment {
        uint256 time;
        uint8[2] levels;
    }

    IdentityRegistry public immutable IDENTITIES;
    uint256 public clock = 1_800_000_000;

    Entry[] private entries;
    Moment[] private moments;
    mapping(address verifier => bool) public active;
    mapping(bytes32 pair => uint256) public latest;
    uint256 public recorded;

    constructor() {
        IDENTITIES = new IdentityRegistry(address(this), address(new Authority(address(this))));
        for (uint256 i; i < 3; ++i) switchTo(verifierAt(i), true);
    }

    /* ACTIONS */

    function wait(uint256 seconds_) external {
        Moment storage moment = moments.push();
        moment.time = clock;
        for (uint256 i; i < 2; ++i) moment.levels[i] = levelAt(subjectAt(i), clock);
        // Often one second, so that things meet.
        clock += seconds_ % 3 == 0 ? within(seconds_, 1, 40) : 1;
        vm.warp(clock);
    }

    function attest(uint256 v, uint256 s, uint8 level, uint256 ago, uint256 term, bool signed) external {
        address verifier = verifierAt(v);
        Attestation memory attestation = Attestation({
            subject: subjectAt(s),
            level: uint8(within(level, 0, 4)),
            validFrom: uint40(clock + 1 - within(ago, 0, 9)),
            expiry: uint40(clock + within(term, 0, 25)),
            claim: bytes32(uint256(1))
        });
        bytes32 pair = keccak256(abi.encode(verifier, attestation.subject));
        bool possible =
            active[verifier] &&
                attestation.level >= 1 &&
                attestation.level <= 3 &&
                attestation.validFrom <= clock &&
                attestation.validFrom > latest[pair] &&
                attestation.expiry > clock;
        bytes memory signature = signed ? sign(v, verifier, attestation) : bytes("");
        bool done;
        vm.warp(clock);
        if (signed) {
            try IDENTITIES.attestBySig(verifier, attestation, clock, signature) {
                done = true;
            } catch {}
        } else {
            vm.prank(verifier);
            try IDENTITIES.attest(attestation) {
                done = true;
            } catch {}
        }
        isTrue(done == possible, "attested when and only when it may");
        if (!done) return;

        end(verifier, attestation.subject);
        entries.push(Entry(verifier, attestation.subject, clock, attestation.expiry, attestation.level));
        latest[pair] = attestation.validFrom;
        ++recorded;
    }

    /// @param way 0 by the verifier, 1 by the subject, 2 by the authority.
    function revoke(uint256 v, uint256 s, uint256 way) external {
        address verifier = verifierAt(v);
        address subject = subjectAt(s);
        way %= 3;
        bool inForce = levelBy(verifier, subject, clock) != 0;
        bool possible = inForce && (way == 1 || (way == 0) == active[verifier]);
        bool done;
        vm.warp(clock);
        if (way == 0) {
            vm.prank(verifier);
            try IDENTITIES.revoke(subject) {
                done = true;
            } catch {}
        } else if (way == 1) {
            vm.prank(subject);
            try IDENTITIES.renounce(verifier) {
                done = true;
            } catch {}
        } else {
            try IDENTITIES.revokeFor(verifier, subject) {
                done = true;
            } catch {}
        }
        isTrue(done == possible, "revoked when and only when it may");
        if (!done) return;
        end(verifier, subject);
        latest[keccak256(abi.encode(verifier, subject))] = clock;
    }

    function switchVerifier(uint256 v, uint256 odds) external {
        switchTo(verifierAt(v), odds % 4 != 0);
    }

    /* BOOKS */

    function verifierAt(uint256 v) public returns (address) {
        return vm.addr(1 + (v % 3));
    }

    function subjectAt(uint256 s) public pure returns (address) {
        return address(uint160(0x5ab1ec7 + (s % 2)));
    }

    function levelBy(address verifier, address subject, uint256 time) public view returns (uint8 level) {
        for (uint256 i; i < entries.length; ++i) {
            Entry memory entry = entries[i];
            if (entry.verifier != verifier || entry.subject != subject) continue;
            if (entry.from <= time && time < entry.until) level = entry.level;
        }
    }

    function levelAt(address subject, uint256 time) public returns (uint8 highest) {
        for (uint256 v; v < 3; ++v) {
            uint8 level = levelBy(verifierAt(v), subject, time);
            if (level > highest) highest = level;
        }
    }

    function momentCount() external view returns (uint256) {
        return moments.length;
    }

    function momentAt(uint256 index) external view returns (Moment memory) {
        return moments[index];
    }

    function switchTo(address verifier, bool to) private {
        IDENTITIES.setVerifier(verifier, to);
        active[verifier] = to;
    }

    function end(address verifier, address subject) private {
        for (uint256 i; i < entries.length; ++i) {
            Entry storage entry = entries[i];
            if (entry.verifier == verifier && entry.subject == subject && entry.until > clock) entry.until = clock;
        }
    }

    function sign(uint256 v, address verifier, Attestation memory attestation) private returns (bytes memory) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Colophon IdentityRegistry"),
                keccak256("1"),
                block.chainid,
                address(IDENTITIES)
            )
        );
        bytes32 typeHash = keccak256(
            "Attestation(address verifier,address subject,uint8 level,uint40 validFrom,uint40 expiry,bytes32 claim,uint256 deadline)"
        );
        bytes32 structHash = keccak256(abi.encode(typeHash, verifier, attestation, clock));
        (uint8 v_, bytes32 r, bytes32 s) = vm.sign(
            1 + (v % 3),
            keccak256(abi.encodePacked(hex"1901", domain, structHash))
        );
        return abi.encodePacked(r, s, v_);
    }
}

/// @notice What holds of identities after any sequence of actions.
contract IdentityRegistryInvariantTest is Cheats {
    IdentityHandler private handler;
    IdentityRegistry private identities;

    function setUp() public {
        handler = new IdentityHandler();
        identities = handler.IDENTITIES();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @notice D1 the level at any time is that of the naive books.
    function invariant_LevelsAreThoseOfTheBooks() external {
        uint256 clock = handler.clock();
        vm.warp(clock);
        for (uint256 s; s < 2; ++s) {
            address subject = handler.subjectAt(s);
            for (uint256 time = clock > 1_800_000_040 ? clock - 40 : 1_799_999_999; time <= clock + 26; ++time) {
                equal(identities.levelAt(subject, time), handler.levelAt(subject, time), "highest level");
            }
            for (uint256 v; v < 3; ++v) {
                address verifier = handler.verifierAt(v);
                equal(
                    identities.levelBy(verifier, subject, clock),
                    handler.levelBy(verifier, subject, clock),
                    "one verifier's level"
                );
            }
        }
    }

    /// @notice D2 what a second looked like when it was over, it looks like for ever.
    function invariant_ThePastStays() external view {
        uint256 count = handler.momentCount();
        for (uint256 m; m < count; ++m) {
            IdentityHandler.Moment memory moment = handler.momentAt(m);
            for (uint256 s; s < 2; ++s) {
                equal(identities.levelAt(handler.subjectAt(s), moment.time), moment.levels[s], "a past level");
            }
        }
    }

    /// @notice D3 periods are in order, do not overlap, and none is empty but the last.
    function invariant_PeriodsAreInOrder() external {
        for (uint256 s; s < 2; ++s) {
            for (uint256 v; v < 3; ++v) {
                Period[] memory periods = identities.periodsOf(handler.subjectAt(s), handler.verifierAt(v));
                for (uint256 i; i < periods.length; ++i) {
                    isTrue(periods[i].from <= periods[i].until, "in order");
                    if (i == 0) continue;
                    isTrue(periods[i - 1].from < periods[i - 1].until, "not empty");
                    isTrue(periods[i - 1].until <= periods[i].from, "no overlap");
                }
            }
        }
    }
}

/// @notice Single properties of identities, for any input.
contract IdentityRegistryFuzzTest is Cheats {
    IdentityRegistry private identities;
    address private constant VERIFIER = address(0x5e51f1e2);

    function setUp() public {
        identities = new IdentityRegistry(address(this), address(new Authority(address(this))));
        identities.setVerifier(VERIFIER, true);
    }

    /// @notice D4 the search among periods finds the level of any time, whatever their number.
    function testFuzz_SearchAmongPeriods(uint8 count, uint256 seed, uint256 asked) public {
        uint256 periods = within(count, 1, 40);
        uint256 start = 1_800_000_000;
        address subject = address(0x5ab1ec7);
        uint256[] memory times = new uint256[](periods + 1);
        uint8[] memory levels = new uint8[](periods);
        times[0] = start;
        for (uint256 i; i < periods; ++i) {
            // Another level than before, so that each is a period of its own.
            levels[i] = uint8(1 + (((seed % 3) + i) % 3));
            vm.warp(times[i]);
            vm.prank(VERIFIER);
            identities.attest(
                Attestation(subject, levels[i], uint40(times[i]), uint40(times[i] + 1 days), bytes32("c"))
            );
            times[i + 1] = times[i] + 1 + (uint256(keccak256(abi.encode(seed, i))) % 100);
        }
        uint256 time = within(asked, start - 1, times[periods]);
        uint256 expected;
        for (uint256 i; i < periods; ++i) if (times[i] <= time) expected = levels[i];
        equal(identities.levelAt(subject, time), expected, "level");
        equal(identities.periodsOf(subject, VERIFIER).length, periods, "periods");
    }

    /// @notice D5 nobody else's signature counts, whatever its bytes.
    function testFuzz_ForeignSignature(uint256 key, bytes32 digest, uint40 ago) public {
        key = within(key, 1, 1 << 250);
        vm.assume(vm.addr(key) != VERIFIER);
        vm.warp(1_800_000_000);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        Attestation memory attestation = Attestation(
            address(1),
            1,
            uint40(1_800_000_000 - (ago % 100)),
            1_800_000_100,
            bytes32("c")
        );
        bool done;
        try identities.attestBySig(VERIFIER, attestation, 1_900_000_000, abi.encodePacked(r, s, v)) {
            done = true;
        } catch {}
        isTrue(!done, "refused");
    }
}
