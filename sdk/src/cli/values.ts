import { InvalidArgumentError } from 'commander'
import type { Duration } from '../terms/index.ts'

/** Gathers an option that may be repeated, or given as a list with commas. */
export function several<Name extends string>(value: string, earlier: Name[] = []): Name[] {
  return [...earlier, ...(value.split(',').map((each) => each.trim()) as Name[])]
}

/** A percentage, e.g. `7.5`. */
export function percent(text: string): number {
  const value = Number(text.replace(/%$/, ''))
  if (text.trim() === '' || !(value >= 0 && value <= 100)) throw new InvalidArgumentError('It should be a percentage from 0 to 100.')
  return value
}

/** A date such as `2030-12-31` or `2030-12-31T12:00Z`. */
export function date(text: string): Date {
  const value = new Date(text)
  if (Number.isNaN(value.getTime())) throw new InvalidArgumentError('It should be a date, such as 2030-12-31 or 2030-12-31T12:00Z.')
  return value
}

/** A time span such as `90d`, `1y`, `12h`, or `forever`. */
export function span(text: string): Duration {
  if (text === 'forever') return 'forever'
  const [, count, unit] = /^(\d+(?:\.\d+)?)(y|d|h|s)$/.exec(text) ?? []
  if (unit === undefined) throw new InvalidArgumentError('It should be a time such as 1y, 90d, 12h, 30s, or forever.')
  return { [{ y: 'years', d: 'days', h: 'hours', s: 'seconds' }[unit]!]: Number(count) }
}

/** A whole number from 1. */
export function count(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It should be a whole number from 1.')
  return Number(text)
}
