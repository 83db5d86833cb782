import { decodeBytes32String } from 'ethers'
import type { ContractErrorEntry } from './entry.ts'

/** Custom errors of IdentityRegistry, CopyrightAlliance and AllianceGovernor. */
export const allianceErrors: Readonly<Record<string, ContractErrorEntry>> = {
  IdentityRegistry_NotVerifier: {
    code: 'NOT_VERIFIER',
    message: ({ account }) => `${account} is no verifier of the alliance now.`,
    hint: 'Use the account of a member with the role of verifier who is not suspended.',
  },
  IdentityRegistry_AttestationInvalid: {
    code: 'ATTESTATION_INVALID',
    message: ({ field }) => `The attestation cannot be taken: look at ${text(field)}.`,
    hint: 'The level is 1 to 3, validFrom not in the future, expiry in the future and at most five years from now, and the claim not zero.',
  },
  IdentityRegistry_NotLater: {
    code: 'ATTESTATION_REPLAYED',
    message: ({ latest, validFrom }) =>
      `The attestation is as of second ${validFrom}, but the verifier’s last word on the subject is of ${latest}.`,
    hint: 'Nothing has to be done if it was sent before; otherwise attest anew, with a later validFrom.',
  },
  IdentityRegistry_VerifiersFull: {
    code: 'VERIFIERS_FULL',
    message: ({ most, subject }) => `${most} verifiers have attested ${subject}; there is no room for another.`,
    hint: 'Ask one of those who have to renew.',
  },
  IdentityRegistry_BatchEmpty: {
    code: 'INVALID_BATCH',
    message: () => 'There is nothing in the batch.',
    hint: 'Give at least one.',
  },
  IdentityRegistry_SignatureExpired: {
    code: 'SIGNATURE_EXPIRED',
    message: ({ deadline, timestamp }) => `The signature was good until second ${deadline}; it is ${timestamp} on the chain.`,
    hint: 'Ask the verifier to sign again with a later deadline.',
  },
  IdentityRegistry_SignatureInvalid: {
    code: 'SIGNATURE_INVALID',
    message: ({ verifier }) => `The signature is not ${verifier}’s, or is over something else.`,
    hint: 'Every field, deadline, chain and contract must be exactly those that were signed.',
  },
  IdentityRegistry_NotInForce: {
    code: 'NOT_ATTESTED',
    message: ({ subject, verifier }) => `${verifier} vouches for nothing of ${subject} now.`,
    hint: 'Nothing has to be done: it has expired or was revoked.',
  },
  IdentityRegistry_NotLatest: {
    code: 'ATTESTATION_NOT_LATEST',
    message: ({ latest, validFrom }) => `The revocation is for an attestation as of second ${validFrom}; the last one is of ${latest}.`,
    hint: 'Ask the verifier to sign for the last one, if that is to be revoked.',
  },
  IdentityRegistry_StillVerifier: {
    code: 'STILL_VERIFIER',
    message: ({ verifier }) => `${verifier} is a verifier, and can revoke it himself.`,
    hint: 'Ask him, or suspend him first.',
  },
  IdentityRegistry_NotAlliance: {
    code: 'NOT_AUTHORIZED',
    message: ({ caller }) => `${caller} is not the alliance.`,
    hint: 'Change the member’s roles; the alliance passes it on.',
  },
  IdentityRegistry_AllianceZero: {
    code: 'INVALID_ADDRESS',
    message: () => 'The zero address stands for no alliance.',
    hint: 'Give the address of the deployed alliance.',
  },
  CopyrightAlliance_AccountZero: {
    code: 'INVALID_ADDRESS',
    message: () => 'The zero address cannot be a member.',
    hint: 'Name an account.',
  },
  CopyrightAlliance_RolesInvalid: {
    code: 'ROLES_INVALID',
    message: ({ roles }) => `${roles} is no sum of roles.`,
    hint: 'Add up at least one of 1 owner, 2 agency, 4 platform, 8 verifier, 16 arbitrator.',
  },
  CopyrightAlliance_LengthsDiffer: {
    code: 'INVALID_BATCH',
    message: ({ accounts, roles }) => `There are ${accounts} accounts and ${roles} sums of roles.`,
    hint: 'Give one for each account.',
  },
  CopyrightAlliance_NotMember: {
    code: 'NOT_MEMBER',
    message: ({ account }) => `${account} is not a member of the alliance.`,
    hint: 'Check the account and the chain.',
  },
  CopyrightAlliance_Suspended: {
    code: 'MEMBER_SUSPENDED',
    message: ({ account }) => `${account} is suspended already.`,
    hint: 'Nothing has to be done.',
  },
  CopyrightAlliance_NotSuspended: {
    code: 'MEMBER_NOT_SUSPENDED',
    message: ({ account }) => `${account} is not suspended.`,
    hint: 'Nothing has to be done.',
  },
  CopyrightAlliance_LastMember: {
    code: 'LAST_MEMBER',
    message: ({ account }) => `${account} is the last member with a vote.`,
    hint: 'Admit or reinstate another member first.',
  },
  CopyrightAlliance_Soulbound: {
    code: 'SOULBOUND',
    message: () => 'A membership cannot be transferred, nor approved for it.',
    hint: 'The new account must be admitted by the alliance.',
  },
  CopyrightAlliance_NotDelegable: {
    code: 'NOT_DELEGABLE',
    message: ({ account, delegatee }) => `${account} cannot give its vote to ${delegatee}.`,
    hint: 'Vote yourself, or sign a ballot that anybody can send.',
  },
  CopyrightAlliance_AlreadyConnected: {
    code: 'ALREADY_CONNECTED',
    message: () => 'The contract was connected before, and that is final.',
    hint: 'Deploy it anew to connect it otherwise.',
  },
  CopyrightAlliance_ModuleZero: {
    code: 'INVALID_ADDRESS',
    message: () => 'The zero address stands for no contract.',
    hint: 'Give the address of the deployed contract.',
  },
  CopyrightAlliance_NotEmpty: {
    code: 'ALLIANCE_NOT_EMPTY',
    message: ({ members }) => `The alliance has ${members} members already.`,
    hint: 'Connect it before the first is admitted.',
  },
  AllianceGovernor_NotActive: {
    code: 'NOT_MEMBER',
    message: ({ account }) => `${account} is not a member of the alliance, or is suspended.`,
    hint: 'Vote with the account of an active member.',
  },
  AllianceGovernor_SettingInvalid: {
    code: 'SETTING_INVALID',
    message: ({ field }) => `The setting ${text(field)} is out of its range, or fixed.`,
    hint: 'See docs/contracts/alliance.md for the ranges.',
  },
}

/** A field's name, which contracts give as 32 bytes. */
function text(field: unknown): string {
  try {
    return decodeBytes32String(String(field))
  } catch {
    return String(field)
  }
}
