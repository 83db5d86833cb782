import { start } from '../../wasm/module.ts'
import type { PowerSpectrum, SpectrumShape } from './spectrum.ts'
import { COMPLEX, FACTOR, spectrumKernels } from './spectrumKernels.ts'

const PAGE = 1 << 16

/** Power spectra by vector code, some 1 KB of WebAssembly; undefined where there can be none. */
export function vectorSpectrum({ window, from, to }: SpectrumShape): PowerSpectrum | undefined {
  const size = window.length
  const half = size / 2
  const wanted = to - from + 1
  /** Each pass of radix 4: how many butterflies have factors of their own, and how far apart in numbers they lie. */
  const passes: { quarter: number; stride: number }[] = []
  let length = half
  for (let stride = 1; length >= 4; length >>= 2, stride <<= 2) passes.push({ quarter: length >> 2, stride })

  let end = 0
  const place = (bytes: number): number => {
    const at = end
    end += Math.ceil(bytes / 16) * 16
    return at
  }
  const samplesAt = place(size * 2)
  const windowAt = place(size * 8)
  // One number more: the first is also the one behind the last. Bins go by two, so there may be one too many on either side.
  const numbersAt = place((half + 1) * COMPLEX)
  const othersAt = place((half + 1) * COMPLEX)
  const factorsAt = passes.map(({ quarter }) => place(quarter * 3 * FACTOR))
  const binFactorsAt = place((wanted + 1) * FACTOR)
  const powerAt = place((half + 2) * 8)

  const module = start<'firstPass' | 'pass' | 'lastPass' | 'power'>(spectrumKernels(half), Math.ceil(end / PAGE))
  if (module === null) return undefined
  const { buffer } = module.memory
  const view = new DataView(buffer)
  const factor = (at: number, real: number, imaginary: number): void => {
    view.setFloat64(at, real, true)
    view.setFloat64(at + 8, -imaginary, true)
    view.setFloat64(at + 16, imaginary, true)
  }
  for (const [index, { quarter, stride }] of passes.entries()) {
    for (let p = 0; p < quarter; p++) {
      for (let power = 1; power <= 3; power++) {
        const angle = (2 * Math.PI * (power * p * stride)) / half
        factor(factorsAt[index]! + (3 * p + power - 1) * FACTOR, Math.cos(angle), -Math.sin(angle))
      }
    }
  }
  for (let bin = from; bin <= to; bin++) {
    const angle = (2 * Math.PI * bin) / size
    factor(binFactorsAt + (bin - from) * FACTOR, Math.cos(angle), -Math.sin(angle))
  }
  new Float64Array(buffer, windowAt, size).set(window)
  const input = new Int16Array(buffer, samplesAt, size)
  const power = new Float64Array(buffer, powerAt, half + 1)

  return (samples) => {
    input.set(samples)
    let [here, there] = [numbersAt, othersAt]
    for (const [index, { quarter, stride }] of passes.entries()) {
      const factors = factorsAt[index]!
      if (index === 0) module.firstPass(samplesAt, samplesAt + half, windowAt, factors, there)
      else module.pass(here, stride * COMPLEX, factors, factors + quarter * 3 * FACTOR, there)
      ;[here, there] = [there, here]
    }
    if (length === 2) {
      module.lastPass(here, here + (half / 2) * COMPLEX, there)
      ;[here, there] = [there, here]
    }
    new Uint8Array(buffer).copyWithin(here + half * COMPLEX, here, here + COMPLEX)
    const factorsEnd = binFactorsAt + wanted * FACTOR
    module.power(here + from * COMPLEX, here + (half - from) * COMPLEX, binFactorsAt, factorsEnd, powerAt + from * 8)
    // Where bins are odd in number, one too many was written.
    if (wanted % 2 === 1 && to < half) power[to + 1] = 0
    return power
  }
}
