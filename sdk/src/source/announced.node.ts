import { open } from 'node:fs/promises'

/** Bytes in which a file of ours names its type. */
const HEAD = 400

/** What a JSON file says of itself to be, e.g. `'colophon-deposit-receipt'`, whatever its name; undefined for all others. */
export async function announcedType(path: string): Promise<string | undefined> {
  const file = await open(path, 'r').catch(() => undefined)
  if (file === undefined) return undefined
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD), 0, HEAD, 0)
    return /^\s*\{[\s\S]*?"type"\s*:\s*"([^"]*)"/.exec(buffer.subarray(0, bytesRead).toString('utf8'))?.[1]
  } catch {
    return undefined
  } finally {
    await file.close()
  }
}
