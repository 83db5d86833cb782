import type { TypedDataDomain, TypedDataField } from 'ethers'
import type { Hex } from '../deposits/work.ts'
import type { Level } from '../identity/index.ts'

/*
 * What relay and client say to each other over HTTP. JSON; times are seconds since 1970, amounts decimal strings in wei.
 */

/** How a relay puts deposits on the chain: a record for each, or one Merkle root for all of a batch with a proof handed back for each. */
export type RelayMode = 'record' | 'anchor'

/**
 * How far a request is: accepted and on the relay's disk; in a transaction that was sent; in one that was mined; mined deep enough to stay; or
 * given up, with the reason.
 */
export type RelayState = 'queued' | 'sent' | 'mined' | 'settled' | 'refused'

/** What a relay says of itself. */
export interface RelayInfo {
  type: 'colophon-relay'
  version: 1
  chainId: number
  registry: string
  /** Account that pays and signs acceptances. */
  account: string
  mode: RelayMode
  /** Deposits that one claimant has in 24 hours, by the level of identity it was verified at. */
  quota: Record<Level, number>
  /** Seconds that a signature has to be good for yet when it arrives. */
  leastValidity: number
  batch: { size: number; seconds: number }
  /** Blocks until a deposit counts as settled, its own included. */
  confirmations: number
  /** Most that the relay pays for a unit of gas, in wei; it waits while the chain asks more. */
  maxFeePerGas: string
}

/** The relay's signed word that it has a request on its disk. */
export interface RelayAcceptance {
  by: string
  acceptedAt: number
  /** EIP-712, over `Acceptance(bytes32 id,uint256 acceptedAt,uint256 deadline)` in {@link acceptanceDomain}. */
  signature: Hex
}

/** What a relay says of one request. Nothing of it has to be believed: the client checks it against the chain. */
export interface RelayStatus {
  /** The deposit's id, which names claimant and work. */
  id: Hex
  claimant: string
  state: RelayState
  acceptedAt: number
  deadline: number
  /** From `sent` on. */
  transaction?: Hex
  /** From `mined` on. */
  block?: number
  /** Whether somebody else had put it on the chain. */
  byOthers?: true
  /** In mode `anchor`, from `mined` on. */
  anchor?: { root: Hex; proof: Hex[] }
  /** Why it was given up. */
  refusal?: { code: string; message: string }
}

export interface RelayAccepted extends RelayStatus {
  acceptance: RelayAcceptance
}

export function acceptanceDomain(chainId: number, registry: string): TypedDataDomain {
  return { name: 'Colophon Relay', version: '1', chainId, verifyingContract: registry }
}

export const ACCEPTANCE_TYPES: Record<string, TypedDataField[]> = {
  Acceptance: [
    { name: 'id', type: 'bytes32' },
    { name: 'acceptedAt', type: 'uint256' },
    { name: 'deadline', type: 'uint256' },
  ],
}
