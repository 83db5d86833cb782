import type { Layer, Match } from '@colophon/sdk/fingerprint'
import type { lookAlikeMessages } from './messages.ts'

type Texts = (typeof lookAlikeMessages)['en']

/** Numbers as the page writes them. */
export interface Figures {
  number: (value: number) => string
  percent: (share: number) => string
}

/** Stretches of films that are told one by one; the table has the rest of what was measured. */
const MOST_STRETCHES = 3

/**
 * Why two works count as alike, in the page's words: what they share, where, how it was changed, and how often strangers share as much. Made from what was
 * measured; the first of the two is the file at hand, the second the work on the chain.
 */
export function explain(match: Match, texts: Texts, figures: Figures): string[] {
  if (match.verdict === 'identical') return [texts.sameBytes]
  return [...shared(match, texts, figures), ...chance(match, texts, figures)]
}

function layerOf({ layers }: Match, name: Layer['name']): Layer | undefined {
  return layers.find((layer) => layer.name === name)
}

function shared(match: Match, texts: Texts, figures: Figures): string[] {
  if (match.area !== undefined) return inPictures(match, match.area, texts, figures)
  if (match.media === 'image') return inLooks(match, texts)
  if (match.stretches !== undefined) return inFilms(match, match.stretches, texts, figures)
  if (match.sound !== undefined) return [texts.soundPart(...places(match.sound)), ...changed(match.sound, texts, figures)]
  if (match.media === 'text') return inTexts(match, texts, figures)
  return []
}

function inPictures(match: Match, area: NonNullable<Match['area']>, texts: Texts, { number, percent }: Figures): string[] {
  const keypoints = layerOf(match, 'keypoints')
  // Places are the same, and yet they speak for no copy: they lie on a caption or a logo.
  const overlay = keypoints !== undefined && keypoints.value >= keypoints.threshold && !keypoints.speaksForCopy
  if (overlay && area.foundBy === 'keypoints') return [texts.caption(number(area.points.length))]
  const degrees = Math.round(area.degrees) % 360
  return [
    texts.area(percent(area.shareOfA), percent(area.shareOfB)),
    ...(area.mirrored ? [texts.mirrored] : []),
    ...(degrees === 0 ? [] : [texts.turned(number(degrees))]),
    ...(area.inverted ? [texts.inverted] : []),
    ...(area.points.length === 0 ? [texts.viewBits(layerOf(match, 'views')?.value ?? 0)] : [texts.places(number(area.points.length))]),
  ]
}

function inLooks(match: Match, texts: Texts): string[] {
  const pdq = layerOf(match, 'pdq')
  if (pdq !== undefined && (match.verdict === 'copy' || pdq.speaksForCopy)) return [texts.lightEdit(pdq.value)]
  const names = match.layers.filter(({ speaksForCopy }) => speaksForCopy).map(({ name }) => texts[name])
  return [...(names.length === 0 ? [] : [texts.alikeTo(names.join(', '))]), ...(pdq === undefined ? [] : [texts.pdqBits(pdq.value)])]
}

function inFilms(
  match: Match & { shares?: { a: number; b: number } },
  stretches: NonNullable<Match['stretches']>,
  texts: Texts,
  figures: Figures,
): string[] {
  return [
    ...(match.shares === undefined ? [] : [texts.filmShares(figures.percent(match.shares.a), figures.percent(match.shares.b))]),
    ...stretches
      .slice(0, MOST_STRETCHES)
      .map((stretch) =>
        [
          texts.stretch(...places(stretch)),
          ...(stretch.turn?.startsWith('mirror') === true ? [texts.mirrored] : []),
          ...(/[1-9]\d*$/.test(stretch.turn ?? '') ? [texts.turned(/\d+$/.exec(stretch.turn!)![0])] : []),
          ...changed({ tempo: stretch.tempo, pitch: 0 }, texts, figures),
        ].join(' '),
      ),
    ...(stretches.length > MOST_STRETCHES ? [texts.moreStretches(figures.number(stretches.length - MOST_STRETCHES))] : []),
    ...(match.sound === undefined ? [] : [texts.soundToo]),
  ]
}

function inTexts(match: Match, texts: Texts, { number, percent }: Figures): string[] {
  const wording = Math.max(layerOf(match, 'minhash')?.value ?? 0, layerOf(match, 'containment')?.value ?? 0)
  const longest = match.passages?.[0]
  const iscc = layerOf(match, 'iscc-content')
  return [
    ...(wording > 0 ? [texts.wording(percent(wording))] : []),
    ...(longest === undefined ? [] : [texts.passagesShared(number(match.passages!.length), number(longest.a.to - longest.a.from))]),
    ...(longest === undefined && iscc?.speaksForCopy === true ? [texts.readAlike(iscc.value)] : []),
  ]
}

/** How often strangers are as much alike, where that was measured. */
function chance({ falsePositiveRate }: Match, texts: Texts, { number }: Figures): string[] {
  // One of one says nothing.
  if (falsePositiveRate === undefined || falsePositiveRate > 1 / 2) return []
  return [falsePositiveRate < 1e-6 ? texts.hardlyEver : texts.oneIn(number(Math.floor(1 / falsePositiveRate)))]
}

/** Less than this is within what measuring can tell. */
const LEAST_TEMPO = 0.01
const LEAST_SEMITONES = 0.25

function changed({ tempo, pitch }: { tempo: number; pitch: number }, texts: Texts, { number, percent }: Figures): string[] {
  const semitones = Math.round(pitch * 10) / 10
  return [
    ...(tempo - 1 > LEAST_TEMPO ? [texts.slower(percent(tempo - 1))] : []),
    ...(1 - tempo > LEAST_TEMPO ? [texts.faster(percent(1 - tempo))] : []),
    ...(semitones >= LEAST_SEMITONES ? [texts.higher(number(semitones))] : []),
    ...(semitones <= -LEAST_SEMITONES ? [texts.lower(number(-semitones))] : []),
  ]
}

function places({ a, b }: { a: { from: number; to: number }; b: { from: number; to: number } }): [string, string] {
  return [`${clock(a.from)}–${clock(a.to)}`, `${clock(b.from)}–${clock(b.to)}`]
}

function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
}
