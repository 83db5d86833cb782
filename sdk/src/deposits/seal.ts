import type { Connection } from '../client/connection.ts'
import { timeOfBlock } from '../client/mined.ts'
import { defineWrite, type Write } from '../client/write.ts'
import { ColophonError } from '../errors/base.ts'
import type { DepositReceipt, OnChain } from '../receipt/receipt.ts'
import { firstOf, withEarlierRecord } from './create.ts'
import { receiptsOfTransaction } from './receipts.ts'
import type { DepositReads } from './records.ts'
import { registryInterface } from './registry.ts'
import { addressOf, bytes32, type Hex, idOf, type Work, type WorkInput, workOf, ZERO_32 } from './work.ts'

/**
 * What opens a seal: keep it secret until `unseal`, and keep it safe, because without it the seal proves nothing.
 * JSON as it is.
 */
export interface SealOpening {
  type: 'colophon-seal-opening'
  version: 1
  chainId: number
  registry: string
  claimant: string
  /** The id the deposit will have; all that the chain sees of it until then. */
  commitment: Hex
  /** With a random salt, without which nobody can guess the work from the commitment. */
  work: Work
}

export interface SealReceipt {
  commitment: Hex
  claimant: string
  /** The time the deposit will carry once unsealed is `sealed.time`. */
  sealed: OnChain
}

export interface SealWrites {
  /**
   * Draws a random salt and computes the commitment. Sends nothing: store the opening first, then `seal` it,
   * so that no crash in between can lose the salt of a paid seal.
   */
  prepareSeal(work: WorkInput): Promise<SealOpening>
  /**
   * Puts the commitment on the chain in the signer's name.
   * @throws SEAL_EXISTS, INVALID_OPENING, WRONG_CLAIMANT
   */
  seal: Write<SealOpening, SealReceipt, { commitment: Hex }>
  /**
   * Reveals the work: a full deposit with the time of the seal.
   * @throws SEAL_NOT_FOUND, DEPOSIT_EXISTS, INVALID_OPENING, WRONG_CLAIMANT
   */
  unseal: Write<SealOpening, DepositReceipt, { id: Hex }>
}

/** Commit first, reveal later: nobody can copy a deposit out of the mempool. */
export function createSealWrites(connection: Connection, reads: DepositReads): SealWrites {
  const common = { connection, contract: 'CopyrightRegistry', interfaces: () => [registryInterface()] } as const

  return {
    async prepareSeal(input) {
      const signer = await connection.signer()
      const claimant = await signer.getAddress()
      const { address, chainId } = await connection.contract('CopyrightRegistry')
      const given = workOf(input)
      const work = given.salt === ZERO_32 ? { ...given, salt: randomSalt() } : given
      return { type: 'colophon-seal-opening', version: 1, chainId, registry: address, claimant, commitment: idOf(claimant, work), work }
    },

    seal: defineWrite<SealOpening, SealReceipt, { commitment: Hex }>({
      ...common,
      action: 'sealing the work',
      encode: (input, context) => registryInterface().encodeFunctionData('seal', [openingFor(input, context).commitment]),
      preview: (_, input) => ({ commitment: input.commitment }),
      result: async (mined, input, { from }) => ({
        commitment: input.commitment,
        claimant: from,
        sealed: {
          transaction: mined.hash as Hex,
          block: mined.blockNumber,
          time: await timeOfBlock(connection.provider, mined.blockNumber),
        },
      }),
    }),

    unseal: defineWrite<SealOpening, DepositReceipt, { id: Hex }>({
      ...common,
      action: 'unsealing the work',
      encode: (input, context) => registryInterface().encodeFunctionData('unseal', [openingFor(input, context).work]),
      preview: (returned) => ({ id: registryInterface().decodeFunctionResult('unseal', returned)[0] }),
      result: async (mined) => firstOf(await receiptsOfTransaction(connection, reads, mined), mined.hash),
      explain: (error) => withEarlierRecord(error, reads),
    }),
  }
}

/**
 * Reads an opening from JSON text or an object.
 * @throws INVALID_OPENING naming the field
 */
export function parseOpening(input: string | object): SealOpening {
  let value: unknown = input
  if (typeof input === 'string') {
    try {
      value = JSON.parse(input)
    } catch (cause) {
      throw invalid('opening', 'it is not JSON', cause)
    }
  }
  const fields = value as Partial<Record<keyof SealOpening, unknown>> | null
  if (typeof fields !== 'object' || fields === null || fields.type !== 'colophon-seal-opening' || fields.version !== 1)
    throw invalid('type', "it should be 'colophon-seal-opening', version 1")
  if (typeof fields.chainId !== 'number' || !Number.isSafeInteger(fields.chainId) || fields.chainId < 1)
    throw invalid('chainId', 'it should be a chain id')
  let opening: SealOpening
  try {
    opening = {
      type: 'colophon-seal-opening',
      version: 1,
      chainId: fields.chainId,
      registry: addressOf('registry', fields.registry as string),
      claimant: addressOf('claimant', fields.claimant as string),
      commitment: bytes32('commitment', fields.commitment as string),
      work: workOf(fields.work as Work),
    }
  } catch (cause) {
    const error = cause as ColophonError
    throw invalid(String(error.details.field), error.shortMessage, cause)
  }
  if (opening.work.salt === ZERO_32) throw invalid('work.salt', 'without a salt the commitment hides nothing')
  const expected = idOf(opening.claimant, opening.work)
  if (opening.commitment !== expected) throw invalid('commitment', `it is not that of the claimant and the work, ${expected}`)
  return opening
}

/** The opening, if it is meant for this registry, chain and account. */
function openingFor(input: SealOpening, context: { from: string; address: string; chainId: number }): SealOpening {
  const opening = parseOpening(input)
  if (opening.chainId !== context.chainId) throw invalid('chainId', `it was made for chain ${opening.chainId}, this is ${context.chainId}`)
  if (opening.registry.toLowerCase() !== context.address.toLowerCase())
    throw invalid('registry', `it was made for the registry at ${opening.registry}, this is ${context.address}`)
  if (opening.claimant !== context.from)
    throw new ColophonError('WRONG_CLAIMANT', `The seal belongs to ${opening.claimant}, but the signer is ${context.from}.`, {
      hint: 'Use the account the opening was made with.',
      details: { expected: opening.claimant, found: context.from },
    })
  return opening
}

function randomSalt(): Hex {
  const bytes = crypto.getRandomValues(new Uint8Array(32))
  return bytes32('salt', bytes)
}

function invalid(field: string, why: string, cause?: unknown): ColophonError {
  return new ColophonError('INVALID_OPENING', `The seal opening is not valid: ${field}: ${why}.`, {
    hint: 'Use the opening as prepareSeal() gave it.',
    details: { field },
    cause,
  })
}
