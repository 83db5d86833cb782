import type { TransactionReceipt } from 'ethers'
import type { Connection } from '../client/connection.ts'
import { timeOfBlock } from '../client/mined.ts'
import { ColophonError } from '../errors/base.ts'
import { cidOfDigest } from '../receipt/cid.ts'
import type { DepositReceipt, OnChain } from '../receipt/receipt.ts'
import type { DepositReads, DepositRecord } from './records.ts'
import { type DepositedEvent, depositedEvent, recordedDeposit, registryCall, registryInterface } from './registry.ts'
import { type Bytes32, bytes32, type Hex, idOf, workOf, ZERO_32 } from './work.ts'

/** Receipts for what is on the chain already. */
export interface DepositReceipts {
  /**
   * The receipt of a recorded deposit, made anew from the chain; nobody has to keep one.
   * @throws DEPOSIT_NOT_FOUND
   */
  receipt(id: Bytes32): Promise<DepositReceipt>
  /**
   * The receipts of every deposit a transaction made, in the order it made them. Use it with the hash of a
   * TRANSACTION_PENDING error.
   * @throws TRANSACTION_PENDING, TRANSACTION_NOT_FOUND
   */
  receipts(transactionHash: Bytes32): Promise<DepositReceipt[]>
}

export function createReceipts(connection: Connection, reads: DepositReads): DepositReceipts {
  return {
    async receipt(id) {
      const found = await reads.get(id)
      if (found === undefined)
        throw new ColophonError('DEPOSIT_NOT_FOUND', `There is no deposit with id ${bytes32('id', id)}.`, {
          hint: 'Is it on another chain, sealed and not yet unsealed, or anchored and not lifted?',
          details: { id: bytes32('id', id) },
        })
      return await receiptOfRecord(connection, reads, found)
    },

    async receipts(transactionHash) {
      const hash = bytes32('transactionHash', transactionHash)
      await connection.contract('CopyrightRegistry')
      const mined = await registryCall('reading a transaction', () => connection.provider.getTransactionReceipt(hash))
      if (mined === null) {
        const known = await registryCall('reading a transaction', () => connection.provider.getTransaction(hash))
        throw new ColophonError(
          known === null ? 'TRANSACTION_NOT_FOUND' : 'TRANSACTION_PENDING',
          known === null ? `The RPC knows no transaction ${hash}.` : `Transaction ${hash} is not mined yet.`,
          { hint: known === null ? 'Check the hash and the chain.' : 'Ask again in a while.', details: { transactionHash: hash } },
        )
      }
      return await receiptsOfTransaction(connection, reads, mined)
    },
  }
}

/** Receipts of the deposits in a mined transaction. */
export async function receiptsOfTransaction(
  connection: Connection,
  reads: DepositReads,
  mined: TransactionReceipt,
): Promise<DepositReceipt[]> {
  const { address } = await connection.contract('CopyrightRegistry')
  const events = mined.logs
    .filter((log) => log.address.toLowerCase() === address.toLowerCase())
    .map(depositedEvent)
    .filter((event) => event !== undefined)
  if (events.length === 0) return []
  const record: OnChain = {
    transaction: mined.hash as Hex,
    block: mined.blockNumber,
    time: await timeOfBlock(connection.provider, mined.blockNumber),
  }
  const extras = await callFacts(connection, mined.hash)
  return await Promise.all(events.map((event) => receiptOf(connection, reads, event, record, extras.get(event.id))))
}

async function receiptOfRecord(connection: Connection, reads: DepositReads, found: DepositRecord): Promise<DepositReceipt> {
  const extras = await callFacts(connection, found.record.transaction)
  return await receiptOf(connection, reads, found, found.record, extras.get(found.id))
}

/** What only the transaction's input tells about a deposit. */
interface CallFacts {
  signature?: { value: Hex; deadline: number }
  lifted?: { root: Hex; proof: Hex[] }
}

async function receiptOf(
  connection: Connection,
  reads: DepositReads,
  event: DepositedEvent,
  record: OnChain,
  facts: CallFacts = {},
): Promise<DepositReceipt> {
  const { address, chainId } = await connection.contract('CopyrightRegistry')
  const { id, claimant, work } = event
  const { kind, depositedAt } = await recordedDeposit(connection, id)
  const receipt: DepositReceipt = {
    type: 'colophon-deposit-receipt',
    version: 1,
    kind,
    chainId,
    registry: address,
    id,
    claimant,
    work,
    ...(work.metadata === ZERO_32 ? {} : { document: cidOfDigest(work.metadata) }),
    depositedAt,
    record,
  }
  if (kind === 'signed' && facts.signature !== undefined) receipt.signature = facts.signature
  if (kind === 'unsealed') {
    const seal = await reads.getSeal(claimant, id)
    if (seal !== undefined) receipt.seal = { transaction: seal.transaction, block: seal.block, time: seal.time }
  }
  if (kind === 'lifted' && facts.lifted !== undefined) {
    const anchor = await reads.getAnchor(facts.lifted.root)
    if (anchor !== undefined) receipt.anchor = { transaction: anchor.transaction, block: anchor.block, time: anchor.time, ...facts.lifted }
  }
  return receipt
}

/** Decodes the call a transaction made, if it went straight to the registry; a contract wallet's call stays closed to us. */
async function callFacts(connection: Connection, hash: Hex | string): Promise<Map<Hex, CallFacts>> {
  const { address } = await connection.contract('CopyrightRegistry')
  const transaction = await registryCall('reading a transaction', () => connection.provider.getTransaction(hash))
  const facts = new Map<Hex, CallFacts>()
  if (transaction?.to?.toLowerCase() !== address.toLowerCase()) return facts
  const call = registryInterface().parseTransaction(transaction)
  const signed = (claimant: string, work: unknown, deadline: bigint, signature: string): void => {
    const id = idOf(claimant, workOfResult(work))
    // Two entries for one work: the input does not tell which of them the registry took.
    if (facts.has(id)) facts.set(id, {})
    else if (deadline <= Number.MAX_SAFE_INTEGER) facts.set(id, { signature: { value: signature as Hex, deadline: Number(deadline) } })
    else facts.set(id, {})
  }
  switch (call?.name) {
    case 'depositBySig':
      signed(call.args.claimant, call.args.work, call.args.deadline, call.args.signature)
      break
    case 'depositManyBySig':
      for (const each of call.args[0]) signed(each.claimant, each.work, each.deadline, each.signature)
      break
    case 'lift':
    case 'liftBySig': {
      const { root, work, proof, claimant } = call.args
      facts.set(idOf(claimant ?? transaction.from, workOfResult(work)), { lifted: { root, proof: [...proof] } })
      break
    }
  }
  return facts
}

/** A `Work` struct as ethers decodes it. */
function workOfResult(result: unknown): ReturnType<typeof workOf> {
  const { contentHash, fingerprint, fingerprintType, metadata, salt } = result as Record<string, string> & { fingerprintType: bigint }
  return workOf({
    contentHash: contentHash!,
    fingerprint: fingerprint!,
    fingerprintType: Number(fingerprintType),
    metadata: metadata!,
    salt: salt!,
  })
}
