import { concat, decodeRlp, encodeRlp, toBeHex } from 'ethers'
import { registryInterface } from '../deposits/registry.ts'
import type { Hex } from '../deposits/work.ts'
import type { DepositReceipt, EventProof } from '../receipt/receipt.ts'
import { type Ask, unavailable } from './ask.ts'
import { decodeHeader, encodeHeader, type HeaderFacts } from './header.ts'
import { readTrie } from './trie.ts'
import { proveInTrie } from './trieProof.ts'

/** What the registry had written in the block that a proof is of. */
export interface ProvenEvent {
  block: HeaderFacts
  /** Whether the transaction succeeded and the registry wrote the event that the receipt stands on. */
  found: boolean
}

/** Transactions of a block whose receipts are fetched one by one, where the RPC does not give them together. */
const MOST_TRANSACTIONS = 3000

/**
 * The event that gives a deposit its time: that of its record; of a deposit that was sealed or anchored first, that of seal or anchor.
 */
function groundOf(receipt: DepositReceipt): { transaction: Hex; topics: (string | null)[] } | undefined {
  const face = registryInterface()
  const { kind, id, claimant, record, seal, anchor } = receipt
  const topics = (event: 'Deposited' | 'Sealed' | 'Anchored', values: (string | null)[]): (string | null)[] =>
    face.encodeFilterTopics(event, values) as (string | null)[]
  if (kind === 'unsealed') return { transaction: seal!.transaction, topics: topics('Sealed', [claimant, id]) }
  if (kind === 'anchored' || kind === 'lifted')
    return anchor === undefined ? undefined : { transaction: anchor.transaction, topics: topics('Anchored', [anchor.root]) }
  return { transaction: record!.transaction, topics: topics('Deposited', [id, claimant]) }
}

type Json = Readonly<Record<string, unknown>>

/**
 * The Merkle proof of the transaction that a deposit stands on, in the trie of its block's receipts: for RPCs that serve no `eth_getProof`.
 *
 * @throws ColophonError `PROOF_UNAVAILABLE`, and what the RPC's faults become
 */
export async function proveEvent(receipt: DepositReceipt, ask: Ask): Promise<EventProof> {
  const ground = groundOf(receipt)
  if (ground === undefined) throw unavailable('The receipt does not say where its work was anchored.')
  const mined = (await ask('eth_getTransactionReceipt', [ground.transaction])) as Json | null
  if (mined === null) throw unavailable(`The RPC does not have transaction ${ground.transaction}.`)
  const block = (await ask('eth_getBlockByHash', [mined.blockHash, false])) as (Json & { transactions?: string[] }) | null
  const header = block === null ? undefined : encodeHeader(block)
  if (header === undefined) throw unavailable('The header of the block does not give its hash: this chain makes headers of another form.')
  const receipts = await receiptsOf(block!, ask)
  const entries = new Map(receipts.map((each) => [keyOf(Number(each.transactionIndex)), encodeReceipt(each)]))
  const index = Number(mined.transactionIndex)
  const { root, nodes } = proveInTrie(entries, keyOf(index))
  if (root !== decodeHeader(header)!.receiptsRoot)
    throw unavailable('The receipts that the RPC gives are not those of the header: this chain makes receipts of another form.')
  const proof: EventProof = { header, index, nodes: nodes as Hex[] }
  if (readEventProof({ ...receipt, eventProof: proof })?.found !== true)
    throw unavailable('The transaction did not write the event of the deposit.')
  return proof
}

async function receiptsOf(block: Json & { transactions?: string[] }, ask: Ask): Promise<Json[]> {
  const together = await ask('eth_getBlockReceipts', [block.hash]).catch(() => undefined)
  if (Array.isArray(together)) return together as Json[]
  const transactions = block.transactions ?? []
  if (transactions.length > MOST_TRANSACTIONS)
    throw unavailable(`The block has ${transactions.length} transactions, and the RPC does not give their receipts together.`)
  const receipts: Json[] = []
  for (const hash of transactions) receipts.push((await ask('eth_getTransactionReceipt', [hash])) as Json)
  return receipts
}

/**
 * What a receipt's proof of its event shows. Undefined when it does not hold. Whether its block is one of the chain's is for the caller to know.
 */
export function readEventProof(receipt: DepositReceipt): ProvenEvent | undefined {
  const { eventProof } = receipt
  if (eventProof === undefined) return undefined
  const block = decodeHeader(eventProof.header)
  const ground = groundOf(receipt)
  if (block === undefined || ground === undefined) return undefined
  const value = readTrie(block.receiptsRoot, keyOf(eventProof.index), eventProof.nodes)
  if (value === undefined || value === null) return undefined
  try {
    // Since EIP-2718 a byte says of what type the transaction was; RLP of a list begins above it.
    const body = Number.parseInt(value.slice(2, 4), 16) < 0xc0 ? `0x${value.slice(4)}` : value
    const [status, , , logs] = decodeRlp(body) as [string, string, string, [string, string[], string][]]
    const found = logs.some(
      ([address, topics]) =>
        address === receipt.registry.toLowerCase() &&
        ground.topics.every((topic, index) => topic === null || topic === undefined || topics[index] === topic.toLowerCase()),
    )
    return { block, found: status === '0x01' && found }
  } catch {
    return undefined
  }
}

/** Where a transaction's receipt is in the trie. */
function keyOf(index: number): string {
  return encodeRlp(index === 0 ? '0x' : toBeHex(index))
}

/** A receipt as the trie has it (EIP-2718, EIP-658). */
function encodeReceipt(receipt: Json): string {
  const number = (value: unknown): string => (BigInt(value as string) === 0n ? '0x' : toBeHex(BigInt(value as string)))
  const logs = (receipt.logs as Json[]).map(({ address, topics, data }) => [address as string, topics as string[], data as string])
  const fields: unknown[] = [
    receipt.status === undefined ? receipt.root : number(receipt.status),
    number(receipt.cumulativeGasUsed),
    receipt.logsBloom,
    logs,
  ]
  // Deposits of rollups that follow Optimism say two things more (Canyon).
  if (receipt.depositNonce !== undefined && receipt.depositReceiptVersion !== undefined)
    fields.push(number(receipt.depositNonce), number(receipt.depositReceiptVersion))
  const encoded = encodeRlp(fields as never)
  const type = Number(receipt.type ?? 0)
  return type === 0 ? encoded : concat([toBeHex(type), encoded])
}
