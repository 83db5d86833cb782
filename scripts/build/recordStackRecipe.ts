// Runs the Ignition module on a fresh in-process chain and notes the transactions it makes. Contract addresses follow from
// sender and nonce alone, so whoever replays them from the same account on another fresh chain gets the same addresses:
// that is how the CLI sets up anvil without Hardhat.
import { getAddress } from 'ethers'
import { network } from 'hardhat'
import colophon from '../../deploy/modules/Colophon.ts'
import type { StackRecipe } from '../../sdk/src/stack-recipe/recipe.ts'

interface MinedTransaction {
  from: string
  to: string | null
  input: string
  value: string
  nonce: string
}

/** The recipe; deterministic, it depends on the contracts and the Ignition modules only. */
export async function recordStackRecipe(): Promise<StackRecipe> {
  const connection = await network.create({ network: 'default', chainType: 'l1' })
  try {
    const { provider } = connection
    const [deployer] = (await provider.request({ method: 'eth_accounts' })) as string[]
    const contracts = await connection.ignition.deploy(colophon, { defaultSender: deployer! })
    const addresses: Record<string, string> = {}
    for (const [key, contract] of Object.entries(contracts)) addresses[contractName(key)] = await contract.getAddress()

    const head = Number((await provider.request({ method: 'eth_blockNumber' })) as string)
    const transactions: { to: string | null; data: string; value: string }[] = []
    for (let block = 1; block <= head; block++) {
      const { transactions: mined } = (await provider.request({
        method: 'eth_getBlockByNumber',
        params: [`0x${block.toString(16)}`, true],
      })) as {
        transactions: MinedTransaction[]
      }
      for (const transaction of mined) {
        if (transaction.from.toLowerCase() !== deployer!.toLowerCase())
          throw new Error('The deployment used a second account; the recipe replays one only.')
        if (Number(transaction.nonce) !== transactions.length) throw new Error('The deployment did not start on a fresh account.')
        transactions.push({ to: transaction.to, data: transaction.input, value: BigInt(transaction.value).toString() })
      }
    }
    return { deployer: getAddress(deployer!), addresses, transactions }
  } finally {
    await connection.close()
  }
}

/** Ignition modules name their results in camelCase after the contracts. */
function contractName(key: string): string {
  return key.charAt(0).toUpperCase() + key.slice(1)
}
