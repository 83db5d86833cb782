import { stripVTControlCharacters } from 'node:util'

/** Name and value pairs in two aligned columns; pairs without a value are left out. */
export function facts(pairs: readonly (readonly [string, string | undefined])[]): string {
  const shown = pairs.filter((pair): pair is [string, string] => pair[1] !== undefined)
  const width = Math.max(0, ...shown.map(([name]) => name.length))
  return shown.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`).join('\n')
}

/** Rows in aligned columns; numbers to the right. */
export function table(rows: readonly (readonly string[])[], right: readonly number[] = []): string {
  const widths: number[] = []
  for (const row of rows) for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, visible(cell))
  return rows
    .map((row) =>
      row
        .map((cell, index) => {
          const space = ' '.repeat(widths[index]! - visible(cell))
          return right.includes(index) ? space + cell : index === row.length - 1 ? cell : cell + space
        })
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `  ${line}`)
    .join('\n')
}

function visible(text: string): number {
  return stripVTControlCharacters(text).length
}

/** Beginning and end of a hash, address or CID; whole when `verbose`. */
export function short(value: string, verbose = false): string {
  if (verbose || value.length <= 20) return value
  const head = value.startsWith('0x') ? 8 : value.startsWith('ISCC:') ? 17 : 9
  return `${value.slice(0, head)}…${value.slice(-6)}`
}

/** Seconds since 1970 as date and time of day, in UTC. */
export function moment(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

/** `1 work`, `1,000 works`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`
}
