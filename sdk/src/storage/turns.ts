import { ColophonError } from '../errors/base.ts'
import { pauseFor } from '../progress/pause.ts'

/** What somebody is doing to the store. */
export type Doing = 'put' | 'collect'

/** Where those who use a store say what they are doing, so that all others see it. */
export interface Notices {
  /** Says so; the answer takes it back. */
  post(doing: Doing): Promise<() => Promise<void>>
  /** Who is doing it at the moment, oneself included. */
  posted(doing: Doing): Promise<{ pid?: number; file?: string }[]>
}

/**
 * Runs something that writes blocks which no pin needs yet. It waits while unneeded blocks are collected; many may write at once.
 */
export async function whilePutting<Value>(notices: Notices, signal: AbortSignal | undefined, run: () => Promise<Value>): Promise<Value> {
  for (let pause = 5; ; pause = Math.min(pause * 2, 200)) {
    signal?.throwIfAborted()
    if ((await notices.posted('collect')).length === 0) {
      const takeBack = await notices.post('put')
      try {
        // A collection that began in between has seen this notice, or is seen now.
        if ((await notices.posted('collect')).length === 0) return await run()
      } finally {
        await takeBack()
      }
    }
    await pauseFor(pause, signal)
  }
}

/**
 * Runs the collection while nobody writes and nobody else collects; waits so many milliseconds for that, while no new put begins.
 * @throws STORAGE_BUSY
 */
export async function whileCollecting<Value>(
  notices: Notices,
  { signal, patience }: { signal: AbortSignal | undefined; patience: number },
  run: () => Promise<Value>,
): Promise<Value> {
  const end = performance.now() + patience
  for (;;) {
    signal?.throwIfAborted()
    const takeBack = await notices.post('collect')
    try {
      if ((await notices.posted('collect')).length <= 1) {
        for (let pause = 5; ; pause = Math.min(pause * 2, 100)) {
          const putting = await notices.posted('put')
          if (putting.length === 0) return await run()
          if (performance.now() > end) throw busy('something is being put into it', putting[0]!)
          await pauseFor(pause, signal)
        }
      }
      if (performance.now() > end) throw busy('somebody else is collecting')
    } finally {
      await takeBack()
    }
    // By chance, so that two that have given way to each other do not meet again.
    await pauseFor(5 + Math.random() * 50, signal)
  }
}

function busy(why: string, details: Record<string, unknown> = {}): ColophonError {
  return new ColophonError('STORAGE_BUSY', `Nothing was collected: ${why}.`, {
    hint: 'Collect again when that has ended.',
    details,
  })
}
