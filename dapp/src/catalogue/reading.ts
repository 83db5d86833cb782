import { ColophonError, type Deployment, type Hex } from '@colophon/sdk'
import type { Settings } from '../settings/settings.ts'
import { asError } from '../transaction/state.ts'
import { ownScript } from '../workers/index.ts'
import type { Catalogue, Entry } from './catalogue.ts'
import type { DocumentState } from './documents.ts'
import type { Places } from './events.ts'
import type { Asked, Said } from './protocol.ts'
import workerUrl from './reader.ts?worker&url'

interface Waiting {
  hear(said: Said): void
  fail(fault: unknown): void
}

/** `Omit` that keeps the members of a union apart. */
type Without<Union, Key extends string> = Union extends unknown ? Omit<Union, Key> : never

const waiting = new Map<number, Waiting>()
let worker: Worker | undefined
let calls = 0

/** Every deposit there is, and how works stand, from the chain's events alone: no indexer is asked. */
export async function readCatalogue(settings: Settings, deployment: Deployment | undefined, signal?: AbortSignal): Promise<Catalogue> {
  if (deployment === undefined)
    throw new ColophonError('DEPLOYMENT_UNKNOWN', `No deployment is known on chain ${settings.chainId}.`, {
      hint: 'Name the contracts in colophon.json.',
      details: { chainId: settings.chainId },
    })
  const { rpcUrl, chainId } = settings
  const entries: Entry[] = []
  const asked = { kind: 'catalogue', rpcUrl, chainId, places: { ...deployment.contracts } as Places } as const
  const { offered, disputed, refuted } = await ask(asked, 'catalogue', signal, (said) => {
    if (said.kind === 'entries') entries.push(...said.entries)
  })
  entries.reverse()
  return {
    entries,
    byId: new Map(entries.map((entry) => [entry.id, entry])),
    ...{ offered: new Set(offered), disputed: new Set(disputed), refuted: new Set(refuted) },
  }
}

/** A deposit's document, whose digest the chain has. */
export async function readDocument({ gateways }: Settings, digest: Hex): Promise<DocumentState> {
  return (await ask({ kind: 'document', digest, gateways }, 'document')).state
}

/** Asks the worker, which is started at the first question. */
function ask<Kind extends Said['kind']>(
  asked: Without<Exclude<Asked, { kind: 'stop' }>, 'call'>,
  wanted: Kind,
  signal?: AbortSignal,
  onOther: (said: Said) => void = () => undefined,
): Promise<Extract<Said, { kind: Kind }>> {
  signal?.throwIfAborted()
  return new Promise((resolve, reject) => {
    const call = ++calls
    const reader = startedWorker()
    const finish = (): void => {
      waiting.delete(call)
      signal?.removeEventListener('abort', onAbort)
    }
    const onAbort = (): void => {
      finish()
      reader.postMessage({ kind: 'stop', call } satisfies Asked)
      reject(signal?.reason)
    }
    signal?.addEventListener('abort', onAbort, { once: true })
    waiting.set(call, {
      hear(said) {
        if (said.kind !== wanted && said.kind !== 'fault') return onOther(said)
        finish()
        if (said.kind === 'fault') reject(asError(said.fault))
        else resolve(said as Extract<Said, { kind: Kind }>)
      },
      fail(fault) {
        finish()
        reject(fault)
      },
    })
    reader.postMessage({ ...asked, call } as Asked)
  })
}

function startedWorker(): Worker {
  if (worker !== undefined) return worker
  const started = new Worker(ownScript(workerUrl), { type: 'module', name: 'reading' })
  started.onmessage = ({ data }: MessageEvent<Said>) => waiting.get(data.call)?.hear(data)
  // It did not start, or broke: whoever asks next starts another.
  started.onerror = ({ message }) => {
    started.terminate()
    worker = undefined
    for (const each of [...waiting.values()]) each.fail(new Error(message || 'The worker could not be started.'))
  }
  worker = started
  return started
}
