import type { TransactionReceipt } from 'ethers'
import { type BoundContract, bindContract } from '../client/bound.ts'
import { type Connection, type ConnectionOptions, createConnection } from '../client/connection.ts'
import { eventIn, type Mined, minedAt, timeOfBlock } from '../client/mined.ts'
import { logsOf, type SearchOptions } from '../client/tokens.ts'
import type { Write } from '../client/write.ts'
import { AllianceGovernor__factory } from '../contracts/generated/AllianceGovernor.ts'
import { AllianceTimelock__factory } from '../contracts/generated/AllianceTimelock.ts'
import { CopyrightAlliance__factory } from '../contracts/generated/CopyrightAlliance.ts'
import { IdentityRegistry__factory } from '../contracts/generated/IdentityRegistry.ts'
import { RevenueSplitter__factory } from '../contracts/generated/RevenueSplitter.ts'
import type { AllianceGovernor, AllianceGovernorInterface } from '../contracts/generated/types/AllianceGovernor.ts'
import type { CopyrightAlliance, CopyrightAllianceInterface } from '../contracts/generated/types/CopyrightAlliance.ts'
import { addressOf } from '../deposits/work.ts'
import { ColophonError } from '../errors/base.ts'
import { invalidInput } from '../input/input.ts'
import { ballotDocument, type SignedBallot, type Support, supportNumber } from './ballot.ts'
import { callsOf, type Decision, keyOf, type ProposalRecord, proposalOf, ROLES, type Role, rolesOf } from './proposal.ts'

const STATES = ['pending', 'active', 'canceled', 'defeated', 'succeeded', 'queued', 'expired', 'executed'] as const

/** How far a proposal has come. */
export type ProposalState = (typeof STATES)[number]

export interface Member {
  account: string
  roles: Role[]
  suspended: boolean
  joinedAt: Date
}

export interface Proposal extends ProposalRecord {
  state: ProposalState
  /** Who is a member then has weight. */
  votesFrom: Date
  votesUntil: Date
  /** When it can be executed; undefined before it is queued. */
  executableAt: Date | undefined
  votes: { for: bigint; against: bigint; abstain: bigint }
  /** Votes for and abstentions that it takes; undefined before voting begins. */
  quorum: bigint | undefined
}

export interface Alliance {
  /** A member, or undefined. */
  member(account: string): Promise<Member | undefined>
  /** Every member, suspended ones too, by the time they joined. */
  members(options?: SearchOptions): Promise<Member[]>
  /** Whether an account is a member with this role and not suspended. */
  isMember(account: string, role: Role): Promise<boolean>
  /**
   * Proposes decisions; any member may.
   * @throws NOT_MEMBER, PROPOSAL_STATE when it was proposed before, INVALID_INPUT
   */
  propose: Write<{ decisions: readonly Decision[]; description: string }, { id: bigint } & Mined, { id: bigint }>
  /**
   * Votes; a member's vote cannot be changed.
   * @throws VOTE_CAST, PROPOSAL_STATE, MEMBER_SUSPENDED
   */
  vote: Write<{ proposal: bigint; support: Support; reason?: string }, { weight: bigint } & Mined, { weight: bigint }>
  /**
   * Signs a vote, which anybody may submit, so that a member votes without coins. A ballot counts until the member votes.
   * @throws INVALID_INPUT
   */
  signBallot(input: { proposal: bigint; support: Support }): Promise<SignedBallot>
  /**
   * Submits a ballot that a member has signed.
   * @throws INVALID_SIGNED, SIGNATURE_ELSEWHERE, SIGNATURE_INVALID, VOTE_CAST, PROPOSAL_STATE
   */
  submitBallot: Write<SignedBallot, { voter: string; weight: bigint } & Mined, { weight: bigint }>
  /** Puts what was decided into the timelock. Anybody may. */
  queue: Write<{ proposal: bigint }, { executableAt: Date } & Mined, { id: bigint }>
  /** Does what was decided, once the timelock's delay is over. Anybody may. */
  execute: Write<{ proposal: bigint }, { id: bigint } & Mined, { id: bigint }>
  /** Takes the signer's proposal back before voting begins. */
  cancel: Write<{ proposal: bigint }, { id: bigint } & Mined, { id: bigint }>
  /** Ends the signer's membership. */
  resign: Write<object, { account: string } & Mined, { account: string }>
  /**
   * How a proposal stands.
   * @throws PROPOSAL_NOT_FOUND
   */
  proposal(id: bigint, options?: SearchOptions): Promise<Proposal>
  /** Every proposal, oldest first. */
  proposals(options?: SearchOptions): Promise<ProposalRecord[]>
}

/** Gas of the checkpoints (votes, supply, roles) that a change of members may have to write anew. */
const CHECKPOINTS = 200_000n

/** An alliance client of its own. */
export function createAlliance(options: ConnectionOptions): Alliance {
  return createAllianceOn(createConnection(options))
}

/** An alliance client on a connection that others share. */
export function createAllianceOn(connection: Connection): Alliance {
  const called = [CopyrightAlliance__factory, AllianceTimelock__factory, RevenueSplitter__factory, IdentityRegistry__factory]
  const alliance: BoundContract<CopyrightAllianceInterface, CopyrightAlliance> = bindContract(
    connection,
    'CopyrightAlliance',
    CopyrightAlliance__factory,
    [IdentityRegistry__factory],
  )
  const governor: BoundContract<AllianceGovernorInterface, AllianceGovernor> = bindContract(
    connection,
    'AllianceGovernor',
    AllianceGovernor__factory,
    called,
  )
  const place = (mined: TransactionReceipt): Promise<Mined> => minedAt(connection.provider, mined)
  const face = (): AllianceGovernorInterface => governor.face()

  async function member(given: string): Promise<Member | undefined> {
    const account = addressOf('account', given)
    const { roles, suspended, joinedAt } = await alliance.read('reading a membership', (contract) => contract.membershipOf(account))
    // Who left keeps the time he came; a member has one role at least.
    if (roles === 0n) return undefined
    return { account, roles: rolesOf(roles), suspended, joinedAt: new Date(Number(joinedAt) * 1000) }
  }

  async function* created(options: SearchOptions): AsyncGenerator<ProposalRecord> {
    for await (const log of logsOf(governor, [face().getEvent('ProposalCreated').topicHash], options))
      yield proposalOf(face().parseLog(log)!)
  }

  /** Everything that was proposed, from the event: the governor keeps only its hash. */
  async function record(id: bigint, options: SearchOptions = {}): Promise<ProposalRecord> {
    if (typeof id !== 'bigint') throw invalidInput('proposal', id, 'the id as a bigint')
    for await (const found of created(options)) if (found.id === id) return found
    throw new ColophonError('PROPOSAL_NOT_FOUND', `There is no proposal ${id}.`, {
      hint: 'Check id and chain.',
      details: { proposal: id.toString() },
    })
  }

  const step = (action: string, method: 'execute' | 'cancel'): Write<{ proposal: bigint }, { id: bigint } & Mined, { id: bigint }> =>
    governor.write<{ proposal: bigint }, { id: bigint } & Mined, { id: bigint }>({
      action,
      gasRoom: CHECKPOINTS,
      encode: async ({ proposal }) => face().encodeFunctionData(method as 'execute', keyOf(await record(proposal))),
      preview: (_, { proposal }) => ({ id: proposal }),
      result: async (mined, { proposal }) => ({ id: proposal, ...(await place(mined)) }),
    })

  return {
    member,

    async members(options = {}) {
      const accounts = new Set<string>()
      for await (const log of logsOf(alliance, [alliance.face().getEvent('MemberAdmitted').topicHash], options))
        accounts.add(alliance.face().parseLog(log)!.args.account)
      const found = await Promise.all([...accounts].map(member))
      return found.filter((each) => each !== undefined).sort((a, b) => a.joinedAt.getTime() - b.joinedAt.getTime())
    },

    async isMember(account, role) {
      const number = ROLES.indexOf(role)
      if (number === -1) throw invalidInput('role', role, `one of ${ROLES.join(', ')}`)
      return await alliance.read('asking for a member', (contract) => contract.isMember(addressOf('account', account), number))
    },

    propose: governor.write({
      action: 'proposing',
      encode: async ({ decisions, description }) => {
        const { targets, values, calldatas } = await callsOf(connection, decisions)
        return face().encodeFunctionData('propose', [targets, values, calldatas, description])
      },
      preview: (returned) => ({ id: face().decodeFunctionResult('propose', returned)[0] }),
      result: async (mined, _, { address }) => ({
        id: proposalOf(eventIn(mined, address, face(), 'ProposalCreated')).id,
        ...(await place(mined)),
      }),
    }),

    vote: governor.write({
      action: 'voting',
      encode: ({ proposal, support, reason = '' }) => {
        return face().encodeFunctionData('castVoteWithReason', [proposal, supportNumber(support), reason])
      },
      preview: (returned) => ({ weight: face().decodeFunctionResult('castVoteWithReason', returned)[0] }),
      result: async (mined, _, { address }) => ({
        weight: eventIn(mined, address, face(), 'VoteCast').args.weight,
        ...(await place(mined)),
      }),
    }),

    async signBallot({ proposal, support }) {
      if (typeof proposal !== 'bigint') throw invalidInput('proposal', proposal, 'the id as a bigint')
      const voter = await (await connection.signer()).getAddress()
      const nonce = await governor.read('asking for the nonce', (contract) => contract.nonces(voter))
      return await ballotDocument.sign(connection, {
        ...{ proposalId: proposal.toString(), support: supportNumber(support), voter, nonce: nonce.toString() },
      })
    },

    submitBallot: governor.write({
      action: 'submitting the ballot',
      encode: (ballot, context) => {
        const { value, signature } = ballotDocument.meantFor(ballot, context)
        return face().encodeFunctionData('castVoteBySig', [value.proposalId, value.support, value.voter, signature])
      },
      preview: (returned) => ({ weight: face().decodeFunctionResult('castVoteBySig', returned)[0] }),
      result: async (mined, _, { address }) => {
        const { voter, weight } = eventIn(mined, address, face(), 'VoteCast').args
        return { voter, weight, ...(await place(mined)) }
      },
    }),

    queue: governor.write({
      action: 'queueing the proposal',
      encode: async ({ proposal }) => face().encodeFunctionData('queue', keyOf(await record(proposal))),
      preview: (returned) => ({ id: face().decodeFunctionResult('queue', returned)[0] }),
      result: async (mined, _, { address }) => ({
        executableAt: new Date(Number(eventIn(mined, address, face(), 'ProposalQueued').args.etaSeconds) * 1000),
        ...(await place(mined)),
      }),
    }),

    execute: step('executing the proposal', 'execute'),
    cancel: step('cancelling the proposal', 'cancel'),

    resign: alliance.write({
      action: 'resigning',
      gasRoom: CHECKPOINTS,
      encode: () => alliance.face().encodeFunctionData('resign'),
      preview: (_returned, _input, { from }) => ({ account: from }),
      result: async (mined, _, { from }) => ({ account: from, ...(await place(mined)) }),
    }),

    async proposal(id, options = {}) {
      const [found, now] = await Promise.all([record(id, options), timeOfBlock(connection.provider, 'latest')])
      return await governor.read('reading a proposal', async (contract) => {
        const [state, snapshot, deadline, eta, votes] = await Promise.all([
          contract.state(id),
          contract.proposalSnapshot(id),
          contract.proposalDeadline(id),
          contract.proposalEta(id),
          contract.proposalVotes(id),
        ])
        const name = STATES[Number(state)]!
        return {
          ...found,
          state: name,
          votesFrom: new Date(Number(snapshot) * 1000),
          votesUntil: new Date(Number(deadline) * 1000),
          executableAt: eta === 0n ? undefined : new Date(Number(eta) * 1000),
          votes: { for: votes.forVotes, against: votes.againstVotes, abstain: votes.abstainVotes },
          quorum: now <= Number(snapshot) ? undefined : await contract.quorum(snapshot),
        }
      })
    },

    async proposals(options = {}) {
      const found: ProposalRecord[] = []
      for await (const each of created(options)) found.push(each)
      return found
    },
  }
}
