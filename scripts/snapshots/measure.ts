import type { HardhatEthers } from '@nomicfoundation/hardhat-ethers/types'
import type { TransactionResponse } from 'ethers'
import { network } from 'hardhat'
import { claimsActions } from './claimsActions.ts'
import { identityActions } from './identityActions.ts'
import { licensingActions } from './licensingActions.ts'
import { registryActions } from './registryActions.ts'
import { revenueActions } from './revenueActions.ts'
import { tradingActions } from './tradingActions.ts'

/** One action whose gas is watched. */
export interface GasAction {
  /** As in bench/results/gas.json. */
  name: string
  /** Most gas the design allows, per unit of `per`. */
  ceiling?: number
  /** Why the action costs more than its ceiling, where that was found to be so; docs/benchmarks.md says it at length. */
  missed?: string
  /** How many items one transaction holds; the figure is per item. */
  per?: number
  /** Prepares what it needs and sends the transaction to be measured, the last one it sends. */
  send: () => Promise<TransactionResponse>
}

export interface GasFigure {
  name: string
  gas: number
  ceiling?: number
  missed?: string
}

/** A group of actions on the chain it is given; contracts they need are deployed there first. */
export type GasSource = (ethers: HardhatEthers) => Promise<GasAction[]>

/** Every contract adds its actions here. */
const own: readonly GasSource[] = [registryActions, revenueActions, licensingActions, tradingActions, claimsActions, identityActions]

/**
 * `receipt.gasUsed` of every action, each run twice and the second taken, so that counters are warm.
 * By default Colophon's actions on a fresh in-process chain; benchmarks hand in their chain and what they compare with.
 */
export async function measureGas(given?: HardhatEthers, sources: readonly GasSource[] = own): Promise<GasFigure[]> {
  const ethers = given ?? (await network.create()).ethers
  const figures: GasFigure[] = []
  for (const source of sources) {
    for (const { name, ceiling, missed, per = 1, send } of await source(ethers)) {
      let gas = 0
      for (let run = 0; run < 2; run++) {
        const receipt = await (await send()).wait()
        if (receipt?.status !== 1) throw new Error(`${name} failed`)
        gas = Math.ceil(Number(receipt.gasUsed) / per)
      }
      figures.push({ name, gas, ...(ceiling === undefined ? {} : { ceiling }), ...(missed === undefined ? {} : { missed }) })
    }
  }
  return figures
}
