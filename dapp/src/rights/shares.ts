/** A share that was typed, in parts per million; undefined if it is none: above nothing, at most the whole, four decimals of a percent at most. */
export function shareIn(text: string): number | undefined {
  const [, whole, decimals = ''] = /^(\d{1,3})(?:[.,](\d{1,4}))?$/.exec(text.trim()) ?? []
  if (whole === undefined) return undefined
  const parts = Number(whole) * 10_000 + Number(decimals.padEnd(4, '0'))
  return parts > 0 && parts <= WHOLE ? parts : undefined
}

/** All of it, in the parts that the contract counts. */
export const WHOLE = 1_000_000
export const MOST_PAYEES = 32

/** A share in percent, to its last digit. */
export function percentOf(parts: number): string {
  const [whole, decimals] = [
    Math.floor(parts / 10_000),
    String(parts % 10_000)
      .padStart(4, '0')
      .replace(/0+$/, ''),
  ]
  return decimals === '' ? String(whole) : `${whole}.${decimals}`
}

/** As many shares as there are payees, as equal as parts per million can be; the first have the parts that are left over. */
export function equalShares(count: number): string[] {
  const [each, left] = [Math.floor(WHOLE / count), WHOLE % count]
  return Array.from({ length: count }, (_, index) => percentOf(each + (index < left ? 1 : 0)))
}
