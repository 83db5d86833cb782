// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Work} from "../types/Work.sol";

/// @title WorkLib
/// @notice The hashes that stand for a work. All of them bind every field and the claimant.
library WorkLib {
    bytes32 internal constant WORK_TYPEHASH = keccak256(
        "Work(bytes32 contentHash,bytes32 fingerprint,uint16 fingerprintType,bytes32 metadata,bytes32 salt)"
    );

    /// @return EIP-712 `hashStruct` of the work.
    function hash(Work calldata work) internal pure returns (bytes32) {
        return keccak256(abi.encode(WORK_TYPEHASH, work));
    }

    /// @return id The deposit's id: it names the claimant, so nobody else can take it.
    function idOf(address claimant, bytes32 workHash) internal pure returns (bytes32 id) {
        id = keccak256(abi.encode(claimant, workHash));
    }

    /// @return leaf The id hashed once more. Inner nodes hash 64 bytes and leaves 32, so neither can pass for the other.
    function leafOf(bytes32 id) internal pure returns (bytes32 leaf) {
        leaf = keccak256(abi.encode(id));
    }
}
