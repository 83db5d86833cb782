import { expect } from 'chai'
import fc from 'fast-check'
import { createTextCode, genTextCode, isccDistance, textClean, textCollapse, textRemoveNewlines, textTrim } from '../../src/iscc/index.ts'
import { expectCode } from './expectCode.ts'

/** Characters that decomposition, case, filters or recombination treat by their neighbours, and some that cross a border in UTF-16. */
const TRICKY = [
  ..."aeoN .,:'^-\n0",
  ...['\u03a3', '\u03c3', '\u0391', '\u02b0', '\u00b4', '\u00a8', '\u037a', '\u0345', '\u0301', '\u0323', '\u00ad', '\u0903'],
  ...[
    '\u30ab',
    '\uff76',
    '\uff8a',
    '\uff9e',
    '\uff9f',
    '\u3099',
    '\u1100',
    '\u1161',
    '\u11a8',
    '\uac00',
    '\u3131',
    '\u314f',
    '\uffa1',
    '\uffc2',
  ],
  ...['\u{1f600}', '\u{10400}', '\u{16d63}', '\u{16d67}', '\ud83d', '\ude00', '\u0130', '\ufb01', '\u1e9e', '\u212b', '\u4e2d'],
]
const tricky = fc.array(fc.constantFrom(...TRICKY), { maxLength: 60 }).map((units) => units.join(''))

/** Code of `text` fed in pieces that end after each of `cuts` code units. */
function inPieces(text: string, cuts: number[]): object {
  const hasher = createTextCode()
  let at = 0
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    hasher.update(text.slice(at, cut))
    at = Math.max(at, cut)
  }
  hasher.update(text.slice(at))
  return hasher.code({ bits: 256 })
}

/** The same without pieces, checked against the definition where that can be done by public means. */
function whole(text: string): object {
  const code = genTextCode(text, { bits: 256 })
  const collapsed = textCollapse(text)
  // Collapsing again may take away marks that recombination made; a text without such is its own collapsed text.
  if (textCollapse(collapsed) === collapsed) expect(genTextCode(collapsed, { bits: 256 }), text).to.deep.equal(code)
  return { ...code, characters: Array.from(collapsed).length }
}

describe('iscc: Text-Code', () => {
  it('does not depend on how the text is cut into pieces', () => {
    fc.assert(
      fc.property(tricky, fc.array(fc.nat(80), { maxLength: 8 }), (text, cuts) => {
        expect(inPieces(text, cuts)).to.deep.equal(whole(text))
      }),
      { numRuns: 2_000 },
    )
  })

  it('does not depend on cuts even if every code unit is a piece', () => {
    fc.assert(
      fc.property(tricky, (text) => {
        const units = Array.from({ length: text.length }, (_, i) => i)
        expect(inPieces(text, units)).to.deep.equal(whole(text))
      }),
      { numRuns: 1_000 },
    )
  })

  it('hashes a text of many blocks and pieces as the reference does', () => {
    const words = ['\u039f\u0394\u039f\u03a3 ', 'caf\u00e9 ', '\uff76\uff9e', 'plain ASCII text, ', '\u{1f600}', '\uac01']
    let text = ''
    for (let i = 0; text.length < 150_000; i = (i * 7 + 3) % 1_009) text += words[i % words.length]
    // Computed with the reference implementation.
    const expected = { iscc: 'ISCC:EADSI4G5WD63MJYJPE62CZKFKGBE4DKWEMNGFXRDKQXSEQQ7PIYQRKY', characters: 114_563 }
    expect(genTextCode(text, { bits: 256 })).to.deep.equal(expected)
    expect(inPieces(text, [65_535, 65_536, 70_001, 131_073])).to.deep.equal(expected)
  })

  it('lowers sigmas as textCollapse does, in any company', () => {
    const company = fc.array(fc.constantFrom('\u03a3', '\u03a3', '\u0391', '.', '^', '\u02b0', '1', '\u0301', '\uff76\uff9e'), {
      maxLength: 14,
    })
    fc.assert(
      fc.property(company, fc.array(fc.nat(14), { maxLength: 3 }), (units, cuts) => {
        // Kana and its mark are the one thing in it that would not survive a second collapsing.
        expect(inPieces(units.join(''), cuts)).to.deep.equal(whole(units.join('')))
        const text = units.filter((unit) => unit.length === 1).join('')
        expect(genTextCode(text, { bits: 256 })).to.deep.equal(genTextCode(textCollapse(text), { bits: 256 }))
      }),
      { numRuns: 3_000 },
    )
  })

  it('decides a final sigma across pieces, however far its word goes on', () => {
    const cases = [
      '\u0391\u03a3',
      '\u0391\u03a3\u0391',
      '\u0391\u03a3..',
      '\u0391\u03a3..\u0391',
      '\u0391\u03a3\u03a3',
      '\u0391\u03a3.\u03a3.',
      ' \u03a3 ',
      "\u0391''\u03a3",
    ]
    for (const text of cases) {
      const filled = text.replaceAll('.', '.'.repeat(50)).padEnd(20, '1')
      for (let cut = 0; cut <= filled.length; cut++) expect(inPieces(filled, [cut]), `${text} at ${cut}`).to.deep.equal(whole(filled))
    }
  })

  it('collapses every character of the basic plane as textCollapse does, beside a sigma too', function () {
    this.timeout(120_000)
    let text = ''
    for (let code = 1; code < 0xffff; code++) {
      if (code >= 0xd800 && code <= 0xdfff) continue
      const character = String.fromCharCode(code)
      const context = `1${character}\u03a31a\u03a3${character}1a\u03a3${character}a`
      const collapsed = textCollapse(context)
      if (textCollapse(collapsed) === collapsed) text += context
    }
    expect(text).to.have.length.above(500_000)
    const collapsed = textCollapse(text)
    const code = genTextCode(text, { bits: 256 })
    expect(code.characters).to.equal(Array.from(collapsed).length)
    expect(inPieces(collapsed, [1, 70_000, 200_001])).to.deep.equal(code)
  })

  it('holds little of a sigma that a long run leaves undecided', () => {
    const run = '.'.repeat(300_000)
    for (const [end, sigma] of [
      ['a', '\u03c3'],
      ['1', '\u03c2'],
    ]) {
      expect(genTextCode(`a\u03a3${run}^${run}${end}`, { bits: 256 })).to.deep.equal(genTextCode(`a${sigma}^${end}`, { bits: 256 }))
    }
  })

  it('ignores case, marks, punctuation and white space and nothing else', () => {
    const code = genTextCode('The quick brown fox jumps over the lazy dog', { bits: 256 }).iscc
    expect(genTextCode('  th\u00c9, QUICK\tbrown f\u00f6x... jumps over\n\nthe \u201clazy\u201d dog!', { bits: 256 }).iscc).to.equal(code)
    expect(genTextCode('The quick brown fox jumps over the lazy dog1', { bits: 256 }).iscc).not.to.equal(code)
  })

  it('keeps the code of a lightly edited text near and that of another far', () => {
    const words = Array.from({ length: 4_000 }, (_, i) => `w${(i * i * 31) % 977}`)
    const base = genTextCode(words.join(' '), { bits: 256 }).iscc
    words[1_000] = 'another'
    words[3_000] = 'word'
    expect(isccDistance(base, genTextCode(words.join(' '), { bits: 256 }).iscc)).to.be.below(32)
    const other = Array.from({ length: 4_000 }, (_, i) => `x${(i * i * 17) % 983}`)
    expect(isccDistance(base, genTextCode(other.join(' '), { bits: 256 }).iscc)).to.be.above(80)
  })

  it('gives the same digest again and refuses more text afterwards', () => {
    const hasher = createTextCode()
    hasher.update('Hello World')
    const digest = hasher.digest()
    digest.fill(0)
    expect(hasher.code().iscc).to.equal('ISCC:EAASKDNZNYGUUF5A')
    expectCode(() => hasher.update('more'), 'ISCC_FINISHED')
    expect(hasher.code()).to.deep.equal({ iscc: 'ISCC:EAASKDNZNYGUUF5A', characters: 10 })
  })

  it('refuses what is no text and lengths that no unit has', () => {
    expectCode(() => createTextCode().update(new Uint8Array(3) as unknown as string), 'ISCC_INVALID_INPUT')
    for (const bits of [0, 31, 33, 288, 64.5, Number.NaN]) expectCode(() => genTextCode('text', { bits }), 'ISCC_INVALID_BITS')
  })

  // The collapser cuts the text before every character that it does not know to join the one before. Unicode may add such characters.
  it('knows every character that NFKC joins to the one before', function () {
    this.timeout(120_000)
    const missed: string[] = []
    for (let code = 0; code < 0x110000; code++) {
      if (code >= 0xd800 && code <= 0xdfff) continue
      const kept = textCollapse(String.fromCodePoint(code))
      if (kept === '') continue
      // A primary composite tells which second character is joined; compatibility characters stand for it.
      const character = String.fromCodePoint(code)
      const parts = Array.from(character.normalize('NFD'))
      if (parts.length > 1 && character.normalize('NFC') === character) {
        const second = parts.at(-1)!
        if (/^\p{M}/u.test(second)) continue
        const first = parts.slice(0, -1).join('').normalize('NFC')
        // Fed apart: if the cut between the two were taken, they would stay two characters.
        if (JSON.stringify(inPieces(`${first}${second}`, [first.length])) !== JSON.stringify(whole(`${first}${second}`)))
          missed.push(character)
      }
    }
    expect(missed).to.deep.equal([])
  })

  it('may be cut before every other character', function () {
    this.timeout(120_000)
    const missed: string[] = []
    // One of each kind that something may join: a letter, kana, Jamo, a Hangul syllable without final, a spacing accent, Kirat Rai.
    for (const before of ['a', '\u30ab', '\u1100', '\uac00', '\u00b4', '\u{16d63}']) {
      let hasher = createTextCode()
      let expected = 0
      for (let code = 0xa0; code < 0x20000; code = following(code)) {
        const after = String.fromCodePoint(code)
        for (const piece of [before, after, '1']) hasher.update(piece)
        expected += Array.from(textCollapse(`${before + after}1`)).length
        if (code % 64 !== 0) continue
        if (hasher.code().characters !== expected) missed.push(`${before} and ${(code - 63).toString(16)} to ${code.toString(16)}`)
        hasher = createTextCode()
        expected = 0
      }
    }
    expect(missed).to.deep.equal([])
  })
})

/** The next code point that is not one of many alike: ideographs, syllables, surrogates, private use. */
function following(code: number): number {
  const skipped: [number, number][] = [
    [0x3400, 0xa000],
    [0xac10, 0xd7b0],
    [0xd800, 0xf900],
    [0x12000, 0x16d40],
    [0x17000, 0x1b000],
  ]
  return skipped.find(([from]) => code + 1 === from)?.[1] ?? code + 1
}

describe('iscc: text preparation', () => {
  it('cleans text for display', () => {
    expect(textClean('  Hello\u0000  World\u200b \r\n\r\n \t\n\nNext\u2028line\u0085end\n\n')).to.equal('Hello  World \n\nNext\nline\nend')
    expect(textClean('\ufb01\u2460 \ufdfa')).to.equal('\ufb01\u2460 \ufdfa'.normalize('NFKC'))
    expect(textClean('\ud800lone')).to.equal('lone')
    expect(textClean(' \n \n')).to.equal('')
  })

  it('makes one line', () => {
    expect(textRemoveNewlines(' a \t\n b\u00a0\u3000c\r\n')).to.equal('a b c')
    expect(textRemoveNewlines('\ufeffa')).to.equal('\ufeffa')
  })

  it('cuts at characters, never inside', () => {
    expect(textTrim('\u20ac\u20ac', 5)).to.equal('\u20ac')
    expect(textTrim('\u{1f600}a', 3)).to.equal('')
    expect(textTrim('ab cd', 3)).to.equal('ab')
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(30), (text, bytes) => {
        const cut = textTrim(text, bytes)
        expect(new TextEncoder().encode(cut).length).to.be.at.most(bytes)
        expect(text).to.contain(cut)
      }),
    )
  })

  it('collapses to what similarity looks at', () => {
    expect(textCollapse('I\u00f1t\u00ebrn\u00e2ti\u00f4n\u00e0liz\u00e6ti\u00f8n\u2603  \ud83d\udca9, is-a TRICKY\n\u0130')).to.equal(
      'internationaliz\u00e6ti\u00f8n\u2603\ud83d\udca9isatrickyi',
    )
    expect(textCollapse('')).to.equal('')
  })
})
