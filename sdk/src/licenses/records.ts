import { ZeroAddress } from 'ethers'
import { type BoundContract, bindContract } from '../client/bound.ts'
import type { Connection } from '../client/connection.ts'
import { logsOf, type SearchOptions, tokensOf } from '../client/tokens.ts'
import { CopyrightTitle__factory } from '../contracts/generated/CopyrightTitle.ts'
import { LicenseToken__factory } from '../contracts/generated/LicenseToken.ts'
import { RevenueSplitter__factory } from '../contracts/generated/RevenueSplitter.ts'
import type { LicenseToken, LicenseTokenInterface } from '../contracts/generated/types/LicenseToken.ts'
import type { Bytes32, Hex } from '../deposits/work.ts'
import { wordOf } from '../input/index.ts'
import {
  type Channel,
  channelNumber,
  decodeUse,
  encodeUse,
  type Territory,
  territoryNumber,
  type UseRead,
  type UseTerms,
} from '../terms/index.ts'

/** A license as the chain has it. */
export interface LicenseRecord extends UseRead {
  licenseId: Hex
  workId: Hex
  owner: string
  start: Date
  /** First second at which it is no longer in force; undefined for a license without end. */
  until: Date | undefined
  renewable: boolean
  /** Whether it was issued under an agreement rather than sold by an offer. */
  underAgreement: boolean
  /** Not expired, not ended, not suspended. */
  inForce: boolean
}

/** Where a work is to be used. */
export interface Place {
  territory: Territory
  channel: Channel
}

export interface LicenseReads {
  /** The license with this id, or undefined. */
  get(licenseId: Bytes32 | bigint): Promise<LicenseRecord | undefined>
  /** Whether the license's owner may, now, use the work in this territory and channel. False for what is no license. */
  isActive(licenseId: Bytes32 | bigint, place: Place): Promise<boolean>
  /** Whether a license of these rights and territories could begin now beside all that was sold. */
  isAvailable(workId: Bytes32, terms: Pick<UseTerms, 'rights' | 'territories' | 'exclusive'>): Promise<boolean>
  /** The licenses that an account owns now, in force or not, in the order in which it got them. */
  listByHolder(holder: string, options?: SearchOptions): Promise<LicenseRecord[]>
  /** The licenses of a work, in the order in which they were sold or issued. */
  listByWork(workId: Bytes32, options?: SearchOptions): Promise<LicenseRecord[]>
  /** What became of an offer. */
  offerState(offerId: Bytes32): Promise<{ sold: number; opened: boolean; cancelled: boolean }>
}

export type LicenseContract = BoundContract<LicenseTokenInterface, LicenseToken>

export function bindLicenses(connection: Connection): LicenseContract {
  return bindContract(connection, 'LicenseToken', LicenseToken__factory, [CopyrightTitle__factory, RevenueSplitter__factory])
}

/** Ends of licenses without one. */
const NEVER = 2n ** 40n - 1n

export function createLicenseReads(licenses: LicenseContract): LicenseReads {
  async function get(given: Bytes32 | bigint): Promise<LicenseRecord | undefined> {
    const licenseId = wordOf('licenseId', given)
    return await licenses.read('reading a license', async (contract) => {
      const owner = await contract.ownerOf(licenseId).catch((fault: { data?: string }) => {
        if (fault.data?.startsWith(licenses.face().getError('ERC721NonexistentToken')!.selector) === true) return ZeroAddress
        throw fault
      })
      if (owner === ZeroAddress) return undefined
      const [license, inForce] = await Promise.all([contract.licenseOf(licenseId), contract.isInForce(licenseId)])
      return {
        licenseId,
        workId: wordOf('workId', license.workId),
        owner,
        start: new Date(Number(license.start) * 1000),
        until: license.until === NEVER ? undefined : new Date(Number(license.until) * 1000),
        renewable: license.renewable,
        underAgreement: license.underAgreement,
        inForce,
        ...decodeUse({
          duration: Number(license.duration),
          exclusive: license.exclusive,
          territories: Number(license.territories),
          channels: Number(license.channels),
          rights: Number(license.rights),
          transferable: license.transferable,
          resaleBps: Number(license.resaleBps),
          derivativeBps: Number(license.derivativeBps),
        }),
      }
    })
  }

  const records = async (ids: readonly Hex[]): Promise<LicenseRecord[]> =>
    (await Promise.all(ids.map(get))).filter((found) => found !== undefined)

  return {
    get,

    async isActive(licenseId, { territory, channel }) {
      const place = [territoryNumber(territory), channelNumber(channel)] as const
      return await licenses.read('asking whether a license is active', (contract) =>
        contract.isActive(wordOf('licenseId', licenseId), ...place),
      )
    },

    async isAvailable(workId, terms) {
      const { rights, territories, exclusive } = encodeUse({ ...terms, duration: 'forever' })
      return await licenses.read('asking the calendar', (contract) =>
        contract.isAvailable(wordOf('workId', workId), rights, territories, exclusive),
      )
    },

    listByHolder: async (holder, options = {}) => await records(await tokensOf(licenses, holder, options)),

    async listByWork(workId, options = {}) {
      const events = ['LicenseAcquired', 'LicenseIssued'] as const
      const topics = [events.map((event) => licenses.face().getEvent(event).topicHash), null, wordOf('workId', workId)]
      const ids: Hex[] = []
      for await (const log of logsOf(licenses, topics, options)) ids.push(log.topics[1] as Hex)
      return await records(ids)
    },

    async offerState(offerId) {
      const { sold, opened, cancelled } = await licenses.read('reading an offer', (contract) =>
        contract.offerStateOf(wordOf('offerId', offerId)),
      )
      return { sold: Number(sold), opened, cancelled }
    },
  }
}
