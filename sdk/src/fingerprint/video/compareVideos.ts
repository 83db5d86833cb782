import { changes, clock } from '../audio/drawSoundMatch.ts'
import type { VideoFingerprint } from '../fingerprint.ts'
import type { Layer, VideoMatch } from '../match.ts'
import { compareFilms, FRAMES_SIMILAR, falsePositiveRate, KEYFRAMES_SIMILAR, type SharedStretch } from './compareFilms.ts'

const SOURCE = 'unrelated films of the benchmark'

/**
 * Judges two films by the stretches that both show: most of both makes a copy. Sound alone makes none: many films have the same song.
 *
 * @throws ColophonError `FEATURES_INVALID`
 */
export function compareVideos(a: VideoFingerprint, b: VideoFingerprint): VideoMatch {
  const found = compareFilms(a.features, b.features)
  const { shared, sound } = found
  const layer = (name: 'frames' | 'keyframes', value: number, threshold: number): Layer => ({
    name,
    value,
    unit: 'score',
    threshold,
    speaksForCopy: value >= threshold,
    source: SOURCE,
    falsePositiveRate: falsePositiveRate(name, value),
  })
  const layers: Layer[] = [
    layer('frames', found.frames, FRAMES_SIMILAR),
    ...(a.features.keyframes === undefined || b.features.keyframes === undefined
      ? []
      : [layer('keyframes', found.keyframes, KEYFRAMES_SIMILAR)]),
    ...(a.features.sound === undefined || b.features.sound === undefined ? [] : [soundLayer(sound !== undefined)]),
  ]
  if (shared.length === 0) {
    const reason =
      sound === undefined
        ? 'The films share no stretch that could be recognised.'
        : `The films share a stretch of sound, and nothing to be seen: ${clock(sound.a.from)}–${clock(sound.a.to)} of the first sounds like ${clock(sound.b.from)}–${clock(sound.b.to)} of the second.`
    return {
      media: 'video',
      verdict: sound === undefined ? 'different' : 'similar',
      reason,
      layers,
      ...(sound === undefined ? {} : { sound }),
    }
  }
  const percent = (share: number): string => `${Math.round(share * 100)} %`
  const of = `${percent(found.shareOfA)} of the first and ${percent(found.shareOfB)} of the second`
  const count = shared.length === 1 ? 'a stretch' : `${shared.length} stretches`
  return {
    media: 'video',
    verdict: found.whole ? 'copy' : 'similar',
    reason: `The films ${found.whole ? 'are one' : `share ${count}`}, ${of}: ${shared.slice(0, 3).map(placesOf).join('; ')}${shared.length > 3 ? '; and more' : ''}.`,
    layers,
    // Each layer had its chance to be wrong.
    falsePositiveRate: Math.min(
      1,
      2 * Math.min(falsePositiveRate('frames', found.frames), falsePositiveRate('keyframes', found.keyframes)),
    ),
    stretches: shared,
    shares: { a: found.shareOfA, b: found.shareOfB },
    ...(sound === undefined ? {} : { sound }),
  }
}

function soundLayer(shared: boolean): Layer {
  return {
    name: 'sound',
    value: shared ? 1 : 0,
    unit: 'equal',
    threshold: 1,
    speaksForCopy: shared,
    source: 'the thresholds of recordings',
  }
}

/** Where a stretch lies, in words. */
export function placesOf({ a, b, tempo, turn }: SharedStretch): string {
  const turned =
    turn === undefined || turn === '0'
      ? ''
      : `, ${turn
          .replace('mirror', 'mirrored')
          .replace(/(\d+)$/, 'turned by $1°')
          .replace('mirrored turned', 'mirrored and turned')}`
  const faster = changes({ layer: 'peaks', a, b, tempo, pitch: 0 })
  return `${clock(a.from)}–${clock(a.to)} of the first is ${clock(b.from)}–${clock(b.to)} of the second${turned}${faster}`
}
