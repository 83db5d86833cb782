import type { ContractErrorEntry } from './entry.ts'

/** Custom errors of the OpenZeppelin contracts beneath governor, timelock, votes and authority. */
export const governanceErrors: Readonly<Record<string, ContractErrorEntry>> = {
  GovernorAlreadyCastVote: {
    code: 'VOTE_CAST',
    message: ({ voter }) => `${voter} has voted.`,
    hint: 'Nothing has to be done; a vote is final.',
  },
  GovernorAlreadyQueuedProposal: {
    code: 'PROPOSAL_STATE',
    message: ({ proposalId }) => `The proposal ${proposalId} is queued already.`,
    hint: 'Wait for the timelock’s delay, then execute it.',
  },
  GovernorDisabledDeposit: {
    code: 'DEPOSIT_DISABLED',
    message: () => 'The governor keeps no money and no tokens.',
    hint: 'Send them elsewhere.',
  },
  GovernorInsufficientProposerVotes: {
    code: 'NOT_MEMBER',
    message: ({ proposer }) => `${proposer} has no vote, so it cannot propose.`,
    hint: 'Propose with the account of an active member, admitted before this second.',
  },
  GovernorInvalidProposalLength: {
    code: 'PROPOSAL_INVALID',
    message: ({ calldatas, targets, values }) => `The proposal has ${targets} targets, ${calldatas} calls and ${values} values.`,
    hint: 'Give one of each for every call, at least one.',
  },
  GovernorInvalidQuorumFraction: {
    code: 'SETTING_INVALID',
    message: ({ quorumDenominator, quorumNumerator }) => `A quorum of ${quorumNumerator} of ${quorumDenominator} cannot be reached.`,
    hint: 'Give a share of the members that is not above the whole.',
  },
  GovernorInvalidSignature: {
    code: 'SIGNATURE_INVALID',
    message: ({ voter }) => `The signature is not ${voter}’s, or is over something else.`,
    hint: 'Proposal, vote, nonce, chain and governor must be exactly those that were signed.',
  },
  GovernorInvalidVoteParams: {
    code: 'VOTE_INVALID',
    message: () => 'This vote takes no further parameters.',
    hint: 'Leave them out.',
  },
  GovernorInvalidVoteType: {
    code: 'VOTE_INVALID',
    message: () => 'There is no such vote.',
    hint: 'Give 0 against, 1 for, 2 abstain.',
  },
  GovernorInvalidVotingPeriod: {
    code: 'SETTING_INVALID',
    message: ({ votingPeriod }) => `A vote cannot last ${votingPeriod} seconds.`,
    hint: 'Give at least 3,600.',
  },
  GovernorNonexistentProposal: {
    code: 'PROPOSAL_NOT_FOUND',
    message: ({ proposalId }) => `There is no proposal ${proposalId}.`,
    hint: 'Targets, values, calls and description must be exactly those that were proposed.',
  },
  GovernorOnlyExecutor: {
    code: 'NOT_AUTHORIZED',
    message: ({ account }) => `${account} is not the timelock.`,
    hint: 'Propose it; the timelock carries it out.',
  },
  GovernorProposalQueueingFailed: {
    code: 'PROPOSAL_STATE',
    message: ({ proposalId }) => `The proposal ${proposalId} could not be queued.`,
    hint: 'Look at its state.',
  },
  GovernorProposalQueueingNotRequired: {
    code: 'PROPOSAL_STATE',
    message: ({ proposalId }) => `The proposal ${proposalId} need not be queued.`,
    hint: 'Execute it.',
  },
  GovernorRestrictedProposer: {
    code: 'NOT_AUTHORIZED',
    message: ({ proposer }) => `${proposer} is not whom the description names as proposer.`,
    hint: 'Propose with the account that the description ends with.',
  },
  GovernorUnableToCancel: {
    code: 'PROPOSAL_STATE',
    message: ({ account, proposalId }) => `${account} cannot cancel the proposal ${proposalId}.`,
    hint: 'Its proposer can, until the vote begins.',
  },
  GovernorUnexpectedProposalState: {
    code: 'PROPOSAL_STATE',
    message: ({ current, proposalId }) => `The proposal ${proposalId} is in state ${current}, in which this cannot be done.`,
    hint: '0 pending, 1 active, 2 canceled, 3 defeated, 4 succeeded, 5 queued, 6 expired, 7 executed.',
  },
  AccessControlBadConfirmation: {
    code: 'NOT_AUTHORIZED',
    message: () => 'Only the account itself renounces its role.',
    hint: 'Name the account that sends it.',
  },
  AccessControlUnauthorizedAccount: {
    code: 'NOT_AUTHORIZED',
    message: ({ account, neededRole }) => `${account} has not the timelock’s role ${neededRole}.`,
    hint: 'Propose it to the alliance; the governor alone has the timelock’s roles.',
  },
  TimelockInsufficientDelay: {
    code: 'TIMELOCK_REFUSED',
    message: ({ delay, minDelay }) => `A delay of ${delay} seconds is below ${minDelay}.`,
    hint: 'Give at least the least delay.',
  },
  TimelockInvalidOperationLength: {
    code: 'PROPOSAL_INVALID',
    message: ({ payloads, targets, values }) => `The operation has ${targets} targets, ${payloads} calls and ${values} values.`,
    hint: 'Give one of each for every call.',
  },
  TimelockUnauthorizedCaller: {
    code: 'NOT_AUTHORIZED',
    message: ({ caller }) => `${caller} is not the timelock.`,
    hint: 'Propose it; the timelock carries it out.',
  },
  TimelockUnexecutedPredecessor: {
    code: 'TIMELOCK_REFUSED',
    message: ({ predecessorId }) => `The operation ${predecessorId} comes first.`,
    hint: 'Execute that one before.',
  },
  TimelockUnexpectedOperationState: {
    code: 'TIMELOCK_REFUSED',
    message: ({ operationId }) => `The operation ${operationId} is not in the state that this takes.`,
    hint: 'Wait until its delay is over, or see whether it was executed.',
  },
  ERC5805FutureLookup: {
    code: 'TIME_NOT_OVER',
    message: ({ clock, timepoint }) => `Second ${timepoint} is not over; it is ${clock} on the chain.`,
    hint: 'Ask for an earlier second.',
  },
  ERC6372InconsistentClock: {
    code: 'CONTRACT_REVERTED',
    message: () => 'The clock was changed, so votes cannot be counted.',
    hint: 'This contract’s clock is never changed; check that it is genuine.',
  },
  VotesExpiredSignature: {
    code: 'SIGNATURE_EXPIRED',
    message: ({ expiry }) => `The signature was good until second ${expiry}.`,
    hint: 'Sign again with a later expiry.',
  },
  InvalidAccountNonce: {
    code: 'SIGNATURE_REPLAYED',
    message: ({ account, currentNonce }) => `The next nonce of ${account} is ${currentNonce}.`,
    hint: 'Sign again with that nonce.',
  },
  ECDSAInvalidSignature: {
    code: 'SIGNATURE_INVALID',
    message: () => 'The signature is none.',
    hint: 'Give the 65 bytes as the wallet returned them.',
  },
  ECDSAInvalidSignatureLength: {
    code: 'SIGNATURE_INVALID',
    message: ({ length }) => `A signature of ${length} bytes is none.`,
    hint: 'Give the 65 bytes as the wallet returned them.',
  },
  ECDSAInvalidSignatureS: {
    code: 'SIGNATURE_INVALID',
    message: ({ s }) => `The signature’s s, ${s}, is in the upper half of the curve.`,
    hint: 'Give the 65 bytes as the wallet returned them.',
  },
  CheckpointUnorderedInsertion: {
    code: 'CONTRACT_REVERTED',
    message: () => 'A checkpoint lies in the future.',
    hint: 'The chain’s clock went backwards; check the node.',
  },
}
