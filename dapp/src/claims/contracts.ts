import type { Deployment, WriteOptions } from '@colophon/sdk'
import { ArbitrationPanel__factory, InfringementClaims__factory } from '@colophon/sdk/contracts'
import { chainError } from '@colophon/sdk/errors'
import type { ContractRunner, JsonRpcSigner } from 'ethers'

type Panel = ReturnType<typeof ArbitrationPanel__factory.connect>
export type ClaimsContract = ReturnType<typeof InfringementClaims__factory.connect>

/** The panel, which the SDK has no client for; undefined where it is not deployed. */
export function panelAt(deployment: Deployment | undefined, runner: ContractRunner): Panel | undefined {
  const address = deployment?.contracts.ArbitrationPanel?.address
  return address === undefined ? undefined : ArbitrationPanel__factory.connect(address, runner)
}

export function claimsAt(deployment: Deployment | undefined, runner: ContractRunner): ClaimsContract | undefined {
  const address = deployment?.contracts.InfringementClaims?.address
  return address === undefined ? undefined : InfringementClaims__factory.connect(address, runner)
}

type PanelStep = 'enlist' | 'retire' | 'recuse' | 'commit' | 'reveal' | 'draw' | 'advance' | 'execute' | 'withdraw'

/**
 * Gas beyond what is estimated: whoever casts or opens the last vote pays for what follows from it, and which vote is the last is not known before it
 * is in a block. What is not used costs nothing.
 */
const GAS_OF_LAST_VOTE = 600_000n

/** Simulates a step of the panel, sends it and waits, and tells of it as the SDK's writes do. */
export async function panelStep(
  deployment: Deployment | undefined,
  signer: JsonRpcSigner,
  step: PanelStep,
  args: readonly unknown[],
  { onProgress, onSent }: WriteOptions,
): Promise<{ hash: string }> {
  const panel = panelAt(deployment, signer)!
  const method = panel.getFunction(step as 'enlist') as unknown as {
    (...args: readonly unknown[]): Promise<{ hash: string; wait(): Promise<unknown> }>
    staticCall(...args: readonly unknown[]): Promise<unknown>
    estimateGas(...args: readonly unknown[]): Promise<bigint>
  }
  try {
    onProgress?.({ stage: 'simulate', done: 0, total: 1, unit: 'steps' })
    await method.staticCall(...args)
    onProgress?.({ stage: 'send', done: 0, total: 1, unit: 'steps' })
    const isVote = step === 'commit' || step === 'reveal'
    const sent = await method(...args, ...(isVote ? [{ gasLimit: (await method.estimateGas(...args)) + GAS_OF_LAST_VOTE }] : []))
    await onSent?.(sent.hash)
    await sent.wait()
    return { hash: sent.hash }
  } catch (fault) {
    throw chainError(fault, { action: 'calling the panel', interfaces: [panel.interface] })
  }
}
