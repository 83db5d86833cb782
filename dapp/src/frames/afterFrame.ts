/** Milliseconds after which it runs all the same: pages that nobody sees have no frames. */
const LATEST = 250

/**
 * Runs something once the next frame is on the screen, so that a press is seen to be answered before what follows from it is worked out.
 * @returns takes it back
 */
export function afterFrame(run: () => void): () => void {
  let timer = setTimeout(ready, LATEST)
  const frame = requestAnimationFrame(() => {
    clearTimeout(timer)
    timer = setTimeout(run)
  })
  function ready(): void {
    cancelAnimationFrame(frame)
    run()
  }
  return () => {
    cancelAnimationFrame(frame)
    clearTimeout(timer)
  }
}
