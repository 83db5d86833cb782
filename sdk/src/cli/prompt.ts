import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { ColophonError } from '../errors/base.ts'

/** Whether somebody is there to answer. */
export function canAsk(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true
}

/** Asks a question on standard error; `hidden` does not show what is typed. */
export async function ask(question: string, options: { hidden?: boolean; signal?: AbortSignal } = {}): Promise<string> {
  let mute = false
  const output = new Writable({
    write(chunk, _encoding, done) {
      if (!mute) process.stderr.write(chunk)
      done()
    },
  })
  const lines = createInterface({ input: process.stdin, output, terminal: true })
  // In a terminal readline takes Ctrl-C for itself.
  const interrupted = new AbortController()
  lines.once('SIGINT', () => interrupted.abort(new ColophonError('INTERRUPTED', 'Interrupted.', { hint: 'Nothing was sent.' })))
  try {
    const answer = lines.question(question, { signal: AbortSignal.any([interrupted.signal, ...(options.signal ? [options.signal] : [])]) })
    mute = options.hidden === true
    return await answer
  } catch (fault) {
    throw interrupted.signal.aborted ? interrupted.signal.reason : options.signal?.aborted ? options.signal.reason : fault
  } finally {
    if (options.hidden === true) process.stderr.write('\n')
    lines.close()
  }
}
