import type { TransactionReceipt } from 'ethers'
import { type BoundContract, bindContract } from '../client/bound.ts'
import { type Connection, type ConnectionOptions, createConnection } from '../client/connection.ts'
import { eventIn, type Mined, minedAt, timeOfBlock } from '../client/mined.ts'
import { logsOf, type SearchOptions } from '../client/tokens.ts'
import type { Write, WriteContext } from '../client/write.ts'
import { CopyrightTitle__factory } from '../contracts/generated/CopyrightTitle.ts'
import { LicenseAgreements__factory } from '../contracts/generated/LicenseAgreements.ts'
import { LicenseToken__factory } from '../contracts/generated/LicenseToken.ts'
import { RevenueSplitter__factory } from '../contracts/generated/RevenueSplitter.ts'
import type { LicenseAgreements, LicenseAgreementsInterface } from '../contracts/generated/types/LicenseAgreements.ts'
import { type Currency, currencyAddress, currencyNamed, type Money, paying } from '../currency/index.ts'
import { addressOf, type Hex } from '../deposits/work.ts'
import { ColophonError } from '../errors/base.ts'
import { amountOf, idText, uintOf } from '../input/index.ts'
import { invalidInput } from '../input/input.ts'
import { laterThanNow, signTyped } from '../signing/document.ts'
import {
  type AgreementStruct,
  type AgreementTerms,
  agreementDocument,
  callStruct,
  currencyOf,
  encodeAgreement,
  parseAgreement,
  type SignedAgreement,
  type SignedTermination,
  terminationDocument,
} from './agreement.ts'

const STATUSES = ['none', 'active', 'due', 'overdue', 'inCure', 'breached', 'fulfilled', 'terminated'] as const

/** How an agreement stands at a second; see docs/contracts/agreements.md. */
export type AgreementState = (typeof STATUSES)[number]

/** How an agreement stands now. */
export interface AgreementStatus {
  id: Hex
  state: AgreementState
  /** Due by now and not paid. */
  owed: Money
  /** Paid beyond what is due by now. */
  surplus: Money
  /** Periods reported so far; the next report is for the period of this number. */
  reported: number
  /** Whether a period is over whose usage is not reported. */
  reportDue: boolean
  /** Due date, passed or to come, of the oldest amount that is not paid; undefined if none is known. */
  dueAt: Date | undefined
  /** First second of the breach if nothing more is done; undefined if nothing is left to be done. */
  breachAt: Date | undefined
}

export interface Activated extends Mined {
  id: Hex
  licenseId: Hex
  paid: Money
}

type Step = { id: Hex } & Mined

export interface Agreements {
  /**
   * Writes an agreement and signs it, as licensor or licensee. Costs nothing; pass it on to the other side.
   * @throws INVALID_INPUT, NOT_PARTY when the signer is neither
   */
  propose(terms: AgreementTerms): Promise<SignedAgreement>
  /**
   * Adds the other side's signature, so that anybody can activate the agreement. A side that activates it itself need not sign.
   * @throws NOT_PARTY, SIGNATURE_ELSEWHERE
   */
  sign(agreement: SignedAgreement): Promise<SignedAgreement>
  /**
   * Brings an agreement into force: pays the down payment and lodges the deposit, and the licensee gets the license.
   * @throws AGREEMENT_EXISTS, SIGNATURE_INVALID, LICENSE_OVERLAP, BALANCE_TOO_LOW
   */
  activate: Write<SignedAgreement, Activated, { id: Hex; licenseId: Hex }>
  /** Takes the signer's word back, so that the agreement can never be activated. */
  withdraw: Write<SignedAgreement, Step, { id: Hex }>
  /** Pays; all that is owed by default, and nothing is sent where nothing is. Anybody may. */
  pay: Write<{ agreement: SignedAgreement; amount?: bigint }, { paid: Money } & Step, { id: Hex }>
  /** Reports the usage of a period that is over; of the next by default. The one before can be corrected. */
  reportUsage: Write<
    { agreement: SignedAgreement; units: number | bigint; period?: number },
    { period: number; units: bigint } & Step,
    { id: Hex }
  >
  /** Ends a breached agreement for good, and its license. Only who holds the rights; the licensee if the work was refuted. */
  terminate: Write<SignedAgreement, { owed: Money } & Step, { id: Hex }>
  /**
   * Agrees to end an agreement, as licensee or as who holds the rights; costs nothing. The other side ends it by `terminateByConsent`.
   * @throws SIGNATURE_EXPIRED
   */
  signTermination(input: { agreement: SignedAgreement; until?: Date | number }): Promise<SignedTermination>
  /**
   * Ends an agreement because both sides want it to end: the signer, and the other one who signed for it.
   * @throws SIGNATURE_INVALID, SIGNATURE_EXPIRED, NOT_ENTITLED
   */
  terminateByConsent: Write<{ agreement: SignedAgreement; termination: SignedTermination }, { owed: Money } & Step, { id: Hex }>
  /** Gives the deposit back, less what was owed, once the agreement is fulfilled or terminated. Anybody may. */
  returnDeposit: Write<SignedAgreement, { toWork: bigint; toLicensee: bigint } & Step, { id: Hex }>
  /**
   * Withdraws the signer's part of a deposit that waits here because the splitter took none of the currency.
   * @throws NOTHING_HELD
   */
  withdrawHeld: Write<{ currency?: Currency; to?: string }, { withdrawn: Money } & Mined, { withdrawn: Money }>
  /** How an agreement stands now. */
  status(agreement: SignedAgreement): Promise<AgreementStatus>
  /** The license that was issued under an agreement; undefined before that. */
  licenseOf(agreement: SignedAgreement, options?: SearchOptions): Promise<Hex | undefined>
}

/** Seconds that a signature under a termination counts if nothing else is said: 30 days. */
const TERMINATION_TIME = 2_592_000

/** An agreements client of its own. */
export function createAgreements(options: ConnectionOptions): Agreements {
  return createAgreementsOn(createConnection(options))
}

/** An agreements client on a connection that others share. */
export function createAgreementsOn(connection: Connection): Agreements {
  const agreements: BoundContract<LicenseAgreementsInterface, LicenseAgreements> = bindContract(
    connection,
    'LicenseAgreements',
    LicenseAgreements__factory,
    [LicenseToken__factory, CopyrightTitle__factory, RevenueSplitter__factory],
  )
  const face = (): LicenseAgreementsInterface => agreements.face()
  const place = (mined: TransactionReceipt): Promise<Mined> => minedAt(connection.provider, mined)

  function checked(given: SignedAgreement, context: Pick<WriteContext, 'address' | 'chainId'>): SignedAgreement {
    agreementDocument.meantFor(given, context)
    return parseAgreement(given)
  }

  /** The signature over an agreement in the name of the connection's signer, who must be a side of it. */
  async function signed(value: AgreementStruct): Promise<{ signature: Hex; signer: string }> {
    const [wallet, at] = await Promise.all([connection.signer(), connection.contract('LicenseAgreements')])
    const signer = await wallet.getAddress()
    if (signer !== value.licensee && signer !== value.grant.licensor)
      throw new ColophonError('NOT_PARTY', `${signer} is neither licensor nor licensee of the agreement.`, {
        hint: 'Sign with the account of one of them.',
        details: { signer, licensor: value.grant.licensor, licensee: value.licensee },
      })
    return { signature: await signTyped(wallet, 'LicenseAgreements', at, agreementDocument.struct.types, value), signer }
  }

  async function statusOf(given: SignedAgreement): Promise<AgreementStatus> {
    const agreement = checked(given, await connection.contract('LicenseAgreements'))
    const { value, id } = agreement
    const [books, now] = await Promise.all([
      agreements.read('reading the books of an agreement', (contract) => contract.booksOf(callStruct(value))),
      timeOfBlock(connection.provider, 'latest'),
    ])
    const currency = currencyOf(agreement)
    const state = STATUSES[Number(books.status)]!
    const reported = Number(books.reported)
    const open = state !== 'none' && state !== 'terminated' && state !== 'fulfilled'
    return {
      id,
      state,
      owed: { amount: books.owed, currency },
      surplus: { amount: books.surplus, currency },
      reported,
      reportDue: open && value.unitPrice !== '0' && reported < value.periods && now >= value.startsAt + (reported + 1) * value.period,
      dueAt: books.dueAt === 0n ? undefined : new Date(Number(books.dueAt) * 1000),
      breachAt: books.breachAt === 0n ? undefined : new Date(Number(books.breachAt) * 1000),
    }
  }

  async function licenseOf({ id }: SignedAgreement, options: SearchOptions = {}): Promise<Hex | undefined> {
    for await (const log of logsOf(agreements, [face().getEvent('Activated').topicHash, id], options)) return log.topics[2] as Hex
    return undefined
  }

  /** What ending an agreement tells. */
  const ended = async (mined: TransactionReceipt, agreement: SignedAgreement, address: string): Promise<{ owed: Money } & Step> => {
    const { owed } = eventIn(mined, address, face(), 'Terminated').args
    return { owed: { amount: owed, currency: currencyOf(agreement) }, ...(await stepOf(mined, agreement)) }
  }

  const stepOf = async (mined: TransactionReceipt, { id }: SignedAgreement): Promise<Step> => ({ id, ...(await place(mined)) })

  return {
    async propose(terms) {
      const value = encodeAgreement(terms)
      const at = await connection.contract('LicenseAgreements')
      return { ...agreementDocument.unsigned(at, value), ...(await signed(value)) }
    },

    async sign(given) {
      const agreement = checked(given, await connection.contract('LicenseAgreements'))
      const { signature, signer } = await signed(agreement.value)
      return signer === agreement.signer ? { ...agreement, signature } : { ...agreement, countersignature: signature }
    },

    activate: agreements.write({
      action: 'activating the agreement',
      encode: async (given, context) => {
        const { value, signature, countersignature = '0x', signer } = checked(given, context)
        const { grant } = value
        const [licensor, licensee] = signer === grant.licensor ? [signature, countersignature] : [countersignature, signature]
        const splitter = await connection.contract('RevenueSplitter')
        return {
          data: face().encodeFunctionData('activate', [callStruct(value), grant, licensor, licensee]),
          ...paying(value.currency, BigInt(grant.downPayment) + BigInt(grant.deposit), splitter.address),
        }
      },
      preview: (returned) => {
        const [id, licenseId] = face().decodeFunctionResult('activate', returned)
        return { id, licenseId: idText(licenseId) }
      },
      result: async (mined, given, { address }) => {
        const { id, licenseId } = eventIn(mined, address, face(), 'Activated').args
        const { downPayment, deposit } = given.value.grant
        const paid = { amount: BigInt(downPayment) + BigInt(deposit), currency: currencyOf(given) }
        return { id, licenseId: idText(licenseId), paid, ...(await place(mined)) }
      },
    }),

    withdraw: agreements.write({
      action: 'withdrawing from the agreement',
      encode: (given, context) => {
        const { value } = checked(given, context)
        return face().encodeFunctionData('withdraw', [callStruct(value), value.grant])
      },
      preview: (_, { id }) => ({ id }),
      result: stepOf,
    }),

    pay: agreements.write({
      action: 'paying under the agreement',
      encode: async ({ agreement: given, amount }, context) => {
        const agreement = checked(given, context)
        const owed = amount ?? (await statusOf(agreement)).owed.amount
        if (owed === 0n)
          throw new ColophonError('NOTHING_DUE', 'Nothing is owed under the agreement now.', {
            hint: 'Give an amount to pay in advance.',
            details: { id: agreement.id },
          })
        amountOf('amount', owed, { least: 1n, bits: 96 })
        const splitter = await connection.contract('RevenueSplitter')
        return {
          data: face().encodeFunctionData('pay', [callStruct(agreement.value), owed]),
          ...paying(agreement.value.currency, owed, splitter.address),
        }
      },
      preview: (_, { agreement }) => ({ id: agreement.id }),
      result: async (mined, { agreement }, { address }) => {
        const { amount } = eventIn(mined, address, face(), 'Paid').args
        return { paid: { amount, currency: currencyOf(agreement) }, ...(await stepOf(mined, agreement)) }
      },
    }),

    reportUsage: agreements.write({
      action: 'reporting usage',
      encode: async ({ agreement: given, units, period }, context) => {
        const agreement = checked(given, context)
        const number = period ?? (await statusOf(agreement)).reported
        return face().encodeFunctionData('reportUsage', [
          callStruct(agreement.value),
          uintOf('period', number, 16),
          uintOf('units', units, 128),
        ])
      },
      preview: (_, { agreement }) => ({ id: agreement.id }),
      result: async (mined, { agreement }, { address }) => {
        const { period, units } = eventIn(mined, address, face(), 'UsageReported').args
        return { period: Number(period), units, ...(await stepOf(mined, agreement)) }
      },
    }),

    terminate: agreements.write({
      action: 'terminating the agreement',
      encode: async (given, context) => {
        const agreement = checked(given, context)
        return face().encodeFunctionData('terminate', [callStruct(agreement.value), (await licenseOf(agreement)) ?? 0n])
      },
      preview: (_, { id }) => ({ id }),
      result: (mined, agreement, { address }) => ended(mined, agreement, address),
    }),

    async signTermination({ agreement, until }) {
      const { id } = checked(agreement, await connection.contract('LicenseAgreements'))
      const deadline = await laterThanNow(connection, 'until', until, TERMINATION_TIME)
      return await terminationDocument.sign(connection, { agreementId: id, deadline: String(deadline) })
    },

    terminateByConsent: agreements.write({
      action: 'terminating the agreement',
      encode: async ({ agreement: given, termination }, context) => {
        const agreement = checked(given, context)
        const { value, signature } = terminationDocument.meantFor(termination, context)
        if (value.agreementId !== agreement.id)
          throw invalidInput('termination', value.agreementId, `that of the agreement ${agreement.id}`)
        const licenseId = (await licenseOf(agreement)) ?? 0n
        return face().encodeFunctionData('terminateByConsent', [callStruct(agreement.value), licenseId, value.deadline, signature])
      },
      preview: (_, { agreement }) => ({ id: agreement.id }),
      result: (mined, { agreement }, { address }) => ended(mined, agreement, address),
    }),

    returnDeposit: agreements.write({
      action: 'returning the deposit',
      encode: (given, context) => {
        const { value } = checked(given, context)
        return face().encodeFunctionData('returnDeposit', [callStruct(value), value.grant])
      },
      preview: (_, { id }) => ({ id }),
      result: async (mined, agreement, { address }) => {
        const { toWork, toLicensee } = eventIn(mined, address, face(), 'DepositReturned').args
        return { toWork, toLicensee, ...(await stepOf(mined, agreement)) }
      },
    }),

    withdrawHeld: agreements.write({
      action: 'withdrawing what is held',
      encode: ({ currency, to }, { from }) =>
        face().encodeFunctionData('withdrawHeld', [currencyAddress(currency), to === undefined ? from : addressOf('to', to)]),
      preview: (returned, { currency }) => ({
        withdrawn: { amount: face().decodeFunctionResult('withdrawHeld', returned)[0], currency: currencyNamed(currencyAddress(currency)) },
      }),
      result: async (mined, _, { address }) => {
        const { currency, amount } = eventIn(mined, address, face(), 'HeldWithdrawn').args
        return { withdrawn: { amount, currency: currencyNamed(currency) }, ...(await place(mined)) }
      },
    }),

    status: statusOf,
    licenseOf,
  }
}
