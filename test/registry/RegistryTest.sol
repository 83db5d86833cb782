// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Work} from "../../contracts/types/Work.sol";
import {Cheats} from "../cheats/Cheats.sol";

/// @notice What the registry's Solidity tests share: hashes as the standards define them, written without the contract's code.
abstract contract RegistryTest is Cheats {
    string internal constant WORK_TYPE =
        "Work(bytes32 contentHash,bytes32 fingerprint,uint16 fingerprintType,bytes32 metadata,bytes32 salt)";
    uint256 internal constant CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;

    function hashOf(Work memory work) internal pure returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    keccak256(bytes(WORK_TYPE)),
                    work.contentHash,
                    work.fingerprint,
                    work.fingerprintType,
                    work.metadata,
                    work.salt
                )
            );
    }

    function idFor(address claimant, Work memory work) internal pure returns (bytes32) {
        return keccak256(abi.encode(claimant, hashOf(work)));
    }

    /// @dev As OpenZeppelin's StandardMerkleTree over (address claimant, bytes32 workHash).
    function leafFor(address claimant, Work memory work) internal pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(claimant, hashOf(work)))));
    }

    function nodeOver(bytes32 a, bytes32 b) internal pure returns (bytes32) {
        return a < b ? keccak256(abi.encode(a, b)) : keccak256(abi.encode(b, a));
    }

    function domainOf(uint256 chain, address registry) internal pure returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                    keccak256("Colophon CopyrightRegistry"),
                    keccak256("1"),
                    chain,
                    registry
                )
            );
    }

    function depositDigest(
        uint256 chain,
        address registry,
        address claimant,
        Work memory work,
        uint256 deadline
    ) internal pure returns (bytes32) {
        bytes32 typeHash = keccak256(
            bytes.concat("Deposit(address claimant,Work work,uint256 deadline)", bytes(WORK_TYPE))
        );
        bytes32 structHash = keccak256(abi.encode(typeHash, claimant, hashOf(work), deadline));
        return keccak256(abi.encodePacked(hex"1901", domainOf(chain, registry), structHash));
    }

    function liftDigest(
        uint256 chain,
        address registry,
        address claimant,
        bytes32 root,
        Work memory work,
        uint256 deadline
    ) internal pure returns (bytes32) {
        bytes32 typeHash = keccak256(
            bytes.concat("Lift(address claimant,bytes32 root,Work work,uint256 deadline)", bytes(WORK_TYPE))
        );
        bytes32 structHash = keccak256(abi.encode(typeHash, claimant, root, hashOf(work), deadline));
        return keccak256(abi.encodePacked(hex"1901", domainOf(chain, registry), structHash));
    }

    function signed(uint256 key, bytes32 digest) internal returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    /// @dev The other signature that the curve allows for the same key and digest.
    function mirrored(uint256 key, bytes32 digest) internal returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, CURVE_ORDER - uint256(s), v == 27 ? uint8(28) : uint8(27));
    }

    /// @dev `work` with one of its five fields (0 to 4) changed.
    function changed(Work memory work, uint256 field) internal pure returns (Work memory other) {
        other = Work(work.contentHash, work.fingerprint, work.fingerprintType, work.metadata, work.salt);
        if (field == 0) other.contentHash = bytes32(uint256(work.contentHash) ^ (1 << 255));
        else if (field == 1) other.fingerprint ^= bytes32(uint256(1));
        else if (field == 2) other.fingerprintType ^= 0x8000;
        else if (field == 3) other.metadata ^= bytes32(uint256(1));
        else other.salt ^= bytes32(uint256(1));
    }

    /// @dev A key the curve accepts.
    function keyFrom(uint256 seed) internal pure returns (uint256) {
        return within(seed, 1, CURVE_ORDER - 1);
    }

    /// @dev A content hash is never zero, nor one bit away from it, so that `changed` stays valid too.
    function valid(Work memory work) internal pure returns (Work memory) {
        if (uint256(work.contentHash) << 1 == 0) work.contentHash = bytes32(uint256(7));
        return work;
    }
}
