import easArtifact from '@ethereum-attestation-service/eas-contracts/artifacts/contracts/EAS.sol/EAS.json' with { type: 'json' }
import schemaRegistry from '@ethereum-attestation-service/eas-contracts/artifacts/contracts/SchemaRegistry.sol/SchemaRegistry.json' with {
  type: 'json',
}
import type { HardhatEthers } from '@nomicfoundation/hardhat-ethers/types'
import { AbiCoder, Signature, solidityPackedKeccak256, ZeroAddress, ZeroHash } from 'ethers'
import type { GasAction } from '../../scripts/snapshots/gasAction.ts'
import { hash } from '../../scripts/snapshots/registryActions.ts'
import { deployPublished, send } from './published.ts'

const ATTEST_TYPES = {
  Attest: [
    { name: 'attester', type: 'address' },
    { name: 'schema', type: 'bytes32' },
    { name: 'recipient', type: 'address' },
    { name: 'expirationTime', type: 'uint64' },
    { name: 'revocable', type: 'bool' },
    { name: 'refUID', type: 'bytes32' },
    { name: 'data', type: 'bytes' },
    { name: 'value', type: 'uint256' },
    { name: 'nonce', type: 'uint256' },
    { name: 'deadline', type: 'uint64' },
  ],
}
const DEADLINE = 4_102_444_799n

/** The fields of a deposit, in the order of the registry's `Work`. */
const WORK = ['bytes32', 'bytes32', 'uint16', 'bytes32', 'bytes32']
/** A deposit without its salt and fingerprint type: the least an attestation of a work can say. */
const HASHES = ['bytes32', 'bytes32', 'bytes32']
/** What a verifier says of a person beside who it is and until when, which EAS has fields of its own for. */
const IDENTITY = ['uint8', 'uint64', 'bytes32']

const attestation = (data: string, recipient: string = ZeroAddress, expirationTime = 0n) => ({
  recipient,
  expirationTime,
  revocable: false,
  refUID: ZeroHash,
  data,
  value: 0n,
})
const encode = (types: string[], values: unknown[]): string => AbiCoder.defaultAbiCoder().encode(types, values)
const work = () => attestation(encode(WORK, [hash(), hash(), 1, hash(), hash()]))
const threeHashes = () => attestation(encode(HASHES, [hash(), hash(), hash()]))

/**
 * The Ethereum Attestation Service. An attester who states the fields of a deposit leaves EAS's recipient, expiry and reference
 * empty, which is the cheapest way to store them there. Batches are the largest round ones that fit under the 2^24 gas that EIP-7825
 * allows a transaction: neither 100 attestations nor 1,024 time stamps do.
 */
export async function easActions(ethers: HardhatEthers): Promise<GasAction[]> {
  const [deployer, attester, relayer, subject] = await ethers.getSigners()
  if (deployer === undefined || attester === undefined || relayer === undefined || subject === undefined)
    throw new Error('four accounts are needed')
  const schemas = await deployPublished(ethers, schemaRegistry)
  const eas = await deployPublished(ethers, easArtifact, [await schemas.getAddress()])
  const registered = async (schema: string, revocable: boolean): Promise<string> => {
    await send(schemas, 'register', [schema, ZeroAddress, revocable])
    return solidityPackedKeccak256(['string', 'address', 'bool'], [schema, ZeroAddress, revocable])
  }
  const works = await registered('bytes32 contentHash, bytes32 fingerprint, uint16 fingerprintType, bytes32 metadata, bytes32 salt', false)
  const hashes = await registered('bytes32 contentHash, bytes32 fingerprint, bytes32 metadata', false)
  const identities = await registered('uint8 level, uint64 validFrom, bytes32 claim', true)

  const [, name, version, chainId, verifyingContract] = await eas.getFunction('eip712Domain')()
  const domain = { name, version, chainId, verifyingContract }
  const signed = async (data: ReturnType<typeof attestation>, nonce: bigint) => {
    const message = { ...data, attester: attester.address, schema: works, nonce, deadline: DEADLINE }
    const { v, r, s } = Signature.from(await attester.signTypedData(domain, ATTEST_TYPES, message))
    return { v, r, s }
  }
  const nonce = async (): Promise<bigint> => await eas.getFunction('getNonce')(attester.address)
  const [attesting, relaying] = [eas.connect(attester), eas.connect(relayer)]
  const per = (count: number) => Array.from({ length: count })

  return [
    { name: 'eas.attest', send: () => send(attesting, 'attest', [{ schema: works, data: work() }]) },
    { name: 'eas.attestHashes', send: () => send(attesting, 'attest', [{ schema: hashes, data: threeHashes() }]) },
    {
      name: 'eas.multiAttestPer50',
      per: 50,
      send: () => send(attesting, 'multiAttest', [[{ schema: works, data: per(50).map(work) }]]),
    },
    {
      name: 'eas.attestByDelegation',
      send: async () => {
        const data = work()
        const signature = await signed(data, await nonce())
        return await send(relaying, 'attestByDelegation', [
          { schema: works, data, signature, attester: attester.address, deadline: DEADLINE },
        ])
      },
    },
    {
      name: 'eas.multiAttestByDelegationPer50',
      per: 50,
      send: async () => {
        const data = per(50).map(work)
        const first = await nonce()
        const signatures = await Promise.all(data.map((each, index) => signed(each, first + BigInt(index))))
        return await send(relaying, 'multiAttestByDelegation', [
          [{ schema: works, data, signatures, attester: attester.address, deadline: DEADLINE }],
        ])
      },
    },
    { name: 'eas.timestamp', send: () => send(attesting, 'timestamp', [hash()]) },
    { name: 'eas.multiTimestampPer512', per: 512, send: () => send(attesting, 'multiTimestamp', [per(512).map(hash)]) },
    {
      name: 'eas.attestIdentity',
      send: () => {
        const said = encode(IDENTITY, [2, 1_767_225_600n, hash()])
        return send(attesting, 'attest', [{ schema: identities, data: attestation(said, subject.address, DEADLINE) }])
      },
    },
  ]
}
