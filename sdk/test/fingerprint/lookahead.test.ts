import { expect } from 'chai'
import fc from 'fast-check'
import { createLookahead } from '../../src/fingerprint/video/lookahead.ts'
import { createSampler, sampleOf } from '../../src/fingerprint/video/sampler.ts'

const BASE = { num: 1, den: 1000 }

interface Frame {
  time: bigint
  freed: number
  free(): void
}

function frameAt(time: bigint): Frame {
  const frame: Frame = {
    time,
    freed: 0,
    free() {
      frame.freed++
    },
  }
  return frame
}

/** What samples show of frames in the order of their times: the time of each and how long it stays. */
function sampled(times: readonly bigint[], end: bigint): string[] {
  const sampler = createSampler<Frame>()
  const shown = times.map((time) => sampler.add(frameAt(time), time, BASE))
  return [...shown, sampler.finish(end, BASE)].flatMap((out) => (out === undefined ? [] : `${out.frame.time} × ${out.repeats}`))
}

/** The times of the packets that are to be decoded, and of those that are not. */
function parted(times: readonly bigint[]): { seen: bigint[]; unseen: bigint[] } {
  const lookahead = createLookahead<Frame>()
  const [seen, unseen]: [bigint[], bigint[]] = [[], []]
  for (const time of times) {
    const out = lookahead.add(frameAt(time), { sample: sampleOf(time, BASE), time })
    if (out !== undefined) (out.unseen ? unseen : seen).push(out.packet.time)
  }
  return { seen: [...seen, ...lookahead.rest().map(({ time }) => time)], unseen }
}

const ascending = (times: readonly bigint[]): bigint[] => [...times].sort((a, b) => (a < b ? -1 : 1))

/** Frames at uneven times, in the order of a file whose groups of up to eight frames begin with their last. */
const files = fc
  .tuple(fc.array(fc.integer({ min: 1, max: 450 }), { minLength: 1, maxLength: 150 }), fc.integer({ min: 1, max: 8 }))
  .map(([steps, group]) => {
    let time = 0n
    const times = steps.map((step) => {
      time += BigInt(step)
      return time
    })
    const inFile: bigint[] = []
    for (let at = 0; at < times.length; at += group) {
      const part = times.slice(at, at + group)
      inFile.push(part.pop()!, ...part)
    }
    return inFile
  })

describe('leaving out frames that no sample shows', () => {
  it('shows the same frames for as long', () => {
    fc.assert(
      fc.property(files, (times) => {
        const { seen, unseen } = parted(times)
        expect(ascending([...seen, ...unseen])).to.deep.equal(ascending(times))
        const end = ascending(times).at(-1)! + 40n
        expect(sampled(ascending(seen), end)).to.deep.equal(sampled(ascending(times), end))
      }),
    )
  })

  it('leaves out four of five where nothing else is in the way', () => {
    const times = Array.from({ length: 250 }, (_, at) => BigInt(at * 40))
    const { seen, unseen } = parted(times)
    // The last eight stay, whatever they show.
    expect(unseen.length).to.be.within(190, 200)
    expect(seen.slice(-8)).to.deep.equal(times.slice(-8))
  })

  it('keeps packets whose time is not known, and frees nothing', () => {
    const lookahead = createLookahead<Frame>()
    const frames = Array.from({ length: 40 }, (_, at) => frameAt(BigInt(at)))
    const out = frames.map((frame, at) => lookahead.add(frame, at % 2 === 0 ? undefined : { sample: 0, time: frame.time }))
    const passed = out.filter((each) => each !== undefined)
    expect(passed.map(({ unseen }) => unseen)).to.deep.equal(passed.map((_, at) => at % 2 === 1))
    expect([...passed.map(({ packet }) => packet), ...lookahead.rest()]).to.deep.equal(frames)
    expect(frames.some(({ freed }) => freed > 0)).to.equal(false)
  })
})
