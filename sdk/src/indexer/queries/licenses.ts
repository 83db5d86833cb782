import { getAddress } from 'ethers'
import { type Bytes32, type Hex, ZERO_32 } from '../../deposits/work.ts'
import { wordOf } from '../../input/input.ts'
import { decodeUse, type UseRead } from '../../terms/index.ts'
import type { Reader } from '../database/database.ts'
import { accountKey, dateOf, type Page, type PageOptions, paged, pageOf, type Where } from './page.ts'

/** A license. */
export interface IndexedLicense extends UseRead {
  licenseId: Hex
  workId: Hex
  holder: string
  start: Date
  /** First second at which it is no longer in force: after renewals, or at its end before time; undefined for a license without end. */
  until: Date | undefined
  /** Agreement under which it was issued; undefined if it was sold by an offer. */
  agreementId: Hex | undefined
  /** Digest of the terms in words; undefined if there are none. */
  document: Hex | undefined
  /**
   * Whether it runs now, by its time. Whether an agreement that was breached suspends it only the chain can say: `licenses.isActive`.
   */
  isRunning: boolean
  block: number
}

export interface LicensesQuery extends PageOptions {
  /** Account that has the licenses now. */
  holder?: string
  workId?: Bytes32
  /** Only those that run now, by their time. */
  running?: boolean
}

interface LicenseRow {
  block: number
  log_index: number
  id: string
  work: string
  terms: string
  document: string
  agreement: string | null
  starts: number
  ends: number | null
  changed: number | null
  owner: string
}

const OWNER = '(SELECT o.owner FROM license_owners o WHERE o.license = l.id ORDER BY o.block DESC, o.log_index DESC LIMIT 1)'
const CHANGED = '(SELECT c.ends FROM license_changes c WHERE c.license = l.id ORDER BY c.block DESC, c.log_index DESC LIMIT 1)'
const bits = (terms: bigint, first: bigint, count: bigint): number => Number((terms >> first) & ((1n << count) - 1n))

/** Licenses that fit a query. @throws INVALID_INPUT naming the field */
export async function listLicenses(reader: Reader, query: LicensesQuery): Promise<Page<IndexedLicense>> {
  const where: Where = { clauses: [], values: [] }
  if (query.holder !== undefined) {
    const holder = accountKey('holder', query.holder)
    where.clauses.push(`l.id IN (SELECT o.license FROM license_owners o WHERE o.owner = ?) AND ${OWNER} = ?`)
    where.values.push(holder, holder)
  }
  if (query.workId !== undefined) {
    where.clauses.push('l.work = ?')
    where.values.push(wordOf('workId', query.workId))
  }
  const now = Math.floor(Date.now() / 1000)
  if (query.running === true) {
    // Without a change or an end of its own it runs for ever.
    where.clauses.push(`COALESCE(${CHANGED}, l.ends, ?) > ?`)
    where.values.push(Number.MAX_SAFE_INTEGER, now)
  }
  const { sql, values, limit } = paged('l', where, query)
  const rows = await reader.all<LicenseRow>(`SELECT l.*, ${OWNER} AS owner, ${CHANGED} AS changed FROM licenses l ${sql}`, values)
  return pageOf(rows, limit, (row) => licenseOfRow(row, now))
}

function licenseOfRow(row: LicenseRow, now: number): IndexedLicense {
  const terms = BigInt(row.terms)
  const ends = row.changed ?? row.ends
  return {
    licenseId: row.id as Hex,
    workId: row.work as Hex,
    holder: getAddress(row.owner),
    start: dateOf(row.starts),
    until: ends === null ? undefined : dateOf(ends),
    agreementId: row.agreement === null ? undefined : (row.agreement as Hex),
    document: row.document === ZERO_32 ? undefined : (row.document as Hex),
    isRunning: ends === null || ends > now,
    block: row.block,
    ...decodeUse({
      duration: bits(terms, 120n, 40n),
      rights: bits(terms, 160n, 8n),
      territories: bits(terms, 168n, 16n),
      channels: bits(terms, 184n, 16n),
      resaleBps: bits(terms, 200n, 16n),
      derivativeBps: bits(terms, 216n, 16n),
      exclusive: bits(terms, 232n, 1n) === 1,
      transferable: bits(terms, 233n, 1n) === 1,
    }),
  }
}
