import { expect } from 'chai'
import fc from 'fast-check'
import { createResampler } from '../../src/fingerprint/audio/resample.ts'

const TO = 11_025

function resampled(sound: Float32Array, from: number, size = sound.length): number[] {
  const resampler = createResampler(from, TO)
  const out: number[] = []
  for (let at = 0; at < sound.length; at += size) out.push(...resampler.add(sound.subarray(at, at + size)))
  return [...out, ...resampler.finish()]
}

const wave = (hertz: number, rate: number, samples: number): Float32Array =>
  Float32Array.from({ length: samples }, (_, at) => 0.5 * Math.sin((2 * Math.PI * hertz * at) / rate))

describe('resampling', () => {
  it('keeps what can be heard at the new rate, where it was, and nothing else', () => {
    for (const from of [8000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000]) {
      const kept = resampled(wave(440, from, from), from)
      expect(kept.length, String(from)).to.be.within(TO - 1, TO + 1)
      const errors = kept
        .slice(200, -200)
        .map((value, index) => Math.abs(value - 16_384 * Math.sin((2 * Math.PI * 440 * (index + 200)) / TO)))
      expect(Math.max(...errors), String(from)).to.be.at.most(40)
      if (from < 16_000) continue
      const gone = resampled(wave(6500, from, from), from).slice(200, -200)
      expect(Math.max(...gone.map(Math.abs)), String(from)).to.be.at.most(40)
    }
  })

  it('does not jump where the sound begins and ends', () => {
    const level = resampled(new Float32Array(4000).fill(0.25), 44_100)
    expect(Math.min(...level)).to.be.at.least(8191)
    expect(Math.max(...level)).to.be.at.most(8193)
  })

  it('holds what is too loud at the limits', () => {
    const loud = resampled(
      Float32Array.from(wave(440, 44_100, 8820), (value) => 4 * value),
      44_100,
    )
    expect([Math.min(...loud), Math.max(...loud)]).to.deep.equal([-32_768, 32_767])
  })

  it('gives the same whatever pieces the sound comes in, however short it is', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(8000, 32_000, 44_100, 48_000),
        fc.float32Array({ min: -1, max: 1, noNaN: true, maxLength: 900 }),
        fc.integer({ min: 1, max: 400 }),
        (from, sound, size) => {
          const whole = resampled(sound, from, Math.max(sound.length, 1))
          expect(resampled(sound, from, size)).to.deep.equal(whole)
          expect(whole.length).to.be.within(Math.floor((sound.length * TO) / from), Math.ceil((sound.length * TO) / from))
        },
      ),
      { numRuns: 60 },
    )
  })
})
