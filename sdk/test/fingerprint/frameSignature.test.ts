import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import fc from 'fast-check'
import { cellSums, frameSignature } from '../../src/fingerprint/video/frameSignature.ts'
import { CATEGORIES } from '../../src/fingerprint/video/signatureElements.ts'
import { filmStudio } from './films.ts'

describe('MPEG-7 frame signatures', () => {
  const studio = filmStudio()

  for (const [what, source] of [
    ['a fractal, no side a multiple of 32', 'mandelbrot=size=639x361'],
    ['a test card', 'testsrc2=size=640x360'],
    ['bars with equal differences', 'smptebars=size=320x240'],
    ['noise', 'life=size=100x75:mold=10'],
    ['lines', 'cellauto=size=333x222'],
    ['black', 'color=black:size=352x288'],
    ['gradients', 'gradients=size=197x133:seed=4'],
    ['the smallest frame', 'testsrc2=size=32x32'],
  ]) {
    it(`are what FFmpeg's filter writes: ${what}`, () => {
      const raw = studio.make('raw.gray', ['-f', 'lavfi', '-i', source!, '-frames:v', '20', '-pix_fmt', 'gray', '-f', 'rawvideo'])
      const size = /size=(\d+)x(\d+)/.exec(source!)!
      const [width, height] = [Number(size[1]), Number(size[2])]
      const written = studio.path('signature.xml')
      const read = ['-f', 'rawvideo', '-pix_fmt', 'gray', '-s', `${width}x${height}`, '-i', raw]
      execFileSync('ffmpeg', ['-v', 'error', '-y', ...read, '-vf', `signature=format=xml:filename=${written}`, '-f', 'null', '-'])
      const xml = readFileSync(written, 'utf8')
      const expected = [...xml.matchAll(/<FrameSignature>([\d\s]+)<\/FrameSignature>/g)].map((match) =>
        match[1]!.trim().split(/\s+/).map(Number),
      )
      const confidences = [...xml.matchAll(/<FrameConfidence>(\d+)</g)].map((match) => Number(match[1]))
      const frames = readFileSync(raw)
      expect(expected).to.have.length(20)
      for (const [index, values] of expected.entries()) {
        const found = frameSignature(cellSums(frames.subarray(index * width * height), width, height, width))
        expect([...found.values]).to.deep.equal(values)
        expect(found.confidence).to.equal(confidences[index])
      }
    })
  }

  it('have 380 elements, 32 of them averages', () => {
    const counts = CATEGORIES.map(({ elements }) => elements.length)
    expect(counts).to.deep.equal([20, 12, 116, 25, 36, 30, 62, 9, 50, 20])
  })

  it('do not depend on brightness in their differences, nor on how far apart rows lie', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 32, max: 70 }),
        fc.integer({ min: 32, max: 70 }),
        fc.integer({ min: 1, max: 90 }),
        fc.integer(),
        (width, height, light, seed) => {
          let state = seed | 1
          const sample = (): number => {
            state = (Math.imul(state, 1_103_515_245) + 12_345) | 0
            return (state >>> 16) % 150
          }
          const stride = width + 7
          const plain = Uint8Array.from({ length: width * height }, sample)
          const spaced = new Uint8Array(stride * height)
          for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) spaced[y * stride + x] = plain[y * width + x]! + light
          const [dark, bright] = [
            frameSignature(cellSums(plain, width, height, width)).values,
            frameSignature(cellSums(spaced, width, height, stride)).values,
          ]
          expect(bright.subarray(32)).to.deep.equal(dark.subarray(32))
        },
      ),
      { numRuns: 30 },
    )
  })
})
