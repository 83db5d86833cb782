import type { Mutation, MutationSet } from './mutation.ts'

const IDENTITY = 'contracts/identity/IdentityRegistry.sol'

const mutations: Mutation[] = [
  /* Who may attest */
  { fault: 'anybody attests', file: IDENTITY, find: 'if (found & 1 == 0) revert', replace: 'if (false) revert' },
  { fault: 'anybody says who is a verifier', file: IDENTITY, find: 'if (msg.sender != ALLIANCE) revert', replace: 'if (false) revert' },
  {
    fault: 'a verifier is never forgotten',
    file: IDENTITY,
    find: '_verifiers[account] = (number << 1) | (active ? 1 : 0);',
    replace: '_verifiers[account] = (number << 1) | 1;',
  },
  {
    fault: 'a verifier who comes back is another one',
    file: IDENTITY,
    find: 'if (number == 0) {',
    replace: 'if (active) {',
  },
  {
    fault: 'any signature attests',
    file: IDENTITY,
    find: 'if (!SignatureLib.isSignedBy(verifier, digest, signature)) {',
    replace: 'if (false) {',
  },
  { fault: 'an expired signature counts', file: IDENTITY, find: 'if (block.timestamp > deadline) revert', replace: 'if (false) revert' },
  {
    fault: 'a signature dies one second early',
    file: IDENTITY,
    find: 'if (block.timestamp > deadline) revert',
    replace: 'if (block.timestamp >= deadline) revert',
  },
  {
    fault: 'a signature counts on every chain and registry',
    file: IDENTITY,
    find: 'bytes32 digest = _hashTypedDataV4(structHash);',
    replace: 'bytes32 digest = structHash;',
  },
  {
    fault: 'the level is not signed',
    file: IDENTITY,
    find: 'attestation.level,\n                attestation',
    replace: 'uint8(2),\n                attestation',
  },
  {
    fault: 'the claim is not signed',
    file: IDENTITY,
    find: 'attestation.claim,\n                deadline',
    replace: 'bytes32(0),\n                deadline',
  },

  /* What an attestation may say */
  { fault: 'the zero account is verified', file: IDENTITY, find: 'if (subject == address(0)) revert', replace: 'if (false) revert' },
  {
    fault: 'a level of zero passes',
    file: IDENTITY,
    find: 'if (level == 0 || level > MAX_LEVEL) revert',
    replace: 'if (level > MAX_LEVEL) revert',
  },
  {
    fault: 'a level of four passes',
    file: IDENTITY,
    find: 'uint256 private constant MAX_LEVEL = 3;',
    replace: 'uint256 private constant MAX_LEVEL = 4;',
  },
  {
    fault: 'a validFrom of the future passes',
    file: IDENTITY,
    find: 'if (validFrom > block.timestamp) revert',
    replace: 'if (false) revert',
  },
  {
    fault: 'what has expired is attested',
    file: IDENTITY,
    find: 'if (expiry <= block.timestamp ||',
    replace: 'if (expiry < block.timestamp ||',
  },
  {
    fault: 'an attestation lasts for ever',
    file: IDENTITY,
    find: '|| expiry > block.timestamp + MAX_TERM) {',
    replace: '|| expiry > block.timestamp + 100 * MAX_TERM) {',
  },
  { fault: 'nothing is claimed', file: IDENTITY, find: 'if (attestation.claim == 0) revert', replace: 'if (false) revert' },
  { fault: 'a replay passes', file: IDENTITY, find: 'if (validFrom <= head.latest()) revert', replace: 'if (false) revert' },
  {
    fault: 'the same word passes twice',
    file: IDENTITY,
    find: 'if (validFrom <= head.latest()) revert',
    replace: 'if (validFrom < head.latest()) revert',
  },

  /* Timelines */
  {
    fault: 'an attestation counts from validFrom on, backwards',
    file: IDENTITY,
    find: 'return packIdentityWord(block.timestamp, expiry',
    replace: 'return packIdentityWord(validFrom, expiry',
  },
  {
    fault: 'a gap is filled afterwards',
    file: IDENTITY,
    find: 'if (head.level() == level && head.until() >= block.timestamp) {',
    replace: 'if (head.level() == level) {',
  },
  {
    fault: 'a renewal does not prolong',
    file: IDENTITY,
    find: 'return head.withUntil(expiry).withLatest(validFrom);',
    replace: 'return head.withLatest(validFrom);',
  },
  {
    fault: 'a renewal can be replayed',
    file: IDENTITY,
    find: 'return head.withUntil(expiry).withLatest(validFrom);',
    replace: 'return head.withUntil(expiry);',
  },
  {
    fault: 'two periods overlap',
    file: IDENTITY,
    find: '? head.withUntil(block.timestamp) : head;',
    replace: '? head : head;',
  },
  {
    fault: 'an empty period stays',
    file: IDENTITY,
    find: 'if (head.from() < block.timestamp && head.from() < head.until()) {',
    replace: 'if (head.exists() && head.from() < block.timestamp) {',
  },
  { fault: 'an earlier period is overwritten', file: IDENTITY, find: '++earlier;', replace: '' },
  {
    fault: 'the search stops one period too early',
    file: IDENTITY,
    find: '.from() <= time) low = middle + 1;',
    replace: '.from() < time) low = middle + 1;',
  },
  { fault: 'the lowest level counts', file: IDENTITY, find: 'if (found > highest) highest = found;', replace: 'highest = found;' },
  {
    fault: 'the sixteenth verifier is not asked',
    file: IDENTITY,
    find: 'uint256 highest;\n        for (uint256 lane; lane < MAX_VERIFIERS; ++lane) {',
    replace: 'uint256 highest;\n        for (uint256 lane; lane < MAX_VERIFIERS - 1; ++lane) {',
  },

  /* Revoking */
  {
    fault: 'a revocation ends nothing',
    file: IDENTITY,
    find: 'head.withUntil(block.timestamp).withLatest(block.timestamp);',
    replace: 'head.withLatest(block.timestamp);',
  },
  {
    fault: 'what was signed before a revocation comes back',
    file: IDENTITY,
    find: 'head.withUntil(block.timestamp).withLatest(block.timestamp);',
    replace: 'head.withUntil(block.timestamp);',
  },
  {
    fault: 'what has ended is revoked again',
    file: IDENTITY,
    find: 'if (head.until() <= block.timestamp) revert',
    replace: 'if (false) revert',
  },
  {
    fault: 'a signed revocation counts for later attestations',
    file: IDENTITY,
    find: 'if (latest != validFrom) revert',
    replace: 'if (false) revert',
  },
  {
    fault: 'the authority revokes over a verifier’s head',
    file: IDENTITY,
    find: 'if (isVerifier(verifier)) revert',
    replace: 'if (false) revert',
  },
  {
    fault: 'anybody revokes for former verifiers',
    file: IDENTITY,
    find: 'address subject) external restricted {',
    replace: 'address subject) external {',
  },
  {
    fault: 'anybody renounces for the subject',
    file: IDENTITY,
    find: '_revoke(msg.sender, verifier, _verifiers[verifier] >> 1);',
    replace: '_revoke(tx.origin, msg.sender, _verifiers[verifier] >> 1);',
  },
]

export const set: MutationSet = {
  mocha: ['attest', 'revoke', 'example'].map((name) => `test/identity/${name}.test.ts`),
  solidity: ['test/identity/IdentityRegistry.t.sol'],
  mutations,
}
