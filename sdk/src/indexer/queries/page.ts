import { addressOf } from '../../deposits/work.ts'
import { invalidInput } from '../../input/input.ts'
import type { Value } from '../database/database.ts'

/** One page of a list. */
export interface Page<Item> {
  items: Item[]
  /** Where the next page begins; undefined on the last one. */
  next: string | undefined
}

export interface PageOptions {
  /** Most items; 50 by default, 500 at most. */
  limit?: number
  /** Where the page begins: `next` of the page before. */
  cursor?: string
  /** Newest first by default. */
  order?: 'newest' | 'oldest'
}

export const MOST_ITEMS = 500
const DEFAULT_ITEMS = 50

/** Conditions of a query, with their values in the order of the question marks. */
export interface Where {
  clauses: string[]
  values: Value[]
}

/** A query's end: what was asked, the cursor, the order and the limit; rows have `block` and `log_index` of the table `alias`. */
export function paged(alias: string, where: Where, options: PageOptions): { sql: string; values: Value[]; limit: number } {
  const { limit = DEFAULT_ITEMS, cursor, order = 'newest' } = options
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST_ITEMS)
    throw invalidInput('limit', limit, `a whole number from 1 to ${MOST_ITEMS}`)
  if (order !== 'newest' && order !== 'oldest') throw invalidInput('order', order, "'newest' or 'oldest'")
  const clauses = [...where.clauses]
  const values = [...where.values]
  if (cursor !== undefined) {
    const [, block, index] = /^(\d{1,15})-(\d{1,15})$/.exec(cursor) ?? []
    if (block === undefined) throw invalidInput('cursor', cursor, 'what the page before has as next')
    const than = order === 'newest' ? '<' : '>'
    clauses.push(`(${alias}.block ${than} ? OR (${alias}.block = ? AND ${alias}.log_index ${than} ?))`)
    values.push(Number(block), Number(block), Number(index))
  }
  const direction = order === 'newest' ? 'DESC' : 'ASC'
  return {
    sql: `${clauses.length === 0 ? '' : `WHERE ${clauses.join(' AND ')} `}ORDER BY ${alias}.block ${direction}, ${alias}.log_index ${direction} LIMIT ?`,
    values: [...values, limit + 1],
    limit,
  }
}

/** The page of the rows found, which are one more than asked for if there is a next page. */
export function pageOf<Found extends { block: number; log_index: number }, Item>(
  rows: readonly Found[],
  limit: number,
  read: (row: Found) => Item,
): Page<Item> {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return { items: shown.map(read), next: rows.length > limit && last !== undefined ? `${last.block}-${last.log_index}` : undefined }
}

/** An account as the index has it. */
export function accountKey(field: string, account: string): string {
  return addressOf(field, account).toLowerCase()
}

/** Seconds since 1970 as a date. */
export function dateOf(seconds: number): Date {
  return new Date(seconds * 1000)
}
