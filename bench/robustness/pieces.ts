import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { alignFrames } from '../../sdk/src/fingerprint/video/alignFrames.ts'
import { FRAMES_SIMILAR } from '../../sdk/src/fingerprint/video/compareFilms.ts'
import { type Film, filmOf } from '../../sdk/src/fingerprint/video/film.ts'
import { numbers } from '../report.ts'
import type { Extracted } from './films.ts'

/** How many pairs of pieces of different films, each after an attack, have each score of frames (rounded down). */
export interface PiecePairs {
  films: number
  pieces: number
  pairs: number
  frames: Record<string, number>
  /** Pairs that reach the threshold, to be looked at. */
  highest: { score: number; of: [string, string] }[]
}

/**
 * Compares pieces that earlier runs have left in a folder with those of other films, in an order that is mixed, so that any number of them is a sample of all.
 *
 * @param most - pairs
 * @param onPairs - what was counted so far, now and then
 */
export function comparePieces(folder: string, most: number, onPairs: (counted: PiecePairs) => void): PiecePairs {
  const pieces = readdirSync(folder)
    .filter((name) => name.includes('--') && name.endsWith('.json'))
    .map((name): { name: string; clip: string; film: Film } => {
      const { features } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Extracted
      return { name: name.replace('.json', ''), clip: name.slice(0, name.indexOf('--')), film: filmOf(features) }
    })
  const counted: PiecePairs = {
    films: new Set(pieces.map(({ clip }) => clip)).size,
    pieces: pieces.length,
    pairs: 0,
    frames: {},
    highest: [],
  }
  const next = numbers(31)
  const places = pieces.flatMap((one, index) =>
    pieces.slice(index + 1).flatMap((other, after) => (one.clip === other.clip ? [] : [[index, index + 1 + after] as const])),
  )
  for (let left = places.length; left > 0 && counted.pairs < most; left--) {
    const at = Math.floor(next() * left)
    const [one, other] = places[at]!
    places[at] = places[left - 1]!
    const [a, b] = [pieces[one]!.film, pieces[other]!.film]
    const score = Math.floor(
      (a.codes.count > b.codes.count ? alignFrames(b, a, FRAMES_SIMILAR, 1) : alignFrames(a, b, FRAMES_SIMILAR, 1))[0]?.score ?? 0,
    )
    counted.frames[score] = (counted.frames[score] ?? 0) + 1
    counted.pairs++
    if (score >= FRAMES_SIMILAR) counted.highest.push({ score, of: [pieces[one]!.name, pieces[other]!.name] })
    if (counted.pairs % 1000 === 0) onPairs(counted)
  }
  return counted
}
