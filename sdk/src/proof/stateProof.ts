import { AbiCoder, decodeRlp, keccak256, type Provider, toBeHex } from 'ethers'
import type { Hex } from '../deposits/work.ts'
import { ColophonError } from '../errors/base.ts'
import type { DepositReceipt, StateProof } from '../receipt/receipt.ts'
import { type Ask, asking, unavailable } from './ask.ts'
import { proveEvent } from './eventProof.ts'
import { decodeHeader, encodeHeader, type HeaderFacts } from './header.ts'
import { readTrie } from './trie.ts'

/** What the registry had stored of a deposit in the block that a proof is of. */
export interface ProvenWord {
  block: HeaderFacts
  /** Who deposited, or anchored. */
  by: string
  /** Seconds since 1970. */
  time: number
  /** As the contract counts blocks. */
  recordedIn: number
  /** As `DepositKind` of the contract; 0 for an anchor. */
  kind: number
  /** Hash of the code at the registry's address. */
  codeHash: Hex
}

/** Where the mapping of anchors lies in the registry, by its compiler's storage layout: OpenZeppelin's EIP712 has the first two slots. */
const ANCHORS_SLOT = 3

/** The storage slot that a receipt's deposit is in: its id, or for an anchored one the slot of its root. */
function slotOf({ id, kind, anchor }: DepositReceipt): Hex {
  if (kind !== 'anchored') return id
  return keccak256(AbiCoder.defaultAbiCoder().encode(['bytes32', 'uint256'], [anchor!.root, ANCHORS_SLOT])) as Hex
}

/**
 * Adds a Merkle proof to a receipt: from the hash of a block through its header and the state trie to the word that the registry stores. Whoever trusts
 * that one hash needs no RPC any more. The block is the last finalised one that has the deposit, else the newest.
 *
 * Where the RPC serves no `eth_getProof`, the proof is of the event instead: from the hash of the block of the deposit, its seal or its anchor through the trie
 * of receipts.
 *
 * @throws ColophonError `PROOF_UNAVAILABLE` where the RPC serves neither, `DEPOSIT_NOT_FOUND` when the proof shows that there is nothing, and what the RPC's faults
 * become
 */
export async function proveDeposit(
  receipt: DepositReceipt,
  { provider, signal }: { provider: Provider; signal?: AbortSignal },
): Promise<DepositReceipt> {
  const ask = asking(provider, signal)
  const { stateProof: _, eventProof: __, ...bare } = receipt
  try {
    return { ...bare, stateProof: await proveState(bare, ask) }
  } catch (fault) {
    if (!(fault instanceof ColophonError) || fault.code !== 'PROOF_UNAVAILABLE') throw fault
    try {
      return { ...bare, eventProof: await proveEvent(bare, ask) }
    } catch (second) {
      if (!(second instanceof ColophonError) || second.code !== 'PROOF_UNAVAILABLE') throw second
      throw unavailable(`${fault.shortMessage} ${second.shortMessage}`, fault)
    }
  }
}

async function proveState(receipt: DepositReceipt, ask: Ask): Promise<StateProof> {
  const needed = Math.max(receipt.record?.block ?? 0, receipt.anchor?.block ?? 0)
  const block = await provingBlock(ask, needed)
  const header = encodeHeader(block)
  if (header === undefined) throw unavailable('The header of the block does not give its hash: this chain makes headers of another form.')
  const slot = slotOf(receipt)
  const answer = (await ask('eth_getProof', [receipt.registry, [slot], block.number])) as {
    accountProof?: Hex[]
    storageProof?: { proof?: Hex[] }[]
  }
  const stateProof: StateProof = { header, account: answer?.accountProof ?? [], storage: answer?.storageProof?.[0]?.proof ?? [] }
  const proven = readStateProof({ ...receipt, stateProof })
  if (proven === undefined) throw unavailable('The proof that the RPC gives does not hold.')
  if (proven === null)
    throw new ColophonError(
      'DEPOSIT_NOT_FOUND',
      `The proof shows that the registry has no such deposit in block ${Number(block.number)}.`,
      {
        hint: 'Is the receipt of another chain, or the RPC behind?',
        details: { id: receipt.id, block: Number(block.number) },
      },
    )
  return stateProof
}

async function provingBlock(ask: Ask, needed: number): Promise<Record<string, string>> {
  const block = async (tag: string): Promise<Record<string, string> | null> =>
    (await ask('eth_getBlockByNumber', [tag, false])) as Record<string, string> | null
  const final = await block('finalized').catch(() => null)
  if (final !== null && Number(final.number) >= needed) return final
  const newest = await block('latest')
  if (newest === null) throw unavailable('The RPC has no newest block.')
  return newest
}

/**
 * What a receipt's proof shows: a word, or (`null`) that the slot is empty. Undefined when the proof does not hold. Whether its block is one of the chain's is
 * for the caller to know.
 */
export function readStateProof(receipt: DepositReceipt): ProvenWord | null | undefined {
  const { stateProof } = receipt
  if (stateProof === undefined) return undefined
  const block = decodeHeader(stateProof.header)
  if (block === undefined) return undefined
  const account = readTrie(block.stateRoot, keccak256(receipt.registry), stateProof.account)
  if (account === undefined || account === null) return account
  const fields = decoded(account)
  if (!Array.isArray(fields) || fields.length < 4) return undefined
  const [, , storageRoot, codeHash] = fields as string[]
  const stored = readTrie(storageRoot!, keccak256(slotOf(receipt)), stateProof.storage)
  if (stored === undefined || stored === null) return stored
  const word = decoded(stored)
  if (typeof word !== 'string' || word.length > 66) return undefined
  const bits = BigInt(word)
  const field = (from: bigint, width: bigint): bigint => (bits >> from) & ((1n << width) - 1n)
  return {
    block,
    by: toBeHex(field(0n, 160n), 20),
    time: Number(field(160n, 40n)),
    recordedIn: Number(field(200n, 40n)),
    kind: Number(field(240n, 8n)),
    codeHash: codeHash as Hex,
  }
}

function decoded(rlp: string): unknown {
  try {
    return decodeRlp(rlp)
  } catch {
    return undefined
  }
}
