import { AbiCoder, concat, keccak256 } from 'ethers'
import { addressOf, type Hex } from '../deposits/work.ts'
import { ColophonError } from '../errors/base.ts'
import { idText, partsOf } from '../input/index.ts'

/** One payee, as people say it: a percentage with four decimals at most, or parts of whatever all parts add up to. */
export type PayeeInput = { account: string; percent: number } | { account: string; parts: number }

/** One payee, as the contract has it. */
export interface Payee {
  account: string
  /** Parts per million. */
  share: number
}

const WHOLE = 1_000_000
const MOST_PAYEES = 32

/**
 * Payees in the contract's order and with its shares, which add up to 1,000,000 exactly: parts that do not come out even are rounded so that each is
 * within one millionth of what was meant.
 * @throws INVALID_SPLIT, INVALID_ADDRESS, INVALID_INPUT
 */
export function splitOf(payees: readonly PayeeInput[]): Payee[] {
  if (!Array.isArray(payees) || payees.length === 0 || payees.length > MOST_PAYEES)
    throw invalidSplit(`A split has 1 to ${MOST_PAYEES} payees.`, { payees: payees?.length ?? 0 })
  const inParts = payees.filter((payee) => 'parts' in payee).length
  if (inParts !== 0 && inParts !== payees.length) throw invalidSplit('Some payees have a percentage and others parts.', {})
  const accounts = payees.map(({ account }) => addressOf('account', account))
  if (new Set(accounts).size !== accounts.length) throw invalidSplit('An account is named twice.', { accounts })
  const shares = payees.every((payee) => 'parts' in payee) ? roundedShares(payees.map(({ parts }) => parts)) : payees.map(percentShare)
  const sum = shares.reduce((total, share) => total + share, 0)
  if (sum !== WHOLE) throw invalidSplit(`The shares add up to ${sum / 10_000} %, not to 100.`, { percent: sum / 10_000 })
  if (shares.some((share) => share === 0)) throw invalidSplit('A payee has no share.', {})
  return accounts
    .map((account, index) => ({ account, share: shares[index]! }))
    .sort((a, b) => (BigInt(a.account) < BigInt(b.account) ? -1 : 1))
}

/** The contract's name of a split: the lower 234 bits of the hash over its payees. */
export function splitHash(payees: readonly Payee[]): Hex {
  const coder = AbiCoder.defaultAbiCoder()
  const hash = BigInt(keccak256(concat(payees.map(({ account, share }) => coder.encode(['address', 'uint32'], [account, share])))))
  return idText(hash & ((1n << 234n) - 1n))
}

function percentShare(payee: PayeeInput): number {
  return partsOf('percent', (payee as { percent: number }).percent, WHOLE)
}

/** Largest remainders: the millionths that are left over go to those who lost most by rounding down. */
function roundedShares(parts: readonly number[]): number[] {
  if (parts.some((part) => !(part > 0) || !Number.isFinite(part))) throw invalidSplit('Parts must be above zero.', { parts })
  const total = parts.reduce((sum, part) => sum + part, 0)
  const exact = parts.map((part) => (part / total) * WHOLE)
  const shares = exact.map(Math.floor)
  const left = WHOLE - shares.reduce((sum, share) => sum + share, 0)
  const byRemainder = exact.map((value, index) => ({ index, rest: value - Math.floor(value) })).sort((a, b) => b.rest - a.rest)
  for (const { index } of byRemainder.slice(0, left)) shares[index]! += 1
  return shares
}

function invalidSplit(message: string, details: Record<string, unknown>): ColophonError {
  return new ColophonError('INVALID_SPLIT', message, {
    hint: 'Name each account once, with { percent } that add up to 100 or with { parts } of any size.',
    details,
  })
}
