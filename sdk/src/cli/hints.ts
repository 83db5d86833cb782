import { ColophonError } from '../errors/base.ts'

/**
 * Hints for the command line where the SDK's own speak of functions and their options. The others hold for both.
 */
const HINTS: Readonly<Record<string, (details: Readonly<Record<string, unknown>>) => string | undefined>> = {
  FINGERPRINT_UNSUPPORTED: () =>
    'Pictures (JPEG, PNG, WebP, AVIF, GIF, TIFF) and plain texts have one. With --as data (batch: --unsupported data) any file is taken by its identity alone; changed copies of it are not recognised.',
  FINGERPRINT_WRONG_MEDIA: () => 'Leave --as out to go by the bytes, or use --as data.',
  TEXT_UNREADABLE: () => 'Save it as UTF-8, or take it by its identity alone with --as data.',
  SOURCE_TOO_LARGE: () => 'Take it by its identity alone with --as data.',
  INVALID_SIGNED_DEPOSIT: () => 'Give the request as deposit --sign-only wrote it.',
  INVALID_OPENING: () => 'Give the opening as seal wrote it; nothing in it can be changed.',
  BATCH_REFUSED: () => 'Mend or remove them and run the batch again, or leave them out with --skip. --json lists them.',
  BATCH_OTHER: () =>
    'Use the account and chain it was begun with, and --indexed if it was begun with that; or another folder for its results (--out).',
  BATCH_UNFINISHED: () => 'Run colophon batch --indexed again with the same works and folder: it goes on where it was.',
  CONTRACT_MISSING: () => 'Check --rpc and --registry; for a local chain with the contracts on it: colophon stack',
  DEPOSIT_EXISTS: ({ id }) => `Nothing has to be done: the earlier record stands. Its receipt: colophon receipt ${id ?? 'ID'}`,
  TRANSACTION_PENDING: ({ transactionHash }) =>
    `Do not send it again. When it is mined, its receipt comes with: colophon receipt ${transactionHash ?? 'HASH'}`,
}

/** Codes whose hint depends on the command that was run, which has set it already. */
const SET = new WeakSet<ColophonError>()

/** The same error with another hint. */
export function withHint(error: ColophonError, hint: string): ColophonError {
  const made = new ColophonError(error.code, error.shortMessage, { hint, details: error.details, cause: error })
  SET.add(made)
  return made
}

/** The error as the command line says it. */
export function forCommandLine(error: ColophonError): ColophonError {
  const hint = SET.has(error) ? undefined : HINTS[error.code]?.(error.details)
  return hint === undefined ? error : withHint(error, hint)
}
