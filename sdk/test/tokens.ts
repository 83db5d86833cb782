import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Contract, ContractFactory } from 'ethers'
import { Authority__factory, RevenueSplitter__factory } from '../src/contracts/index.ts'
import type { TestChain } from './chain.ts'

/** Number of the role that lists currencies, as deploy/modules/Authority.ts has it. */
const CURRENCIES = 1n

/** Deploys an ERC-20 that the splitter takes. Anybody can mint it. */
export async function startToken(chain: TestChain): Promise<Contract> {
  const file = join(import.meta.dirname, '..', '..', 'artifacts', 'contracts', 'test', 'Tokens.sol', 'PlainToken.json')
  const { abi, bytecode } = JSON.parse(readFileSync(file, 'utf8'))
  const deployer = chain.accounts[0]!
  const deployed = await (await new ContractFactory(abi, bytecode, deployer).deploy()).waitForDeployment()
  const address = await deployed.getAddress()
  // On a fresh local stack the deployer may still give roles.
  const authority = Authority__factory.connect(chain.deployment.contracts.Authority!.address, deployer)
  await (await authority.grantRole(CURRENCIES, deployer.address, 0)).wait()
  const splitter = RevenueSplitter__factory.connect(chain.deployment.contracts.RevenueSplitter!.address, deployer)
  await (await splitter.setCurrency(address, true)).wait()
  return new Contract(address, abi, deployer)
}
