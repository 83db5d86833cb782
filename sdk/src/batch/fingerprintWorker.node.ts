import { parentPort } from 'node:worker_threads'
import { ColophonError } from '../errors/base.ts'
import { type Fingerprint, type FingerprintOptions, fingerprint } from '../fingerprint/index.ts'

// Runs in the threads that `threads.node.ts` starts and may end at any time.

export interface FingerprintJob {
  file: string
  options: Pick<FingerprintOptions, 'media' | 'layers'>
}

export type FingerprintAnswer =
  | { fingerprint: Fingerprint }
  | { code: string; shortMessage: string; hint: string | undefined; details: Record<string, unknown> }
  | { message: string }

parentPort?.on('message', async ({ file, options }: FingerprintJob) => {
  let answer: FingerprintAnswer
  try {
    answer = { fingerprint: await fingerprint(file, options) }
  } catch (fault) {
    if (fault instanceof ColophonError) {
      const { code, shortMessage, hint, details } = fault
      answer = { code, shortMessage, hint, details: JSON.parse(JSON.stringify(details)) as Record<string, unknown> }
    } else answer = { message: fault instanceof Error ? fault.message : String(fault) }
  }
  parentPort!.postMessage(answer)
})
parentPort?.postMessage('ready')
