import type { HardhatEthers } from '@nomicfoundation/hardhat-ethers/types'
import { getBytes, hexlify, id, type TransactionResponse, ZeroAddress, ZeroHash } from 'ethers'
import type { GasAction } from './gasAction.ts'

const BOND = 10n ** 16n
const FEE = 10n ** 14n
const DAY = 86_400
const RULINGS_ROLE = 2n
/** `Role.Arbitrator` of contracts/interfaces/ICopyrightAlliance.sol. */
const ARBITRATOR = 4n

let drawn = 0

/** Different at every call, the same in every run, and without a zero byte, which would be cheaper: the dearest calldata there is. */
function hash(): string {
  return hexlify(getBytes(id(`claimed ${drawn++}`)).map((byte) => byte | 1))
}

/** What claims and the panel cost, on the whole market as it is deployed; only membership of the alliance is a double's. */
export async function claimsActions(ethers: HardhatEthers): Promise<GasAction[]> {
  const [deployer, author, alice, ...others] = await ethers.getSigners()
  if (!deployer || !author || !alice || others.length < 12) throw new Error('fifteen accounts are needed')
  const arbitrators = others.slice(-12)
  const authority = await ethers.deployContract('Authority', [deployer.address])
  const authorityAddress = await authority.getAddress()
  const registry = await ethers.deployContract('CopyrightRegistry')
  const title = await ethers.deployContract('CopyrightTitle', [await registry.getAddress(), authorityAddress])
  const titles = await title.getAddress()
  const splitter = await ethers.deployContract('RevenueSplitter', [authorityAddress, titles])
  const split = await splitter.getAddress()
  const licenses = await ethers.deployContract('LicenseToken', [titles, split])
  const alliance = await ethers.deployContract('AllianceDouble')
  const panel = await ethers.deployContract('ArbitrationPanel', [authorityAddress, await alliance.getAddress(), FEE, FEE])
  const panelAddress = await panel.getAddress()
  const terms = [titles, await licenses.getAddress(), split, panelAddress, BOND, BOND, 'ipfs://meta-evidence'] as const
  const claims = await ethers.deployContract('InfringementClaims', [...terms])
  const address = await claims.getAddress()
  const selectors = [title.interface.getFunction('freeze').selector, title.interface.getFunction('refute').selector]
  await authority.setTargetFunctionRole(titles, selectors, RULINGS_ROLE)
  await authority.grantRole(RULINGS_ROLE, address, 0)
  for (const each of arbitrators) {
    await alliance.set(each.address, ARBITRATOR, true)
    await (panel.connect(each) as typeof panel).enlist()
  }
  const outside = await ethers.deployContract('HostileArbitrator')
  const outsideAddress = await outside.getAddress()
  let disputes = 1n

  const by = (person: typeof author) => claims.connect(person) as typeof claims
  const pass = async (days: number) => {
    await ethers.provider.send('evm_increaseTime', [days * DAY])
    await ethers.provider.send('evm_mine', [])
  }
  const deposit = async (person: typeof author) => {
    const work = { contentHash: hash(), fingerprint: hash(), fingerprintType: 1, metadata: hash(), salt: ZeroHash }
    await (registry.connect(person) as typeof registry).deposit(work)
    return { work, workId: BigInt(await registry.idOf(person.address, work)) }
  }
  const claimOf = (workId: bigint, given: object = {}) => ({
    workId,
    claimant: author.address,
    respondent: alice.address,
    suspectId: 0n,
    evidence: hash(),
    suspectFingerprint: ZeroHash,
    suspectType: 0,
    forum: 0n,
    backup: 0n,
    ...given,
  })
  type InfringementClaim = ReturnType<typeof claimOf>
  const { work, workId } = await deposit(author)
  const file = async (given: object = {}) => {
    const claim = claimOf(workId, given)
    return { claim, sent: await by(author).fileClaim(claim, { value: BOND }) }
  }
  const answered = async (given: object = {}, accepts = false) => {
    const { claim } = await file(given)
    return { claim, sent: await by(alice).answer(claim, '', accepts, { value: BOND }) }
  }
  const escalated = async (given: object = {}, accepts = false) => {
    const { claim } = await answered(given, accepts)
    const value = await claims.feeOf(claim)
    return { claim, sent: await by(author).escalate(claim, { value }), disputeId: await panel.disputeCount() }
  }
  /** The arbitrator's own transaction is the ruling, so that what is measured is the ruling and not who brings it. */
  const ruled = async (ruling: bigint) => {
    const disputeId = disputes++
    await outside.behave(disputeId, 0n, false)
    const { claim } = await escalated({ forum: BigInt(outsideAddress) }, true)
    await ethers.provider.send('hardhat_setBalance', [outsideAddress, '0xde0b6b3a7640000'])
    await ethers.provider.send('hardhat_impersonateAccount', [outsideAddress])
    const sent = await by((await ethers.getSigner(outsideAddress)) as typeof author).rule(disputeId, ruling)
    return { claim, sent }
  }
  const draw = async (disputeId: bigint): Promise<TransactionResponse> => {
    await ethers.provider.send('hardhat_mine', ['0x6'])
    return await panel.draw(disputeId)
  }
  /** Of eight draws the cheapest: one without a lot that falls on somebody twice, which costs another lot. */
  const cheapestDraw = async (): Promise<TransactionResponse> => {
    let best: { sent: TransactionResponse; gas: bigint } | undefined
    for (let tries = 0; tries < 8; tries++) {
      const sent = await draw((await escalated()).disputeId)
      const gas = (await sent.wait())!.gasUsed
      if (best === undefined || gas < best.gas) best = { sent, gas }
    }
    return best!.sent
  }
  /** Three votes on a drawn panel, as far as they go. */
  const vote = async (committed: number, revealed = 0) => {
    const { disputeId } = await escalated()
    await draw(disputeId)
    let sent: TransactionResponse | undefined
    const seats = await Promise.all([0, 1, 2].map(async (seat) => (await panel.seatOf(disputeId, seat))[0]))
    const people = seats.map((who) => panel.connect(arbitrators.find((each) => each.address === who)!) as typeof panel)
    for (const [seat, who] of people.slice(0, committed).entries())
      sent = await who.commit(disputeId, await panel.commitmentOf(disputeId, 0, seats[seat]!, 1, ZeroHash))
    // Who is drawn differs from run to run. Nobody has a credit from an earlier case, so each is a new word.
    for (const [seat, who] of people.entries()) if ((await panel.creditOf(seats[seat]!)) !== 0n) await who.withdraw(seats[seat]!)
    for (const who of people.slice(0, revealed)) sent = await who.reveal(disputeId, 1, ZeroHash)
    return sent!
  }
  // Everybody's credit is warm, as that of people who have had a claim before.
  const settle = async (claim: InfringementClaim) => {
    await pass(36)
    await by(author).conclude(claim)
  }
  await settle((await file()).claim)
  await settle((await answered()).claim)

  return [
    { name: 'fileClaim', ceiling: 55_000, send: async () => (await file()).sent },
    {
      name: 'fileClaimMatched',
      ceiling: 55_000,
      send: () => {
        const claim = claimOf(workId, { suspectFingerprint: hash(), suspectType: 1 })
        return by(author).fileMatch(claim, author.address, work, { value: BOND })
      },
    },
    { name: 'answerClaim', send: async () => (await answered()).sent },
    { name: 'escalateClaim', send: async () => (await escalated()).sent },
    { name: 'rule', ceiling: 32_000, send: async () => (await ruled(1n)).sent },
    { name: 'concludeClaim', send: async () => await claims.conclude((await ruled(2n)).claim) },
    {
      name: 'freezeTitle',
      send: async () => {
        const { workId: suspectId } = await deposit(alice)
        const { claim } = await file({ respondent: ZeroAddress, suspectId })
        return await by(author).freeze(claim, { value: BOND })
      },
    },
    { name: 'drawThree', send: cheapestDraw },
    { name: 'commitVote', send: () => vote(1) },
    { name: 'revealVote', send: () => vote(3, 1) },
    { name: 'revealLastVote', send: () => vote(3, 3) },
  ]
}
