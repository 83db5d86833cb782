import { expect } from 'chai'
import fc from 'fast-check'
import { compare, fingerprint } from '../../src/fingerprint/index.ts'
import { checkOriginality, type IndexedWork, type SimilarityIndex } from '../../src/search/index.ts'
import { expectError } from '../expectError.ts'
import { ESSAY, PHOTO } from '../fingerprint/media.ts'
import { bruteForce, flipped, nearnessOf, picture, randomCode, randomWords, text } from './codes.ts'

export interface Backend {
  /** Opens an empty index. */
  create(): Promise<SimilarityIndex>
  /** How much is tried: a backend that is slower is tried less. */
  runs: number
  pictures: number
  /** Equal codes that a work has in the test of a million of them, of which a thousand works have so many. */
  copies: number
}

/** Pictures in families: one code and others that differ from it in up to 90 bits. */
export function families(count: number, seed: number): IndexedWork[] {
  const next = randomWords(seed)
  const works: IndexedWork[] = []
  let head = randomCode(next)
  for (let work = 0; work < count; work++) {
    if (next() % 5 === 0) head = randomCode(next)
    works.push(picture(`work ${work}`, flipped(head, next() % 90, next)))
  }
  return works
}

export const codeOf = (work: IndexedWork): Uint8Array => ('features' in work ? work.features.codes[0]! : new Uint8Array(32))
export const ask = (
  ...codes: Uint8Array[]
): { features: IndexedWork extends infer W ? (W extends { features: infer F } ? F : never) : never } => ({
  features: { media: 'image', codes, keys: new BigUint64Array(0) },
})

/** What every index does, whatever it keeps works in. */
export function describeBehaviour({ create, runs, pictures, copies: copiesOfWork }: Backend): void {
  describe('of many pictures, nine of ten of them added together', () => {
    const works = families(pictures, 7)
    const next = randomWords(99)
    let index: SimilarityIndex
    before(async () => {
      index = await create()
      await index.insertMany(works.slice(0, pictures * 0.9))
      // Where there are look-up tables these stay outside of them.
      await index.insertMany(works.slice(pictures * 0.9))
    })

    for (const threshold of [0, 10, 31, 44]) {
      it(`finds all within ${threshold} bits and nothing else, as brute force does`, async () => {
        for (let query = 0; query < 12; query++) {
          const code = flipped(codeOf(works[next() % works.length]!), next() % (threshold + 1), next)
          const found = await index.search(ask(code), { threshold, k: 10_000 })
          expect(nearnessOf(found)).to.deep.equal(bruteForce(works, code, threshold))
          expect(found.length).to.be.greaterThan(0)
        }
      })
    }

    it('finds all within 45 to 75 bits when it has to be exact', async () => {
      for (const threshold of [45, 46, 60, 73, 75]) {
        const code = flipped(codeOf(works[next() % works.length]!), 40, next)
        const found = await index.search(ask(code), { threshold, k: 10_000, exact: true })
        expect(nearnessOf(found)).to.deep.equal(bruteForce(works, code, threshold))
      }
    })

    it('finds 99 of 100 within 73 bits otherwise', async () => {
      let [expected, found] = [0, 0]
      for (let query = 0; query < 30; query++) {
        const code = flipped(codeOf(works[next() % works.length]!), next() % 74, next)
        expected += bruteForce(works, code, 73).length
        found += (await index.search(ask(code), { threshold: 73, k: 10_000 })).length
      }
      expect(expected).to.be.greaterThan(20)
      expect(found)
        .to.be.at.least(0.99 * expected)
        .and.at.most(expected)
    })

    it('gives the nearest k', async () => {
      const code = flipped(codeOf(works[123]!), 30, next)
      const all = bruteForce(works, code, 75)
      expect(all.length).to.be.greaterThan(2)
      for (const k of [1, 2, all.length + 5]) {
        expect(nearnessOf(await index.search(ask(code), { k, exact: true }))).to.deep.equal(all.slice(0, k))
      }
    })
  })

  it('finds the same whatever was inserted, replaced and removed before', async function () {
    this.timeout(60_000)
    const next = randomWords(5)
    const pool = Array.from({ length: 6 }, () => randomCode(next))
    const code = fc
      .tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 60 }))
      .map(([of, flips]) => flipped(pool[of]!, flips, next))
    const change = fc.oneof(
      { weight: 4, arbitrary: fc.record({ id: fc.integer({ min: 0, max: 15 }), codes: fc.array(code, { maxLength: 4 }) }) },
      { weight: 1, arbitrary: fc.record({ id: fc.integer({ min: 0, max: 15 }) }) },
    )
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 40 }), code, fc.integer({ min: 0, max: 75 }), async (changes, query, threshold) => {
        const index = await create()
        const model = new Map<string, IndexedWork>()
        for (const change of changes) {
          const id = `w${change.id}`
          if ('codes' in change) {
            // A work that is replaced comes after those that were there before.
            model.delete(id)
            model.set(id, picture(id, ...change.codes))
            await index.insert(model.get(id)!)
          } else expect(await index.remove(id)).to.equal(model.delete(id))
        }
        expect(await index.size()).to.equal(model.size)
        const found = await index.search(ask(query), { threshold, k: 100, exact: true })
        expect(nearnessOf(found)).to.deep.equal(bruteForce([...model.values()], query, threshold))
        expect((await index.verify()).works).to.equal(model.size)
      }),
      { numRuns: runs },
    )
  })

  it('says which of the codes met', async () => {
    const next = randomWords(3)
    const [a, b, c] = [randomCode(next), randomCode(next), randomCode(next)]
    const index = await create()
    await index.insert(picture('other', randomCode(next)))
    await index.insert(picture('work', a, b, c))
    const [hit] = await index.search(ask(randomCode(next), flipped(c, 5, next)))
    expect(hit).to.deep.equal({ id: 'work', media: 'image', verdict: 'copy', codes: { distance: 5, query: 1, indexed: 2 } })
  })

  it('asks with codes that are not indexed, and explains what it found', async () => {
    const next = randomWords(31)
    const [upright, turned, other] = [randomCode(next), randomCode(next), randomCode(next)]
    const index = await create()
    const keys = new BigUint64Array(0)
    const work = { media: 'image', codes: [upright], asks: [turned], keys } as const
    await index.insert({ id: 'work', features: work })
    await index.insert(picture('stranger', other))
    expect(await index.search(ask(turned), { threshold: 0 })).to.deep.equal([])
    const query = { features: { media: 'image', codes: [turned], asks: [flipped(upright, 3, next)], keys } } as const
    expect((await index.search(query))[0]).to.deep.include({ id: 'work', codes: { distance: 3, query: 1, indexed: 0 } })
    const match = await index.explain(query, 'work')
    expect(match).to.include({ verdict: 'copy' })
    expect(match.layers.find(({ name }) => name === 'pdq')).to.include({ value: 3, threshold: 31, speaksForCopy: true })
    expect((await index.explain(query, 'stranger')).verdict).to.equal('different')
    await expectError('INDEX_WORK_INVALID', () => index.search({ features: { ...query.features, asks: [new Uint8Array(3)] } }))
  })

  it('explains as compare does where the work’s fingerprint is at hand', async () => {
    const [photo, essay] = await Promise.all([fingerprint(PHOTO), fingerprint(ESSAY)])
    const index = await create()
    await index.insertMany([
      { id: 'photo', fingerprint: photo },
      { id: 'essay', fingerprint: essay },
    ])
    for (const query of [photo, essay]) {
      const [hit, ...others] = await index.search(query)
      expect(others).to.deep.equal([])
      expect(hit).to.include({ id: query === photo ? 'photo' : 'essay', verdict: 'identical' })
    }
    expect(await index.explain(photo, 'essay', { load: async () => essay })).to.deep.equal(compare(photo, essay))
    expect((await index.explain(photo, 'essay')).verdict).to.equal('different')
    expect((await checkOriginality(index, photo)).lookAlikes).to.deep.equal([
      { verdict: 'identical', reason: 'The two files have the same SHA-256.' },
    ])
  })

  it('passes over passages that are in everything', async () => {
    const index = await create()
    const licence = [100n, 101n, 102n]
    await index.insertMany(Array.from({ length: 10_001 }, (_, work) => text(`t${work}`, ...licence, ...(work === 9 ? [1n, 2n] : []))))
    expect(await index.search(text('', ...licence) as never)).to.deep.equal([])
    expect((await index.search(text('', ...licence, 1n, 2n) as never)).map(({ id, keys }) => [id, keys!.shared])).to.deep.equal([['t9', 2]])
    // With one work less they are in no more than are looked at.
    await index.remove('t0')
    await index.compact()
    expect(await index.search(text('', ...licence) as never, { k: 10_000 })).to.have.length(10_000)
  })

  it('finds texts by what they share', async () => {
    const index = await create()
    await index.insertMany([text('a', 1n, 2n, 3n, 4n, 5n), text('b', 4n, 5n, 6n), text('c', 5n, 7n), text('d', 2n ** 63n + 1n, 1n)])
    expect(await index.search(text('', 1n, 2n, 3n, 4n, 5n, 5n) as never)).to.deep.equal([
      { id: 'a', media: 'text', verdict: 'copy', keys: { shared: 5, of: 5 } },
      { id: 'b', media: 'text', verdict: 'similar', keys: { shared: 2, of: 5 } },
    ])
  })

  it('counts shared keys as a model does, with and without tables', async () => {
    const next = randomWords(17)
    const works = Array.from({ length: 3000 }, (_, work) => {
      const keys = new Set(Array.from({ length: 20 }, () => BigInt(next() % 3000) * 0x1_0000_0001n))
      return { id: `t${work}`, keys }
    })
    const index = await create()
    const add = (part: typeof works): Promise<unknown> => index.insertMany(part.map(({ id, keys }) => text(id, ...keys)))
    // 50,000 pairs are in a table, 10,000 are not, then all are.
    for (const [from, to] of [
      [0, 2500],
      [2500, 2600],
      [2600, 3000],
    ]) {
      await add(works.slice(from, to))
      for (let round = 0; round < 5; round++) {
        const query = new Set(Array.from({ length: 60 }, () => BigInt(next() % 3000) * 0x1_0000_0001n))
        const expected = works
          .slice(0, to)
          .map(({ id, keys }) => ({ id, shared: [...query].filter((key) => keys.has(key)).length }))
          .filter(({ shared }) => shared >= 2)
          .sort((a, b) => b.shared - a.shared)
        const found = await index.search(text('', ...query) as never, { k: 10_000 })
        expect(found.map(({ id, keys }) => ({ id, shared: keys!.shared }))).to.deep.equal(expected)
      }
    }
  })

  it('finds the very same file, whatever it is', async () => {
    const index = await create()
    const data = (id: string, digit: string): IndexedWork => ({
      id,
      features: { media: 'data', sha256: `0x${digit.repeat(64)}`, codes: [], keys: new BigUint64Array(0) },
    })
    await index.insertMany([data('one', '1'), data('two', '2')])
    expect(await index.search(data('', '2') as never)).to.deep.equal([{ id: 'two', media: 'data', verdict: 'identical' }])
    expect(await index.search(data('', '3') as never)).to.deep.equal([])
  })

  it('answers where a million codes are the same, and from the first works that have them', async function () {
    this.timeout(60_000)
    const next = randomWords(11)
    const [meme, other] = [randomCode(next), randomCode(next)]
    const index = await create()
    const copies = Array.from({ length: copiesOfWork }, () => meme)
    await index.insertMany([...Array.from({ length: 1000 }, (_, work) => picture(`m${work}`, ...copies)), picture('other', other)])
    // A search that compared copies with each other would not end.
    for (let query = 0; query < 10; query++) {
      const hits = await index.search(ask(flipped(meme, 10, next)), { threshold: 31, k: 3 })
      expect(hits.map(({ id }) => id)).to.deep.equal(['m0', 'm1', 'm2'])
    }
    expect((await index.search(ask(meme), { k: 10_000 })).length).to.equal(1000)
    expect((await index.search(ask(flipped(other, 31, next)), { threshold: 31 })).map(({ id }) => id)).to.deep.equal(['other'])
  })

  it('sees each batch whole or not at all, and the index as it was when the search began', async () => {
    const next = randomWords(23)
    const base = randomCode(next)
    const index = await create()
    let inserted = 0
    const loading = (async () => {
      for (let batch = 0; batch < 30; batch++) {
        await index.insertMany(Array.from({ length: 10 }, (_, work) => picture(`b${batch}-${work}`, flipped(base, work, next))))
        inserted += 10
        if (batch % 3 === 2) await index.remove(`b${batch}-9`)
      }
    })()
    const seen: number[] = []
    while (inserted < 300) {
      const before = inserted
      // Many codes, so that the search lets others have their turn.
      const hits = await index.search(ask(...Array.from({ length: 40 }, () => base)), { k: 10_000 })
      const batches = new Map<string, number>()
      for (const { id } of hits) batches.set(id.split('-')[0]!, (batches.get(id.split('-')[0]!) ?? 0) + 1)
      expect([...batches.values()].every((size) => size === 10 || size === 9)).to.equal(true)
      expect(batches.size * 10).to.be.at.least(before)
      seen.push(hits.length)
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    await loading
    expect([...seen].sort((a, b) => a - b)).to.deep.equal(seen)
    expect((await index.search(ask(base), { k: 10_000 })).length).to.equal(290)
  })

  it('refuses thresholds outside of what is calibrated, and other wrong questions', async () => {
    const index = await create()
    const code = new Uint8Array(32)
    for (const threshold of [-1, 76, 1.5, Number.NaN])
      await expectError('INDEX_QUERY_INVALID', () => index.search(ask(code), { threshold }))
    for (const k of [0, 10_001, 0.5]) await expectError('INDEX_QUERY_INVALID', () => index.search(ask(code), { k }))
    await expectError('INDEX_QUERY_INVALID', () => index.search(ask(code), { media: 'text' }))
    await expectError('INDEX_WORK_INVALID', () => index.search(undefined as never))
    await expectError('INDEX_WORK_UNKNOWN', () => index.explain(ask(code), 'nobody'))
  })

  it('refuses works it cannot keep, and changes nothing', async () => {
    const index = await create()
    for (const id of ['', 'x'.repeat(256), '\ud800', 7 as never]) await expectError('INDEX_WORK_INVALID', () => index.insert(picture(id)))
    await expectError('INDEX_WORK_INVALID', () => index.insert(picture('short', new Uint8Array(31))))
    await expectError('INDEX_WORK_INVALID', () => index.insert({ id: 'a', features: { media: 'smell', codes: [], keys: [] } as never }))
    await expectError('INDEX_WORK_INVALID', () => index.insertMany([picture('good'), picture('bad', new Uint8Array(1))]))
    expect(await index.size()).to.equal(0)
  })

  it('can be aborted', async () => {
    const index = await create()
    const controller = new AbortController()
    controller.abort(new Error('enough'))
    const { signal } = controller
    for (const run of [() => index.search(ask(new Uint8Array(32)), { signal }), () => index.insertMany([picture('a')], { signal })]) {
      let reason: unknown
      await run().catch((cause) => {
        reason = cause
      })
      expect(String(reason)).to.equal('Error: enough')
    }
    expect(await index.size()).to.equal(0)
  })

  it('is closed for good', async () => {
    const index = await create()
    await index.close()
    await index.close()
    await expectError('INDEX_CLOSED', () => index.search(ask(new Uint8Array(32))))
    await expectError('INDEX_CLOSED', () => index.insert(picture('a')))
  })
}
