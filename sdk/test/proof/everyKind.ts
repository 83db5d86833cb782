import { StandardMerkleTree } from '@openzeppelin/merkle-tree'
import { anchoredReceipt, createDeposits, type DepositReceipt, type Hex, hashWork, idOf } from '../../src/index.ts'
import type { TestChain } from '../chain.ts'
import { newWork } from '../deposits/works.ts'

/** A receipt of each kind, all of the second account's works: `direct` is the one given. */
export async function receiptsOfEveryKind(
  chain: TestChain,
  direct: DepositReceipt,
): Promise<Record<DepositReceipt['kind'], DepositReceipt>> {
  const [, creator, sponsor] = chain.accounts
  const deposits = createDeposits({ signer: creator! })
  const signed = await createDeposits({ signer: sponsor! }).submitSigned(await deposits.sign(newWork()))
  const opening = await deposits.prepareSeal(newWork())
  await deposits.seal(opening)
  await chain.pass(100)
  const unsealed = await deposits.unseal(opening)
  const works = [newWork(), newWork(), newWork()] as const
  const tree = StandardMerkleTree.of(
    works.map((each) => [creator!.address, hashWork(each)]),
    ['address', 'bytes32'],
  )
  const proofOf = (index: number): Hex[] => tree.getProof(index) as Hex[]
  const anchor = await deposits.anchor({ root: tree.root, count: works.length })
  const leaf = { id: idOf(creator!.address, works[0]), claimant: creator!.address, work: works[0], proof: proofOf(0) }
  const anchored = anchoredReceipt({ chainId: chain.deployment.chainId, registry: direct.registry }, anchor, leaf)
  await chain.pass(100)
  const lifted = await deposits.lift({ root: tree.root, work: works[1], proof: proofOf(1) })
  return { direct, signed, unsealed, anchored, lifted }
}
