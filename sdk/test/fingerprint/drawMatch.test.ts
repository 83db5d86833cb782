import { expect } from 'chai'
import sharp from 'sharp'
import { compare, drawMatch, fingerprint } from '../../src/fingerprint/index.ts'
import { expectError } from '../expectError.ts'
import { blobs, bytesOf, PHOTO, photo, photoBytes } from './media.ts'

describe('drawing a match', function () {
  this.timeout(60_000)

  it('shows both pictures side by side, what they share, and the same places joined', async () => {
    const part = await bytesOf(photo().extract({ left: 200, top: 100, width: 300, height: 240 }).rotate(90).png())
    const match = compare(await fingerprint(PHOTO), await fingerprint(part))
    const svg = await drawMatch(match, PHOTO, part, { side: 300, lines: 20 })
    expect(svg).to.match(/^<svg xmlns/)
    expect(svg.match(/<image /g)).to.have.length(2)
    expect(svg.match(/<polygon /g)).to.have.length(4)
    expect(svg.match(/<line /g)).to.have.length(Math.min(20, match.area!.points.length))
    const { data, info } = await sharp(Buffer.from(svg)).removeAlpha().raw().toBuffer({ resolveWithObject: true })
    // 600 × 400 at half the size, a gap, and 240 × 300 as it is.
    expect([info.width, info.height]).to.deep.equal([300 + 24 + 240, 300])
    const pixel = (x: number, y: number): number[] => [...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3)]
    expect(pixel(312, 5)).to.deep.equal([255, 255, 255])
    // The outline in the first picture stands where the part was cut out: at half its coordinates.
    const yellow = (x: number, y: number): boolean => {
      for (let dy = -6; dy <= 6; dy++) {
        for (let dx = -6; dx <= 6; dx++) {
          const [r, g, b] = pixel(x + dx, y + dy) as [number, number, number]
          if (r > 190 && g > 170 && b < 110) return true
        }
      }
      return false
    }
    for (const [x, y] of [
      [175, 50],
      [175, 170],
      [100, 110],
      [250, 110],
    ] as const)
      expect(yellow(x, y), `${x}, ${y}`).to.equal(true)
  })

  it('shows strangers without marks, and never enlarges', async () => {
    const stranger = await blobs(3, 64, 48)
    const match = compare(await fingerprint(photoBytes), await fingerprint(stranger))
    const svg = await drawMatch(match, photoBytes, stranger)
    expect(svg).to.not.include('<polygon').and.not.include('<line')
    const { width, height } = await sharp(Buffer.from(svg)).metadata()
    expect([width, height]).to.deep.equal([600 + 24 + 64, 400])
  })

  it('refuses what is no picture, and ends when aborted', async () => {
    await expectError('IMAGE_UNREADABLE', () => drawMatch({}, photoBytes, Uint8Array.of(1, 2, 3)))
    await expectError('IMAGE_TOO_LARGE', () => drawMatch({}, photoBytes, photoBytes, { maxPixels: 1000 }))
    const reason = new Error('enough')
    expect(await drawMatch({}, photoBytes, photoBytes, { signal: AbortSignal.abort(reason) }).catch((error: unknown) => error)).to.equal(
      reason,
    )
  })
})
