import { createReadStream } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { BatchItem } from '../batch/index.ts'
import { type WorkFields, workOf } from '../deposits/work.ts'
import type { WorkDescription } from '../document/index.ts'
import { ColophonError } from '../errors/base.ts'

/** A line of a catalogue: facts that are known, or the file to take them from. */
type CatalogueLine = { key: string; file: string; description?: Partial<WorkDescription> } | ({ key: string } & WorkFields)

const FACTS: readonly string[] = ['contentHash', 'fingerprint', 'fingerprintType', 'metadata', 'salt']
const OF_FILE: readonly string[] = ['file', 'description']

/**
 * Looks through a catalogue: JSON Lines, one work each.
 * @returns how many works it has, and whether any of them is to be read from a file
 * @throws CATALOGUE_INVALID, SOURCE_NOT_FOUND, SOURCE_NOT_READABLE
 */
export async function checkCatalogue(path: string, signal: AbortSignal): Promise<{ count: number; hasFiles: boolean }> {
  let count = 0
  let hasFiles = false
  for await (const line of linesOf(path)) {
    if (++count % 1000 === 0) signal.throwIfAborted()
    hasFiles ||= 'file' in line
  }
  return { count, hasFiles }
}

/**
 * The works of a catalogue. Files are relative to the catalogue.
 * @throws as `checkCatalogue`, and what `describe` throws
 */
export async function* itemsOfCatalogue(
  path: string,
  describe: ((known: Partial<WorkDescription>, file: string) => WorkDescription) | undefined,
): AsyncGenerator<BatchItem> {
  const folder = dirname(resolve(path))
  for await (const line of linesOf(path)) {
    if (!('file' in line)) {
      const { key, ...work } = line
      yield { key, work }
      continue
    }
    const { key, file, description = {} } = line
    yield { key, file: resolve(folder, file), ...(describe && { description: describe(description, file) }) }
  }
}

async function* linesOf(path: string): AsyncGenerator<CatalogueLine> {
  let number = 0
  try {
    for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
      number++
      if (text.trim() !== '') yield parse(path, number, text)
    }
  } catch (cause) {
    if (cause instanceof ColophonError || !isFileFault(cause)) throw cause
    throw new ColophonError(
      cause.code === 'ENOENT' ? 'SOURCE_NOT_FOUND' : 'SOURCE_NOT_READABLE',
      `${path} cannot be read: ${cause.message}.`,
      {
        hint: 'Check the path and its permissions.',
        details: { path },
        cause,
      },
    )
  }
}

function isFileFault(fault: unknown): fault is NodeJS.ErrnoException {
  return fault instanceof Error && 'syscall' in fault
}

function parse(path: string, number: number, text: string): CatalogueLine {
  const refuse = (why: string, cause?: unknown): never => {
    throw new ColophonError('CATALOGUE_INVALID', `Line ${number} of ${path} is no work: ${why}.`, {
      hint: 'Each line is {"key", "contentHash", "fingerprint"?, "fingerprintType"?, "metadata"?, "salt"?} or {"key", "file", "description"?}.',
      details: { path, line: number },
      cause,
    })
  }
  let line: Record<string, unknown>
  try {
    line = JSON.parse(text) as Record<string, unknown>
  } catch (cause) {
    return refuse('it is not JSON', cause)
  }
  if (typeof line !== 'object' || line === null || Array.isArray(line)) return refuse('it is no object')
  if (typeof line.key !== 'string' || line.key === '') return refuse('it has no key')
  const allowed = 'file' in line ? OF_FILE : FACTS
  const other = Object.keys(line).find((name) => name !== 'key' && !allowed.includes(name))
  if (other !== undefined) return refuse(`${JSON.stringify(other)} is not one of ${allowed.join(', ')}`)
  if ('file' in line) {
    if (typeof line.file !== 'string' || line.file === '') return refuse('file is no path')
    const { description } = line
    if (description !== undefined && (typeof description !== 'object' || description === null || Array.isArray(description)))
      return refuse('description is no object')
    return line as unknown as CatalogueLine
  }
  const { key: _, ...work } = line
  try {
    workOf(work as unknown as WorkFields)
  } catch (cause) {
    return refuse((cause as Error).message.split('\n')[0]!.replace(/\.$/, ''), cause)
  }
  return line as unknown as CatalogueLine
}
