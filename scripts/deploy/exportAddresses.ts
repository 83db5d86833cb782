// `npm run deployments:export [-- ID …]`: writes where Ignition put the contracts into sdk/src/contracts/networks.ts, chain by
// chain, with the block of each. Chains that are not deployed again keep their entry. The local chain is left out: its
// addresses come with the stack recipe, and a record of one machine's chain has no place in a published package.
import { readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { getAddress } from 'ethers'
import { type Deployment, LOCAL_CHAIN_ID } from '../../sdk/src/contracts/deployments.ts'
import { networks } from '../../sdk/src/contracts/networks.ts'
import { deploymentFolders, deploymentsFolder, readJournal } from './journal.ts'

const target = join(import.meta.dirname, '..', '..', 'sdk', 'src', 'contracts', 'networks.ts')

/** The records of these deployments, merged over `known`. A journal with an unfinished contract is refused. */
export function mergeDeployments(known: Readonly<Record<number, Deployment>>, folders: readonly string[]): Record<number, Deployment> {
  const merged: Record<number, Deployment> = { ...known }
  for (const folder of folders) {
    const { id, chainId, contracts, unfinished } = readJournal(folder)
    if (unfinished.length > 0)
      throw new Error(
        `Deployment ${id} is not finished (${unfinished.join(', ')}). Run hardhat ignition deploy again; it goes on where it stopped.`,
      )
    if (chainId === LOCAL_CHAIN_ID) continue
    const found = Object.fromEntries(contracts.map(({ name, address, block }) => [name, { address: getAddress(address), block }]))
    merged[chainId] = { chainId, contracts: { ...merged[chainId]?.contracts, ...found } }
  }
  return merged
}

/** Source text of networks.ts. */
export function networksModule(merged: Readonly<Record<number, Deployment>>): string {
  const chains = Object.values(merged).sort((a, b) => a.chainId - b.chainId)
  const entries = chains.map(({ chainId, contracts }) => {
    const lines = Object.entries(contracts)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, { address, block }]) => `      ${name}: { address: '${address}', block: ${block} },\n`)
    return `  ${chainId}: {\n    chainId: ${chainId},\n    contracts: {\n${lines.join('')}    },\n  },\n`
  })
  return `import type { Deployment } from './deployments.ts'

// Written by \`npm run deployments:export\` from the records of Ignition, and committed: one entry for each public network.
export const networks: Readonly<Record<number, Deployment>> = {${entries.length === 0 ? '' : `\n${entries.join('')}`}}
`
}

if (import.meta.main) {
  const { positionals } = parseArgs({ allowPositionals: true })
  const folders = positionals.length === 0 ? deploymentFolders() : positionals.map((id) => join(deploymentsFolder, id))
  const source = networksModule(mergeDeployments(networks, folders))
  if (source === readFileSync(target, 'utf8')) console.log(`No new addresses in ${folders.length} deployment(s).`)
  else {
    writeFileSync(target, source)
    console.log(`Wrote ${relative(process.cwd(), target)}. Commit it, and publish a new version of the SDK.`)
  }
}
