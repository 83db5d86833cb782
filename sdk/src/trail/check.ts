import { sha256 } from '@noble/hashes/sha2.js'
import { type ClaimStruct, claimStruct } from '../claims/claim.ts'
import type { Connection } from '../client/connection.ts'
import { isGenuine } from '../contracts/code.ts'
import { CopyrightTitle__factory } from '../contracts/generated/CopyrightTitle.ts'
import { InfringementClaims__factory } from '../contracts/generated/InfringementClaims.ts'
import { LicenseAgreements__factory } from '../contracts/generated/LicenseAgreements.ts'
import { LicenseToken__factory } from '../contracts/generated/LicenseToken.ts'
import { storedDeposit } from '../deposits/registry.ts'
import { type Hex, idOf } from '../deposits/work.ts'
import { ColophonError } from '../errors/base.ts'
import { chainError } from '../errors/chain.ts'
import { cidToDigest } from '../storage/cid.ts'
import type { Link, LinkCheck, TraceOptions } from './trail.ts'

/** Checks one link and notes in it what was found. */
export async function checkLink(
  connection: Connection,
  workId: Hex,
  link: Link,
  links: readonly Link[],
  { storage, signal }: Pick<TraceOptions, 'storage' | 'signal'>,
): Promise<void> {
  const { checks } = link
  checks.push(await asked('event', () => checkEvent(connection, link)))
  checks.push(await asked('contract', () => checkContract(connection, link)))
  const id = idCheck(link)
  if (id !== undefined) checks.push(id)
  const state = await asked('state', () => checkState(connection, workId, link, links))
  if (state !== undefined) checks.push(state)
  for (const { name, cid } of link.cids) checks.push(await checkDocument(name, cid, storage, signal))
}

const ok = (name: LinkCheck['name'], explanation: string): LinkCheck => ({ name, status: 'ok', explanation })
const bad = (name: LinkCheck['name'], explanation: string): LinkCheck => ({ name, status: 'failed', explanation })
const open = (name: LinkCheck['name'], explanation: string): LinkCheck => ({ name, status: 'skipped', explanation })

async function asked<Answer extends LinkCheck | undefined>(
  name: LinkCheck['name'],
  run: () => Promise<Answer>,
): Promise<Answer | LinkCheck> {
  try {
    return await run()
  } catch (fault) {
    return open(name, `Could not be checked: ${chainError(fault).shortMessage}`)
  }
}

/** Logs come from an index of the node; the receipt and the block are asked for by themselves. */
async function checkEvent({ provider }: Connection, link: Link): Promise<LinkCheck> {
  const [receipt, block] = await Promise.all([provider.getTransactionReceipt(link.transaction), provider.getBlock(link.block)])
  if (receipt === null || block === null)
    return open('event', `The RPC no longer has transaction ${link.transaction} or block ${link.block}.`)
  if (receipt.blockHash !== block.hash)
    return bad('event', 'The transaction’s block is not the one of that number: the chain was reorganised.')
  const log = receipt.logs.find(({ index }) => index === link.index)
  if (receipt.status !== 1 || log === undefined || log.address !== link.address || block.timestamp !== link.time)
    return bad('event', 'The transaction’s receipt has no such event.')
  return ok('event', `Transaction ${link.transaction} wrote it in block ${link.block}.`)
}

async function checkContract(connection: Connection, { contract, address }: Link): Promise<LinkCheck> {
  const known = await connection.contract(contract)
  if (known.address.toLowerCase() !== address.toLowerCase()) return bad('contract', `${address} is not the ${contract} of the deployment.`)
  return isGenuine(contract, await connection.provider.getCode(address))
    ? ok('contract', `The ${contract} of the deployment, with the code this SDK was built with.`)
    : ok('contract', `The ${contract} of the deployment; its code is of another version than this SDK was built with.`)
}

/** Ids are hashes of what they stand for, so events can be checked without asking anybody. */
function idCheck({ event, facts }: Link): LinkCheck | undefined {
  if (event === 'Deposited') {
    const { id, claimant, contentHash, fingerprint, fingerprintType, metadata, salt } = facts as Record<string, string>
    const work = { contentHash, fingerprint, fingerprintType: Number(fingerprintType), metadata, salt } as Parameters<typeof idOf>[1]
    return idOf(claimant!, work) === id
      ? ok('id', 'The deposit’s id is the hash of claimant and work.')
      : bad('id', 'The deposit’s id is not the hash of claimant and work.')
  }
  if (event === 'ClaimFiled')
    return claimStruct.hash(facts as unknown as ClaimStruct) === facts.id
      ? ok('id', 'The claim’s id is the hash of the whole claim.')
      : bad('id', 'The claim’s id is not the hash of the claim.')
  return undefined
}

/** `ClaimOutcome` and `ClaimPhase` of the contract. */
const CLOSED = 5n

async function checkState(connection: Connection, workId: Hex, link: Link, links: readonly Link[]): Promise<LinkCheck | undefined> {
  const { event, facts, contract, address } = link
  const said = (holds: boolean, what: string): LinkCheck =>
    holds ? ok('state', `The contract agrees: ${what}.`) : bad('state', `The contract says otherwise: it is not so that ${what}.`)
  if (event === 'Deposited') {
    const stored = await storedDeposit(connection, workId)
    return said(stored?.claimant === facts.claimant, `it keeps the deposit for ${facts.claimant}`)
  }
  if (contract === 'CopyrightTitle') {
    const title = CopyrightTitle__factory.connect(address, connection.provider)
    if (event === 'TitleMinted') return said(await title.isMinted(workId), 'the title exists')
    if (event === 'Refuted') return said(await title.isRefuted(workId), 'the deposit is refuted')
    if (event === 'Transfer' && link === links.filter((one) => one.contract === contract && one.event === 'Transfer').at(-1))
      return said((await title.ownerOf(workId)) === facts.to, `${facts.to} holds the title`)
    return undefined
  }
  if (contract === 'LicenseToken' && facts.licenseId !== undefined) {
    const licenses = LicenseToken__factory.connect(address, connection.provider)
    return said((await licenses.workOf(facts.licenseId)) === BigInt(workId), `license ${facts.licenseId} is of this work`)
  }
  if (event === 'Activated') {
    const agreements = LicenseAgreements__factory.connect(address, connection.provider)
    return said((await agreements.agreementOf(facts.licenseId!)) === facts.id, `license ${facts.licenseId} was issued under the agreement`)
  }
  if (contract === 'LicenseAgreements' && event === 'Paid') {
    const received = links.some((one) => one.contract === 'RevenueSplitter' && one.event === 'Paid' && one.transaction === link.transaction)
    return said(received, 'the revenue splitter received it for the work in the same transaction')
  }
  if (contract !== 'InfringementClaims') return undefined
  const claims = InfringementClaims__factory.connect(address, connection.provider)
  const filed = links.find((one) => one.event === 'ClaimFiled' && one.about === link.about)
  if (filed === undefined) return bad('state', 'The claim that it is about was never filed.')
  // An arbitrator who did not rule in time was replaced, and the contract has forgotten his dispute.
  const replaced = event === 'Dispute' && links.some((one) => one.event === event && one.about === link.about && isAfter(one, link))
  if (replaced) return undefined
  if (event === 'Dispute')
    return said(
      (await claims.claimOfDispute(facts.arbitrator!, facts.disputeId!)) === link.about,
      `dispute ${facts.disputeId} is about this claim`,
    )
  if (event === 'Ruling') {
    const about = await claims.claimOfDispute(facts.arbitrator!, facts.disputeId!)
    return said(about === link.about, `the ruling is on this claim, by ${facts.arbitrator}`)
  }
  if (event !== 'ClaimFiled' && event !== 'ClaimClosed') return undefined
  const record = await claims.claimOf(claimOf(filed))
  if (event === 'ClaimFiled') return said(record.phase > 0n, 'the claim is on file')
  return said(record.phase === CLOSED && record.outcome === BigInt(facts.outcome!), `the claim was closed with outcome ${facts.outcome}`)
}

function isAfter(a: Link, b: Link): boolean {
  return a.block > b.block || (a.block === b.block && a.index > b.index)
}

function claimOf({ facts }: Link): Parameters<ReturnType<typeof InfringementClaims__factory.connect>['claimOf']>[0] {
  return Object.fromEntries(claimStruct.types.InfringementClaim!.map(({ name }) => [name, facts[name]])) as never
}

async function checkDocument(
  name: string,
  cid: string,
  storage: TraceOptions['storage'],
  signal: AbortSignal | undefined,
): Promise<LinkCheck> {
  if (storage === undefined) return open('document', `${name} ${cid}: no storage was given that may have it.`)
  try {
    const bytes = await storage.get(cid, signal === undefined ? {} : { signal })
    // A single block is hashed here once more; of larger files the storage hashes every block.
    const raw = cid.startsWith('bafkrei')
    if (raw && sha256(bytes).some((byte, index) => byte !== cidToDigest(cid)[index]))
      return bad('document', `${name} ${cid}: the bytes at hand are others.`)
    return ok('document', `${name} ${cid}: ${bytes.length} bytes, which hash to it.`)
  } catch (fault) {
    signal?.throwIfAborted()
    if (!(fault instanceof ColophonError)) throw fault
    return fault.code === 'BLOCK_TAMPERED'
      ? bad('document', `${name} ${cid}: ${fault.shortMessage}`)
      : open('document', `${name} ${cid}: ${fault.shortMessage}`)
  }
}
