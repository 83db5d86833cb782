import { Contract, keccak256, recoverAddress, TypedDataEncoder } from 'ethers'
import type { Connection } from '../client/connection.ts'
import { isGenuine } from '../contracts/code.ts'
import {
  depositedEvent,
  eventAt,
  registryCall,
  registryInterface,
  storedAnchor,
  storedDeposit,
  storedSeal,
  timeOfBlock,
} from '../deposits/registry.ts'
import { DEPOSIT_TYPES, domainOf } from '../deposits/typedData.ts'
import { type Hex, hashWork, idOf, leafOf } from '../deposits/work.ts'
import { ColophonError } from '../errors/base.ts'
import { rootOf } from '../merkle/index.ts'
import type { DepositReceipt, OnChain } from '../receipt/receipt.ts'
import { type Check, type CheckName, compared, dateOf, failed, passed, skipped } from './check.ts'

/** Checks that need the chain, in the order they are reported. */
export const CHAIN_CHECKS: readonly CheckName[] = ['chain', 'contract', 'record', 'event', 'time', 'proof', 'seal', 'signature']

/** The id, from claimant and work; needs nothing but the receipt. */
export function checkId(receipt: DepositReceipt): Check {
  return compared(
    'id',
    receipt.id,
    idOf(receipt.claimant, receipt.work),
    'The id is the hash of claimant and work.',
    'The id is not the hash of claimant and work: one of them was changed.',
  )
}

/** Whether the provider is on the receipt's chain. */
export function checkChain(receipt: DepositReceipt, chainId: number): Check {
  return compared(
    'chain',
    String(receipt.chainId),
    String(chainId),
    'The RPC is on the chain of the deposit.',
    'The RPC is on another chain than the deposit: connect to the right one.',
  )
}

/** Whether the registry of the receipt is a registry of Colophon, and the one the verifier trusts. */
export async function checkContract(connection: Connection, receipt: DepositReceipt, trusted: string | undefined): Promise<Check> {
  const code = await registryCall('reading the code of the registry', () => connection.provider.getCode(receipt.registry))
  if (code === '0x') return failed('contract', 'a registry', 'no contract', `There is no contract at ${receipt.registry}.`)
  if (trusted !== undefined && trusted.toLowerCase() !== receipt.registry.toLowerCase())
    return failed('contract', trusted, receipt.registry, 'The deposit is in another registry than the one known on this chain.')
  const genuine = isGenuine('CopyrightRegistry', code)
  if (genuine)
    return passed(
      'contract',
      'The code at the address is the registry this SDK was built with; it has no owner and changes no record.',
      receipt.registry,
    )
  if (trusted !== undefined)
    return passed(
      'contract',
      'The address is the one known on this chain; its code is another version than this SDK was built with.',
      receipt.registry,
    )
  return failed(
    'contract',
    'the code of a known registry',
    keccak256(code),
    'The contract is not a registry this SDK knows: it could say anything.',
  )
}

/** What the registry stores, against the receipt. */
export async function checkRecord(connection: Connection, receipt: DepositReceipt): Promise<Check> {
  if (receipt.kind === 'anchored') {
    const stored = await storedAnchor(connection, receipt.anchor!.root)
    const expected = `anchored at ${dateOf(receipt.depositedAt)}`
    if (stored === undefined) return failed('record', expected, 'no anchor', 'The registry has no anchor with this root.')
    return compared(
      'record',
      expected,
      `anchored at ${dateOf(stored.time)}`,
      'The registry has the anchor, with the time of the receipt.',
      'The registry has the anchor, but with another time.',
    )
  }
  const stored = await storedDeposit(connection, receipt.id)
  const expected = `${receipt.claimant}, ${dateOf(receipt.depositedAt)}, ${receipt.kind}`
  if (stored === undefined) return failed('record', expected, 'no record', 'The registry has no record with this id.')
  return compared(
    'record',
    expected,
    `${stored.claimant}, ${dateOf(stored.depositedAt)}, ${stored.kind}`,
    'The registry has the record, with this claimant, time and kind.',
    'The registry has a record with this id that says something else.',
  )
}

/** The event, in the block where the registry says it is, against the receipt. */
export async function checkEvent(connection: Connection, receipt: DepositReceipt): Promise<Check> {
  const { provider } = connection
  if (receipt.kind === 'anchored') {
    const { root, block, transaction } = receipt.anchor!
    const log = await eventAt(provider, receipt.registry, block, topics('Anchored', [root]))
    return compared(
      'event',
      transaction,
      log.transactionHash,
      'The event of the anchor is where the receipt says.',
      'The anchor was made in another transaction than the receipt says.',
    )
  }
  const { block, transaction } = receipt.record!
  const log = await eventAt(provider, receipt.registry, block, topics('Deposited', [receipt.id]))
  const event = depositedEvent(log)!
  const describe = (claimant: string, workHash: Hex, hash: string): string => `${claimant}, work ${workHash}, transaction ${hash}`
  return compared(
    'event',
    describe(receipt.claimant, hashWork(receipt.work), transaction),
    describe(event.claimant, hashWork(event.work), log.transactionHash),
    'The event of the record has the same claimant, work and transaction.',
    'The event of the record says something else than the receipt.',
  )
}

/** The time of the deposit, from the headers of the blocks it rests on. */
export async function checkTime(connection: Connection, receipt: DepositReceipt): Promise<Check> {
  const ground: OnChain | undefined = receipt.seal ?? receipt.anchor ?? (receipt.kind === 'lifted' ? undefined : receipt.record)
  if (ground === undefined)
    return skipped('time', 'The receipt does not say which anchor the work was lifted from; the record has the time.')
  const where = receipt.seal !== undefined ? 'seal' : receipt.anchor !== undefined ? 'anchor' : 'record'
  const found = await timeOfBlock(connection.provider, ground.block)
  return compared(
    'time',
    dateOf(receipt.depositedAt),
    dateOf(found),
    `Block ${ground.block}, which holds the ${where}, has this time.`,
    `Block ${ground.block}, which holds the ${where}, has another time.`,
  )
}

/** The path from the leaf to the anchored root. */
export function checkProof(receipt: DepositReceipt): Check {
  const { anchor } = receipt
  if (anchor === undefined)
    return skipped(
      'proof',
      receipt.kind === 'lifted'
        ? 'The receipt has no proof; the registry checked it when the work was lifted.'
        : 'This deposit is not part of a batch.',
    )
  return compared(
    'proof',
    anchor.root,
    rootOf(leafOf(receipt.id), anchor.proof),
    'The proof leads from claimant and work to the anchored root.',
    'The proof does not lead from claimant and work to the anchored root.',
  )
}

/** The seal under an unsealed deposit. */
export async function checkSeal(connection: Connection, receipt: DepositReceipt): Promise<Check> {
  const { seal } = receipt
  if (seal === undefined) return skipped('seal', 'This deposit was not sealed first.')
  const stored = await storedSeal(connection, receipt.claimant, receipt.id)
  const expected = `block ${seal.block}, ${dateOf(seal.time)}`
  if (stored === undefined) return failed('seal', expected, 'no seal', 'The registry has no seal of this work by this claimant.')
  const log = await eventAt(connection.provider, receipt.registry, stored.block, topics('Sealed', [receipt.claimant, receipt.id]))
  return compared(
    'seal',
    `${expected}, ${seal.transaction}`,
    `block ${stored.block}, ${dateOf(stored.time)}, ${log.transactionHash}`,
    'The claimant sealed this very work at that time, before it was revealed.',
    'The claimant sealed this work at another time or in another transaction.',
  )
}

/** The claimant's signature under a sponsored deposit. */
export async function checkSignature(connection: Connection | undefined, receipt: DepositReceipt): Promise<Check> {
  const { signature, claimant, work, record } = receipt
  if (receipt.kind !== 'signed') return skipped('signature', 'This deposit was not made by signature.')
  if (signature === undefined)
    return skipped('signature', 'The receipt has no signature; the registry checked it when the deposit was made.')
  if (signature.deadline < record!.time)
    return failed(
      'signature',
      `a deadline not before ${dateOf(record!.time)}`,
      dateOf(signature.deadline),
      'The signature had expired when the deposit was recorded.',
    )
  const digest = TypedDataEncoder.hash(domainOf(receipt.chainId, receipt.registry), DEPOSIT_TYPES, {
    claimant,
    work,
    deadline: signature.deadline,
  })
  const signer = recovered(digest, signature.value)
  if (signer === claimant) return passed('signature', 'The claimant signed this very deposit.', signer)
  if (connection === undefined) return skipped('signature', 'The signature may be a contract wallet’s, which only the chain can check.')
  const code = await registryCall('reading the code of the claimant', () => connection.provider.getCode(claimant))
  if (code === '0x')
    return failed('signature', claimant, signer ?? 'no valid signature', 'The signature is not the claimant’s, or is over something else.')
  const wallet = new Contract(claimant, ['function isValidSignature(bytes32,bytes) view returns (bytes4)'], connection.provider)
  const answer = await wallet
    .getFunction('isValidSignature')
    .staticCall(digest, signature.value)
    .catch(() => undefined)
  return answer === ERC1271_MAGIC
    ? passed('signature', 'The claimant is a contract wallet and accepts the signature (ERC-1271).', claimant)
    : skipped(
        'signature',
        'The claimant is a contract wallet that does not accept the signature today; the registry did when the deposit was made.',
      )
}

const ERC1271_MAGIC = '0x1626ba7e'

function recovered(digest: string, signature: string): string | undefined {
  try {
    return recoverAddress(digest, signature)
  } catch {
    return undefined
  }
}

function topics(event: 'Anchored' | 'Deposited' | 'Sealed', values: string[]): (string | null)[] {
  return registryInterface().encodeFilterTopics(event as 'Anchored', values) as (string | null)[]
}

/** Runs a check; what the chain cannot answer becomes a skipped check with the reason, a missing event a failed one. */
export async function attempt(name: CheckName, run: () => Promise<Check> | Check): Promise<Check> {
  try {
    return await run()
  } catch (fault) {
    if (!(fault instanceof ColophonError)) throw fault
    if (fault.code === 'EVENT_MISSING')
      return failed(name, 'an event of the registry', 'none', `The block the receipt names has no such event: ${fault.shortMessage}`)
    if (fault.code === 'BLOCK_MISSING') return failed(name, 'a block', 'none', fault.shortMessage)
    return skipped(name, `Could not be checked: ${fault.shortMessage}`)
  }
}
