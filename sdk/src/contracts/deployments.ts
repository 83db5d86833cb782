import { localAddresses } from './generated/local.ts'
import type { runtimeCode } from './generated/runtime.ts'
import { networks } from './networks.ts'

/** A contract of Colophon, by its name in Solidity. */
export type ContractName = keyof typeof runtimeCode

/** Where the contracts of one chain are. */
export interface Deployment {
  chainId: number
  contracts: { readonly [name in ContractName]?: DeployedContract }
}

export interface DeployedContract {
  /** EIP-55 address. */
  address: string
  /** Block of the deployment: no event is older, so searches start here. */
  block: number
}

/** Chain id of local development chains (Hardhat, anvil). */
export const LOCAL_CHAIN_ID = 31_337

/**
 * The deployment this SDK knows on a chain, or undefined.
 *
 * For the local chain these are the addresses that `colophon stack` and a first Ignition run on a fresh chain give.
 */
export function deploymentOn(chainId: number): Deployment | undefined {
  return networks[chainId] ?? (chainId === LOCAL_CHAIN_ID ? localDeployment : undefined)
}

/** Chain ids this SDK knows a deployment on. */
export function knownChains(): number[] {
  return [...new Set([...Object.keys(networks).map(Number), LOCAL_CHAIN_ID])].sort((a, b) => a - b)
}

const localDeployment: Deployment = {
  chainId: LOCAL_CHAIN_ID,
  contracts: Object.fromEntries(Object.entries(localAddresses).map(([name, address]) => [name, { address, block: 0 }])),
}
