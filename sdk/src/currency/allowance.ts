import type { TransactionRequest } from 'ethers'
import type { Connection } from '../client/connection.ts'
import { ColophonError } from '../errors/base.ts'
import { chainError } from '../errors/chain.ts'
import { tokenAt, tokenInterface } from './token.ts'

/** Tokens that a contract takes from the signer. */
export interface Spending {
  /** Address of the ERC-20 token. */
  token: string
  /** Who takes them. */
  spender: string
  /** In the token's smallest unit. */
  amount: bigint
}

/**
 * The allowance that stands, if it is too low for the spending; undefined if it suffices.
 * @throws BALANCE_TOO_LOW
 */
export async function missingAllowance(
  connection: Connection,
  owner: string,
  { token, spender, amount }: Spending,
): Promise<bigint | undefined> {
  if (amount === 0n) return undefined
  const contract = tokenAt(connection, token)
  const [allowance, balance] = await Promise.all([
    contract.getFunction('allowance').staticCall(owner, spender) as Promise<bigint>,
    contract.getFunction('balanceOf').staticCall(owner) as Promise<bigint>,
  ]).catch((fault: unknown) => {
    throw chainError(fault, { action: `asking the token ${token}`, details: { token } })
  })
  if (balance < amount)
    throw new ColophonError('BALANCE_TOO_LOW', `The account has ${balance} units of the token ${token}, and ${amount} are needed.`, {
      hint: 'Fund the account with the token; nothing was sent.',
      details: { account: owner, token, balance: balance.toString(), needed: amount.toString() },
    })
  return allowance < amount ? allowance : undefined
}

/** The approval of exactly what is spent. */
export function approvalOf(from: string, { token, spender, amount }: Spending): TransactionRequest & { to: string; data: string } {
  return { from, to: token, data: tokenInterface().encodeFunctionData('approve', [spender, amount]) }
}

/** The error of a write that may not approve by itself. */
export function allowanceMissing({ token, spender, amount }: Spending, allowance: bigint): ColophonError {
  return new ColophonError('ALLOWANCE_MISSING', `${spender} may take ${allowance} units of the token ${token}, and ${amount} are needed.`, {
    hint: 'Send the approval that populate() gives, or call the write without { approve: false }: it approves exactly the amount first.',
    details: { token, spender, allowance: allowance.toString(), needed: amount.toString() },
  })
}
