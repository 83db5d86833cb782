import { type ContractTransactionResponse, type EventLog, solidityPackedKeccak256, TypedDataEncoder, ZeroAddress, ZeroHash } from 'ethers'
import { DAY, deployMarket } from '../market/fixture.ts'
import { idOf, newWork, random, type Work } from '../registry/fixture.ts'
import { CLAIM_TYPES, SETTLEMENT_TYPES } from './types.ts'

/** `InfringementClaim` of contracts/types/InfringementClaim.sol. */
export interface InfringementClaim {
  workId: bigint
  claimant: string
  respondent: string
  suspectId: bigint
  evidence: string
  suspectFingerprint: string
  suspectType: bigint
  forum: bigint
  backup: bigint
}

/** `Settlement` of contracts/types/InfringementClaim.sol. */
export interface Settlement {
  claimId: string
  currency: string
  amount: bigint
  offerId: string
  coversFrom: bigint
  deadline: bigint
}

export const BOND = 10n ** 16n
export const FREEZE_BOND = 10n ** 17n
export const SEAT_FEE = 10n ** 14n
export const ARBITRATOR = 4n
export const PHASE = { none: 0n, filed: 1n, answered: 2n, disputed: 3n, ruled: 4n, closed: 5n } as const
export const OUTCOME = {
  none: 0n,
  defaulted: 1n,
  retracted: 2n,
  lapsed: 3n,
  dismissed: 4n,
  settled: 5n,
  upheld: 6n,
  refuted: 7n,
  rejected: 8n,
  undecided: 9n,
  unruled: 10n,
} as const
export const PANEL = { none: 0n, drawing: 1n, committing: 2n, revealing: 3n, decided: 4n, solved: 5n } as const
export const RULING = { claimant: 1n, respondent: 2n, refute: 3n } as const
export const NO_DISTANCE = 2n ** 256n - 1n
const RULINGS_ROLE = 7n

/** A forum in one word, as contracts/types/Forum.sol has it. */
export const forumOf = (arbitrator: string, court = 0n, jurors = 0n): bigint => BigInt(arbitrator) | (court << 160n) | (jurors << 224n)

/** The whole market with claims and a panel of enlisted arbitrators on it, wired as it is deployed. */
export async function deployClaims() {
  const at = await deployMarket()
  const { ethers, author, alice, deployer } = at
  type Person = typeof author
  const authority = await ethers.getContractAt('Authority', await at.title.authority())
  const alliance = await ethers.deployContract('AllianceDouble')
  const panel = await ethers.deployContract('ArbitrationPanel', [
    await authority.getAddress(),
    await alliance.getAddress(),
    SEAT_FEE,
    10n * SEAT_FEE,
  ])
  const panelAddress = await panel.getAddress()
  const claims = await ethers.deployContract('InfringementClaims', [
    at.titles,
    at.licensesAddress,
    at.split,
    panelAddress,
    BOND,
    FREEZE_BOND,
    'ipfs://meta-evidence',
  ])
  const claimsAddress = await claims.getAddress()
  await authority.grantRole(RULINGS_ROLE, claimsAddress, 0)
  // Everybody who is not a person of the market.
  const arbitrators = (await ethers.getSigners()).slice(-14)
  for (const { address } of arbitrators) await alliance.set(address, ARBITRATOR, true)
  for (const each of arbitrators) await (panel.connect(each) as typeof panel).enlist()

  const { chainId } = await ethers.provider.getNetwork()
  const domain = { name: 'Colophon InfringementClaims', version: '1', chainId, verifyingContract: claimsAddress }
  const as = (person: Person) => ({
    claims: claims.connect(person) as typeof claims,
    panel: panel.connect(person) as typeof panel,
  })

  /** A deposited work with all its fields, which a claim must show. */
  const deposit = async (claimant: Person = author, given: Partial<Work> = {}) => {
    const work = { ...newWork(), fingerprint: random(), fingerprintType: 1, ...given }
    await (at.registry.connect(claimant) as typeof at.registry).deposit(work)
    return { work, id: BigInt(idOf(claimant.address, work)) }
  }
  const claimOf = (workId: bigint, given: Partial<InfringementClaim> = {}): InfringementClaim => ({
    workId,
    claimant: author.address,
    respondent: alice.address,
    suspectId: 0n,
    evidence: random(),
    suspectFingerprint: ZeroHash,
    suspectType: 0n,
    forum: 0n,
    backup: 0n,
    ...given,
  })
  const idOfClaim = (claim: InfringementClaim) => TypedDataEncoder.hashStruct('InfringementClaim', CLAIM_TYPES, claim)
  // Each call of `getSigners` makes new objects; these are the ones that tests compare.
  const everybody: Person[] = [deployer, author, alice, at.bob, at.carol, at.court, ...arbitrators]
  const person = async (address: string): Promise<Person> => {
    const found = everybody.find((each) => each.address === address)
    if (found === undefined) throw new Error(`${address} is nobody`)
    return found
  }
  const claimantOf = (claim: InfringementClaim) => person(claim.claimant)
  const file = async (claim: InfringementClaim, value = BOND) => await as(await claimantOf(claim)).claims.fileClaim(claim, { value })
  /** The author's work, and a filed claim about it. */
  const filed = async (given: Partial<InfringementClaim> = {}) => {
    const { id: workId, work } = await deposit()
    const claim = claimOf(workId, given)
    await file(claim)
    return { workId, work, claim, id: idOfClaim(claim) }
  }
  /** The author's work, a later deposit of alice's, and a filed claim against it. */
  const contested = async (given: Partial<InfringementClaim> = {}) => {
    const { id: workId, work } = await deposit()
    const { id: suspectId, work: suspect } = await deposit(alice)
    const claim = claimOf(workId, { respondent: ZeroAddress, suspectId, ...given })
    await file(claim)
    return { workId, work, suspectId, suspect, claim, id: idOfClaim(claim) }
  }
  const answer = async (claim: InfringementClaim, given: { by?: Person; accepts?: boolean; evidence?: string; value?: bigint } = {}) =>
    await as(given.by ?? alice).claims.answer(claim, given.evidence ?? '', given.accepts ?? false, { value: given.value ?? BOND })
  const escalate = async (claim: InfringementClaim, by: Person = author) =>
    await as(by).claims.escalate(claim, { value: await claims.feeOf(claim) })
  const appeal = async (claim: InfringementClaim, by: Person) => await as(by).claims.appeal(claim, { value: await claims.feeOf(claim) })
  const record = (claim: InfringementClaim) => claims.claimOf(claim)
  const disputeIdOf = async (claim: InfringementClaim) => (await record(claim)).disputeId
  /** A claim that alice has answered with a bond, and that has gone to its forum. */
  const disputed = async (given: Partial<InfringementClaim> = {}, accepts = false) => {
    const made = await filed(given)
    await answer(made.claim, { accepts })
    await escalate(made.claim)
    return { ...made, disputeId: await disputeIdOf(made.claim) }
  }
  const settlementOf = async (claim: InfringementClaim, given: Partial<Settlement> = {}): Promise<Settlement> => ({
    claimId: idOfClaim(claim),
    currency: ZeroAddress,
    amount: 5000n,
    offerId: ZeroHash,
    coversFrom: 1_700_000_000n,
    deadline: (await at.now()) + 7n * DAY,
    ...given,
  })
  const signSettlement = (settlement: Settlement, signer: Person = author) => signer.signTypedData(domain, SETTLEMENT_TYPES, settlement)
  const settle = async (
    claim: InfringementClaim,
    settlement: Settlement,
    given: { by?: Person; signature?: string; licenseId?: bigint; value?: bigint } = {},
  ) =>
    await as(given.by ?? alice).claims.settle(
      claim,
      settlement,
      given.signature ?? (await signSettlement(settlement)),
      given.licenseId ?? 0n,
      { value: given.value ?? (settlement.currency === ZeroAddress ? settlement.amount : 0n) },
    )

  /* The panel's work. */
  const mine = (blocks: number) => at.provider.request({ method: 'hardhat_mine', params: [`0x${blocks.toString(16)}`] })
  const draw = async (disputeId: bigint) => {
    for (let tries = 0; (await panel.disputeOf(disputeId)).phase === PANEL.drawing && tries < 20; tries++) {
      await mine(5)
      await panel.draw(disputeId)
    }
  }
  /** Who sits in the current round, seat by seat. */
  const seated = async (disputeId: bigint): Promise<(Person | undefined)[]> => {
    const { seats } = await panel.disputeOf(disputeId)
    return await Promise.all(
      Array.from({ length: Number(seats) }, async (_, seat) => {
        const [who] = await panel.seatOf(disputeId, seat)
        return who === ZeroAddress ? undefined : await person(who)
      }),
    )
  }
  const saltOf = (who: string) => solidityPackedKeccak256(['address'], [who])
  const commit = async (disputeId: bigint, who: Person, choice: bigint) => {
    const { round } = await panel.disputeOf(disputeId)
    await as(who).panel.commit(disputeId, await panel.commitmentOf(disputeId, round, who.address, choice, saltOf(who.address)))
  }
  const reveal = (disputeId: bigint, who: Person, choice: bigint) => as(who).panel.reveal(disputeId, choice, saltOf(who.address))
  /** Everybody who is drawn votes for `choice`; the round is decided, and can be appealed. */
  const deliberate = async (disputeId: bigint, choice: bigint | bigint[]) => {
    await draw(disputeId)
    const people = (await seated(disputeId)).filter((each) => each !== undefined)
    const choices = people.map((_, index) => (typeof choice === 'bigint' ? choice : choice[index % choice.length]!))
    for (const [index, who] of people.entries()) await commit(disputeId, who, choices[index]!)
    for (const [index, who] of people.entries()) await reveal(disputeId, who, choices[index]!)
    return people
  }
  const passAppeal = async (disputeId: bigint) => {
    await at.time.increase(3n * DAY + 1n)
    return await panel.execute(disputeId)
  }
  /** The panel rules, nobody appeals, and the claim is concluded. */
  const judge = async (claim: InfringementClaim, choice: bigint) => {
    const disputeId = await disputeIdOf(claim)
    const people = await deliberate(disputeId, choice)
    await passAppeal(disputeId)
    await claims.conclude(claim)
    return people
  }

  /** Arguments of the last event of this name in a transaction, as a plain object. */
  const eventOf = async (sent: Promise<ContractTransactionResponse> | ContractTransactionResponse, name: string) => {
    const receipt = await (await sent).wait()
    for (const log of (receipt?.logs ?? []).toReversed()) {
      const parsed =
        log.address === claimsAddress
          ? claims.interface.parseLog(log)
          : log.address === panelAddress
            ? panel.interface.parseLog(log)
            : (log as EventLog).fragment === undefined
              ? null
              : (log as EventLog)
      if (parsed !== null && (parsed as { name?: string }).name === name)
        return (parsed.args as unknown as { toObject: () => Record<string, unknown> }).toObject()
    }
    return undefined
  }

  return {
    ...at,
    authority,
    alliance,
    panel,
    panelAddress,
    claims,
    claimsAddress,
    arbitrators,
    deployer,
    domainOfClaims: domain,
    as,
    deposit,
    claimOf,
    idOfClaim,
    file,
    filed,
    contested,
    answer,
    escalate,
    appeal,
    record,
    disputeIdOf,
    disputed,
    settlementOf,
    signSettlement,
    settle,
    mine,
    draw,
    seated,
    saltOf,
    commit,
    reveal,
    deliberate,
    passAppeal,
    judge,
    eventOf,
    pass: (seconds: bigint) => at.time.increase(seconds),
    /** Wei that the claims contract owes an account. */
    owed: (who: { address: string }) => claims.creditOf(who.address),
    puppetArbitrator: async () => {
      const contract = await ethers.deployContract('HostileArbitrator')
      return { contract, address: await contract.getAddress() }
    },
  }
}

export type Claims = Awaited<ReturnType<typeof deployClaims>>
