// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Work} from "../types/Work.sol";

/// @notice How a record came to be; `None` means that there is no record.
enum DepositKind {
    None,
    Direct,
    Signed,
    Unsealed,
    Lifted
}

/// @notice Why an entry of `depositManyBySig` was left out.
enum SkipReason {
    None,
    ContentHashZero,
    DepositExists,
    SignatureExpired,
    SignatureInvalid
}

/// @notice A deposit. All fields are zero when there is none.
/// @param claimant Who deposited the work.
/// @param depositedAt Seconds since 1970: for an unsealed work the time of the seal, for a lifted one that of the anchor.
/// @param recordedIn Block in which the record was written, where its {ICopyrightRegistry-Deposited} event is.
struct Deposit {
    address claimant;
    uint40 depositedAt;
    uint40 recordedIn;
    DepositKind kind;
}

/// @notice A seal or an anchor. All fields are zero when there is none.
/// @param by Who made it.
/// @param time Seconds since 1970.
/// @param blockNumber Block in which it was made, where its event is.
struct Stamp {
    address by;
    uint40 time;
    uint40 blockNumber;
}

/// @notice One signed deposit of a batch.
/// @param deadline Last second at which the signature counts.
/// @param signature By the claimant, over the EIP-712 struct `Deposit(address claimant,Work work,uint256 deadline)`: 65 bytes of
/// ECDSA, or whatever the claimant's ERC-1271 contract takes.
struct SignedDeposit {
    address claimant;
    Work work;
    uint256 deadline;
    bytes signature;
}

/// @title ICopyrightRegistry
/// @notice Permanent, timestamped deposits of works: direct, sponsored, sealed, or thousands under one Merkle root.
///
/// Ids are commitments. With `workHash` the EIP-712 `hashStruct` of the {Work}:
///
///     id   = keccak256(abi.encode(claimant, workHash))
///     leaf = keccak256(abi.encode(id))
///
/// so an id names its claimant and every field, and the tree of an anchor is OpenZeppelin's StandardMerkleTree over
/// `(address claimant, bytes32 workHash)`.
///
/// What the registry guarantees:
/// - A record never changes and never goes away. There is no owner, no role, no proxy.
/// - A record in a claimant's name exists only by that claimant's transaction or signature.
/// - `depositedAt` is the time of the block that fixed the work: the deposit's, the seal's, or the anchor's.
///
/// What it does not:
/// - It does not decide who is the author. Several claimants may deposit the same content; the records show who came when.
/// - Warning: the time is the chain's. A block producer can shift it within the rules of consensus, by seconds.
/// - Warning: a fingerprint is what the claimant says it is. Whoever holds the file can compute it again; the contract cannot.
/// - Warning: `deposit` shows the work to everybody at once, and the mempool before that. A stranger can then deposit the same
///   content in his own name and pay for an earlier place in the block. Who cannot have that seals first.
/// - Warning: a seal or a leaf hides the work only if `salt` is random.
/// - Warning: who anchors a root, its `count` and its `manifest` prove nothing, and whoever sees a root in the mempool can anchor it
///   first with others. The works under it, their claimants and a time at least as early are what nobody can take away.
/// - Warning: a signature cannot be withdrawn before its deadline. Whoever holds it chooses when to send it, or not to.
///
/// There is no `sealBySig`: a commitment names its claimant, so a sponsor seals for anybody by anchoring the tree whose only leaf is
/// `keccak256(abi.encode(commitment))`, for as much gas and without a signature, and {liftBySig} reveals it.
interface ICopyrightRegistry {
    /* EVENTS */

    /// @notice A record was written. The event holds the whole work, so that logs alone tell everything.
    event Deposited(
        bytes32 indexed id,
        address indexed claimant,
        bytes32 indexed contentHash,
        bytes32 fingerprint,
        uint16 fingerprintType,
        bytes32 metadata,
        bytes32 salt
    );

    /// @notice An entry of a batch was left out; the others are not affected.
    event DepositSkipped(uint256 indexed index, bytes32 indexed id, address indexed claimant, SkipReason reason);

    /// @notice A commitment was sealed.
    event Sealed(address indexed claimant, bytes32 indexed commitment);

    /// @notice A Merkle root was anchored.
    /// @param count Number of works under the root, as the caller says.
    /// @param manifest sha2-256 digest of the CIDv1 of a document that describes the batch, as the caller says; zero if there is none.
    event Anchored(bytes32 indexed root, address indexed by, uint256 count, bytes32 manifest);

    /* DEPOSITS */

    /// @notice Deposits a work in the caller's name.
    /// @dev Reverts with `CopyrightRegistry_ContentHashZero` or `CopyrightRegistry_DepositExists`.
    /// @return id The deposit's id.
    function deposit(Work calldata work) external returns (bytes32 id);

    /// @notice Deposits several works in the caller's name, all or none.
    /// @dev Reverts as {deposit} does for any of them, and with `CopyrightRegistry_BatchEmpty`.
    /// @return ids The deposits' ids, in the order given.
    function depositMany(Work[] calldata works) external returns (bytes32[] memory ids);

    /// @notice Deposits a work in the name of the claimant who signed for it; anyone may pay.
    /// @dev Reverts as {deposit} does, and with `CopyrightRegistry_SignatureExpired` or `CopyrightRegistry_SignatureInvalid`. A
    /// signature needs no nonce: it records one id, and an id is recorded once. The claimant's key is tried first (65 bytes of
    /// ECDSA, low `s`), then, if the account has code, ERC-1271; EIP-7702 delegations work either way. ERC-6492 signatures, of
    /// contracts not yet deployed, are refused.
    /// @param deadline Last second at which the signature counts.
    /// @return id The deposit's id.
    function depositBySig(
        address claimant,
        Work calldata work,
        uint256 deadline,
        bytes calldata signature
    ) external returns (bytes32 id);

    /// @notice Deposits what many claimants signed for. An entry that cannot be recorded is skipped with its reason
    /// ({DepositSkipped}), so that none can block the others, not even by being recorded a moment earlier.
    /// @dev An ERC-1271 claimant is given 150,000 gas at most; one that needs more uses {depositBySig}. Reverts with
    /// `CopyrightRegistry_BatchEmpty`.
    /// @return deposited Number of records written.
    function depositManyBySig(SignedDeposit[] calldata deposits) external returns (uint256 deposited);

    /* SEALS */

    /// @notice Fixes the time of a work without showing it.
    /// @dev Seals are kept by caller and commitment, so a copied commitment is worth nothing to another. Reverts with
    /// `CopyrightRegistry_CommitmentZero` or `CopyrightRegistry_SealExists`.
    /// @param commitment The id of the work in the caller's name; its `salt` must be random and kept.
    function seal(bytes32 commitment) external;

    /// @notice Shows a work that the caller sealed and records it with the time of the seal.
    /// @dev Reverts as {deposit} does, and with `CopyrightRegistry_SealMissing`.
    /// @return id The deposit's id, equal to the commitment.
    function unseal(Work calldata work) external returns (bytes32 id);

    /* ANCHORS */

    /// @notice Fixes the time of any number of works by the root of their Merkle tree.
    /// @dev Anchoring a root again changes nothing and reverts not: the first time stands, whoever sent it. Reverts with
    /// `CopyrightRegistry_CommitmentZero` or `CopyrightRegistry_CountZero`.
    /// @param count Number of works under the root; goes to the event only.
    /// @param manifest Digest of a document that describes the batch, or zero; goes to the event only.
    function anchor(bytes32 root, uint256 count, bytes32 manifest) external;

    /// @notice Turns one of the caller's works under an anchored root into a record with the anchor's time.
    /// @dev Reverts as {deposit} does, and with `CopyrightRegistry_AnchorMissing` or `CopyrightRegistry_ProofInvalid`.
    /// @param proof Sibling hashes from the leaf to the root.
    /// @return id The deposit's id.
    function lift(bytes32 root, Work calldata work, bytes32[] calldata proof) external returns (bytes32 id);

    /// @notice As {lift}, in the name of the claimant who signed `Lift(address claimant,bytes32 root,Work work,uint256 deadline)`.
    /// @dev Naming somebody in a tree is not enough to make a record in his name. Reverts as {lift} and {depositBySig} do.
    function liftBySig(
        address claimant,
        bytes32 root,
        Work calldata work,
        bytes32[] calldata proof,
        uint256 deadline,
        bytes calldata signature
    ) external returns (bytes32 id);

    /* VIEWS */

    /// @notice The id that a deposit of this work by this claimant has or would have.
    function idOf(address claimant, Work calldata work) external pure returns (bytes32);

    /// @notice The record with this id; all zero if there is none.
    function depositOf(bytes32 id) external view returns (Deposit memory);

    /// @notice The claimant's seal of this commitment; all zero if there is none. It stays after {unseal}.
    function sealOf(address claimant, bytes32 commitment) external view returns (Stamp memory);

    /// @notice The anchor of this root; all zero if there is none.
    function anchorOf(bytes32 root) external view returns (Stamp memory);

    /// @notice Whether the record with this id is this work by this claimant.
    /// @return depositedAt Its time in seconds; zero if there is no such record or it is another work.
    function verifyWork(bytes32 id, address claimant, Work calldata work) external view returns (uint40 depositedAt);

    /// @notice Whether this work by this claimant lies under the anchored root.
    /// @return anchoredAt The anchor's time in seconds; zero if it does not, or the root is not anchored.
    function verifyAnchored(
        bytes32 root,
        address claimant,
        Work calldata work,
        bytes32[] calldata proof
    ) external view returns (uint40 anchoredAt);

    /// @notice Hamming distance between the work's fingerprint and another one of the same type.
    /// @dev Warning: fingerprints of different types have a distance too, and it means nothing; compare `fingerprintType` first.
    /// @return bits 0 for equal to 256 for the complement.
    function distance(Work calldata work, bytes32 otherFingerprint) external pure returns (uint256 bits);
}
