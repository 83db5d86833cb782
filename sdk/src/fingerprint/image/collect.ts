import { ColophonError } from '../../errors/base.ts'

/** Most pixels of a picture, and most bytes of its file, where the caller sets no other limit. */
export const MOST_PIXELS = 100_000_000
export const MOST_BYTES: number = 256 * 1024 * 1024

/**
 * All bytes of a picture's file, which has to be decoded at once.
 *
 * @throws ColophonError `SOURCE_TOO_LARGE`
 */
export async function collect(
  chunks: AsyncIterable<Uint8Array>,
  limit: number,
  name: string | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.length
    if (size > limit) {
      throw new ColophonError('SOURCE_TOO_LARGE', `The picture's file has more than ${limit} bytes.`, {
        hint: 'Raise maxBytes if the machine has the memory, or take it as media: "data".',
        details: { name, limit },
      })
    }
    parts.push(chunk)
  }
  const all = new Uint8Array(size)
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
