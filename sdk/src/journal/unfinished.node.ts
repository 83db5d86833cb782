import { open, stat } from 'node:fs/promises'

/** Cuts off the last line of a journal if a dying process left it unfinished: nobody was told about it. No file is no fault. */
export async function cutUnfinished(path: string): Promise<void> {
  const facts = await stat(path).catch(() => undefined)
  if (facts === undefined || facts.size === 0) return
  const file = await open(path, 'r+')
  try {
    const piece = Buffer.alloc(65_536)
    for (let end = facts.size; end > 0; ) {
      const start = Math.max(0, end - piece.length)
      const { bytesRead } = await file.read(piece, 0, end - start, start)
      const newline = piece.subarray(0, bytesRead).lastIndexOf(0x0a)
      if (newline !== -1) {
        if (start + newline + 1 !== facts.size) await file.truncate(start + newline + 1)
        return
      }
      end = start
    }
    await file.truncate(0)
  } finally {
    await file.close()
  }
}
