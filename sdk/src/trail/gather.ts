import type { Interface, Log } from 'ethers'
import type { Connection } from '../client/connection.ts'
import { searchLogs } from '../client/logs.ts'
import { timeOfBlock } from '../client/mined.ts'
import type { ContractName } from '../contracts/deployments.ts'
import { CopyrightTitle__factory } from '../contracts/generated/CopyrightTitle.ts'
import { InfringementClaims__factory } from '../contracts/generated/InfringementClaims.ts'
import { LicenseAgreements__factory } from '../contracts/generated/LicenseAgreements.ts'
import { LicenseToken__factory } from '../contracts/generated/LicenseToken.ts'
import { RevenueSplitter__factory } from '../contracts/generated/RevenueSplitter.ts'
import type { DepositRecord } from '../deposits/records.ts'
import { registryInterface } from '../deposits/registry.ts'
import { type Hex, ZERO_32 } from '../deposits/work.ts'
import { ColophonError } from '../errors/base.ts'
import { cidOfDigest } from '../receipt/cid.ts'
import type { Link, Stage } from './trail.ts'

interface Search {
  signal?: AbortSignal
}

/** A parsed event with where it is. */
interface Found {
  log: Log
  name: string
  facts: Record<string, string>
}

/** Events of a contract whose indexed values are these; `null` stands for any. */
async function events(
  connection: Connection,
  contract: ContractName,
  face: Interface,
  event: string,
  indexed: readonly (string | bigint | null)[],
  search: Search,
): Promise<Found[]> {
  const { address, block } = await connection.contract(contract)
  const topics = face.encodeFilterTopics(event, [...indexed])
  const found: Found[] = []
  for await (const log of searchLogs(connection.provider, { address, topics }, { ...search, fromBlock: block })) {
    const parsed = face.parseLog(log)
    if (parsed === null) continue
    const facts = Object.fromEntries(
      parsed.fragment.inputs.map(({ name }, index) => [name === '' ? `value${index}` : name, text(parsed.args[index])]),
    )
    found.push({ log, name: parsed.name, facts })
  }
  return found
}

function text(value: unknown): string {
  if (typeof value === 'object' && value !== null && Symbol.iterator in value)
    return `(${[...(value as Iterable<unknown>)].map(text).join(', ')})`
  return String(value)
}

/** Values of events that are digests of CIDs. */
const DIGESTS = new Set(['document', 'evidence', 'metadata'])

async function linkOf(
  connection: Connection,
  contract: ContractName,
  stage: Stage,
  { log, name, facts }: Found,
  more: { about?: string; side?: 'claimant' | 'suspect' } = {},
): Promise<Link> {
  const cids = Object.entries(facts).flatMap(([key, value]) => {
    if (DIGESTS.has(key) && /^0x[0-9a-f]{64}$/.test(value)) return value === ZERO_32 ? [] : [{ name: key, cid: cidOfDigest(value as Hex) }]
    // ERC-1497 names evidence by URI.
    const cid = /^(?:ipfs:\/\/|\/ipfs\/)(\w{46,100})/.exec(value)?.[1]
    return cid === undefined ? [] : [{ name: key, cid }]
  })
  return {
    stage,
    event: name,
    contract,
    address: log.address,
    transaction: log.transactionHash as Hex,
    block: log.blockNumber,
    index: log.index,
    time: await timeOfBlock(connection.provider, log.blockNumber),
    ...more,
    facts,
    cids,
    checks: [],
  }
}

export async function gatherDeposit(connection: Connection, { id, record }: DepositRecord): Promise<Link[]> {
  const { address } = await connection.contract('CopyrightRegistry')
  const face = registryInterface()
  const topics = face.encodeFilterTopics('Deposited', [id]) as (string | null)[]
  for await (const log of searchLogs(connection.provider, { address, topics }, { fromBlock: record.block, toBlock: record.block })) {
    const parsed = face.parseLog(log)!
    const facts = Object.fromEntries(parsed.fragment.inputs.map(({ name }, index) => [name, text(parsed.args[index])]))
    return [await linkOf(connection, 'CopyrightRegistry', 'deposit', { log, name: 'Deposited', facts })]
  }
  throw new ColophonError('EVENT_MISSING', `The RPC does not have the event of deposit ${id} in block ${record.block}.`, {
    hint: 'Use an RPC that keeps the logs of old blocks.',
    details: { id, block: record.block },
  })
}

export async function gatherTitle(connection: Connection, id: Hex, search: Search): Promise<Link[]> {
  const face = CopyrightTitle__factory.createInterface()
  const of = (event: string, indexed: readonly (string | null)[]): Promise<Found[]> =>
    events(connection, 'CopyrightTitle', face, event, indexed, search)
  const found = [
    ...(await of('TitleMinted', [id])),
    ...(await of('Transfer', [null, null, id])),
    ...(await of('RoyaltyLowered', [id])),
    ...(await of('Frozen', [id])),
    ...(await of('Refuted', [id])),
  ]
  return await Promise.all(
    found.map((each) => linkOf(connection, 'CopyrightTitle', each.name === 'Refuted' || each.name === 'Frozen' ? 'ruling' : 'title', each)),
  )
}

export async function gatherLicenses(connection: Connection, id: Hex, search: Search): Promise<Link[]> {
  const face = LicenseToken__factory.createInterface()
  const of = (event: string, indexed: readonly (string | bigint | null)[]): Promise<Found[]> =>
    events(connection, 'LicenseToken', face, event, indexed, search)
  const links: Link[] = []
  const add = async (found: readonly Found[], about?: (facts: Found['facts']) => string | undefined): Promise<void> => {
    for (const each of found) {
      const subject = about?.(each.facts)
      links.push(await linkOf(connection, 'LicenseToken', 'license', each, subject === undefined ? {} : { about: subject }))
    }
  }
  const licenseId = (facts: Found['facts']): string | undefined => facts.licenseId ?? facts.tokenId
  await add(await of('OfferOpened', [null, id]), ({ offerId }) => offerId)
  await add(await of('OfferCancelled', [null, id]), ({ offerId }) => offerId)
  const sold = [...(await of('LicenseAcquired', [null, id])), ...(await of('LicenseIssued', [null, id]))]
  await add(sold, licenseId)
  await add(await of('DerivativeAuthorized', [null, id]), licenseId)
  for (const { facts } of sold) {
    const license = BigInt(facts.licenseId!)
    await add(await of('LicenseRenewed', [license]), licenseId)
    await add(await of('LicenseEnded', [license]), licenseId)
    const moved = await of('Transfer', [null, null, license])
    await add(
      moved.filter(({ facts: { from } }) => BigInt(from!) !== 0n),
      licenseId,
    )
  }
  links.push(...(await gatherAgreements(connection, id, search)))
  return links
}

async function gatherAgreements(connection: Connection, id: Hex, search: Search): Promise<Link[]> {
  const { contracts } = await connection.deployment()
  if (contracts.LicenseAgreements === undefined) return []
  const face = LicenseAgreements__factory.createInterface()
  const of = (event: string, indexed: readonly (string | bigint | null)[]): Promise<Found[]> =>
    events(connection, 'LicenseAgreements', face, event, indexed, search)
  const activated = await of('Activated', [null, null, id])
  const all = [...activated]
  for (const { facts } of activated) for (const event of OF_AGREEMENT) all.push(...(await of(event, [facts.id!])))
  const stageOf = ({ name }: Found): Stage => (name === 'Paid' || name === 'DepositReturned' ? 'payment' : 'license')
  return await Promise.all(all.map((each) => linkOf(connection, 'LicenseAgreements', stageOf(each), each, { about: each.facts.id! })))
}

/** Events that name their agreement first. */
const OF_AGREEMENT = ['Paid', 'UsageReported', 'Terminated', 'DepositReturned'] as const
/** Events that name the work first: what it received, who is to have it, and who took it. */
const OF_REVENUE = ['SplitSet', 'SplitReset', 'Paid', 'PaidDirect', 'Claimed', 'Swept'] as const

/** What came in for the work, whatever it was for, and where it went. */
export async function gatherPayments(connection: Connection, id: Hex, search: Search): Promise<Link[]> {
  const face = RevenueSplitter__factory.createInterface()
  const found: Found[] = []
  for (const event of OF_REVENUE) found.push(...(await events(connection, 'RevenueSplitter', face, event, [id], search)))
  return await Promise.all(found.map((each) => linkOf(connection, 'RevenueSplitter', 'payment', each)))
}

/** Events that name their claim first. */
const OF_CLAIM = [
  'ClaimAnswered',
  'LicenseShown',
  'EarlierDepositShown',
  'DepositsCompared',
  'FreezeStarted',
  'FreezeLifted',
  'ClaimSettled',
] as const
const RULED: ReadonlySet<string> = new Set(['ClaimAppealed', 'ClaimClosed', 'Dispute', 'Ruling'])

export async function gatherClaims(connection: Connection, id: Hex, search: Search): Promise<Link[]> {
  const face = InfringementClaims__factory.createInterface()
  const of = (event: string, indexed: readonly (string | bigint | null)[]): Promise<Found[]> =>
    events(connection, 'InfringementClaims', face, event, indexed, search)
  // The deposit that is said to be a copy is not indexed, so claims against this one are found among all.
  const filed = (await of('ClaimFiled', [])).filter(({ facts }) =>
    [facts.workId, facts.suspectId].some((each) => BigInt(each!) === BigInt(id)),
  )
  if (filed.length === 0) return []
  const disputes = await of('Dispute', [])
  const links: Link[] = []
  for (const claim of filed) {
    const about = claim.facts.id!
    const side = BigInt(claim.facts.workId!) === BigInt(id) ? ('claimant' as const) : ('suspect' as const)
    const all = [claim]
    for (const event of OF_CLAIM) all.push(...(await of(event, [about])))
    for (const event of ['ClaimAppealed', 'ClaimClosed']) all.push(...(await of(event, [about])))
    all.push(...(await of('Evidence', [null, BigInt(about)])))
    for (const dispute of disputes.filter(({ facts }) => BigInt(facts.evidenceGroupId!) === BigInt(about)))
      all.push(dispute, ...(await of('Ruling', [dispute.facts.arbitrator!, BigInt(dispute.facts.disputeId!)])))
    for (const each of all) {
      const stage: Stage = each.name === 'Evidence' ? 'evidence' : RULED.has(each.name) ? 'ruling' : 'claim'
      links.push(await linkOf(connection, 'InfringementClaims', stage, each, { about, side }))
    }
  }
  return links
}
