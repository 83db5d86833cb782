import type { WriteOptions } from '@colophon/sdk'
import { useCallback, useEffect, useReducer, useRef } from 'react'
import { isBusy, nextState, type TransactionEvent, type TransactionState } from './state.ts'

export interface TransactionControl<Result> {
  state: TransactionState<Result>
  busy: boolean
  /**
   * Runs a write of the SDK with the options given, which follow it into `state`. Gives its result, or undefined when it came to nothing: `state` says why then.
   * While one is under way another is not begun.
   */
  run(write: (options: WriteOptions) => Promise<Result>): Promise<Result | undefined>
  reset(): void
}

/** Milliseconds after which a transaction counts as stuck; the SDK goes on waiting for the rest of its own patience. */
const LATE = 30_000

/** Follows one write at a time. */
export function useTransaction<Result>(onSent?: (hash: string) => void | Promise<void>): TransactionControl<Result> {
  const [state, dispatch] = useReducer(nextState<Result>, { status: 'idle' } as TransactionState<Result>)
  const running = useRef(false)
  const alive = useRef(true)
  const tell = useCallback((event: TransactionEvent<Result>) => {
    if (alive.current) dispatch(event)
  }, [])
  useEffect(() => {
    alive.current = true
    return () => {
      alive.current = false
    }
  }, [])
  const hash = state.status === 'pending' ? state.hash : undefined
  useEffect(() => {
    if (hash === undefined) return
    const timer = setTimeout(() => tell({ type: 'late' }), LATE)
    return () => clearTimeout(timer)
  }, [hash, tell])

  const run = useCallback(
    async (write: (options: WriteOptions) => Promise<Result>): Promise<Result | undefined> => {
      if (running.current) return undefined
      running.current = true
      tell({ type: 'start' })
      try {
        const result = await write({
          onProgress: (progress) => tell({ type: 'progress', progress }),
          onSent: async (sent) => {
            tell({ type: 'sent', hash: sent })
            await onSent?.(sent)
          },
        })
        tell({ type: 'done', result })
        return result
      } catch (fault) {
        tell({ type: 'fault', fault })
        return undefined
      } finally {
        running.current = false
      }
    },
    [tell, onSent],
  )
  return { state, busy: isBusy(state), run, reset: useCallback(() => tell({ type: 'reset' }), [tell]) }
}
