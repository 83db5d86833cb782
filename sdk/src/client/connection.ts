import { AbstractProvider, type Provider, type Signer } from 'ethers'
import type { ContractName, DeployedContract, Deployment } from '../contracts/deployments.ts'
import { deploymentOn, knownChains } from '../contracts/deployments.ts'
import { ColophonError } from '../errors/base.ts'
import { chainError } from '../errors/chain.ts'
import { asking } from './asking.ts'

/** How a client reaches the chain. */
export interface ConnectionOptions {
  /** For reading; may be left out when the signer has a provider. */
  provider?: Provider
  /** For writing. */
  signer?: Signer
  /** Where the contracts are; by default what this SDK knows for the provider's chain. */
  deployment?: Deployment
}

/** A provider, perhaps a signer, and the deployment they are meant for. */
export interface Connection {
  readonly provider: Provider
  /**
   * The signer; checks that it is on the deployment's chain.
   * @throws SIGNER_MISSING, WRONG_CHAIN
   */
  signer(): Promise<Signer>
  /**
   * The deployment; checks that the provider is on its chain, every time, because wallets change chains.
   * @throws WRONG_CHAIN, DEPLOYMENT_UNKNOWN, NETWORK_UNREACHABLE
   */
  deployment(): Promise<Deployment>
  /**
   * Where a contract is; checks that there is code.
   * @throws as `deployment`, and CONTRACT_MISSING
   */
  contract(name: ContractName): Promise<DeployedContract & { chainId: number }>
}

/** Puts provider, signer and deployment together. Nothing is asked of the chain before the first call. */
export function createConnection(options: ConnectionOptions): Connection {
  const { signer, deployment: given } = options
  const provider = options.provider ?? signer?.provider
  if (provider === null || provider === undefined)
    throw new ColophonError('PROVIDER_MISSING', 'There is no provider to read the chain with.', {
      hint: 'Pass { provider }, or a signer that is connected to one.',
    })
  const coded = new Set<string>()

  async function deployment(): Promise<Deployment> {
    const chainId = await chainIdOf(provider!)
    const found = given ?? deploymentOn(chainId)
    if (found === undefined)
      throw new ColophonError('DEPLOYMENT_UNKNOWN', `No deployment is known on chain ${chainId}.`, {
        hint: 'Pass { deployment } with the addresses, or connect to a chain this SDK knows.',
        details: { chainId, knownChains: knownChains() },
      })
    if (found.chainId !== chainId) throw wrongChain(found.chainId, chainId)
    return found
  }

  return {
    provider,
    deployment,

    async signer() {
      if (signer === undefined)
        throw new ColophonError('SIGNER_MISSING', 'Writing needs an account that can sign.', { hint: 'Create the client with { signer }.' })
      if (signer.provider === null)
        throw new ColophonError('SIGNER_MISSING', 'The signer is not connected to a provider.', { hint: 'Use signer.connect(provider).' })
      const [{ chainId: expected }, found] = await Promise.all([deployment(), chainIdOf(signer.provider)])
      if (found !== expected) throw wrongChain(expected, found)
      return signer
    },

    async contract(name) {
      const known = await deployment()
      const contract = known.contracts[name]
      const { chainId } = known
      if (contract === undefined)
        throw new ColophonError('CONTRACT_MISSING', `The deployment on chain ${chainId} has no ${name}.`, {
          hint: 'Add its address to the deployment.',
          details: { contract: name, chainId },
        })
      const { address } = contract
      if (!coded.has(address)) {
        const code = await asking(() => provider.getCode(address)).catch((fault: unknown) => {
          throw chainError(fault, { action: `reading the code of ${name}`, details: { address, chainId } })
        })
        if (code === '0x')
          throw new ColophonError('CONTRACT_MISSING', `There is no contract at ${address} on chain ${chainId}.`, {
            hint: chainId === 31_337 ? 'Start a local stack with: colophon stack' : `Check the address of ${name} and the RPC.`,
            details: { contract: name, address, chainId },
          })
        coded.add(address)
      }
      return { ...contract, chainId }
    },
  }
}

/** The provider's chain as it is now. After a change `getNetwork` gives the earlier one once more, so ethers' own detection is asked. */
export async function chainIdOf(provider: Provider): Promise<number> {
  try {
    const network = await asking(() => (provider instanceof AbstractProvider ? provider._detectNetwork() : provider.getNetwork()))
    return Number(network.chainId)
  } catch (fault) {
    throw chainError(fault, { action: 'asking the RPC for its chain' })
  }
}

/** The error of a deployment and a provider on different chains. */
export function wrongChain(expected: number, found: number): ColophonError {
  return new ColophonError('WRONG_CHAIN', `The deployment is on chain ${expected}, but this is chain ${found}.`, {
    hint: `Switch to chain ${expected}; nothing was sent.`,
    details: { expected, found },
  })
}
