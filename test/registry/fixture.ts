import { StandardMerkleTree } from '@openzeppelin/merkle-tree'
import { AbiCoder, type BytesLike, concat, hexlify, keccak256, randomBytes, TypedDataEncoder, ZeroHash } from 'ethers'
import { network } from 'hardhat'

export interface Work {
  contentHash: string
  fingerprint: string
  fingerprintType: number
  metadata: string
  salt: string
}

const WORK = [
  { name: 'contentHash', type: 'bytes32' },
  { name: 'fingerprint', type: 'bytes32' },
  { name: 'fingerprintType', type: 'uint16' },
  { name: 'metadata', type: 'bytes32' },
  { name: 'salt', type: 'bytes32' },
]

export const DEPOSIT_TYPES = {
  Deposit: [
    { name: 'claimant', type: 'address' },
    { name: 'work', type: 'Work' },
    { name: 'deadline', type: 'uint256' },
  ],
  Work: WORK,
}

export const LIFT_TYPES = {
  Lift: [
    { name: 'claimant', type: 'address' },
    { name: 'root', type: 'bytes32' },
    { name: 'work', type: 'Work' },
    { name: 'deadline', type: 'uint256' },
  ],
  Work: WORK,
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

export const random = (): string => hexlify(randomBytes(32))

export function newWork(given: Partial<Work> = {}): Work {
  return { contentHash: random(), fingerprint: random(), fingerprintType: 1, metadata: random(), salt: ZeroHash, ...given }
}

/** The ids, computed without the contract. */
export const workHash = (work: Work): string => TypedDataEncoder.hashStruct('Work', { Work: WORK }, work)
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
    /** An entry of `depositManyBySig`, signed by `signer` in the name of `name` (the signer's own if absent). */
    signDeposit: async (signer: typeof claimant, work: Work, until: bigint = deadline, name: string = signer.address) => ({
      claimant: name,
      work,
      deadline: until,
      signature: await signer.signTypedData(domain, DEPOSIT_TYPES, { claimant: name, work, deadline: until }),
    }),
    signLift: (signer: typeof claimant, root: string, work: Work, until: bigint = deadline, name: string = signer.address) =>
      signer.signTypedData(domain, LIFT_TYPES, { claimant: name, root, work, deadline: until }),
    /** Digest that the contract names when a deposit's signature is wrong. */
    depositDigest: (name: string, work: Work, until: bigint = deadline) =>
      TypedDataEncoder.hash(domain, DEPOSIT_TYPES, { claimant: name, work, deadline: until }),
    liftDigest: (name: string, root: string, work: Work, until: bigint = deadline) =>
      TypedDataEncoder.hash(domain, LIFT_TYPES, { claimant: name, root, work, deadline: until }),
    wallet: async (answer: number): Promise<string> => (await ethers.deployContract('HostileWallet', [answer])).getAddress(),
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

/** The signature with the other `s` that the curve allows. */
export function mirrored(signature: string): string {
  const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
  const s = order - BigInt(`0x${signature.slice(66, 130)}`)
  const v = signature.endsWith('1b') ? '1c' : '1b'
  return `${signature.slice(0, 66)}${s.toString(16).padStart(64, '0')}${v}`
}

export const join = (...parts: BytesLike[]): string => concat(parts)
