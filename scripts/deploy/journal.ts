// Reads what Ignition keeps of a deployment: deploy/deployments/ID/{journal.jsonl, artifacts, build-info}.
import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** One contract of a deployment, as the journal tells it. */
export interface JournaledContract {
  /** Ignition's name of it, e.g. `CopyrightRegistry#CopyrightRegistry`. */
  futureId: string
  /** Its name in Solidity. */
  name: string
  address: string
  /** Block of the transaction that created it. */
  block: number
  /** The data of that transaction: creation bytecode and constructor arguments. */
  creationData: string
}

export interface JournaledDeployment {
  id: string
  folder: string
  chainId: number
  contracts: JournaledContract[]
  /** Contracts that were begun and are not finished; rerun `hardhat ignition deploy` to go on. */
  unfinished: string[]
}

export const deploymentsFolder: string = join(import.meta.dirname, '..', '..', 'deploy', 'deployments')

/** Folders under deploy/deployments that hold a journal. */
export function deploymentFolders(root: string = deploymentsFolder): string[] {
  return globSync('*/journal.jsonl', { cwd: root })
    .sort()
    .map((file) => join(root, dirname(file)))
}

/** The last complete deployment of every contract in a journal; an entry wiped or redone later replaces the earlier one. */
export function readJournal(folder: string): JournaledDeployment {
  const file = join(folder, 'journal.jsonl')
  if (!existsSync(file)) throw new Error(`There is no deployment in ${folder}: journal.jsonl is missing.`)
  const begun = new Map<string, { name: string; creationData?: string; block?: number; address?: string }>()
  let chainId = 0
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (line.trim() === '') continue
    let entry: JournalEntry
    try {
      entry = JSON.parse(line) as JournalEntry
    } catch {
      // A process killed in the middle of a write leaves half a line at the end; Ignition resumes before it as well.
      continue
    }
    switch (entry.type) {
      case 'DEPLOYMENT_INITIALIZE':
        chainId = entry.chainId
        break
      case 'WIPE_APPLY':
        begun.delete(entry.futureId)
        break
      case 'DEPLOYMENT_EXECUTION_STATE_INITIALIZE':
        begun.set(entry.futureId, { name: entry.contractName.split(':').at(-1)! })
        break
      case 'NETWORK_INTERACTION_REQUEST': {
        const contract = begun.get(entry.futureId)
        if (contract !== undefined && entry.networkInteraction.type === 'ONCHAIN_INTERACTION')
          contract.creationData = entry.networkInteraction.data
        break
      }
      case 'TRANSACTION_CONFIRM': {
        const contract = begun.get(entry.futureId)
        if (contract !== undefined) contract.block = entry.receipt.blockNumber
        break
      }
      case 'DEPLOYMENT_EXECUTION_STATE_COMPLETE': {
        const contract = begun.get(entry.futureId)
        if (contract !== undefined && entry.result.type === 'SUCCESS') contract.address = entry.result.address
        break
      }
    }
  }
  const contracts: JournaledContract[] = []
  const unfinished: string[] = []
  for (const [futureId, { name, address, block, creationData }] of begun) {
    if (address === undefined || block === undefined || creationData === undefined) unfinished.push(futureId)
    else contracts.push({ futureId, name, address, block, creationData })
  }
  return { id: basename(folder), folder, chainId, contracts, unfinished }
}

type JournalEntry =
  | { type: 'DEPLOYMENT_INITIALIZE'; chainId: number }
  | { type: 'WIPE_APPLY'; futureId: string }
  | { type: 'DEPLOYMENT_EXECUTION_STATE_INITIALIZE'; futureId: string; contractName: string }
  | { type: 'NETWORK_INTERACTION_REQUEST'; futureId: string; networkInteraction: { type: string; data: string } }
  | { type: 'TRANSACTION_CONFIRM'; futureId: string; receipt: { blockNumber: number } }
  | { type: 'DEPLOYMENT_EXECUTION_STATE_COMPLETE'; futureId: string; result: { type: string; address: string } }
