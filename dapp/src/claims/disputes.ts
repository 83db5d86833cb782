import type { Hex } from '@colophon/sdk'
import type { Chain } from '../chain/index.ts'
import { claimsAt, panelAt } from './contracts.ts'

export interface Seat {
  /** Undefined while it is empty. */
  arbitrator: string | undefined
  committed: boolean
  revealed: boolean
}

/** A dispute before the panel. Phases as IArbitrationPanel numbers them, from 1: drawing, committing, revealing, decided, solved. */
export interface Dispute {
  id: bigint
  claimId: Hex | undefined
  phase: number
  choices: number
  round: number
  deadline: number
  ruling: number
  delivered: boolean
  seats: Seat[]
}

export interface PanelRead {
  disputes: Dispute[]
  seatFee: bigint
  now: number
  /** Of the account that asks. */
  own: { enlisted: boolean; benchedUntil: number; credit: bigint; isArbitrator: boolean } | undefined
}

/** Every dispute, newest first, and how the account stands with the panel. */
export async function readPanel(
  { colophon, deployment, provider, account }: Pick<Chain, 'colophon' | 'deployment' | 'provider' | 'account'>,
  signal: AbortSignal,
): Promise<PanelRead | undefined> {
  const panel = panelAt(deployment, provider)
  const claims = claimsAt(deployment, provider)
  if (panel === undefined || claims === undefined) return undefined
  const [started, seatFee, latest] = await Promise.all([
    colophon.events.list({ contract: 'ArbitrationPanel', event: 'PhaseStarted' }, { signal }),
    panel.seatFee(),
    provider.getBlock('latest'),
  ])
  const address = await panel.getAddress()
  const ids = [...new Set(started.map(({ values }) => values.disputeId))].reverse()
  const disputes = await Promise.all(
    ids.map(async (id): Promise<Dispute> => {
      const [dispute, claimId] = await Promise.all([panel.disputeOf(id), claims.claimOfDispute(address, id)])
      const seats = await Promise.all(
        Array.from({ length: Number(dispute.seats) }, async (_, seat) => {
          const [arbitrator, commitment, revealed] = await panel.seatOf(id, seat)
          return { arbitrator: BigInt(arbitrator) === 0n ? undefined : arbitrator, committed: BigInt(commitment) !== 0n, revealed }
        }),
      )
      return {
        id,
        claimId: BigInt(claimId) === 0n ? undefined : (claimId as Hex),
        phase: Number(dispute.phase),
        choices: Number(dispute.choices),
        round: Number(dispute.round),
        deadline: Number(dispute.deadline),
        ruling: Number(dispute.ruling),
        delivered: dispute.delivered,
        seats,
      }
    }),
  )
  let own: PanelRead['own']
  if (account !== undefined) {
    const [[enlisted, benchedUntil], credit, isArbitrator] = await Promise.all([
      panel.standingOf(account),
      panel.creditOf(account),
      colophon.alliance.isMember(account, 'arbitrator'),
    ])
    own = { enlisted, benchedUntil: Number(benchedUntil), credit, isArbitrator }
  }
  return { disputes, seatFee, now: latest!.timestamp, own }
}
