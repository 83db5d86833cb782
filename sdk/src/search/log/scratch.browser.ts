import type { Scratch } from '../keys/fileTable.ts'

/** Browsers have no folders: everything is in memory. */
export function scratchIn(_folder: string): Scratch | undefined {
  return undefined
}
