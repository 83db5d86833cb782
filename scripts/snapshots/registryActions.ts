import type { HardhatEthers } from '@nomicfoundation/hardhat-ethers/types'
import { StandardMerkleTree } from '@openzeppelin/merkle-tree'
import { getBytes, hexlify, id, type TransactionResponse, TypedDataEncoder, ZeroHash } from 'ethers'
import type { GasAction } from './gasAction.ts'

const WORK_TYPES = {
  Deposit: [
    { name: 'claimant', type: 'address' },
    { name: 'work', type: 'Work' },
    { name: 'deadline', type: 'uint256' },
  ],
  Work: [
    { name: 'contentHash', type: 'bytes32' },
    { name: 'fingerprint', type: 'bytes32' },
    { name: 'fingerprintType', type: 'uint16' },
    { name: 'metadata', type: 'bytes32' },
    { name: 'salt', type: 'bytes32' },
  ],
}

interface Work {
  contentHash: string
  fingerprint: string
  fingerprintType: number
  metadata: string
  salt: string
}

let drawn = 0

/** Different at every call, the same in every run, and without a zero byte, which would be cheaper: the dearest calldata there is. */
export function hash(): string {
  return hexlify(getBytes(id(`hash ${drawn++}`)).map((byte) => byte | 1))
}

function work(): Work {
  return { contentHash: hash(), fingerprint: hash(), fingerprintType: 1, metadata: hash(), salt: hash() }
}

/** What the registry's actions cost, per transaction, with ceilings from the design. */
export async function registryActions(ethers: HardhatEthers): Promise<GasAction[]> {
  const [deployer, claimant, sponsor] = await ethers.getSigners()
  if (deployer === undefined || claimant === undefined || sponsor === undefined) throw new Error('three accounts are needed')
  const registry = await ethers.deployContract('CopyrightRegistry')
  const address = await registry.getAddress()
  const { chainId } = await ethers.provider.getNetwork()
  const domain = { name: 'Colophon CopyrightRegistry', version: '1', chainId, verifyingContract: address }
  const deadline = 4_102_444_799n

  const signed = async (signer: typeof claimant) => {
    const entry = { claimant: signer.address, work: work(), deadline }
    return { ...entry, signature: await signer.signTypedData(domain, WORK_TYPES, entry) }
  }
  const by = (signer: typeof claimant) => registry.connect(signer) as typeof registry
  const anchored = async (): Promise<{ root: string; work: Work; proof: string[] }> => {
    const works = Array.from({ length: 1024 }, work)
    const leaves = works.map((each): [string, string] => [
      claimant.address,
      TypedDataEncoder.hashStruct('Work', { Work: WORK_TYPES.Work }, each),
    ])
    const tree = StandardMerkleTree.of(leaves, ['address', 'bytes32'])
    return { root: tree.root, work: works[0]!, proof: tree.getProof(0) }
  }

  const send = (transaction: Promise<TransactionResponse>) => transaction
  return [
    { name: 'deposit', ceiling: 49_000, send: () => send(by(claimant).deposit(work())) },
    { name: 'depositUnsalted', ceiling: 49_000, send: () => send(by(claimant).deposit({ ...work(), salt: ZeroHash })) },
    { name: 'seal', ceiling: 46_000, send: () => send(by(claimant).seal(hash())) },
    {
      name: 'unseal',
      send: async () => {
        const secret = work()
        await by(claimant).seal(await registry.idOf(claimant.address, secret))
        return await by(claimant).unseal(secret)
      },
    },
    {
      name: 'depositBySig',
      ceiling: 58_000,
      send: async () => {
        const { claimant: signer, work: signedWork, signature } = await signed(claimant)
        return await by(sponsor).depositBySig(signer, signedWork, deadline, signature)
      },
    },
    { name: 'depositManyPer100', per: 100, send: () => send(by(claimant).depositMany(Array.from({ length: 100 }, work))) },
    {
      name: 'depositManyBySigPer100',
      ceiling: 36_000,
      per: 100,
      send: async () => await by(sponsor).depositManyBySig(await Promise.all(Array.from({ length: 100 }, () => signed(claimant)))),
    },
    { name: 'anchorPerWork1024', ceiling: 48, per: 1024, send: () => send(by(claimant).anchor(hash(), 1024, hash())) },
    {
      name: 'lift',
      ceiling: 62_000,
      send: async () => {
        const { root, work: leaf, proof } = await anchored()
        await by(sponsor).anchor(root, 1024, hash())
        return await by(claimant).lift(root, leaf, proof)
      },
    },
  ]
}
