// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";

import {Work} from "../types/Work.sol";

/// @title WorkLib
/// @notice The hashes that stand for a work. All of them bind every field and the claimant.
library WorkLib {
    bytes32 internal constant WORK_TYPEHASH = keccak256(
        "Work(bytes32 contentHash,bytes32 fingerprint,uint16 fingerprintType,bytes32 metadata,bytes32 salt)"
    );

    /// @return workHash EIP-712 `hashStruct` of the work.
    /// @dev Equal to `keccak256(abi.encode(WORK_TYPEHASH, work))`, without decoding and encoding each field. Reading
    /// `fingerprintType` first makes Solidity refuse calldata with dirty high bits, so that one work has one hash.
    function hash(Work calldata work) internal pure returns (bytes32 workHash) {
        work.fingerprintType;
        bytes32 typeHash = WORK_TYPEHASH;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, typeHash)
            calldatacopy(add(free, 0x20), work, 0xa0)
            workHash := keccak256(free, 0xc0)
        }
    }

    /// @return id The deposit's id: it names the claimant, so nobody else can take it.
    function idOf(address claimant, bytes32 workHash) internal pure returns (bytes32 id) {
        return Hashes.efficientKeccak256(bytes32(uint256(uint160(claimant))), workHash);
    }

    /// @return leaf The id hashed once more. Inner nodes hash 64 bytes and leaves 32, so neither can pass for the other.
    function leafOf(bytes32 id) internal pure returns (bytes32 leaf) {
        assembly ("memory-safe") {
            mstore(0x00, id)
            leaf := keccak256(0x00, 0x20)
        }
    }
}
