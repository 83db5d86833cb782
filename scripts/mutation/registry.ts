import type { Mutation, MutationSet } from './mutation.ts'

const REGISTRY = 'contracts/registry/CopyrightRegistry.sol'
const WORK = 'contracts/libraries/WorkLib.sol'
const WORD = 'contracts/types/Word.sol'
const POPCOUNT = 'contracts/libraries/Popcount.sol'

const CALLER_SEALS = '_seals[msg.sender][commitment]'

const mutations: Mutation[] = [
  /* What every record needs */
  {
    fault: 'a work without a content hash is recorded',
    file: REGISTRY,
    find: 'if (work.contentHash == 0) revert',
    replace: 'if (false) revert',
  },
  { fault: 'a record is overwritten', file: REGISTRY, find: 'if (WordLib.load(id).exists()) revert', replace: 'if (false) revert' },
  {
    fault: 'an id does not bind the claimant',
    file: WORK,
    find: 'bytes32(uint256(uint160(claimant)))',
    replace: 'bytes32(0 & uint256(uint160(claimant)))',
  },
  {
    fault: 'an id does not bind the salt',
    file: WORK,
    find: 'mstore(free, typeHash)\n            calldatacopy(add(free, 0x20), work, 0xa0)',
    replace: 'mstore(add(free, 0xa0), 0)\n            mstore(free, typeHash)\n            calldatacopy(add(free, 0x20), work, 0x80)',
  },
  { fault: 'one work has many encodings, by dirty high bits', file: WORK, find: 'work.fingerprintType;', replace: '' },
  {
    fault: 'the caller of a caller is the claimant',
    file: REGISTRY,
    find: 'id = WorkLib.idOf(msg.sender, work.hash());\n        _record(id, msg.sender, work, block.timestamp',
    replace: 'id = WorkLib.idOf(tx.origin, work.hash());\n        _record(id, tx.origin, work, block.timestamp',
  },
  {
    fault: 'an empty list of works passes',
    file: REGISTRY,
    find: 'uint256 count = works.length;\n        if (count == 0) revert',
    replace: 'uint256 count = works.length;\n        if (false) revert',
  },
  {
    fault: 'a direct deposit says that it was signed for',
    file: REGISTRY,
    find: '_record(id, msg.sender, work, block.timestamp, WordLib.DIRECT)',
    replace: '_record(id, msg.sender, work, block.timestamp, WordLib.SIGNED)',
  },
  {
    fault: 'the deposits of a list say that they were signed for',
    file: REGISTRY,
    find: '_record(id, msg.sender, works[i], block.timestamp, WordLib.DIRECT)',
    replace: '_record(id, msg.sender, works[i], block.timestamp, WordLib.SIGNED)',
  },
  {
    fault: 'the event tells other fields',
    file: REGISTRY,
    find: 'calldatacopy(free, add(work, 0x20), 0x80)',
    replace: 'calldatacopy(free, work, 0x80)',
  },
  {
    fault: 'the event names somebody else',
    file: REGISTRY,
    find: 'log4(free, 0x80, topic, id, claimant, contentHash)',
    replace: 'log4(free, 0x80, topic, id, caller(), contentHash)',
  },

  /* Signatures */
  {
    fault: 'anybody deposits in anybody’s name',
    file: REGISTRY,
    find: 'if (!_isSignedBy(claimant, digest, signature, gasleft())) {\n            revert Errors.CopyrightRegistry_SignatureInvalid(claimant, digest);\n        }\n\n        id = WorkLib.idOf',
    replace: 'id = WorkLib.idOf',
  },
  {
    fault: 'anybody lifts in anybody’s name',
    file: REGISTRY,
    find: 'if (!_isSignedBy(claimant, digest, signature, gasleft())) {\n            revert Errors.CopyrightRegistry_SignatureInvalid(claimant, digest);\n        }\n\n        id = _lift',
    replace: 'id = _lift',
  },
  { fault: 'an expired signature counts', file: REGISTRY, find: 'if (block.timestamp > deadline) revert', replace: 'if (false) revert' },
  {
    fault: 'a signature dies one second early',
    file: REGISTRY,
    find: 'if (block.timestamp > deadline) revert',
    replace: 'if (block.timestamp >= deadline) revert',
  },
  {
    fault: 'depositBySig forgets the deadline',
    file: REGISTRY,
    find: '_checkDeadline(deadline);\n        bytes32 workHash = work.hash();\n        bytes32 digest = _depositDigest',
    replace: 'bytes32 workHash = work.hash();\n        bytes32 digest = _depositDigest',
  },
  {
    fault: 'liftBySig forgets the deadline',
    file: REGISTRY,
    find: '_checkDeadline(deadline);\n        bytes32 workHash = work.hash();\n        bytes32 digest = _hashTypedDataV4',
    replace: 'bytes32 workHash = work.hash();\n        bytes32 digest = _hashTypedDataV4',
  },
  {
    fault: 'a deposit’s signature counts on every chain and registry',
    file: REGISTRY,
    find: 'return _hashTypedDataV4(keccak256(abi.encode(DEPOSIT_TYPEHASH, claimant, workHash, deadline)))',
    replace: 'return keccak256(abi.encode(DEPOSIT_TYPEHASH, claimant, workHash, deadline))',
  },
  {
    fault: 'a lift’s signature counts on every chain and registry',
    file: REGISTRY,
    find: '_hashTypedDataV4(keccak256(abi.encode(LIFT_TYPEHASH, claimant, root, workHash, deadline)))',
    replace: 'keccak256(abi.encode(LIFT_TYPEHASH, claimant, root, workHash, deadline))',
  },
  {
    fault: 'a signature for one claimant counts for another wallet of the same key',
    file: REGISTRY,
    find: 'abi.encode(DEPOSIT_TYPEHASH, claimant, workHash, deadline)',
    replace: 'abi.encode(DEPOSIT_TYPEHASH, address(0), workHash, deadline)',
  },
  {
    fault: 'the deadline is not signed',
    file: REGISTRY,
    find: 'abi.encode(DEPOSIT_TYPEHASH, claimant, workHash, deadline)',
    replace: 'abi.encode(DEPOSIT_TYPEHASH, claimant, workHash, deadline & 0)',
  },
  {
    fault: 'the root is not signed',
    file: REGISTRY,
    find: 'abi.encode(LIFT_TYPEHASH, claimant, root, workHash, deadline)',
    replace: 'abi.encode(LIFT_TYPEHASH, claimant, bytes32(0), workHash, deadline)',
  },
  {
    fault: 'a lift is signed as a deposit',
    file: REGISTRY,
    find: 'abi.encode(LIFT_TYPEHASH, claimant, root, workHash, deadline)',
    replace: 'abi.encode(DEPOSIT_TYPEHASH, claimant, workHash, deadline)',
  },
  {
    fault: 'a signature has a second form (high s)',
    file: REGISTRY,
    find: '(address recovered, ECDSA.RecoverError problem, ) = ECDSA.tryRecoverCalldata(digest, signature);',
    replace: `address recovered = signature.length == 65
            ? ecrecover(digest, uint8(signature[64]), bytes32(signature[0:32]), bytes32(signature[32:64]))
            : address(0);
        ECDSA.RecoverError problem = recovered == address(0)
            ? ECDSA.RecoverError.InvalidSignature
            : ECDSA.RecoverError.NoError;`,
  },
  {
    fault: 'nonsense speaks for the zero address',
    file: REGISTRY,
    find: 'problem == ECDSA.RecoverError.NoError && recovered == claimant',
    replace: 'recovered == claimant || (problem == ECDSA.RecoverError.NoError && recovered == claimant)',
  },
  {
    fault: 'any key counts',
    file: REGISTRY,
    find: 'problem == ECDSA.RecoverError.NoError && recovered == claimant',
    replace: 'problem == ECDSA.RecoverError.NoError',
  },
  {
    fault: 'contract wallets cannot sign',
    file: REGISTRY,
    find: 'if (claimant.code.length == 0) return false;',
    replace: 'if (claimant.code.length != 0) return false;',
  },
  {
    fault: 'a wallet that says no counts',
    file: REGISTRY,
    find: 'return answered && answer == bytes32(IERC1271.isValidSignature.selector)',
    replace: 'return answered || answer == bytes32(IERC1271.isValidSignature.selector)',
  },
  {
    fault: 'a wallet that reverts with the right word counts',
    file: REGISTRY,
    find: 'answered := and(answered, gt(returndatasize(), 0x1f))',
    replace: 'answered := gt(returndatasize(), 0x1f)',
  },
  {
    fault: 'a wallet that answers with four bytes counts',
    file: REGISTRY,
    find: 'answered := and(answered, gt(returndatasize(), 0x1f))',
    replace: '',
  },
  {
    fault: 'an answer with a dirty tail counts',
    file: REGISTRY,
    find: 'answer == bytes32(IERC1271.isValidSignature.selector)',
    replace: 'bytes4(answer) == IERC1271.isValidSignature.selector',
  },
  { fault: 'a wallet is asked about the wrong bytes', file: REGISTRY, find: '(digest, signature));', replace: '(digest, signature[:0]));' },

  /* Batches of a relay */
  {
    fault: 'an empty batch passes',
    file: REGISTRY,
    find: 'uint256 count = deposits.length;\n        if (count == 0) revert',
    replace: 'uint256 count = deposits.length;\n        if (false) revert',
  },
  {
    fault: 'a work without a content hash blocks a batch',
    file: REGISTRY,
    find: 'if (entry.work.contentHash == 0) return SkipReason.ContentHashZero;',
    replace: '',
  },
  {
    fault: 'being recorded a moment earlier blocks a batch',
    file: REGISTRY,
    find: 'if (WordLib.load(id).exists()) return SkipReason.DepositExists;',
    replace: '',
  },
  {
    fault: 'an expired signature counts in a batch',
    file: REGISTRY,
    find: 'if (block.timestamp > entry.deadline) return SkipReason.SignatureExpired;',
    replace: '',
  },
  {
    fault: 'a signature dies one second early in a batch',
    file: REGISTRY,
    find: 'block.timestamp > entry.deadline',
    replace: 'block.timestamp >= entry.deadline',
  },
  {
    fault: 'a forged signature counts in a batch',
    file: REGISTRY,
    find: 'return SkipReason.SignatureInvalid;',
    replace: 'return SkipReason.None;',
  },
  {
    fault: 'one wallet burns the gas of a batch',
    file: REGISTRY,
    find: 'entry.signature, ERC1271_GAS_IN_BATCH)',
    replace: 'entry.signature, gasleft())',
  },
  {
    fault: 'a batch records the relay as the claimant',
    file: REGISTRY,
    find: '_record(id, entry.claimant, entry.work',
    replace: '_record(id, msg.sender, entry.work',
  },
  { fault: 'a batch miscounts what it recorded', file: REGISTRY, find: '++deposited;', replace: '' },
  {
    fault: 'a skipped entry is reported under another index',
    file: REGISTRY,
    find: 'emit DepositSkipped(i, id',
    replace: 'emit DepositSkipped(deposited, id',
  },

  /* Seals */
  { fault: 'a zero commitment is sealed', file: REGISTRY, find: 'if (commitment == 0) revert', replace: 'if (false) revert' },
  {
    fault: 'a seal’s time is moved by sealing again',
    file: REGISTRY,
    find: 'if (found.exists()) revert Errors.CopyrightRegistry_SealExists',
    replace: 'if (false) revert Errors.CopyrightRegistry_SealExists',
  },
  {
    fault: 'a copied commitment blocks its owner’s seal',
    file: REGISTRY,
    find: CALLER_SEALS,
    replace: '_seals[address(1)][commitment]',
    times: 2,
  },
  {
    fault: 'what was never sealed is unsealed',
    file: REGISTRY,
    find: 'if (!found.exists()) revert Errors.CopyrightRegistry_SealMissing',
    replace: 'if (false) revert Errors.CopyrightRegistry_SealMissing',
  },
  {
    fault: 'an unsealed work carries the time of the unsealing',
    file: REGISTRY,
    find: 'found.time(), WordLib.UNSEALED',
    replace: 'block.timestamp, WordLib.UNSEALED',
  },
  {
    fault: 'an unsealed work passes for a direct deposit',
    file: REGISTRY,
    find: 'found.time(), WordLib.UNSEALED',
    replace: 'found.time(), WordLib.DIRECT',
  },

  /* Anchors */
  { fault: 'a zero root is anchored', file: REGISTRY, find: 'if (root == 0) revert', replace: 'if (false) revert' },
  {
    fault: 'an anchor of no works passes',
    file: REGISTRY,
    find: 'if (count == 0) revert Errors.CopyrightRegistry_CountZero()',
    replace: 'if (false) revert Errors.CopyrightRegistry_CountZero()',
  },
  { fault: 'an anchor’s time is moved by anchoring again', file: REGISTRY, find: 'if (_anchors[root].exists()) return;', replace: '' },
  {
    fault: 'being overtaken reverts an anchor',
    file: REGISTRY,
    find: 'if (_anchors[root].exists()) return;',
    replace: 'if (_anchors[root].exists()) revert();',
  },
  {
    fault: 'a work is lifted from a root that nobody anchored',
    file: REGISTRY,
    find: 'if (!found.exists()) revert Errors.CopyrightRegistry_AnchorMissing',
    replace: 'if (false) revert Errors.CopyrightRegistry_AnchorMissing',
  },
  {
    fault: 'a work is lifted without a proof',
    file: REGISTRY,
    find: 'if (!MerkleProof.verifyCalldata(proof, root, WorkLib.leafOf(id)))',
    replace: 'if (false)',
  },
  {
    fault: 'an inner node passes for a leaf (second preimage)',
    file: WORK,
    find: 'mstore(0x00, id)\n            leaf := keccak256(0x00, 0x20)',
    replace: 'leaf := id',
  },
  {
    fault: 'a lifted work carries the time of the lifting',
    file: REGISTRY,
    find: 'found.time(), WordLib.LIFTED',
    replace: 'block.timestamp, WordLib.LIFTED',
  },
  {
    fault: 'a lifted work passes for a direct deposit',
    file: REGISTRY,
    find: 'found.time(), WordLib.LIFTED',
    replace: 'found.time(), WordLib.DIRECT',
  },

  /* Views */
  {
    fault: 'verifyWork affirms another work',
    file: REGISTRY,
    find: 'if (WorkLib.idOf(claimant, work.hash()) != id) return 0;',
    replace: '',
  },
  {
    fault: 'verifyAnchored affirms another work',
    file: REGISTRY,
    find: 'if (!MerkleProof.verifyCalldata(proof, root, leaf)) return 0;',
    replace: 'leaf;',
  },
  { fault: 'a seal or an anchor is read as a deposit', file: WORD, find: 'if (kind == DepositKind.None) return deposit;', replace: '' },
  {
    fault: 'distance compares something else',
    file: REGISTRY,
    find: 'work.fingerprint ^ otherFingerprint',
    replace: 'work.fingerprint & ~otherFingerprint',
  },

  /* The word */
  { fault: 'time and block number overlap', file: WORD, find: '(blockNumber << 200)', replace: '(blockNumber << 192)' },
  {
    fault: 'a late time is cut',
    file: WORD,
    find: 'return uint40(Word.unwrap(word) >> 160)',
    replace: 'return uint32(Word.unwrap(word) >> 160)',
  },
  {
    fault: 'a stamp shows a wrong block',
    file: WORD,
    find: 'blockNumber: uint40(bits >> 200)',
    replace: 'blockNumber: uint40(bits >> 160)',
  },
  {
    fault: 'a record shows a wrong block',
    file: WORD,
    find: 'recordedIn: uint40(bits >> 200)',
    replace: 'recordedIn: uint40(bits >> 160)',
  },

  /* Popcount */
  {
    fault: 'popcount counts 256 as 0',
    file: POPCOUNT,
    find: '(bits * (type(uint256).max / 65_535)) >> 240',
    replace: '((bits * (type(uint256).max / 65_535)) >> 240) & 0xff',
  },
  {
    fault: 'popcount loses carries between bytes',
    file: POPCOUNT,
    find: '(bits + (bits >> 8)) & (type(uint256).max / 257)',
    replace: '(bits + (bits >> 8)) & (type(uint256).max / 65_535)',
  },
]

export const set: MutationSet = {
  mocha: ['anchor', 'deposit', 'depositBySig', 'depositMany', 'depositManyBySig', 'seal', 'verify'].map(
    (name) => `test/registry/${name}.test.ts`,
  ),
  solidity: ['test/registry/CopyrightRegistry.t.sol', 'test/registry/CopyrightRegistry.invariant.t.sol'],
  mutations,
}
