import type { HardhatEthers } from '@nomicfoundation/hardhat-ethers/types'
import { network } from 'hardhat'
import { claimsActions } from './claimsActions.ts'
import type { GasAction } from './gasAction.ts'
import { identityActions } from './identityActions.ts'
import { licensingActions } from './licensingActions.ts'
import { registryActions } from './registryActions.ts'
import { revenueActions } from './revenueActions.ts'
import { tradingActions } from './tradingActions.ts'

export interface GasFigure {
  name: string
  /** Of the second of two equal transactions, whose counters are warm. */
  gas: number
  /** Of the first of the two. */
  cold: number
  ceiling?: number
  missed?: string
}

/** A group of actions on the chain it is given; contracts they need are deployed there first. */
export type GasSource = (ethers: HardhatEthers) => Promise<GasAction[]>

/** Every contract adds its actions here. */
const own: readonly GasSource[] = [registryActions, revenueActions, licensingActions, tradingActions, claimsActions, identityActions]

/**
 * `receipt.gasUsed` of every action, each run twice: cold, and with the counters warm that it touches.
 * By default Colophon's actions on a fresh in-process chain; benchmarks hand in their chain and what they compare with.
 */
export async function measureGas(given?: HardhatEthers, sources: readonly GasSource[] = own): Promise<GasFigure[]> {
  const ethers = given ?? (await network.create()).ethers
  const figures: GasFigure[] = []
  for (const source of sources) {
    for (const { name, ceiling, missed, per = 1, send } of await source(ethers)) {
      const run = async (): Promise<number> => {
        const receipt = await (await send()).wait()
        if (receipt?.status !== 1) throw new Error(`${name} failed`)
        return Math.ceil(Number(receipt.gasUsed) / per)
      }
      const cold = await run()
      const gas = await run()
      figures.push({ name, gas, cold, ...(ceiling === undefined ? {} : { ceiling }), ...(missed === undefined ? {} : { missed }) })
    }
  }
  return figures
}
