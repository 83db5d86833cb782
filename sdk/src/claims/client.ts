import type { TransactionReceipt } from 'ethers'
import { type Connection, type ConnectionOptions, createConnection } from '../client/connection.ts'
import { eventIn, type Mined, minedAt } from '../client/mined.ts'
import type { Call, Write } from '../client/write.ts'
import type { InfringementClaimsInterface } from '../contracts/generated/types/InfringementClaims.ts'
import { type Money, paying } from '../currency/index.ts'
import { createReads } from '../deposits/records.ts'
import { addressOf, type Bytes32, type Hex, type Work } from '../deposits/work.ts'
import { ColophonError } from '../errors/base.ts'
import { wordOf } from '../input/index.ts'
import { laterThanNow } from '../signing/index.ts'
import { type Channel, channelNumber, type Territory, territoryNumber } from '../terms/index.ts'
import {
  type ClaimStruct,
  type ClaimTerms,
  encodeClaim,
  encodeSettlement,
  readSettlement,
  type SettlementTerms,
  type SignedSettlement,
  settlementDocument,
} from './claim.ts'
import { bindClaims, type ClaimOutcome, type ClaimReads, type ClaimRef, createClaimReads, OUTCOMES, resolveClaim } from './status.ts'

export interface Filed extends Mined {
  id: Hex
  /** What every later step takes; its id does too, and is looked up in the events. */
  claim: ClaimStruct
  /** Wei. */
  bond: bigint
  /** Bits in which the copy's fingerprint differs from the work's; undefined if none was given. */
  distance: number | undefined
}

/** What follows from a step of a claim. */
export type ClaimMoved = { id: Hex } & Mined

export interface Claims extends ClaimReads {
  /**
   * Files a claim of the signer's, with a bond in coins. With the copy's fingerprint the contract computes the distance from the work's.
   * @throws CLAIM_INVALID, BOND_OUT_OF_RANGE, CLAIM_EXISTS, FINGERPRINT_MISSING, INVALID_INPUT
   */
  file: Write<ClaimTerms & { bond?: bigint }, Filed, { id: Hex }>
  /** Takes a claim back before it is disputed. */
  retract: Write<{ claim: ClaimRef }, ClaimMoved, { id: Hex }>
  /** Denies a claim, with a bond of the least amount. `evidence` is the URI of an ERC-1497 document. */
  respond: Write<{ claim: ClaimRef; evidence?: string; acceptsForum?: boolean }, ClaimMoved, { id: Hex }>
  /** Answers with a license of the work that is active where the use was. No bond. */
  respondWithLicense: Write<
    { claim: ClaimRef; licenseId: Bytes32 | bigint; territory: Territory; channel: Channel; acceptsForum?: boolean },
    ClaimMoved,
    { id: Hex }
  >
  /** Answers with an earlier deposit of the signer's own of the same content. No bond. */
  respondWithDeposit: Write<{ claim: ClaimRef; earlierId: Bytes32; acceptsForum?: boolean }, ClaimMoved, { id: Hex }>
  /** Submits evidence: the URI of an ERC-1497 document. */
  submitEvidence: Write<{ claim: ClaimRef; evidence: string }, ClaimMoved, { id: Hex }>
  /** Signs what the claimant asks for, so that the matter ends. Costs nothing. */
  offerSettlement(claim: ClaimRef, terms: SettlementTerms): Promise<SignedSettlement>
  /** Takes a settlement: pays its amount to the work, and shows the license it asks for. */
  acceptSettlement: Write<
    { claim: ClaimRef; settlement: SignedSettlement; licenseId?: Bytes32 | bigint },
    { paid: Money } & ClaimMoved,
    { id: Hex }
  >
  /** Asks for a ruling and pays the arbitrator's fee of the moment. */
  escalate: Write<{ claim: ClaimRef }, { disputeId: bigint; fee: bigint } & ClaimMoved, { disputeId: bigint }>
  /** Appeals a ruling and pays for it. */
  appeal: Write<{ claim: ClaimRef }, ClaimMoved, { id: Hex }>
  /** Freezes the title of the disputed deposit for 30 days at most, against a bond. */
  freeze: Write<{ claim: ClaimRef }, { until: Date } & ClaimMoved, { id: Hex }>
  /** Closes a claim that a ruling or time has decided, and credits the bonds. Anybody may. */
  conclude: Write<{ claim: ClaimRef }, { outcome: ClaimOutcome } & ClaimMoved, { outcome: ClaimOutcome }>
  /** Does what a closed claim means for the title of the disputed deposit. Anybody may. */
  enforce: Write<{ claim: ClaimRef }, ClaimMoved, { id: Hex }>
  /** Withdraws the signer's credit: bonds and fees that came back. */
  withdraw: Write<{ to?: string }, { amount: bigint } & Mined, { amount: bigint }>
}

/** A claims client of its own. */
export function createClaims(options: ConnectionOptions): Claims {
  return createClaimsOn(createConnection(options))
}

/** Seconds that a settlement stands if nothing else is said: 14 days. */
const SETTLEMENT_TIME = 1_209_600

/** A claims client on a connection that others share. */
export function createClaimsOn(connection: Connection): Claims {
  const claims = bindClaims(connection)
  const deposits = createReads(connection)
  const face = (): InfringementClaimsInterface => claims.face()
  const place = (mined: TransactionReceipt): Promise<Mined> => minedAt(connection.provider, mined)

  async function depositOf(field: string, given: Bytes32): Promise<{ claimant: string; work: Work }> {
    const id = wordOf(field, given)
    const found = await deposits.get(id)
    if (found === undefined)
      throw new ColophonError('DEPOSIT_NOT_FOUND', `There is no deposit with id ${id}.`, { hint: 'Check id and chain.', details: { id } })
    return found
  }

  interface Step<Input, Result> {
    action: string
    encode: (claim: ClaimStruct, input: Input, id: Hex) => string | Call | Promise<string | Call>
    result?: (mined: TransactionReceipt, input: Input, address: string) => Result
  }

  /** A step of a claim that was filed. */
  function step<Input extends { claim: ClaimRef }, Result extends object = object>({
    action,
    encode,
    result,
  }: Step<Input, Result>): Write<Input, Result & ClaimMoved, { id: Hex }> {
    return claims.write<Input, Result & ClaimMoved, { id: Hex }>({
      action,
      encode: async (input) => {
        const { claim, id } = await resolveClaim(claims, input.claim)
        const encoded = await encode(claim, input, id)
        return typeof encoded === 'string' ? { data: encoded, expected: id } : { ...encoded, expected: id }
      },
      preview: (_returned, _input, _context, expected) => ({ id: expected as Hex }),
      result: async (mined, input, { address }) => ({
        id: (await resolveClaim(claims, input.claim)).id,
        ...(result === undefined ? ({} as Result) : result(mined, input, address)),
        ...(await place(mined)),
      }),
    })
  }

  return {
    ...createClaimReads(claims),

    file: claims.write({
      action: 'filing the claim',
      encode: async (terms, { from }) => {
        const claim = encodeClaim(terms, from)
        const bond = terms.bond ?? (await claims.read('asking for the least bond', (contract) => contract.MIN_BOND()))
        if (terms.fingerprint === undefined) return { data: face().encodeFunctionData('fileClaim', [claim]), value: bond }
        const { claimant, work } = await depositOf('workId', terms.workId)
        return { data: face().encodeFunctionData('fileMatch', [claim, claimant, work]), value: bond }
      },
      preview: (returned) => ({ id: face().decodeFunctionResult('fileClaim', returned)[0] as Hex }),
      result: async (mined, terms, { address, from }) => {
        const { id, bond, distance } = eventIn(mined, address, face(), 'ClaimFiled').args
        return {
          id,
          claim: encodeClaim(terms, from),
          bond,
          distance: distance > 256n ? undefined : Number(distance),
          ...(await place(mined)),
        }
      },
    }),

    retract: step({ action: 'retracting the claim', encode: (claim) => face().encodeFunctionData('retract', [claim]) }),

    respond: step({
      action: 'answering the claim',
      encode: async (claim, { evidence = '', acceptsForum = false }) => ({
        data: face().encodeFunctionData('answer', [claim, evidence, acceptsForum]),
        value: await claims.read('asking for the bond', (contract) => contract.MIN_BOND()),
      }),
    }),

    respondWithLicense: step({
      action: 'answering the claim with a license',
      encode: (claim, { licenseId, territory, channel, acceptsForum = false }) =>
        face().encodeFunctionData('answerWithLicense', [
          claim,
          wordOf('licenseId', licenseId),
          territoryNumber(territory),
          channelNumber(channel),
          acceptsForum,
        ]),
    }),

    respondWithDeposit: step({
      action: 'answering the claim with an earlier deposit',
      encode: async (claim, { earlierId, acceptsForum = false }) => {
        const [disputed, earlier] = await Promise.all([depositOf('workId', claim.workId), depositOf('earlierId', earlierId)])
        return face().encodeFunctionData('answerWithDeposit', [claim, disputed.claimant, disputed.work, earlier.work, acceptsForum])
      },
    }),

    submitEvidence: step({
      action: 'submitting evidence',
      encode: (claim, { evidence }) => face().encodeFunctionData('submitEvidence', [claim, evidence]),
    }),

    async offerSettlement(ref, terms) {
      const { id } = await resolveClaim(claims, ref)
      const deadline = await laterThanNow(connection, 'deadline', terms.deadline, SETTLEMENT_TIME)
      return await settlementDocument.sign(connection, encodeSettlement(id, terms, deadline))
    },

    acceptSettlement: step({
      action: 'accepting the settlement',
      encode: async (claim, { settlement, licenseId = 0n }) => {
        const at = await connection.contract('InfringementClaims')
        const { value, signature } = settlementDocument.meantFor(settlement, at)
        return {
          data: face().encodeFunctionData('settle', [claim, value, signature, wordOf('licenseId', licenseId)]),
          // Tokens go through the claims contract, which hands them on.
          ...paying(value.currency, BigInt(value.amount), at.address),
        }
      },
      result: (_, { settlement }) => {
        const { amount, currency } = readSettlement(settlement)
        return { paid: { amount, currency } }
      },
    }),

    escalate: claims.write({
      action: 'asking for a ruling',
      encode: async ({ claim: ref }) => {
        const { claim } = await resolveClaim(claims, ref)
        const fee = await claims.read('asking for the fee', (contract) => contract.feeOf(claim))
        return { data: face().encodeFunctionData('escalate', [claim]), value: fee }
      },
      preview: (returned) => ({ disputeId: face().decodeFunctionResult('escalate', returned)[0] }),
      result: async (mined, { claim: ref }, { address }) => {
        const { claim, id } = await resolveClaim(claims, ref)
        const [{ disputeId }, sent] = await Promise.all([
          claims.read('reading a claim', (contract) => contract.claimOf(claim, { blockTag: mined.blockNumber })),
          connection.provider.getTransaction(mined.hash),
        ])
        return { id, disputeId, fee: sent?.to?.toLowerCase() === address.toLowerCase() ? sent.value : 0n, ...(await place(mined)) }
      },
    }),

    appeal: step({
      action: 'appealing the ruling',
      encode: async (claim) => ({
        data: face().encodeFunctionData('appeal', [claim]),
        value: await claims.read('asking for the fee', (contract) => contract.feeOf(claim)),
      }),
    }),

    freeze: step({
      action: 'freezing the title',
      encode: async (claim) => ({
        data: face().encodeFunctionData('freeze', [claim]),
        value: await claims.read('asking for the bond', (contract) => contract.FREEZE_BOND()),
      }),
      result: (mined, _, address) => ({ until: new Date(Number(eventIn(mined, address, face(), 'FreezeStarted').args.until) * 1000) }),
    }),

    conclude: claims.write({
      action: 'concluding the claim',
      encode: async ({ claim }) => face().encodeFunctionData('conclude', [(await resolveClaim(claims, claim)).claim]),
      preview: (returned) => ({ outcome: OUTCOMES[Number(face().decodeFunctionResult('conclude', returned)[0])]! }),
      result: async (mined, _, { address }) => {
        const { id, outcome } = eventIn(mined, address, face(), 'ClaimClosed').args
        return { id, outcome: OUTCOMES[Number(outcome)]!, ...(await place(mined)) }
      },
    }),

    enforce: step({ action: 'enforcing the outcome', encode: (claim) => face().encodeFunctionData('enforce', [claim]) }),

    withdraw: claims.write({
      action: 'withdrawing the credit',
      encode: ({ to }, { from }) => face().encodeFunctionData('withdraw', [to === undefined ? from : addressOf('to', to)]),
      preview: (returned) => ({ amount: face().decodeFunctionResult('withdraw', returned)[0] }),
      result: async (mined, _, { address }) => ({
        amount: eventIn(mined, address, face(), 'Withdrawn').args.amount,
        ...(await place(mined)),
      }),
    }),
  }
}
