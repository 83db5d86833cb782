import type { HardhatEthers } from '@nomicfoundation/hardhat-ethers/types'
import { getAddress, getBytes, type TransactionResponse } from 'ethers'
import type { GasAction } from './gasAction.ts'
import { hash } from './registryActions.ts'

/** Attestations of any subject but those that are to be prolonged. */
const fresh = (): string => getAddress(hash().slice(0, 42))
const VERIFIER = 8

/** What identities and memberships cost, per transaction, with the ceiling from the design. */
export async function identityActions(ethers: HardhatEthers): Promise<GasAction[]> {
  const [deployer, verifier, member, sponsor] = await ethers.getSigners()
  if (!deployer || !verifier || !member || !sponsor) throw new Error('four accounts are needed')
  const authority = await ethers.deployContract('Authority', [deployer.address])
  const alliance = await ethers.deployContract('CopyrightAlliance', [await authority.getAddress()])
  const identities = await ethers.deployContract('IdentityRegistry', [await alliance.getAddress(), await authority.getAddress()])
  const verifyingContract = await identities.getAddress()
  // By its signature, since ethers has a `connect` of its own.
  await alliance.getFunction('connect(address)').send(verifyingContract)
  await alliance.admitMany([deployer.address, verifier.address, member.address], [1, VERIFIER, 1])
  const { chainId } = await ethers.provider.getNetwork()
  const by = identities.connect(verifier) as typeof identities
  const types = {
    Attestation: [
      'address verifier',
      'address subject',
      'uint8 level',
      'uint40 validFrom',
      'uint40 expiry',
      'bytes32 claim',
      'uint256 deadline',
    ].map((each) => ({ type: each.split(' ')[0]!, name: each.split(' ')[1]! })),
  }
  // In this form the bytes that are zero are the same in every run, whatever the clock says.
  const attestation = async (subject: string, validFrom = 0x01020304n) => {
    const { timestamp } = (await ethers.provider.getBlock('latest'))!
    return { subject, level: 2n, validFrom, expiry: BigInt(timestamp + 31_536_000) | 0x01010101n, claim: hash() }
  }
  const send = (transaction: Promise<TransactionResponse>) => transaction
  return [
    {
      name: 'verifyIdentity',
      ceiling: 48_000,
      missed: 'transaction, one new word, the look-up of the verifier, calldata and event are 49,160',
      send: async () => send(by.attest(await attestation(fresh()))),
    },
    {
      name: 'renewIdentity',
      send: async () => {
        const subject = fresh()
        await by.attest(await attestation(subject))
        return await by.attest(await attestation(subject, 0x01020305n))
      },
    },
    {
      name: 'verifyIdentityPer100',
      per: 100,
      send: async () => send(by.attestMany(await Promise.all(Array.from({ length: 100 }, () => attestation(fresh()))))),
    },
    {
      name: 'verifyIdentityBySig',
      send: async () => {
        const deadline = 4_102_444_799n
        const domain = { name: 'Colophon IdentityRegistry', version: '1', chainId, verifyingContract }
        let given: Awaited<ReturnType<typeof attestation>>
        let signature: string
        do {
          given = await attestation(fresh())
          signature = await verifier.signTypedData(domain, types, { verifier: verifier.address, ...given, deadline })
          // Zero bytes of calldata cost less, and a signature has some by chance.
        } while (getBytes(signature).includes(0))
        return await (identities.connect(sponsor) as typeof identities).attestBySig(verifier.address, given, deadline, signature)
      },
    },
    {
      name: 'revokeIdentity',
      send: async () => {
        const subject = fresh()
        await by.attest(await attestation(subject))
        return await by.revoke(subject)
      },
    },
    { name: 'admitMember', send: () => send(alliance.admit(fresh(), 1)) },
    {
      name: 'suspendMember',
      send: async () => {
        const account = fresh()
        await alliance.admit(account, 1)
        return await alliance.suspend(account)
      },
    },
  ]
}
