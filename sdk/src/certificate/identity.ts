import type { Connection } from '../client/connection.ts'
import { IdentityRegistry__factory } from '../contracts/generated/IdentityRegistry.ts'
import { chainError } from '../errors/chain.ts'
import type { DepositReceipt } from '../receipt/receipt.ts'
import type { IdentityStatement } from './data.ts'

/**
 * How well the claimant was known at the time of the deposit; undefined where the deployment has no IdentityRegistry.
 * @throws what the RPC's faults become
 */
export async function identityAt(
  connection: Connection,
  { claimant, depositedAt }: DepositReceipt,
): Promise<IdentityStatement | undefined> {
  const { contracts } = await connection.deployment()
  if (contracts.IdentityRegistry === undefined) return undefined
  const { address } = await connection.contract('IdentityRegistry')
  try {
    const level = await IdentityRegistry__factory.connect(address, connection.provider).levelAt(claimant, depositedAt)
    return { registry: address, level: Number(level) }
  } catch (fault) {
    throw chainError(fault, { action: 'asking for the identity of the claimant' })
  }
}
