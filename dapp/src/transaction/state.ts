import { ColophonError, type Progress } from '@colophon/sdk'

/**
 * A write, from the first look to the block it is in.
 *
 * - `simulating`: the chain is asked what would happen. Nothing is signed.
 * - `approving`: the wallet is asked for an approval of exactly the tokens to be paid.
 * - `signing`: the wallet is asked.
 * - `pending`: it is on its way, under `hash`.
 * - `stuck`: it has been for long. It may still be mined: `hash` says which to look for.
 * - `confirmed`: it is in a block.
 * - `rejected`: the person said no. Nothing was sent.
 * - `replaced`: the wallet sent another in its place, `replacement`.
 * - `failed`: `error` says why, with a hint.
 */
export type TransactionState<Result> =
  | { status: 'idle' | 'simulating' | 'approving' | 'signing' }
  | { status: 'pending' | 'stuck'; hash: string }
  | { status: 'confirmed'; result: Result; hash?: string | undefined }
  | { status: 'rejected' }
  | { status: 'replaced'; hash?: string | undefined; replacement?: string | undefined; error: ColophonError }
  | { status: 'failed'; error: ColophonError; hash?: string | undefined }

export type TransactionEvent<Result> =
  | { type: 'start' | 'reset' | 'late' }
  | { type: 'progress'; progress: Progress }
  | { type: 'sent'; hash: string }
  | { type: 'done'; result: Result }
  | { type: 'fault'; fault: unknown }

/** What follows from what happens. Events that come too late change nothing. */
export function nextState<Result>(state: TransactionState<Result>, event: TransactionEvent<Result>): TransactionState<Result> {
  const hash = 'hash' in state ? state.hash : undefined
  switch (event.type) {
    case 'start':
      return { status: 'simulating' }
    case 'reset':
      return { status: 'idle' }
    case 'late':
      return state.status === 'pending' ? { status: 'stuck', hash: state.hash } : state
    case 'progress': {
      if (hash !== undefined) return state
      const { stage } = event.progress
      return stage === 'simulate'
        ? { status: 'simulating' }
        : stage === 'approve'
          ? { status: 'approving' }
          : stage === 'send'
            ? { status: 'signing' }
            : state
    }
    case 'sent':
      return { status: 'pending', hash: event.hash }
    case 'done':
      return { status: 'confirmed', result: event.result, hash }
    case 'fault':
      return afterFault(asError(event.fault), hash)
  }
}

function afterFault(error: ColophonError, hash: string | undefined): TransactionState<never> {
  const known = hash ?? text(error.details.transactionHash)
  if (error.code === 'USER_REJECTED') return { status: 'rejected' }
  if (error.code === 'TRANSACTION_PENDING' && known !== undefined) return { status: 'stuck', hash: known }
  if (error.code === 'TRANSACTION_REPLACED') return { status: 'replaced', hash: known, replacement: text(error.details.replacement), error }
  return { status: 'failed', error, hash: known }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** Whether something is under way, so that it must not be begun again. */
export function isBusy({ status }: TransactionState<unknown>): boolean {
  return ['simulating', 'approving', 'signing', 'pending'].includes(status)
}

/** Whatever was thrown, as the error that pages show. */
export function asError(fault: unknown): ColophonError {
  if (fault instanceof ColophonError) return fault
  // Answers of workers have lost their class on the way.
  const { code, shortMessage, hint, details } = (fault ?? {}) as Partial<ColophonError>
  if (typeof code === 'string' && typeof shortMessage === 'string')
    return new ColophonError(code, shortMessage, {
      ...(hint === undefined ? {} : { hint }),
      ...(details === undefined ? {} : { details }),
      cause: fault,
    })
  return new ColophonError('APP_FAULT', fault instanceof Error ? fault.message : String(fault), {
    hint: 'Reload the page and try again; what was deposited is safe on the chain.',
    cause: fault,
  })
}
