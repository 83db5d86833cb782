import { decodeBytes32String } from 'ethers'
import type { ContractErrorEntry } from './entry.ts'

const PHASES = ['not filed', 'filed', 'answered', 'disputed', 'ruled on', 'closed']
const PANEL_PHASES = ['unknown', 'drawing', 'committing', 'revealing', 'decided', 'solved']

/** Custom errors of InfringementClaims and ArbitrationPanel. */
export const claimsErrors: Readonly<Record<string, ContractErrorEntry>> = {
  InfringementClaims_NotClaimant: {
    code: 'CLAIM_NOT_YOURS',
    message: ({ caller, claimant }) => `The claim is ${claimant}'s, not ${caller}'s.`,
    hint: 'Use the account that the claim names as its claimant.',
  },
  InfringementClaims_ClaimInvalid: {
    code: 'CLAIM_INVALID',
    message: ({ field }) => `The claim contradicts itself in ${text(field)}.`,
    hint: 'Name either a respondent or a disputed deposit, never yourself, give the evidence, and show the work if the copy was fingerprinted.',
  },
  InfringementClaims_BondOutOfRange: {
    code: 'BOND_OUT_OF_RANGE',
    message: ({ bond, least }) => `The bond is ${bond} wei; at least ${least} are wanted, and less than 2^96.`,
    hint: 'Read MIN_BOND of the contract.',
  },
  InfringementClaims_ClaimExists: {
    code: 'CLAIM_EXISTS',
    message: ({ id }) => `The very same claim was filed before, with id ${id}.`,
    hint: 'Look at it; a new claim needs new evidence.',
  },
  InfringementClaims_WorkMismatch: {
    code: 'CLAIM_WORK_MISMATCH',
    message: ({ given, wanted }) => `Work and depositor make the deposit ${given}, but the claim names ${wanted}.`,
    hint: "Give the work and its depositor exactly as they were deposited, as the registry's Deposited event has them.",
  },
  InfringementClaims_FingerprintMissing: {
    code: 'CLAIM_FINGERPRINT_MISSING',
    message: ({ suspectType, workType }) => `The copy's fingerprint is of type ${suspectType}, the work's of type ${workType}.`,
    hint: 'Compare fingerprints of the same algorithm, or file the claim without one.',
  },
  InfringementClaims_WrongPhase: {
    code: 'CLAIM_WRONG_PHASE',
    message: ({ id, phase }) => `The claim ${id} is ${phaseOf(PHASES, phase)}, so this cannot be done.`,
    hint: 'Check every field of the claim against its ClaimFiled event, and read claimOf().',
  },
  InfringementClaims_TooLate: {
    code: 'TOO_LATE',
    message: ({ deadline, timestamp }) => `The time for this was over at second ${deadline}; it is ${timestamp} on the chain.`,
    hint: 'Read the deadline before you act; what follows from it is done by conclude() or advance().',
  },
  InfringementClaims_TooEarly: {
    code: 'TOO_EARLY',
    message: ({ from, timestamp }) => `This can be done from second ${from} on; it is ${timestamp} on the chain.`,
    hint: 'Wait until then.',
  },
  InfringementClaims_NotRespondent: {
    code: 'NOT_RESPONDENT',
    message: ({ caller, id }) => `${caller} is not who is to answer the claim ${id}.`,
    hint: 'The respondent is the one named, or who holds the rights in the disputed deposit.',
  },
  InfringementClaims_NotParty: {
    code: 'NOT_PARTY',
    message: ({ caller, id }) => `${caller} is neither side of the claim ${id}.`,
    hint: "Use the claimant's or the respondent's account.",
  },
  InfringementClaims_ValueWrong: {
    code: 'VALUE_WRONG',
    message: ({ sent, wanted }) => `${sent} wei were sent where ${wanted} are wanted.`,
    hint: 'Send the amount exactly, and no coins with tokens.',
  },
  InfringementClaims_LicenseInsufficient: {
    code: 'LICENSE_INSUFFICIENT',
    message: ({ licenseId }) => `The license ${licenseId} does not answer this claim.`,
    hint: 'It must be of the work, yours and active, and, as an answer, older than the claim.',
  },
  InfringementClaims_DepositInsufficient: {
    code: 'DEPOSIT_INSUFFICIENT',
    message: ({ depositId }) => `The deposit ${depositId} does not answer this claim.`,
    hint: "It must be yours, older than the claimant's, and of the same file or a fingerprint at most 31 bits away.",
  },
  InfringementClaims_SettlementMismatch: {
    code: 'SETTLEMENT_MISMATCH',
    message: ({ given, wanted }) => `The settlement does not fit: ${given} where ${wanted} is wanted.`,
    hint: 'Give the settlement as it was signed for this claim, and a license of the very offer that it names.',
  },
  InfringementClaims_SignatureInvalid: {
    code: 'SIGNATURE_INVALID',
    message: ({ claimant }) => `The signature is not ${claimant}'s, or is over something else.`,
    hint: 'Settlement, chain and contract must be exactly those that were signed.',
  },
  InfringementClaims_NoStanding: {
    code: 'CLAIM_NO_STANDING',
    message: ({ claimant, workId }) => `${claimant} does not hold the rights in the work ${workId}, or its deposit is refuted.`,
    hint: 'Anybody may conclude the claim, which dismisses it.',
  },
  InfringementClaims_FeeTooLow: {
    code: 'ARBITRATION_FEE_TOO_LOW',
    message: ({ sent, wanted }) => `The arbitrator wants ${wanted} wei; ${sent} were sent.`,
    hint: 'Read feeOf() and send that; what is more is credited.',
  },
  InfringementClaims_DisputeExists: {
    code: 'ARBITRATOR_FAULT',
    message: ({ arbitrator, disputeId }) => `${arbitrator} gave the number ${disputeId} twice.`,
    hint: 'The arbitrator does not keep to ERC-792. Wait for the backup, or settle.',
  },
  InfringementClaims_DisputeUnknown: {
    code: 'DISPUTE_UNKNOWN',
    message: ({ arbitrator, disputeId }) => `No claim waits for ${arbitrator}'s ruling on its dispute ${disputeId}.`,
    hint: 'It was never opened, or went to the backup because no ruling came in time.',
  },
  InfringementClaims_RulingInvalid: {
    code: 'RULING_INVALID',
    message: ({ ruling, choices }) => `The ruling is ${ruling}, but the choices are 0 to ${choices}.`,
    hint: 'Only where a deposit is disputed it can be refuted.',
  },
  InfringementClaims_AppealsUsedUp: {
    code: 'APPEALS_USED_UP',
    message: ({ id }) => `The claim ${id} was appealed as often as it can be.`,
    hint: 'The ruling will stand.',
  },
  InfringementClaims_NotOlder: {
    code: 'DEPOSIT_NOT_OLDER',
    message: ({ claimedAt, suspectAt }) =>
      `The claimant deposited at second ${claimedAt}, the other at ${suspectAt}; zero stands for no deposit.`,
    hint: 'Only an older deposit can have another frozen. The claim itself goes on without.',
  },
  InfringementClaims_FreezeUsed: {
    code: 'FREEZE_USED',
    message: ({ id }) => `The claim ${id} had its freeze.`,
    hint: 'A claim freezes once, for 30 days.',
  },
  InfringementClaims_FrozenAlready: {
    code: 'FROZEN_ALREADY',
    message: ({ suspectId, until }) => `The title ${suspectId} is frozen for another claim until second ${until}.`,
    hint: 'Ask again when that is over.',
  },
  InfringementClaims_FreezeUsedUp: {
    code: 'FREEZE_USED_UP',
    message: ({ suspectId, used }) => `Claims froze the title ${suspectId} for ${used} seconds that are not forgotten yet.`,
    hint: 'Every three seconds that pass forget one; 30 days must be free of 60.',
  },
  InfringementClaims_NothingHeld: {
    code: 'NOTHING_HELD',
    message: ({ account }) => `The contract of claims holds nothing for ${account}.`,
    hint: 'Check the account; bonds are credited when a claim is concluded.',
  },
  InfringementClaims_TransferFailed: {
    code: 'TRANSFER_FAILED',
    message: ({ to, amount }) => `${to} did not take ${amount} wei.`,
    hint: 'Withdraw to another address.',
  },

  ArbitrationPanel_NotArbitrator: {
    code: 'NOT_ARBITRATOR',
    message: ({ account }) => `${account} is no arbitrator of the alliance now.`,
    hint: 'Membership with this role is given, and suspended, by the alliance.',
  },
  ArbitrationPanel_BenchedUntil: {
    code: 'ARBITRATOR_BENCHED',
    message: ({ account, until }) => `${account} let a dispute down and can enlist again from second ${until} on.`,
    hint: 'Who cannot judge a dispute recuses himself before the time to commit is over.',
  },
  ArbitrationPanel_EnlistedAlready: {
    code: 'ARBITRATOR_ENLISTED',
    message: ({ account }) => `${account} is in the pool already.`,
    hint: 'Nothing has to be done.',
  },
  ArbitrationPanel_NotEnlisted: {
    code: 'ARBITRATOR_NOT_ENLISTED',
    message: ({ account }) => `${account} is not in the pool.`,
    hint: 'Nothing has to be done.',
  },
  ArbitrationPanel_ChoicesInvalid: {
    code: 'CHOICES_INVALID',
    message: ({ choices }) => `A dispute has 2 to 15 choices, not ${choices}.`,
    hint: 'Zero is always possible and does not count.',
  },
  ArbitrationPanel_FeeTooLow: {
    code: 'ARBITRATION_FEE_TOO_LOW',
    message: ({ sent, wanted }) => `The panel wants ${wanted} wei; ${sent} were sent.`,
    hint: 'Read arbitrationCost() or appealCost() and send that; what is more is credited.',
  },
  ArbitrationPanel_FeeOutOfRange: {
    code: 'FEE_OUT_OF_RANGE',
    message: ({ fee, least, most }) => `The fee for a seat is to be ${fee} wei, but must be ${least} to ${most}.`,
    hint: 'The range was fixed when the panel was deployed.',
  },
  ArbitrationPanel_WrongPhase: {
    code: 'DISPUTE_WRONG_PHASE',
    message: ({ disputeId, phase }) => `The dispute ${disputeId} is ${phaseOf(PANEL_PHASES, phase)}, so this cannot be done.`,
    hint: 'Read disputeOf(); if its deadline is over, anybody may advance it.',
  },
  ArbitrationPanel_TooEarly: {
    code: 'TOO_EARLY',
    message: ({ from, now_ }) => `This can be done from second or block ${from} on; it is ${now_}.`,
    hint: 'Wait until then. Drawing waits for a block, everything else for a time.',
  },
  ArbitrationPanel_TooLate: {
    code: 'TOO_LATE',
    message: ({ deadline, timestamp }) => `The time for this was over at second ${deadline}; it is ${timestamp} on the chain.`,
    hint: 'Anybody may advance the dispute now.',
  },
  ArbitrationPanel_NotSeated: {
    code: 'NOT_SEATED',
    message: ({ caller, disputeId }) => `${caller} has no seat in the round of the dispute ${disputeId}.`,
    hint: 'Drawn events tell who sits; a seat that was left or lost is gone.',
  },
  ArbitrationPanel_VotedAlready: {
    code: 'VOTED_ALREADY',
    message: ({ arbitrator, disputeId }) => `${arbitrator} has voted on the dispute ${disputeId} before.`,
    hint: 'A vote cannot be changed.',
  },
  ArbitrationPanel_CommitmentZero: {
    code: 'COMMITMENT_ZERO',
    message: () => 'The commitment is zero.',
    hint: 'Take it from commitmentOf().',
  },
  ArbitrationPanel_CommitmentMismatch: {
    code: 'VOTE_MISMATCH',
    message: ({ given, committed }) => `Choice and salt make the commitment ${given}, but ${committed} was committed.`,
    hint: 'Reveal with the very choice and salt that were committed.',
  },
  ArbitrationPanel_ChoiceInvalid: {
    code: 'RULING_INVALID',
    message: ({ choice, choices }) => `The vote is ${choice}, but the choices are 0 to ${choices}.`,
    hint: 'A vote that is none of the choices cannot be shown.',
  },
  ArbitrationPanel_NotArbitrable: {
    code: 'NOT_ARBITRABLE',
    message: ({ arbitrable, caller }) => `The dispute was opened by ${arbitrable}, so ${caller} cannot appeal it.`,
    hint: 'Appeal by the contract that opened it.',
  },
  ArbitrationPanel_AppealsUsedUp: {
    code: 'APPEALS_USED_UP',
    message: ({ disputeId }) => `The dispute ${disputeId} was appealed as often as it can be.`,
    hint: 'The ruling will stand.',
  },
  ArbitrationPanel_DeliveredAlready: {
    code: 'RULING_DELIVERED',
    message: ({ disputeId }) => `The ruling on the dispute ${disputeId} has arrived.`,
    hint: 'Nothing has to be done.',
  },
  ArbitrationPanel_GasTooLow: {
    code: 'GAS_TOO_LOW',
    message: ({ gasLeft, wanted }) => `${gasLeft} gas are left where ${wanted} are wanted.`,
    hint: 'Send the transaction with a higher gas limit.',
  },
  ArbitrationPanel_NothingHeld: {
    code: 'NOTHING_HELD',
    message: ({ account }) => `The panel holds nothing for ${account}.`,
    hint: 'Votes are paid when their round is closed.',
  },
  ArbitrationPanel_TransferFailed: {
    code: 'TRANSFER_FAILED',
    message: ({ to, amount }) => `${to} did not take ${amount} wei.`,
    hint: 'Withdraw to another address.',
  },
}

function phaseOf(names: string[], phase: unknown): string {
  return names[Number(phase)] ?? `in phase ${phase}`
}

/** A field's name, or the word itself where it is not one. */
function text(word: unknown): string {
  try {
    return decodeBytes32String(String(word))
  } catch {
    return String(word)
  }
}
