import type { HardhatEthers } from '@nomicfoundation/hardhat-ethers/types'
import type { BaseContract, InterfaceAbi, TransactionResponse } from 'ethers'

/** What a package publishes of a compiled contract. */
interface Artifact {
  abi: InterfaceAbi
  bytecode: string
}

/** Deploys the bytecode that a package publishes, as its authors compiled it. */
export async function deployPublished(ethers: HardhatEthers, { abi, bytecode }: Artifact, args: unknown[] = []): Promise<BaseContract> {
  const contract = await (await ethers.getContractFactory(abi as never, bytecode)).deploy(...args)
  return await contract.waitForDeployment()
}

/** Sends a transaction, of the signer the contract is connected to. */
export async function send(contract: BaseContract, method: string, args: unknown[], value = 0n): Promise<TransactionResponse> {
  return await contract.getFunction(method)(...args, { value })
}
