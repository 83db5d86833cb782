import { readFileSync } from 'node:fs'
import type { Match } from '@colophon/sdk/fingerprint'
import { compare, fingerprint } from '@colophon/sdk/fingerprint'
import { expect } from 'chai'
import sharp from 'sharp'
import { SENTENCES } from '../../sdk/src/verify/sentence.ts'
import { explain, type Figures } from '../src/lookalikes/explain.ts'
import { lookAlikeMessages } from '../src/lookalikes/messages.ts'
import { FINDINGS } from '../src/verify/findings.zh.ts'
import { ESSAY, PHOTO } from './app.ts'

const FIGURES: Figures = { number: String, percent: (share) => `${Math.round(share * 100)}%` }
const HAN = /\p{Script=Han}/u

/** Says a match in both languages, which must say as much. */
function said(match: Match): string[] {
  const english = explain(match, lookAlikeMessages.en, FIGURES)
  const chinese = explain(match, lookAlikeMessages['zh-CN'], FIGURES)
  expect(chinese.length).to.equal(english.length)
  for (const [index, sentence] of chinese.entries()) {
    expect(HAN.test(sentence), sentence).to.equal(true)
    expect(numbersOf(sentence), sentence).to.have.members(numbersOf(english[index]!))
  }
  return english
}

/** Those that both languages write in digits. */
function numbersOf(sentence: string): string[] {
  return (sentence.match(/\d+(:\d\d)?/g) ?? []).filter((each) => each !== '256')
}

describe('dApp: why works count as alike', function () {
  this.timeout(60_000)

  it('says of a cut, mirrored, turned and inverted picture where it is and how it was changed', async () => {
    const { width = 0, height = 0 } = await sharp(PHOTO).metadata()
    const piece = {
      left: Math.round(width * 0.2),
      top: Math.round(height * 0.2),
      width: Math.round(width * 0.6),
      height: Math.round(height * 0.6),
    }
    const changed = await sharp(await sharp(PHOTO).extract(piece).flop().toBuffer())
      .rotate(90)
      .negate({ alpha: false })
      .jpeg()
      .toBuffer()
    const [whole, part] = [await fingerprint(PHOTO), await fingerprint(changed)]
    const sentences = said(compare(whole, part))
    for (const wanted of [
      /^The work on the chain shows 3\d% of your file/,
      /mirrored/,
      /turned clockwise by (90|270)°/,
      /negative/,
      /places are the same|codes of these parts/,
      /strangers/,
    ])
      expect(sentences.join(' ')).to.match(wanted)
    expect(said(compare(whole, whole))).to.deep.equal(['Both files are the same, byte for byte.'])
  })

  it('says of texts how much of their wording and which passages they share', async () => {
    const passage = readFileSync(ESSAY, 'utf8').slice(400, 1600)
    const filler = (word: string): string => Array.from({ length: 300 }, (_, index) => `${word}${index * 7919}`).join(' ')
    const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
    const [a, b] = [
      await fingerprint(bytes(`${filler('ash')} ${passage}`), { media: 'text' }),
      await fingerprint(bytes(`${passage} ${filler('elm')}`), { media: 'text' }),
    ]
    const match = compare(a, b)
    expect(match.verdict).to.equal('similar')
    const sentences = said(match).join(' ')
    expect(sentences).to.match(/Passages in common: \d+; the longest has \d+ characters\./)
  })

  it('says nothing of chances that tell nothing', () => {
    const odds = (falsePositiveRate: number): string[] =>
      said({ media: 'text', verdict: 'similar', reason: '', layers: [], falsePositiveRate })
    for (const rate of [1, 0.99, 0.7]) expect(odds(rate), String(rate)).to.deep.equal([])
    expect(odds(0.3)).to.deep.equal(['Of 3 pairs of strangers one at most is so much alike.'])
    expect(odds(0)).to.deep.equal(['Fewer than one pair of strangers in a million is so much alike.'])
  })

  it('says of recordings and films which stretches they share, how fast and how high', () => {
    const stretch = { a: { from: 61, to: 75 }, b: { from: 5, to: 20 } }
    const heard = said({
      media: 'audio',
      verdict: 'similar',
      reason: '',
      layers: [],
      sound: { ...stretch, layer: 'peaks', tempo: 1.1, pitch: -2 },
    })
    expect(heard).to.deep.equal([
      '1:01–1:15 of your file sounds like 0:05–0:20 of the work on the chain.',
      'There it is slower by 10%.',
      'There it sounds lower by 2 semitones.',
    ])
    const seen: NonNullable<Match['stretches']>[number] = {
      ...stretch,
      layer: 'frames',
      tempo: 0.8,
      turn: 'mirror 90',
      moments: [],
      score: 9,
    }
    const match: Match = {
      ...{ media: 'video', verdict: 'copy', reason: '', layers: [], falsePositiveRate: 1e-4, shares: { a: 0.5, b: 1 } },
      stretches: [seen, seen, seen, seen],
      sound: { ...stretch, layer: 'peaks', tempo: 1, pitch: 0 },
    }
    expect(said(match)).to.include.members([
      'They share 50% of your film and 100% of the one on the chain.',
      '1:01–1:15 of your film shows the same as 0:05–0:20 of the other. There it is mirrored. There it is turned clockwise by 90°. There it is faster by 20%.',
      'Further stretches in common: 1.',
      'Their sound is the same, too.',
      'Of 10000 pairs of strangers one at most is so much alike.',
    ])
  })
})

describe('dApp: what checks came to, in Chinese', () => {
  const facts = (sentence: string): string[] => [...new Set(sentence.match(/\{\w+\}/g))].sort()

  it('has a sentence for each finding of the SDK, with the same facts', () => {
    expect(Object.keys(FINDINGS)).to.have.members(Object.keys(SENTENCES))
    for (const [finding, sentence] of Object.entries(FINDINGS)) {
      expect(HAN.test(sentence), sentence).to.equal(true)
      expect(facts(sentence), finding).to.deep.equal(facts(SENTENCES[finding as keyof typeof SENTENCES]))
    }
  })
})
