import { expect } from 'chai'
import fc from 'fast-check'
import sharp, { type Sharp } from 'sharp'
import { nearest } from '../../src/fingerprint/image/keypoints/nearest.ts'
import { FAR, nearestPlain } from '../../src/fingerprint/image/keypoints/nearestPlain.ts'
import {
  applied,
  fitAffine,
  fitHomography,
  fitSimilarity,
  inverted,
  type Transform,
} from '../../src/fingerprint/image/keypoints/transform.ts'
import { compareFeatures, decodeFeatures, fingerprint, type ImageFingerprint, type LocalFeatures } from '../../src/fingerprint/index.ts'
import { blobs, bytesOf, photo, synthetic } from './media.ts'

async function featuresOf(picture: Sharp): Promise<LocalFeatures> {
  const { features } = (await fingerprint(await bytesOf(picture.png()))) as ImageFingerprint
  return decodeFeatures(Uint8Array.from(Buffer.from(features.local!, 'base64url')))
}

function bitsApart(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((sum, byte, index) => sum + (byte ^ b[index]!).toString(2).replaceAll('0', '').length, 0)
}

const TURNED: ((picture: Sharp) => Promise<Sharp>)[] = [false, true].flatMap((mirror) =>
  [0, 90, 180, 270].map((degrees) => async (picture: Sharp) => {
    const first = await (mirror ? picture.flop() : picture).png().toBuffer()
    return sharp(first).rotate(degrees)
  }),
)

describe('features of pictures: turns', function () {
  this.timeout(60_000)

  it('from one transform are the codes of the turned pictures', async () => {
    // Sides that 64 divides, so that the samples of a turned picture are the turned samples.
    for (const bytes of [
      await bytesOf(photo().resize(512, 384, { fit: 'fill' })),
      await synthetic(3, 384, 256),
      await blobs(5, 256, 192),
    ]) {
      const upright = await featuresOf(sharp(bytes))
      for (const [turn, make] of TURNED.entries()) {
        const turned = await featuresOf(await make(sharp(bytes)))
        expect(bitsApart(upright.turns[turn]!, turned.turns[0]!), `turn ${turn}`).to.be.at.most(4)
        const { views } = compareFeatures(upright, turned, { viewsOnly: true })
        expect(views.distance).to.be.at.most(4)
        expect(views.part).to.equal('neither')
      }
    }
  })

  it('are named as they look', async () => {
    const upright = await featuresOf(photo())
    const names = ['0', '90', '180', '270', 'mirror', 'mirror 90', 'mirror 180', 'mirror 270']
    for (const [turn, make] of TURNED.entries()) {
      const turned = await featuresOf(await make(photo()))
      expect(compareFeatures(upright, turned, { viewsOnly: true }).views.turn).to.equal(names[turn])
    }
  })

  it('find an inverted picture by the complement', async () => {
    const { views } = compareFeatures(await featuresOf(photo()), await featuresOf(photo().negate({ alpha: false })), { viewsOnly: true })
    expect(views.distance).to.be.at.most(4)
    expect(views.inverted).to.equal(true)
  })
})

describe('features of pictures: borders', () => {
  for (const [name, sides, background] of [
    ['a frame', { top: 60, bottom: 60, left: 60, right: 60 }, '#ffffff'],
    ['bars above and below', { top: 80, bottom: 80 }, '#000000'],
    ['bars at the sides', { left: 120, right: 90 }, '#406080'],
    ['one bar', { bottom: 100 }, '#101010'],
  ] as const) {
    it(`${name} is taken off, to a pixel or two`, async () => {
      const { top = 0, bottom = 0, left = 0, right = 0 } = sides as { top?: number; bottom?: number; left?: number; right?: number }
      const framed = sharp(await photo().extend({ top, bottom, left, right, background }).jpeg({ quality: 80 }).toBuffer())
      const { content, width, height } = await featuresOf(framed)
      const [x, y] = [width / (600 + left + right), height / (400 + top + bottom)]
      expect(content.left).to.be.closeTo(left * x, 2.5)
      expect(content.top).to.be.closeTo(top * y, 2.5)
      expect(content.right).to.be.closeTo(width - right * x, 2.5)
      expect(content.bottom).to.be.closeTo(height - bottom * y, 2.5)
    })
  }

  it('that are not there are not taken', async () => {
    const { content, width, height } = await featuresOf(photo())
    expect(content).to.deep.equal({ left: 0, top: 0, right: width, bottom: height })
  })

  it('of a plain picture leave it whole', async () => {
    for (const side of [1, 5, 300]) {
      const plain = await featuresOf(sharp({ create: { width: side, height: side, channels: 3, background: '#777' } }))
      expect(plain.content).to.deep.equal({ left: 0, top: 0, right: side, bottom: side })
      expect(plain.keypoints.count).to.equal(0)
      expect(plain.views[0]!.quality).to.equal(0)
      expect(compareFeatures(plain, plain)).to.deep.include({ views: { ...compareFeatures(plain, plain).views, distance: 128 } })
      expect(compareFeatures(plain, plain).fit).to.equal(undefined)
    }
  })
})

describe('features of pictures: keypoints', function () {
  this.timeout(120_000)

  it('recover a turn, a scale and a stretch, whatever they are', async () => {
    const original = await featuresOf(photo())
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 359 }),
        fc.double({ min: 0.5, max: 1.4, noNaN: true }),
        fc.double({ min: 0.85, max: 1.15, noNaN: true }),
        fc.boolean(),
        fc.boolean(),
        async (degrees, scale, stretch, mirrored, negative) => {
          const angle = (degrees * Math.PI) / 180
          const flip = mirrored ? -1 : 1
          const matrix = [
            Math.cos(angle) * scale * flip,
            -Math.sin(angle) * scale * stretch,
            Math.sin(angle) * scale * flip,
            Math.cos(angle) * scale * stretch,
          ]
          const changed = sharp(
            await photo()
              .affine(matrix as [number, number, number, number], { background: '#fff' })
              .png()
              .toBuffer(),
          )
          const found = compareFeatures(original, await featuresOf(negative ? changed.negate({ alpha: false }) : changed))
          const { fit } = found
          expect(fit, 'a fit').to.not.equal(undefined)
          expect(fit!.inliers.length).to.be.greaterThan(11)
          expect([fit!.mirrored, fit!.inverted]).to.deep.equal([mirrored, negative])
          // Frames are both brought to at most 512 pixels: the shape of the map is what can be told, not its size.
          const t = fit!.transform
          const [got, wanted] = [[t[0], t[1], t[3], t[4]], matrix].map((m) => {
            const size = Math.sqrt(Math.abs(m[0]! * m[3]! - m[1]! * m[2]!))
            return m.map((value) => value! / size)
          }) as [number[], number[]]
          for (const [index, value] of got.entries()) expect(value).to.be.closeTo(wanted[index]!, 0.06)
        },
      ),
      { numRuns: 12 },
    )
  })

  it('lie within the frame, are at most 500, and are the same every time', async () => {
    for (const picture of [photo(), sharp(await synthetic(7, 700, 300)), sharp(await blobs(8, 90, 90)), sharp(await blobs(9, 33, 500))]) {
      const bytes = await bytesOf(picture.png())
      const { keypoints, width, height } = await featuresOf(sharp(bytes))
      expect(keypoints.count).to.be.at.most(500)
      for (const x of keypoints.x) expect(x).to.be.within(16 * 16, (width - 16) * 16)
      for (const y of keypoints.y) expect(y).to.be.within(16 * 16, (height - 16) * 16)
      expect((await featuresOf(sharp(bytes))).keypoints).to.deep.equal(keypoints)
    }
  })

  it('are compared by WebAssembly as in JavaScript', () => {
    const descriptors = fc.uint8Array({ minLength: 0, maxLength: 12 * 32 }).map((bytes) => {
      // Few different bits, so that distances are small and often equal.
      const words = new Int32Array(Math.floor(bytes.length / 32) * 8)
      for (const [index, byte] of bytes.subarray(0, words.length).entries()) words[index] = byte & 0x11
      return words
    })
    fc.assert(
      fc.property(descriptors, descriptors, (a, b) => {
        expect(nearest(a, b)).to.deep.equal(nearestPlain(a, b))
      }),
      { numRuns: 200 },
    )
    const far = nearest(
      Int32Array.from({ length: 8 }, () => -1),
      new Int32Array(8),
    )
    expect(far).to.deep.equal({
      index: Int32Array.of(-1),
      distance: Int32Array.of(FAR),
      second: Int32Array.of(FAR),
      back: Int32Array.of(-1),
    })
  })
})

describe('fitting maps of the plane', () => {
  const coordinate = fc.double({ min: 0, max: 500, noNaN: true })
  const spread = fc
    .array(fc.tuple(coordinate, coordinate), { minLength: 8, maxLength: 20 })
    // Four places near the corners keep the rest from lying in one line.
    .map((list) => [[5, 8], [490, 12], [8, 470], [480, 495], ...list] as [number, number][])
  const placesOf = (list: [number, number][], m: Transform) => {
    const mapped = list.map(([x, y]) => applied(m, x, y))
    return {
      ax: Float64Array.from(list, ([x]) => x),
      ay: Float64Array.from(list, ([, y]) => y),
      bx: Float64Array.from(mapped, ([x]) => x),
      by: Float64Array.from(mapped, ([, y]) => y),
    }
  }
  const small = (most: number) => fc.double({ min: -most, max: most, noNaN: true })

  it('finds the similarity, the affine map or the perspective that was applied', () => {
    fc.assert(
      fc.property(
        spread,
        small(2),
        small(2),
        small(100),
        small(100),
        small(0.4),
        small(0.0004),
        small(0.0004),
        (list, c, s, x, y, skew, p, q) => {
          fc.pre(c * c + s * s > 0.05)
          const all = list.map((_, index) => index)
          const cases: [typeof fitAffine, Transform][] = [
            [fitSimilarity, [c, -s, x, s, c, y, 0, 0, 1]],
            [fitAffine, [1 + skew, skew / 2, x, -skew, 1 - skew / 2, y, 0, 0, 1]],
            [fitHomography, [1, skew / 3, x, -skew / 3, 1, y, p, q, 1]],
          ]
          for (const [fit, wanted] of cases) {
            const places = placesOf(list, wanted)
            const found = fit(places, all)!
            for (const k of all) {
              const [u, v] = applied(found, places.ax[k]!, places.ay[k]!)
              expect(Math.hypot(u - places.bx[k]!, v - places.by[k]!)).to.be.below(1e-4)
              const [backX, backY] = applied(inverted(found)!, u, v)
              expect(Math.hypot(backX - places.ax[k]!, backY - places.ay[k]!)).to.be.below(1e-2)
            }
          }
        },
      ),
      { numRuns: 100 },
    )
  })

  it('finds none where places are too few or all the same', () => {
    const same = placesOf(
      Array.from({ length: 6 }, () => [10, 10]),
      [1, 0, 0, 0, 1, 0, 0, 0, 1],
    )
    const line = placesOf(
      Array.from({ length: 6 }, (_, k) => [k * 10, k * 20]),
      [1, 0, 0, 0, 1, 0, 0, 0, 1],
    )
    expect(fitSimilarity(same, [0, 1, 2])).to.equal(undefined)
    expect(fitAffine(line, [0, 1, 2, 3, 4, 5])).to.equal(undefined)
    expect(fitHomography(line, [0, 1, 2])).to.equal(undefined)
    expect(fitHomography(same, [0, 1, 2, 3])).to.equal(undefined)
    expect(inverted([0, 0, 1, 0, 0, 1, 0, 0, 1])).to.equal(undefined)
  })
})
