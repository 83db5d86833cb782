import { expect } from 'chai'
import {
  compare,
  type Fingerprint,
  fingerprint,
  type ImageFingerprint,
  type Layer,
  type TextFingerprint,
} from '../../src/fingerprint/index.ts'
import { THRESHOLDS } from '../../src/fingerprint/text/calibration.ts'
import { decodeUnit, encodeUnit } from '../../src/iscc/index.ts'
import { bytesOf, essayText, PHOTO, photo } from './media.ts'
import { prose, textFingerprint, utf8 } from './works.ts'

const layer = (layers: readonly Layer[], name: Layer['name']): Layer => layers.find((found) => found.name === name)!

/** The same code with its first `count` bits turned over. */
function flipped(code: `0x${string}`, count: number): `0x${string}` {
  return `0x${(BigInt(code) ^ (((1n << BigInt(count)) - 1n) << BigInt(256 - count))).toString(16).padStart(64, '0')}`
}

describe('compare: pictures by their signatures alone', () => {
  let original: ImageFingerprint
  before(async () => {
    original = (await fingerprint(PHOTO, { layers: 'signature' })) as ImageFingerprint
  })

  /** Another file whose codes differ in exactly so many bits; the ISCC, which is compared as well, is a stranger's. */
  function other(pdq: number, blockhash: number | undefined): ImageFingerprint {
    const { blockhash: blocks, ...features } = original.features
    return {
      ...original,
      sha256: `0x${'ab'.repeat(32)}`,
      units: { ...original.units, content: 'ISCC:EEDZ6CYLBMNRWGZ3DYLBMFRWG43HOCY3BMNRWGZ3HMLBMFRWG43HO5A' },
      features: {
        ...features,
        pdq: flipped(features.pdq, pdq),
        ...(blockhash === undefined ? {} : { blockhash: flipped(blocks!, blockhash) }),
      },
    }
  }

  const cases: [number, number | undefined, string][] = [
    [0, 256, 'copy'],
    [31, 256, 'copy'],
    [32, 256, 'similar'],
    [75, 256, 'similar'],
    [76, 256, 'different'],
    [76, 23, 'similar'],
    [76, 24, 'different'],
    [128, undefined, 'different'],
    [256, 256, 'different'],
  ]
  for (const [pdq, blockhash, verdict] of cases) {
    it(`PDQ ${pdq} and blockhash ${blockhash ?? 'absent'}: ${verdict}`, () => {
      const match = compare(original, other(pdq, blockhash))
      expect(match.verdict, match.reason).to.equal(verdict)
      expect(layer(match.layers, 'pdq')).to.include({ value: pdq, unit: 'bits', threshold: 31, speaksForCopy: pdq <= 31 })
      if (blockhash === undefined) expect(layer(match.layers, 'blockhash')).to.equal(undefined)
      else expect(layer(match.layers, 'blockhash')).to.include({ value: blockhash, threshold: 23, speaksForCopy: blockhash <= 23 })
      expect(match.reason).to.match(/^[A-Z].*\.$/)
      expect(compare(other(pdq, blockhash), original)).to.deep.equal(match)
    })
  }

  it('says which layer speaks where PDQ does not', () => {
    expect(compare(original, other(200, 3)).reason).to.equal('The pictures look alike to blockhash, though not to PDQ.')
    const sameIscc = { ...other(200, 200), units: original.units }
    expect(compare(original, sameIscc).reason).to.equal('The pictures look alike to iscc-content, though not to PDQ.')
  })

  it('matches no picture that is too plain, however near', () => {
    const near: ImageFingerprint = { ...other(0, 0), plain: true }
    expect(compare(original, near).verdict).to.equal('different')
    expect(compare(original, near).reason).to.match(/^One of the works is too plain/)
    expect(compare({ ...near, sha256: original.sha256 }, original).verdict).to.equal('identical')
  })

  it('leaves the features out when only the signature is wanted, and is the same in everything else', async () => {
    const { local, ...features } = ((await fingerprint(PHOTO)) as ImageFingerprint).features
    expect(local).to.be.a('string')
    expect(original.features).to.deep.equal(features)
  })

  it('is not robust against flips and strong crops, and says different rather than guessing', async () => {
    for (const changed of [
      photo().flop().jpeg(),
      photo().rotate(90).jpeg(),
      photo().extract({ left: 0, top: 0, width: 300, height: 200 }).jpeg(),
    ]) {
      expect(compare(original, await fingerprint(await bytesOf(changed), { layers: 'signature' })).verdict).to.equal('different')
    }
  })
})

describe('compare: texts', () => {
  let essay: TextFingerprint
  before(async () => {
    essay = await textFingerprint(utf8(essayText))
  })

  it('the same bytes are identical, whatever they are', async () => {
    for (const work of [essay, await fingerprint(utf8('ab')), await fingerprint(Uint8Array.of(1, 2, 3), { media: 'data' })]) {
      expect(compare(work, structuredClone(work))).to.deep.equal({
        media: work.media,
        verdict: 'identical',
        reason: 'The two files are the same, byte for byte.',
        layers: [{ name: 'sha256', value: 1, unit: 'equal', threshold: 1, speaksForCopy: true, source: 'FIPS 180-4' }],
      })
    }
  })

  it('recognises the text in another encoding, layout and case', async () => {
    const match = compare(essay, await textFingerprint(utf8(essayText.toUpperCase().replaceAll('\n', '\r\n  '))))
    expect(match.verdict).to.equal('copy')
    expect(layer(match.layers, 'minhash')).to.include({ value: 1, unit: 'share', threshold: THRESHOLDS.minhash / 128, speaksForCopy: true })
    expect(layer(match.layers, 'passages')).to.include({ unit: 'hashes', threshold: THRESHOLDS.passages, speaksForCopy: true })
    expect(layer(match.layers, 'containment')).to.include({ value: 1, threshold: 0.6, speaksForCopy: true })
    expect(layer(match.layers, 'iscc-content')).to.include({ value: 0, unit: 'bits', threshold: THRESHOLDS.iscc })
    expect(match.falsePositiveRate).to.be.within(Number.MIN_VALUE, 2e-6)
    expect(match.passages).to.have.length(1)
    const { a } = match.passages![0]!
    expect(a.to - a.from).to.be.greaterThan(essayText.length * 0.95)
  })

  it('recognises a copy with a tenth of its words replaced', async () => {
    const words = essayText.split(' ')
    const changed = words.map((word, index) => (index % 10 === 5 ? 'zzyzx' : word)).join(' ')
    const match = compare(essay, await textFingerprint(utf8(changed)))
    expect(match.verdict, match.reason).to.equal('copy')
  })

  it('says similar when only the Text-Codes are near', async () => {
    const other = await textFingerprint(utf8(prose(20, 900)))
    const apart = (count: number): TextFingerprint => {
      const { digest } = decodeUnit(essay.units.content!)
      for (let bit = 0; bit < count; bit++) digest[bit >> 3]! ^= 128 >> (bit & 7)
      const content = encodeUnit({ mainType: 'CONTENT', subType: 'TEXT', bits: 256, digest })
      return { ...other, units: { ...other.units, content } }
    }
    const near = compare(essay, apart(THRESHOLDS.iscc))
    expect(near).to.include({
      verdict: 'similar',
      reason: `The texts read alike: their ISCC Text-Codes differ in ${THRESHOLDS.iscc} of 256 bits.`,
    })
    expect(compare(essay, apart(THRESHOLDS.iscc + 1)).verdict).to.equal('different')
  })

  it('finds a quotation and says where it stands in both', async () => {
    const from = essayText.indexOf(' ', 800) + 1
    const sentence = essayText.slice(from, essayText.indexOf(' ', 1040))
    const before = prose(21, 700)
    const host = `${before} ${sentence} ${prose(22, 700)}`
    const match = compare(essay, await textFingerprint(utf8(host)))
    expect(match.verdict, match.reason).to.equal('similar')
    expect(match.passages).to.have.length(1)
    const passage = match.passages![0]!
    // Winnowing may miss up to a window of letters on either side, and never reaches beyond the quotation.
    expect(passage.a.from).to.be.within(from, from + 30)
    expect(passage.a.to).to.be.within(from + sentence.length - 30, from + sentence.length)
    expect(passage.b.from - passage.a.from).to.equal(before.length + 1 - from)
    expect(host.slice(passage.b.from, passage.b.to)).to.equal(essayText.slice(passage.a.from, passage.a.to))
    expect(match.reason).to.include(`${passage.a.to - passage.a.from} characters`)
  })

  it('finds several passages, the longest first, in another order', async () => {
    const parts = [prose(31, 60), prose(32, 120), prose(33, 90)]
    const a = `${prose(34, 300)} ${parts.join(` ${prose(35, 80)} `)}`
    const b = `${parts[2]} ${prose(36, 300)} ${parts[0]} ${prose(37, 200)} ${parts[1]}`
    const match = compare(await textFingerprint(utf8(a)), await textFingerprint(utf8(b)))
    expect(match.verdict).to.equal('similar')
    expect(match.passages).to.have.length(3)
    const found = match.passages!.map((passage) => parts.findIndex((part) => part.includes(a.slice(passage.a.from, passage.a.to))))
    expect(found).to.deep.equal([1, 2, 0])
    for (const passage of match.passages!) expect(a.slice(passage.a.from, passage.a.to)).to.equal(b.slice(passage.b.from, passage.b.to))
  })

  it('takes an excerpt for similar, from either side', async () => {
    const whole = await textFingerprint(utf8(prose(41, 2000)))
    const excerpt = await textFingerprint(utf8(prose(41, 2000).slice(3000, 6000)))
    for (const match of [compare(whole, excerpt), compare(excerpt, whole)]) {
      expect(match.verdict, match.reason).to.equal('similar')
      expect(layer(match.layers, 'passages')).to.include({ speaksForCopy: true })
    }
    expect(compare(whole, excerpt).passages![0]!.a.from).to.be.within(3000, 3040)
    expect(compare(excerpt, whole).passages![0]!.b.from).to.be.within(3000, 3040)
  })

  it('accuses no stranger', async () => {
    const strangers = await Promise.all(Array.from({ length: 40 }, (_, seed) => textFingerprint(utf8(prose(seed + 50, 900)))))
    for (const [index, stranger] of strangers.entries()) {
      for (const another of [essay, ...strangers.slice(0, index)]) {
        const match = compare(stranger, another)
        expect(match.verdict, match.reason).to.equal('different')
        expect(match.reason).to.equal('The texts share no passage worth the name.')
      }
    }
  })

  it('is not led astray by what both repeat', async () => {
    const refrain = 'All rights reserved. No part of this book may be reproduced in any form. '
    const a = await textFingerprint(utf8(Array.from({ length: 30 }, (_, i) => refrain + prose(200 + i, 120)).join('\n')))
    const b = await textFingerprint(utf8(Array.from({ length: 30 }, (_, i) => refrain + prose(300 + i, 120)).join('\n')))
    expect(compare(a, b).verdict, compare(a, b).reason).to.equal('different')
  })

  it('ends soon on texts that are one passage over and over', async () => {
    const a = await textFingerprint(utf8('The same words again, and again the same words. '.repeat(20_000)))
    const b = await textFingerprint(utf8('And again the same words, the same words again. '.repeat(20_000)))
    expect(['copy', 'similar', 'different']).to.include(compare(a, b).verdict)
  })

  it('matches no text that is too short', async () => {
    const short = 'Too short to be told from others.'
    const a = await textFingerprint(utf8(short))
    expect(a.plain).to.equal(true)
    const match = compare(a, await textFingerprint(utf8(`${short}\n`)))
    expect(match.verdict).to.equal('different')
    expect(match.reason).to.match(/^Both works are too plain/)
    // One letter below the limit, and at it.
    expect((await textFingerprint(utf8('a'.repeat(49)))).plain).to.equal(true)
    expect((await textFingerprint(utf8('a'.repeat(50)))).plain).to.equal(false)
  })

  it('gives at most a hundred passages', async () => {
    const parts = Array.from({ length: 130 }, (_, i) => prose(400 + i, 40))
    const a = parts.map((part, i) => `${part} ${prose(600 + i, 60)}`).join(' ')
    const b = parts.map((part, i) => `${part} ${prose(800 + i, 60)}`).join(' ')
    const match = compare(await textFingerprint(utf8(a)), await textFingerprint(utf8(b)))
    expect(match.passages).to.have.length(100)
    expect(match.reason).to.include('130 passages')
  })
})

describe('compare: works of different media', () => {
  it('are different, and the reason says why', async () => {
    const works: Fingerprint[] = [
      await fingerprint(PHOTO),
      await fingerprint(utf8(essayText)),
      await fingerprint(Uint8Array.of(1, 2, 3), { media: 'data' }),
      await fingerprint(Uint8Array.of(1, 2, 4), { media: 'data' }),
    ]
    expect(compare(works[0]!, works[1]!)).to.deep.include({
      verdict: 'different',
      reason: 'One is a picture, the other a text; works of different media are not compared.',
    })
    expect(compare(works[1]!, works[2]!).reason).to.include('One is a text, the other a file of data')
    expect(compare(works[2]!, works[3]!).reason).to.equal('The files differ, and of data only exact copies can be recognised.')
    for (const a of works) for (const b of works) if (a !== b) expect(compare(a, b).verdict).to.equal('different')
  })
})
