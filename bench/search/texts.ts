// Quotations among many texts, in a process of its own: texts.ts COUNT. Hashes of passages are numbers by lot, as hashes are; a hundredth of the
// texts has the same licence at its end.
import { createSimilarityIndex, type WorkFeatures } from '@colophon/sdk/search'
import { type Measured, measure, rounded } from './measure.ts'
import { lots } from './pictures.ts'

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
const [started, used] = [performance.now(), process.cpuUsage()]
await index.insertMany(works())
const { user, system } = process.cpuUsage(used)
const buildS = rounded((performance.now() - started) / 1000)

const asked = await measure(QUESTIONS, async () => {
  // Of texts without the licence, which is in many.
  let number = next() % count
  while (number % 100 === 0) number = next() % count
  const whole = text(number)
  const from = next() % (whole.length - OF_QUOTATION + 1)
  const quotation = BigUint64Array.from([...whole.subarray(from, from + OF_QUOTATION), BigInt(next()), BigInt(next())])
  return async () => (await index.search({ features: featuresOf(quotation) }))[0]?.id === String(number)
})
const result: Measured = {
  n: count,
  features: keys,
  buildS,
  buildCpuS: rounded((user + system) / 1e6),
  rssMB: Math.round(process.memoryUsage().rss / 1e6),
  ...asked,
}
process.send!(result)
process.disconnect()
