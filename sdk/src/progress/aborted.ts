/**
 * The promise's outcome, or the signal's reason as soon as it is aborted: for calls that know no signal, such as a provider's.
 * What was begun goes on in the background and its outcome is dropped, so only what changes nothing may be left like this.
 */
export async function untilAborted<Value>(work: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (signal === undefined) return await work
  // The one that loses the race must not become an unhandled rejection.
  work.catch(() => undefined)
  signal.throwIfAborted()
  let stop!: () => void
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason)
  })
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
