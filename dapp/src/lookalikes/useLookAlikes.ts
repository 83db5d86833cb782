import type { ColophonError } from '@colophon/sdk'
import type { Fingerprint } from '@colophon/sdk/fingerprint'
import { useEffect, useState } from 'react'
import { type Candidates, candidatesFor, useWorks } from '../catalogue/index.ts'
import { findLookAlikes, type LookAlike } from '../fingerprinting/index.ts'
import { asError } from '../transaction/index.ts'

export interface LookAlikesState {
  status: 'idle' | 'running' | 'done' | 'failed'
  share: number | undefined
  found: LookAlike[]
  candidates: Candidates | undefined
  error: ColophonError | undefined
}

const IDLE: LookAlikesState = { status: 'idle', share: undefined, found: [], candidates: undefined, error: undefined }

/** Looks for works on the chain that are like this one. */
export function useLookAlikes(fingerprint: Fingerprint | undefined): LookAlikesState {
  const { catalogue, reader } = useWorks()
  const works = catalogue.value
  const [state, setState] = useState(IDLE)
  useEffect(() => {
    if (fingerprint === undefined || works === undefined) return setState(IDLE)
    const controller = new AbortController()
    const { signal } = controller
    setState({ ...IDLE, status: 'running' })
    const look = async (): Promise<void> => {
      const candidates = await candidatesFor(fingerprint, works, reader, {
        signal,
        onProgress: (done, total) => setState((before) => ({ ...before, share: (done / total) * 0.5 })),
      })
      const found = await findLookAlikes(fingerprint, candidates.known, {
        signal,
        onProgress: ({ done, total }) => setState((before) => ({ ...before, share: 0.5 + (done / (total ?? done)) * 0.5 })),
      })
      // The same file is known from the chain alone, also where nobody has its document.
      const seen = new Set(found.map(({ id }) => id))
      const alone: LookAlike[] = candidates.identical
        .filter(({ id }) => !seen.has(id))
        .map(
          ({ id }) =>
            ({
              id,
              match: { media: 'data', verdict: 'identical', reason: 'The files are the same, byte for byte.', layers: [] },
            }) as LookAlike,
        )
      setState({ ...IDLE, status: 'done', found: [...alone, ...found], candidates })
    }
    look().catch((fault: unknown) => {
      if (!signal.aborted) setState({ ...IDLE, status: 'failed', error: asError(fault) })
    })
    return () => controller.abort()
  }, [fingerprint, works, reader])
  return state
}
