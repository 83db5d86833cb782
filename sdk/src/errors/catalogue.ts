import { allianceErrors } from './alliance.ts'
import { claimsErrors } from './claims.ts'
import type { ContractErrorEntry } from './entry.ts'
import { governanceErrors } from './governance.ts'
import { licensingErrors } from './licensing.ts'
import { openZeppelinErrors } from './openZeppelin.ts'
import { revenueErrors } from './revenue.ts'
import { tradingErrors } from './trading.ts'

/** Every custom error of every contract, by its name in Solidity. A test compares this list with the ABIs. */
export const contractErrors: Readonly<Record<string, ContractErrorEntry>> = {
  CopyrightRegistry_DepositExists: {
    code: 'DEPOSIT_EXISTS',
    message: ({ id }) => `The work is deposited already by the same claimant, with id ${id}.`,
    hint: 'Nothing has to be done: the earlier record stands.',
  },
  CopyrightRegistry_ContentHashZero: {
    code: 'CONTENT_HASH_MISSING',
    message: () => 'The work has no content hash.',
    hint: "Put the file's SHA-256 into contentHash; it is never zero.",
  },
  CopyrightRegistry_SignatureExpired: {
    code: 'SIGNATURE_EXPIRED',
    message: ({ deadline, timestamp }) => `The signature was good until ${time(deadline)}; it is ${time(timestamp)} on the chain.`,
    hint: 'Ask the claimant to sign again with a later deadline.',
  },
  CopyrightRegistry_SignatureInvalid: {
    code: 'SIGNATURE_INVALID',
    message: ({ claimant }) => `The signature is not ${claimant}'s, or is over something else.`,
    hint: 'Work, deadline, chain and registry must be exactly those that were signed, and the claimant the one who signed.',
  },
  CopyrightRegistry_BatchEmpty: {
    code: 'INVALID_BATCH',
    message: () => 'There is no work in the batch.',
    hint: 'Give at least one.',
  },
  CopyrightRegistry_CommitmentZero: {
    code: 'COMMITMENT_ZERO',
    message: () => 'The commitment or root is zero.',
    hint: 'Take the commitment from prepareSeal() and the root from createMerkleTree().',
  },
  CopyrightRegistry_SealExists: {
    code: 'SEAL_EXISTS',
    message: ({ claimant, sealedAt }) => `${claimant} sealed this commitment already, at ${time(sealedAt)}.`,
    hint: 'Nothing has to be done: the earlier seal stands. Unseal it when you want to reveal the work.',
  },
  CopyrightRegistry_SealMissing: {
    code: 'SEAL_NOT_FOUND',
    message: ({ claimant }) => `${claimant} has sealed no such work.`,
    hint: 'Unseal with the account and the very opening that were sealed; another salt is another commitment.',
  },
  CopyrightRegistry_CountZero: {
    code: 'INVALID_BATCH',
    message: () => 'An anchor must stand for at least one work.',
    hint: 'Give the number of leaves as count.',
  },
  CopyrightRegistry_AnchorMissing: {
    code: 'ANCHOR_NOT_FOUND',
    message: ({ root }) => `Nobody has anchored the root ${root}.`,
    hint: 'Anchor the batch first, or check the chain and the root.',
  },
  CopyrightRegistry_ProofInvalid: {
    code: 'PROOF_INVALID',
    message: ({ id, root }) => `The proof does not lead from the work with id ${id} to the root ${root}.`,
    hint: 'Use the proof made for this work, and the account the batch names as its claimant.',
  },
  ...revenueErrors,
  ...licensingErrors,
  ...openZeppelinErrors,
  ...tradingErrors,
  ...claimsErrors,
  ...allianceErrors,
  ...governanceErrors,
}

/** Seconds since 1970 as a date, or as a number where no date can hold them. */
function time(seconds: unknown): string {
  const date = new Date(Number(seconds) * 1000)
  return Number.isNaN(date.getTime()) ? `second ${seconds}` : date.toISOString()
}
