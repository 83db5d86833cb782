/** The alliance: its members, and how they decide. */
export { type BallotStruct, parseBallot, type SignedBallot, type Support } from './ballot.ts'
export { type Alliance, createAlliance, type Member, type Proposal, type ProposalState } from './client.ts'
export { type Decision, type ProposalCalls, type ProposalRecord, ROLES, type Role } from './proposal.ts'
