// `npm run bench:robustness:text`: how many changed texts are recognised, beside the ISCC Text-Code alone. Thresholds are chosen on one half of
// the corpus, so that no more than one unrelated pair in a million gets over them, and reported on the other half. Writes
// bench/results/robustness.text.json, the table in docs/benchmarks.md and the rates that compare() states.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fingerprint, type TextFingerprint } from '@colophon/sdk/fingerprint'
import { decodeUnit } from '@colophon/sdk/iscc'
import { installPeer } from '../scripts/setup/peers.ts'
import { TEXT_ATTACKS } from './attacks/text.ts'
import { numbers, replaceSection } from './report.ts'
import { table } from './table.ts'
import { writeCalibration } from './texts/calibration.ts'
import { type CorpusText, readCorpus, readSynonyms } from './texts/corpus.ts'

if (!installPeer('pdfjs-dist')) throw new Error('pdfjs-dist cannot be installed from the npm registry; PDFs cannot be read without it.')

const QUERIES = Number(process.env.QUERIES ?? 280)
/** Formats that take a thread or an archive each are tried on fewer texts. */
const FORMAT_QUERIES = Number(process.env.FORMAT_QUERIES ?? 60)
/** Longer texts are cut: what is long is easier. */
const MOST_CHARACTERS = 12_000
/** The rate of false positives that a threshold may have; each of the two layers that decide gets half. */
const RATE = 1e-6

/**
 * How far beyond the loosest threshold with that rate we stay. Unrelated pairs come in families, twenty changed forms of two texts of one genre, so that a
 * half of the corpus has few families, and the other half one that comes nearer: without a margin 8 in a million pairs of it did.
 */
const MARGINS = { minhash: 2, passages: 2, iscc: -4 }

const root = join(import.meta.dirname, '..')
const started = performance.now()

interface Reference {
  text: CorpusText
  minhash: Uint32Array
  bits: Uint32Array
}

/** One pair's scores: equal entries of MinHash, agreeing hashes of passages, bits between Text-Codes. */
interface Scores {
  minhash: number
  passages: number
  iscc: number
}

const seedOf = (name: string): number => [...name].reduce((hash, character) => (Math.imul(hash, 31) + character.codePointAt(0)!) | 0, 7)

async function print(content: string | Uint8Array<ArrayBuffer>): Promise<TextFingerprint> {
  const found = await fingerprint(typeof content === 'string' ? new TextEncoder().encode(content) : content)
  if (found.media !== 'text') throw new Error(`Taken for ${found.media}.`)
  return found
}

function referenceOf(text: CorpusText, { features, units }: TextFingerprint): Reference {
  return { text, minhash: Uint32Array.from(features.minhash), bits: bitsOf(units.content!) }
}

function bitsOf(unit: string): Uint32Array {
  const { digest } = decodeUnit(unit)
  return new Uint32Array(digest.slice().buffer)
}

function ones(value: number): number {
  let v = value - ((value >>> 1) & 0x55555555)
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333)
  return (((v + (v >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24
}

interface Half {
  references: Reference[]
  /** References that have a hash, by hash. */
  holders: Map<number, number[]>
  queries: CorpusText[]
}

/** @param strangers - references that these texts are compared with as well */
async function prepare(texts: readonly CorpusText[], seed: number, strangers: readonly CorpusText[]): Promise<Half> {
  const references: Reference[] = []
  const holders = new Map<number, number[]>()
  for (const text of [...texts, ...strangers]) {
    const made = await print(text.paragraphs.join('\n\n'))
    const index = references.push(referenceOf(text, made)) - 1
    for (const hash of new Set(made.features.passages.hashes)) holders.set(hash, [...(holders.get(hash) ?? []), index])
  }
  const random = numbers(seed)
  const works = references
    .slice(0, texts.length)
    .filter(({ text }) => text.paragraphs.join('').length > (text.language === 'en' ? 2000 : 500))
  const queries = works.map(({ text }) => ({ text, at: random() })).sort((a, b) => a.at - b.at)
  return { references, holders, queries: queries.slice(0, QUERIES).map(({ text }) => text) }
}

interface Run {
  /** Per attack: the scores against the text it was made of. */
  positives: Map<string, { language: string; scores: Scores }[]>
  /** How many unrelated pairs have a score: index is the score. */
  negatives: Record<keyof Scores, number[]>
  pairs: number
  /** The unrelated pairs that agree most, for looking at. */
  worst: { a: string; b: string; attack: string; scores: Scores }[]
}

async function run(half: Half, synonyms: Map<string, string[]>): Promise<Run> {
  const result: Run = { positives: new Map(), negatives: { minhash: [], passages: [], iscc: [] }, pairs: 0, worst: [] }
  const count = (layer: keyof Scores, score: number): void => {
    result.negatives[layer][score] = (result.negatives[layer][score] ?? 0) + 1
  }
  const vocabularies = new Map<string, string[]>()
  for (const { text } of half.references) {
    const words = vocabularies.get(text.language) ?? []
    const found = new Intl.Segmenter(text.language, { granularity: 'word' }).segment(text.paragraphs.join(' ').slice(0, 3000))
    for (const { segment, isWordLike } of found) if (isWordLike === true) words.push(segment)
    vocabularies.set(text.language, words)
  }
  for (const [attack, change] of Object.entries(TEXT_ATTACKS)) {
    const positives: { language: string; scores: Scores }[] = []
    result.positives.set(attack, positives)
    const format = attack.endsWith('round trip')
    for (const text of half.queries.slice(0, format ? FORMAT_QUERIES : undefined)) {
      const random = numbers(seedOf(`${text.name} ${attack}`))
      const changed = change(text, { random, synonyms, vocabulary: vocabularies.get(text.language)! })
      if (changed === undefined) continue
      const made = await print(changed)
      const minhash = Uint32Array.from(made.features.minhash)
      const bits = bitsOf(made.units.content!)
      const agreeing = new Uint32Array(half.references.length)
      for (const hash of new Set(made.features.passages.hashes)) for (const index of half.holders.get(hash) ?? []) agreeing[index]!++
      for (const [index, reference] of half.references.entries()) {
        let same = 0
        for (let i = 0; i < minhash.length; i++) if (minhash[i] === reference.minhash[i]) same++
        let distance = 0
        for (let i = 0; i < 8; i++) distance += ones(bits[i]! ^ reference.bits[i]!)
        const scores = { minhash: same, passages: agreeing[index]!, iscc: distance }
        if (reference.text.name === text.name) positives.push({ language: text.language, scores })
        else {
          result.pairs++
          for (const layer of ['minhash', 'passages', 'iscc'] as const) count(layer, scores[layer])
          if (scores.passages > 3 || scores.minhash > 8) result.worst.push({ a: text.name, b: reference.text.name, attack, scores })
        }
      }
    }
    console.log(`${Math.round((performance.now() - started) / 1000)} s: ${attack}, ${positives.length} texts`)
  }
  result.worst.sort((x, y) => y.scores.passages + y.scores.minhash - x.scores.passages - x.scores.minhash)
  return result
}

/** The share of unrelated pairs with a score on the copy's side of `score`. */
function rateOf({ negatives, pairs }: Run, layer: keyof Scores, score: number): number {
  let over = 0
  for (const [value, count] of negatives[layer].entries()) {
    if (count !== undefined && (layer === 'iscc' ? value <= score : value >= score)) over += count
  }
  return over / pairs
}

/** The loosest threshold of a layer that lets through no more than `rate`. */
function thresholdOf(run: Run, layer: keyof Scores, rate: number): number {
  const most = layer === 'iscc' ? 256 : 100_000
  const copySide = layer === 'iscc' ? -1 : 1
  for (let score = layer === 'iscc' ? most : 0; score >= 0 && score <= most; score += copySide)
    if (rateOf(run, layer, score) <= rate) return score
  throw new Error(`No threshold of ${layer} has so low a rate.`)
}

const synonyms = readSynonyms()
const all = readCorpus().map((text): CorpusText => {
  let room = MOST_CHARACTERS
  const paragraphs = text.paragraphs.filter((each, index) => {
    room -= each.length
    return index === 0 || room > 0
  })
  return { ...text, paragraphs: paragraphs.map((each) => each.slice(0, MOST_CHARACTERS)) }
})
// Every second text of each source; the parts of a book that stand beside each other are apart then, which is as it should be.
const halves = [0, 1].map((which) => all.filter((_, index) => index % 2 === which))
const runs: Run[] = []
const prepared: Half[] = []
for (const [which, texts] of halves.entries()) {
  // The half that is reported on is compared with the other half too: no threshold was chosen on these pairs.
  prepared.push(await prepare(texts, which + 1, which === 0 ? [] : halves[0]!))
  runs.push(await run(prepared[which]!, synonyms))
}
const [chosenOn, reportedOn] = runs as [Run, Run]
const thresholds = {
  minhash: thresholdOf(chosenOn, 'minhash', RATE / 2) + MARGINS.minhash,
  passages: thresholdOf(chosenOn, 'passages', RATE / 2) + MARGINS.passages,
  iscc: thresholdOf(chosenOn, 'iscc', RATE) + MARGINS.iscc,
}
const matches = ({ minhash, passages }: Scores): boolean => minhash >= thresholds.minhash || passages >= thresholds.passages
const share = (scores: readonly { scores: Scores }[], test: (scores: Scores) => boolean): number =>
  scores.filter(({ scores }) => test(scores)).length / scores.length

const rows = [...reportedOn.positives].map(([attack, found]) => ({
  attack,
  texts: found.length,
  ours: share(found, matches),
  languages: Object.fromEntries(
    ['en', 'zh', 'ja', 'ar'].flatMap((language) => {
      const own = found.filter((each) => each.language === language)
      return own.length === 0 ? [] : [[language, Number(share(own, matches).toFixed(4))]]
    }),
  ),
  minhash: share(found, ({ minhash }) => minhash >= thresholds.minhash),
  passages: share(found, ({ passages }) => passages >= thresholds.passages),
  iscc: share(found, ({ iscc }) => iscc <= thresholds.iscc),
}))
const mean = (of: 'ours' | 'iscc'): number => rows.reduce((sum, row) => sum + row[of], 0) / rows.length
const rates = (run: Run): Record<keyof Scores, number> => ({
  minhash: rateOf(run, 'minhash', thresholds.minhash),
  passages: rateOf(run, 'passages', thresholds.passages),
  iscc: rateOf(run, 'iscc', thresholds.iscc),
})
const result = {
  corpus: {
    texts: all.length,
    queries: prepared.map(({ queries }) => queries.length),
  },
  thresholds,
  margins: MARGINS,
  pairs: { chosenOn: chosenOn.pairs, reportedOn: reportedOn.pairs },
  falsePositiveRates: { chosenOn: rates(chosenOn), reportedOn: rates(reportedOn) },
  mean: { ours: mean('ours'), iscc: mean('iscc') },
  attacks: rows,
  negatives: reportedOn.negatives,
  worst: runs.map(({ worst }) => worst.slice(0, 12)),
  seconds: Math.round((performance.now() - started) / 1000),
}
const file = process.env.OUT ?? join(root, 'bench', 'results', 'robustness.text.json')
writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`)
const percent = (value: number): string => (value * 100).toFixed(1)
const lines = [
  `${result.corpus.texts} texts; thresholds chosen on ${chosenOn.pairs.toLocaleString('en')} unrelated pairs, reported on ${reportedOn.pairs.toLocaleString('en')} others. True positives in %.`,
  '',
  table(
    ['Attack', 'Texts', 'Colophon', 'en / zh / ja / ar', 'MinHash alone', 'Passages alone', 'ISCC Text-Code alone'],
    [
      ...rows.map((row) => [
        row.attack,
        String(row.texts),
        `**${percent(row.ours)}**`,
        ['en', 'zh', 'ja', 'ar']
          .map((language) => (row.languages[language] === undefined ? '–' : percent(row.languages[language])))
          .join(' / '),
        percent(row.minhash),
        percent(row.passages),
        percent(row.iscc),
      ]),
      ['**mean**', '', `**${percent(result.mean.ours)}**`, '', '', '', percent(result.mean.iscc)],
    ],
  ),
]
console.log(lines.join('\n'))
console.log(JSON.stringify({ thresholds, rates: result.falsePositiveRates, worst: result.worst }, null, 1))
if (process.env.OUT === undefined) {
  replaceSection(join(root, 'docs', 'benchmarks.md'), 'robustness-text', lines.join('\n'))
  writeCalibration(result)
}
