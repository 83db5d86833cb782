import { getAddress, ZeroAddress } from 'ethers'
import { type ClaimOutcome, type ClaimPhase, OUTCOMES, PHASES } from '../../claims/status.ts'
import { type Bytes32, type Hex, ZERO_32 } from '../../deposits/work.ts'
import { invalidInput, wordOf } from '../../input/input.ts'
import type { Reader } from '../database/database.ts'
import { accountKey, dateOf, type Page, type PageOptions, paged, pageOf, type Where } from './page.ts'

/** A claim, and how far it has come. */
export interface IndexedClaim {
  id: Hex
  workId: Hex
  claimant: string
  /** Who answered, or is named; undefined if nobody is known. */
  respondent: string | undefined
  /** The disputed deposit, if it is about one. */
  suspectId: Hex | undefined
  /** Digest of the evidence bundle's CID. */
  evidence: Hex
  /** Wei. */
  bond: bigint
  /** Bits in which the copy's fingerprint differs; undefined if the contract computed none. */
  distance: number | undefined
  phase: ClaimPhase
  outcome: ClaimOutcome
  filedAt: Date
  /** When the phase began. */
  changedAt: Date
  block: number
}

export interface ClaimsQuery extends PageOptions {
  phase?: ClaimPhase
  outcome?: ClaimOutcome
  /** The work that was copied. */
  workId?: Bytes32
  /** The deposit that is disputed. */
  suspectId?: Bytes32
  claimant?: string
  /** Account that is named, or answered. */
  respondent?: string
}

interface ClaimRow {
  block: number
  log_index: number
  id: string
  work: string
  claimant: string
  respondent: string
  suspect: string
  evidence: string
  bond: string
  distance: number | null
  filed_at: number
  phase: string
  outcome: string
  changed_at: number
  answered_by: string | null
}

const ANSWERED = "(SELECT a.respondent FROM claim_steps a WHERE a.claim = c.id AND a.phase = 'answered' LIMIT 1)"
const SELECT = `SELECT c.*, s.phase, s.outcome, s.time AS changed_at, ${ANSWERED} AS answered_by FROM claims c JOIN claim_steps s ON s.claim = c.id
  AND NOT EXISTS (SELECT 1 FROM claim_steps n WHERE n.claim = c.id AND (n.block > s.block OR (n.block = s.block AND n.log_index > s.log_index)))`

/** Claims that fit a query. @throws INVALID_INPUT naming the field */
export async function listClaims(reader: Reader, query: ClaimsQuery): Promise<Page<IndexedClaim>> {
  const where: Where = { clauses: [], values: [] }
  const add = (clause: string, ...values: string[]): void => {
    where.clauses.push(clause)
    where.values.push(...values)
  }
  if (query.phase !== undefined) {
    if (!PHASES.includes(query.phase)) throw invalidInput('phase', query.phase, `one of ${PHASES.join(', ')}`)
    add('s.phase = ?', query.phase)
  }
  if (query.outcome !== undefined) {
    if (!OUTCOMES.includes(query.outcome)) throw invalidInput('outcome', query.outcome, `one of ${OUTCOMES.join(', ')}`)
    add('s.outcome = ?', query.outcome)
  }
  if (query.workId !== undefined) add('c.work = ?', wordOf('workId', query.workId))
  if (query.suspectId !== undefined) add('c.suspect = ?', wordOf('suspectId', query.suspectId))
  if (query.claimant !== undefined) add('c.claimant = ?', accountKey('claimant', query.claimant))
  if (query.respondent !== undefined) {
    const respondent = accountKey('respondent', query.respondent)
    add(`COALESCE(${ANSWERED}, c.respondent) = ?`, respondent)
  }
  const { sql, values, limit } = paged('c', where, query)
  return pageOf(await reader.all<ClaimRow>(`${SELECT} ${sql}`, values), limit, claimOfRow)
}

function claimOfRow(row: ClaimRow): IndexedClaim {
  const respondent = row.answered_by ?? row.respondent
  return {
    id: row.id as Hex,
    workId: row.work as Hex,
    claimant: getAddress(row.claimant),
    respondent: respondent === ZeroAddress ? undefined : getAddress(respondent),
    suspectId: row.suspect === ZERO_32 ? undefined : (row.suspect as Hex),
    evidence: row.evidence as Hex,
    bond: BigInt(row.bond),
    distance: row.distance ?? undefined,
    phase: row.phase as ClaimPhase,
    outcome: row.outcome as ClaimOutcome,
    filedAt: dateOf(row.filed_at),
    changedAt: dateOf(row.changed_at),
    block: row.block,
  }
}
