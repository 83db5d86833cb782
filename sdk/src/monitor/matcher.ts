import { PLAIN_QUALITY } from '../fingerprint/fingerprint.ts'
import { fromBase64url } from '../fingerprint/image/base64.ts'
import { compare, decodeFeatures, type Fingerprint, type Match, type Media } from '../fingerprint/index.ts'
import { askedFeaturesOf, createSimilarityIndex, featuresOf, type SimilarityIndex, type WorkFeatures } from '../search/index.ts'

/** A work that is watched for. */
export interface WatchedWork {
  /** Id of its deposit, or any other that is yours. */
  id: string
  fingerprint: Fingerprint
  title?: string
  /** Path of the work itself, for pictures that show what a copy shares with it. */
  file?: string
}

/** Works that are watched for. */
export interface WatchedWorks {
  readonly size: number
  get(id: string): Promise<WatchedWork | undefined>
  /** The works that a file or text shows, judged by `compare`. */
  search(found: Fingerprint, signal?: AbortSignal): Promise<{ work: WatchedWork; match: Match }[]>
  /** How many works of a medium there are: with each a comparison may err. */
  count(media: Media): number
  /** Changes when the works do. */
  readonly digest: string
  close(): Promise<void>
}

/** Works that the index suggests at most. */
const SUGGESTED = 30
/**
 * Works of one medium up to which each is compared with everything that is found. What the index knows of a work, its codes and passages, misses recordings and the
 * hardest changes of pictures; `compare` takes some milliseconds.
 */
const COMPARED = 300

/** Gathers works for a watch. Their fingerprints stay in memory, some 30 KB for a picture. */
export async function createWatchedWorks(works: Iterable<WatchedWork> | AsyncIterable<WatchedWork>): Promise<WatchedWorks> {
  const byId = new Map<string, WatchedWork>()
  const byMedia = new Map<Media, WatchedWork[]>()
  const index: SimilarityIndex = await createSimilarityIndex()
  const ids: string[] = []
  async function* indexed(): AsyncGenerator<{ id: string; features: WorkFeatures }> {
    for await (const work of works) {
      if (byId.has(work.id)) continue
      byId.set(work.id, work)
      const { media, sha256 } = work.fingerprint
      byMedia.set(media, [...(byMedia.get(media) ?? []), work])
      ids.push(`${work.id} ${sha256}`)
      yield { id: work.id, features: featuresWithViews(work.fingerprint) }
    }
  }
  await index.insertMany(indexed())
  return {
    size: byId.size,
    get: async (id) => byId.get(id),
    count: (media) => byMedia.get(media)?.length ?? 0,
    digest: JSON.stringify(ids.sort()),
    async search(found, signal) {
      const suggested = new Set<WatchedWork>()
      for (const { id } of await index.search(
        { features: featuresWithViews(found, askedFeaturesOf(found)) },
        { k: SUGGESTED, ...(signal === undefined ? {} : { signal }) },
      ))
        suggested.add(byId.get(id)!)
      const all = byMedia.get(found.media) ?? []
      if (all.length <= COMPARED) for (const work of all) suggested.add(work)
      const hits: { work: WatchedWork; match: Match }[] = []
      for (const work of suggested) {
        signal?.throwIfAborted()
        const match = compare(work.fingerprint, found)
        if (match.verdict !== 'different') hits.push({ work, match })
      }
      return hits
    },
    close: () => index.close(),
  }
}

/** What the index finds works by, and of a picture also the codes of its crops; a query asks with its turns too. */
function featuresWithViews(fingerprint: Fingerprint, features: WorkFeatures = featuresOf(fingerprint)): WorkFeatures {
  if (fingerprint.media !== 'image' || fingerprint.plain) return features
  const bytes = fingerprint.features.local === undefined ? undefined : fromBase64url(fingerprint.features.local)
  if (bytes === undefined) return features
  const { views, turns } = decodeFeatures(bytes)
  return {
    ...features,
    codes: [...features.codes, ...views.filter(({ quality }) => quality > PLAIN_QUALITY).map(({ code }) => code)],
    asks: turns,
  }
}
