/** Where fingerprints are computed, away from the page, so that it stays quick and the work can be ended at any moment. */
import { compare, type Fingerprint, fingerprint, type Match } from '@colophon/sdk/fingerprint'
import { plainFault } from '../workers/plainFault.ts'
import { createPageDecoder } from './pageDecoder.ts'
import type { LookAlike, Said, Task } from './protocol.ts'

const say = (said: Said, transfer: Transferable[] = []): void => self.postMessage(said, { transfer })
const decoder = createPageDecoder(say)
Object.assign(globalThis, { OfflineAudioContext: decoder.OfflineAudioContext })

addEventListener('message', ({ data }: MessageEvent<Task>) => {
  if (data.kind === 'decoded') return decoder.answer(data)
  run(data).catch((fault: unknown) => say({ kind: 'fault', fault: plainFault(fault) }))
})

async function run(task: Exclude<Task, { kind: 'decoded' }>): Promise<void> {
  if (task.kind === 'fingerprint') {
    const found = await fingerprint(task.file, {
      onProgress: (progress) => say({ kind: 'progress', progress }),
      ...(task.media === undefined ? {} : { media: task.media }),
      ...(task.layers === undefined ? {} : { layers: task.layers }),
    })
    return say({ kind: 'fingerprint', fingerprint: found })
  }
  const found: LookAlike[] = []
  for (const [index, { id, fingerprint: known }] of task.known.entries()) {
    const match = compared(task.fingerprint, known)
    if (match !== undefined && match.verdict !== 'different') found.push({ id, match })
    if (index % 16 === 15)
      say({ kind: 'progress', progress: { stage: 'compare', done: index + 1, total: task.known.length, unit: 'items' } })
  }
  const order = ['identical', 'copy', 'similar']
  found.sort((a, b) => order.indexOf(a.match.verdict) - order.indexOf(b.match.verdict))
  say({ kind: 'compared', found })
}

/** Features come from strangers: what cannot be compared is like nothing. */
function compared(fingerprint: Fingerprint, known: Fingerprint): Match | undefined {
  try {
    return compare(fingerprint, known)
  } catch {
    return undefined
  }
}
