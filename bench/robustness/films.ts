import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { installPeer } from '../../scripts/setup/peers.ts'
import { decodeVideo } from '../../sdk/src/fingerprint/video/decode.node.ts'
import type { FilmPiece } from '../../sdk/src/fingerprint/video/decode.ts'
import { contentOf, type VideoFeatures } from '../../sdk/src/fingerprint/video/fingerprintVideo.ts'
import { cellSums, frameSignature } from '../../sdk/src/fingerprint/video/frameSignature.ts'
import { attackArguments, type VideoAttack, videoAttacks } from '../attacks/video.ts'
import { type Clip, make, videoCorpus } from '../corpora/video.ts'
import { numbers } from '../report.ts'

/** A film as the benchmark keeps it. */
export interface Extracted {
  features: VideoFeatures
  /** MPEG-7 frame signatures, 380 digits each, for the column of the peer. */
  signatures: string[]
}

/** Where in a film the piece that is attacked begins, in seconds: between two samples, so that none coincides. */
export const START = 2.72
/** Its seconds, where the attack says nothing else. */
export const PIECE = 10

const store = join(import.meta.dirname, '..', '..', '.colophon', 'films')
const features = join(store, 'features')

async function extract(path: string): Promise<Extracted> {
  if (!installPeer('node-av')) throw new Error('node-av cannot be installed from the npm registry.')
  const signatures: string[] = []
  async function* watched(): AsyncGenerator<FilmPiece> {
    const mediaType = path.endsWith('.avi') ? 'video/x-msvideo' : 'video/mp4'
    for await (const piece of decodeVideo(nothing(), { path, mediaType, maxPixels: 1e8, maxSeconds: 600 })) {
      if (piece.kind === 'frame') {
        const { data, width, height, stride } = piece.luma
        const digits = frameSignature(cellSums(data, width, height, stride)).values.join('')
        for (let repeat = 0; repeat < piece.repeats; repeat++) signatures.push(digits)
      }
      yield piece
    }
  }
  const content = await contentOf(watched())
  return { features: content.features, signatures }
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  yield* []
}

async function kept(name: string, made: () => Promise<Extracted>): Promise<Extracted> {
  mkdirSync(features, { recursive: true })
  const file = join(features, `${name}.json`)
  if (!existsSync(file)) {
    writeFileSync(`${file}.part`, JSON.stringify(await made()))
    renameSync(`${file}.part`, file)
  }
  return JSON.parse(readFileSync(file, 'utf8')) as Extracted
}

export async function attacks(): Promise<VideoAttack[]> {
  return await videoAttacks(join(store, 'overlays'))
}

export function corpus(count: number): { clips: Clip[]; others: string[] } {
  return videoCorpus(count)
}

export async function knownFilm(clip: Clip): Promise<Extracted> {
  return await kept(`known-${clip.name}`, () => extract(clip.path))
}

/** A piece of a film after an attack. */
export async function attackedFilm(clip: Clip, attack: VideoAttack): Promise<Extracted> {
  const name = `${clip.name}--${attack.name.replaceAll(/[^\w]+/g, '-')}`
  return await kept(name, async () => {
    const path = join(store, `attacked-${name}.${attack.extension ?? 'mp4'}`)
    make(path, attackArguments(attack, clip.path, START, attack.seconds ?? PIECE))
    try {
      return await extract(path)
    } finally {
      rmSync(path)
    }
  })
}

const STRANGER_SHOTS = 3
const SHOT_SAMPLES = 20

/** A film that no clip has anything in common with: three photographs that a camera moves over, at five frames a second, never encoded. It has no key frames. */
export async function stranger(photographs: readonly string[], index: number): Promise<Extracted> {
  return await kept(`stranger-${index}`, async () => {
    const next = numbers(104_729 * (index + 1))
    const chosen = Array.from({ length: STRANGER_SHOTS }, () => photographs[Math.floor(next() * photographs.length)]!)
    const [width, height] = [400, 224]
    async function* pieces(): AsyncGenerator<FilmPiece> {
      for (const path of chosen) {
        const { data, info } = await sharp(path)
          .rotate()
          .flatten()
          .greyscale()
          .resize(800, 600, { fit: 'cover' })
          .raw()
          .toBuffer({ resolveWithObject: true })
        const [x, y, moveX, moveY] = [next(), next(), next() - 0.5, next() - 0.5]
        const scale = 1 + next()
        for (let sample = 0; sample < SHOT_SAMPLES; sample++) {
          const here = scale * (1 + 0.01 * sample * (moveX - moveY))
          const left = Math.min(Math.max(x + (moveX * sample) / SHOT_SAMPLES, 0), 1) * (info.width - width * Math.min(here, 2))
          const top = Math.min(Math.max(y + (moveY * sample) / SHOT_SAMPLES, 0), 1) * (info.height - height * Math.min(here, 2))
          const frame = new Uint8Array(width * height)
          for (let row = 0; row < height; row++) {
            const from = Math.min(Math.floor(top + row * Math.min(here, 2)), info.height - 1) * info.width * info.channels
            for (let column = 0; column < width; column++) {
              frame[row * width + column] =
                data[from + Math.min(Math.floor(left + column * Math.min(here, 2)), info.width - 1) * info.channels]!
            }
          }
          yield { kind: 'frame', luma: { width, height, stride: width, data: frame }, repeats: 1 }
        }
      }
    }
    return { features: (await contentOf(pieces(), { signatureOnly: true })).features, signatures: [] }
  })
}
