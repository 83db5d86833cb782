import type { LongCallOptions } from '../progress/progress.ts'
import type { IndexLog } from './log/log.ts'
import { encodePayload, framed, type Payload, type StoredWork, wordsOf } from './log/record.ts'
import { encodeHead } from './log/stream.ts'
import type { State } from './works/state.ts'

/** Works that a record of a snapshot holds, at most, and words of their codes and keys. */
const MOST_WORKS = 8192
const MOST_WORDS = 1 << 20

/** Records of the works that are alive now, in order, each as it is in the log. */
export async function* livingWorks(
  state: State,
  log: IndexLog,
  { signal, onProgress }: LongCallOptions<'write'> = {},
): AsyncGenerator<Payload, void> {
  const { time, alive } = state
  const records = log.records()
  let work = 0
  let done = 0
  let held: StoredWork[] = []
  let words = 0
  for await (const payload of records) {
    signal?.throwIfAborted()
    if (payload.kind !== 'works') continue
    for (const stored of payload.works) {
      if (!state.wasAlive(work++, time)) continue
      held.push(stored)
      words += wordsOf(stored)
      if (held.length < MOST_WORKS && words < MOST_WORDS) continue
      yield { kind: 'works', works: held }
      done += held.length
      onProgress?.({ stage: 'write', done, total: alive, unit: 'items' })
      held = []
      words = 0
    }
  }
  if (held.length > 0) yield { kind: 'works', works: held }
  onProgress?.({ stage: 'write', done: alive, total: alive, unit: 'items' })
}

/** The bytes of a snapshot: what is alive now and nothing else. */
export async function* snapshotOf(
  state: State,
  log: IndexLog,
  options: LongCallOptions<'write'>,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  let works = 0
  yield encodeHead({ number: 0, generation: 0 })
  for await (const payload of livingWorks(state, log, options)) {
    if (payload.kind === 'works') works += payload.works.length
    yield framed(encodePayload(payload))
  }
  yield framed(encodePayload({ kind: 'end', works, removals: 0 }))
}
