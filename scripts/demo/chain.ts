import { type BaseContract, BrowserProvider, Wallet } from 'ethers'
import { network } from 'hardhat'
import colophonModule from '../../deploy/modules/Colophon.ts'
import { type Deployment, LOCAL_CHAIN_ID } from '../../sdk/src/contracts/index.ts'
import { devAccount } from '../../sdk/src/stack/index.ts'

/** A chain inside this process with Colophon on it. */
export interface DemoChain {
  provider: BrowserProvider
  deployment: Deployment
  /** Gas that the deployment took. */
  deploymentGas: bigint
  /** A funded development account. */
  funded(index: number): Wallet
  close(): Promise<void>
}

/** Starts Hardhat's chain and deploys with Ignition, as a deployer would. */
export async function startDemoChain(): Promise<DemoChain> {
  const connection = await network.create({ network: 'default', chainType: 'l1' })
  const provider = new BrowserProvider({ request: (request) => connection.provider.request(request as never) }, LOCAL_CHAIN_ID, {
    cacheTimeout: -1,
  })
  const deployed = Object.entries(await connection.ignition.deploy(colophonModule)) as [string, BaseContract][]
  // The module names its results in camelCase after the contracts.
  const contracts = await Promise.all(
    deployed.map(async ([key, contract]) => [
      `${key.charAt(0).toUpperCase()}${key.slice(1)}`,
      { address: await contract.getAddress(), block: 0 },
    ]),
  )
  const head = await provider.getBlockNumber()
  let deploymentGas = 0n
  for (let number = 1; number <= head; number++) deploymentGas += (await provider.getBlock(number))!.gasUsed
  return {
    provider,
    deployment: { chainId: LOCAL_CHAIN_ID, contracts: Object.fromEntries(contracts) },
    deploymentGas,
    funded: (index) => new Wallet(devAccount(index).privateKey, provider),
    async close() {
      provider.destroy()
      await connection.close()
    },
  }
}
