import { ZeroAddress } from 'ethers'
import { type BoundContract, bindContract } from '../client/bound.ts'
import { type Connection, type ConnectionOptions, createConnection } from '../client/connection.ts'
import { eventIn, type Mined, minedAt } from '../client/mined.ts'
import { type SearchOptions, tokensOf } from '../client/tokens.ts'
import type { Write } from '../client/write.ts'
import { CopyrightTitle__factory } from '../contracts/generated/CopyrightTitle.ts'
import { RevenueSplitter__factory } from '../contracts/generated/RevenueSplitter.ts'
import type { CopyrightTitle, CopyrightTitleInterface } from '../contracts/generated/types/CopyrightTitle.ts'
import { addressOf, type Bytes32, type Hex } from '../deposits/work.ts'
import { ColophonError } from '../errors/base.ts'
import { partsOf, wordOf } from '../input/index.ts'

/** How the rights in a deposited work stand. */
export interface TitleRecord {
  workId: Hex
  /** The title's owner, or the claimant while there is no title. */
  rightsHolder: string
  /** Whether there is a title. */
  minted: boolean
  /** How often the title changed hands or its offers were withdrawn; offers name it. */
  epoch: number
  /** Of later sales of the title, what the claimant gets. */
  royaltyPercent: number
  /** Until when the title cannot be transferred; undefined if it is not frozen now. */
  frozenUntil: Date | undefined
  /** Whether a ruling found that the claimant had no right in the work. */
  refuted: boolean
}

export interface Titles {
  /**
   * Mints the title of the signer's deposit.
   * @throws NOT_CLAIMANT, ROYALTY_TOO_HIGH above 10 %, WORK_REFUTED, TOKEN_EXISTS
   */
  mint: Write<{ workId: Bytes32; royaltyPercent?: number }, { workId: Hex; owner: string; royaltyPercent: number } & Mined, { workId: Hex }>
  /**
   * Lowers the royalty; only the claimant, and never up.
   * @throws NOT_CLAIMANT, ROYALTY_TOO_HIGH
   */
  lowerRoyalty: Write<{ workId: Bytes32; royaltyPercent: number }, { workId: Hex; royaltyPercent: number } & Mined, { workId: Hex }>
  /**
   * Sends the title to another account, which holds the rights from then on: offers of the work die, its split ends.
   * @throws TOKEN_NOT_APPROVED, TITLE_FROZEN, TOKEN_NOT_FOUND
   */
  transfer: Write<{ workId: Bytes32; to: string }, { workId: Hex; to: string } & Mined, { workId: Hex }>
  /**
   * Withdraws every offer of the work that was made until now, signed or opened.
   * @throws NOT_RIGHTS_HOLDER
   */
  withdrawOffers: Write<{ workId: Bytes32 }, { workId: Hex; epoch: number } & Mined, { epoch: number }>
  /** How the rights in a work stand, or undefined if there is no such deposit. */
  get(workId: Bytes32): Promise<TitleRecord | undefined>
  /** Who holds the rights in a work: its title's owner, else its claimant; undefined if there is no such deposit. */
  rightsHolderOf(workId: Bytes32): Promise<string | undefined>
  /** Ids of the titles that an account owns now, from the events. */
  listByOwner(owner: string, options?: SearchOptions): Promise<Hex[]>
}

/** A titles client of its own. */
export function createTitles(options: ConnectionOptions): Titles {
  return createTitlesOn(createConnection(options))
}

export type TitleContract = BoundContract<CopyrightTitleInterface, CopyrightTitle>

export function bindTitle(connection: Connection): TitleContract {
  return bindContract(connection, 'CopyrightTitle', CopyrightTitle__factory, [RevenueSplitter__factory])
}

const BPS = 10_000

/** A titles client on a connection that others share. */
export function createTitlesOn(connection: Connection): Titles {
  const titles = bindTitle(connection)
  const face = (): CopyrightTitleInterface => titles.face()

  async function rightsHolderOf(workId: Bytes32): Promise<string | undefined> {
    const id = wordOf('workId', workId)
    const holder = await titles.read('asking for the rights holder', (contract) => contract.rightsHolderOf(id))
    return holder === ZeroAddress ? undefined : holder
  }

  return {
    mint: titles.write({
      action: 'minting the title',
      encode: ({ workId, royaltyPercent = 0 }) =>
        face().encodeFunctionData('mint', [wordOf('workId', workId), partsOf('royaltyPercent', royaltyPercent, BPS)]),
      preview: (_, { workId }) => ({ workId: wordOf('workId', workId) }),
      result: async (mined, { workId }, { address }) => {
        const { claimant, royaltyBps } = eventIn(mined, address, face(), 'TitleMinted').args
        const place = await minedAt(connection.provider, mined)
        return { workId: wordOf('workId', workId), owner: claimant, royaltyPercent: Number(royaltyBps) / 100, ...place }
      },
    }),

    lowerRoyalty: titles.write({
      action: 'lowering the royalty',
      encode: ({ workId, royaltyPercent }) =>
        face().encodeFunctionData('lowerRoyalty', [wordOf('workId', workId), partsOf('royaltyPercent', royaltyPercent, BPS)]),
      preview: (_, { workId }) => ({ workId: wordOf('workId', workId) }),
      result: async (mined, { workId }, { address }) => {
        const { royaltyBps } = eventIn(mined, address, face(), 'RoyaltyLowered').args
        return {
          workId: wordOf('workId', workId),
          royaltyPercent: Number(royaltyBps) / 100,
          ...(await minedAt(connection.provider, mined)),
        }
      },
    }),

    transfer: titles.write({
      action: 'transferring the title',
      encode: ({ workId, to }, { from }) =>
        face().encodeFunctionData('safeTransferFrom(address,address,uint256)', [from, recipientOf(to), wordOf('workId', workId)]),
      preview: (_, { workId }) => ({ workId: wordOf('workId', workId) }),
      result: async (mined, { workId, to }) => ({
        workId: wordOf('workId', workId),
        to: recipientOf(to),
        ...(await minedAt(connection.provider, mined)),
      }),
    }),

    withdrawOffers: titles.write({
      action: 'withdrawing the offers',
      encode: ({ workId }) => face().encodeFunctionData('withdrawOffers', [wordOf('workId', workId)]),
      preview: (returned) => ({ epoch: Number(face().decodeFunctionResult('withdrawOffers', returned)[0]) }),
      result: async (mined, { workId }, { address }) => {
        const { epoch } = eventIn(mined, address, face(), 'EpochAdvanced').args
        return { workId: wordOf('workId', workId), epoch: Number(epoch), ...(await minedAt(connection.provider, mined)) }
      },
    }),

    rightsHolderOf,

    async get(workId) {
      const id = wordOf('workId', workId)
      return await titles.read('reading a title', async (contract) => {
        const [{ holder, epoch, refuted }, minted, frozenUntil, royaltyBps] = await Promise.all([
          contract.standingOf(id),
          contract.isMinted(id),
          contract.frozenUntil(id),
          contract.royaltyBpsOf(id),
        ])
        if (holder === ZeroAddress) return undefined
        return {
          workId: id,
          rightsHolder: holder,
          minted,
          epoch: Number(epoch),
          royaltyPercent: Number(royaltyBps) / 100,
          frozenUntil: frozenUntil === 0n ? undefined : new Date(Number(frozenUntil) * 1000),
          refuted,
        }
      })
    },

    listByOwner: (owner, options = {}) => tokensOf(titles, owner, options),
  }
}

/**
 * What a sale must know of a work.
 * @throws DEPOSIT_NOT_FOUND
 */
export async function standingOf(titles: TitleContract, workId: Hex): Promise<{ holder: string; epoch: number; refuted: boolean }> {
  const { holder, epoch, refuted } = await titles.read('asking for the rights holder', (contract) => contract.standingOf(workId))
  if (holder === ZeroAddress)
    throw new ColophonError('DEPOSIT_NOT_FOUND', `There is no deposit with id ${workId}.`, {
      hint: 'Deposit the work first, or check id and chain.',
      details: { id: workId },
    })
  return { holder, epoch: Number(epoch), refuted }
}

function recipientOf(to: string): string {
  return addressOf('to', to)
}
