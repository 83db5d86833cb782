import type { HardhatEthers } from '@nomicfoundation/hardhat-ethers/types'
import type { TransactionResponse } from 'ethers'
import { network } from 'hardhat'
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
  /** How many items one transaction holds; the figure is per item. */
  per?: number
  /** Prepares what it needs and sends the transaction to be measured, the last one it sends. */
  send: () => Promise<TransactionResponse>
}

export interface GasFigure {
  name: string
  gas: number
  ceiling?: number
}

/** Every contract adds its actions here. */
const sources: ((ethers: HardhatEthers) => Promise<GasAction[]>)[] = [registryActions, revenueActions, licensingActions, tradingActions]

/** `receipt.gasUsed` of every action on a fresh in-process chain, each run twice and the second taken, so that counters are warm. */
export async function measureGas(): Promise<GasFigure[]> {
  const { ethers } = await network.create()
  const figures: GasFigure[] = []
  for (const source of sources) {
    for (const { name, ceiling, per = 1, send } of await source(ethers)) {
      let gas = 0
      for (let run = 0; run < 2; run++) {
        const receipt = await (await send()).wait()
        if (receipt?.status !== 1) throw new Error(`${name} failed`)
        gas = Math.ceil(Number(receipt.gasUsed) / per)
      }
      figures.push({ name, gas, ...(ceiling === undefined ? {} : { ceiling }) })
    }
  }
  return figures
}
