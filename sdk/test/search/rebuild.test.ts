import { expect } from 'chai'
import { createColophon } from '../../src/client/index.ts'
import { idOf, workOf } from '../../src/deposits/index.ts'
import { leafOf } from '../../src/deposits/work.ts'
import { decodeDocument, pinWork, type WorkDescription } from '../../src/document/index.ts'
import { type Fingerprint, fingerprint } from '../../src/fingerprint/index.ts'
import { bytesToHex, hexToBytes } from '../../src/hex/index.ts'
import { createMerkleTree } from '../../src/merkle/index.ts'
import { createSimilarityIndex, rebuildIndex, type SimilarityIndex } from '../../src/search/index.ts'
import { cidToDigest, createMemoryStore, digestToCid, type Storage } from '../../src/storage/index.ts'
import { startChain, type TestChain } from '../chain.ts'
import { expectError } from '../expectError.ts'
import { blobs, bytesOf, ESSAY, photo } from '../fingerprint/media.ts'
import { play } from '../fingerprint/recordings.ts'
import { prose, utf8 } from '../fingerprint/works.ts'
import { recording } from './recording.ts'

const describedAs = (title: string): WorkDescription => ({ title, creators: [{ name: 'Ada' }] })

describe('An index and the chain', () => {
  let chain: TestChain
  let storage: Storage
  let colophon: ReturnType<typeof createColophon>
  before(async () => {
    chain = await startChain()
    storage = createMemoryStore()
    colophon = createColophon({ signer: chain.accounts[1]!, deployment: chain.deployment })
  })
  after(() => chain.stop())

  let number = 0
  /** Deposits a work with its document and features. */
  async function deposited(work: Fingerprint, pin: (work: Fingerprint) => Promise<{ digest: `0x${string}` }> = pinned): Promise<string> {
    return (await colophon.deposits.create({ fingerprint: work, document: await pin(work) })).id
  }
  async function pinned(work: Fingerprint): Promise<{ digest: `0x${string}` }> {
    return await pinWork(storage, work, describedAs(`work ${number++}`))
  }

  /** Anchors works as a batch does, with a manifest. */
  async function anchored(works: Fingerprint[], lie: (line: string) => string = (line) => line): Promise<{ root: string; ids: string[] }> {
    const claimant = chain.accounts[1]!.address
    const entries = []
    for (const work of works) {
      const fields = workOf({ fingerprint: work, document: await pinned(work) })
      entries.push({ id: idOf(claimant, fields), work: fields })
    }
    const tree = await createMerkleTree(entries.map(({ id }) => leafOf(id)))
    const lines = entries.map((entry) => lie(JSON.stringify(entry)))
    const { cid } = await storage.put(utf8(`{"type":"colophon-batch-manifest","version":1,"works":[\n${lines.join(',\n')}\n]}\n`))
    await colophon.deposits.anchor({ root: tree.root, count: works.length, manifest: bytesToHex(cidToDigest(cid)) })
    return { root: tree.root, ids: entries.map(({ id }) => id) }
  }

  it('is filled from events and pinned features alone, and goes on where it was broken off', async function () {
    this.timeout(120_000)
    const works = {
      photo: await fingerprint(await bytesOf(photo())),
      blobs: await fingerprint(await blobs(3)),
      essay: await fingerprint(ESSAY),
      track: await recording(play({ seed: 5, seconds: 30 })),
      text: await fingerprint(utf8(prose(5, 400))),
    }
    const ids: Record<string, string> = {}
    for (const name of ['photo', 'essay', 'track'] as const) ids[name] = await deposited(works[name])
    const batch = await anchored([works.blobs, works.text])
    ;[ids.blobs, ids.text] = batch.ids as [string, string]

    // What was inserted as it was made, and what is made of the chain later.
    const [made, rebuilt] = [await createSimilarityIndex(), await createSimilarityIndex()]
    for (const [name, work] of Object.entries(works)) await made.insert({ id: ids[name]!, fingerprint: work })
    const stop = new AbortController()
    let reason: unknown
    await rebuildIndex(rebuilt, {
      events: colophon.events,
      storage: {
        read: (...args) => storage.read(...args),
        // Broken off at the third file.
        get: async (...args) => {
          if (args[0] === digestToCid(hexToBytes((await colophon.deposits.get(ids.track!))!.work.metadata))) stop.abort(new Error('enough'))
          return await storage.get(...args)
        },
      },
      signal: stop.signal,
    }).catch((cause) => {
      reason = cause
    })
    expect(String(reason)).to.equal('Error: enough')
    const progress: string[] = []
    const first = await rebuildIndex(rebuilt, {
      events: colophon.events,
      storage,
      onProgress: ({ stage, done }) => progress.push(`${stage} ${done}`),
    })
    expect(first).to.deep.include({ deposits: 5, inserted: 5, present: 0, lacking: { count: 0, first: [] }, anchors: [] })
    expect(progress.at(-1)).to.equal('insert 5')
    const crop = photo().extract({ left: 0, top: 0, width: 300, height: 260 })
    for (const query of [
      ...Object.values(works),
      await recording(play({ seed: 5, seconds: 6, from: 11 })),
      await fingerprint(await bytesOf(crop)),
    ]) {
      const hits = await made.search(query)
      const order = (all: typeof hits): typeof hits => [...all].sort((a, b) => a.id.localeCompare(b.id))
      expect(order(await rebuilt.search(query))).to.deep.equal(order(hits))
    }
    // Again it finds all there, and reads nothing.
    const again = await rebuildIndex(rebuilt, {
      events: colophon.events,
      storage: { read: (...args) => storage.read(...args), get: () => Promise.reject(new Error('read again')) },
    })
    expect(again).to.deep.include({ deposits: 5, inserted: 0, present: 5 })
    // From a block on, only what came since.
    const late = await deposited(await fingerprint(utf8(prose(6, 300))))
    const more = await rebuildIndex(rebuilt, { events: colophon.events, storage, fromBlock: again.block! + 1 })
    expect(more).to.deep.include({ deposits: 1, inserted: 1 })
    expect(await rebuilt.has(late)).to.equal(true)
    expect((await rebuildIndex(rebuilt, { events: colophon.events, storage, again: true })).inserted).to.equal(6)
    expect((await rebuilt.verify()).works).to.equal(6)
  })

  it('has what the chain says of works whose features are not to be had, or are of others', async function () {
    this.timeout(60_000)
    const from = (await chain.provider.getBlockNumber()) + 1
    const [own, other] = [await fingerprint(await blobs(11)), await fingerprint(await blobs(12))]
    const text = await fingerprint(utf8(prose(8, 300)))
    const nowhere = await deposited(own, async (work) => await pinWork(createMemoryStore(), work, describedAs('elsewhere')))
    // A document of this file that names the features of another picture.
    const lying = await deposited(other, async (work) => {
      const { document } = decodeDocument((await pinWork(storage, own, describedAs('another'))).bytes)
      return await pinWork(storage, work, { ...describedAs('lying'), features: document.features! }).then(async () => {
        const { createDocument } = await import('../../src/document/index.ts')
        const made = createDocument(work, { ...describedAs('lying'), features: document.features! })
        await storage.putBlock(made.bytes)
        return made
      })
    })
    const nonsense = await deposited(text, async (work) => {
      const { createDocument } = await import('../../src/document/index.ts')
      const { cid } = await storage.put(
        utf8('{"type":"colophon-features","version":1,"media":"text","features":{"letters":900,"passages":{"hashes":["x"]}}}'),
      )
      const made = createDocument(work, { ...describedAs('nonsense'), features: [cid] })
      await storage.putBlock(made.bytes)
      return made
    })
    const bare = (await colophon.deposits.create({ fingerprint: { sha256: `0x${'77'.repeat(32)}` } })).id
    const missing = await anchored([await fingerprint(utf8(prose(21, 200)))], (line) => line.replace(/"id":"0x../, '"id":"0x00'))
    const index = await createSimilarityIndex()
    const found = await rebuildIndex(index, { events: colophon.events, storage, fromBlock: from })
    expect(found).to.include({ deposits: 4, inserted: 4 })
    expect(found.lacking.count).to.equal(4)
    expect(Object.fromEntries(found.lacking.first.map(({ id, fault }) => [id, fault.code]))).to.deep.equal({
      [nowhere]: 'BLOCK_NOT_FOUND',
      [lying]: 'FEATURES_INVALID',
      [nonsense]: 'FEATURES_INVALID',
      [bare]: 'FEATURES_INVALID',
    })
    expect(found.anchors.map(({ root, fault }) => [root, fault.code])).to.deep.equal([[missing.root, 'MANIFEST_WRONG']])
    // The whole picture is found by the code on the chain.
    expect((await index.search(own))[0]).to.include({ id: nowhere, verdict: 'identical' })
    expect(
      (await index.search({ features: { media: 'image', codes: [hexToBytes(own.code!.bits)], keys: new BigUint64Array(0) } }))[0]!.id,
    ).to.equal(nowhere)
    expect((await index.search(text))[0]).to.include({ id: nonsense, verdict: 'identical' })
    // Nobody finds one picture under the other's name.
    expect((await index.search(other)).map(({ id }) => id)).to.deep.equal([lying])
  })

  describe('before a deposit', () => {
    let index: SimilarityIndex
    let small: Fingerprint
    let original: string
    const sent = (): Promise<number> => chain.provider.getTransactionCount(chain.accounts[1]!.address)
    before(async () => {
      index = await createSimilarityIndex()
      const work = await fingerprint(await bytesOf(photo().resize(500)))
      small = await fingerprint(await bytesOf(photo().resize(300)))
      const pins = { index, document: (found: object) => pinWork(storage, work, { ...describedAs('original'), ...found }) }
      original = (await colophon.deposits.create({ fingerprint: work }, { originality: pins })).id
    })

    it('shows look-alikes before anything is pinned or paid, and keeps the decision in the document', async () => {
      expect(await index.has(original)).to.equal(true)
      let pins = 0
      const document = async (found: object): Promise<Awaited<ReturnType<typeof pinWork>>> => {
        pins++
        return await pinWork(storage, small, { ...describedAs('small'), ...found })
      }
      const before = await sent()
      const error = await expectError('LOOK_ALIKES_FOUND', () =>
        colophon.deposits.create({ fingerprint: small }, { originality: { index, document } }),
      )
      expect(error.details.lookAlikes).to.have.length(1)
      await expectError('LOOK_ALIKES_FOUND', () =>
        colophon.deposits.create({ fingerprint: small }, { originality: { index, document, decide: async () => false } }),
      )
      expect([pins, await sent()]).to.deep.equal([0, before])
      const seen: unknown[] = []
      const decide = ({ lookAlikes }: { lookAlikes: unknown[] }): boolean => {
        seen.push(...lookAlikes)
        return true
      }
      const receipt = await colophon.deposits.create({ fingerprint: small }, { originality: { index, document, decide } })
      expect(seen).to.have.length(1)
      const { originality } = decodeDocument(await storage.get(receipt.document!)).document
      expect(originality!.lookAlikes).to.deep.equal(seen)
      expect(originality!.lookAlikes[0]).to.include({ deposit: original, verdict: 'copy' })
      expect(await index.has(receipt.id)).to.equal(true)
    })

    it('takes a fingerprint and no document', async () => {
      const check = { index, document: async () => ({ digest: `0x${'11'.repeat(32)}` as const }) }
      const before = await sent()
      await expectError('INVALID_INPUT', () =>
        colophon.deposits.create({ contentHash: `0x${'22'.repeat(32)}` } as never, { originality: check }),
      )
      await expectError('INVALID_INPUT', () =>
        colophon.deposits.create({ fingerprint: small, document: { digest: `0x${'22'.repeat(32)}` } } as never, { originality: check }),
      )
      expect(await sent()).to.equal(before)
    })
  })
})
