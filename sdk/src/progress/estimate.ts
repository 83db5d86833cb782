import type { Progress } from './progress.ts'

/** Milliseconds of which the speed is taken. */
const SPAN = 20_000

/**
 * Tells how long something will take yet, by the speed of the last seconds. What was done before the first call, as by an earlier run, does not
 * count as speed.
 */
export function createEstimate(
  now: () => number = () => performance.now(),
): (done: number, total: number | undefined) => Pick<Progress, 'secondsLeft'> {
  let marks: { at: number; done: number }[] = []
  return (done, total) => {
    const at = now()
    const last = marks.at(-1)
    if (last === undefined || at - last.at >= SPAN / 20) {
      marks.push({ at, done })
      marks = marks.filter((mark, index) => at - mark.at <= SPAN || index === marks.length - 1)
    }
    const first = marks[0]!
    if (total === undefined || done <= first.done || at <= first.at) return {}
    return { secondsLeft: Math.max(0, Math.round(((total - done) * (at - first.at)) / (done - first.done) / 1000)) }
  }
}
