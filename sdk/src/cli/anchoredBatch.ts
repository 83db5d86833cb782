import type { AnchorRecord } from '../deposits/records.ts'
import { counted, facts, moment, short, table } from './layout.ts'
import type { Session } from './session.ts'

/** A batch that is anchored, as both forms of it are told. */
export interface AnchoredBatch {
  anchor: AnchorRecord
  count: number
  alreadyDone: boolean
  /** Where what was made is, and under which name. */
  made: readonly (readonly [name: string, value: string])[]
  /** Lines on what is no part of it. */
  leftOut: readonly string[]
  /** What can be done next. */
  next: string
}

export function anchoredText({ terminal, verbose }: Session, { anchor, count, alreadyDone, made, leftOut, next }: AnchoredBatch): string {
  const works = counted(count, 'work')
  return [
    `${terminal.mark('ok')} ${alreadyDone ? `This batch was finished before: ${works}; nothing was sent.` : `Anchored ${works} with one transaction.`}`,
    '',
    facts([
      ['root', short(anchor.root, verbose)],
      ['good from', moment(anchor.time)],
      ['transaction', short(anchor.transaction, verbose)],
      ...made,
    ]),
    ...leftOut,
    '',
    `  ${next}`,
  ].join('\n')
}

/** Lines on files that were refused, each with why; the first ten unless `verbose`. */
export function refusedLines({ terminal, verbose }: Session, refused: readonly (readonly [file: string, why: string])[]): string[] {
  if (refused.length === 0) return []
  const shown = verbose ? refused : refused.slice(0, 10)
  return [
    '',
    `  ${terminal.style('yellow', `${counted(refused.length, 'file')} left out:`)}`,
    table(shown),
    ...(shown.length < refused.length ? [`  and ${refused.length - shown.length} more (--verbose)`] : []),
  ]
}
