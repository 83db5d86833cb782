// `node bench/robustness/measure.ts HALF COUNT PAIRS OUTPUT`: compares what the attacks make of one half of the photographs with the originals and
// with strangers, and writes distances and histograms. Started by bench/robustness.ts, once for each half.
import { writeFileSync } from 'node:fs'
import { compareFeatures, isOfPicture } from '@colophon/sdk/fingerprint'
import { hammingDistance } from '@colophon/sdk/iscc'
import { imageAttacks } from '../attacks/image.ts'
import { cachedFeatures, isCached, keyOf, type PictureFeatures } from './features.ts'
import { photographs, strangers } from './photographs.ts'

/** What comparing an attacked picture with a reference gave. */
export interface Comparison {
  pdq: number
  blockhash: number
  iscc: number
  views: number
  /** Score of the geometric fit; 0 when there is none. */
  keypoints: number
  inliers: number
  /** Whether the fit is of the picture, and not only of a caption or a logo that lies on both. */
  ofPicture: boolean
}

export interface Measurement {
  photographs: number
  /** Of these, how many were compared with the strangers. */
  queried: number
  references: number
  /** For each attack, in the order of the photographs. */
  copies: Record<string, (Comparison & { photograph: string; plain: boolean })[]>
  /** Pairs of photographs with the same caption or the same page around them: strangers that share something. */
  overlays: Record<string, (Comparison & { plain: boolean })[]>
  /** How many pairs of strangers have which value; the score is rounded down. */
  strangers: Record<'pdq' | 'blockhash' | 'iscc' | 'views', { pairs: number; histogram: number[] }> & {
    keypoints: { pairs: number; histogram: number[]; inliers: number[] }
  }
  /** The pairs of strangers that come nearest, for looking at. */
  nearest: { layer: string; value: number; attack: string; a: string; b: string }[]
}

/** Attacks that put the same things on every photograph. */
const OVERLAYS = ['text', 'social-media chain', 'screenshot in a page']
/** Photographs that each one with an overlay is compared with. */
const NEIGHBOURS = 4

const NAMES = ['original', ...imageAttacks.map(({ name }) => name)]

interface Reference {
  id: string
  features: PictureFeatures
}

async function load(items: readonly { id: string }[]): Promise<Reference[]> {
  const loaded: Reference[] = []
  for (const { id } of items) {
    if (isCached(keyOf(id))) loaded.push({ id, features: await cachedFeatures(keyOf(id), () => Promise.reject(new Error(id))) })
  }
  return loaded
}

function compared(a: PictureFeatures, b: PictureFeatures): Comparison & { plain: boolean } {
  const { fit, views } = compareFeatures(a.local, b.local)
  return {
    plain: a.plain || b.plain,
    pdq: hammingDistance(a.pdq, b.pdq),
    blockhash: hammingDistance(a.blockhash, b.blockhash),
    iscc: hammingDistance(a.iscc, b.iscc),
    views: views.distance,
    keypoints: fit?.score ?? 0,
    inliers: fit?.inliers.length ?? 0,
    ofPicture: fit !== undefined && isOfPicture(fit),
  }
}

async function measure(half: number, count: number, pairs: number, save: (result: Measurement) => void): Promise<void> {
  // All photographs of this half are references, those that the attacks have been made of are queries as well.
  const originals = await load(photographs().filter((_, index) => index % 2 === half))
  const photos = photographs()
    .slice(0, count)
    .filter((_, index) => index % 2 === half)
    .filter(({ id }) => NAMES.every((name) => isCached(keyOf(id, name))))
  const others = (await load(strangers().filter((_, index) => index % 2 === half))).filter(({ features }) => !features.plain)
  const references = [...originals, ...others]
  const result: Measurement = {
    photographs: photos.length,
    queried: 0,
    references: references.length,
    copies: {},
    overlays: {},
    strangers: {
      pdq: { pairs: 0, histogram: Array(257).fill(0) },
      blockhash: { pairs: 0, histogram: Array(257).fill(0) },
      iscc: { pairs: 0, histogram: Array(257).fill(0) },
      views: { pairs: 0, histogram: Array(257).fill(0) },
      keypoints: { pairs: 0, histogram: Array(200).fill(0), inliers: Array(200).fill(0) },
    },
    nearest: [],
  }
  for (const [index, { id }] of photos.entries()) {
    const own = originals.find((reference) => reference.id === id)!.features
    for (const attack of NAMES) {
      const query = await attacked(id, attack)
      result.copies[attack] ??= []
      result.copies[attack].push({ photograph: id, ...compared(query, own) })
      if (!OVERLAYS.includes(attack)) continue
      result.overlays[attack] ??= []
      for (const other of photos.slice(index + 1, index + 1 + NEIGHBOURS)) {
        result.overlays[attack].push(compared(query, await attacked(other.id, attack)))
      }
    }
  }
  const every = Math.max(Math.floor((photos.length * NAMES.length * (references.length - 1)) / pairs), 1)
  let turn = half * 17
  for (const [index, { id }] of photos.entries()) {
    for (const attack of NAMES) {
      const query = await attacked(id, attack)
      // Plain pictures are compared with nothing.
      if (query.plain) continue
      for (const reference of references) {
        if (reference.id !== id && !reference.features.plain) countStrangers(result, { id, attack, query }, reference, turn++ % every === 0)
      }
    }
    result.queried = index + 1
    console.log(`half ${half}: ${index + 1} of ${photos.length}`)
    if (index % 5 === 4 || index === photos.length - 1) save(result)
  }
}

/** Pairs nearer than this are kept for looking at. */
const NEAR = { pdq: 72, blockhash: 20, iscc: 24, views: 64 } as const

/** Adds a pair of strangers to the histograms, by codes only or by keypoints as well. */
function countStrangers(
  result: Measurement,
  { id, attack, query }: { id: string; attack: string; query: PictureFeatures },
  { id: other, features }: Reference,
  full: boolean,
): void {
  const { views, fit } = compareFeatures(query.local, features.local, { viewsOnly: !full })
  const values = {
    pdq: hammingDistance(query.pdq, features.pdq),
    blockhash: hammingDistance(query.blockhash, features.blockhash),
    iscc: hammingDistance(query.iscc, features.iscc),
    views: views.distance,
  }
  for (const layer of ['pdq', 'blockhash', 'iscc', 'views'] as const) {
    result.strangers[layer].histogram[values[layer]]!++
    result.strangers[layer].pairs++
    if (values[layer] <= NEAR[layer]) result.nearest.push({ layer, value: values[layer], attack, a: id, b: other })
  }
  if (!full) return
  const table = result.strangers.keypoints
  table.histogram[Math.min(Math.max(Math.floor(fit?.score ?? 0), 0), 199)]!++
  table.inliers[Math.min(fit?.inliers.length ?? 0, 199)]!++
  table.pairs++
  if (fit !== undefined && fit.score >= 4) result.nearest.push({ layer: 'keypoints', value: fit.score, attack, a: id, b: other })
}

function attacked(id: string, attack: string): Promise<PictureFeatures> {
  return cachedFeatures(keyOf(id, attack), () => Promise.reject(new Error(`${attack} of ${id} is not on the disk.`)))
}

const [half, count, pairs, output] = process.argv.slice(2) as [string, string, string, string]
// Saved on the way, so that a run that is stopped leaves what it has measured.
await measure(Number(half), Number(count), Number(pairs), (result) => writeFileSync(output, JSON.stringify(result)))
