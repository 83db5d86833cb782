import { ZeroHash } from 'ethers'
import { eventIn, type Mined, minedAt } from '../client/mined.ts'
import type { SearchOptions } from '../client/tokens.ts'
import type { Write } from '../client/write.ts'
import type { RevenueSplitterInterface } from '../contracts/generated/types/RevenueSplitter.ts'
import { type Currency, currencyAddress, currencyNamed, type Money } from '../currency/index.ts'
import { addressOf, type Bytes32, type Hex } from '../deposits/work.ts'
import { ColophonError } from '../errors/base.ts'
import { idText, partsOf, wordOf } from '../input/index.ts'
import { bindTitle } from '../titles/client.ts'
import { GRAINS, type SplitterContract, splitterEvents } from './balances.ts'

/** A work that is owed a share of another's revenue. */
export interface Ancestor {
  workId: Hex
  /** Of the gross revenue. */
  percent: number
}

/** A parent of a derivative, as it is registered. */
export interface ParentInput {
  workId: Bytes32
  percent: number
  /** Who agreed for it: its rights holder, the default, or the contract that sold the license to adapt. */
  grantor?: string
}

export interface DerivativeWrites {
  /**
   * Agrees that a work be registered as derived from one of the signer's, for a share of its revenue.
   * @throws NOT_RIGHTS_HOLDER, REVENUE_NOT_RIGHTS_HOLDER, INVALID_SHARE
   */
  grantDerivative: Write<
    { parent: Bytes32; child: Bytes32; percent: number },
    { parent: Hex; child: Hex; percent: number } & Mined,
    { parent: Hex; child: Hex }
  >
  /**
   * Takes the signer's agreement back before it is used.
   * @throws GRANT_MISSING
   */
  revokeDerivative: Write<{ parent: Bytes32; child: Bytes32 }, { parent: Hex; child: Hex } & Mined, { parent: Hex; child: Hex }>
  /**
   * Registers one of the signer's works as derived from others, once and for ever. Lineages of the parents are found in the events.
   * @throws GRANT_MISSING, LINEAGE_TOO_DEAR, LINEAGE_TOO_LONG, INVALID_PARENTS
   */
  registerDerivative: Write<
    { child: Bytes32; parents: readonly ParentInput[] },
    { child: Hex; lineage: Ancestor[] } & Mined,
    { child: Hex }
  >
  /**
   * Moves what an ancestor is owed of a derivative's revenue into the ancestor's own. Anybody may.
   * @throws NOT_ANCESTOR, NOTHING_DUE
   */
  sweep: Write<
    { child: Bytes32; ancestor: Bytes32; currency?: Currency },
    { ancestor: Hex; child: Hex; moved: Money } & Mined,
    { moved: Money }
  >
  /** What `sweep` would move, and the ancestor's share. */
  royaltyOf(child: Bytes32, ancestor: Bytes32, currency?: Currency): Promise<{ percent: number; unswept: Money }>
  /** Every work that is owed a share of this one's revenue; none for a work that is no derivative. */
  lineageOf(workId: Bytes32, options?: SearchOptions): Promise<Ancestor[]>
}

const WHOLE = 1_000_000

/** Writes about works that are derived from others. */
export function createDerivativeWrites(splitter: SplitterContract): DerivativeWrites {
  const { connection } = splitter
  const face = (): RevenueSplitterInterface => splitter.face()
  const place = (mined: Parameters<typeof minedAt>[1]): Promise<Mined> => minedAt(connection.provider, mined)

  /** The lineage as it was registered. */
  async function registered(workId: Hex, options: SearchOptions = {}): Promise<{ workId: bigint; share: bigint }[]> {
    const { lineage } = await splitter.read('reading a lineage', (contract) => contract.lineageOf(workId))
    if (lineage === ZeroHash) return []
    for await (const event of splitterEvents(splitter, ['DerivativeRegistered'], [workId], options))
      return event.args.lineage.map((each: { workId: bigint; share: bigint }) => ({ workId: each.workId, share: each.share }))
    throw new ColophonError('EVENT_MISSING', `The RPC does not have the event of the registration of ${workId}.`, {
      hint: 'Use an RPC that keeps the logs of old blocks.',
      details: { workId },
    })
  }

  const ancestorsOf = (lineage: readonly { workId: bigint; share: bigint }[]): Ancestor[] =>
    lineage.map(({ workId, share }) => ({ workId: idText(workId), percent: (Number(share) * 100) / WHOLE }))

  return {
    grantDerivative: splitter.write({
      action: 'agreeing to the derivative',
      encode: ({ parent, child, percent }) =>
        face().encodeFunctionData('grantDerivative', [
          wordOf('parent', parent),
          wordOf('child', child),
          partsOf('percent', percent, WHOLE),
        ]),
      preview: (_, { parent, child }) => ({ parent: wordOf('parent', parent), child: wordOf('child', child) }),
      result: async (mined, { parent, child, percent }) => ({
        parent: wordOf('parent', parent),
        child: wordOf('child', child),
        percent,
        ...(await place(mined)),
      }),
    }),

    revokeDerivative: splitter.write({
      action: 'taking back the agreement to the derivative',
      encode: ({ parent, child }) => face().encodeFunctionData('revokeDerivative', [wordOf('parent', parent), wordOf('child', child)]),
      preview: (_, { parent, child }) => ({ parent: wordOf('parent', parent), child: wordOf('child', child) }),
      result: async (mined, { parent, child }) => ({
        parent: wordOf('parent', parent),
        child: wordOf('child', child),
        ...(await place(mined)),
      }),
    }),

    registerDerivative: splitter.write({
      action: 'registering the derivative',
      encode: async ({ child, parents }) => {
        const titles = bindTitle(connection)
        const found = await Promise.all(
          parents.map(async ({ workId, percent, grantor }) => {
            const parent = wordOf('workId', workId)
            const holder =
              grantor === undefined
                ? await titles.read('asking for the rights holder', (contract) => contract.rightsHolderOf(parent))
                : addressOf('grantor', grantor)
            return { parent, share: partsOf('percent', percent, WHOLE), grantor: holder, lineage: await registered(parent) }
          }),
        )
        found.sort((a, b) => (a.parent < b.parent ? -1 : 1))
        return face().encodeFunctionData('registerDerivative', [wordOf('child', child), found, found.map(({ lineage }) => lineage)])
      },
      preview: (_, { child }) => ({ child: wordOf('child', child) }),
      result: async (mined, { child }, { address }) => ({
        child: wordOf('child', child),
        lineage: ancestorsOf(eventIn(mined, address, face(), 'DerivativeRegistered').args.lineage),
        ...(await place(mined)),
      }),
    }),

    sweep: splitter.write({
      action: 'sweeping the royalty',
      encode: ({ child, ancestor, currency }) =>
        face().encodeFunctionData('sweep', [wordOf('child', child), wordOf('ancestor', ancestor), currencyAddress(currency)]),
      preview: (returned, { currency }) => ({
        moved: { amount: face().decodeFunctionResult('sweep', returned)[0] / GRAINS, currency: currencyNamed(currencyAddress(currency)) },
      }),
      result: async (mined, _, { address }) => {
        const { ancestor, child, currency, grains } = eventIn(mined, address, face(), 'Swept').args
        const moved = { amount: grains / GRAINS, currency: currencyNamed(currency) }
        return { ancestor: idText(ancestor), child: idText(child), moved, ...(await place(mined)) }
      },
    }),

    async royaltyOf(child, ancestor, currency) {
      const address = currencyAddress(currency)
      const ids = [wordOf('child', child), wordOf('ancestor', ancestor)] as const
      const { share, grains } = await splitter.read('reading a royalty', (contract) => contract.royaltyOf(...ids, address))
      return { percent: (Number(share) * 100) / WHOLE, unswept: { amount: grains / GRAINS, currency: currencyNamed(address) } }
    },

    lineageOf: async (workId, options) => ancestorsOf(await registered(wordOf('workId', workId), options)),
  }
}
