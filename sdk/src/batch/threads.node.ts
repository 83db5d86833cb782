import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { ColophonError } from '../errors/base.ts'
import type { Fingerprint, FingerprintOptions } from '../fingerprint/index.ts'
import type { FingerprintAnswer, FingerprintJob } from './fingerprintWorker.node.ts'

/** Threads that fingerprint files. */
export interface FingerprintThreads {
  /** How many there are. */
  readonly size: number
  /** Fingerprints a file in the next thread that is free. @throws as `fingerprint` */
  fingerprint(file: string, options?: Pick<FingerprintOptions, 'media' | 'layers'>): Promise<Fingerprint>
  /** Ends the threads; what they were doing is given up. */
  close(): Promise<void>
}

/**
 * Starts threads at the first file, as many as there are processors by default. One that dies, as when a file takes more memory than there is,
 * costs its file only.
 */
export function createFingerprintThreads(size: number = availableParallelism()): FingerprintThreads {
  interface Task extends FingerprintJob {
    resolve(value: Fingerprint): void
    reject(fault: unknown): void
  }
  const queue: Task[] = []
  const free: Worker[] = []
  const all = new Set<Worker>()
  /** Those that have begun to listen: what dies before that is no file's fault. */
  const ready = new WeakSet<Worker>()
  let closed = false

  function start(): void {
    const file = import.meta.url.endsWith('.ts') ? './fingerprintWorker.node.ts' : './fingerprintWorker.node.js'
    // Options of this process, such as those of a script on its command line, are not for the thread.
    const worker = new Worker(new URL(file, import.meta.url), { execArgv: [] })
    all.add(worker)
    worker.once('message', () => ready.add(worker))
    // One that dies while it waits for work is not missed.
    worker.on('error', () => undefined)
    worker.once('exit', () => {
      all.delete(worker)
      const at = free.indexOf(worker)
      if (at !== -1) free.splice(at, 1)
    })
    worker.unref()
    run(worker)
  }

  function run(worker: Worker): void {
    const task = queue.shift()
    if (task === undefined) {
      free.push(worker)
      worker.unref()
      return
    }
    worker.ref()
    const done = (): void => {
      worker.off('message', onMessage)
      worker.off('error', onError)
      worker.off('exit', onExit)
    }
    const onMessage = (answer: FingerprintAnswer | 'ready'): void => {
      if (answer === 'ready') return
      done()
      if ('fingerprint' in answer) task.resolve(answer.fingerprint)
      else task.reject(restored(answer))
      run(worker)
    }
    const failed = (cause: unknown): void => {
      done()
      all.delete(worker)
      if (ready.has(worker))
        task.reject(
          new ColophonError('FINGERPRINT_FAILED', `The thread that read ${task.file} has died.`, {
            hint: 'The file may be damaged, or take more memory than there is.',
            details: { file: task.file },
            cause,
          }),
        )
      else
        task.reject(
          new ColophonError('THREAD_FAILED', 'No thread could be started to fingerprint files.', {
            hint: 'See the cause; the system may be out of memory or of threads.',
            cause,
          }),
        )
      if (!closed && queue.length > 0) start()
    }
    const onError = (cause: unknown): void => failed(cause)
    const onExit = (code: number): void => failed(new Error(`The thread ended with ${code}.`))
    worker.on('message', onMessage)
    worker.on('error', onError)
    worker.on('exit', onExit)
    const { file, options } = task
    worker.postMessage({ file, options } satisfies FingerprintJob)
  }

  return {
    size,
    fingerprint(file, options = {}) {
      return new Promise((resolve, reject) => {
        queue.push({ file, options, resolve, reject })
        const worker = free.pop()
        if (worker !== undefined) run(worker)
        else if (all.size < size) start()
      })
    },
    async close() {
      closed = true
      for (const task of queue.splice(0)) task.reject(new ColophonError('INTERRUPTED', 'Interrupted.', { hint: 'Run it again to go on.' }))
      await Promise.all([...all].map((worker) => worker.terminate()))
    },
  }
}

/** Errors lose their class on the way between threads. */
function restored(answer: Exclude<FingerprintAnswer, { fingerprint: Fingerprint }>): Error {
  if (!('code' in answer)) return new Error(answer.message)
  const { code, shortMessage, hint, details } = answer
  return new ColophonError(code, shortMessage, { ...(hint === undefined ? {} : { hint }), details })
}
