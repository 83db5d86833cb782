import type { ColophonError, Progress } from '@colophon/sdk'
import type { Fingerprint } from '@colophon/sdk/fingerprint'
import { useCallback, useEffect, useRef, useState } from 'react'
import { asError } from '../transaction/index.ts'
import { fingerprintFile } from './fingerprinting.ts'

export interface FingerprintState {
  status: 'idle' | 'running' | 'done' | 'failed'
  file: File | undefined
  progress: Progress | undefined
  fingerprint: Fingerprint | undefined
  error: ColophonError | undefined
}

const IDLE: FingerprintState = { status: 'idle', file: undefined, progress: undefined, fingerprint: undefined, error: undefined }

export interface FingerprintControl extends FingerprintState {
  start(file: File): Promise<Fingerprint | undefined>
  /** Ends the computation at once. */
  cancel(): void
}

/** Fingerprints one file at a time; another one, or leaving the page, ends the one before. */
export function useFingerprint(): FingerprintControl {
  const [state, setState] = useState<FingerprintState>(IDLE)
  const running = useRef<AbortController>(undefined)
  const cancel = useCallback(() => {
    running.current?.abort()
    running.current = undefined
    setState(IDLE)
  }, [])
  useEffect(() => () => running.current?.abort(), [])
  const start = useCallback(async (file: File): Promise<Fingerprint | undefined> => {
    running.current?.abort()
    const controller = new AbortController()
    running.current = controller
    setState({ ...IDLE, status: 'running', file })
    try {
      const fingerprint = await fingerprintFile(file, {
        signal: controller.signal,
        onProgress: (progress) => setState((before) => (running.current === controller ? { ...before, progress } : before)),
      })
      setState({ ...IDLE, status: 'done', file, fingerprint })
      return fingerprint
    } catch (fault) {
      if (!controller.signal.aborted) setState({ ...IDLE, status: 'failed', file, error: asError(fault) })
      return undefined
    }
  }, [])
  return { ...state, start, cancel }
}
