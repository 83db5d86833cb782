import { ZeroAddress } from 'ethers'
import { OUTCOMES } from '../claims/status.ts'
import { ZERO_32 } from '../deposits/work.ts'
import type { Contracts, EventName, EventValues } from '../events/contracts.ts'
import { idText } from '../input/index.ts'
import type { DecodedLog } from './chain/events.ts'
import type { Row } from './database/database.ts'
import type { FactTable } from './database/schema.ts'

/** A row that an event stands for. */
export interface Fact {
  table: FactTable
  row: Row
}

/** When an event was, and what of it only the chain's state tells. */
export interface Circumstances {
  /** Seconds since 1970, of the block. */
  time: number
  /** Seconds since 1970 at which a deposit counts as made: of its seal or anchor, where there was one. */
  depositedAt(id: string): number
}

/** What each event of a contract says, in rows without their place. */
type Readers = {
  [Name in keyof Contracts]?: {
    [Event in EventName<Name>]?: (values: EventValues<Name, Event>, when: Circumstances) => Fact[]
  }
}

/** Decimal digits of an amount's text, so that its parts can be added up by the database; see `sumOfAmounts`. */
export const AMOUNT_DIGITS = 84

/** An amount of any size as text of one length. */
export function amountText(amount: bigint): string {
  return amount.toString().padStart(AMOUNT_DIGITS, '0')
}

const fact = (table: FactTable, row: Row): Fact => ({ table, row })
const account = (address: string): string => address.toLowerCase()
const DURATION = (1n << 40n) - 1n

/** A license as it begins. Its id has its first second, its terms have its duration. */
function license(values: { licenseId: bigint; workId: bigint; terms: bigint; document: string }, agreement: string | null): Fact[] {
  const starts = Number((values.licenseId >> 24n) & DURATION)
  const duration = Number((values.terms >> 120n) & DURATION)
  return [
    fact('licenses', {
      id: idText(values.licenseId),
      work: idText(values.workId),
      terms: values.terms.toString(),
      document: values.document,
      agreement,
      starts,
      ends: duration === 0 ? null : starts + duration,
    }),
  ]
}

const readers: Readers = {
  CopyrightRegistry: {
    Deposited: ({ id, claimant, contentHash, fingerprint, fingerprintType, metadata, salt }, { time, depositedAt }) => [
      fact('works', {
        ...{
          id,
          claimant: account(claimant),
          content_hash: contentHash,
          fingerprint,
          fingerprint_type: Number(fingerprintType),
          metadata,
          salt,
        },
        deposited_at: depositedAt(id),
        recorded_at: time,
      }),
    ],
    Sealed: ({ claimant, commitment }, { time }) => [
      fact('stamps', { kind: 'seal', commitment, by_account: account(claimant), works: null, manifest: null, time }),
    ],
    Anchored: ({ root, by, count, manifest }, { time }) => [
      fact('stamps', {
        ...{ kind: 'anchor', commitment: root, by_account: account(by), time },
        // Whoever anchors may say any number.
        works: count > BigInt(Number.MAX_SAFE_INTEGER) ? null : Number(count),
        manifest: manifest === ZERO_32 ? null : manifest,
      }),
    ],
  },
  CopyrightTitle: {
    Transfer: ({ to, tokenId }, { time }) => [fact('title_owners', { work: idText(tokenId), owner: account(to), time })],
    TitleMinted: ({ workId, royaltyBps }) => [fact('title_marks', { work: idText(workId), mark: 'royalty', value: Number(royaltyBps) })],
    RoyaltyLowered: ({ workId, royaltyBps }) => [fact('title_marks', { work: idText(workId), mark: 'royalty', value: Number(royaltyBps) })],
    Frozen: ({ workId, until }) => [fact('title_marks', { work: idText(workId), mark: 'frozen', value: Number(until) })],
    Refuted: ({ workId }, { time }) => [fact('title_marks', { work: idText(workId), mark: 'refuted', value: time })],
  },
  LicenseToken: {
    LicenseAcquired: (values) => license(values, null),
    LicenseIssued: (values) => license(values, values.agreementId),
    Transfer: ({ to, tokenId }) => (to === ZeroAddress ? [] : [fact('license_owners', { license: idText(tokenId), owner: account(to) })]),
    LicenseRenewed: ({ licenseId, until }) => [
      fact('license_changes', { license: idText(licenseId), change: 'renewed', ends: Number(until) }),
    ],
    LicenseEnded: ({ licenseId }, { time }) => [fact('license_changes', { license: idText(licenseId), change: 'ended', ends: time })],
  },
  RevenueSplitter: {
    Paid: ({ workId, payer, currency, amount, commission }, { time }) => [
      fact('revenue', {
        ...{ time, work: idText(workId), kind: 'paid', payer: account(payer), source: null, currency: account(currency) },
        amount: amountText(amount),
        commission: Number(commission),
      }),
    ],
    PaidDirect: ({ workId, payer, currency, amount }, { time }) => [
      fact('revenue', {
        ...{ time, work: idText(workId), kind: 'direct', payer: account(payer), source: null, currency: account(currency) },
        amount: amountText(amount),
        commission: 0,
      }),
    ],
    Swept: ({ ancestor, child, currency, grains }, { time }) => [
      fact('revenue', {
        ...{ time, work: idText(ancestor), kind: 'royalty', payer: null, source: idText(child), currency: account(currency) },
        amount: amountText(grains),
        commission: 0,
      }),
    ],
    DerivativeRegistered: ({ child, parents }) =>
      parents.map(({ parent, share, grantor }, number) =>
        fact('derivatives', { number, child: idText(child), parent: idText(parent), share: Number(share), grantor: account(grantor) }),
      ),
  },
  InfringementClaims: {
    ClaimFiled: ({ id, workId, claimant, respondent, suspectId, evidence, bond, distance }, { time }) => [
      fact('claims', {
        ...{ id, work: idText(workId), claimant: account(claimant), respondent: account(respondent), suspect: idText(suspectId), evidence },
        bond: bond.toString(),
        distance: distance > 256n ? null : Number(distance),
        filed_at: time,
      }),
      step(id, 'filed', { time }),
    ],
    ClaimAnswered: ({ id, respondent }, { time }) => [step(id, 'answered', { time, respondent: account(respondent) })],
    Dispute: ({ arbitrator, disputeId, evidenceGroupId }, { time }) => [
      step(idText(evidenceGroupId), 'disputed', { time, dispute: `${account(arbitrator)} ${disputeId}` }),
    ],
    // It names the dispute alone; `connectRulings` finds its claim.
    Ruling: ({ arbitrator, disputeId, ruling }, { time }) => [
      step('', 'ruled', { time, dispute: `${account(arbitrator)} ${disputeId}`, ruling: Number(ruling > 2n ? 0n : ruling) }),
    ],
    ClaimClosed: ({ id, outcome }, { time }) => [step(id, 'closed', { time, outcome: OUTCOMES[Number(outcome)] ?? 'none' })],
  },
}

function step(
  claim: string,
  phase: string,
  { time, outcome = 'none', dispute = null, ruling = null, respondent = null }: Partial<Row> & { time: number },
): Fact {
  return fact('claim_steps', { claim, phase, outcome, dispute, ruling, respondent, time })
}

/** Rulings name a dispute; the claim is the one for which it was opened. */
export const CONNECT_RULINGS = `UPDATE claim_steps SET claim = COALESCE((SELECT d.claim FROM claim_steps d
  WHERE d.dispute = claim_steps.dispute AND d.phase = 'disputed' ORDER BY d.block DESC, d.log_index DESC LIMIT 1), 'unknown') WHERE claim = ''`

/** The rows that an event stands for, itself included. */
export function factsOf(log: DecodedLog, when: Circumstances): Fact[] {
  const place = { block: log.blockNumber, log_index: log.logIndex }
  const read = (readers[log.contract] as Record<string, ((values: never, when: Circumstances) => Fact[]) | undefined> | undefined)?.[
    log.event
  ]
  const facts = read?.(log.values as never, when) ?? []
  return [
    fact('events', {
      ...place,
      ...{ contract: log.contract, event: log.event, transaction_hash: log.transactionHash, topics: log.topics.join(' '), data: log.data },
    }),
    ...facts.map(({ table, row }) => fact(table, { ...place, ...row })),
  ]
}
