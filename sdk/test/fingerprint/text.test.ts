import { expect } from 'chai'
import fc from 'fast-check'
import { compare, fingerprint } from '../../src/fingerprint/index.ts'
import { decodeUnit, encodeUnit, genTextCode } from '../../src/iscc/index.ts'
import { expectError } from '../expectError.ts'
import { ESSAY, essayText } from './media.ts'
import { inPieces, prose, textFingerprint, utf8, utf16 } from './works.ts'

const RUNS = process.env.COLOPHON_DEEP === '1' ? 1_000 : 100

/** Everything that does not depend on the bytes. */
async function content(bytes: Uint8Array): Promise<unknown> {
  const { units, features, code, plain } = await textFingerprint(bytes)
  return { content: units.content, features, code, plain }
}

describe('fingerprint: texts', () => {
  it('says what a text is', async () => {
    const found = await textFingerprint(ESSAY)
    expect(found).to.include({ version: 1, media: 'text', mediaType: 'text/markdown', plain: false, size: 3768 })
    expect(found).not.to.have.property('declaredType')
    expect(found.code).to.include({ type: 2, name: 'ISCC-Text-256' })
    expect(found.units.content).to.equal(genTextCode(essayText, { bits: 256 }).iscc)
    // Made by iscc-sdk 0.9.7 (code_text) from the same file, named essay.txt.
    const { digest } = decodeUnit(found.units.content!)
    expect(encodeUnit({ mainType: 'CONTENT', subType: 'TEXT', bits: 64, digest })).to.equal('ISCC:EAAV6W3JO2II4K7A')
    expect(found.features.words).to.equal(essayText.match(/[\p{L}\p{N}’']+/gu)!.length)
    expect(found.features.letters).to.equal(essayText.match(/[\p{L}\p{N}]/gu)!.length)
    expect(found.features.minhash).to.have.length(128)
  })

  it('takes UTF-8 and UTF-16, with and without marks, for the same text', async () => {
    const text = `${prose(1, 300)} Zwölf Boxkämpfer, Ἑλλάς, ещё, 漢字かな, 😀 end`
    const plain = await content(utf8(text))
    expect(await content(utf8(`\ufeff${text}`))).to.deep.equal(plain)
    expect(await content(utf16(text, 'le'))).to.deep.equal(plain)
    expect(await content(utf16(text, 'be'))).to.deep.equal(plain)
  })

  it('reads text of one and two bytes', async () => {
    for (const text of ['a', 'ab', 'é', '?']) {
      const { features, plain } = await textFingerprint(utf8(text))
      expect(features.letters, text).to.equal(text === '?' ? 0 : text.length)
      expect(plain).to.equal(true)
    }
    const { features } = await textFingerprint(utf16('', 'le'))
    expect(features).to.deep.equal({ letters: 0, words: 0, minhash: [], passages: { level: 0, hashes: [], starts: [], ends: [] } })
  })

  describe('refuses as TEXT_UNREADABLE', () => {
    const long = utf8(prose(2, 1500))
    const late = (...bytes: number[]): Uint8Array => Uint8Array.from([...long, ...bytes])
    const cases: Record<string, Uint8Array> = {
      'invalid UTF-8 behind what is sniffed': late(0xff, 0x41),
      'a character cut short at the end': late(0xe2, 0x82),
      'a NUL behind what is sniffed': late(0x41, 0, 0x41),
      'an overlong form': late(0xc0, 0xaf),
      'a surrogate in UTF-8': late(0xed, 0xa0, 0x80),
      'UTF-16 of an odd number of bytes': utf16('abc', 'le').subarray(0, 7),
      'UTF-16 with half a pair': utf16('ab\ud83d', 'be'),
      'UTF-16 with a NUL': utf16('a\0b', 'le'),
      'UTF-32': Uint8Array.of(0xff, 0xfe, 0, 0, 0x41, 0, 0, 0),
      'binary that begins like UTF-16': Uint8Array.from({ length: 99 }, (_, index) =>
        index < 2 ? [0xff, 0xfe][index]! : (index * 89) & 255,
      ),
    }
    for (const [what, bytes] of Object.entries(cases)) {
      it(what, async () => {
        const error = await expectError('TEXT_UNREADABLE', () => fingerprint(new File([new Uint8Array(bytes)], 'novel.txt')))
        expect(error.details).to.deep.equal({ name: 'novel.txt' })
        await expectError('TEXT_UNREADABLE', () => fingerprint(inPieces(bytes, Array.from(bytes.keys()).slice(1))))
        // Its identity can still be taken.
        expect(await fingerprint(bytes, { media: 'data' })).to.include({ media: 'data', size: bytes.length })
      })
    }
  })

  it('gives the same however the bytes are cut: one by one', async () => {
    for (const bytes of [utf8('\ufeffÄ — “quote” 漢字 😀 and a tail.'), utf16('Ä — 漢字 😀 e\u0301', 'le'), utf16('Ä — 漢字 😀', 'be')]) {
      const whole = await fingerprint(bytes)
      expect(await fingerprint(inPieces(bytes, Array.from(bytes.keys()).slice(1)))).to.deep.equal(whole)
    }
  })

  it('gives the same however the bytes are cut: at every single place', async () => {
    const bytes = utf8('Ein Büchlein — 漢字 😀 of ﬁne ligatures, Σίσυφος, n\u0303, don’t-stop.')
    const whole = await fingerprint(bytes)
    for (let at = 1; at < bytes.length; at++) expect(await fingerprint(inPieces(bytes, [at])), `cut at ${at}`).to.deep.equal(whole)
  })

  it('gives the same however the bytes are cut: any text, any cuts, empty pieces too', async function () {
    this.timeout(120_000)
    const word = fc.oneof(
      { weight: 5, arbitrary: fc.string({ unit: fc.constantFrom(..."abcdefgßéÉİﬁ'’-"), minLength: 1, maxLength: 12 }) },
      fc.string({ unit: 'grapheme', maxLength: 8 }),
      fc.constantFrom(
        '漢字かな混じり',
        'ภาษาไทย',
        '한국어',
        'Σίσυφος',
        '😀🏳️‍🌈',
        'n\u0303o',
        'so\u00adft',
        '𝔘𝔫',
        '½㎏Ⅻ',
        '\ufeff',
        '\r\n\t',
      ),
    )
    const texts = fc.array(word, { minLength: 1, maxLength: 400 }).map((words) => words.join(' '))
    await fc.assert(
      fc.asyncProperty(
        texts.chain((text) => {
          // Control characters make it binary, which is another test.
          // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what has to go
          const bytes = utf8(text.replace(/[\0-\x08\x0e-\x1a\x1c-\x1f]/g, '') || 'x')
          return fc.record({ bytes: fc.constant(bytes), cuts: fc.array(fc.nat(bytes.length), { maxLength: 30 }) })
        }),
        async ({ bytes, cuts }) => {
          expect(await fingerprint(inPieces(bytes, cuts))).to.deep.equal(await fingerprint(bytes))
        },
      ),
      { numRuns: RUNS },
    )
  })

  it('does not care for case, marks, punctuation, line ends, invisible characters and compatibility forms', async () => {
    const text = 'The fine colophon, at the end of the book, says who made it: a naive facade of letters in the printer’s office, 1476.'
    const disguised = text
      .toUpperCase()
      .replaceAll('FI', 'ﬁ')
      .replace('NAIVE', 'NAI\u0308VE')
      .replaceAll(', ', ' –\r\n\t')
      .replace('BOOK', 'BO\u00adOK')
      .replace('LETTERS', 'ＬＥＴＴＥＲＳ')
    const a = (await textFingerprint(utf8(text))).features
    const b = (await textFingerprint(utf8(disguised))).features
    expect(b.passages.hashes).to.deep.equal(a.passages.hashes)
    expect(b.minhash).to.deep.equal(a.minhash)
    expect([b.letters, b.words]).to.deep.equal([a.letters, a.words])
  })

  it('counts each character of scripts without spaces as a word', async () => {
    const { features } = await textFingerprint(utf8('漢字かな混じり文。abc 漢字def'))
    expect(features.words).to.equal(8 + 1 + 2 + 1)
  })

  it('names every passage by a place in the text that reads the same', async () => {
    const text = prose(4, 800).replaceAll('ba', 'bä').replaceAll('co', '😀co')
    const { features } = await textFingerprint(utf8(text))
    const { hashes, starts, ends } = features.passages
    const letters = (part: string): string => [...part.normalize('NFKD').toLowerCase()].filter((c) => /[\p{L}\p{N}]/u.test(c)).join('')
    const byHash = new Map<number, string>()
    expect(hashes.length).to.be.greaterThan(100)
    hashes.forEach((hash, index) => {
      const passage = letters(text.slice(starts[index], ends[index]))
      expect(passage).to.have.length(25)
      expect(byHash.get(hash) ?? passage).to.equal(passage)
      byHash.set(hash, passage)
      if (index > 0) expect(starts[index]!).to.be.greaterThan(starts[index - 1]!)
    })
  })

  it('leaves at least one hash of any 44 letters', async () => {
    const text = prose(5, 3000)
    const { features } = await textFingerprint(utf8(text))
    const places = [...text].flatMap((character, index) => (/[a-z]/.test(character) ? [index] : []))
    const { starts, ends } = features.passages
    for (let first = 0; first + 43 < places.length; first += 11) {
      const from = places[first]!
      const to = places[first + 43]!
      expect(
        starts.some((start, index) => start >= from && ends[index]! <= to + 1),
        `nothing of ${from} to ${to}`,
      ).to.equal(true)
    }
  })

  it('needs no more memory for passages of a long text, and still finds a part of it', async function () {
    this.timeout(60_000)
    const part = prose(6, 4000)
    const long = `${prose(7, 100_000)} ${part} ${prose(8, 100_000)}`
    const { features } = await textFingerprint(utf8(long))
    expect(features.passages.level).to.be.greaterThan(0)
    expect(features.passages.hashes.length).to.be.most(32_768)
    const mask = (1 << features.passages.level) - 1
    expect(features.passages.hashes.filter((hash) => (hash & mask) !== 0)).to.deep.equal([])
    const [longest] = compare(await textFingerprint(utf8(part)), await textFingerprint(utf8(long))).passages!
    const offset = long.indexOf(part)
    expect(longest!.b.from).to.be.within(offset, offset + 400)
    expect(longest!.b.to).to.be.within(offset + part.length - 400, offset + part.length)
    expect(longest!.b.from - longest!.a.from).to.equal(offset)
  })
})
