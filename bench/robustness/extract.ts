// `node bench/robustness/extract.ts PART OF COUNT`: features of every OF-th of the first COUNT photographs and of all that the attacks make
// of them, and of every OF-th stranger, on to the disk. Started by bench/robustness.ts, once for every core.
import { readFileSync } from 'node:fs'
import sharp from 'sharp'
import { imageAttacks } from '../attacks/image.ts'
import { cachedFeatures, isCached, keyOf } from './features.ts'
import { loadPhoto, original, photographs, strangers } from './photographs.ts'

// The parts share the cores; sharp's own threads would only wait for each other.
sharp.concurrency(1)
sharp.cache(false)

const [part, of, count] = process.argv.slice(2).map(Number) as [number, number, number]
const mine = <Item>(items: readonly Item[]): Item[] => items.filter((_, index) => index % of === part)

const chosen = photographs()
const all = chosen.slice(0, count)
for (const photograph of mine(chosen)) {
  const key = keyOf(photograph.id)
  if (!isCached(key)) await cachedFeatures(key, async () => await original(await loadPhoto(photograph)))
}
for (const stranger of mine(strangers())) {
  // Pictures that are no pictures, or too large, are no strangers either.
  await cachedFeatures(keyOf(stranger.id), () => Promise.resolve(readFileSync(stranger.path))).catch(() => undefined)
}
let done = 0
for (const photograph of mine(all)) {
  const missing = imageAttacks.filter((attack) => !isCached(keyOf(photograph.id, attack.name)))
  if (missing.length > 0) {
    const photo = await loadPhoto(photograph)
    for (const attack of missing) await cachedFeatures(keyOf(photograph.id, attack.name), () => attack.make(photo))
  }
  console.log(`${part + 1}/${of}: ${++done} of ${mine(all).length}`)
}
