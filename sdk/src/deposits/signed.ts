import type { TransactionReceipt } from 'ethers'
import type { Connection } from '../client/connection.ts'
import { defineWrite, type Write, type WriteContext } from '../client/write.ts'
import { ColophonError } from '../errors/base.ts'
import { chainError } from '../errors/chain.ts'
import type { DepositReceipt } from '../receipt/receipt.ts'
import type { AnchoredWork } from './anchor.ts'
import { firstOf, withEarlierRecord } from './create.ts'
import { receiptsOfTransaction } from './receipts.ts'
import type { DepositReads } from './records.ts'
import { registryCall, registryInterface } from './registry.ts'
import { DEPOSIT_TYPES, domainOf, LIFT_TYPES } from './typedData.ts'
import { addressOf, bytes32, type Hex, type Work, type WorkInput, workOf } from './work.ts'

/** A deposit its claimant has signed and somebody else may pay for. JSON as it is. */
export interface SignedDeposit {
  type: 'colophon-signed-deposit'
  version: 1
  chainId: number
  registry: string
  claimant: string
  work: Work
  /** Last second, since 1970, at which the registry takes it. */
  deadline: number
  signature: Hex
}

/** The same for lifting a work out of an anchor. */
export interface SignedLift extends Omit<SignedDeposit, 'type'> {
  type: 'colophon-signed-lift'
  root: Hex
  proof: Hex[]
}

export interface SignOptions {
  /** When the signature stops being good: a date, or seconds since 1970. One day from the chain's time by default. */
  deadline?: Date | number
}

/** Why the registry left an entry of a batch out. */
export type SkipReason = 'none' | 'content hash missing' | 'deposit exists' | 'signature expired' | 'signature invalid'

export interface SubmittedMany {
  receipts: DepositReceipt[]
  /** Entries the registry left out, by their index in the batch. */
  skipped: { index: number; id: Hex; claimant: string; reason: SkipReason }[]
}

export interface SignedWrites {
  /**
   * Signs a deposit for somebody else to submit. Sends nothing and costs nothing.
   * @throws SIGNATURE_EXPIRED when the deadline has passed, USER_REJECTED
   */
  sign(work: WorkInput, options?: SignOptions): Promise<SignedDeposit>
  /** Signs a lift for somebody else to submit. */
  signLift(anchored: AnchoredWork, options?: SignOptions): Promise<SignedLift>
  /**
   * Submits a signed deposit and pays for it.
   * @throws SIGNATURE_EXPIRED, SIGNATURE_INVALID, SIGNATURE_ELSEWHERE, DEPOSIT_EXISTS (a replay), all before anything is spent
   */
  submitSigned: Write<SignedDeposit, DepositReceipt, { id: Hex }>
  /**
   * Submits many; entries that are there already, expired or badly signed are left out and reported, so that none blocks the rest.
   * @throws NOTHING_TO_DEPOSIT when every entry would be left out, before anything is spent
   */
  submitManySigned: Write<readonly SignedDeposit[], SubmittedMany, { deposited: number }>
  /** Submits a signed lift and pays for it. */
  submitSignedLift: Write<SignedLift, DepositReceipt, { id: Hex }>
}

const DAY = 86_400

/** Deposits that their claimant signs and another pays for. */
export function createSignedWrites(connection: Connection, reads: DepositReads): SignedWrites {
  const common = { connection, contract: 'CopyrightRegistry', interfaces: () => [registryInterface()] } as const

  async function deadlineOf(options: SignOptions): Promise<number> {
    const block = await registryCall('reading the newest block', () => connection.provider.getBlock('latest'))
    const now = block?.timestamp ?? Math.floor(Date.now() / 1000)
    const { deadline = now + DAY } = options
    const seconds = deadline instanceof Date ? Math.floor(deadline.getTime() / 1000) : deadline
    if (!Number.isSafeInteger(seconds) || seconds <= now)
      throw new ColophonError('SIGNATURE_EXPIRED', 'The deadline has passed, or is no time at all.', {
        hint: 'Give a Date, or seconds since 1970, in the future of the chain.',
        details: { deadline: String(deadline), now },
      })
    return seconds
  }

  async function signed(types: typeof DEPOSIT_TYPES, input: WorkInput, options: SignOptions, extra: Record<string, unknown>) {
    const signer = await connection.signer()
    const { address: registry, chainId } = await connection.contract('CopyrightRegistry')
    const work = workOf(input)
    const deadline = await deadlineOf(options)
    try {
      const claimant = await signer.getAddress()
      const signature = await signer.signTypedData(domainOf(chainId, registry), types, { claimant, work, deadline, ...extra })
      return { version: 1, chainId, registry, claimant, work, deadline, signature: signature as Hex } as const
    } catch (fault) {
      throw chainError(fault, { action: 'signing' })
    }
  }

  return {
    async sign(work, options = {}) {
      return { type: 'colophon-signed-deposit', ...(await signed(DEPOSIT_TYPES, work, options, {})) }
    },

    async signLift(anchored, options = {}) {
      const root = bytes32('root', anchored.root)
      const proof = anchored.proof.map((each) => bytes32('proof', each))
      return { type: 'colophon-signed-lift', ...(await signed(LIFT_TYPES, anchored.work, options, { root })), root, proof }
    },

    submitSigned: defineWrite<SignedDeposit, DepositReceipt, { id: Hex }>({
      ...common,
      action: 'depositing for the claimant',
      encode: (input, context) => {
        const { claimant, work, deadline, signature } = signedFor(input, context)
        return registryInterface().encodeFunctionData('depositBySig', [claimant, work, deadline, signature])
      },
      preview: (returned) => ({ id: registryInterface().decodeFunctionResult('depositBySig', returned)[0] }),
      result: async (mined) => firstOf(await receiptsOfTransaction(connection, reads, mined), mined.hash),
      explain: (error) => withEarlierRecord(error, reads),
    }),

    submitManySigned: defineWrite<readonly SignedDeposit[], SubmittedMany, { deposited: number }>({
      ...common,
      action: 'depositing for the claimants',
      encode: (input, context) => {
        if (input.length === 0)
          throw new ColophonError('INVALID_BATCH', 'There is no deposit in the batch.', { hint: 'Give at least one.' })
        const entries = input.map((each) => signedFor(each, context))
        return registryInterface().encodeFunctionData('depositManyBySig', [entries])
      },
      preview: (returned, input) => {
        const deposited = Number(registryInterface().decodeFunctionResult('depositManyBySig', returned)[0])
        if (deposited === 0)
          throw new ColophonError('NOTHING_TO_DEPOSIT', 'The registry would take none of the signed deposits.', {
            hint: 'They are there already, expired or badly signed. Submit one alone to see why.',
            details: { entries: input.length },
          })
        return { deposited }
      },
      result: async (mined, _, { address }) => ({
        receipts: await receiptsOfTransaction(connection, reads, mined),
        skipped: skippedIn(mined, address),
      }),
    }),

    submitSignedLift: defineWrite<SignedLift, DepositReceipt, { id: Hex }>({
      ...common,
      action: 'lifting for the claimant',
      encode: (input, context) => {
        const { claimant, work, deadline, signature } = signedFor(input, context)
        return registryInterface().encodeFunctionData('liftBySig', [claimant, input.root, work, input.proof, deadline, signature])
      },
      preview: (returned) => ({ id: registryInterface().decodeFunctionResult('liftBySig', returned)[0] }),
      result: async (mined) => firstOf(await receiptsOfTransaction(connection, reads, mined), mined.hash),
      explain: (error) => withEarlierRecord(error, reads),
    }),
  }
}

/**
 * Reads a signed deposit from JSON text or an object; whether the signature is good is for the registry to say.
 * @throws INVALID_SIGNED_DEPOSIT naming the field
 */
export function parseSigned(input: string | object): SignedDeposit {
  let value: unknown = input
  try {
    if (typeof input === 'string') value = JSON.parse(input)
    const fields = value as Partial<Record<keyof SignedDeposit, unknown>>
    if (fields?.type !== 'colophon-signed-deposit' || fields.version !== 1)
      throw new TypeError("type should be 'colophon-signed-deposit', version 1")
    return { type: fields.type, version: 1, ...signedFields(fields) }
  } catch (cause) {
    throw invalidSigned(cause)
  }
}

function signedFields(fields: Partial<Record<keyof SignedDeposit, unknown>>): Omit<SignedDeposit, 'type' | 'version'> {
  const { chainId, deadline, signature } = fields
  if (!Number.isSafeInteger(chainId)) throw new TypeError('chainId should be an integer')
  if (!Number.isSafeInteger(deadline) || (deadline as number) < 0) throw new TypeError('deadline should be seconds since 1970')
  if (typeof signature !== 'string' || !/^0x([0-9a-fA-F]{2})+$/.test(signature)) throw new TypeError('signature should be bytes in hex')
  return {
    chainId: chainId as number,
    registry: addressOf('registry', fields.registry as string),
    claimant: addressOf('claimant', fields.claimant as string),
    work: workOf(fields.work as Work),
    deadline: deadline as number,
    signature: signature as Hex,
  }
}

function invalidSigned(cause: unknown): ColophonError {
  const why = cause instanceof ColophonError ? cause.shortMessage : cause instanceof Error ? cause.message : String(cause)
  return new ColophonError('INVALID_SIGNED_DEPOSIT', `The signed deposit is not valid: ${why}`, {
    hint: 'Use it as sign() gave it.',
    cause,
  })
}

/** The entry, if it was signed for this chain and registry: elsewhere the signature cannot be good. */
function signedFor(input: SignedDeposit | SignedLift, context: WriteContext): Omit<SignedDeposit, 'type' | 'version'> {
  let entry: Omit<SignedDeposit, 'type' | 'version'>
  try {
    entry = signedFields(input as SignedDeposit)
  } catch (cause) {
    throw invalidSigned(cause)
  }
  if (entry.chainId !== context.chainId || entry.registry.toLowerCase() !== context.address.toLowerCase())
    throw new ColophonError('SIGNATURE_ELSEWHERE', 'The deposit was signed for another chain or registry.', {
      hint: 'A signature is good on one chain and for one registry only; ask the claimant to sign again.',
      details: {
        signedFor: { chainId: entry.chainId, registry: entry.registry },
        found: { chainId: context.chainId, registry: context.address },
      },
    })
  return entry
}

/** `SkipReason` of the contract, by number. */
const SKIP_REASONS: readonly SkipReason[] = ['none', 'content hash missing', 'deposit exists', 'signature expired', 'signature invalid']

function skippedIn(mined: TransactionReceipt, registry: string): SubmittedMany['skipped'] {
  const skipped: SubmittedMany['skipped'] = []
  for (const log of mined.logs) {
    if (log.address.toLowerCase() !== registry.toLowerCase()) continue
    const parsed = registryInterface().parseLog(log)
    if (parsed?.name !== 'DepositSkipped') continue
    const [index, id, claimant, reason] = parsed.args
    skipped.push({ index: Number(index), id, claimant, reason: SKIP_REASONS[Number(reason)] ?? 'none' })
  }
  return skipped
}
