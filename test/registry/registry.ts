// What the registry's Mocha tests share: a fresh registry, works, signatures, and hashes written after the standards, not after the contract.
import type { HardhatEthers, HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types'
import { AbiCoder, getBytes, hexlify, keccak256, id as keccakOfText, Signature, TypedDataEncoder, toBeHex, ZeroHash } from 'ethers'
import type {} from '../../types/ethers-contracts/hardhat.d.ts'
import type { CopyrightRegistry } from '../../types/ethers-contracts/index.ts'

export interface Work {
  contentHash: string
  fingerprint: string
  fingerprintType: number
  metadata: string
  salt: string
}

export interface SignedDeposit {
  claimant: string
  work: Work
  deadline: bigint
  signature: string
}

/** Whoever can sign typed data: an account of the test chain, or a wallet with a key of its own. */
export interface TypedDataSigner {
  signTypedData: (domain: Domain, types: Record<string, { name: string; type: string }[]>, value: object) => Promise<string>
}

export interface Domain {
  name: string
  version: string
  chainId: bigint
  verifyingContract: string
}

export interface Scene {
  registry: CopyrightRegistry
  address: string
  domain: Domain
  claimant: HardhatEthersSigner
  sponsor: HardhatEthersSigner
  stranger: HardhatEthersSigner
}

/** The kinds of records, in the order of the contract's `DepositKind`. */
export const Kind = { None: 0n, Direct: 1n, Signed: 2n, Unsealed: 3n, Lifted: 4n } as const

/** In the order of the contract's `SkipReason`. */
export const Skip = { None: 0n, ContentHashZero: 1n, DepositExists: 2n, SignatureExpired: 3n, SignatureInvalid: 4n } as const

/** In the order of the enum `Answer` of the test wallets. */
export const Answer = {
  Yes: 0,
  No: 1,
  Revert: 2,
  Nothing: 3,
  Short: 4,
  DirtyTail: 5,
  LongAndYes: 6,
  Bomb: 7,
  BurnEverything: 8,
  YesAfter120kGas: 9,
} as const

export const WORK_FIELDS: { name: keyof Work; type: string }[] = [
  { name: 'contentHash', type: 'bytes32' },
  { name: 'fingerprint', type: 'bytes32' },
  { name: 'fingerprintType', type: 'uint16' },
  { name: 'metadata', type: 'bytes32' },
  { name: 'salt', type: 'bytes32' },
]

export const DEPOSIT_TYPES: Record<string, { name: string; type: string }[]> = {
  Deposit: [
    { name: 'claimant', type: 'address' },
    { name: 'work', type: 'Work' },
    { name: 'deadline', type: 'uint256' },
  ],
  Work: WORK_FIELDS,
}

export const LIFT_TYPES: Record<string, { name: string; type: string }[]> = {
  Lift: [
    { name: 'claimant', type: 'address' },
    { name: 'root', type: 'bytes32' },
    { name: 'work', type: 'Work' },
    { name: 'deadline', type: 'uint256' },
  ],
  Work: WORK_FIELDS,
}

/** 31 December 2099: far enough for every test that is not about deadlines. */
export const FAR = 4_102_444_799n

const abi = AbiCoder.defaultAbiCoder()

/** A registry just deployed, as a fixture to load. */
export async function deploy(ethers: HardhatEthers): Promise<Scene> {
  const [, claimant, sponsor, stranger] = await ethers.getSigners()
  if (claimant === undefined || sponsor === undefined || stranger === undefined) throw new Error('four accounts are needed')
  const registry = await ethers.deployContract('CopyrightRegistry')
  const address = await registry.getAddress()
  const { chainId } = await ethers.provider.getNetwork()
  const domain = { name: 'Colophon CopyrightRegistry', version: '1', chainId, verifyingContract: address }
  return { registry, address, domain, claimant, sponsor, stranger }
}

let drawn = 0

/** A work unlike every other one, with the fields given. */
export function aWork(fields: Partial<Work> = {}): Work {
  const draw = (): string => keccakOfText(`drawn ${drawn++}`)
  return { contentHash: draw(), fingerprint: draw(), fingerprintType: 1, metadata: draw(), salt: draw(), ...fields }
}

/** `work` with one bit of one field changed. */
export function withOtherBit(work: Work, field: keyof Work): Work {
  const flipped = BigInt(work[field]) ^ 1n
  return { ...work, [field]: field === 'fingerprintType' ? Number(flipped) : toBeHex(flipped, 32) }
}

/** EIP-712 `hashStruct` of the work, by ethers. */
export function hashOf(work: Work): string {
  return TypedDataEncoder.hashStruct('Work', { Work: WORK_FIELDS }, work)
}

export function idFor(claimant: string, work: Work): string {
  return keccak256(abi.encode(['address', 'bytes32'], [claimant, hashOf(work)]))
}

export function leafFor(claimant: string, work: Work): string {
  return keccak256(idFor(claimant, work))
}

/** The node above two others, as in OpenZeppelin's trees. */
export function nodeOver(a: string, b: string): string {
  const [first, second] = BigInt(a) < BigInt(b) ? [a, b] : [b, a]
  return keccak256(first + second.slice(2))
}

export function depositDigest(domain: Domain, deposit: { claimant: string; work: Work; deadline: bigint }): string {
  return TypedDataEncoder.hash(domain, DEPOSIT_TYPES, deposit)
}

export function liftDigest(domain: Domain, lift: { claimant: string; root: string; work: Work; deadline: bigint }): string {
  return TypedDataEncoder.hash(domain, LIFT_TYPES, lift)
}

/** A deposit signed by `signer`, in its own name unless `claimant` names another. */
export async function signedBy(
  signer: TypedDataSigner & { address: string },
  domain: Domain,
  { claimant = signer.address, work = aWork(), deadline = FAR }: { claimant?: string; work?: Work; deadline?: bigint } = {},
): Promise<SignedDeposit> {
  const deposit = { claimant, work, deadline }
  return { ...deposit, signature: await signer.signTypedData(domain, DEPOSIT_TYPES, deposit) }
}

const CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

/** The other signature that the curve allows for the same key and digest: `s` in the upper half, the other `v`. */
export function mirrored(signature: string): string {
  const { r, s, v } = Signature.from(signature)
  return r + toBeHex(CURVE_ORDER - BigInt(s), 32).slice(2) + toBeHex(v === 27 ? 28 : 27).slice(2)
}

/** Signatures that no key or wallet should be recognised by, made from a good one. */
export function brokenForms(signature: string): Record<string, string> {
  const bytes = getBytes(signature)
  return {
    'with a high s': mirrored(signature),
    'in the 64 bytes of EIP-2098': Signature.from(signature).compactSerialized,
    'without its last byte': hexlify(bytes.slice(0, 64)),
    'with a byte more': `${signature}00`,
    'with v = 0 or 1': hexlify(Uint8Array.of(...bytes.slice(0, 64), bytes[64]! - 27)),
    'with v = 29': hexlify(Uint8Array.of(...bytes.slice(0, 64), 29)),
    'of 65 zero bytes': `0x${'00'.repeat(65)}`,
    'with r and s swapped': hexlify(Uint8Array.of(...bytes.slice(32, 64), ...bytes.slice(0, 32), bytes[64]!)),
    empty: '0x',
    'wrapped for a contract not yet deployed (ERC-6492)':
      abi.encode(['address', 'bytes', 'bytes'], [`0x${'11'.repeat(20)}`, '0x', signature]) + '6492'.repeat(16),
  }
}

/** The record with this id, as plain values. */
export async function recordOf(registry: CopyrightRegistry, id: string): Promise<Record<string, unknown>> {
  const { claimant, depositedAt, recordedIn, kind } = await registry.depositOf(id)
  return { claimant, depositedAt, recordedIn, kind }
}

export const NO_RECORD: Record<string, unknown> = {
  claimant: `0x${'00'.repeat(20)}`,
  depositedAt: 0n,
  recordedIn: 0n,
  kind: Kind.None,
}

export const NO_STAMP: unknown[] = [`0x${'00'.repeat(20)}`, 0n, 0n]

export { ZeroHash }
