import type { TransactionResponse } from 'ethers'

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
