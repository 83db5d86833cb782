import { ColophonError } from '../errors/base.ts'

/** The folder or the bytes are no index, or one of a later version. */
export function foreign(what: string, details: Record<string, unknown>): ColophonError {
  return new ColophonError('INDEX_FOREIGN', `This is no index: ${what}.`, {
    hint: 'Choose a folder that is empty or was made by an index; nothing was changed.',
    details,
  })
}

export function unsupported(version: number, details: Record<string, unknown> = {}): ColophonError {
  return new ColophonError('INDEX_UNSUPPORTED', `The index has version ${version}, which this release cannot read.`, {
    hint: 'Update the SDK, or build the index anew from the deposits.',
    details: { version, ...details },
  })
}

export function damaged(what: string, details: Record<string, unknown> = {}): ColophonError {
  return new ColophonError('INDEX_DAMAGED', `The index is damaged: ${what}.`, {
    hint: 'Restore a snapshot, or build the index anew: it holds nothing that the deposits and their features do not.',
    details,
  })
}

export function invalidQuery(field: string, found: unknown, expected: string): ColophonError {
  return new ColophonError('INDEX_QUERY_INVALID', `${field} is not valid: expected ${expected}.`, {
    hint: 'Distances are calibrated up to 75 bits of 256; beyond, strangers look alike.',
    details: { field, found: typeof found === 'number' ? found : String(found).slice(0, 200) },
  })
}

export function invalidWork(field: string, found: unknown, expected: string): ColophonError {
  return new ColophonError('INDEX_WORK_INVALID', `${field} of a work is not valid: expected ${expected}.`, {
    hint: 'Give the result of fingerprint(), or codes of 32 bytes and keys of 64 bits.',
    details: { field, found: String(found).slice(0, 200) },
  })
}

export function closed(): ColophonError {
  return new ColophonError('INDEX_CLOSED', 'The index is closed.', { hint: 'Open it again.' })
}

export function unknownWork(id: string): ColophonError {
  return new ColophonError('INDEX_WORK_UNKNOWN', 'The index has no work with this id.', {
    hint: 'It may have been removed since it was found.',
    details: { id },
  })
}
