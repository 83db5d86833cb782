// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Work} from "../types/Work.sol";

/// @notice One signed deposit, as handed to `depositManyBySig`.
struct SignedDeposit {
    address claimant;
    Work work;
    uint256 deadline;
    bytes signature;
}

/// How a record came to be; `None` means there is no record.
enum DepositKind {
    None,
    Direct,
    Signed,
    Unsealed,
    Lifted
}

/// @notice A deposit as stored: one word.
struct Deposit {
    address claimant; // [0..159]
    uint40 depositedAt; // [160..199] seconds; for an unsealed work the time of the seal, for a lifted one of the anchor
    uint40 recordedIn; // [200..239] block in which the record was written (where its event is)
    DepositKind kind; // [240..247]
}

/// @notice A seal or an anchor as stored: one word.
struct Stamp {
    address by;
    uint40 at;
    uint40 blockNumber;
}

/// DRAFT, to be turned into the full NatSpec'ed interface by the contract's author; names and shapes are fixed.
interface ICopyrightRegistry {
    event Deposited(
        bytes32 indexed id,
        address indexed claimant,
        bytes32 indexed contentHash,
        bytes32 fingerprint,
        uint256 fingerprintTypeAndKind, // or two fields, as gas decides
        bytes32 metadata,
        bytes32 salt
    );
    event Sealed(address indexed claimant, bytes32 indexed commitment);
    event Anchored(bytes32 indexed root, address indexed by, uint256 count, bytes32 manifest);

    // id = keccak256(abi.encode(claimant, workHash)); workHash = EIP-712 hashStruct(Work).
    // Merkle leaf = keccak256(bytes.concat(keccak256(abi.encode(claimant, workHash)))) = keccak256(id):
    // the leaf of OpenZeppelin's StandardMerkleTree over (address claimant, bytes32 workHash).
    function idOf(address claimant, Work calldata work) external pure returns (bytes32);
    function hashWork(Work calldata work) external pure returns (bytes32);

    function deposit(Work calldata work) external returns (bytes32 id);
    function depositBySig(address claimant, Work calldata work, uint256 deadline, bytes calldata signature) external returns (bytes32 id);
    // all or nothing: own works, an id already there reverts with its index
    function depositMany(Work[] calldata works) external returns (bytes32[] memory ids);
    // A relay's batch: entries already deposited, expired or badly signed are skipped (event DepositSkipped), so that no single one blocks the rest.
    function depositManyBySig(SignedDeposit[] calldata deposits) external returns (uint256 deposited);

    function seal(bytes32 commitment) external; // commitment = id of the (salted) work; keyed by (msg.sender, commitment)
    function unseal(Work calldata work) external returns (bytes32 id); // record carries the seal's time
    function anchor(bytes32 root, uint256 count, bytes32 manifest) external; // idempotent per root: the first time stands, a later call changes nothing
    function lift(bytes32 root, Work calldata work, bytes32[] calldata proof) external returns (bytes32 id); // by the claimant in the leaf
    function liftBySig(address claimant, bytes32 root, Work calldata work, bytes32[] calldata proof, uint256 deadline, bytes calldata signature) external returns (bytes32 id);

    function depositOf(bytes32 id) external view returns (Deposit memory);
    function sealOf(address claimant, bytes32 commitment) external view returns (Stamp memory);
    function anchorOf(bytes32 root) external view returns (Stamp memory);
    function verifyWork(bytes32 id, address claimant, Work calldata work) external view returns (uint40 depositedAt); // 0 if not
    function verifyAnchored(bytes32 root, address claimant, Work calldata work, bytes32[] calldata proof) external view returns (uint40 anchoredAt); // 0 if not
    function distance(Work calldata work, bytes32 otherFingerprint) external pure returns (uint256 bits); // popcount of xor
}
