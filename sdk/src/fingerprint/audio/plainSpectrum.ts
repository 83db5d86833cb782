import type { PowerSpectrum, SpectrumShape } from './spectrum.ts'

/** A Stockham transform, radix 4, on half as many complex numbers as the frame has real ones. */
export function plainSpectrum({ window, from, to }: SpectrumShape): PowerSpectrum {
  const size = window.length
  const half = size / 2
  const power = new Float64Array(half + 1)
  const buffers = [0, 1, 2, 3].map(() => new Float64Array(half)) as [Float64Array, Float64Array, Float64Array, Float64Array]
  const cosines = new Float64Array(half)
  const sines = new Float64Array(half)
  for (let k = 0; k < half; k++) {
    cosines[k] = Math.cos((2 * Math.PI * k) / half)
    sines[k] = -Math.sin((2 * Math.PI * k) / half)
  }
  const unpackCosines = new Float64Array(half + 1)
  const unpackSines = new Float64Array(half + 1)
  for (let k = 0; k <= half; k++) {
    unpackCosines[k] = Math.cos((2 * Math.PI * k) / size)
    unpackSines[k] = -Math.sin((2 * Math.PI * k) / size)
  }

  return (samples) => {
    let [re, im, toRe, toIm] = buffers
    for (let k = 0; k < half; k++) {
      re[k] = samples[2 * k]! * window[2 * k]!
      im[k] = samples[2 * k + 1]! * window[2 * k + 1]!
    }
    let stride = 1
    let length = half
    for (; length >= 4; length >>= 2, stride <<= 2) {
      radix4(re, im, toRe, toIm, length, stride, cosines, sines)
      ;[re, im, toRe, toIm] = [toRe, toIm, re, im]
    }
    if (length === 2) {
      for (let q = 0; q < stride; q++) {
        const [ar, ai, br, bi] = [re[q]!, im[q]!, re[q + stride]!, im[q + stride]!]
        toRe[q] = ar + br
        toIm[q] = ai + bi
        toRe[q + stride] = ar - br
        toIm[q + stride] = ai - bi
      }
      ;[re, im] = [toRe, toIm]
    }
    for (let k = from; k <= to; k++) {
      const here = k === half ? 0 : k
      const there = k === 0 ? 0 : half - k
      const ar = (re[here]! + re[there]!) / 2
      const ai = (im[here]! - im[there]!) / 2
      const br = (im[here]! + im[there]!) / 2
      const bi = (re[there]! - re[here]!) / 2
      const real = ar + unpackCosines[k]! * br - unpackSines[k]! * bi
      const imaginary = ai + unpackCosines[k]! * bi + unpackSines[k]! * br
      power[k] = real * real + imaginary * imaginary
    }
    return power
  }
}

/** One pass: butterflies of four over numbers `stride` apart, of which `length` are left to transform. */
function radix4(
  re: Float64Array,
  im: Float64Array,
  toRe: Float64Array,
  toIm: Float64Array,
  length: number,
  stride: number,
  cosines: Float64Array,
  sines: Float64Array,
): void {
  const quarter = length >> 2
  const jump = stride * quarter
  for (let p = 0; p < quarter; p++) {
    const turn = p * stride
    const w1r = cosines[turn]!
    const w1i = sines[turn]!
    const w2r = cosines[2 * turn]!
    const w2i = sines[2 * turn]!
    const w3r = cosines[3 * turn]!
    const w3i = sines[3 * turn]!
    const end = stride * (p + 1)
    for (let a = stride * p, out = 4 * stride * p; a < end; a++, out++) {
      const b = a + jump
      const c = b + jump
      const d = c + jump
      const sumR = re[a]! + re[c]!
      const sumI = im[a]! + im[c]!
      const differenceR = re[a]! - re[c]!
      const differenceI = im[a]! - im[c]!
      const otherSumR = re[b]! + re[d]!
      const otherSumI = im[b]! + im[d]!
      // i (b − d)
      const turnedR = im[d]! - im[b]!
      const turnedI = re[b]! - re[d]!
      toRe[out] = sumR + otherSumR
      toIm[out] = sumI + otherSumI
      const oneR = differenceR - turnedR
      const oneI = differenceI - turnedI
      toRe[out + stride] = oneR * w1r - oneI * w1i
      toIm[out + stride] = oneR * w1i + oneI * w1r
      const twoR = sumR - otherSumR
      const twoI = sumI - otherSumI
      toRe[out + 2 * stride] = twoR * w2r - twoI * w2i
      toIm[out + 2 * stride] = twoR * w2i + twoI * w2r
      const threeR = differenceR + turnedR
      const threeI = differenceI + turnedI
      toRe[out + 3 * stride] = threeR * w3r - threeI * w3i
      toIm[out + 3 * stride] = threeR * w3i + threeI * w3r
    }
  }
}
