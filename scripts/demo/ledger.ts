import type { Provider } from 'ethers'

/** What one step of the demo took. */
export interface Step {
  name: string
  /** Wall-clock milliseconds. */
  ms: number
  /** Gas of its transactions; absent when it sent none. */
  gas?: bigint
  /** For a batch: gas for each work. */
  gasEach?: number
}

/** Notes what every step took, for the table at the end. */
export interface Ledger {
  steps: Step[]
  /** Runs a step and notes its time; `transactions` names what it sent. */
  run<Result>(name: string, step: () => Promise<Result>, transactions?: (result: Result) => string[]): Promise<Result>
}

export function createLedger(provider: Provider): Ledger {
  const steps: Step[] = []
  return {
    steps,
    async run(name, step, transactions = () => []) {
      const started = performance.now()
      const result = await step()
      const ms = performance.now() - started
      const hashes = transactions(result)
      let gas = 0n
      for (const hash of hashes) gas += (await provider.getTransactionReceipt(hash))!.gasUsed
      steps.push({ name, ms, ...(hashes.length === 0 ? {} : { gas }) })
      return result
    },
  }
}
