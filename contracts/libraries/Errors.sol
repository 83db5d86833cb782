// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Errors
/// @notice Every custom error of the system, named after the contract and the fact that does not hold, with the values that show it.
library Errors {
    /* REGISTRY */

    /// @notice There is a record with this id already: the same claimant deposited the same work before.
    error CopyrightRegistry_DepositExists(bytes32 id);

    /// @notice The work has no content hash. SHA-256 never gives zero, so the field was forgotten.
    error CopyrightRegistry_ContentHashZero();

    /// @notice The signature's deadline has passed.
    error CopyrightRegistry_SignatureExpired(uint256 deadline, uint256 timestamp);

    /// @notice The signature is not the claimant's, or not over this request on this chain and contract.
    error CopyrightRegistry_SignatureInvalid(address claimant, bytes32 digest);

    /// @notice The list is empty; there is nothing to record.
    error CopyrightRegistry_BatchEmpty();

    /// @notice A commitment, or the root of an anchor, is zero.
    error CopyrightRegistry_CommitmentZero();

    /// @notice The claimant sealed this commitment before; the earlier time stands.
    error CopyrightRegistry_SealExists(address claimant, bytes32 commitment, uint256 sealedAt);

    /// @notice The caller has sealed no such commitment: another claimant, another salt or another work.
    error CopyrightRegistry_SealMissing(address claimant, bytes32 commitment);

    /// @notice An anchor must stand for at least one work.
    error CopyrightRegistry_CountZero();

    /// @notice Nobody has anchored this root.
    error CopyrightRegistry_AnchorMissing(bytes32 root);

    /// @notice The proof does not lead from the claimant's work to the root.
    error CopyrightRegistry_ProofInvalid(bytes32 root, bytes32 id);
}
