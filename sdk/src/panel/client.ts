import { hexlify, randomBytes, type TransactionReceipt, ZeroAddress, ZeroHash } from 'ethers'
import { type BoundContract, bindContract } from '../client/bound.ts'
import { type Connection, type ConnectionOptions, createConnection } from '../client/connection.ts'
import { eventIn, eventsIn, type Mined, minedAt } from '../client/mined.ts'
import type { Write } from '../client/write.ts'
import { ArbitrationPanel__factory } from '../contracts/generated/ArbitrationPanel.ts'
import { InfringementClaims__factory } from '../contracts/generated/InfringementClaims.ts'
import type { ArbitrationPanel, ArbitrationPanelInterface } from '../contracts/generated/types/ArbitrationPanel.ts'
import { addressOf, type Hex } from '../deposits/work.ts'
import { ColophonError } from '../errors/base.ts'
import { uintOf, wordOf } from '../input/index.ts'
import { invalidInput } from '../input/input.ts'

const PHASES = ['none', 'drawing', 'committing', 'revealing', 'decided', 'solved'] as const

/** How far the deliberation of a dispute has come. */
export type PanelPhase = (typeof PHASES)[number]

/** A seat of the current round. */
export interface PanelSeat {
  /** Undefined while the seat is empty. */
  arbitrator: string | undefined
  committed: boolean
  revealed: boolean
}

/** How a dispute stands. */
export interface PanelDispute {
  id: bigint
  /** The contract that asked for a ruling. */
  arbitrable: string
  phase: PanelPhase
  /** Rulings go from 0, "none", to this. For claims: 1 for the claimant, 2 for the respondent, 3 for the claimant and the deposit is refuted. */
  choices: number
  /** From 0; each appeal begins another. */
  round: number
  seats: PanelSeat[]
  /** Last second of the phase. */
  deadline: Date
  /** Block whose hash decides the next drawing. */
  drawBlock: number
  /** Of the last round that came to one; 0 if none did. */
  ruling: number
  /** Whether the arbitrable has taken it. */
  delivered: boolean
  /** What the round's arbitrators share, in wei. */
  fee: bigint
}

/** A vote that is to be committed: keep it, because without its salt it cannot be shown. JSON as it is. */
export interface PreparedVote {
  type: 'colophon-vote'
  version: 1
  chainId: number
  panel: string
  /** Decimal. */
  dispute: string
  round: number
  arbitrator: string
  choice: number
  salt: Hex
  commitment: Hex
}

export interface Standing {
  enlisted: boolean
  /** From when on an arbitrator who let a dispute down can enlist again; undefined for one who did not. */
  benchedUntil: Date | undefined
}

type Step = { dispute: bigint } & Mined

export interface Panel {
  /**
   * Enters the pool from which arbitrators are drawn.
   * @throws NOT_ARBITRATOR, ARBITRATOR_BENCHED, ARBITRATOR_ENLISTED
   */
  enlist: Write<object, { arbitrator: string } & Mined, { arbitrator: string }>
  /** Leaves the pool; the signer keeps the seats he has. */
  retire: Write<object, { arbitrator: string } & Mined, { arbitrator: string }>
  /** Leaves a seat before voting, for instance because of an interest in the matter. */
  recuse: Write<{ dispute: bigint }, Step, { dispute: bigint }>
  /**
   * Draws a random salt and computes the commitment to a vote of the signer's. Sends nothing: keep the vote first, then `commit` it, so that no crash
   * can lose the salt.
   * @throws INVALID_INPUT, DISPUTE_NOT_FOUND
   */
  prepareVote(vote: { dispute: bigint; choice: number }): Promise<PreparedVote>
  /**
   * Commits to a vote; once, and for good.
   * @throws INVALID_VOTE, NOT_SEATED, VOTED_ALREADY, DISPUTE_WRONG_PHASE, TOO_LATE
   */
  commit: Write<PreparedVote, Step, { dispute: bigint }>
  /**
   * Shows a vote, once all are committed or the time for it is over.
   * @throws INVALID_VOTE, VOTE_MISMATCH, DISPUTE_WRONG_PHASE, TOO_LATE
   */
  reveal: Write<PreparedVote, { choice: number } & Step, { dispute: bigint }>
  /** Fills seats by lot. Anybody may, once the drawing block is past. */
  draw: Write<{ dispute: bigint }, { drawn: string[] } & Step, { dispute: bigint }>
  /** Goes on when a phase's time is over. Anybody may. */
  advance: Write<{ dispute: bigint }, Step, { dispute: bigint }>
  /** Tells the arbitrable the ruling, once it can no longer be appealed. Anybody may. */
  execute: Write<{ dispute: bigint }, { ruling: number; accepted: boolean } & Step, { accepted: boolean }>
  /** Withdraws the signer's pay, and fees that he has back. */
  withdraw: Write<{ to?: string }, { amount: bigint } & Mined, { amount: bigint }>
  /**
   * How a dispute stands.
   * @throws DISPUTE_NOT_FOUND
   */
  dispute(id: bigint): Promise<PanelDispute>
  standing(account: string): Promise<Standing>
  /** Wei that an account can withdraw. */
  creditOf(account: string): Promise<bigint>
}

/** A panel client of its own. */
export function createPanel(options: ConnectionOptions): Panel {
  return createPanelOn(createConnection(options))
}

/** A panel client on a connection that others share. */
export function createPanelOn(connection: Connection): Panel {
  const panel: BoundContract<ArbitrationPanelInterface, ArbitrationPanel> = bindContract(
    connection,
    'ArbitrationPanel',
    ArbitrationPanel__factory,
    [InfringementClaims__factory],
  )
  const face = (): ArbitrationPanelInterface => panel.face()
  const place = (mined: TransactionReceipt): Promise<Mined> => minedAt(connection.provider, mined)

  const disputeNumber = (dispute: bigint): bigint => {
    if (typeof dispute !== 'bigint') throw invalidInput('dispute', dispute, 'the number as a bigint')
    return uintOf('dispute', dispute, 256)
  }

  async function disputeOf(given: bigint): Promise<PanelDispute> {
    const id = disputeNumber(given)
    return await panel.read('reading a dispute', async (contract) => {
      const found = await contract.disputeOf(id)
      if (found.phase === 0n)
        throw new ColophonError('DISPUTE_NOT_FOUND', `The panel has no dispute ${id}.`, {
          hint: 'Check number and chain; status() of a claim tells the number of its dispute.',
          details: { dispute: id.toString() },
        })
      const seats = await Promise.all(
        Array.from({ length: Number(found.seats) }, async (_, seat) => {
          const { arbitrator, commitment, revealed } = await contract.seatOf(id, seat)
          return { arbitrator: arbitrator === ZeroAddress ? undefined : arbitrator, committed: commitment !== ZeroHash, revealed }
        }),
      )
      return {
        id,
        arbitrable: found.arbitrable,
        phase: PHASES[Number(found.phase)]!,
        choices: Number(found.choices),
        round: Number(found.round),
        seats,
        deadline: new Date(Number(found.deadline) * 1000),
        drawBlock: Number(found.drawBlock),
        ruling: Number(found.ruling),
        delivered: found.delivered,
        fee: found.fee,
      }
    })
  }

  /** A vote as it was prepared, if it is meant for this panel and this signer. */
  function checked(vote: PreparedVote, { address, chainId, from }: { address: string; chainId: number; from: string }): PreparedVote {
    const wrong = (field: string, found: unknown, expected: string): ColophonError =>
      new ColophonError('INVALID_VOTE', `The vote is not valid: ${field} should be ${expected}.`, {
        hint: 'Use it as prepareVote() gave it, with the same account.',
        details: { field, found: String(found).slice(0, 200) },
      })
    if (typeof vote !== 'object' || vote === null || vote.type !== 'colophon-vote' || vote.version !== 1)
      throw wrong('type', (vote as PreparedVote | null)?.type, "'colophon-vote', version 1")
    if (vote.chainId !== chainId) throw wrong('chainId', vote.chainId, String(chainId))
    if (String(vote.panel).toLowerCase() !== address.toLowerCase()) throw wrong('panel', vote.panel, address)
    if (vote.arbitrator !== from) throw wrong('arbitrator', vote.arbitrator, from)
    if (typeof vote.dispute !== 'string' || !/^\d{1,78}$/.test(vote.dispute)) throw wrong('dispute', vote.dispute, 'a decimal number')
    return { ...vote, salt: wordOf('salt', vote.salt), commitment: wordOf('commitment', vote.commitment) }
  }

  const step = <Result extends object>(
    method: 'recuse' | 'draw' | 'advance',
    action: string,
    more: (mined: TransactionReceipt, address: string) => Result,
  ): Write<{ dispute: bigint }, Result & Step, { dispute: bigint }> =>
    panel.write<{ dispute: bigint }, Result & Step, { dispute: bigint }>({
      action,
      // Whoever is called last for a seat, or benched, costs more than was estimated for an earlier block.
      gasRoom: 200_000n,
      encode: ({ dispute }) => CALLS[method](face(), disputeNumber(dispute)),
      preview: (_, { dispute }) => ({ dispute }),
      result: async (mined, { dispute }, { address }) => ({ ...more(mined, address), dispute, ...(await place(mined)) }),
    })

  return {
    enlist: panel.write({
      action: 'enlisting',
      encode: () => face().encodeFunctionData('enlist'),
      preview: (_returned, _input, { from }) => ({ arbitrator: from }),
      result: async (mined, _, { from }) => ({ arbitrator: from, ...(await place(mined)) }),
    }),

    retire: panel.write({
      action: 'retiring',
      encode: () => face().encodeFunctionData('retire'),
      preview: (_returned, _input, { from }) => ({ arbitrator: from }),
      result: async (mined, _, { from }) => ({ arbitrator: from, ...(await place(mined)) }),
    }),

    recuse: step('recuse', 'leaving the seat', () => ({})),

    async prepareVote({ dispute, choice }) {
      const [signer, { address, chainId }, found] = await Promise.all([
        connection.signer(),
        connection.contract('ArbitrationPanel'),
        disputeOf(dispute),
      ])
      if (!Number.isInteger(choice) || choice < 0 || choice > found.choices)
        throw invalidInput('choice', choice, `a whole number from 0 to ${found.choices}`)
      const arbitrator = await signer.getAddress()
      const salt = hexlify(randomBytes(32)) as Hex
      const commitment = await panel.read('computing the commitment', (contract) =>
        contract.commitmentOf(dispute, found.round, arbitrator, choice, salt),
      )
      return {
        ...{ type: 'colophon-vote', version: 1, chainId, panel: address, dispute: dispute.toString(), round: found.round },
        ...{ arbitrator, choice, salt, commitment: commitment as Hex },
      }
    },

    commit: panel.write({
      action: 'committing to the vote',
      encode: (vote, context) => {
        const { dispute, commitment } = checked(vote, context)
        return face().encodeFunctionData('commit', [BigInt(dispute), commitment])
      },
      preview: (_, { dispute }) => ({ dispute: BigInt(dispute) }),
      result: async (mined, { dispute }) => ({ dispute: BigInt(dispute), ...(await place(mined)) }),
    }),

    reveal: panel.write({
      action: 'showing the vote',
      gasRoom: 200_000n,
      encode: (vote, context) => {
        const { dispute, choice, salt } = checked(vote, context)
        return face().encodeFunctionData('reveal', [BigInt(dispute), choice, salt])
      },
      preview: (_, { dispute }) => ({ dispute: BigInt(dispute) }),
      result: async (mined, { dispute }, { address }) => ({
        choice: Number(eventIn(mined, address, face(), 'VoteRevealed').args.choice),
        dispute: BigInt(dispute),
        ...(await place(mined)),
      }),
    }),

    draw: step('draw', 'drawing arbitrators', (mined, address) => ({
      drawn: eventsIn(mined, address, face(), 'Drawn').map(({ args }) => args.arbitrator as string),
    })),

    advance: step('advance', 'going on with the dispute', () => ({})),

    execute: panel.write({
      action: 'telling the ruling',
      encode: ({ dispute }) => face().encodeFunctionData('execute', [disputeNumber(dispute)]),
      preview: (returned) => ({ accepted: face().decodeFunctionResult('execute', returned)[0] }),
      result: async (mined, { dispute }, { address }) => {
        const { ruling, accepted } = eventIn(mined, address, face(), 'RulingDelivered').args
        return { ruling: Number(ruling), accepted, dispute, ...(await place(mined)) }
      },
    }),

    withdraw: panel.write({
      action: 'withdrawing the pay',
      encode: ({ to }, { from }) => face().encodeFunctionData('withdraw', [to === undefined ? from : addressOf('to', to)]),
      preview: (returned) => ({ amount: face().decodeFunctionResult('withdraw', returned)[0] }),
      result: async (mined, _, { address }) => ({
        amount: eventIn(mined, address, face(), 'Withdrawn').args.amount,
        ...(await place(mined)),
      }),
    }),

    dispute: disputeOf,

    async standing(account) {
      const { enlisted, benchedUntil } = await panel.read('reading a standing', (contract) =>
        contract.standingOf(addressOf('account', account)),
      )
      return { enlisted, benchedUntil: benchedUntil === 0n ? undefined : new Date(Number(benchedUntil) * 1000) }
    },

    creditOf: (account) => panel.read('reading a credit', (contract) => contract.creditOf(addressOf('account', account))),
  }
}

const CALLS: Record<'recuse' | 'draw' | 'advance', (face: ArbitrationPanelInterface, dispute: bigint) => string> = {
  recuse: (face, dispute) => face.encodeFunctionData('recuse', [dispute]),
  draw: (face, dispute) => face.encodeFunctionData('draw', [dispute]),
  advance: (face, dispute) => face.encodeFunctionData('advance', [dispute]),
}
