// The last chapter of the demo: a stranger deposits a copy and puts it on a page, and a panel of the alliance rules on it.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { hexlify, randomBytes, type Signer, type TransactionReceipt, type TransactionResponse, type Wallet, ZeroAddress } from 'ethers'
import { ROLES } from '../../deploy/modules/Authority.ts'
import {
  ArbitrationPanel__factory,
  Authority__factory,
  type ContractName,
  CopyrightAlliance__factory,
  CopyrightTitle__factory,
  type Deployment,
  InfringementClaims__factory,
} from '../../sdk/src/contracts/index.ts'
import { captureEvidence, type Evidence, signManifest, verifyEvidence } from '../../sdk/src/evidence/index.ts'
import type { Fingerprint } from '../../sdk/src/fingerprint/index.ts'
import type { DepositReceipt } from '../../sdk/src/index.ts'
import type { Storage } from '../../sdk/src/storage/index.ts'
import type { DemoChain } from './chain.ts'
import type { Ledger } from './ledger.ts'

/** The alliance's role of arbitrators, as in contracts/types/Role.sol. */
const ARBITRATOR = 4
/** What a ruling of the panel can say; contracts/claims/InfringementClaims.sol. */
const REFUTE = 3n
const PHASE_DRAWING = 1n
const DAY = 86_400

/** One step of the trail, with the transaction that proves it. */
export interface TrailStep {
  what: string
  time: number
  transaction: string
}

export interface Dispute {
  claimId: string
  evidence: Evidence
  /** Bits in which the contract found the copy's fingerprint to differ. */
  distance: number
  /** Votes to refute, of all. */
  votes: [number, number]
  /** Whether the copy's deposit carries the mark of a refuted one. */
  refuted: boolean
  /** Wei that the photographer got back beyond her own bond. */
  compensation: bigint
  trail: TrailStep[]
}

interface Parties {
  owner: Wallet
  stranger: Wallet
  arbitrators: Wallet[]
}

/**
 * Takes the dispute all the way: the page captured as evidence, a claim for which the contract itself compares the fingerprints, an answer, a
 * panel drawn by lot that votes in secret, the ruling, and what follows from it. The chain's clock is put forward where the parties have days.
 */
export async function dispute(
  { chain, ledger, storage }: { chain: DemoChain; ledger: Ledger; storage: Storage },
  { owner, stranger, arbitrators }: Parties,
  original: { receipt: DepositReceipt; print: Fingerprint },
  copy: { receipt: DepositReceipt; file: Uint8Array },
): Promise<Dispute> {
  const { provider, deployment } = chain
  const claims = at(InfringementClaims__factory, deployment, 'InfringementClaims')
  const panel = at(ArbitrationPanel__factory, deployment, 'ArbitrationPanel')
  const trail: TrailStep[] = []
  const noted = async (what: string, sent: Promise<TransactionResponse>): Promise<TransactionReceipt> => {
    const receipt = await ledger.run(
      what,
      async () => (await (await sent).wait())!,
      ({ hash }) => [hash],
    )
    trail.push({ what, time: (await provider.getBlock(receipt.blockNumber))!.timestamp, transaction: receipt.hash })
    return receipt
  }

  await seatArbitrators(chain, arbitrators)

  const evidence = await ledger.run('capture the page with the copy', () => captureCopy(copy.file, original.print, storage))
  await ledger.run('check the evidence', async () => {
    const signature = await signManifest(evidence, owner)
    const { verdict, checks } = await verifyEvidence({ manifest: evidence.bytes, archive: evidence.archive, signature })
    if (verdict !== 'verified') throw new Error(`The evidence does not hold: ${JSON.stringify(checks)}`)
  })

  const claim = {
    workId: original.receipt.id,
    claimant: owner.address,
    respondent: ZeroAddress,
    suspectId: copy.receipt.id,
    evidence: evidence.digest,
    suspectFingerprint: copy.receipt.work.fingerprint,
    suspectType: copy.receipt.work.fingerprintType,
    forum: 0n,
    backup: 0n,
  }
  const bond = await claims.connect(provider).MIN_BOND()
  await noted('file the claim', claims.connect(owner).fileMatch(claim, owner.address, original.receipt.work, { value: bond }))
  const { distance } = await claims.connect(provider).claimOf(claim)
  await noted('the stranger answers', claims.connect(stranger).answer(claim, '', false, { value: bond }))
  await noted('take it to the panel', claims.connect(owner).escalate(claim, { value: await claims.connect(provider).feeOf(claim) }))
  const { disputeId } = await claims.connect(provider).claimOf(claim)

  // The lot falls by the hash of a block that nobody knows yet.
  while ((await panel.connect(provider).disputeOf(disputeId)).phase === PHASE_DRAWING) {
    for (let block = 0; block < 5; block++) await provider.send('evm_mine', [])
    await noted('draw the panel by lot', panel.connect(owner).draw(disputeId))
  }
  const { seats, round } = await panel.connect(provider).disputeOf(disputeId)
  const drawn: { arbitrator: Wallet; salt: string }[] = []
  for (let seat = 0n; seat < seats; seat++) {
    const [address] = await panel.connect(provider).seatOf(disputeId, seat)
    drawn.push({ arbitrator: arbitrators.find((each) => each.address === address)!, salt: hexlify(randomBytes(32)) })
  }
  for (const { arbitrator, salt } of drawn) {
    const vote = await panel.connect(provider).commitmentOf(disputeId, round, arbitrator.address, REFUTE, salt)
    await noted('an arbitrator votes, sealed', panel.connect(arbitrator).commit(disputeId, vote))
  }
  for (const { arbitrator, salt } of drawn)
    await noted('an arbitrator opens the vote', panel.connect(arbitrator).reveal(disputeId, REFUTE, salt))
  const votes = await panel.connect(provider).votesFor(disputeId, REFUTE)

  // Nobody appeals.
  await provider.send('evm_increaseTime', [3 * DAY + 1])
  await noted('the panel rules', panel.connect(owner).execute(disputeId))
  await noted('conclude the claim', claims.connect(owner).conclude(claim))
  await noted('mark the copy’s deposit as refuted', claims.connect(owner).enforce(claim))
  const credit = await claims.connect(provider).creditOf(owner.address)
  await noted('take bond and compensation', claims.connect(owner).withdraw(owner.address))

  const title = at(CopyrightTitle__factory, deployment, 'CopyrightTitle')
  return {
    claimId: await claims.connect(provider).claimIdOf(claim),
    evidence,
    distance: Number(distance),
    votes: [Number(votes), drawn.length],
    refuted: await title.connect(provider).isRefuted(copy.receipt.id),
    compensation: credit - bond,
    trail,
  }
}

/** Admits arbitrators to the alliance, who then enlist for the panel. Here the deployer does it; after the hand-over the members vote. */
async function seatArbitrators({ deployment, funded }: DemoChain, arbitrators: Wallet[]): Promise<void> {
  const deployer = funded(0)
  const authority = at(Authority__factory, deployment, 'Authority').connect(deployer)
  const alliance = at(CopyrightAlliance__factory, deployment, 'CopyrightAlliance').connect(deployer)
  const panel = at(ArbitrationPanel__factory, deployment, 'ArbitrationPanel')
  await (await authority.grantRole(ROLES.membership, deployer.address, 0)).wait()
  await (
    await alliance.admitMany(
      arbitrators.map(({ address }) => address),
      arbitrators.map(() => 1 << ARBITRATOR),
    )
  ).wait()
  for (const arbitrator of arbitrators) await (await panel.connect(arbitrator).enlist()).wait()
}

/** A contract that has yet to be told who calls. */
function at<Typed>(
  factory: { connect: (address: string, runner: Signer | DemoChain['provider']) => Typed },
  { contracts }: Deployment,
  name: ContractName,
) {
  const { address } = contracts[name]!
  return { connect: (runner: Signer | DemoChain['provider']): Typed => factory.connect(address, runner) }
}

/** Serves the copy on loopback, as a page elsewhere would, and captures it. */
async function captureCopy(file: Uint8Array, work: Fingerprint, storage: Storage): Promise<Evidence> {
  const server: Server = createServer((_, response) => response.writeHead(200, { 'content-type': 'image/jpeg' }).end(file))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  try {
    // A demo must not depend on a browser; `colophon capture` uses one where there is one.
    return await captureEvidence(`http://${host}/coffee-for-sale.jpg`, { work, storage, browser: false, allow: [host] })
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}
