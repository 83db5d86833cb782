import { addressOf, bytes32, type Hex, idOf, type Work, workOf } from '../deposits/work.ts'
import { ColophonError } from '../errors/base.ts'
import { cidOfDigest } from './cid.ts'

/** How a deposit came about; all but `'anchored'` have a record of their own in the registry. */
export type DepositKind = 'direct' | 'signed' | 'unsealed' | 'lifted' | 'anchored'

/** Where on the chain something happened. */
export interface OnChain {
  /** Transaction hash. */
  transaction: Hex
  block: number
  /** Time of the block, seconds since 1970. */
  time: number
}

/**
 * Everything a stranger needs, beside an RPC, to check a deposit: `verify({ receipt, file })`. JSON as it is;
 * `@colophon/sdk/schema/deposit-receipt-v1.json` describes it.
 */
export interface DepositReceipt {
  type: 'colophon-deposit-receipt'
  version: 1
  kind: DepositKind
  chainId: number
  /** Address of the registry. */
  registry: string
  /** keccak256 of claimant and work. */
  id: Hex
  claimant: string
  work: Work
  /** CIDv1 of the deposit document, derived from `work.metadata`; absent when there is none. */
  document?: string
  /** The time the deposit is good for, seconds since 1970: its block's, its seal's or its anchor's. */
  depositedAt: number
  /** Where the record's event is; absent for `'anchored'`, which has none. */
  record?: OnChain
  /** For `'anchored'`, and for `'lifted'` when known: the Merkle root, the path to it and where it was anchored. */
  anchor?: OnChain & { root: Hex; proof: Hex[] }
  /** For `'unsealed'`: where the commitment (the id) was sealed. */
  seal?: OnChain
  /** For `'signed'` when known: the deadline the claimant signed, seconds since 1970, with the signature itself. */
  signature?: { value: Hex; deadline: number }
  /** For checking without an RPC, from one block hash that is trusted. */
  stateProof?: StateProof
  /** The same where no proof of the state was to be had: of the event that the deposit stands on. */
  eventProof?: EventProof
}

/** A Merkle proof of a transaction's receipt, with the registry's event in it, from the hash of its block down. */
export interface EventProof {
  /** RLP of the block's header, whose keccak256 is the block's hash. */
  header: Hex
  /** The transaction's place in its block. */
  index: number
  /** RLP of the nodes from the root of the receipts to the transaction's. */
  nodes: Hex[]
}

/** A Merkle proof (EIP-1186) of the registry's storage, from the hash of a block down. */
export interface StateProof {
  /** RLP of the block's header, whose keccak256 is the block's hash. */
  header: Hex
  /** RLP of the nodes from the state root to the registry. */
  account: Hex[]
  /** RLP of the nodes from the registry's storage root to the word of the deposit, or of its anchor. */
  storage: Hex[]
}

/** The registry keeps times in 40 bits. */
const LAST_SECOND = 2 ** 40 - 1

const KINDS: readonly DepositKind[] = ['direct', 'signed', 'unsealed', 'lifted', 'anchored']

/**
 * Reads a receipt from JSON text or an object, checking its form and that its id is that of its claimant and work.
 * @throws INVALID_RECEIPT naming the field, found and expected
 */
export function parseReceipt(input: string | object): DepositReceipt {
  let value: unknown = input
  if (typeof input === 'string') {
    try {
      value = JSON.parse(input)
    } catch (cause) {
      throw invalid('receipt', 'not JSON', 'a receipt in JSON', cause)
    }
  }
  const receipt = readReceipt(value)
  const id = idOf(receipt.claimant, receipt.work)
  if (id !== receipt.id) throw invalid('id', receipt.id, `the id of its claimant and work, ${id}`)
  return receipt
}

/**
 * Like `parseReceipt`, but leaves the id unchecked, for `verify`, which reports a wrong id as a failed check.
 * @throws INVALID_RECEIPT
 */
export function readReceipt(value: unknown): DepositReceipt {
  const fields = record('receipt', value)
  if (fields.type !== 'colophon-deposit-receipt') throw invalid('type', fields.type, "'colophon-deposit-receipt'")
  if (fields.version !== 1) throw invalid('version', fields.version, '1')
  const kind = KINDS.find((each) => each === fields.kind)
  if (kind === undefined) throw invalid('kind', fields.kind, `one of ${KINDS.join(', ')}`)
  const work = checked('work', () => workOf(record('work', fields.work) as unknown as Work))
  const receipt: DepositReceipt = {
    type: 'colophon-deposit-receipt',
    version: 1,
    kind,
    chainId: integer('chainId', fields.chainId, 1),
    registry: checked('registry', () => addressOf('registry', fields.registry as string)),
    id: hex32('id', fields.id),
    claimant: checked('claimant', () => addressOf('claimant', fields.claimant as string)),
    work,
    depositedAt: integer('depositedAt', fields.depositedAt, 0, LAST_SECOND),
  }
  if (fields.document !== undefined) {
    const expected = cidOfDigest(work.metadata)
    if (fields.document !== expected) throw invalid('document', fields.document, `the CID with the digest in work.metadata, ${expected}`)
    receipt.document = expected
  }
  /** Whether a part is there; `wanted` tells which kinds must, may or cannot have it. */
  const has = (name: 'record' | 'anchor' | 'seal' | 'signature', wanted: 'must' | 'may' | 'cannot'): boolean => {
    const present = fields[name] !== undefined
    if (!present && wanted === 'must') throw invalid(name, undefined, `present in a receipt of kind ${kind}`)
    if (present && wanted === 'cannot') throw invalid(name, 'present', `absent from a receipt of kind ${kind}`)
    return present
  }
  if (has('record', kind === 'anchored' ? 'cannot' : 'must')) receipt.record = onChain('record', fields.record)
  if (has('anchor', kind === 'anchored' ? 'must' : kind === 'lifted' ? 'may' : 'cannot')) {
    const { root, proof } = record('anchor', fields.anchor)
    if (!Array.isArray(proof) || proof.length > 64) throw invalid('anchor.proof', proof, 'an array of at most 64 hashes')
    receipt.anchor = {
      ...onChain('anchor', fields.anchor),
      root: hex32('anchor.root', root),
      proof: proof.map((each: unknown, index) => hex32(`anchor.proof[${index}]`, each)),
    }
  }
  if (has('seal', kind === 'unsealed' ? 'must' : 'cannot')) receipt.seal = onChain('seal', fields.seal)
  if (has('signature', kind === 'signed' ? 'may' : 'cannot')) {
    const { value: signature, deadline } = record('signature', fields.signature)
    if (typeof signature !== 'string' || !/^0x([0-9a-fA-F]{2})*$/.test(signature))
      throw invalid('signature.value', signature, 'bytes in hex')
    receipt.signature = { value: signature.toLowerCase() as Hex, deadline: integer('signature.deadline', deadline, 0) }
  }
  if (fields.stateProof !== undefined) {
    const { header, account, storage } = record('stateProof', fields.stateProof)
    receipt.stateProof = {
      header: bytes('stateProof.header', header),
      account: nodes('stateProof.account', account),
      storage: nodes('stateProof.storage', storage),
    }
  }
  if (fields.eventProof !== undefined) {
    const { header, index, nodes: path } = record('eventProof', fields.eventProof)
    receipt.eventProof = {
      header: bytes('eventProof.header', header),
      index: integer('eventProof.index', index, 0),
      nodes: nodes('eventProof.nodes', path, LONGEST_NODE),
    }
  }
  return receipt
}

/** Characters of a node that holds the receipt of a whole batch of deposits. */
const LONGEST_NODE = 1 << 20

function nodes(field: string, value: unknown, longest?: number): Hex[] {
  if (!Array.isArray(value) || value.length > 64) throw invalid(field, value, 'an array of at most 64 nodes')
  return value.map((each: unknown, index) => bytes(`${field}[${index}]`, each, longest))
}

function bytes(field: string, value: unknown, longest = 4096): Hex {
  if (typeof value !== 'string' || value.length > longest || !/^0x([0-9a-f]{2})+$/.test(value))
    throw invalid(field, value, 'bytes in lower-case hex')
  return value as Hex
}

function onChain(name: string, value: unknown): OnChain {
  const { transaction, block, time } = record(name, value)
  return {
    transaction: hex32(`${name}.transaction`, transaction),
    block: integer(`${name}.block`, block, 0),
    time: integer(`${name}.time`, time, 0, LAST_SECOND),
  }
}

function record(field: string, value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(field, value, 'an object')
  return value as Record<string, unknown>
}

function integer(field: string, value: unknown, least: number, most: number = Number.MAX_SAFE_INTEGER): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < least || value > most)
    throw invalid(field, value, `an integer from ${least} to ${most}`)
  return value
}

function hex32(field: string, value: unknown): Hex {
  return checked(field, () => bytes32(field, value as string))
}

function checked<Value>(field: string, read: () => Value): Value {
  try {
    return read()
  } catch (cause) {
    if (!(cause instanceof ColophonError) || cause.code === 'INVALID_RECEIPT') throw cause
    throw invalid(String(cause.details.field ?? field), cause.details.found, cause.shortMessage, cause)
  }
}

function invalid(field: string, found: unknown, expected: string, cause?: unknown): ColophonError {
  return new ColophonError('INVALID_RECEIPT', `The receipt is not valid: ${field} should be ${expected}.`, {
    hint: 'Use the receipt as it was written; nothing in it can be changed.',
    details: { field, found: JSON.stringify(found)?.slice(0, 200) ?? 'undefined', expected },
    cause,
  })
}
