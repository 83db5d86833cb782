// Quotations among many texts, in a process of its own: texts.ts COUNT. Hashes of passages are numbers by lot, as hashes are; a hundredth of the
// texts has the same licence at its end.
import { createSimilarityIndex, type WorkFeatures } from '@colophon/sdk/search'
import { median } from '../report.ts'
import { lots } from './pictures.ts'

export interface Texts {
  n: number
  keys: number
  questions: number
  buildS: number
  /** Milliseconds, and the share of quotations whose text came first. */
  p50: number
  p95: number
  cpu: number
  recall: number
}

/** Winnowing keeps two of 21 hashes: of 200 words with 5.5 letters some 105, of a quotation of 60 words some 29, of which two at its ends may differ. */
const OF_TEXT = 105
const OF_QUOTATION = 27
const OF_LICENCE = 200
const QUESTIONS = 200

const count = Number(process.argv[2])
const next = lots(3)
const licence = BigUint64Array.from({ length: OF_LICENCE }, () => BigInt(next()))
const featuresOf = (keys: BigUint64Array): WorkFeatures => ({ media: 'text', codes: [], keys })

/** The same text for the same number. */
function text(number: number): BigUint64Array {
  // Odd seeds, of which no two give the same numbers.
  const own = lots(number * 2 + 1001)
  const length = (OF_TEXT >> 1) + (own() % OF_TEXT)
  return BigUint64Array.from([...Array.from({ length }, () => BigInt(own())), ...(number % 100 === 0 ? licence : [])])
}

const index = await createSimilarityIndex()
let keys = 0
function* works(): Generator<{ id: string; features: WorkFeatures }> {
  for (let number = 0; number < count; number++) {
    const own = text(number)
    keys += own.length
    yield { id: String(number), features: featuresOf(own) }
  }
}
const started = performance.now()
await index.insertMany(works())
const buildS = Number(((performance.now() - started) / 1000).toPrecision(3))

const times: number[] = []
const used: number[] = []
let right = 0
for (let question = 0; question < QUESTIONS; question++) {
  // Of texts without the licence, which is in many.
  const number = next() % count
  if (number % 100 === 0) {
    question--
    continue
  }
  const whole = text(number)
  const from = next() % (whole.length - OF_QUOTATION + 1)
  const quotation = BigUint64Array.from([...whole.subarray(from, from + OF_QUOTATION), BigInt(next()), BigInt(next())])
  const [begun, cpu] = [performance.now(), process.cpuUsage()]
  const [hit] = await index.search({ features: featuresOf(quotation) })
  times.push(performance.now() - begun)
  const { user, system } = process.cpuUsage(cpu)
  used.push((user + system) / 1000)
  if (hit?.id === String(number)) right++
}
times.sort((a, b) => a - b)
const rounded = (value: number): number => Number(value.toPrecision(3))
const result: Texts = {
  n: count,
  keys,
  questions: QUESTIONS,
  buildS,
  p50: rounded(median(times)),
  p95: rounded(times[Math.floor(QUESTIONS * 0.95)]!),
  cpu: rounded(median(used)),
  recall: right / QUESTIONS,
}
process.send!(result)
process.disconnect()
