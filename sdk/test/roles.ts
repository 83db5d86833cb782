import { Authority__factory, CopyrightAlliance__factory } from '../src/contracts/index.ts'
import type { TestChain } from './chain.ts'

/** Number of the role that admits members, as deploy/modules/Authority.ts has it. */
const MEMBERSHIP = 3n

/** Bits of the roles of members. */
export const ROLE = { owner: 1, agency: 2, platform: 4, verifier: 8, arbitrator: 16 }

/** Admits members; on a fresh local stack the deployer may. */
export async function admit(chain: TestChain, members: readonly { account: string; roles: number }[]): Promise<void> {
  const deployer = chain.accounts[0]!
  const { Authority, CopyrightAlliance } = chain.deployment.contracts
  const authority = Authority__factory.connect(Authority!.address, deployer)
  await (await authority.grantRole(MEMBERSHIP, deployer.address, 0)).wait()
  const alliance = CopyrightAlliance__factory.connect(CopyrightAlliance!.address, deployer)
  await (
    await alliance.admitMany(
      members.map(({ account }) => account),
      members.map(({ roles }) => roles),
      // An estimate made in the second of an earlier change is too low for a later one.
      { gasLimit: 3_000_000 },
    )
  ).wait()
}
