import { ColophonError } from '../errors/base.ts'
import type { Spill } from './keys/keyStore.ts'
import type { IndexLog } from './log/log.ts'
import { damaged } from './problems.ts'
import { turn } from './turn.ts'
import { createState, type State, type StateImage } from './works/state.ts'

/** Opens a log and loads what is in it: what a checkpoint has kept, where it can be used, and the records after that. */
export type OpenLog = (load: (payload: Uint8Array) => void, resume: (image: StateImage) => boolean) => Promise<IndexLog>

/** Milliseconds for which others wait at a time. */
export const SLICE = 12

/** Opens the log; again where its writer has put another in its place meanwhile. */
export async function load(openLog: OpenLog, spill: Spill | undefined): Promise<{ state: State; log: IndexLog }> {
  for (let attempt = 1; ; attempt++) {
    let state = createState(spill)
    try {
      const log = await openLog(
        (payload) => {
          state.load(payload)
          fileAway(state)
        },
        (image) => {
          try {
            state = createState(spill, image)
            return true
          } catch {
            // Its files are gone, or are others.
            return false
          }
        },
      )
      return { state, log }
    } catch (cause) {
      state.close()
      if (attempt === 5 || !(cause instanceof ColophonError) || cause.code !== 'INDEX_REWRITTEN') throw cause
    }
  }
}

/** Reads beside everything else what a checkpoint has not kept of its works: their codes, and keys that there is memory for. */
export function fill(state: State, log: IndexLog): { done: Promise<void>; stop(): Promise<void> } {
  let isStopped = false
  const run = async (): Promise<void> => {
    if (state.isWhole) return
    for await (const columns of log.codes()) {
      if (isStopped) return
      state.fill(columns)
    }
    if (!state.isWhole) throw damaged('its log lacks works that its checkpoint has')
    for (const _ of state.hold()) {
      if (isStopped) return
      await turn()
    }
  }
  const done = run()
  done.catch(() => undefined)
  return {
    done,
    async stop() {
      isStopped = true
      await done.catch(() => undefined)
    },
  }
}

/** Goes through steps and lets others have their turn between. */
export async function inTurns<Value>(steps: Generator<undefined, Value>, signal?: AbortSignal): Promise<Value> {
  for (;;) {
    const until = performance.now() + SLICE
    while (performance.now() < until) {
      const { done, value } = steps.next()
      if (done) return value
    }
    await turn()
    signal?.throwIfAborted()
  }
}

/** Puts keys into files where they are too many for memory. */
export function fileAway(state: State): void {
  if (!state.isFull) return
  const steps = state.build()
  while (!steps.next().done);
}
