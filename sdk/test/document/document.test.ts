import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect } from 'chai'
import fc from 'fast-check'
import {
  createDocument,
  type DepositDocument,
  decodeDocument,
  depositDocumentSchema,
  documentProblems,
  encodeDocument,
  pinWork,
  toSchemaOrg,
  type WorkDescription,
} from '../../src/document/index.ts'
import { type Fingerprint, fingerprint } from '../../src/fingerprint/index.ts'
import { genMetaCode } from '../../src/iscc/index.ts'
import { createMemoryStore, digestToCid } from '../../src/storage/index.ts'
import { expectError } from '../expectError.ts'
import { ESSAY, PHOTO } from '../fingerprint/media.ts'

const HASH = `0x${'0a'.repeat(32)}`

/** A document that uses every field. */
const full: DepositDocument = {
  version: 1,
  title: 'Kaffee · 咖啡',
  description: 'A cup.\nOn a table.',
  creators: [
    {
      name: 'Ada',
      role: 'photographer',
      did: 'did:key:z6MkExample',
      credential: 'https://example.org/ada',
      account: '0x90F79bf6EB2c4f870365E785982E1f101E93b906',
      nationality: 'DE',
    },
    { name: 'Bo' },
  ],
  rightsHolder: { name: 'An agency' },
  created: '2024-02',
  firstPublication: { date: '2024-03-01', country: 'CN', url: 'https://example.org/kaffee' },
  language: 'zh-Hans',
  keywords: ['coffee', 'wood'],
  priorWorks: [{ relation: 'derivedFrom', deposit: HASH, iscc: 'ISCC:KEA3XAZAG5WA6NRX', url: 'ipfs://x', title: 'Before' }],
  aiGeneration: 'assisted',
  aiTraining: 'constrained',
  media: { type: 'image/jpeg', size: 61_213, sha256: HASH, fileName: 'a b.jpg', width: 600, height: 400 },
  iscc: { code: 'ISCC:KEA3XAZAG5WA6NRX', meta: 'ISCC:AAA3XAZAG5WA6NRX', units: ['ISCC:EEA3XAZAG5WA6NRX', 'ISCC:GAA3XAZAG5WA6NRX'] },
  features: ['bafkreiddqubevrkd4csvkhng75jxtdkq5ak6o6v6pnmidltrx7rypbuh34'],
  originality: { checkedAt: '2024-03-01T10:00:00Z', lookAlikes: [{ verdict: 'similar', reason: 'Also a cup.', deposit: HASH }] },
}

describe('document', () => {
  let photo: Fingerprint
  let essay: Fingerprint
  before(async () => {
    photo = await fingerprint(PHOTO)
    essay = await fingerprint(ESSAY)
  })

  it('joins what the file says with what its creator says', () => {
    const { document } = createDocument(
      photo,
      { title: 'Coffee', creators: [{ name: 'Rachel' }], description: 'A cup' },
      { fileName: 'coffee.jpg' },
    )
    expect(document.media).to.deep.equal({
      type: 'image/jpeg',
      size: photo.size,
      sha256: photo.sha256,
      fileName: 'coffee.jpg',
      width: 600,
      height: 400,
    })
    expect(document.iscc).to.deep.equal({
      code: photo.iscc,
      meta: genMetaCode('Coffee', { description: 'A cup', bits: 256 }).iscc,
      units: Object.values(photo.units),
    })
    const text = createDocument(essay, { title: 'On colophons', creators: [{ name: 'Us' }] }).document
    expect(text.media.type).to.equal('text/markdown')
    expect(text.media.words).to.be.greaterThan(300)
  })

  it('is canonical JSON whose SHA-256 is its CID', () => {
    const { bytes, digest, cid } = encodeDocument(full)
    expect(digest).to.equal(`0x${createHash('sha256').update(bytes).digest('hex')}`)
    expect(cid).to.equal(digestToCid(createHash('sha256').update(bytes).digest()))
    const shuffled = Object.fromEntries(Object.entries(full).reverse()) as unknown as DepositDocument
    expect(encodeDocument(shuffled).cid).to.equal(cid)
    expect(encodeDocument({ ...full, keywords: undefined } as never).cid).to.equal(encodeDocument(without('keywords')).cid)
    const text = new TextDecoder().decode(bytes)
    expect(text).to.match(/^\{"aiGeneration":"assisted","aiTraining":/)
    expect(text).to.include('"title":"Kaffee · 咖啡"').and.include('A cup.\\nOn a table.')
    expect(decodeDocument(bytes)).to.deep.equal({ document: full, bytes, digest, cid })
  })

  it('reads no other spelling of the same facts', async () => {
    const { bytes, document } = encodeDocument(full)
    const spaced = new TextEncoder().encode(JSON.stringify(document, null, 1))
    expect((await expectError('DOCUMENT_INVALID', () => decodeDocument(spaced))).shortMessage).to.include('canonical')
    await expectError('DOCUMENT_INVALID', () => decodeDocument(bytes.subarray(1)))
    await expectError('DOCUMENT_INVALID', () => decodeDocument(Uint8Array.of(0xff, 0xfe)))
    await expectError('DOCUMENT_INVALID', () => decodeDocument(new Uint8Array(0)))
    await expectError('DOCUMENT_TOO_LARGE', () => decodeDocument(new Uint8Array((1 << 20) + 1)))
  })

  it('says everything that is wrong, where, and what was expected', async () => {
    const error = await expectError('DOCUMENT_INVALID', () =>
      createDocument(photo, { title: '', creators: [], created: 'yesterday', firstPublication: { date: '2024', country: 'Germany' } }),
    )
    expect(error.details.problems).to.deep.equal([
      { pointer: '/title', expected: 'not empty', found: '""' },
      { pointer: '/creators', expected: 'a list of at least 1', found: 'a list of 0' },
      { pointer: '/created', expected: 'like 2026-11-21', found: '"yesterday"' },
      { pointer: '/firstPublication/country', expected: 'like DE', found: '"Germany"' },
    ])
    expect(documentProblems({ ...full, 'a/b~c': 1 })).to.deep.equal([
      { pointer: '/a~1b~0c', expected: 'absent: the format has no such field', found: '1' },
    ])
    expect(documentProblems(JSON.parse(`{"__proto__": {"title": "x"}}`)).map(({ pointer }) => pointer)).to.include('/__proto__')
    expect(documentProblems({ ...full, title: '\ud800' })[0]).to.include({ expected: 'well-formed Unicode' })
    expect(
      documentProblems({ ...full, keywords: Array.from({ length: 50 }, () => 7), priorWorks: Array.from({ length: 100 }, () => 7) }),
    ).to.have.length(50)
    for (const value of [null, [], 'text', 7, undefined])
      expect(documentProblems(value)[0]).to.include({ pointer: '', expected: 'an object' })
  })

  it('refuses what does not fit one block, and what refers to itself', async () => {
    const long = Array.from({ length: 100 }, () => ({ relation: 'partOf' as const, url: `https://example.org/${'€'.repeat(1900)}` }))
    const lookAlikes = Array.from({ length: 100 }, () => ({ verdict: 'copy' as const, reason: '€'.repeat(1000) }))
    const creators = Array.from({ length: 100 }, () => ({ name: '€'.repeat(200), credential: `x:${'€'.repeat(1990)}` }))
    const error = await expectError('DOCUMENT_TOO_LARGE', () =>
      encodeDocument({ ...full, creators, priorWorks: long, originality: { checkedAt: '2024-03-01T10:00:00Z', lookAlikes } }),
    )
    expect(error.details).to.include({ limit: 1 << 20 })
    const cyclic: Record<string, unknown> = { ...full }
    cyclic.rightsHolder = cyclic
    await expectError('DOCUMENT_INVALID', () => encodeDocument(cyclic as never))
  })

  it('stands in schema.org’s words', () => {
    expect(toSchemaOrg(full)).to.deep.include({
      '@type': 'Photograph',
      name: 'Kaffee · 咖啡',
      datePublished: '2024-03-01',
      inLanguage: 'zh-Hans',
      sha256: '0a'.repeat(32),
      copyrightHolder: { '@type': 'Person', name: 'An agency' },
      identifier: { '@type': 'PropertyValue', propertyID: 'ISCC', value: full.iscc.code },
    })
    expect(toSchemaOrg({ ...without('rightsHolder'), media: { ...full.media, type: 'text/plain' } }))
      .to.include({ '@type': 'Article' })
      .and.not.have.property('copyrightHolder')
    expect(toSchemaOrg({ ...full, media: { ...full.media, type: 'application/pdf' } })['@type']).to.equal('CreativeWork')
  })

  it('pins features beside the document, and nothing when the description is invalid', async () => {
    const store = createMemoryStore()
    const pinned = await pinWork(store, photo, { title: 'Coffee', creators: [{ name: 'Rachel' }] }, { fileName: 'coffee.jpg' })
    const [features] = pinned.document.features!
    expect(await store.pins()).to.have.members([pinned.cid, features])
    const read = JSON.parse(new TextDecoder().decode(await store.get(features!)))
    expect(read).to.deep.equal({
      type: 'colophon-features',
      version: 1,
      media: 'image',
      features: (photo as { features: unknown }).features,
    })
    expect(decodeDocument(await store.get(pinned.cid)).document).to.deep.equal(pinned.document)

    const empty = createMemoryStore()
    await expectError('DOCUMENT_INVALID', () => pinWork(empty, photo, { title: 'x', creators: [] }))
    expect(await empty.pins()).to.deep.equal([])

    const data = await pinWork(empty, await fingerprint(Uint8Array.of(0, 1, 2), { media: 'data' }), {
      title: 'Bytes',
      creators: [{ name: 'x' }],
    })
    expect(data.document.features).to.equal(undefined)
    expect(await empty.pins()).to.deep.equal([data.cid])
  })
})

describe('document: the published schema', () => {
  const published = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'schema', 'deposit-document-v1.json'), 'utf8'))
  const ajv = new Ajv2020({ strict: true, strictRequired: false })
  const valid = ajv.compile(published)

  it('is what is checked here', () => expect(published).to.deep.equal(depositDocumentSchema))

  it('names an example for every pattern, which the message of a refusal gives', () => {
    const patterns: { pattern: string; examples?: string[] }[] = []
    JSON.stringify(published, (_, value) => {
      if (typeof value?.pattern === 'string') patterns.push(value)
      return value
    })
    expect(patterns).to.have.length.above(8)
    for (const { pattern, examples } of patterns) for (const example of examples ?? ['']) expect(example).to.match(new RegExp(pattern, 'u'))
    expect(documentProblems({ ...full, created: '21.11.2026' })[0]!.expected).to.equal('like 2026-11-21')
  })

  it('is met by every field at once, and by the least there can be', () => {
    expect(valid(full), ajv.errorsText(valid.errors)).to.equal(true)
    expect(documentProblems(full)).to.deep.equal([])
    const least = { version: 1, title: 'x', creators: [{ name: 'y' }], media: { type: 'a/b', size: 1, sha256: HASH }, iscc: full.iscc }
    expect(valid(least)).to.equal(true)
    expect(documentProblems(least)).to.deep.equal([])
  })

  it('means the same to Ajv and to us, whatever is changed', () => {
    const places = pathsOf(full)
    const odd = fc.oneof(
      fc.constantFrom<unknown>(
        null,
        true,
        0,
        1,
        -1,
        1.5,
        2 ** 53,
        '',
        ' ',
        [],
        {},
        'DE',
        'de',
        '2024-13',
        '0x',
        HASH,
        HASH.toUpperCase(),
        'ISCC:A',
        [[]],
      ),
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.integer(),
      fc
        .constantFrom(100, 200, 255, 500, 1000, 2000, 10_000)
        .chain((length) => fc.constantFrom('x'.repeat(length), 'x'.repeat(length + 1), '𝕏'.repeat(length))),
      fc.array(fc.constantFrom<unknown>('x', 7, { name: 'x' }), { maxLength: 3 }),
    )
    const change = fc.record({ place: fc.constantFrom(...places), how: fc.constantFrom('replace', 'remove', 'add', 'repeat'), odd })
    let invalid = 0
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        const changed = structuredClone(full) as unknown as Record<string, unknown>
        for (const { place, how, odd: value } of changes) apply(changed, place, how, value)
        const problems = documentProblems(changed)
        if (problems.length > 0) invalid++
        expect(problems.length === 0, JSON.stringify({ problems, ajv: ajv.errorsText(valid.errors) })).to.equal(valid(changed))
      }),
      { numRuns: 5000 },
    )
    expect(invalid).to.be.within(1000, 4999)
  })
})

function without(name: keyof DepositDocument & keyof WorkDescription): DepositDocument {
  const { [name]: _, ...rest } = full
  return rest as DepositDocument
}

type Path = (string | number)[]

function pathsOf(value: unknown, at: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [at]
  const below = Object.entries(value).flatMap(([name, item]) => pathsOf(item, [...at, Array.isArray(value) ? Number(name) : name]))
  return at.length === 0 ? below : [at, ...below]
}

function apply(root: Record<string, unknown>, path: Path, how: string, value: unknown): void {
  let parent: Record<string | number, unknown> = root
  for (const step of path.slice(0, -1)) {
    const next = parent[step]
    // An earlier change may have taken this place away.
    if (typeof next !== 'object' || next === null) return
    parent = next as Record<string, unknown>
  }
  const last = path.at(-1)!
  if (how === 'replace') parent[last] = value
  else if (how === 'remove' && !Array.isArray(parent)) delete parent[last]
  else if (how === 'add' && !Array.isArray(parent)) parent[`x${String(last)}`] = value
  else if (how === 'repeat' && Array.isArray(parent[last])) parent[last] = Array.from({ length: 101 }, () => (parent[last] as unknown[])[0])
}
