import { expect } from 'chai'
import fc from 'fast-check'
import { trimmedBox } from '../../src/fingerprint/image/isccPixels.ts'
import { shrunkDown } from '../../src/fingerprint/image/luma.ts'
import { pdq } from '../../src/fingerprint/image/pdq.ts'
import { type Raster, withAlpha } from '../../src/fingerprint/image/pixels.ts'
import { loadPlaneEngine } from '../../src/fingerprint/image/planes.ts'
import { loadEngine, scan, type Wanted } from '../../src/fingerprint/image/scan.ts'
import { photo } from './media.ts'
import { numbers } from './recordings.ts'

/** Pictures of noise, some of their pixels wholly transparent, and a part of each. */
const picture = fc
  .record({
    width: fc.oneof(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 500, max: 700 })),
    height: fc.integer({ min: 1, max: 120 }),
    seed: fc.nat(),
  })
  .chain(({ width, height, seed }) => {
    const noise = numbers(seed)
    const data = Uint8Array.from({ length: width * height * 4 }, (_, at) => (at % 4 === 3 ? (noise() < 0.1 ? 0 : 255) : noise() * 256))
    const bare = data.slice(0, width * height * 3)
    const side = (length: number): fc.Arbitrary<[number, number]> =>
      fc.tuple(fc.nat(length - 1), fc.nat(length - 1)).map(([a, b]) => [Math.min(a, b), Math.max(a, b) + 1])
    return fc.record({
      pixels: fc.constantFrom<Raster>({ width, height, data }, { width, height, data: bare, channels: 3 }),
      luma: fc.integer({ min: 1, max: width }),
      grey: fc.tuple(side(width), side(height)).map(([[left, right], [top, bottom]]) => ({ left, right, top, bottom })),
    })
  })

function expectSame(pixels: Raster, wanted: Required<Wanted>): void {
  const found = scan(pixels, wanted)
  const plain = scan(pixels, wanted, null)
  expect(found.luma).to.deep.equal(plain.luma)
  expect(found.blocks).to.deep.equal(plain.blocks)
  expect(found.grey).to.deep.equal(plain.grey)
}

describe('fingerprint: what is read off a picture’s pixels', () => {
  it('has vector code here', () => expect(loadEngine()).to.be.a('function'))

  it('is the same with and without vector code, whatever the size and the part', () => {
    fc.assert(
      fc.property(picture, ({ pixels, luma, grey }) => expectSame(pixels, { luma, grey, blocks: true })),
      { numRuns: 150 },
    )
  })

  it('is the same of a photograph, small and large, lying and standing', async () => {
    for (const [width, height] of [
      [600, 400],
      [1632, 1224],
      [700, 1500],
    ] as const) {
      const bare = photo().resize(width, height, { fit: 'fill' }).removeAlpha().raw()
      const pixels: Raster = { width, height, data: new Uint8Array(await bare.toBuffer()), channels: 3 }
      const wanted = { luma: Math.min(width, 512), grey: trimmedBox(pixels), blocks: true }
      expectSame(pixels, wanted)
      expect(scan(withAlpha(pixels), wanted)).to.deep.equal(scan(pixels, wanted))
      expect(trimmedBox(withAlpha(pixels))).to.deep.equal(wanted.grey)
    }
  })

  it('gives every colour the brightness that plain code gives it', () => {
    for (let blue = 0; blue < 256; blue += 4) {
      const colours = Uint32Array.from({ length: 4 << 16 }, (_, at) => (0xff000000 | (blue << 16)) + at)
      const pixels = { width: 512, height: 512, data: new Uint8Array(colours.buffer) }
      const [found, plain] = [scan(pixels, { luma: 512 }).luma.data, scan(pixels, { luma: 512 }, null).luma.data]
      expect(found.every((value, at) => value === plain[at])).to.equal(true)
    }
  })

  it('is not disturbed by the picture before', () => {
    const noise = numbers(5)
    const make = (width: number, height: number): Raster => ({
      width,
      height,
      data: Uint8Array.from({ length: width * height * 4 }, () => 255 - noise() * 99),
    })
    const [small, large] = [make(40, 30), make(900, 700)]
    const box = { left: 3, top: 2, right: 31, bottom: 29 }
    const wanted = { luma: 33, blocks: true, grey: box }
    const first = scan(small, wanted)
    scan(large, { luma: 512, blocks: true, grey: { ...box, right: 800, bottom: 650 } })
    expect(scan(small, wanted)).to.deep.equal(first)
  })

  it('gives PDQ the same blurred plane as plain code does, and rows the same means', () => {
    expect(loadPlaneEngine()).to.be.an('object')
    fc.assert(
      fc.property(
        fc.oneof(fc.integer({ min: 1, max: 140 }), fc.integer({ min: 500, max: 512 })),
        fc.oneof(fc.integer({ min: 1, max: 140 }), fc.integer({ min: 500, max: 600 })),
        fc.nat(),
        (width, height, seed) => {
          const noise = numbers(seed)
          const plane = { width, height, data: Float32Array.from({ length: width * height }, () => noise() * 255) }
          const before = plane.data.slice()
          expect(pdq(plane)).to.deep.equal(pdq(plane, null))
          const rows = 1 + Math.floor(noise() * height)
          expect(shrunkDown(plane, rows)).to.deep.equal(shrunkDown(plane, rows, null))
          expect(plane.data).to.deep.equal(before)
        },
      ),
      { numRuns: 60 },
    )
  })
})
