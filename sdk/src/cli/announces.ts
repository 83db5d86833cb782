import { open } from 'node:fs/promises'

/** Bytes in which a file of ours names its type. */
const HEAD = 400

/** Whether a file says of itself that it is of this type, e.g. `'colophon-deposit-receipt'`, whatever its name. */
export async function announces(path: string, type: string): Promise<boolean> {
  const file = await open(path, 'r').catch(() => undefined)
  if (file === undefined) return false
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD), 0, HEAD, 0)
    const said = /^\s*\{[\s\S]*?"type"\s*:\s*"([^"]*)"/.exec(buffer.subarray(0, bytesRead).toString('utf8'))
    return said?.[1] === type
  } catch {
    return false
  } finally {
    await file.close()
  }
}
