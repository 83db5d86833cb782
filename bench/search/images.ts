// Crops among many pictures, each with its views and the keys of its keypoints, in a process of its own: images.ts COUNT. The views of a picture depend on each other as
// those of photographs do: the larger a crop, the more it is like the whole. Of its 500 keys a quarter are of a few thousand that many pictures have (four in common for two
// strangers were measured). A question is a crop of 40 % that somebody cut where they liked: no code of it is near a view, and of its keypoints ten to twenty have the
// key they had (of ten photographs seven had between nine and sixty).
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSimilarityIndex, type WorkFeatures } from '@colophon/sdk/search'
import { type Measured, measure, rounded } from './measure.ts'
import { lots, related, stranger } from './pictures.ts'

/** Shares of width and height that the views of a picture have (sdk/src/fingerprint/image/views.ts). */
const SHARES = [
  ...[0.96, 0.92, 0.88, 0.84, 0.8, 0.75, 0.7, 0.65, 0.6, 0.5],
  ...[0.95, 0.9, 0.85, 0.8, 0.7, 0.6, 0.5].flatMap((share) => [share, share, share, share]),
  ...[0.5, 0.5, 0.5, 0.5],
]
const QUESTIONS = 200

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

/** Pictures that are made in full; the others have the codes of one of these, each with bits of its own flipped, and keys that are drawn anew: that takes a thirtieth of the time. */
const POOL = 2000
/** Bits that are flipped, some 70: nothing is within any threshold of the picture it was made from. */
const FLIPS = 80
const pool = new Map<number, WorkFeatures>()
const draw = lots(11)
const masks = Array.from({ length: 4096 }, () => {
  const mask = new Uint32Array(8)
  for (let flip = 0; flip < FLIPS; flip++) {
    const bit = draw() % 256
    mask[bit >> 5]! ^= 1 << (bit & 31)
  }
  return mask
})

function drawn(): WorkFeatures {
  const number = count + (draw() % POOL)
  const like = pool.get(number) ?? picture(number)
  pool.set(number, like)
  // One mask for all of a picture's codes: as near to each other as those of the other are.
  const [first, second] = [masks[draw() % masks.length]!, masks[draw() % masks.length]!]
  const flipped = (code: Uint8Array): Uint8Array => {
    const words = new Uint32Array(8)
    words.set(new Uint32Array(code.buffer, code.byteOffset, 8))
    for (let word = 0; word < 8; word++) words[word]! ^= first[word]! ^ second[word]!
    return new Uint8Array(words.buffer)
  }
  const keys = new BigUint64Array(KEYS)
  const halves = new Uint32Array(keys.buffer)
  const places = new Uint32Array(KEYS)
  for (let key = 0; key < KEYS; key++) {
    halves[key * 2] = key < COMMON ? draw() % COMMON_KEYS : draw()
    if (key >= COMMON) halves[key * 2 + 1] = draw()
    places[key] = (draw() % 8) * 64 + (draw() % 32)
  }
  return { media: 'image', codes: like.codes.map(flipped), parts: like.parts!.map(flipped), keys, places }
}

const folder = mkdtempSync(join(tmpdir(), 'colophon-bench-images-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
const index = await openSimilarityIndex(folder)
const asked = Array.from({ length: Math.min(QUESTIONS, count) }, (_, at) => Math.floor((at * count) / QUESTIONS))
const isAsked = new Set(asked)
function* works(): Generator<{ id: string; features: WorkFeatures }> {
  for (let number = 0; number < count; number++) {
    if (number % 50_000 === 49_999) console.error(number + 1, rounded(performance.now() / 1000), rounded(process.memoryUsage().rss / 1e6))
    yield { id: String(number), features: isAsked.has(number) ? picture(number) : drawn() }
  }
}
const [started, used] = [performance.now(), process.cpuUsage()]
await index.insertMany(works())
const { user, system } = process.cpuUsage(used)
const buildS = rounded((performance.now() - started) / 1000)
const next = lots(5)
let question = 0
const found = await measure(QUESTIONS, async () => {
  const number = asked[question++ % asked.length]!
  const original = picture(number)
  const { keys, places } = picture(count + POOL + (next() % count))
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
  // Mirrored and in negative it has other keys.
  const askedKeys = Array.from({ length: 3 }, () => picture(count + POOL + (next() % count))).map((other) => ({
    keys: other.keys,
    places: other.places!,
  }))
  return async () => {
    const [hit] = await index.search({ features: { media: 'image', codes, asks, parts, keys, places: places!, askedKeys } })
    return hit?.id === String(number)
  }
})
const rssMB = Math.round(process.memoryUsage().rss / 1e6)
await index.close()
const opening = process.cpuUsage()
const secondsSince = ({ user, system }: NodeJS.CpuUsage): number => rounded((user + system) / 1e6)
const again = await openSimilarityIndex(folder, { mode: 'read' })
const openS = secondsSince(process.cpuUsage(opening))
const known = picture(asked[0]!)
await again.search({ features: known })
const answerS = secondsSince(process.cpuUsage(opening))
const result: Measured = {
  n: count,
  features: count * (1 + SHARES.length + KEYS),
  buildS,
  buildCpuS: rounded((user + system) / 1e6),
  rssMB,
  openS,
  answerS,
  ...found,
}
process.send!(result)
process.disconnect()
await again.close()
