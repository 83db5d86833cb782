/** The alliance: its members, and how they decide. */
export { type Alliance, createAlliance, type Member, type Proposal, type ProposalState, type Support } from './client.ts'
export { type Decision, type ProposalCalls, type ProposalRecord, ROLES, type Role } from './proposal.ts'
