import { randomBytes } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { ColophonError } from '../errors/base.ts'
import { xxh32 } from '../iscc/xxh32.ts'
import { keyBytes, type Records } from './records.node.ts'

/*
 * Keys of a batch, to find a work by its own: one float64 for each record, sorted, little-endian. Its upper 29 bits are the upper bits of the
 * key's xxh32, its lower 24 the number of the record; several records may have the same upper bits, so a key that was found is compared.
 */
const NUMBERS = 2 ** 24
const ENTRY = 8

function hashOf(key: string): number {
  return xxh32(keyBytes(key)) >>> 3
}

/**
 * Writes the index, there whole or not at all.
 * @throws INVALID_BATCH when two records have the same key
 */
export async function writeKeyIndex(path: string, records: Records): Promise<void> {
  const entries = new Float64Array(records.count)
  let index = 0
  for await (const { key } of records.scan()) {
    entries[index] = hashOf(key) * NUMBERS + index
    index++
  }
  entries.sort()
  for (let start = 0; start < entries.length; ) {
    let end = start + 1
    while (end < entries.length && Math.floor(entries[end]! / NUMBERS) === Math.floor(entries[start]! / NUMBERS)) end++
    if (end - start > 1) await checkDifferent(entries.subarray(start, end), records)
    start = end
  }
  const draft = `${path}.${randomBytes(6).toString('hex')}.tmp`
  try {
    const file = await open(draft, 'wx')
    try {
      await file.writeFile(new Uint8Array(entries.buffer))
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(draft, path)
  } catch (cause) {
    await rm(draft, { force: true })
    throw new ColophonError('OUTPUT_UNWRITABLE', `${path} cannot be written: ${(cause as Error).message}.`, {
      hint: 'Check permissions and free space.',
      details: { path },
      cause,
    })
  }
}

async function checkDifferent(entries: Float64Array, records: Records): Promise<void> {
  const seen = new Map<string, number>()
  for (const entry of entries) {
    const index = entry % NUMBERS
    const { key } = await records.read(index)
    const other = seen.get(key)
    if (other !== undefined)
      throw new ColophonError('INVALID_BATCH', `Works ${other} and ${index} have the same key.`, {
        hint: 'Give each work a key of its own.',
        details: { key, indices: [other, index] },
      })
    seen.set(key, index)
  }
}

/** Numbers of the records that may have a key, read from the disk by halving. */
export async function lookUpKey(path: string, key: string): Promise<number[]> {
  const wanted = hashOf(key)
  const file = await open(path, 'r')
  try {
    const count = Math.floor((await file.stat()).size / ENTRY)
    const at = async (index: number): Promise<number> => {
      const bytes = new Uint8Array(ENTRY)
      await file.read(bytes, 0, ENTRY, index * ENTRY)
      return new DataView(bytes.buffer).getFloat64(0, true)
    }
    let [low, high] = [0, count]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (Math.floor((await at(middle)) / NUMBERS) < wanted) low = middle + 1
      else high = middle
    }
    const found: number[] = []
    for (let index = low; index < count; index++) {
      const entry = await at(index)
      if (Math.floor(entry / NUMBERS) !== wanted) break
      found.push(entry % NUMBERS)
    }
    return found
  } finally {
    await file.close()
  }
}
