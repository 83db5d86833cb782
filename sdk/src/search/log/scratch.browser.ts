import type { Scratch, ScratchFile } from '../keys/fileTable.ts'

/** Browsers have no folders: everything is in memory. */
export function scratchIn(_folder: string): Scratch | undefined {
  return undefined
}

export function keyFilesIn(_folder: string): { scratch: Scratch; open: (name: string) => ScratchFile } | undefined {
  return undefined
}

export function openKept(_folder: string): ((name: string) => ScratchFile) | undefined {
  return undefined
}
