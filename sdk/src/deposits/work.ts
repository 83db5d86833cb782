import { AbiCoder, concat, getAddress, id as hashText, hexlify, keccak256, toBeHex } from 'ethers'
import { ColophonError } from '../errors/base.ts'

/** Bytes in hexadecimal with `0x`, lower case. */
export type Hex = `0x${string}`

/** The facts of a work that a deposit commits to, as the contract takes them. */
export interface Work {
  /** SHA-256 of the file. */
  contentHash: Hex
  /** Robust fingerprint, 256 bits; zero when there is none. */
  fingerprint: Hex
  /** Algorithm of `fingerprint`, 0 … 65,535; 0 when there is none. */
  fingerprintType: number
  /** sha2-256 digest of the deposit document's CID; zero when there is none. */
  metadata: Hex
  /** Random for sealed deposits, else zero. */
  salt: Hex
}

/** 32 bytes, as hex or as bytes. */
export type Bytes32 = string | Uint8Array

/** What a work can be given as: its fields, or a fingerprint with its deposit document. */
export type WorkInput = WorkFields | DescribedWork

/** The fields themselves; what is left out is zero. */
export interface WorkFields {
  contentHash: Bytes32
  fingerprint?: Bytes32
  fingerprintType?: number
  metadata?: Bytes32
  salt?: Bytes32
}

/** What `fingerprint(source)` returns, and the digest of the document made from it. */
export interface DescribedWork {
  fingerprint: {
    /** SHA-256 of the file. */
    sha256: Bytes32
    /** The on-chain code; none for media without a robust fingerprint. */
    code?: { type: number; bits: Bytes32 } | undefined
  }
  /** The deposit document: the sha2-256 digest in its CID. */
  document?: { digest: Bytes32 } | undefined
  salt?: Bytes32
}

export const ZERO_32: Hex = `0x${'0'.repeat(64)}`

const WORK_TYPE = 'Work(bytes32 contentHash,bytes32 fingerprint,uint16 fingerprintType,bytes32 metadata,bytes32 salt)'
/** EIP-712 type hash of a work. */
export const WORK_TYPE_HASH: Hex = hashText(WORK_TYPE) as Hex

/**
 * The work in the form the contract takes, every field checked.
 * @throws INVALID_WORK naming the field
 */
export function workOf(input: WorkInput): Work {
  if (typeof input !== 'object' || input === null) throw invalid('work', input, 'an object')
  const fields: WorkFields = isDescribed(input)
    ? {
        contentHash: input.fingerprint.sha256,
        ...(input.fingerprint.code === undefined
          ? {}
          : { fingerprint: input.fingerprint.code.bits, fingerprintType: input.fingerprint.code.type }),
        ...(input.document === undefined ? {} : { metadata: input.document.digest }),
        ...(input.salt === undefined ? {} : { salt: input.salt }),
      }
    : input
  const { fingerprintType = 0 } = fields
  if (!Number.isInteger(fingerprintType) || fingerprintType < 0 || fingerprintType > 0xffff)
    throw invalid('fingerprintType', fingerprintType, 'an integer from 0 to 65,535')
  const work: Work = {
    contentHash: bytes32('contentHash', fields.contentHash),
    fingerprint: bytes32('fingerprint', fields.fingerprint ?? ZERO_32),
    fingerprintType,
    metadata: bytes32('metadata', fields.metadata ?? ZERO_32),
    salt: bytes32('salt', fields.salt ?? ZERO_32),
  }
  if (work.contentHash === ZERO_32) throw invalid('contentHash', work.contentHash, 'the SHA-256 of a file, which is never zero')
  return work
}

/** EIP-712 `hashStruct` of a work: what is signed, and what goes into the id. */
export function hashWork(work: WorkInput): Hex {
  const { contentHash, fingerprint, fingerprintType, metadata, salt } = workOf(work)
  return keccak256(concat([WORK_TYPE_HASH, contentHash, fingerprint, toBeHex(fingerprintType, 32), metadata, salt])) as Hex
}

/** Id of the deposit that `claimant` makes of `work`, as the contract's `idOf` computes it: `keccak256(abi.encode(claimant, workHash))`. */
export function idOf(claimant: string, work: WorkInput): Hex {
  return keccak256(AbiCoder.defaultAbiCoder().encode(['address', 'bytes32'], [addressOf('claimant', claimant), hashWork(work)])) as Hex
}

/** Leaf of a deposit in the Merkle tree of an anchor: its id, hashed once more. */
export function leafOf(id: string): Hex {
  return keccak256(bytes32('id', id)) as Hex
}

/**
 * An EIP-55 address.
 * @throws INVALID_ADDRESS
 */
export function addressOf(field: string, value: string): string {
  try {
    return getAddress(value)
  } catch (cause) {
    throw new ColophonError('INVALID_ADDRESS', `${field} is not an address.`, {
      hint: 'Give 20 bytes in hex; mixed case must be a correct EIP-55 checksum.',
      details: { field, found: String(value) },
      cause,
    })
  }
}

/**
 * 32 bytes as lower-case hex.
 * @throws INVALID_WORK naming the field
 */
export function bytes32(field: string, value: Bytes32): Hex {
  if (value instanceof Uint8Array && value.length === 32) return hexlify(value) as Hex
  if (typeof value === 'string' && /^(0x)?[0-9a-fA-F]{64}$/.test(value)) return `0x${value.replace(/^0x/, '').toLowerCase()}`
  throw invalid(field, value, '32 bytes: 64 hex digits or a Uint8Array')
}

function isDescribed(input: WorkInput): input is DescribedWork {
  return typeof input.fingerprint === 'object' && 'sha256' in input.fingerprint
}

function invalid(field: string, value: unknown, expected: string): ColophonError {
  const found = value instanceof Uint8Array ? hexlify(value) : String(value)
  return new ColophonError('INVALID_WORK', `${field} is not valid: expected ${expected}.`, {
    hint: 'Use the result of fingerprint() and of the deposit document, or check the field.',
    details: { field, found: found.length > 200 ? `${found.slice(0, 200)}…` : found },
  })
}
