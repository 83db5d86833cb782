import { expect } from 'chai'
import { installPeer } from '../../../scripts/setup/peers.ts'
import { compare, type Fingerprint, fingerprint } from '../../src/fingerprint/index.ts'
import { createSimilarityIndex, featuresOf, type SimilarityIndex, type WorkFeatures } from '../../src/search/index.ts'
import { expectError } from '../expectError.ts'
import { blobs, bytesOf, photo } from '../fingerprint/media.ts'
import { numbers, play } from '../fingerprint/recordings.ts'
import { prose, utf8 } from '../fingerprint/works.ts'
import { distanceOf, flipped, randomCode, randomWords } from './codes.ts'
import { film, type Scene } from './film.ts'
import { recording } from './recording.ts'

/** Works of one medium in an index, and what `explain` and `search` load. */
async function indexOf(
  works: Record<string, Fingerprint>,
): Promise<{ index: SimilarityIndex; load: (id: string) => Promise<Fingerprint | undefined> }> {
  const index = await createSimilarityIndex()
  await index.insertMany(Object.entries(works).map(([id, found]) => ({ id, fingerprint: found })))
  return { index, load: async (id) => works[id] }
}

describe('The features of works in an index', () => {
  describe('of pictures', () => {
    let works: Record<string, Fingerprint>
    before(async () => {
      works = { coffee: await fingerprint(await bytesOf(photo())) }
      for (let seed = 1; seed <= 8; seed++) works[`blobs ${seed}`] = await fingerprint(await blobs(seed, 480, 360))
    })

    /** The photograph cut down to a share of its width and height. */
    async function cut(left: number, top: number, share: number): Promise<Fingerprint> {
      const { width, height } = await photo().metadata()
      const [wide, high] = [Math.round(width! * share), Math.round(height! * share)]
      return await fingerprint(
        await bytesOf(photo().extract({ left: Math.round(width! * left), top: Math.round(height! * top), width: wide, height: high })),
      )
    }

    it('find a picture of which two fifths were cut off, and explain as compare does', async () => {
      const { index, load } = await indexOf(works)
      for (const [left, top, share] of [
        [0.2, 0.2, 0.6],
        [0, 0, 0.6],
        [0.4, 0.4, 0.6],
        [0.25, 0.25, 0.5],
      ] as const) {
        const query = await cut(left, top, share)
        const [hit, ...others] = await index.search(query)
        expect(hit!.id, `${left} ${top} ${share}`).to.equal('coffee')
        expect(others).to.deep.equal([])
        expect(hit).to.include({ verdict: 'similar' })
        expect(hit!.codes).to.include({ part: 'query' })
        expect((await index.explain(query, 'coffee')).reason).to.match(
          /^A part of one work looks like the other: their codes differ in \d+ of 256 bits\.$/,
        )
        const [verified] = await index.search(query, { load })
        expect(verified).to.deep.equal({ ...hit, verdict: 'copy', match: compare(query, works.coffee!) })
      }
    })

    it('find a cut that is none of the parts, by its keypoints', async () => {
      const { index, load } = await indexOf(works)
      for (const [left, top, share] of [
        [0.13, 0.21, 0.632],
        [0.31, 0.05, 0.55],
      ] as const) {
        const query = await cut(left, top, share)
        const { codes, asks = [] } = featuresOf(query)
        const parts = featuresOf(works.coffee!).parts!
        // No code of it is near any part, so that only keypoints can find it.
        expect(Math.min(...[...codes, ...asks].flatMap((code) => parts.map((part) => distanceOf(code, part))))).to.be.greaterThan(55)
        const [hit, ...others] = await index.search(query)
        expect(hit).to.include({ id: 'coffee', verdict: 'similar' })
        expect(hit!.keys!.shared).to.be.at.least(8)
        expect(others).to.deep.equal([])
        expect((await index.explain(query, 'coffee')).reason).to.match(
          /^The second work has \d+ of \d+ keypoints of the first, arranged alike\.$/,
        )
        expect((await index.search(query, { load }))[0]).to.deep.include({ verdict: 'copy', match: compare(query, works.coffee!) })
      }
    })

    it('find a free cut that is mirrored, in negative, or both, and explain as compare does', async () => {
      const { index, load } = await indexOf(works)
      const { width, height } = await photo().metadata()
      const box = {
        left: Math.round(width! * 0.13),
        top: Math.round(height! * 0.21),
        width: Math.round(width! * 0.632),
        height: Math.round(height! * 0.632),
      }
      for (const [name, change] of Object.entries({
        mirrored: photo().extract(box).flop(),
        negative: photo().extract(box).negate(),
        both: photo().extract(box).flop().negate(),
      })) {
        const query = await fingerprint(await bytesOf(change))
        // As it is, nothing of it meets anything: only the other keys can find it.
        expect(await index.search({ features: featuresOf(query) }), name).to.deep.equal([])
        const [hit, ...others] = await index.search(query)
        expect(hit, name).to.include({ id: 'coffee', verdict: 'similar' })
        expect(hit!.keys!.shared).to.be.at.least(8)
        expect(others).to.deep.equal([])
        expect((await index.explain(query, 'coffee')).verdict).to.equal('similar')
        const [verified] = await index.search(query, { load })
        expect(verified!.match).to.deep.equal(compare(query, works.coffee!))
        expect(verified!.verdict).to.equal('copy')
      }
    })

    it('find the part where the whole is asked for', async () => {
      const { index } = await indexOf({ ...works, coffee: await cut(0.2, 0.2, 0.6) })
      const [hit] = await index.search(works.coffee!)
      expect(hit).to.deep.include({ id: 'coffee', verdict: 'similar' })
      expect(hit!.codes).to.include({ part: 'indexed' })
      const { parts, codes, asks } = featuresOf(works.coffee!)
      expect(hit!.codes!.query).to.be.within(codes.length + asks!.length, codes.length + asks!.length + parts!.length - 1)
    })

    it('find a picture that was turned, mirrored or inverted', async () => {
      const { index } = await indexOf(works)
      for (const change of [photo().rotate(90), photo().rotate(180), photo().flop(), photo().negate()]) {
        const [hit] = await index.search(await fingerprint(await bytesOf(change)))
        expect(hit!.id).to.equal('coffee')
        expect(hit!.codes!.distance).to.be.at.most(31)
      }
    })

    it('leave out parts that are too plain, and keep what is there in order', async () => {
      const features = featuresOf(works.coffee!)
      expect(features.parts!.length).to.be.within(10, 42)
      expect(features.asks).to.have.length(8)
      // The first code asks for the negative of what the second code is.
      expect(distanceOf(features.asks![7]!, features.codes[1]!)).to.equal(256)
      expect(featuresOf({ ...works.coffee!, plain: true } as Fingerprint)).to.deep.include({ codes: [], keys: new BigUint64Array(0) })
    })

    it('meet parts within 55 bits only, and parts never meet parts', async () => {
      const next = randomWords(5)
      const [whole, part] = [randomCode(next), randomCode(next)]
      const keys = new BigUint64Array(0)
      const index = await createSimilarityIndex()
      await index.insert({ id: 'work', features: { media: 'image', codes: [whole], parts: [part], keys } })
      const ask = async (codes: Uint8Array[], parts: Uint8Array[] = []): Promise<unknown> =>
        (await index.search({ features: { media: 'image', codes, parts, keys } }, { exact: true })).map(({ codes: found }) => found)
      expect(await ask([flipped(whole, 75, next)])).to.deep.equal([{ distance: 75, query: 0, indexed: 0 }])
      expect(await ask([flipped(part, 55, next)])).to.deep.equal([{ distance: 55, query: 0, indexed: 1, part: 'query' }])
      expect(await ask([flipped(part, 56, next)])).to.deep.equal([])
      expect(await ask([], [flipped(whole, 55, next)])).to.deep.equal([{ distance: 55, query: 0, indexed: 0, part: 'indexed' }])
      expect(await ask([], [flipped(whole, 56, next)])).to.deep.equal([])
      expect(await ask([], [part])).to.deep.equal([])
    })
  })

  describe('of films', () => {
    const NO_KEYS = new BigUint64Array(0)
    const filmFeatures = (codes: Uint8Array[], places?: number[]): WorkFeatures => ({
      media: 'video',
      codes,
      keys: NO_KEYS,
      ...(places === undefined ? {} : { places: Uint32Array.from(places) }),
    })
    const framesOf = (count: number, seed: number): Uint8Array[] => {
      const next = randomWords(seed)
      return Array.from({ length: count }, () => randomCode(next))
    }

    it('of one frame must be there within 31 bits', async () => {
      const next = randomWords(7)
      const frames = framesOf(2, 7)
      const index = await createSimilarityIndex()
      await index.insert({ id: 'film', features: filmFeatures(frames) })
      const near = { features: filmFeatures([flipped(frames[1]!, 31, next)]) }
      const far = { features: filmFeatures([flipped(frames[1]!, 32, next)]) }
      expect(await index.search(near, { exact: true })).to.deep.equal([
        {
          id: 'film',
          media: 'video',
          verdict: 'similar',
          codes: { distance: 31, query: 0, indexed: 1 },
          frames: { shared: 1, of: 1, offset: 0.2, tempo: 1 },
        },
      ])
      expect((await index.explain(near, 'film')).verdict).to.equal('similar')
      expect(await index.search(far, { exact: true, threshold: 75 })).to.deep.equal([])
      expect((await index.explain(far, 'film')).verdict).to.equal('different')
    })

    it('are not found by a single frame, however near and however often it comes, nor by frames in another order', async () => {
      const [own, others, card] = [framesOf(30, 1), framesOf(30, 2), framesOf(1, 3)[0]!]
      const index = await createSimilarityIndex()
      const between = (frames: Uint8Array[]): Uint8Array[] => frames.flatMap((frame, at) => (at % 10 === 5 ? [frame, card] : [frame]))
      await index.insert({ id: 'film', features: filmFeatures(between(own)) })
      // The same card at the same three moments.
      const stranger = { features: filmFeatures(between(others)) }
      expect(await index.search(stranger, { exact: true })).to.deep.equal([])
      expect(await index.explain(stranger, 'film')).to.include({
        verdict: 'different',
        reason: 'The films have too few frames in common that lie alike in both.',
      })
      // Six frames of the film, each of them as it is, but from all over it.
      const jumbled = {
        features: filmFeatures(
          [20, 3, 28, 0, 14, 9].map((at) => own[at]!),
          [0, 40, 80, 120, 160, 200],
        ),
      }
      expect(await index.search(jumbled, { exact: true })).to.deep.equal([])
      const [hit] = await index.search({ features: filmFeatures([8, 9, 10, 11].map((at) => own[at]!)) }, { exact: true })
      expect(hit).to.deep.include({ id: 'film', frames: { shared: 4, of: 4, offset: 1.8, tempo: 1 } })
    })

    it('are found by frames that are 35 to 60 bits off, faster and from the middle, among many', async () => {
      const next = randomWords(19)
      const index = await createSimilarityIndex()
      const places = Array.from({ length: 60 }, (_, at) => at * 15 + (at % 4))
      await index.insertMany(
        Array.from({ length: 600 }, (_, at) => ({ id: `film ${at}`, features: filmFeatures(framesOf(60, 1000 * (at + 1)), places) })),
      )
      const frames = framesOf(60, 1000 * 78)
      // A quarter faster, from the 20th frame on; every third frame shows something else.
      const asked = Array.from({ length: 24 }, (_, at) =>
        at % 3 === 2 ? randomCode(next) : flipped(frames[20 + at]!, 35 + ((at * 7) % 26), next),
      )
      const query = {
        features: filmFeatures(
          asked,
          Array.from({ length: 24 }, (_, at) => Math.round((places[20 + at]! - places[20]!) * 0.8)),
        ),
      }
      const [hit, ...rest] = await index.search(query)
      expect(rest).to.deep.equal([])
      expect(hit).to.include({ id: 'film 77', verdict: 'similar' })
      expect(hit!.frames!.shared).to.be.within(11, 16)
      expect(hit!.frames!.tempo).to.equal(1.25)
      expect(hit!.frames!.offset).to.be.closeTo(places[20]! / 5, 1)
      expect(hit!.codes!.distance).to.be.within(35, 60)
      expect((await index.explain(query, 'film 77')).reason).to.match(
        /^The second film has 16 of 24 frames of the first, in the same order and at one speed\.$/,
      )
    })

    it('are judged as compare judges them: a stranger with the same title card, a film filmed again', async function () {
      this.timeout(120_000)
      const card = { seed: 9, samples: 12 }
      const scenes = (from: number): Scene[] => Array.from({ length: 8 }, (_, at) => ({ seed: from + at, samples: 8 + (at % 5) }))
      const works = { film: await film([card, ...scenes(100)]), other: await film(scenes(300)) }
      const { index, load } = await indexOf(works)
      const stranger = await film([...scenes(200), card])
      expect(await index.search(stranger)).to.deep.equal([])
      expect(await index.search(stranger, { load })).to.deep.equal([])
      expect((await index.explain(stranger, 'film')).verdict).to.equal('different')
      const again = await film(scenes(100).slice(3), { zoom: 1.06, shift: 4 })
      const [hit, ...rest] = await index.search(again, { load })
      expect(rest).to.deep.equal([])
      expect(hit).to.deep.include({ id: 'film', match: compare(again, works.film) })
      expect(hit!.verdict).to.equal(compare(again, works.film).verdict)
      // Not one frame is near enough to be sure by itself.
      expect(hit!.codes!.distance).to.be.greaterThan(31)
      expect(hit!.frames!.shared).to.be.at.least(3)
    })

    it('that hundreds of others are copies of are given from the first on', async () => {
      const index = await createSimilarityIndex()
      const frames = framesOf(4, 61)
      await index.insertMany(Array.from({ length: 600 }, (_, at) => ({ id: `copy ${at}`, features: filmFeatures(frames) })))
      const hits = await index.search({ features: filmFeatures(frames) }, { k: 5 })
      expect(hits.map(({ id, frames: found }) => [id, found!.shared])).to.deep.equal([0, 1, 2, 3, 4].map((at) => [`copy ${at}`, 4]))
      expect(await index.search({ features: filmFeatures(frames) }, { k: 500 })).to.have.length(500)
    })

    it('refuse moments that are not those of their codes', async () => {
      const index = await createSimilarityIndex()
      const codes = framesOf(3, 5)
      for (const places of [
        [0, 1],
        [0, 2, 2],
        [5, 4, 6],
        [0, 1, 2 ** 32 - 1],
      ]) {
        await expectError('INDEX_WORK_INVALID', () => index.insert({ id: 'film', features: filmFeatures(codes, places) }))
      }
      const asking = (askedFrames: unknown): Promise<unknown> =>
        index.search({ features: { ...filmFeatures(codes), askedFrames: askedFrames as never } })
      await asking([{ codes }])
      await expectError('INDEX_WORK_INVALID', () => asking([{ codes, places: Uint32Array.of(3, 2, 1) }]))
      await expectError('INDEX_WORK_INVALID', () => asking(Array.from({ length: 9 }, () => ({ codes }))))
      await expectError('INDEX_WORK_INVALID', () => asking([{ codes: [new Uint8Array(31)] }]))
      await expectError('INDEX_WORK_INVALID', () =>
        index.search({ features: { media: 'image', codes, keys: NO_KEYS, askedFrames: [{ codes }] } }),
      )
      expect(await index.size()).to.equal(0)
    })

    it('find an excerpt that is mirrored and framed', async function () {
      this.timeout(120_000)
      if (!installPeer('node-av')) this.skip()
      const works = { film: await fingerprint('examples/media/coffee.mp4') }
      const { index, load } = await indexOf(works)
      const reel = await fingerprint('examples/media/coffee-reel.webm')
      const [hit] = await index.search(reel)
      expect(hit).to.include({ id: 'film', verdict: 'similar' })
      const [verified] = await index.search(reel, { load })
      expect(verified).to.deep.include({ id: 'film', match: compare(reel, works.film) })
    })
  })

  describe('of recordings', () => {
    const tracks: Record<string, Int16Array> = {}
    let works: Record<string, Fingerprint>
    before(async () => {
      works = {}
      for (let seed = 1; seed <= 6; seed++) {
        tracks[`track ${seed}`] = play({ seed, seconds: 60 })
        works[`track ${seed}`] = await recording(tracks[`track ${seed}`]!)
      }
    })

    it('find five seconds with noise, and where they are', async () => {
      const { index, load } = await indexOf(works)
      for (const [id, from] of [
        ['track 2', 13.37],
        ['track 5', 41],
      ] as const) {
        const excerpt = tracks[id]!.slice(Math.round(from * 11_025), Math.round((from + 5) * 11_025))
        const power = excerpt.reduce((sum, sample) => sum + sample ** 2, 0) / excerpt.length
        const random = numbers(9)
        // As loud as a tenth of the music: 10 dB below it.
        const noise = Math.sqrt((power / 10) * 12)
        const query = await recording(excerpt.map((sample) => Math.max(-32_768, Math.min(32_767, sample + noise * (random() - 0.5)))))
        const [hit, second] = await index.search(query)
        expect(hit).to.include({ id, verdict: 'similar' })
        expect(hit!.keys!.offset).to.be.closeTo(from, 0.2)
        expect(second?.keys?.shared ?? 0).to.be.below(hit!.keys!.shared / 2)
        expect((await index.explain(query, id)).reason).to.match(
          /^The second work has \d+ of \d+ landmarks of the first, arranged alike\.$/,
        )
        const verified = await index.search(query, { load })
        expect(verified[0]).to.deep.include({ id, match: compare(query, works[id]!) })
      }
    })

    it('find six seconds that are played higher, lower, faster or slower, and say how', async () => {
      const { index, load } = await indexOf(works)
      for (const { seed, from, pitch, tempo, noise } of [
        { seed: 2, from: 13.3, pitch: 4, tempo: 1, noise: 0 },
        { seed: 5, from: 41, pitch: -4, tempo: 1, noise: 0.005 },
        { seed: 3, from: 22, pitch: 0, tempo: 1.2, noise: 0 },
        { seed: 1, from: 30, pitch: 0, tempo: 0.8, noise: 0 },
        { seed: 6, from: 8.2, pitch: 2.5, tempo: 1.1, noise: 0.005 },
      ]) {
        const query = await recording(play({ seed, from, seconds: 6, pitch, tempo, noise }))
        const called = `${seed}: ${pitch} semitones, ${tempo} times as slow`
        const [hit, second] = await index.search(query)
        expect(hit, called).to.include({ id: `track ${seed}`, verdict: 'similar' })
        const { offset, tempo: found, pitch: higher } = hit!.keys!
        expect(offset, called).to.be.closeTo(from, 0.7)
        // A second of the query takes so many of the work, which sounds so much higher.
        expect(found, called).to.be.closeTo(1 / tempo, 0.06)
        expect(higher, called).to.be.closeTo(-pitch, 0.5)
        expect(second?.keys?.shared ?? 0).to.be.below(hit!.keys!.shared / 2)
        expect((await index.explain(query, `track ${seed}`)).verdict).to.equal('similar')
        const [verified] = await index.search(query, { load })
        expect(verified!.match, called).to.deep.equal(compare(query, works[`track ${seed}`]!))
        expect(verified!.verdict).to.equal('similar')
      }
    })

    it('pass over landmarks that are everywhere', async () => {
      const index = await createSimilarityIndex()
      const rare = Array.from({ length: 20 }, (_, at) => BigInt(1000 + at))
      const features = (common: number): WorkFeatures => ({
        media: 'audio',
        codes: [],
        keys: BigUint64Array.from([...rare, ...Array.from({ length: common }, () => 7n)]),
        places: Uint32Array.from([...rare.map((_, at) => at * 50), ...Array.from({ length: common }, (_, at) => 1000 + at * 16)]),
      })
      await index.insert({ id: 'some', features: features(1000) })
      expect((await index.search({ features: features(1) }))[0]!.keys!.shared).to.equal(21)
      // A hum that lasts for hours.
      await index.insert({ id: 'hum', features: features(220_000) })
      await index.settled()
      expect((await index.search({ features: features(1) })).map(({ keys }) => keys!.shared)).to.deep.equal([20, 20])
    })

    it('are not found by as many landmarks as chance puts in one place', async () => {
      const next = randomWords(43)
      const index = await createSimilarityIndex()
      // Three hundred keys that all have: of some five hundred pairs with each recording eight are often in one place.
      const random = (): WorkFeatures => ({
        media: 'audio',
        codes: [],
        keys: BigUint64Array.from({ length: 400 }, () => BigInt(next() % 300)),
        places: Uint32Array.from({ length: 400 }, () => next() % 3200),
      })
      const all = Array.from({ length: 300 }, random)
      await index.insertMany(all.map((features, at) => ({ id: `r${at}`, features })))
      expect(await index.search({ features: random() })).to.deep.equal([])
      const { keys, places } = all[7]!
      const [hit, ...others] = await index.search({ features: { ...random(), keys: keys.slice(0, 60), places: places!.slice(0, 60) } })
      expect(hit!.id).to.equal('r7')
      expect(others).to.deep.equal([])
    })

    it('find the whole of a long one that is played higher', async () => {
      const { index } = await indexOf({ ...works, long: await recording(play({ seed: 11, seconds: 75 })) })
      const [hit] = await index.search(await recording(play({ seed: 11, seconds: 56, from: 15, pitch: 3, tempo: 0.9 })))
      expect(hit!.id).to.equal('long')
      expect(hit!.keys!.offset).to.be.closeTo(15, 1.5)
    })

    it('refuse keys of a recording without their places', async () => {
      const index = await createSimilarityIndex()
      const features = { media: 'audio', codes: [], keys: BigUint64Array.of(1n, 2n) } as const
      await expectError('INDEX_WORK_INVALID', () => index.insert({ id: 'a', features }))
      await expectError('INDEX_WORK_INVALID', () => index.insert({ id: 'a', features: { ...features, places: Uint32Array.of(1) } }))
      await expectError('INDEX_WORK_INVALID', () =>
        index.insert({ id: 'a', features: { ...features, places: Uint32Array.of(1, 2 ** 32 - 1) } }),
      )
      await expectError('INDEX_WORK_INVALID', () =>
        index.insert({ id: 'a', features: { ...features, media: 'text', places: Uint32Array.of(1, 2) } }),
      )
      await index.insert({ id: 'a', features: { ...features, places: Uint32Array.of(1, 2) } })
      const asking = (askedKeys: never): Promise<unknown> =>
        index.search({ features: { ...features, places: Uint32Array.of(1, 2), askedKeys } })
      const list = { keys: BigUint64Array.of(1n), places: Uint32Array.of(1) }
      await asking([list] as never)
      await expectError('INDEX_WORK_INVALID', () => asking([{ keys: list.keys }] as never))
      await expectError('INDEX_WORK_INVALID', () => asking([undefined] as never))
      await expectError('INDEX_WORK_INVALID', () => asking(list as never))
      await expectError('INDEX_WORK_INVALID', () => asking(Array.from({ length: 9 }, () => list) as never))
    })

    it('count the landmarks that lie together, with and without tables', async () => {
      const next = randomWords(41)
      const index = await createSimilarityIndex()
      const tracksOf = (from: number, count: number): { id: string; keys: bigint[]; places: number[] }[] =>
        Array.from({ length: count }, (_, at) => ({
          id: `r${from + at}`,
          keys: Array.from({ length: 400 }, () => BigInt(next() % 5000)),
          places: Array.from({ length: 400 }, (__, place) => place * 8),
        }))
      const all = [...tracksOf(0, 100), ...tracksOf(100, 10)]
      const featuresFrom = (
        keys: bigint[],
        places: number[],
      ): { media: 'audio'; codes: []; keys: BigUint64Array; places: Uint32Array } => ({
        media: 'audio',
        codes: [],
        keys: BigUint64Array.from(keys),
        places: Uint32Array.from(places),
      })
      // The first hundred are in a table, the last ten are not.
      await index.insertMany(all.slice(0, 100).map(({ id, keys, places }) => ({ id, features: featuresFrom(keys, places) })))
      await index.insertMany(all.slice(100).map(({ id, keys, places }) => ({ id, features: featuresFrom(keys, places) })))
      for (const track of [all[3]!, all[104]!]) {
        const [from, count] = [100, 30]
        const query = featuresFrom(track.keys.slice(from, from + count), track.places.slice(0, count))
        const [hit] = await index.search({ features: query })
        expect(hit!.id).to.equal(track.id)
        expect(hit!.keys!.shared).to.be.within(count - 3, count + 3)
        expect(hit!.keys!.offset).to.be.closeTo(from * 8 * (256 / 11_025), 0.2)
      }
      await index.remove('r3')
      expect(
        (await index.search({ features: featuresFrom(all[3]!.keys.slice(0, 30), all[3]!.places.slice(0, 30)) })).map(({ id }) => id),
      ).not.to.include('r3')
    })
  })

  describe('of texts', () => {
    it('find a text reworded here and there by its MinHash, though no passage is left', async () => {
      const original = prose(1, 600).split(' ')
      const works: Record<string, Fingerprint> = { original: await fingerprint(utf8(original.join(' '))) }
      for (let seed = 2; seed < 12; seed++) works[`other ${seed}`] = await fingerprint(utf8(prose(seed, 600)))
      const { index, load } = await indexOf(works)
      // Every twelfth word is another.
      const reworded = await fingerprint(utf8(original.map((word, at) => (at % 12 === 5 ? `other${at}` : word)).join(' ')))
      const [hit, ...others] = await index.search(reworded)
      expect(hit!.id).to.equal('original')
      expect(hit!.bands!.shared).to.be.greaterThan(0)
      expect(others).to.deep.equal([])
      const [verified] = await index.search(reworded, { load })
      expect(verified!.match).to.deep.equal(compare(reworded, works.original!))
      expect(verified!.verdict).to.equal('copy')
    })

    it('find a quotation of sixty words', async () => {
      const works: Record<string, Fingerprint> = {}
      for (let seed = 1; seed < 12; seed++) works[`text ${seed}`] = await fingerprint(utf8(prose(seed, 2000)))
      const { index } = await indexOf(works)
      const quoted = prose(7, 2000).split(' ').slice(900, 960).join(' ')
      const [hit] = await index.search(await fingerprint(utf8(`${quoted}.`)))
      expect(hit!.id).to.equal('text 7')
    })
  })

  it('are dropped from the hits where compare says that the works are different', async () => {
    const works = { photo: await fingerprint(await bytesOf(photo())), other: await fingerprint(await blobs(3)) }
    const { index, load } = await indexOf(works)
    // An index that has another picture under this id.
    const hits = await index.search(works.photo, { load: async () => works.other })
    expect(hits).to.deep.equal([])
    expect((await index.search(works.photo, { load: async () => undefined })).map(({ id, match }) => [id, match])).to.deep.equal([
      ['photo', undefined],
    ])
    expect((await index.search(works.photo, { load }))[0]).to.deep.include({ id: 'photo', verdict: 'identical' })
    await expectError('INDEX_QUERY_INVALID', () => index.search({ features: featuresOf(works.photo) }, { load }))
  })
})
