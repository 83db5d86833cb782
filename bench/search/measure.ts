/** What asking an index of works by all their features takes. Milliseconds by the clock (median, 95th of 100) and of the processor (median). */
export interface Measured {
  n: number
  /** Codes or keys of all works. */
  features: number
  buildS: number
  buildCpuS: number
  rssMB: number
  questions: number
  p50: number
  p95: number
  cpu: number
  /** Seconds of the processor until the index was open again, and until it had answered for the first time. */
  openS?: number
  answerS?: number
  /** Share of the questions whose work came first. */
  recall: number
}

export const rounded = (value: number): number => Number(value.toPrecision(3))

/** Asks so many questions, each made ready before its time is taken. */
export async function measure(
  questions: number,
  prepare: () => Promise<() => Promise<boolean>>,
): Promise<Pick<Measured, 'questions' | 'p50' | 'p95' | 'cpu' | 'recall'>> {
  const times: number[] = []
  const used: number[] = []
  let right = 0
  for (let question = 0; question < questions; question++) {
    const ask = await prepare()
    const [begun, cpu] = [performance.now(), process.cpuUsage()]
    if (await ask()) right++
    times.push(performance.now() - begun)
    const { user, system } = process.cpuUsage(cpu)
    used.push((user + system) / 1000)
  }
  times.sort((a, b) => a - b)
  used.sort((a, b) => a - b)
  const at = (sorted: readonly number[], share: number): number => rounded(sorted[Math.floor((sorted.length - 1) * share)]!)
  return { questions, p50: at(times, 0.5), p95: at(times, 0.95), cpu: at(used, 0.5), recall: right / questions }
}
