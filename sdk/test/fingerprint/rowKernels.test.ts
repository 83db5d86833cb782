import { expect } from 'chai'
import fc from 'fast-check'
import { cellSums } from '../../src/fingerprint/video/frameSignature.ts'
import { rowKernels } from '../../src/fingerprint/video/rowKernels.ts'
import { createShrinker } from '../../src/fingerprint/video/shrink.ts'
import { numbers } from './recordings.ts'

interface Frame {
  width: number
  height: number
  stride: number
  data: Uint8Array
}

/** A frame of noise, or of white, where sums are the largest; its rows are `gap` bytes apart. */
function frameOf(width: number, height: number, gap: number, seed: number): Frame {
  const stride = width + gap
  const random = numbers(seed)
  // The last row need not have its gap.
  const length = stride * (height - 1) + width
  return { width, height, stride, data: Uint8Array.from({ length }, () => (seed % 4 === 0 ? 255 : random() * 256)) }
}

/** Compares what vector code makes of a frame with what plain code makes of it. */
function expectSame(frame: Frame, side: number): void {
  const { width, height, stride, data } = frame
  const kernels = rowKernels()
  expect(kernels).to.not.equal(null)
  const size = `${width} × ${height}, ${stride} apart, to ${side}`
  const [made, plain] = [createShrinker(side, kernels)(frame), createShrinker(side, null)(frame)]
  expect([made.width, made.height], size).to.deep.equal([plain.width, plain.height])
  expect(Buffer.compare(made.data, plain.data), size).to.equal(0)
  expect(cellSums(data, width, height, stride, kernels), size).to.deep.equal(cellSums(data, width, height, stride, null))
}

describe('vector code for frames', () => {
  it('makes them smaller and adds up their cells as plain code does, bit for bit', () => {
    const sizes = fc.record({
      width: fc.integer({ min: 32, max: 300 }),
      height: fc.integer({ min: 32, max: 200 }),
      gap: fc.integer({ min: 0, max: 70 }),
      side: fc.integer({ min: 16, max: 128 }),
      seed: fc.integer({ min: 0, max: 1000 }),
    })
    fc.assert(
      fc.property(sizes, ({ width, height, gap, side, seed }) => expectSame(frameOf(width, height, gap, seed), side)),
      { numRuns: 60 },
    )
  })

  it('does so with frames of every shape that films have, and with some that none has', () => {
    for (const [width, height, gap, side] of [
      [1920, 1080, 0, 512],
      [1921, 1079, 63, 512],
      [3840, 2160, 0, 512],
      // More rows in a cell than 16 bits have room for, more in a part, and one part that is only just small enough.
      [40, 9000, 0, 512],
      [9000, 40, 0, 16],
      [64, 8160, 0, 32],
      [64, 8224, 0, 32],
    ] as const) {
      for (const seed of [1, 4]) expectSame(frameOf(width, height, gap, seed), side)
    }
  })

  it('is not disturbed by frames of another size in between', () => {
    const [one, other] = [frameOf(700, 300, 0, 1), frameOf(900, 601, 5, 2)]
    const shrink = createShrinker(256)
    const first = shrink(one).data.slice()
    createShrinker(128)(other)
    cellSums(other.data, other.width, other.height, other.stride)
    expect(shrink(one).data).to.deep.equal(first)
  })
})
