import { randomBytes } from 'node:crypto'
import { hexlify, type TypedDataDomain, TypedDataEncoder } from 'ethers'
import { network } from 'hardhat'

export const ATTESTATION_TYPES = {
  Attestation: [
    { name: 'verifier', type: 'address' },
    { name: 'subject', type: 'address' },
    { name: 'level', type: 'uint8' },
    { name: 'validFrom', type: 'uint40' },
    { name: 'expiry', type: 'uint40' },
    { name: 'claim', type: 'bytes32' },
    { name: 'deadline', type: 'uint256' },
  ],
}
export const REVOCATION_TYPES = {
  Revocation: [
    { name: 'verifier', type: 'address' },
    { name: 'subject', type: 'address' },
    { name: 'validFrom', type: 'uint40' },
    { name: 'deadline', type: 'uint256' },
  ],
}

export const ROLE = { owner: 1, agency: 2, platform: 4, verifier: 8, arbitrator: 16 } as const
export const DAY = 86_400n

export interface Attestation {
  subject: string
  level: bigint
  validFrom: bigint
  expiry: bigint
  claim: string
}

interface TypedDataSigner {
  address: string
  signTypedData(domain: TypedDataDomain, types: Record<string, { name: string; type: string }[]>, value: object): Promise<string>
}

/** A fresh chain with an alliance whose administrator is the deployer, two verifiers and the registry of identities. */
export async function deployIdentities() {
  const { ethers, networkHelpers } = await network.create()
  const { time } = networkHelpers
  const [deployer, verifier, other, subject, stranger, sponsor] = await ethers.getSigners()
  if (!deployer || !verifier || !other || !subject || !stranger || !sponsor) throw new Error('six accounts are needed')
  const authority = await ethers.deployContract('Authority', [deployer.address])
  const alliance = await ethers.deployContract('CopyrightAlliance', [await authority.getAddress()])
  const identities = await ethers.deployContract('IdentityRegistry', [await alliance.getAddress(), await authority.getAddress()])
  const address = await identities.getAddress()
  // By its signature, since ethers has a `connect` of its own.
  await alliance.getFunction('connect(address)').send(address)
  await alliance.admitMany([deployer.address, verifier.address, other.address], [ROLE.owner, ROLE.verifier, ROLE.verifier])
  const { chainId } = await ethers.provider.getNetwork()
  const domain = { name: 'Colophon IdentityRegistry', version: '1', chainId, verifyingContract: address }
  const by = (signer: typeof verifier) => identities.connect(signer) as typeof identities
  const now = async (): Promise<bigint> => BigInt(await time.latest())

  return {
    ethers,
    time,
    authority,
    alliance,
    identities,
    address,
    domain,
    deployer,
    verifier,
    other,
    subject,
    stranger,
    sponsor,
    by,
    now,
    /** A good attestation of the subject as of now, for a year, unless told otherwise. */
    attestation: async (given: Partial<Attestation> = {}): Promise<Attestation> => ({
      subject: subject.address,
      level: 2n,
      validFrom: await now(),
      expiry: (await now()) + 365n * DAY,
      claim: hexlify(randomBytes(32)),
      ...given,
    }),
    sign: (
      signer: TypedDataSigner,
      attestation: Attestation,
      deadline: bigint,
      name: string = signer.address,
      over: TypedDataDomain = domain,
    ) => signer.signTypedData(over, ATTESTATION_TYPES, { verifier: name, ...attestation, deadline }),
    digest: (name: string, attestation: Attestation, deadline: bigint) =>
      TypedDataEncoder.hash(domain, ATTESTATION_TYPES, { verifier: name, ...attestation, deadline }),
    /** Makes the next block come this many seconds after the latest one, and returns its time. */
    at: async (seconds: bigint): Promise<bigint> => {
      const next = (await now()) + seconds
      await time.setNextBlockTimestamp(next)
      return next
    },
  }
}

export type Identities = Awaited<ReturnType<typeof deployIdentities>>
