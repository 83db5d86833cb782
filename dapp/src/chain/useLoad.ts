import type { ColophonError } from '@colophon/sdk'
import { type DependencyList, startTransition, useCallback, useEffect, useState } from 'react'
import { asError } from '../transaction/state.ts'

/** Something that is read: `value` stays while it is read again. */
export interface Loaded<Value> {
  status: 'loading' | 'ready' | 'failed'
  value: Value | undefined
  error: ColophonError | undefined
  reload(): void
}

/** Reads something now, and again when what it depends on changes. A read that is overtaken is aborted. */
export function useLoad<Value>(load: (signal: AbortSignal) => Promise<Value>, dependencies: DependencyList): Loaded<Value> {
  const [state, setState] = useState<Omit<Loaded<Value>, 'reload'>>({ status: 'loading', value: undefined, error: undefined })
  const [turn, setTurn] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the caller says what the reading depends on
  useEffect(() => {
    const { abort, signal } = controller()
    setState((before) => ({ status: 'loading', value: before.value, error: undefined }))
    load(signal).then(
      (value) => {
        // What follows may be a page of cards and forms: drawn in pieces, between which presses are answered.
        if (!signal.aborted) startTransition(() => setState({ status: 'ready', value, error: undefined }))
      },
      (fault: unknown) => {
        if (!signal.aborted) setState((before) => ({ status: 'failed', value: before.value, error: asError(fault) }))
      },
    )
    return abort
  }, [...dependencies, turn])
  return { ...state, reload: useCallback(() => setTurn((before) => before + 1), []) }
}

function controller(): { abort: () => void; signal: AbortSignal } {
  const made = new AbortController()
  return { abort: () => made.abort(), signal: made.signal }
}
