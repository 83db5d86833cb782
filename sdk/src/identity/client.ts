import { AbiCoder, keccak256, sha256, type TransactionReceipt } from 'ethers'
import { type BoundContract, bindContract } from '../client/bound.ts'
import { type Connection, type ConnectionOptions, createConnection } from '../client/connection.ts'
import { eventIn, eventsIn, type Mined, minedAt, timeOfBlock } from '../client/mined.ts'
import type { Write } from '../client/write.ts'
import { IdentityRegistry__factory } from '../contracts/generated/IdentityRegistry.ts'
import type { IdentityRegistry, IdentityRegistryInterface } from '../contracts/generated/types/IdentityRegistry.ts'
import { addressOf, type Bytes32, type Hex } from '../deposits/work.ts'
import { bytesToHex } from '../hex/index.ts'
import { secondsOf, wordOf } from '../input/index.ts'
import { invalidInput } from '../input/input.ts'
import { laterThanNow } from '../signing/index.ts'
import {
  type AttestationStruct,
  attestationDocument,
  type RevocationStruct,
  revocationDocument,
  type SignedAttestation,
  type SignedRevocation,
} from './attestation.ts'

/** How sure a verifier is of who is behind an account: the levels of assurance of eIDAS. */
export type Level = 'none' | 'low' | 'substantial' | 'high'

/** What a verifier says of an account. */
export interface AttestationTerms {
  subject: string
  level: Exclude<Level, 'none'>
  /** Salted digest of the credential, see `credentialClaim`; never the credential. */
  claim: Bytes32
  /** When the verifier established it; the newest block's time by default. Each word on a subject must be later than the one before. */
  validFrom?: Date | number
  /** First second at which it no longer counts; a year from now by default, at most five. */
  expiresAt?: Date | number
}

export interface Attested extends Mined {
  subject: string
  verifier: string
  level: Level
  validFrom: Date
  expiresAt: Date
  claim: Hex
}

/** A time during which one verifier vouched for one level without a break. */
export interface VerifiedPeriod {
  verifier: string
  level: Level
  from: Date
  /** First second that no longer counts. */
  until: Date
}

export interface Identity {
  /**
   * Vouches for a subject in the signer's name; counts from its block on.
   * @throws NOT_VERIFIER, ATTESTATION_INVALID, SIGNATURE_REPLAYED, VERIFIERS_FULL
   */
  attest: Write<AttestationTerms, Attested, { subject: string; level: Level }>
  /** Vouches for several subjects: all or none. */
  attestMany: Write<readonly AttestationTerms[], { attested: number } & Mined, { attested: number }>
  /** Signs an attestation for somebody else, usually the subject, to send. Costs nothing. */
  sign(terms: AttestationTerms, options?: { deadline?: Date | number }): Promise<SignedAttestation>
  /**
   * Sends a signed attestation; anybody may.
   * @throws SIGNATURE_EXPIRED, SIGNATURE_INVALID, NOT_VERIFIER
   */
  submit: Write<SignedAttestation, Attested, { subject: string; level: Level }>
  /**
   * Ends what the signer vouches for, from its block on; the past stays.
   * @throws NOT_VERIFIER, NOT_ATTESTED
   */
  revoke: Write<{ subject: string }, { subject: string; verifier: string } & Mined, { subject: string }>
  /** The same for several subjects at once, all or none. */
  revokeMany: Write<readonly string[], { revoked: { subject: string; verifier: string }[] } & Mined, { subjects: string[] }>
  /** Signs the end of the signer's last word on a subject, for somebody else to send. */
  signRevocation(subject: string, options?: { deadline?: Date | number }): Promise<SignedRevocation>
  /** Sends a signed revocation; anybody may. */
  submitRevocation: Write<SignedRevocation, { subject: string; verifier: string } & Mined, { subject: string }>
  /** Ends what a verifier vouches for of the signer. */
  renounce: Write<{ verifier: string }, { subject: string; verifier: string } & Mined, { verifier: string }>
  /** Highest level that any verifier vouched for at a time, now by default. The answer for a time that is over never changes. */
  levelAt(subject: string, time?: Date | number): Promise<Level>
  /** Level that one verifier vouched for at a time, now by default. */
  levelBy(verifier: string, subject: string, time?: Date | number): Promise<Level>
  /** All that anybody ever vouched for of a subject, verifier by verifier, oldest first. */
  history(subject: string): Promise<VerifiedPeriod[]>
  /** Whether an account may attest now. */
  isVerifier(account: string): Promise<boolean>
}

export const LEVELS: readonly Level[] = ['none', 'low', 'substantial', 'high']

const YEAR = 31_536_000
const DAY = 86_400

/** An identity client of its own. */
export function createIdentity(options: ConnectionOptions): Identity {
  return createIdentityOn(createConnection(options))
}

/**
 * The salted digest by which a person can show later what a verifier saw. Keep the salt with the credential: without it the digest proves nothing.
 * @param credential the credential's bytes, or their SHA-256
 */
export function credentialClaim(subject: string, credential: Uint8Array | Bytes32, salt?: Bytes32): { claim: Hex; salt: Hex } {
  const drawn = salt === undefined ? bytesToHex(crypto.getRandomValues(new Uint8Array(32))) : wordOf('salt', salt)
  const hash = credential instanceof Uint8Array ? sha256(credential) : wordOf('credential', credential)
  const encoded = AbiCoder.defaultAbiCoder().encode(['address', 'bytes32', 'bytes32'], [addressOf('subject', subject), drawn, hash])
  return { claim: keccak256(encoded) as Hex, salt: drawn }
}

/** An identity client on a connection that others share. */
export function createIdentityOn(connection: Connection): Identity {
  const registry: BoundContract<IdentityRegistryInterface, IdentityRegistry> = bindContract(
    connection,
    'IdentityRegistry',
    IdentityRegistry__factory,
  )
  const face = (): IdentityRegistryInterface => registry.face()
  const place = (mined: TransactionReceipt): Promise<Mined> => minedAt(connection.provider, mined)

  async function statement(terms: AttestationTerms): Promise<Omit<AttestationStruct, 'verifier' | 'deadline'>> {
    const level = LEVELS.indexOf(terms.level)
    if (level < 1) throw invalidInput('level', terms.level, 'low, substantial or high')
    const now = await timeOfBlock(connection.provider, 'latest')
    return {
      subject: addressOf('subject', terms.subject),
      level,
      validFrom: terms.validFrom === undefined ? now : secondsOf('validFrom', terms.validFrom),
      expiry: terms.expiresAt === undefined ? now + YEAR : secondsOf('expiresAt', terms.expiresAt),
      claim: wordOf('claim', terms.claim),
    }
  }

  async function attested(mined: TransactionReceipt, address: string): Promise<Attested> {
    const { subject, verifier, level, validFrom, expiry, claim } = eventIn(mined, address, face(), 'Attested').args
    return {
      subject,
      verifier,
      level: LEVELS[Number(level)]!,
      validFrom: new Date(Number(validFrom) * 1000),
      expiresAt: new Date(Number(expiry) * 1000),
      claim,
      ...(await place(mined)),
    }
  }

  async function revoked(mined: TransactionReceipt, address: string): Promise<{ subject: string; verifier: string } & Mined> {
    const { subject, verifier } = eventIn(mined, address, face(), 'AttestationRevoked').args
    return { subject, verifier, ...(await place(mined)) }
  }

  async function timeOf(time: Date | number | undefined): Promise<number> {
    return time === undefined ? await timeOfBlock(connection.provider, 'latest') : secondsOf('time', time)
  }

  return {
    attest: registry.write({
      action: 'attesting',
      encode: async (terms) => face().encodeFunctionData('attest', [await statement(terms)]),
      preview: (_, { subject, level }) => ({ subject: addressOf('subject', subject), level }),
      result: (mined, _, { address }) => attested(mined, address),
    }),

    attestMany: registry.write({
      action: 'attesting',
      encode: async (terms) => face().encodeFunctionData('attestMany', [await Promise.all(terms.map(statement))]),
      preview: (_, terms) => ({ attested: terms.length }),
      result: async (mined, terms) => ({ attested: terms.length, ...(await place(mined)) }),
    }),

    async sign(terms, options = {}) {
      const verifier = await (await connection.signer()).getAddress()
      const deadline = await laterThanNow(connection, 'deadline', options.deadline, DAY)
      const { subject, level, validFrom, expiry, claim } = await statement(terms)
      return await attestationDocument.sign(connection, { verifier, subject, level, validFrom, expiry, claim, deadline: String(deadline) })
    },

    submit: registry.write({
      action: 'sending the attestation',
      encode: (signed, context) => {
        const { value, signature } = attestationDocument.meantFor(signed, context)
        return face().encodeFunctionData('attestBySig', [value.verifier, value, value.deadline, signature])
      },
      preview: (_, { value }) => ({ subject: value.subject, level: LEVELS[value.level]! }),
      result: (mined, _, { address }) => attested(mined, address),
    }),

    revoke: registry.write({
      action: 'revoking',
      encode: ({ subject }) => face().encodeFunctionData('revoke', [addressOf('subject', subject)]),
      preview: (_, { subject }) => ({ subject: addressOf('subject', subject) }),
      result: (mined, _, { address }) => revoked(mined, address),
    }),

    revokeMany: registry.write({
      action: 'revoking',
      encode: (subjects) => {
        if (!Array.isArray(subjects) || subjects.length === 0) throw invalidInput('subjects', subjects, 'at least one')
        return face().encodeFunctionData('revokeMany', [subjects.map((subject) => addressOf('subject', subject))])
      },
      preview: (_, subjects) => ({ subjects: subjects.map((subject) => addressOf('subject', subject)) }),
      result: async (mined, _, { address }) => ({
        revoked: eventsIn(mined, address, face(), 'AttestationRevoked').map(({ args }) => ({
          subject: args.subject,
          verifier: args.verifier,
        })),
        ...(await place(mined)),
      }),
    }),

    async signRevocation(given, options = {}) {
      const verifier = await (await connection.signer()).getAddress()
      const subject = addressOf('subject', given)
      const deadline = await laterThanNow(connection, 'deadline', options.deadline, DAY)
      const validFrom = Number(await registry.read('reading the last attestation', (contract) => contract.latestOf(subject, verifier)))
      const value: RevocationStruct = { verifier, subject, validFrom, deadline: String(deadline) }
      return await revocationDocument.sign(connection, value)
    },

    submitRevocation: registry.write({
      action: 'sending the revocation',
      encode: (signed, context) => {
        const { value, signature } = revocationDocument.meantFor(signed, context)
        return face().encodeFunctionData('revokeBySig', [value.verifier, value.subject, value.validFrom, value.deadline, signature])
      },
      preview: (_, { value }) => ({ subject: value.subject }),
      result: (mined, _, { address }) => revoked(mined, address),
    }),

    renounce: registry.write({
      action: 'renouncing',
      encode: ({ verifier }) => face().encodeFunctionData('renounce', [addressOf('verifier', verifier)]),
      preview: (_, { verifier }) => ({ verifier: addressOf('verifier', verifier) }),
      result: (mined, _, { address }) => revoked(mined, address),
    }),

    async levelAt(subject, time) {
      const at = await timeOf(time)
      const level = await registry.read('asking for a level', (contract) => contract.levelAt(addressOf('subject', subject), at))
      return LEVELS[Number(level)]!
    },

    async levelBy(verifier, subject, time) {
      const at = await timeOf(time)
      const accounts = [addressOf('verifier', verifier), addressOf('subject', subject)] as const
      return LEVELS[Number(await registry.read('asking for a level', (contract) => contract.levelBy(...accounts, at)))]!
    },

    async history(given) {
      const subject = addressOf('subject', given)
      return await registry.read('reading attestations', async (contract) => {
        const verifiers = await contract.verifiersOf(subject)
        const periods = await Promise.all(verifiers.map((verifier) => contract.periodsOf(subject, verifier)))
        return periods.flatMap((list, index) =>
          list.map(({ from, until, level }) => ({
            verifier: verifiers[index]!,
            level: LEVELS[Number(level)]!,
            from: new Date(Number(from) * 1000),
            until: new Date(Number(until) * 1000),
          })),
        )
      })
    },

    async isVerifier(account) {
      return await registry.read('asking for a verifier', (contract) => contract.isVerifier(addressOf('account', account)))
    },
  }
}
