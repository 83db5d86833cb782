import type { VideoFingerprint } from '../../src/fingerprint/index.ts'
import type { FilmPiece } from '../../src/fingerprint/video/decode.ts'
import { contentOf } from '../../src/fingerprint/video/fingerprintVideo.ts'
import { numbers } from '../fingerprint/recordings.ts'
import { identityOf } from './madeUp.ts'

/** What is seen for a while: another for every seed. */
export interface Scene {
  seed: number
  /** Fifths of a second. */
  samples: number
}

const WIDTH = 320
const HEIGHT = 240

/** A picture of soft waves and hard squares, moved and zoomed: a frame of a film, and the same frame of one that was filmed again. */
function frame(seed: number, zoom: number, shift: number): Uint8Array {
  const next = numbers(seed)
  const waves = Array.from({ length: 14 }, () => [next() * 0.1, next() * 0.1 - 0.05, next() * 6.3, 8 + next() * 14] as const)
  const squares = Array.from({ length: 25 }, () => [next() * WIDTH, next() * HEIGHT, 6 + next() * 30, next() * 160 - 80] as const)
  const xs = Array.from({ length: WIDTH }, (_, column) => (column - WIDTH / 2) / zoom + WIDTH / 2 + shift)
  const ys = Array.from({ length: HEIGHT }, (_, row) => (row - HEIGHT / 2) / zoom + HEIGHT / 2)
  // The sine of a sum of what a column and a row have: so it takes four sines a wave for each of them and none for a pixel.
  const table = (
    values: number[],
    angle: (wave: (typeof waves)[number], value: number) => number,
    of: (angle: number) => number,
  ): Float64Array[] => waves.map((wave) => Float64Array.from(values, (value) => of(angle(wave, value))))
  const [sinX, cosX] = [Math.sin, Math.cos].map((of) => table(xs, ([kx, , phase], x) => kx * x + phase, of)) as [
    Float64Array[],
    Float64Array[],
  ]
  const [sinY, cosY] = [Math.sin, Math.cos].map((of) => table(ys, ([, ky], y) => ky * y, of)) as [Float64Array[], Float64Array[]]
  const data = new Uint8Array(WIDTH * HEIGHT)
  for (const [row, y] of ys.entries()) {
    const crossed = squares.filter(([, top, size]) => y >= top && y < top + size)
    for (const [column, x] of xs.entries()) {
      let value = 128
      for (let wave = 0; wave < waves.length; wave++)
        value += waves[wave]![3] * (sinX[wave]![column]! * cosY[wave]![row]! + cosX[wave]![column]! * sinY[wave]![row]!)
      for (const [left, , size, bright] of crossed) if (x >= left && x < left + size) value += bright
      data[row * WIDTH + column] = Math.max(0, Math.min(255, value))
    }
  }
  return data
}

/** The fingerprint of a film of these scenes, without a decoder, which not every machine has. */
export async function film(scenes: readonly Scene[], { zoom = 1, shift = 0 } = {}): Promise<VideoFingerprint> {
  function* pieces(): Generator<FilmPiece> {
    for (const { seed, samples } of scenes) {
      const data = frame(seed, zoom, shift)
      yield { kind: 'frame', luma: { width: WIDTH, height: HEIGHT, stride: WIDTH, data }, repeats: samples }
    }
  }
  const { isccContent, features } = await contentOf(pieces())
  const bytes = new TextEncoder().encode(JSON.stringify({ scenes, zoom, shift }))
  const { bits, ...identity } = identityOf(bytes, isccContent)
  return { ...identity, media: 'video', mediaType: 'video/mp4', plain: false, code: { type: 2, name: 'ISCC-Video-256', bits }, features }
}
