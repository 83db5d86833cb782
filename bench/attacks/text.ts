import { docxOf, epubOf, htmlOf, pdfOf } from '../../sdk/test/fingerprint/documents.ts'
import type { CorpusText } from '../texts/corpus.ts'

/** What an attack draws from. */
export interface AttackContext {
  /** From 0 up to 1, seeded. */
  random: () => number
  /** Words of other texts of the same language, often used ones often. */
  vocabulary: readonly string[]
  /** Words that may stand for each other. */
  synonyms: ReadonlyMap<string, readonly string[]>
}

/** Makes a changed text, or a file of it. `undefined` where the attack does not fit the language. */
export type TextAttack = (text: CorpusText, context: AttackContext) => string | Uint8Array<ArrayBuffer> | undefined

const segmenters = new Map<string, Intl.Segmenter>()

interface Piece {
  text: string
  word: boolean
}

function piecesOf({ paragraphs, language }: CorpusText): Piece[] {
  const segmenter = segmenters.get(language) ?? new Intl.Segmenter(language, { granularity: 'word' })
  segmenters.set(language, segmenter)
  return Array.from(segmenter.segment(paragraphs.join('\n\n')), ({ segment, isWordLike }) => ({ text: segment, word: isWordLike === true }))
}

function sentencesOf({ paragraphs, language }: CorpusText): string[] {
  return Array.from(new Intl.Segmenter(language, { granularity: 'sentence' }).segment(paragraphs.join('\n\n')), ({ segment }) => segment)
}

const joined = (pieces: readonly Piece[]): string => pieces.map(({ text }) => text).join('')
const pick = <Item>(items: readonly Item[], random: () => number): Item => items[Math.floor(random() * items.length)]!
const whole = (text: CorpusText): string => text.paragraphs.join('\n\n')

/** Every word with a chance of `share` becomes another one. */
function substituted(share: number): TextAttack {
  return (text, { random, vocabulary }) =>
    joined(piecesOf(text).map((piece) => (piece.word && random() < share ? { ...piece, text: pick(vocabulary, random) } : piece)))
}

function deleted(share: number): TextAttack {
  return (text, { random }) => joined(piecesOf(text).filter(({ word }) => !word || random() >= share))
}

function characters(change: (character: string, random: () => number) => string): TextAttack {
  return (text, { random }) => [...whole(text)].map((character) => change(character, random)).join('')
}

/** A run of `count` words among made-up sentences of twenty times as many. */
function excerpt(count: (words: number) => number, hosts: number): TextAttack {
  return (text, { random, vocabulary }) => {
    const pieces = piecesOf(text)
    const places = pieces.flatMap(({ word }, index) => (word ? [index] : []))
    const length = Math.min(count(places.length), places.length - 1)
    const first = Math.floor(random() * (places.length - length))
    const part = joined(pieces.slice(places[first], places[first + length]))
    const space = text.language === 'zh' || text.language === 'ja' ? '' : ' '
    const host = (): string => Array.from({ length: Math.floor((length * hosts) / 2) }, () => pick(vocabulary, random)).join(space)
    return `${host()}. ${part} ${host()}.`
  }
}

const ARABIC_LOOKS: Readonly<Record<string, string>> = { ي: 'ی', ك: 'ک', ا: 'ٱ', ه: 'ہ' }
const LOOKS: Readonly<Record<string, string>> = {
  a: 'а', c: 'с', d: 'ԁ', e: 'е', g: 'ɡ', h: 'һ', i: 'і', j: 'ј', l: 'ӏ', o: 'ο', p: 'р', q: 'ԛ', s: 'ѕ', v: 'ѵ', w: 'ԝ', x: 'х', y: 'у',
  A: 'А', B: 'В', C: 'С', E: 'Е', H: 'Н', I: 'І', K: 'К', M: 'М', O: 'О', P: 'Р', S: 'Ѕ', T: 'Т', X: 'Х',
  一: '⼀', 人: '⼈', 口: '⼝', 大: '⼤', 小: '⼩', 文: '⽂', 日: '⽇', 用: '⽤', 行: '⾏', 面: '⾯', へ: 'ヘ', リ: 'り', ...ARABIC_LOOKS,
} // biome-ignore format: a table
const MISREAD: Readonly<Record<string, readonly string[]>> = {
  m: ['rn'], l: ['1', 'I'], i: ['l'], o: ['0'], e: ['c'], c: ['e'], h: ['b'], u: ['v'], s: ['5'], n: ['ri'], d: ['cl'], w: ['vv'],
} // biome-ignore format: a table
const INVISIBLE = [
  '\u200b',
  '\u200c',
  '\u200d',
  '\u2060',
  '\ufeff',
  '\u00ad',
  '\u180e',
  '\u034f',
  '\u{e0061}',
  '\ufe0f',
  '\u3164',
  '\u115f',
]
const MARKS = ['\u0301', '\u0308', '\u0323', '\u0332', '\u20dd']

/** Attacks by name. Each keeps the seed it is given. */
export const TEXT_ATTACKS: Readonly<Record<string, TextAttack>> = {
  'reformatted: lines, quotes, case': (text, { random }) =>
    text.paragraphs
      .map((paragraph) =>
        paragraph
          .replaceAll(/["“”«»]/g, "'")
          .replace(/(.{40,70}) /g, '$1\r\n\t')
          .replaceAll('.', ' …'),
      )
      .map((paragraph) => (random() < 0.3 ? paragraph.toUpperCase() : paragraph))
      .join('\n'),
  '2 % typos': (text, { random }) => {
    const letters = [...whole(text)]
    const alphabet = letters.filter((each) => /\p{L}/u.test(each))
    return letters
      .map((each) => (/\p{L}/u.test(each) && random() < 0.02 ? ['', each + each, pick(alphabet, random)][Math.floor(random() * 3)]! : each))
      .join('')
  },
  '5 % of the words deleted': deleted(0.05),
  '20 % of the words deleted': deleted(0.2),
  '10 % of the words substituted': substituted(0.1),
  '20 % of the words substituted': substituted(0.2),
  '33 % of the words substituted': substituted(0.33),
  'sentences shuffled': (text, { random }) =>
    sentencesOf(text)
      .map((sentence) => ({ sentence, at: random() }))
      .sort((a, b) => a.at - b.at)
      .map(({ sentence }) => sentence.trim())
      .join(' '),
  half: (text, { random }) => {
    const pieces = piecesOf(text)
    const half = pieces.length >> 1
    return joined(random() < 0.5 ? pieces.slice(0, half) : pieces.slice(half))
  },
  '10 % excerpt in another text': excerpt((words) => Math.ceil(words / 10), 5),
  '60-word quotation in another text': excerpt(() => 60, 20),
  'homoglyphs, every second letter': characters((each, random) => (random() < 0.5 ? (LOOKS[each] ?? each) : each)),
  'zero-width and other invisible characters': characters((each, random) => (random() < 0.3 ? each + pick(INVISIBLE, random) : each)),
  'marks added': characters((each, random) => (random() < 0.2 ? each + pick(MARKS, random) : each)),
  'letters spaced out': characters((each, random) => (random() < 0.5 && each !== ' ' ? `${each} ` : each)),
  'full width': characters((each) => (/[!-~]/.test(each) ? String.fromCharCode(each.charCodeAt(0) + 0xfee0) : each)),
  'OCR noise, 4 % misread': characters((each, random) =>
    random() >= 0.04 ? each : /\p{L}/u.test(each) ? (MISREAD[each] === undefined ? '' : pick(MISREAD[each], random)) : each,
  ),
  'hyphenated lines': (text) =>
    text.language === 'en'
      ? whole(text).replace(/([a-z]{3})([a-z]{4})/g, (all, a: string, b: string, at: number) => (at % 3 === 0 ? `${a}-\n${b}` : all))
      : undefined,
  'synonym paraphrase, WordNet': (text, { random, synonyms }) =>
    text.language !== 'en'
      ? undefined
      : joined(
          piecesOf(text).map((piece) => {
            const others = piece.word ? synonyms.get(piece.text.toLowerCase()) : undefined
            return others === undefined || others.length === 0 || random() < 0.3 ? piece : { ...piece, text: pick(others, random) }
          }),
        ),
  'HTML round trip': (text) => htmlOf(text.paragraphs),
  'EPUB round trip': (text) => epubOf(text.paragraphs),
  'DOCX round trip': (text) => docxOf(text.paragraphs),
  'PDF round trip': (text) => pdfOf(text.paragraphs),
}
