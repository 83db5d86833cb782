// The page's side of the worker that reads.
import { ColophonError, type Deployment, type Hex } from '@colophon/sdk'
import type { Settings } from '../settings/settings.ts'
import { asError } from '../transaction/state.ts'
import { ownScript } from '../workers/index.ts'
import type { Catalogue, Entry } from './catalogue.ts'
import type { DocumentState } from './documents.ts'
import type { Places } from './events.ts'
import type { Asked, Said } from './protocol.ts'
import workerUrl from './reader.ts?worker&url'

/** Somebody who waits for answers. */
interface Listener {
  hear(said: Said): void
  /** The worker is no more. */
  fail(fault: unknown): void
}

const listeners = new Map<number, Listener>()
let worker: Worker | undefined
let calls = 0

/** Every deposit there is, and how works stand, from the chain's events alone: no indexer is asked. */
export async function readCatalogue(settings: Settings, deployment: Deployment | undefined, signal: AbortSignal): Promise<Catalogue> {
  const { rpcUrl, chainId } = settings
  if (deployment === undefined)
    throw new ColophonError('DEPLOYMENT_UNKNOWN', `No deployment is known on chain ${chainId}.`, {
      hint: 'Name the contracts in colophon.json.',
      details: { chainId },
    })
  signal.throwIfAborted()
  const call = ++calls
  const entries: Entry[] = []
  return await new Promise<Catalogue>((resolve, reject) => {
    const onAbort = (): void => {
      listeners.delete(call)
      tell({ kind: 'stop', call })
      reject(signal.reason)
    }
    const finish = (): void => {
      listeners.delete(call)
      signal.removeEventListener('abort', onAbort)
    }
    signal.addEventListener('abort', onAbort, { once: true })
    listeners.set(call, {
      hear(said) {
        if (said.kind === 'entries') return void entries.push(...said.entries)
        finish()
        if (said.kind === 'catalogue') resolve(catalogueOf(entries.reverse(), said))
        else reject(asError(said.kind === 'fault' ? said.fault : new Error(`The worker answered with ${said.kind}.`)))
      },
      fail(fault) {
        finish()
        reject(fault)
      },
    })
    tell({ kind: 'catalogue', call, rpcUrl, chainId, places: { ...deployment.contracts } as Places })
  })
}

function catalogueOf(entries: Entry[], { offered, disputed, refuted }: Extract<Said, { kind: 'catalogue' }>): Catalogue {
  const byId = new Map(entries.map((entry) => [entry.id, entry]))
  return { entries, byId, offered: new Set(offered), disputed: new Set(disputed), refuted: new Set(refuted) }
}

/**
 * Reads documents of deposits, whose digests the chain has, those that were asked for last before others.
 * @param onFound told of them as they come; each comes once, missing ones too
 */
export function readDocuments({ gateways }: Settings, digests: Hex[], onFound: (found: [Hex, DocumentState][]) => void): void {
  const call = ++calls
  const left = new Set(digests)
  listeners.set(call, {
    hear(said) {
      if (said.kind !== 'documents') return
      if (said.left === 0) listeners.delete(call)
      for (const [digest] of said.found) left.delete(digest)
      onFound(said.found)
    },
    fail() {
      listeners.delete(call)
      onFound([...left].map((digest) => [digest, { status: 'missing' }]))
    },
  })
  tell({ kind: 'documents', call, digests, gateways })
}

/** Tells the worker, which is started at the first word. */
function tell(asked: Asked): void {
  worker ??= startedWorker()
  worker.postMessage(asked)
}

function startedWorker(): Worker {
  const started = new Worker(ownScript(workerUrl), { type: 'module', name: 'reading' })
  started.onmessage = ({ data }: MessageEvent<Said>) => listeners.get(data.call)?.hear(data)
  // It did not start, or broke: whoever asks next starts another.
  started.onerror = ({ message }) => {
    started.terminate()
    worker = undefined
    for (const each of [...listeners.values()]) each.fail(new Error(message || 'The worker could not be started.'))
  }
  return started
}
