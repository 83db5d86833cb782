import type { Progress } from '@colophon/sdk'
import type { Fingerprint, Media } from '@colophon/sdk/fingerprint'
import { asError } from '../transaction/index.ts'
import { ownScript } from '../workers/index.ts'
import type { Known, LookAlike, Said, Task } from './protocol.ts'
import workerUrl from './worker.ts?worker&url'

export interface TaskOptions {
  /** Aborting ends the worker at once, whatever it is in. */
  signal?: AbortSignal
  onProgress?: (progress: Progress) => void
}

/** The fingerprint of a file, as `@colophon/sdk/fingerprint` computes it, in a worker. The file goes nowhere. */
export async function fingerprintFile(
  file: Blob,
  options: TaskOptions & { media?: Media; layers?: 'signature' } = {},
): Promise<Fingerprint> {
  const { media, layers } = options
  const how = { ...(media === undefined ? {} : { media }), ...(layers === undefined ? {} : { layers }) }
  const said = await ask({ kind: 'fingerprint', file, ...how }, 'fingerprint', options)
  return said.fingerprint
}

/** Known works that are like this one, most alike first. */
export async function findLookAlikes(fingerprint: Fingerprint, known: Known[], options: TaskOptions = {}): Promise<LookAlike[]> {
  const same = known.filter((each) => each.fingerprint.media === fingerprint.media)
  if (same.length === 0) return []
  const said = await ask({ kind: 'compare', fingerprint, known: same }, 'compared', options)
  return said.found
}

function ask<Kind extends Said['kind']>(
  task: Task,
  wanted: Kind,
  { signal, onProgress }: TaskOptions,
): Promise<Extract<Said, { kind: Kind }>> {
  signal?.throwIfAborted()
  return new Promise((resolve, reject) => {
    const worker = new Worker(ownScript(workerUrl), { type: 'module', name: 'fingerprints' })
    const finish = (): void => {
      worker.terminate()
      signal?.removeEventListener('abort', onAbort)
    }
    const onAbort = (): void => {
      finish()
      reject(signal?.reason)
    }
    signal?.addEventListener('abort', onAbort, { once: true })
    worker.onerror = (event) => {
      finish()
      reject(new Error(event.message || 'The worker could not be started.'))
    }
    worker.onmessage = ({ data }: MessageEvent<Said>) => {
      if (data.kind === 'progress') return onProgress?.(data.progress)
      if (data.kind === 'decode') return void decode(data).then(({ answer, transfer }) => worker.postMessage(answer, transfer))
      finish()
      if (data.kind === wanted) resolve(data as Extract<Said, { kind: Kind }>)
      else reject(data.kind === 'fault' ? asError(data.fault) : new Error(`The worker answered with ${data.kind}.`))
    }
    worker.postMessage(task)
  })
}

/** Decodes sound with the browser's codecs, at the rate that is asked for. */
async function decode({ call, bytes, rate }: Extract<Said, { kind: 'decode' }>): Promise<{ answer: Task; transfer: Transferable[] }> {
  try {
    const decoded = await new OfflineAudioContext(1, 1, rate).decodeAudioData(bytes)
    const channels = Array.from({ length: decoded.numberOfChannels }, (_, channel) => decoded.getChannelData(channel).slice())
    return { answer: { kind: 'decoded', call, channels }, transfer: channels.map(({ buffer }) => buffer) }
  } catch (fault) {
    return { answer: { kind: 'decoded', call, fault: String(fault) }, transfer: [] }
  }
}
