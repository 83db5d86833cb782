import { expect } from 'chai'
import fc from 'fast-check'
import { ColophonError } from '../../src/errors/base.ts'
import {
  compareFeatures,
  decodeFeatures,
  encodeFeatures,
  FEATURE_FILE_MOST_BYTES,
  fingerprint,
  type ImageFingerprint,
} from '../../src/fingerprint/index.ts'
import { expectError } from '../expectError.ts'
import { bytesOf, PHOTO, photo } from './media.ts'

describe('feature files', function () {
  this.timeout(60_000)
  let bytes: Uint8Array<ArrayBuffer>
  let other: Uint8Array<ArrayBuffer>
  const fileOf = async (source: string | Uint8Array): Promise<Uint8Array<ArrayBuffer>> =>
    Uint8Array.from(Buffer.from(((await fingerprint(source)) as ImageFingerprint).features.local!, 'base64url'))
  before(async () => {
    bytes = await fileOf(PHOTO)
    other = await fileOf(await bytesOf(photo().extract({ left: 100, top: 60, width: 400, height: 300 }).jpeg()))
  })

  it('are small, and the same for the same picture', async () => {
    expect(bytes.length).to.be.at.most(FEATURE_FILE_MOST_BYTES)
    expect(FEATURE_FILE_MOST_BYTES).to.be.below(21_100)
    expect(await fileOf(PHOTO)).to.deep.equal(bytes)
    expect(new TextDecoder().decode(bytes.subarray(0, 4))).to.equal('CLPI')
  })

  it('can be read back, and written again byte for byte', () => {
    const features = decodeFeatures(bytes)
    expect(encodeFeatures(features)).to.deep.equal(bytes)
    expect([features.width, features.height]).to.deep.equal([512, 341])
    expect(features.turns).to.have.length(8)
    expect(features.views[0]!.box).to.deep.equal(features.content)
    expect(features.keypoints.count).to.equal(500)
    // A view of larger memory, as files are read, makes no difference.
    const within = new Uint8Array(bytes.length + 7)
    within.set(bytes, 7)
    expect(decodeFeatures(within.subarray(7))).to.deep.equal(features)
  })

  it('of another version say so', async () => {
    const later = bytes.slice()
    later[4] = 2
    const error = await expectError('FEATURES_UNSUPPORTED', () => decodeFeatures(later))
    expect(error.details).to.deep.equal({ version: 2, supported: 1 })
  })

  it('cut short or lengthened are refused at every length', () => {
    for (let length = 0; length < bytes.length; length += length < 64 ? 1 : 97) {
      expect(() => decodeFeatures(bytes.subarray(0, length)), String(length)).to.throw(ColophonError)
    }
    expect(() => decodeFeatures(Uint8Array.from([...bytes, 0]))).to.throw(ColophonError)
  })

  for (const [what, change] of [
    ['something where nothing is', (view: DataView) => view.setUint8(5, 1)],
    ['a quality above 100', (view: DataView) => view.setUint8(22 + 256 + 8, 101)],
    ['an empty frame', (view: DataView) => view.setUint16(6, 0, true)],
    ['a frame that is too large', (view: DataView) => view.setUint16(8, 513, true)],
    ['another number of turns', (view: DataView) => view.setUint8(10, 7)],
    ['another number of views', (view: DataView) => view.setUint8(11, 34)],
    ['more keypoints than there can be', (view: DataView) => view.setUint16(12, 501, true)],
    ['fewer keypoints than follow', (view: DataView) => view.setUint16(12, 499, true)],
    ['a content box outside of the frame', (view: DataView) => view.setUint16(18, 513, true)],
    ['a content box turned inside out', (view: DataView) => view.setUint16(14, 512, true)],
    ['a view outside of the frame', (view: DataView) => view.setUint16(22 + 256 + 6, 342, true)],
    ['a keypoint outside of the frame', (view: DataView) => view.setUint16(22 + 256 + 43 * 41, 512 * 16 + 1, true)],
    ['a keypoint of a level that does not exist', (view: DataView) => view.setUint8(22 + 256 + 43 * 41 + 500 * 4, 8)],
  ] as const) {
    it(`with ${what} are refused`, async () => {
      const changed = bytes.slice()
      change(new DataView(changed.buffer))
      await expectError('FEATURES_INVALID', () => decodeFeatures(changed))
    })
  }

  it('changed anywhere are refused or compared, and do no harm', () => {
    const mine = decodeFeatures(other)
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 400 }),
        fc.option(fc.nat(bytes.length), { nil: undefined }),
        (changes, length) => {
          const changed = bytes.slice()
          for (const [at, value] of changes) changed[at] = value
          try {
            const features = decodeFeatures(length === undefined ? changed : changed.subarray(0, length))
            const found = compareFeatures(features, mine)
            expect(found.views.distance).to.be.within(0, 128)
            if (found.fit !== undefined) expect(Number.isFinite(found.fit.score)).to.equal(true)
          } catch (error) {
            if (!(error instanceof ColophonError)) throw error
          }
        },
      ),
      { numRuns: 300 },
    )
  })

  it('made of nothing but noise are compared in bounded time', () => {
    const mine = decodeFeatures(other)
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat(255)), (stream) => {
        const changed = bytes.slice()
        const noise = stream[Symbol.iterator]()
        // All codes, places, directions and descriptors; boxes and levels stay what they can be.
        for (let at = 22; at < 22 + 256; at++) changed[at] = noise.next().value!
        for (let at = 22 + 256 + 43 * 41 + 500 * 5; at < changed.length; at++) changed[at] = noise.next().value!
        compareFeatures(decodeFeatures(changed), mine)
      }),
      { numRuns: 10 },
    )
    // Every keypoint looks like every other: all pairs are look-alikes.
    const same = bytes.slice()
    same.fill(0x5a, same.length - 500 * 32)
    const all = decodeFeatures(same)
    expect(compareFeatures(all, all).fit === undefined || Number.isFinite(compareFeatures(all, all).fit!.score)).to.equal(true)
  })
})
