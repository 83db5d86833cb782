import { getAddress } from 'ethers'
import { type Bytes32, type Hex, type Work, ZERO_32 } from '../../deposits/work.ts'
import type { DepositDocument } from '../../document/index.ts'
import { invalidInput, secondsOf, wordOf } from '../../input/input.ts'
import type { Reader } from '../database/database.ts'
import { askedWords, nameKey } from '../words.ts'
import { accountKey, dateOf, type Page, type PageOptions, paged, pageOf, type Where } from './page.ts'

const MEDIA = ['image', 'audio', 'video', 'text', 'data'] as const

/** What a work is, as its document says, or else its fingerprint. */
export type WorkMedia = (typeof MEDIA)[number]

/** Fingerprint algorithms of each medium. */
const TYPES: Record<WorkMedia, readonly number[]> = { image: [1, 5, 6], text: [2], audio: [3], video: [4], data: [0] }

/** A deposited work. */
export interface IndexedDeposit {
  id: Hex
  claimant: string
  /** Who holds the rights: the owner of the title, or the claimant while there is none. */
  rightsHolder: string
  work: Work
  media: WorkMedia
  /** What counts: the time of the seal or anchor where there was one. */
  depositedAt: Date
  record: { transaction: Hex; block: number; time: Date }
  /** Whether a title was minted. */
  hasTitle: boolean
  /** Whether a ruling refuted the deposit. */
  isRefuted: boolean
  /** From the document; undefined while that is missing. */
  title: string | undefined
  document: DepositDocument | undefined
  /** `'none'` if the deposit names no document, `'missing'` while it was not found, `'invalid'` if it is no deposit document. */
  documentState: 'none' | 'missing' | 'found' | 'invalid'
}

export interface WorksQuery extends PageOptions {
  /** Account that deposited. */
  claimant?: string
  /** Account that holds the rights now. */
  rightsHolder?: string
  /** Name of a creator, as the document has it, whatever its case. */
  creator?: string
  media?: WorkMedia
  /** Deposited at this time or later. */
  from?: Date | number
  /** Deposited before this time. */
  until?: Date | number
  /** SHA-256 of the file. */
  contentHash?: Bytes32
  /** Words of the title, all of them; the last may be the beginning of one. */
  text?: string
}

interface WorkRow {
  block: number
  log_index: number
  id: string
  claimant: string
  content_hash: string
  fingerprint: string
  fingerprint_type: number
  metadata: string
  salt: string
  deposited_at: number
  recorded_at: number
  transaction_hash: string
  owner: string | null
  refuted: number | null
  state: string | null
  title: string | null
  media: string | null
  document: string | null
}

const OWNER = '(SELECT o.owner FROM title_owners o WHERE o.work = w.id ORDER BY o.block DESC, o.log_index DESC LIMIT 1)'
const SELECT = `SELECT w.*, e.transaction_hash, ${OWNER} AS owner,
  (SELECT MIN(m.value) FROM title_marks m WHERE m.work = w.id AND m.mark = 'refuted') AS refuted, d.state, d.title, d.media, d.document
  FROM works w JOIN events e ON e.block = w.block AND e.log_index = w.log_index LEFT JOIN documents d ON d.metadata = w.metadata`

/** Works that fit a query. @throws INVALID_INPUT naming the field */
export async function listWorks(reader: Reader, query: WorksQuery): Promise<Page<IndexedDeposit>> {
  const where: Where = { clauses: [], values: [] }
  const add = (clause: string, ...values: (string | number)[]): void => {
    where.clauses.push(clause)
    where.values.push(...values)
  }
  if (query.claimant !== undefined) add('w.claimant = ?', accountKey('claimant', query.claimant))
  if (query.rightsHolder !== undefined) {
    const holder = accountKey('rightsHolder', query.rightsHolder)
    // Titles that it ever had, and deposits without one; of these what is its own now.
    add(
      `(w.id IN (SELECT o.work FROM title_owners o WHERE o.owner = ?) OR (w.claimant = ? AND NOT EXISTS (SELECT 1 FROM title_owners o WHERE o.work = w.id)))
       AND COALESCE(${OWNER}, w.claimant) = ?`,
      holder,
      holder,
      holder,
    )
  }
  if (query.creator !== undefined) {
    const name = nameKey(textOf('creator', query.creator))
    add('w.metadata IN (SELECT c.metadata FROM creators c WHERE c.name = ?)', name)
  }
  if (query.media !== undefined) {
    if (!MEDIA.includes(query.media)) throw invalidInput('media', query.media, `one of ${MEDIA.join(', ')}`)
    const types = TYPES[query.media]
    add(`(d.media = ? OR (d.media IS NULL AND w.fingerprint_type IN (${types.map(() => '?').join(', ')})))`, query.media, ...types)
  }
  if (query.from !== undefined) add('w.deposited_at >= ?', secondsOf('from', query.from))
  if (query.until !== undefined) add('w.deposited_at < ?', secondsOf('until', query.until))
  if (query.contentHash !== undefined) add('w.content_hash = ?', wordOf('contentHash', query.contentHash))
  if (query.text !== undefined) {
    const words = askedWords(textOf('text', query.text))
    if (words.length === 0) throw invalidInput('text', query.text, 'at least one letter or digit')
    for (const [index, word] of words.entries()) {
      if (index < words.length - 1) add('w.metadata IN (SELECT t.metadata FROM words t WHERE t.word = ?)', word)
      else add('w.metadata IN (SELECT t.metadata FROM words t WHERE t.word >= ? AND t.word < ?)', word, `${word}\u{10ffff}`)
    }
  }
  const { sql, values, limit } = paged('w', where, query)
  return pageOf(await reader.all<WorkRow>(`${SELECT} ${sql}`, values), limit, workOfRow)
}

/** The deposit with this id, or undefined. */
export async function findWork(reader: Reader, id: Bytes32): Promise<IndexedDeposit | undefined> {
  const [row] = await reader.all<WorkRow>(`${SELECT} WHERE w.id = ?`, [wordOf('id', id)])
  return row === undefined ? undefined : workOfRow(row)
}

function workOfRow(row: WorkRow): IndexedDeposit {
  const claimant = getAddress(row.claimant)
  const found = row.document === null ? undefined : (JSON.parse(row.document) as DepositDocument)
  return {
    id: row.id as Hex,
    claimant,
    rightsHolder: row.owner === null ? claimant : getAddress(row.owner),
    work: {
      contentHash: row.content_hash as Hex,
      fingerprint: row.fingerprint as Hex,
      fingerprintType: row.fingerprint_type,
      metadata: row.metadata as Hex,
      salt: row.salt as Hex,
    },
    media: (row.media as WorkMedia | null) ?? MEDIA.find((medium) => TYPES[medium].includes(row.fingerprint_type)) ?? 'data',
    depositedAt: dateOf(row.deposited_at),
    record: { transaction: row.transaction_hash as Hex, block: row.block, time: dateOf(row.recorded_at) },
    hasTitle: row.owner !== null,
    isRefuted: row.refuted !== null,
    title: row.title ?? undefined,
    document: found,
    documentState: row.metadata === ZERO_32 ? 'none' : row.state === 'found' ? 'found' : row.state === 'invalid' ? 'invalid' : 'missing',
  }
}

function textOf(field: string, text: string): string {
  if (typeof text !== 'string' || text.length > 1_000) throw invalidInput(field, text, 'at most 1,000 characters')
  return text
}
