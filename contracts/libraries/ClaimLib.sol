// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {InfringementClaim, Settlement} from "../types/InfringementClaim.sol";

/// @title ClaimLib
/// @notice The hashes that stand for a claim and a settlement: their EIP-712 `hashStruct`.
library ClaimLib {
    bytes32 internal constant CLAIM_TYPEHASH = keccak256(
        "InfringementClaim(uint256 workId,address claimant,address respondent,uint256 suspectId,bytes32 evidence,bytes32 suspectFingerprint,uint16 suspectType,uint256 forum,uint256 backup)"
    );

    bytes32 internal constant SETTLEMENT_TYPEHASH = keccak256(
        "Settlement(bytes32 claimId,address currency,uint256 amount,bytes32 offerId,uint40 coversFrom,uint40 deadline)"
    );

    /// @dev Calldata with dirty bits has a hash that no claim has: filing reads every field, and refuses them.
    function id(InfringementClaim calldata claim) internal pure returns (bytes32 claimId) {
        bytes32 typeHash = CLAIM_TYPEHASH;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, typeHash)
            calldatacopy(add(free, 0x20), claim, 0x120)
            claimId := keccak256(free, 0x140)
        }
    }

    function hash(Settlement calldata settlement) internal pure returns (bytes32) {
        return keccak256(abi.encode(SETTLEMENT_TYPEHASH, settlement));
    }
}
