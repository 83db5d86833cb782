import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

export interface SnapshotComparison {
  /** JSON file of name → figure, under version control. */
  file: string
  figures: Record<string, number>
  unit: string
  /** How much a figure may grow unnoticed, as a share. */
  tolerance: number
  /** Write the figures instead of comparing them. */
  update: boolean
}

/** Prints what moved; false when something grew, appeared or vanished. */
export function compareSnapshot({ file, figures, unit, tolerance, update }: SnapshotComparison): boolean {
  if (update) {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, `${JSON.stringify(figures, null, 2)}\n`)
    console.log('Snapshot written; commit it with the change that moved it.')
    return true
  }
  const known = JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>
  const problems: string[] = []
  for (const name of new Set([...Object.keys(known), ...Object.keys(figures)])) {
    const before = known[name]
    const now = figures[name]
    if (before === undefined) problems.push(`${name} is new: ${now} ${unit}`)
    else if (now === undefined) problems.push(`${name} is gone`)
    else if (now > before * (1 + tolerance)) problems.push(`${name} grew from ${before} to ${now} ${unit}`)
    else if (now < before * (1 - tolerance))
      console.log(`${name} shrank from ${before} to ${now} ${unit}; npm run snapshots keeps the gain`)
  }
  for (const problem of problems) console.error(problem)
  if (problems.length > 0) console.error('If this is meant, run `npm run snapshots` and commit the result.')
  return problems.length === 0
}

/** One line of a table: the first cell to the left, the others to the right. */
export function row([first = '', ...others]: string[]): string {
  return first.padEnd(28) + others.map((cell) => cell.padStart(12)).join('')
}
