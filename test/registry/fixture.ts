import { StandardMerkleTree } from '@openzeppelin/merkle-tree'
import { AbiCoder, concat, dataSlice, hexlify, keccak256, randomBytes, Signature, TypedDataEncoder, toBeHex, ZeroHash } from 'ethers'
import { network } from 'hardhat'
import type {} from '../../types/ethers-contracts/hardhat.d.ts'

export interface Work {
  contentHash: string
  fingerprint: string
  fingerprintType: number
  metadata: string
  salt: string
}

export const WORK_FIELDS: { name: keyof Work; type: string }[] = [
  { name: 'contentHash', type: 'bytes32' },
  { name: 'fingerprint', type: 'bytes32' },
  { name: 'fingerprintType', type: 'uint16' },
  { name: 'metadata', type: 'bytes32' },
  { name: 'salt', type: 'bytes32' },
]

/** An entry of `depositManyBySig`. */
export interface SignedDeposit {
  claimant: string
  work: Work
  deadline: bigint
  signature: string
}

export interface Domain {
  name: string
  version: string
  chainId: bigint
  verifyingContract: string
}

/** Whoever can sign: an account of the test chain, or a wallet of its own. */
export interface TypedDataSigner {
  address: string
  signTypedData: (domain: Domain, types: Record<string, { name: string; type: string }[]>, value: object) => Promise<string>
}

/** What a signature says beside the work. */
export interface Terms {
  name: string
  until: bigint
  domain: Domain
}

export const DEPOSIT_TYPES = {
  Deposit: [
    { name: 'claimant', type: 'address' },
    { name: 'work', type: 'Work' },
    { name: 'deadline', type: 'uint256' },
  ],
  Work: WORK_FIELDS,
}

export const LIFT_TYPES = {
  Lift: [
    { name: 'claimant', type: 'address' },
    { name: 'root', type: 'bytes32' },
    { name: 'work', type: 'Work' },
    { name: 'deadline', type: 'uint256' },
  ],
  Work: WORK_FIELDS,
}

/** `DepositKind` and `SkipReason` of the contract. */
export const KIND = { none: 0n, direct: 1n, signed: 2n, unsealed: 3n, lifted: 4n } as const
export const SKIP = { contentHashZero: 1n, depositExists: 2n, signatureExpired: 3n, signatureInvalid: 4n } as const
/** `Answer` of contracts/test/Wallets.sol. */
export const ANSWER = {
  yes: 0,
  no: 1,
  revert: 2,
  nothing: 3,
  short: 4,
  dirtyTail: 5,
  longAndYes: 6,
  bomb: 7,
  burnEverything: 8,
  slowYes: 9,
} as const

/** Answers of a wallet that is asked whether a signature is its own, and whether each counts as yes. */
export const WALLET_ANSWERS: readonly (readonly [answer: keyof typeof ANSWER, good: boolean])[] = [
  ['yes', true],
  ['longAndYes', true],
  ['no', false],
  ['revert', false],
  ['nothing', false],
  ['short', false],
  ['dirtyTail', false],
  ['bomb', false],
]

/** 32 random bytes. */
export const random = (): string => hexlify(randomBytes(32))

export function newWork(given: Partial<Work> = {}): Work {
  return { contentHash: random(), fingerprint: random(), fingerprintType: 1, metadata: random(), salt: ZeroHash, ...given }
}

/** `work` with one bit of one field changed. */
export function withOtherBit(work: Work, field: keyof Work): Work {
  const flipped = BigInt(work[field]) ^ 1n
  return { ...work, [field]: field === 'fingerprintType' ? Number(flipped) : toBeHex(flipped, 32) }
}

/** The ids, computed without the contract. */
export const workHash = (work: Work): string => TypedDataEncoder.hashStruct('Work', { Work: WORK_FIELDS }, work)
export const idOf = (claimant: string, work: Work): string =>
  keccak256(AbiCoder.defaultAbiCoder().encode(['address', 'bytes32'], [claimant, workHash(work)]))
export const treeOf = (entries: { claimant: string; work: Work }[]): StandardMerkleTree<[string, string]> =>
  StandardMerkleTree.of(
    entries.map(({ claimant, work }): [string, string] => [claimant, workHash(work)]),
    ['address', 'bytes32'],
  )

/** A fresh chain with a registry and people on it. */
export async function deployRegistry() {
  const { ethers, networkHelpers, provider } = await network.create()
  const [deployer, claimant, sponsor, thief] = await ethers.getSigners()
  if (!deployer || !claimant || !sponsor || !thief) throw new Error('four accounts are needed')
  const registry = await ethers.deployContract('CopyrightRegistry', deployer)
  const address = await registry.getAddress()
  const { chainId } = await ethers.provider.getNetwork()
  const domain = { name: 'Colophon CopyrightRegistry', version: '1', chainId, verifyingContract: address }
  const by = (signer: typeof claimant) => registry.connect(signer) as typeof registry
  const deadline = BigInt((await networkHelpers.time.latest()) + 86_400)

  return {
    ethers,
    provider,
    time: networkHelpers.time,
    registry,
    address,
    domain,
    deadline,
    deployer,
    claimant,
    sponsor,
    thief,
    by,
    /** A deposit signed by `signer`: in its own name, for this registry, until tomorrow, unless told otherwise. */
    signDeposit: async (signer: TypedDataSigner, work: Work = newWork(), given: Partial<Terms> = {}): Promise<SignedDeposit> => {
      const terms = { name: signer.address, until: deadline, domain, ...given }
      const entry = { claimant: terms.name, work, deadline: terms.until }
      return { ...entry, signature: await signer.signTypedData(terms.domain, DEPOSIT_TYPES, entry) }
    },
    signLift: (signer: typeof claimant, root: string, work: Work, until: bigint = deadline, name: string = signer.address) =>
      signer.signTypedData(domain, LIFT_TYPES, { claimant: name, root, work, deadline: until }),
    /** Digest that the contract names when a deposit's signature is wrong. */
    depositDigest: (name: string, work: Work, until: bigint = deadline) =>
      TypedDataEncoder.hash(domain, DEPOSIT_TYPES, { claimant: name, work, deadline: until }),
    liftDigest: (name: string, root: string, work: Work, until: bigint = deadline) =>
      TypedDataEncoder.hash(domain, LIFT_TYPES, { claimant: name, root, work, deadline: until }),
    wallet: async (answer: number): Promise<string> => (await ethers.deployContract('HostileWallet', [answer])).getAddress(),
    recordOf: async (id: string) => [...(await registry.depositOf(id))],
    latest: async () => {
      const block = await ethers.provider.getBlock('latest')
      return { time: BigInt(block!.timestamp), number: BigInt(block!.number) }
    },
  }
}

export type Registry = Awaited<ReturnType<typeof deployRegistry>>

/** A record as the contract returns it, for `deep.equal`. */
export const record = (claimant: string, time: bigint, number: bigint, kind: bigint): [string, bigint, bigint, bigint] => [
  claimant,
  time,
  number,
  kind,
]

export const NO_RECORD: [string, bigint, bigint, bigint] = record(`0x${'00'.repeat(20)}`, 0n, 0n, KIND.none)

const CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

/** The other signature that the curve allows for the same key and digest: `s` in the upper half, the other `v`. */
export function mirrored(signature: string): string {
  const { r, s, v } = Signature.from(signature)
  return concat([r, toBeHex(CURVE_ORDER - BigInt(s), 32), toBeHex(v === 27 ? 28 : 27)])
}

/** Forms of a good signature in which no registry may take it, by what is wrong with them. */
export function brokenForms(signature: string): Record<string, string> {
  const [r, s, v] = [dataSlice(signature, 0, 32), dataSlice(signature, 32, 64), dataSlice(signature, 64)]
  return {
    'with a high s': mirrored(signature),
    'in the 64 bytes of EIP-2098': Signature.from(signature).compactSerialized,
    'without its last byte': dataSlice(signature, 0, 64),
    'with a byte more': concat([signature, '0x00']),
    'with v of 0 or 1': concat([r, s, toBeHex(BigInt(v) - 27n, 1)]),
    'with v of 29': concat([r, s, '0x1d']),
    'with r and s swapped': concat([s, r, v]),
    'of 65 zero bytes': `0x${'00'.repeat(65)}`,
    'of no bytes': '0x',
    'wrapped for a wallet that is not there yet (ERC-6492)': concat([
      AbiCoder.defaultAbiCoder().encode(['address', 'bytes', 'bytes'], [`0x${'11'.repeat(20)}`, '0x', signature]),
      `0x${'6492'.repeat(16)}`,
    ]),
  }
}
