// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {Deposit, ICopyrightRegistry, SignedDeposit, SkipReason, Stamp} from "../interfaces/ICopyrightRegistry.sol";
import {Errors} from "../libraries/Errors.sol";
import {Popcount} from "../libraries/Popcount.sol";
import {WorkLib} from "../libraries/WorkLib.sol";
import {Word, WordLib} from "../types/Word.sol";
import {Work} from "../types/Work.sol";

/// @title CopyrightRegistry
/// @notice Permanent, timestamped deposits of works. No owner, no proxy, no function that changes or removes a record.
/// @dev The documentation is in {ICopyrightRegistry}.
contract CopyrightRegistry is ICopyrightRegistry, EIP712 {
    using WorkLib for Work;
    using WordLib for Word;

    /* CONSTANTS */

    bytes32 private constant DEPOSIT_TYPEHASH = keccak256(
        "Deposit(address claimant,Work work,uint256 deadline)Work(bytes32 contentHash,bytes32 fingerprint,uint16 fingerprintType,bytes32 metadata,bytes32 salt)"
    );

    bytes32 private constant LIFT_TYPEHASH = keccak256(
        "Lift(address claimant,bytes32 root,Work work,uint256 deadline)Work(bytes32 contentHash,bytes32 fingerprint,uint16 fingerprintType,bytes32 metadata,bytes32 salt)"
    );

    /// @dev What one signer's ERC-1271 contract may burn of a relay's batch. Common wallets need 10,000 to 40,000.
    uint256 private constant ERC1271_GAS_IN_BATCH = 150_000;

    /* STORAGE */

    // A deposit's word, see {Word}, lies at the slot that its id names. Ids are made here, by hashing twice, so no caller can aim at a
    // slot: to meet one of the mappings' he would need a collision of keccak256. It saves a mapping's two hashes (122 gas a deposit), and a
    // proof of the slot (eth_getProof) is a proof of the record. Reading is another matter: `depositOf` takes any slot's number, so
    // it believes only words that bear a kind, which those of seals and anchors never do.

    /// @dev One word a seal, by the sealer's address and commitment: nobody can use up another's commitment.
    mapping(address claimant => mapping(bytes32 commitment => Word)) private _seals;

    /// @dev One word an anchored root.
    mapping(bytes32 root => Word) private _anchors;

    /* CONSTRUCTOR */

    constructor() EIP712("Colophon CopyrightRegistry", "1") {}

    /* DEPOSITS */

    /// @inheritdoc ICopyrightRegistry
    function deposit(Work calldata work) external returns (bytes32 id) {
        id = WorkLib.idOf(msg.sender, work.hash());
        _record(id, msg.sender, work, block.timestamp, WordLib.DIRECT);
    }

    /// @inheritdoc ICopyrightRegistry
    function depositMany(Work[] calldata works) external returns (bytes32[] memory ids) {
        uint256 count = works.length;
        if (count == 0) revert Errors.CopyrightRegistry_BatchEmpty();

        ids = new bytes32[](count);
        for (uint256 i; i < count; ++i) {
            bytes32 id = WorkLib.idOf(msg.sender, works[i].hash());
            _record(id, msg.sender, works[i], block.timestamp, WordLib.DIRECT);
            ids[i] = id;
        }
    }

    /// @inheritdoc ICopyrightRegistry
    function depositBySig(
        address claimant,
        Work calldata work,
        uint256 deadline,
        bytes calldata signature
    ) external returns (bytes32 id) {
        _checkDeadline(deadline);
        bytes32 workHash = work.hash();
        bytes32 digest = _depositDigest(claimant, workHash, deadline);
        if (!_isSignedBy(claimant, digest, signature, gasleft())) {
            revert Errors.CopyrightRegistry_SignatureInvalid(claimant, digest);
        }

        id = WorkLib.idOf(claimant, workHash);
        _record(id, claimant, work, block.timestamp, WordLib.SIGNED);
    }

    /// @inheritdoc ICopyrightRegistry
    function depositManyBySig(SignedDeposit[] calldata deposits) external returns (uint256 deposited) {
        uint256 count = deposits.length;
        if (count == 0) revert Errors.CopyrightRegistry_BatchEmpty();

        for (uint256 i; i < count; ++i) {
            SignedDeposit calldata entry = deposits[i];
            bytes32 workHash = entry.work.hash();
            bytes32 id = WorkLib.idOf(entry.claimant, workHash);
            SkipReason reason = _whySkip(entry, id, workHash);

            if (reason == SkipReason.None) {
                _record(id, entry.claimant, entry.work, block.timestamp, WordLib.SIGNED);
                ++deposited;
            } else {
                emit DepositSkipped(i, id, entry.claimant, reason);
            }
        }
    }

    /* SEALS */

    /// @inheritdoc ICopyrightRegistry
    function seal(bytes32 commitment) external {
        if (commitment == 0) revert Errors.CopyrightRegistry_CommitmentZero();
        Word found = _seals[msg.sender][commitment];
        if (found.exists()) revert Errors.CopyrightRegistry_SealExists(msg.sender, commitment, found.time());

        _seals[msg.sender][commitment] = WordLib.pack(msg.sender, block.timestamp, block.number);

        emit Sealed(msg.sender, commitment);
    }

    /// @inheritdoc ICopyrightRegistry
    function unseal(Work calldata work) external returns (bytes32 id) {
        id = WorkLib.idOf(msg.sender, work.hash());
        Word found = _seals[msg.sender][id];
        if (!found.exists()) revert Errors.CopyrightRegistry_SealMissing(msg.sender, id);
        _record(id, msg.sender, work, found.time(), WordLib.UNSEALED);
    }

    /* ANCHORS */

    /// @inheritdoc ICopyrightRegistry
    function anchor(bytes32 root, uint256 count, bytes32 manifest) external {
        if (root == 0) revert Errors.CopyrightRegistry_CommitmentZero();
        if (count == 0) revert Errors.CopyrightRegistry_CountZero();
        // The first time stands. A second call must not revert: whoever is overtaken in the mempool has still got what he wanted.
        if (_anchors[root].exists()) return;

        _anchors[root] = WordLib.pack(msg.sender, block.timestamp, block.number);

        emit Anchored(root, msg.sender, count, manifest);
    }

    /// @inheritdoc ICopyrightRegistry
    function lift(bytes32 root, Work calldata work, bytes32[] calldata proof) external returns (bytes32 id) {
        id = _lift(msg.sender, root, work, work.hash(), proof);
    }

    /// @inheritdoc ICopyrightRegistry
    function liftBySig(
        address claimant,
        bytes32 root,
        Work calldata work,
        bytes32[] calldata proof,
        uint256 deadline,
        bytes calldata signature
    ) external returns (bytes32 id) {
        _checkDeadline(deadline);
        bytes32 workHash = work.hash();
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(LIFT_TYPEHASH, claimant, root, workHash, deadline)));
        if (!_isSignedBy(claimant, digest, signature, gasleft())) {
            revert Errors.CopyrightRegistry_SignatureInvalid(claimant, digest);
        }

        id = _lift(claimant, root, work, workHash, proof);
    }

    /* VIEWS */

    /// @inheritdoc ICopyrightRegistry
    function idOf(address claimant, Work calldata work) external pure returns (bytes32) {
        return WorkLib.idOf(claimant, work.hash());
    }

    /// @inheritdoc ICopyrightRegistry
    function depositOf(bytes32 id) external view returns (Deposit memory) {
        return WordLib.load(id).toDeposit();
    }

    /// @inheritdoc ICopyrightRegistry
    function sealOf(address claimant, bytes32 commitment) external view returns (Stamp memory) {
        return _seals[claimant][commitment].toStamp();
    }

    /// @inheritdoc ICopyrightRegistry
    function anchorOf(bytes32 root) external view returns (Stamp memory) {
        return _anchors[root].toStamp();
    }

    /// @inheritdoc ICopyrightRegistry
    function verifyWork(bytes32 id, address claimant, Work calldata work) external view returns (uint40 depositedAt) {
        if (WorkLib.idOf(claimant, work.hash()) != id) return 0;
        return uint40(WordLib.load(id).time());
    }

    /// @inheritdoc ICopyrightRegistry
    function verifyAnchored(
        bytes32 root,
        address claimant,
        Work calldata work,
        bytes32[] calldata proof
    ) external view returns (uint40 anchoredAt) {
        bytes32 leaf = WorkLib.leafOf(WorkLib.idOf(claimant, work.hash()));
        if (!MerkleProof.verifyCalldata(proof, root, leaf)) return 0;
        return uint40(_anchors[root].time());
    }

    /// @inheritdoc ICopyrightRegistry
    function distance(Work calldata work, bytes32 otherFingerprint) external pure returns (uint256 bits) {
        return Popcount.count(uint256(work.fingerprint ^ otherFingerprint));
    }

    /* INTERNAL */

    function _lift(
        address claimant,
        bytes32 root,
        Work calldata work,
        bytes32 workHash,
        bytes32[] calldata proof
    ) private returns (bytes32 id) {
        Word found = _anchors[root];
        if (!found.exists()) revert Errors.CopyrightRegistry_AnchorMissing(root);
        id = WorkLib.idOf(claimant, workHash);
        if (!MerkleProof.verifyCalldata(proof, root, WorkLib.leafOf(id))) {
            revert Errors.CopyrightRegistry_ProofInvalid(root, id);
        }
        _record(id, claimant, work, found.time(), WordLib.LIFTED);
    }

    /// @dev Checks what must hold before any record is written, and writes it.
    function _record(bytes32 id, address claimant, Work calldata work, uint256 time, Word kind) private {
        if (work.contentHash == 0) revert Errors.CopyrightRegistry_ContentHashZero();
        if (WordLib.load(id).exists()) revert Errors.CopyrightRegistry_DepositExists(id);

        WordLib.store(id, WordLib.pack(claimant, time, block.number) | kind);

        bytes32 topic = Deposited.selector;
        bytes32 contentHash = work.contentHash;
        assembly ("memory-safe") {
            // The event's data are the work's last four fields as they stand in calldata.
            let free := mload(0x40)
            calldatacopy(free, add(work, 0x20), 0x80)
            log4(free, 0x80, topic, id, claimant, contentHash)
        }
    }

    function _checkDeadline(uint256 deadline) private view {
        if (block.timestamp > deadline) revert Errors.CopyrightRegistry_SignatureExpired(deadline, block.timestamp);
    }

    function _depositDigest(address claimant, bytes32 workHash, uint256 deadline) private view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(DEPOSIT_TYPEHASH, claimant, workHash, deadline)));
    }

    /// @dev Why an entry of a relay's batch cannot be recorded; `None` if it can. Never reverts and uses bounded gas.
    function _whySkip(SignedDeposit calldata entry, bytes32 id, bytes32 workHash) private view returns (SkipReason) {
        if (entry.work.contentHash == 0) return SkipReason.ContentHashZero;
        if (WordLib.load(id).exists()) return SkipReason.DepositExists;
        if (block.timestamp > entry.deadline) return SkipReason.SignatureExpired;
        bytes32 digest = _depositDigest(entry.claimant, workHash, entry.deadline);
        if (!_isSignedBy(entry.claimant, digest, entry.signature, ERC1271_GAS_IN_BATCH))
            return SkipReason.SignatureInvalid;
        return SkipReason.None;
    }

    /// @dev The key first and the code second: most claimants have no code, and looking whether they do costs 2,600 gas. An
    /// account with an EIP-7702 delegation can sign either way; its key controls it in any case.
    function _isSignedBy(
        address claimant,
        bytes32 digest,
        bytes calldata signature,
        uint256 gasLimit
    ) private view returns (bool) {
        (address recovered, ECDSA.RecoverError problem, ) = ECDSA.tryRecoverCalldata(digest, signature);
        if (problem == ECDSA.RecoverError.NoError && recovered == claimant) return true;
        if (claimant.code.length == 0) return false;

        bytes memory question = abi.encodeCall(IERC1271.isValidSignature, (digest, signature));
        bool answered;
        bytes32 answer;
        assembly ("memory-safe") {
            // The answer goes to scratch space; a longer one is not copied, so it costs nothing more.
            answered := staticcall(gasLimit, claimant, add(question, 0x20), mload(question), 0x00, 0x20)
            answered := and(answered, gt(returndatasize(), 0x1f))
            answer := mload(0x00)
        }
        return answered && answer == bytes32(IERC1271.isValidSignature.selector);
    }
}
