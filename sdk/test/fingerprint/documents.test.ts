import { expect } from 'chai'
import fc from 'fast-check'
import { compare, fingerprint, highlightHtml, highlightTerminal, readText } from '../../src/fingerprint/index.ts'
import { createReader } from '../../src/fingerprint/text/reader.ts'
import { genTextCode } from '../../src/iscc/index.ts'
import { expectError } from '../expectError.ts'
import { needPeer } from '../needPeer.ts'
import { archiveOf, docxOf, epubOf, htmlOf, pdfOf } from './documents.ts'
import { prose, textFingerprint, utf8 } from './works.ts'

const DEEP = process.env.COLOPHON_DEEP === '1'
const CHINESE =
  '版权页是一本书末尾的说明，写明谁印了它、何时何地印成，用的是什么纸和什么字。古人在卷尾题记，今人在书后刊印，意思是一样的：让后来的读者知道这本书的来历。'
const JAPANESE =
  '奥付とは本の終わりに記される事項で、誰がいつどこで刷ったかを伝えるものである。カタカナもひらがなも漢字も、区切りなしに続いていく文章の例として置いておく。'
const ARABIC =
  'الكولوفون هو بيان يكتب في آخر الكتاب ويذكر فيه اسم الناسخ وتاريخ الفراغ من النسخ ومكانه، وكان الوراقون يحرصون على كتابته في خاتمة كل مخطوط لأن القارئ يعرف منه أصل النسخة ومن قابلها وصححها، وما زال الناشرون اليوم يثبتون هذه المعلومات في الصفحات الأولى أو الأخيرة.'
const PARAGRAPHS = [...Array.from({ length: 12 }, (_, seed) => prose(900 + seed, 90)), CHINESE, JAPANESE, ARABIC]
const file = (bytes: Uint8Array, name: string): File => new File([new Uint8Array(bytes)], name)

/** The letters and word hashes that the features see. */
function read(text: string): { letters: string; words: number[] } {
  let letters = ''
  const words: number[] = []
  const reader = createReader((stretch) => {
    for (let i = 0; i < stretch.count; i++) if (stretch.letters[i]! < 0x200000) letters += String.fromCodePoint(stretch.letters[i]!)
    words.push(...stretch.words.subarray(0, stretch.wordCount))
  })
  reader.push(text)
  reader.end()
  return { letters, words }
}

describe('fingerprint: documents', () => {
  needPeer('pdfjs-dist')
  const makers = { html: htmlOf, docx: docxOf, epub: epubOf, pdf: pdfOf }
  for (const [kind, make] of Object.entries(makers)) {
    it(`finds the text of ${kind} and takes it for the plain one`, async function () {
      this.timeout(60_000)
      const plain = await textFingerprint(utf8(PARAGRAPHS.join('\n\n')))
      const made = await textFingerprint(make(PARAGRAPHS))
      expect(made.mediaType).to.include(kind === 'docx' ? 'wordprocessingml' : kind)
      expect(made.features.letters).to.equal(plain.features.letters)
      expect(made.units.content).to.equal(genTextCode(await readText(make(PARAGRAPHS)), { bits: 256 }).iscc)
      const match = compare(plain, made)
      expect(match.verdict, match.reason).to.equal('copy')
      expect(match.layers.find(({ name }) => name === 'containment')!.value).to.be.greaterThan(0.98)
      // The identity is over the bytes.
      expect(made.units.data).not.to.equal(plain.units.data)
    })
  }

  it('leaves out what a reader of a page does not see', async () => {
    const text = await readText(
      utf8(
        '<!doctype html><title>no</title><style>no</style><p>se<b>en</b> &amp; read</p><p hidden>no</p><p style="display: none">no <i>no</i></p>' +
          '<p><ruby>漢<rt>no</rt></ruby>字<!-- no --><script>no</script><p>end',
      ),
    )
    expect(text.trim().split(/\s+/)).to.deep.equal(['seen', '&', 'read', '漢字', 'end'])
  })

  it('reads a page in the encoding that it names', async () => {
    const head = '<!doctype html><meta charset="windows-1251"><p>'
    const bytes = Uint8Array.from([...utf8(head), 0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2])
    expect((await readText(bytes)).trim()).to.equal('Привет')
  })

  it('overwrites what Markdown does not show, and moves nothing', async () => {
    const text =
      '---\ntitle: no\n---\n# Seen [link](https://no.example/path "no") <!-- no -->\n\n[ref]: https://no.example\n\n```js\ncode\n```\n&copy; <https://no.example>'
    const shown = await readText(file(utf8(text), 'a.md'))
    expect(shown).to.have.length(text.length)
    expect(shown.match(/\p{L}+/gu)).to.deep.equal(['Seen', 'link', 'code'])
    for (const word of ['Seen', 'link', 'code']) expect(shown.indexOf(word)).to.equal(text.indexOf(word))
  })

  it('reads notes, skips deleted and hidden text, and takes one of two forms of the same', async () => {
    const document =
      '<w:document xmlns:w="w" xmlns:mc="mc"><w:body><w:p><w:r><w:t>kept</w:t><w:tab/><w:t>text</w:t></w:r><w:del><w:r><w:delText>no</w:delText></w:r></w:del>' +
      '<w:r><w:rPr><w:vanish/></w:rPr><w:t>no</w:t></w:r><mc:AlternateContent><mc:Choice><w:r><w:t>box</w:t></w:r></mc:Choice><mc:Fallback><w:r><w:t>no</w:t></w:r></mc:Fallback></mc:AlternateContent></w:p></w:body></w:document>'
    const bytes = docxOf([], {
      'word/document.xml': document,
      'word/_rels/document.xml.rels':
        '<Relationships><Relationship Id="r" Type="http://x/relationships/footnotes" Target="footnotes.xml"/></Relationships>',
      'word/footnotes.xml': '<w:footnotes xmlns:w="w"><w:footnote><w:p><w:r><w:t>note</w:t></w:r></w:p></w:footnote></w:footnotes>',
    })
    expect((await readText(bytes)).match(/\w+/g)).to.deep.equal(['kept', 'textbox', 'note'])
  })

  describe('refuses', () => {
    const cut = (bytes: Uint8Array, share: number): Uint8Array => bytes.subarray(0, Math.floor(bytes.length * share))
    it('documents that are cut short, as TEXT_UNREADABLE', async function () {
      this.timeout(60_000)
      for (const make of [docxOf, epubOf]) {
        await expectError('TEXT_UNREADABLE', () => fingerprint(cut(make(PARAGRAPHS), 0.7)))
      }
      await expectError('TEXT_UNREADABLE', () => fingerprint(utf8('%PDF-1.7\nnothing else')))
    })

    it('archives with damaged parts, and with two of the same name', async () => {
      const bytes = docxOf(PARAGRAPHS)
      const at = Buffer.from(bytes).indexOf('word/document.xml') + 200
      bytes[at]! ^= 0xff
      await expectError('TEXT_UNREADABLE', () => fingerprint(bytes))
      const twice = archiveOf({ '[Content_Types].xml': 'x', 'word/a': 'x', 'word/b': 'y' })
      for (let i = 0; i < twice.length - 6; i++) if (Buffer.from(twice.subarray(i, i + 6)).toString() === 'word/b') twice[i + 5] = 0x61
      const error = await expectError('TEXT_UNREADABLE', () => fingerprint(twice))
      expect(error.message).to.include('two files')
    })

    it('archives that are neither', async () => {
      const zip = archiveOf({ 'a.txt': 'text' })
      await expectError('FINGERPRINT_UNSUPPORTED', () => fingerprint(zip))
      await expectError('TEXT_UNREADABLE', () => fingerprint(file(zip, 'a.docx')))
      await expectError('TEXT_UNREADABLE', () => fingerprint(file(zip, 'a.epub')))
    })

    it('bombs, as TEXT_TOO_LARGE', async function () {
      this.timeout(60_000)
      const bomb = docxOf([], { 'word/document.xml': `<w:t>${' '.repeat(30_000_000)}</w:t>` })
      expect(bomb.length).to.be.lessThan(100_000)
      await expectError('TEXT_TOO_LARGE', () => fingerprint(bomb))
    })

    it('encrypted books and entries, as TEXT_LOCKED', async () => {
      const encryption =
        '<encryption><EncryptedData><CipherData><CipherReference URI="OPS/text/p%200.xhtml"/></CipherData></EncryptedData></encryption>'
      await expectError('TEXT_LOCKED', () => fingerprint(epubOf(PARAGRAPHS, { 'META-INF/encryption.xml': encryption })))
    })

    it('elements without end', async () => {
      await expectError('TEXT_UNREADABLE', () => fingerprint(utf8(`<!doctype html>${'<b>'.repeat(6000)}`)))
    })

    it('files over maxBytes', async () => {
      await expectError('SOURCE_TOO_LARGE', () => fingerprint(pdfOf(['text']), { maxBytes: 100 }))
    })
  })

  it('neither crashes nor hangs on mutated documents', async function () {
    this.timeout(DEEP ? 3_600_000 : 120_000)
    const sources = [htmlOf, docxOf, epubOf].map((make) => make(PARAGRAPHS.slice(0, 3)))
    const change = fc.record({ at: fc.nat(), byte: fc.nat(255), cut: fc.nat(40) })
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...sources), fc.array(change, { minLength: 1, maxLength: 12 }), async (source, changes) => {
        const bytes = source.slice()
        for (const { at, byte } of changes) bytes[at % bytes.length] = byte
        const { at, cut } = changes[0]!
        const end = cut === 0 ? at % bytes.length : bytes.length
        const found = await fingerprint(bytes.subarray(0, end), {}).catch((error) => error)
        if (found instanceof Error) expect((found as { code?: string }).code, found.stack).to.match(/^(?:TEXT_|FINGERPRINT_)/)
      }),
      { numRuns: DEEP ? 10_000 : 300 },
    )
  })

  it('neither crashes nor hangs on mutated PDFs', async function () {
    this.timeout(DEEP ? 3_600_000 : 120_000)
    const source = pdfOf(PARAGRAPHS.slice(0, 2))
    await fc.assert(
      fc.asyncProperty(fc.array(fc.record({ at: fc.nat(), byte: fc.nat(255) }), { minLength: 1, maxLength: 30 }), async (changes) => {
        const bytes = source.slice()
        for (const { at, byte } of changes) bytes[5 + (at % (bytes.length - 5))] = byte
        const found = await fingerprint(bytes).catch((error) => error)
        if (found instanceof Error) expect((found as { code?: string }).code, found.stack).to.match(/^TEXT_/)
      }),
      { numRuns: DEEP ? 300 : 10 },
    )
  })
})

describe('fingerprint: what letters count as one', () => {
  const same: Record<string, [string, string]> = {
    'Cyrillic and Greek look-alikes': ['paypal Excess scope', 'рaураӏ Ехсеѕѕ ѕсοре'],
    'mathematical and full-width letters': ['Colophon', '𝓒𝓸𝓵𝓸𝓹𝓱𝓸𝓷'],
    'invisible characters and fillers': ['one word', 'o\u200bn\u2060e w\u3164o\u115fr\u{e0061}d\ufe0f'],
    'a word parted at the end of a line': ['colophon page', 'colo-\n   phon page'],
    'Arabic forms, marks and the tatweel': ['كتاب علي مدرسة', 'کِتَـــاب علی مدرسه'],
    'digits of all scripts': ['2024', '٢٠٢٤'],
    'halfwidth Kana': ['カタカナ', 'ｶﾀｶﾅ'],
    'Kangxi radicals': ['人口日', '⼈⼝⽇'],
  }
  for (const [what, [a, b]] of Object.entries(same)) {
    it(what, () => {
      expect(read(b)).to.deep.equal(read(a))
    })
  }

  it('keeps apart what looks different', () => {
    for (const [a, b] of [
      ['cat', 'cut'],
      ['well-known', 'wellknown'],
      ['上下', '下上'],
    ] as const)
      expect(read(a)).not.to.deep.equal(read(b))
  })

  it('changes nothing any more when done twice', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const once = read(text).letters
        expect(read(once).letters).to.equal(once)
      }),
      { numRuns: DEEP ? 20_000 : 500 },
    )
  })
})

describe('compare: passages in other scripts', () => {
  const host = (seed: number): string => prose(seed, 300)
  for (const [language, quotation] of Object.entries({ CHINESE, JAPANESE, ARABIC })) {
    it(`${language.toLowerCase()}: finds a quotation, and both places read the same`, async () => {
      const a = `${host(1)} ${quotation} ${host(2)}`
      const b = `${host(3)} ${quotation} ${host(4)}`
      const match = compare(await textFingerprint(utf8(a)), await textFingerprint(utf8(b)))
      expect(match.verdict, match.reason).to.equal('similar')
      const { a: inA, b: inB } = match.passages![0]!
      expect(quotation).to.include(a.slice(inA.from, inA.to))
      expect(b.slice(inB.from, inB.to)).to.equal(a.slice(inA.from, inA.to))
      expect(inA.to - inA.from).to.be.greaterThan(quotation.length * 0.6)
    })
  }

  it('marks the passages in both texts', async () => {
    const quotation = prose(77, 60)
    const a = `${host(5)} <b>"${quotation}" ${host(6)}`
    const b = `${quotation} ${host(7)}`
    const { passages } = compare(await textFingerprint(utf8(a)), await textFingerprint(utf8(b)))
    const html = highlightHtml({ a, b, passages: passages! })
    const marked = [...html.matchAll(/<mark id="[ab]\d+"><a href="#[ab]\d+" title="passage \d+">([^<]+)<\/a><\/mark>/g)].map(
      ([, text]) => text!,
    )
    expect(marked).to.have.length(2)
    for (const text of marked) expect(quotation).to.include(text)
    expect(html).to.include('&lt;b&gt;&quot;').and.not.to.include('<b>')
    const terminal = highlightTerminal({ a, b, passages: passages! }, { a: 'mine', b: 'theirs' })
    expect(terminal).to.include(`\u001b[7m${marked[0]!.slice(0, 20).replace(/\s+/g, ' ')}`)
    expect(
      highlightTerminal({ a: 'x\u001b[31my'.repeat(20), b, passages: [{ a: { from: 0, to: 20 }, b: { from: 0, to: 5 }, hashes: 2 }] }),
    ).not.to.include('\u001b[31m')
  })
})
