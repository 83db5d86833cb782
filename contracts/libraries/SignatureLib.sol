// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title SignatureLib
library SignatureLib {
    /// @notice Whether the account signed the digest: its key (65 bytes of ECDSA, low `s`), else its code (ERC-1271). Never reverts.
    /// @dev The key first and the code second: most signers have no code, and looking whether they do costs 2,600 gas. An account
    /// with an EIP-7702 delegation can sign either way; its key controls it in any case.
    function isSignedBy(address signer, bytes32 digest, bytes calldata signature) internal view returns (bool) {
        return isSignedByKeyOf(signer, digest, signature) || isVouchedFor(signer, digest, signature);
    }

    /// @notice Whether the account's key signed the digest. If it did, it has for ever.
    function isSignedByKeyOf(address signer, bytes32 digest, bytes calldata signature) internal pure returns (bool) {
        (address recovered, ECDSA.RecoverError problem, ) = ECDSA.tryRecoverCalldata(digest, signature);
        return problem == ECDSA.RecoverError.NoError && recovered == signer;
    }

    /// @notice Whether the account's code says that it signed the digest. It may say otherwise the next time.
    function isVouchedFor(address signer, bytes32 digest, bytes calldata signature) internal view returns (bool) {
        if (signer.code.length == 0) return false;

        bytes memory question = abi.encodeCall(IERC1271.isValidSignature, (digest, signature));
        bool answered;
        bytes32 answer;
        assembly ("memory-safe") {
            // The answer goes to scratch space; a longer one is not copied, so it costs nothing more.
            answered := staticcall(gas(), signer, add(question, 0x20), mload(question), 0x00, 0x20)
            answered := and(answered, gt(returndatasize(), 0x1f))
            answer := mload(0x00)
        }
        return answered && answer == bytes32(IERC1271.isValidSignature.selector);
    }
}
