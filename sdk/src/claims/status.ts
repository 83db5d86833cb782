import { ZeroAddress } from 'ethers'
import { type BoundContract, bindContract } from '../client/bound.ts'
import type { Connection } from '../client/connection.ts'
import { type Mined, minedAt } from '../client/mined.ts'
import { logsOf, type SearchOptions } from '../client/tokens.ts'
import { ArbitrationPanel__factory } from '../contracts/generated/ArbitrationPanel.ts'
import { CopyrightTitle__factory } from '../contracts/generated/CopyrightTitle.ts'
import { InfringementClaims__factory } from '../contracts/generated/InfringementClaims.ts'
import { RevenueSplitter__factory } from '../contracts/generated/RevenueSplitter.ts'
import type { InfringementClaims, InfringementClaimsInterface } from '../contracts/generated/types/InfringementClaims.ts'
import { addressOf, type Bytes32, type Hex } from '../deposits/work.ts'
import { ColophonError } from '../errors/base.ts'
import { idText, wordOf } from '../input/index.ts'
import { type ClaimStruct, claimStruct } from './claim.ts'

export const PHASES = ['none', 'filed', 'answered', 'disputed', 'ruled', 'closed'] as const

/** How far a claim has come. */
export type ClaimPhase = (typeof PHASES)[number]

export const OUTCOMES = [
  'none',
  'defaulted',
  'retracted',
  'lapsed',
  'dismissed',
  'settled',
  'upheld',
  'refuted',
  'rejected',
  'undecided',
  'unruled',
] as const

/** How a claim ended. */
export type ClaimOutcome = (typeof OUTCOMES)[number]

/** A claim, named by its id or by itself. */
export type ClaimRef = Bytes32 | ClaimStruct

/** How a claim stands. Bonds and fees are in wei. */
export interface ClaimStatus {
  id: Hex
  claim: ClaimStruct
  phase: ClaimPhase
  outcome: ClaimOutcome
  /** Last second of the phase: to answer, to ask for a ruling, or to rule. */
  deadline: Date
  /** The claimant's. */
  bond: bigint
  /** Bits in which the copy's fingerprint differs from the work's; undefined if the contract computed none. */
  distance: number | undefined
  /** Who answered, or is named; undefined if nobody is known. */
  respondent: string | undefined
  answerBond: bigint
  freezeBond: bigint
  forumAccepted: boolean
  inBackup: boolean
  appeals: number
  /** The arbitrator's number for the dispute; undefined before there is one. */
  disputeId: bigint | undefined
  /** Who decides, or would. */
  arbitrator: string
  /** What asking for a ruling, or appealing, costs now; undefined once nobody can. */
  fee: bigint | undefined
  /** Whether the claimant holds the rights in the work. */
  standing: boolean
}

/** One step of a claim, as the chain has it. */
export interface ClaimStep extends Mined {
  /** Name of the contract's event. */
  event: string
  /** Its values by their names: ids in hex, amounts as bigint. */
  values: Record<string, unknown>
}

export interface ClaimReads {
  /**
   * How a claim stands.
   * @throws CLAIM_NOT_FOUND
   */
  status(claim: ClaimRef): Promise<ClaimStatus>
  /**
   * Every step of a claim, oldest first.
   * @throws CLAIM_NOT_FOUND
   */
  trail(claim: ClaimRef, options?: SearchOptions): Promise<ClaimStep[]>
  /** The claims about a work, oldest first. */
  listByWork(workId: Bytes32, options?: SearchOptions): Promise<{ id: Hex; claim: ClaimStruct }[]>
  /** The claims that name an account as respondent, oldest first. */
  listByRespondent(account: string, options?: SearchOptions): Promise<{ id: Hex; claim: ClaimStruct }[]>
  /** Wei that an account can withdraw. */
  creditOf(account: string): Promise<bigint>
}

export type ClaimsContract = BoundContract<InfringementClaimsInterface, InfringementClaims>

export function bindClaims(connection: Connection): ClaimsContract {
  return bindContract(connection, 'InfringementClaims', InfringementClaims__factory, [
    CopyrightTitle__factory,
    RevenueSplitter__factory,
    ArbitrationPanel__factory,
  ])
}

/** The claim of a `ClaimFiled` event. */
function claimOfArgs(args: Record<string, unknown>): ClaimStruct {
  const number = (name: string): bigint => args[name] as bigint
  return claimStruct.read({
    ...args,
    workId: idText(number('workId')),
    suspectId: idText(number('suspectId')),
    suspectType: Number(number('suspectType')),
    forum: idText(number('forum')),
    backup: idText(number('backup')),
  })
}

/**
 * The claim that is meant, found by its event where only its id is given.
 * @throws CLAIM_NOT_FOUND
 */
export async function resolveClaim(
  claims: ClaimsContract,
  ref: ClaimRef,
  options: SearchOptions = {},
): Promise<{ id: Hex; claim: ClaimStruct }> {
  if (typeof ref === 'object' && !(ref instanceof Uint8Array)) {
    const claim = claimStruct.read(ref)
    return { id: claimStruct.hash(claim), claim }
  }
  const id = wordOf('claim', ref)
  for await (const found of filed(claims, [id], options)) return found
  throw notFound(id)
}

async function* filed(
  claims: ClaimsContract,
  topics: (string | null)[],
  options: SearchOptions,
): AsyncGenerator<{ id: Hex; claim: ClaimStruct }> {
  const face = claims.face()
  for await (const log of logsOf(claims, [face.getEvent('ClaimFiled').topicHash, ...topics], options)) {
    const { args } = face.parseLog(log)!
    yield { id: args.id, claim: claimOfArgs(args.toObject()) }
  }
}

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = []
  for await (const item of items) found.push(item)
  return found
}

function notFound(id: Hex): ColophonError {
  return new ColophonError('CLAIM_NOT_FOUND', `There is no claim with id ${id}.`, {
    hint: 'Check id and chain; a claim is known by its id or by the very fields it was filed with.',
    details: { id },
  })
}

/** Reads of claims. */
export function createClaimReads(claims: ClaimsContract): ClaimReads {
  const { connection } = claims

  return {
    async status(ref) {
      const { id, claim } = await resolveClaim(claims, ref)
      return await claims.read('reading a claim', async (contract) => {
        const record = await contract.claimOf(claim)
        const phase = PHASES[Number(record.phase)]!
        if (phase === 'none') throw notFound(id)
        const [arbitrator, standing, fee] = await Promise.all([
          contract.arbitratorOf(claim),
          contract.hasStanding(claim),
          // Nothing is asked of an arbitrator any more once it is over, and a foreign one may refuse to answer.
          contract.feeOf(claim).catch(() => undefined),
        ])
        return {
          id,
          claim,
          phase,
          outcome: OUTCOMES[Number(record.outcome)]!,
          deadline: new Date(Number(record.deadline) * 1000),
          bond: record.bond,
          distance: record.isMatched ? Number(record.distance) : undefined,
          respondent: record.respondent === ZeroAddress ? undefined : record.respondent,
          answerBond: record.answerBond,
          freezeBond: record.freezeBond,
          forumAccepted: record.forumAccepted,
          inBackup: record.inBackup,
          appeals: Number(record.appeals),
          disputeId: phase === 'filed' || phase === 'answered' ? undefined : record.disputeId,
          arbitrator,
          fee: phase === 'ruled' || phase === 'closed' ? undefined : fee,
          standing,
        }
      })
    },

    async trail(ref, options = {}) {
      const { id } = await resolveClaim(claims, ref, options)
      const face = claims.face()
      // Evidence (ERC-1497) is filed under the claim's id as a number, in another place than the other events.
      const own = face.fragments.filter(
        (fragment) =>
          fragment.type === 'event' && (fragment as never as { inputs: { name: string; indexed: boolean }[] }).inputs[0]?.name === 'id',
      ) as never as { topicHash: string }[]
      const steps: (ClaimStep & { index: number })[] = []
      const searches = [
        [own.map(({ topicHash }) => topicHash), id],
        [face.getEvent('Evidence').topicHash, null, id],
      ]
      for (const topics of searches)
        for await (const log of logsOf(claims, topics as (string | null)[], options)) {
          const parsed = face.parseLog(log)!
          const place = await minedAt(connection.provider, { hash: log.transactionHash, blockNumber: log.blockNumber })
          steps.push({ event: parsed.name, values: parsed.args.toObject(), ...place, index: log.index })
        }
      if (steps.length === 0) throw notFound(id)
      steps.sort((a, b) => a.block - b.block || a.index - b.index)
      return steps.map(({ index: _, ...step }) => step)
    },

    async listByWork(workId, options = {}) {
      return await all(filed(claims, [null, wordOf('workId', workId)], options))
    },

    async listByRespondent(account, options = {}) {
      const topic = idText(BigInt(addressOf('account', account)))
      return await all(filed(claims, [null, null, topic], options))
    },

    async creditOf(account) {
      return await claims.read('reading credit', (contract) => contract.creditOf(addressOf('account', account)))
    },
  }
}
