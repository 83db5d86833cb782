import { id as hashText, type Interface, type LogDescription } from 'ethers'
import type { Connection } from '../client/connection.ts'
import { interfaceOf } from '../client/contract.ts'
import { CopyrightAlliance__factory } from '../contracts/generated/CopyrightAlliance.ts'
import { IdentityRegistry__factory } from '../contracts/generated/IdentityRegistry.ts'
import { RevenueSplitter__factory } from '../contracts/generated/RevenueSplitter.ts'
import { addressOf, type Hex } from '../deposits/work.ts'
import { bitsOf } from '../input/index.ts'
import { invalidInput } from '../input/input.ts'

/** Roles in the order of their bits in the contract. */
export const ROLES = ['owner', 'agency', 'platform', 'verifier', 'arbitrator'] as const

/** What a member of the alliance does. */
export type Role = (typeof ROLES)[number]

/** Something the alliance can decide. */
export type Decision =
  | { admit: string; roles: readonly Role[] }
  | { setRoles: string; roles: readonly Role[] }
  | { suspend: string }
  | { reinstate: string }
  | { expel: string }
  /** Lists a currency of the splitter, or strikes it off. */
  | { currency: string; allowed: boolean }
  /** Ends what somebody attested who is a verifier no longer. */
  | { revokeAttestation: string; verifier: string }
  /** Any other call. */
  | { to: string; data: Hex; value?: bigint }

/** What a proposal does, as the governor takes it. */
export interface ProposalCalls {
  targets: string[]
  values: bigint[]
  calldatas: string[]
}

/** A proposal with everything that queueing and executing it takes. */
export interface ProposalRecord extends ProposalCalls {
  id: bigint
  proposer: string
  description: string
}

/** The roles as bits. */
export function roleBits(roles: readonly Role[]): number {
  return bitsOf('roles', roles, ROLES)
}

/** The names of roles. */
export function rolesOf(bits: bigint): Role[] {
  return ROLES.filter((_, bit) => (bits >> BigInt(bit)) & 1n)
}

/**
 * Puts decisions into calls.
 * @throws INVALID_INPUT, INVALID_ADDRESS
 */
export async function callsOf(connection: Connection, decisions: readonly Decision[]): Promise<ProposalCalls> {
  if (!Array.isArray(decisions) || decisions.length === 0) throw invalidInput('decisions', decisions, 'at least one')
  const calls = await Promise.all(decisions.map((decision) => callOf(connection, decision)))
  return {
    targets: calls.map(({ target }) => target),
    values: calls.map(({ value }) => value),
    calldatas: calls.map(({ data }) => data),
  }
}

async function callOf(connection: Connection, decision: Decision): Promise<{ target: string; value: bigint; data: string }> {
  if ('to' in decision) return { target: addressOf('to', decision.to), value: decision.value ?? 0n, data: decision.data }
  const make = async (
    contract: 'CopyrightAlliance' | 'IdentityRegistry' | 'RevenueSplitter',
    name: string,
    args: readonly unknown[],
  ): Promise<{ target: string; value: bigint; data: string }> => ({
    target: (await connection.contract(contract)).address,
    value: 0n,
    data: FACES[contract]().encodeFunctionData(name, args),
  })
  if ('admit' in decision) return await make('CopyrightAlliance', 'admit', [addressOf('admit', decision.admit), roleBits(decision.roles)])
  if ('setRoles' in decision)
    return await make('CopyrightAlliance', 'setRoles', [addressOf('setRoles', decision.setRoles), roleBits(decision.roles)])
  if ('suspend' in decision) return await make('CopyrightAlliance', 'suspend', [addressOf('suspend', decision.suspend)])
  if ('reinstate' in decision) return await make('CopyrightAlliance', 'reinstate', [addressOf('reinstate', decision.reinstate)])
  if ('expel' in decision) return await make('CopyrightAlliance', 'expel', [addressOf('expel', decision.expel)])
  if ('currency' in decision)
    return await make('RevenueSplitter', 'setCurrency', [addressOf('currency', decision.currency), decision.allowed])
  if ('revokeAttestation' in decision)
    return await make('IdentityRegistry', 'revokeFor', [
      addressOf('verifier', decision.verifier),
      addressOf('revokeAttestation', decision.revokeAttestation),
    ])
  throw invalidInput('decisions', JSON.stringify(decision), 'something the alliance can decide')
}

const FACES: Record<'CopyrightAlliance' | 'IdentityRegistry' | 'RevenueSplitter', () => Interface> = {
  CopyrightAlliance: () => interfaceOf(CopyrightAlliance__factory),
  IdentityRegistry: () => interfaceOf(IdentityRegistry__factory),
  RevenueSplitter: () => interfaceOf(RevenueSplitter__factory),
}

/** The proposal of a `ProposalCreated` event. */
export function proposalOf({ args }: LogDescription): ProposalRecord {
  // By place: `values` is also a method of ethers' results.
  const [id, proposer, targets, values, , calldatas, , , description] = args
  return { id, proposer, targets: [...targets], values: [...values], calldatas: [...calldatas], description }
}

/** The arguments by which the governor knows a proposal. */
export function keyOf({
  targets,
  values,
  calldatas,
  description,
}: Omit<ProposalRecord, 'id' | 'proposer'>): [string[], bigint[], string[], string] {
  return [targets, values, calldatas, hashText(description)]
}
