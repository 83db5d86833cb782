import type { JsonRpcApiProvider } from 'ethers'
import { isGenuine } from '../contracts/code.ts'
import { type ContractName, type Deployment, deploymentOn, LOCAL_CHAIN_ID } from '../contracts/deployments.ts'
import { ColophonError } from '../errors/base.ts'
import { chainError } from '../errors/chain.ts'
import type { LongCallOptions } from '../progress/progress.ts'
import { recipe } from './generated/recipe.ts'

/**
 * Sets up the contracts on a local chain (anvil, Hardhat) whose first account is unlocked, at the same addresses as Ignition would,
 * and tells where they are. A chain that has them already is left as it is.
 * @throws STACK_NOT_FRESH when the chain was used for something else; WRONG_CHAIN when it is not a local one
 */
export async function replayRecipe(provider: JsonRpcApiProvider, options: LongCallOptions<'deploy'> = {}): Promise<Deployment> {
  const { signal, onProgress } = options
  const total = recipe.transactions.length
  try {
    signal?.throwIfAborted()
    const chainId = Number((await provider.getNetwork()).chainId)
    if (chainId !== LOCAL_CHAIN_ID)
      throw new ColophonError('WRONG_CHAIN', `Contracts are set up on local chains only, and this is chain ${chainId}.`, {
        hint: 'Deploy to other networks with Hardhat Ignition; docs/deploying.md tells how.',
        details: { expected: LOCAL_CHAIN_ID, found: chainId },
      })
    const nonce = await provider.getTransactionCount(recipe.deployer)
    if (nonce >= total && (await isSetUp(provider))) return deploymentOn(LOCAL_CHAIN_ID)!
    if (nonce > 0)
      throw new ColophonError('STACK_NOT_FRESH', 'The local chain was used before, so the contracts cannot get their usual addresses.', {
        hint: 'Start a fresh chain.',
        details: { deployer: recipe.deployer, nonce },
      })
    const signer = await provider.getSigner(recipe.deployer)
    for (const [index, { to, data, value }] of recipe.transactions.entries()) {
      signal?.throwIfAborted()
      onProgress?.({ stage: 'deploy', done: index, total, unit: 'steps' })
      await (await signer.sendTransaction({ to, data, value: BigInt(value), nonce: index })).wait()
    }
    onProgress?.({ stage: 'deploy', done: total, total, unit: 'steps' })
    return deploymentOn(LOCAL_CHAIN_ID)!
  } catch (fault) {
    if (signal?.aborted === true && fault === signal.reason) throw fault
    throw chainError(fault, { action: 'setting up the local stack' })
  }
}

async function isSetUp(provider: JsonRpcApiProvider): Promise<boolean> {
  const found = Object.entries(recipe.addresses).map(async ([name, address]) =>
    isGenuine(name as ContractName, await provider.getCode(address)),
  )
  return (await Promise.all(found)).every((genuine) => genuine)
}
