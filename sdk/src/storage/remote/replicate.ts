import { ColophonError } from '../../errors/base.ts'
import { pauseFor } from '../../progress/pause.ts'
import type { LongCallOptions } from '../../progress/progress.ts'
import { parseCid } from '../cid.ts'
import type { Storage } from '../storage.ts'
import type { PinningService } from './pinningService.ts'

/** Whether a target has a file, whole and pinned. `'pending'`: it is still fetching. */
export type Holding = 'pinned' | 'pending' | 'missing' | 'unreachable'

/** A place that keeps copies. */
export interface Target {
  /** For people; without secrets. */
  name: string
  holds(cid: string, options?: { signal?: AbortSignal }): Promise<'pinned' | 'pending' | 'missing'>
  /** Sends or asks for the file; it is pinned when this resolves with `'pinned'`. */
  keep(cid: string, from: Storage, options?: LongCallOptions<'replicate'>): Promise<'pinned' | 'pending'>
}

/** Another store: a folder on another disk, or a Kubo node. The file goes there as a CAR, block by block, each hashed again; blocks that an earlier transfer left there are not sent twice. */
export function storeTarget(name: string, store: Storage): Target {
  return {
    name,
    async holds(cid) {
      const wanted = parseCid(cid).toString()
      // A pin alone is a promise; that every block can be read and is itself is the proof.
      return (await store.pins()).includes(wanted) && (await whole(store, wanted)) ? 'pinned' : 'missing'
    },
    async keep(cid, from, { signal, onProgress } = {}) {
      let done = 0
      async function* counted(): AsyncGenerator<Uint8Array> {
        for await (const chunk of from.exportCar(cid, signal === undefined ? {} : { signal })) {
          done += chunk.length
          onProgress?.({ stage: 'replicate', done, unit: 'bytes' })
          yield chunk
        }
      }
      await store.importCar({ open: counted }, signal === undefined ? {} : { signal })
      return 'pinned'
    },
  }
}

async function whole(store: Storage, cid: string): Promise<boolean> {
  try {
    return await store.has(cid)
  } catch (fault) {
    if (fault instanceof ColophonError && fault.code === 'BLOCK_TAMPERED') return false
    throw fault
  }
}

/** A pinning service, which fetches the file from the network by itself. Waits for it so many milliseconds; 0 by default. */
export function serviceTarget(name: string, service: PinningService, { patience = 0 }: { patience?: number } = {}): Target {
  const holding = (status: string): 'pinned' | 'pending' => (status === 'pinned' ? 'pinned' : 'pending')
  return {
    name,
    async holds(cid, options) {
      const found = await service.find(cid, options)
      return found === undefined || found.status === 'failed' ? 'missing' : holding(found.status)
    },
    async keep(cid, _from, { signal, onProgress } = {}) {
      const long = signal === undefined ? {} : { signal }
      let found = await service.pin(cid, long)
      const end = performance.now() + patience
      for (
        let pause = 250;
        found.status !== 'pinned' && found.status !== 'failed' && performance.now() < end;
        pause = Math.min(2 * pause, 10_000)
      ) {
        onProgress?.({ stage: 'replicate', done: 0, unit: 'items' })
        await pauseFor(Math.min(pause, Math.max(1, end - performance.now())), signal)
        found = await service.get(found.requestId, long)
      }
      if (found.status === 'failed')
        throw new ColophonError('STORAGE_REFUSED', `${name} could not fetch ${cid}.`, {
          hint: 'Make the blocks reachable for it: give origins, or pin to a node that the network reaches first.',
          details: { cid, target: name },
        })
      return holding(found.status)
    },
  }
}

/** What came of one target. */
export interface Replica {
  target: string
  holding: Holding
  /** It had the file before. */
  before: boolean
  /** Why it does not hold the file. */
  error?: ColophonError
}

export interface ReplicateOptions extends LongCallOptions<'replicate'> {
  /** How many targets must hold the file, pending ones not counted; all by default. */
  needed?: number
}

/**
 * Has a file kept in several places. Targets that hold it already are left alone, so running it again after a fault does only what is missing. One that fails does not
 * stop the others.
 *
 * @param from where the file is, whole
 * @throws ColophonError `REPLICATION_SHORT` when fewer than `needed` hold it, with what came of each; `BLOCK_NOT_FOUND`, `BLOCK_TAMPERED` when `from` does not have it;
 * the signal's reason when aborted
 */
export async function replicate(
  cid: string,
  from: Storage,
  targets: readonly Target[],
  options: ReplicateOptions = {},
): Promise<Replica[]> {
  const { signal, needed = targets.length } = options
  signal?.throwIfAborted()
  if (!Number.isInteger(needed) || needed < 0 || needed > targets.length)
    throw new ColophonError('REPLICATION_SHORT', `${needed} copies are wanted, but there are ${targets.length} targets.`, {
      hint: 'Name as many targets as copies are needed.',
      details: { needed, targets: targets.length },
    })
  // Only what is whole may be spread.
  if (!(await from.has(cid)))
    throw new ColophonError('BLOCK_NOT_FOUND', `The store does not have all of ${cid}.`, {
      hint: 'Import it, or repair the store from a place that has it.',
      details: { cid },
    })
  const replicas = await Promise.all(targets.map((target) => keptBy(target, cid, from, options)))
  signal?.throwIfAborted()
  const held = replicas.filter(({ holding }) => holding === 'pinned').length
  if (held < needed)
    throw new ColophonError('REPLICATION_SHORT', `${held} of ${targets.length} targets hold ${cid}; ${needed} should.`, {
      hint: 'Run the same again later: it does only what is missing.',
      details: {
        cid,
        needed,
        held,
        replicas: replicas.map(({ target, holding, error }) => ({
          target,
          holding,
          ...(error === undefined ? {} : { error: error.shortMessage }),
        })),
      },
    })
  return replicas
}

async function keptBy(target: Target, cid: string, from: Storage, options: ReplicateOptions): Promise<Replica> {
  const { signal, onProgress } = options
  const long = signal === undefined ? {} : { signal }
  try {
    if ((await target.holds(cid, long)) === 'pinned') return { target: target.name, holding: 'pinned', before: true }
    const holding = await target.keep(cid, from, { ...long, ...(onProgress === undefined ? {} : { onProgress }) })
    return { target: target.name, holding, before: false }
  } catch (fault) {
    signal?.throwIfAborted()
    if (!(fault instanceof ColophonError)) throw fault
    return { target: target.name, holding: fault.code === 'STORAGE_UNREACHABLE' ? 'unreachable' : 'missing', before: false, error: fault }
  }
}

/** Which targets hold a file; asks only. */
export async function replicasOf(cid: string, targets: readonly Target[], options: { signal?: AbortSignal } = {}): Promise<Replica[]> {
  return await Promise.all(
    targets.map(async (target): Promise<Replica> => {
      try {
        const holding = await target.holds(cid, options)
        return { target: target.name, holding, before: holding === 'pinned' }
      } catch (fault) {
        options.signal?.throwIfAborted()
        if (!(fault instanceof ColophonError)) throw fault
        return { target: target.name, holding: 'unreachable', before: false, error: fault }
      }
    }),
  )
}

/**
 * Makes a file whole in a store again: blocks that are lost or damaged come from the first source that has the file, each hashed again.
 *
 * @returns whether anything had to be done
 * @throws ColophonError `BLOCK_NOT_FOUND` when no source has the file either
 */
export async function repair(
  cid: string,
  store: Storage,
  sources: readonly Storage[],
  { signal }: { signal?: AbortSignal } = {},
): Promise<boolean> {
  if (await whole(store, cid)) return false
  for (const source of sources) {
    signal?.throwIfAborted()
    try {
      if (!(await whole(source, cid))) continue
      await store.importCar(
        { open: () => source.exportCar(cid, signal === undefined ? {} : { signal }) },
        signal === undefined ? {} : { signal },
      )
      return true
    } catch (fault) {
      signal?.throwIfAborted()
      if (!(fault instanceof ColophonError) || fault.code === 'STORAGE_FULL') throw fault
    }
  }
  throw new ColophonError(
    'BLOCK_NOT_FOUND',
    `Neither the store nor ${sources.length === 1 ? 'the source' : `any of ${sources.length} sources`} has all of ${cid}.`,
    {
      hint: 'Name more sources: a Kubo node, gateways, another store.',
      details: { cid },
    },
  )
}
