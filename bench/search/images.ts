// Crops among many pictures, each with its views and the keys of its keypoints, in a process of its own: images.ts COUNT. The views of a picture depend on each other as
// those of photographs do: the larger a crop, the more it is like the whole. Of its 500 keys a quarter are of a few thousand that many pictures have (four in common for two
// strangers were measured). A question is a crop of 40 % that somebody cut where they liked: no code of it is near a view, and of its keypoints ten to twenty have the
// key they had (of ten photographs seven had between nine and sixty).
import { createSimilarityIndex, type WorkFeatures } from '@colophon/sdk/search'
import { type Measured, measure, rounded } from './measure.ts'
import { lots, related, stranger } from './pictures.ts'

/** Shares of width and height that the views of a picture have (sdk/src/fingerprint/image/views.ts). */
const SHARES = [
  ...[0.96, 0.92, 0.88, 0.84, 0.8, 0.75, 0.7, 0.65, 0.6, 0.5],
  ...[0.95, 0.9, 0.85, 0.8, 0.7, 0.6, 0.5].flatMap((share) => [share, share, share, share]),
  ...[0.5, 0.5, 0.5, 0.5],
]
const QUESTIONS = 100

/** Keys of a picture, those of them that are common, and of how many common ones there are. */
const KEYS = 500
const COMMON = 120
const COMMON_KEYS = 3600

const count = Number(process.argv[2])

/** The same picture for the same number: its code, and those of its views. */
function picture(number: number): WorkFeatures {
  const next = lots(number * 2 + 1)
  for (let turn = 0; turn < 4; turn++) next()
  const [whole, ...parts] = related([1, ...SHARES], next)
  const keys = BigUint64Array.from({ length: KEYS }, (_, key) => (key < COMMON ? BigInt(next() % COMMON_KEYS) : ownKey(next)))
  // Eight sizes, and 32 directions.
  const places = Uint32Array.from(keys, () => (next() % 8) * 64 + (next() % 32))
  return { media: 'image', codes: [whole!], parts: parts!, keys, places }
}

function ownKey(next: () => number): bigint {
  return (BigInt(next()) << 32n) | BigInt(next())
}

const index = await createSimilarityIndex()
function* works(): Generator<{ id: string; features: WorkFeatures }> {
  for (let number = 0; number < count; number++) yield { id: String(number), features: picture(number) }
}
const [started, used] = [performance.now(), process.cpuUsage()]
await index.insertMany(works())
const { user, system } = process.cpuUsage(used)
const next = lots(5)
const asked = await measure(QUESTIONS, async () => {
  const number = next() % count
  const original = picture(number)
  const { keys, places } = picture(count + (next() % count))
  // The crop is larger on its own frame by two and a half steps of size.
  const larger = 2 + (next() % 2)
  const kept = 10 + (next() % 11)
  for (let at = 0; at < kept; at++) {
    const from = COMMON + (next() % (KEYS - COMMON))
    keys[KEYS - 1 - at] = original.keys[from]!
    places![KEYS - 1 - at] = original.places![from]! + 64 * larger
  }
  const codes = [stranger(next), stranger(next)]
  const asks = Array.from({ length: 8 }, () => stranger(next))
  const parts = Array.from({ length: SHARES.length }, () => stranger(next))
  return async () => {
    const [hit] = await index.search({ features: { media: 'image', codes, asks, parts, keys, places: places! } })
    return hit?.id === String(number)
  }
})
const result: Measured = {
  n: count,
  features: count * (1 + SHARES.length + KEYS),
  buildS: rounded((performance.now() - started) / 1000),
  buildCpuS: rounded((user + system) / 1e6),
  rssMB: Math.round(process.memoryUsage().rss / 1e6),
  ...asked,
}
process.send!(result)
process.disconnect()
