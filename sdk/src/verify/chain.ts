import { Contract, type Log, recoverAddress, TypedDataEncoder } from 'ethers'
import type { Connection } from '../client/connection.ts'
import { timeOfBlock } from '../client/mined.ts'
import { isGenuine } from '../contracts/code.ts'
import {
  depositedEvent,
  type EventPlace,
  placeOfRecord,
  placeOfStamp,
  registryCall,
  registryEvent,
  registryTopics,
  type StoredDeposit,
  type StoredStamp,
  storedAnchor,
  storedDeposit,
  storedSeal,
} from '../deposits/registry.ts'
import { DEPOSIT_TYPES, domainOf } from '../deposits/typedData.ts'
import { type Hex, hashWork, idOf, leafOf } from '../deposits/work.ts'
import { ColophonError } from '../errors/base.ts'
import { rootOf } from '../merkle/index.ts'
import type { LongCallOptions } from '../progress/progress.ts'
import type { DepositReceipt, OnChain } from '../receipt/receipt.ts'
import { CHAIN_CHECKS, type Check, type CheckName, compared, dateOf, failed, passed, skipped } from './check.ts'
import type { ReachedChain } from './locate.ts'
import { faultFacts, type Sentence, say } from './sentence.ts'

/** The id, from claimant and work; needs nothing but the receipt. */
export function checkId(receipt: DepositReceipt): Check {
  return compared('id', receipt.id, idOf(receipt.claimant, receipt.work), say('id-holds'), say('id-other'))
}

/** Everything that is checked on the chain, or of the receipt alone where the chain cannot be asked or not be believed. */
export async function chainChecks(
  receipt: DepositReceipt,
  { connection, chainId, trusted, reason }: ReachedChain,
  long: LongCallOptions<'search' | 'file' | 'check'>,
): Promise<Check[]> {
  /** The checks that were made, and for all others why they were not. */
  const withReason = async (why: Sentence, made: readonly Check[] = []): Promise<Check[]> => {
    const known = [...made, checkProof(receipt), await checkSignature(undefined, receipt)]
    return CHAIN_CHECKS.map((name) => known.find((check) => check.name === name) ?? skipped(name, why))
  }
  if (connection === undefined || chainId === undefined) return await withReason(reason!)
  if (chainId !== receipt.chainId) return await withReason(say('chain-other', { chainId, expected: receipt.chainId }))
  const chain = passed('chain', say('chain-same'), String(chainId))
  const contract = await attempt('contract', () => checkContract(connection, receipt, trusted))
  if (contract.found === NO_CONTRACT) return await withReason(say('contract-none-to-ask'), [chain, contract])
  if (!contract.ok && contract.status === 'skipped') return await withReason(say('registry-untrusted'), [chain, contract])

  const state = await attempt('record', async () => await readState(connection, receipt))
  if ('status' in state) return await withReason(state, [chain, contract, state])
  const places = await findEvents(connection, state, long)
  return [
    chain,
    contract,
    checkRecord(receipt, state),
    attempted('event', places, () => checkEvent(receipt, places)),
    await attempt('time', () => checkTime(connection, receipt, places)),
    checkProof(receipt),
    attempted('seal', places, () => checkSeal(receipt, state, places)),
    await attempt('signature', () => checkSignature(connection, receipt)),
  ]
}

const NO_CONTRACT = 'no contract'

/** Whether the registry of the receipt is the one the verifier trusts. */
async function checkContract(connection: Connection, receipt: DepositReceipt, trusted: string | undefined): Promise<Check> {
  const code = await registryCall('reading the code of the registry', () => connection.provider.getCode(receipt.registry))
  if (code === '0x') return failed('contract', 'a registry', NO_CONTRACT, say('contract-missing', { registry: receipt.registry }))
  const genuine = isGenuine('CopyrightRegistry', code)
  // Genuine code alone proves nothing: whoever deploys it can fill its storage first.
  if (trusted === undefined)
    return skipped(
      'contract',
      genuine
        ? say('contract-unknown-genuine', { registry: receipt.registry })
        : say('contract-unknown-code', { registry: receipt.registry }),
    )
  if (trusted.toLowerCase() !== receipt.registry.toLowerCase()) return failed('contract', trusted, receipt.registry, say('contract-other'))
  return passed('contract', genuine ? say('contract-known') : say('contract-other-version'), receipt.registry)
}

/** What the registry stores of everything a receipt speaks of. */
interface State {
  deposit?: StoredDeposit
  anchor?: StoredStamp
  seal?: StoredStamp
  receipt: DepositReceipt
}

async function readState(connection: Connection, receipt: DepositReceipt): Promise<State> {
  const [deposit, anchor, seal] = await Promise.all([
    receipt.kind === 'anchored' ? undefined : storedDeposit(connection, receipt.id),
    receipt.anchor === undefined ? undefined : storedAnchor(connection, receipt.anchor.root),
    receipt.seal === undefined ? undefined : storedSeal(connection, receipt.claimant, receipt.id),
  ])
  return {
    receipt,
    ...(deposit === undefined ? {} : { deposit }),
    ...(anchor === undefined ? {} : { anchor }),
    ...(seal === undefined ? {} : { seal }),
  }
}

/** A place on the chain that the receipt names, and what is there. */
interface Place {
  part: 'record' | 'anchor' | 'seal'
  /** What the receipt says. */
  said: OnChain
  /** Block the registry's state names; undefined when it has nothing of the kind. */
  stored?: number
  log?: Log
  /** Why there is no log. */
  reason?: Sentence
}

/** Finds the events by what they are about, never by where the receipt says they are. */
async function findEvents(connection: Connection, state: State, long: LongCallOptions<'search' | 'file' | 'check'>): Promise<Place[]> {
  const { receipt, deposit, anchor, seal } = state
  const { signal } = long
  const find = async (part: Place['part'], said: OnChain, place: EventPlace | undefined, topics: (string | null)[]): Promise<Place> => {
    if (place === undefined) return { part, said, reason: say('part-missing', { part }) }
    try {
      const log = await registryEvent(connection, place, topics, signal === undefined ? {} : { signal })
      return { part, said, stored: place.block, log }
    } catch (fault) {
      signal?.throwIfAborted()
      if (!(fault instanceof ColophonError)) throw fault
      return { part, said, stored: place.block, reason: say('fault', faultFacts(fault)) }
    }
  }
  const wanted: Promise<Place>[] = []
  if (receipt.record !== undefined)
    wanted.push(find('record', receipt.record, deposit && placeOfRecord(deposit), registryTopics('Deposited', [receipt.id])))
  if (receipt.anchor !== undefined)
    wanted.push(find('anchor', receipt.anchor, anchor && placeOfStamp(anchor), registryTopics('Anchored', [receipt.anchor.root])))
  if (receipt.seal !== undefined)
    wanted.push(find('seal', receipt.seal, seal && placeOfStamp(seal), registryTopics('Sealed', [receipt.claimant, receipt.id])))
  return await Promise.all(wanted)
}

/** What the registry stores, against the receipt. */
function checkRecord(receipt: DepositReceipt, { deposit, anchor }: State): Check {
  const anchored = receipt.anchor === undefined ? '' : `anchored at ${dateOf(receipt.depositedAt)}`
  const foundAnchor = receipt.anchor === undefined ? '' : anchor === undefined ? 'no anchor' : `anchored at ${dateOf(anchor.time)}`
  if (receipt.kind === 'anchored')
    return compared(
      'record',
      anchored,
      foundAnchor,
      say('anchor-holds'),
      anchor === undefined ? say('anchor-missing') : say('anchor-other-time'),
    )
  const described = (of: Pick<StoredDeposit, 'claimant' | 'depositedAt' | 'kind'>, root: string): string =>
    [of.claimant, dateOf(of.depositedAt), of.kind, ...(root === '' ? [] : [root])].join(', ')
  const expected = described({ ...receipt, kind: receipt.kind }, anchored)
  if (deposit === undefined) return failed('record', expected, 'no record', say('record-missing'))
  return compared('record', expected, described(deposit, foundAnchor), say('record-holds'), say('record-other'))
}

/** The events of record and anchor against the receipt. */
function checkEvent(receipt: DepositReceipt, places: readonly Place[]): Check {
  const seen = places.filter((place) => place.part !== 'seal' && place.log !== undefined)
  const about = (part: Place['part'], claimant: string, work: Hex): string => (part === 'record' ? `${claimant}, work ${work}, ` : '')
  const expected = seen.map(
    ({ part, said }) =>
      `${part}: ${about(part, receipt.claimant, hashWork(receipt.work))}block ${said.block}, transaction ${said.transaction}`,
  )
  const found = seen.map(({ part, log }) => {
    const event = part === 'record' ? depositedEvent(log!)! : undefined
    const what = event === undefined ? '' : about(part, event.claimant, hashWork(event.work))
    return `${part}: ${what}block ${log!.blockNumber}, transaction ${log!.transactionHash}`
  })
  return compared('event', expected.join('; '), found.join('; '), say('event-holds'), say('event-other'))
}

/** The times in the receipt, from the headers of the blocks they rest on. */
async function checkTime(connection: Connection, receipt: DepositReceipt, places: readonly Place[]): Promise<Check> {
  const ground =
    receipt.seal !== undefined ? 'seal' : receipt.anchor !== undefined ? 'anchor' : receipt.kind === 'lifted' ? undefined : 'record'
  const expected: string[] = []
  const found: string[] = []
  for (const { part, said, stored, log } of places) {
    // Without its event a block is known only where receipt and registry agree on it.
    const block = log?.blockNumber ?? (stored === said.block ? said.block : undefined)
    if (block === undefined) continue
    const time = await timeOfBlock(connection.provider, block)
    expected.push(`${part} at ${dateOf(said.time)}`)
    found.push(`${part} at ${dateOf(time)}`)
    if (part !== ground) continue
    expected.push(`good from ${dateOf(receipt.depositedAt)}`)
    found.push(`good from ${dateOf(time)}`)
  }
  if (expected.length === 0) return skipped('time', places.find(({ reason }) => reason !== undefined)!.reason!)
  return compared(
    'time',
    expected.join(', '),
    found.join(', '),
    ground === undefined ? say('time-lifted') : say('time-holds', { ground }),
    say('time-other'),
  )
}

/** The seal under an unsealed deposit. */
function checkSeal({ seal: said }: DepositReceipt, { seal: stored }: State, places: readonly Place[]): Check {
  if (said === undefined) return skipped('seal', say('seal-none-used'))
  const log = places.find(({ part }) => part === 'seal')?.log
  if (stored === undefined || log === undefined)
    return failed('seal', `block ${said.block}, ${dateOf(said.time)}`, 'no seal', say('seal-missing'))
  return compared(
    'seal',
    `block ${said.block}, ${dateOf(said.time)}, ${said.transaction}`,
    `block ${log.blockNumber}, ${dateOf(stored.time)}, ${log.transactionHash}`,
    say('seal-holds'),
    say('seal-other'),
  )
}

/** Runs a check of events unless the RPC does not show one that the registry's state proves to be there: then it is skipped, with the reason. */
function attempted(name: 'event' | 'seal', places: readonly Place[], run: () => Check): Check {
  const concerned = places.filter(({ part }) => (part === 'seal') === (name === 'seal'))
  const missing = concerned.find(({ log, stored }) => log === undefined && (stored !== undefined || name === 'event'))
  return missing === undefined ? run() : skipped(name, missing.reason!)
}

/** The path from the leaf to the anchored root. */
function checkProof(receipt: DepositReceipt): Check {
  const { anchor } = receipt
  if (anchor === undefined) return skipped('proof', receipt.kind === 'lifted' ? say('proof-at-lifting') : say('proof-none-used'))
  return compared('proof', anchor.root, rootOf(leafOf(receipt.id), anchor.proof), say('proof-holds'), say('proof-broken'))
}

/** The claimant's signature under a sponsored deposit. */
async function checkSignature(connection: Connection | undefined, receipt: DepositReceipt): Promise<Check> {
  const { signature, claimant, work, record } = receipt
  if (receipt.kind !== 'signed') return skipped('signature', say('signature-none-used'))
  if (signature === undefined) return skipped('signature', say('signature-at-deposit'))
  if (signature.deadline < record!.time)
    return failed('signature', `a deadline not before ${dateOf(record!.time)}`, dateOf(signature.deadline), say('signature-expired'))
  const digest = TypedDataEncoder.hash(domainOf(receipt.chainId, receipt.registry), DEPOSIT_TYPES, {
    claimant,
    work,
    deadline: signature.deadline,
  })
  const signer = recovered(digest, signature.value)
  if (signer === claimant) return passed('signature', say('signature-holds'), signer)
  if (connection === undefined) return skipped('signature', say('signature-needs-chain'))
  const code = await registryCall('reading the code of the claimant', () => connection.provider.getCode(claimant))
  if (code === '0x') return failed('signature', claimant, signer ?? 'no valid signature', say('signature-other'))
  const wallet = new Contract(claimant, ['function isValidSignature(bytes32,bytes) view returns (bytes4)'], connection.provider)
  const answer = await wallet
    .getFunction('isValidSignature')
    .staticCall(digest, signature.value)
    .catch(() => undefined)
  return answer === ERC1271_MAGIC
    ? passed('signature', say('signature-wallet'), claimant)
    : skipped('signature', say('signature-wallet-not-today'))
}

const ERC1271_MAGIC = '0x1626ba7e'

function recovered(digest: string, signature: string): string | undefined {
  try {
    return recoverAddress(digest, signature)
  } catch {
    return undefined
  }
}

/** Runs a check; what the chain cannot answer becomes a skipped check with the reason. */
async function attempt<Answer>(name: CheckName, run: () => Promise<Answer> | Answer): Promise<Answer | Check> {
  try {
    return await run()
  } catch (fault) {
    if (!(fault instanceof ColophonError)) throw fault
    return skipped(name, say('fault', faultFacts(fault)))
  }
}
