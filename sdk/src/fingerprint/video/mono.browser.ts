import type { AudioSample, InputAudioTrack } from 'mediabunny'

/** Claims of a sound that no recording makes. */
const MOST_RATE = 768_000
const LEAST_RATE = 1000
const MOST_CHANNELS = 64

/** Whether sound can be decoded: what no decoder knows is left out, for a film is recognised by what is seen. */
export async function hearable(sound: InputAudioTrack): Promise<boolean> {
  const [rate, channels] = [await sound.getSampleRate(), await sound.getNumberOfChannels()]
  return rate >= LEAST_RATE && rate <= MOST_RATE && channels <= MOST_CHANNELS && (await sound.canDecode().catch(() => false))
}

/** How loud each channel is in the mix, as FFmpeg mixes: left, right, centre, low, and two or three of the surroundings. */
const SURROUND = [Math.SQRT1_2, Math.SQRT1_2, 1, 0, 0.5, 0.5]

/** One channel of all that a piece of sound has. */
export function monoOf(sample: AudioSample): Float32Array<ArrayBuffer> {
  const { numberOfFrames: frames, numberOfChannels: channels } = sample
  const mono = new Float32Array(frames)
  const weights = channels === 6 ? SURROUND : Array.from({ length: channels }, () => 1)
  const whole = weights.reduce((sum, weight) => sum + weight, 0)
  const plane = new Float32Array(frames)
  for (const [planeIndex, weight] of weights.entries()) {
    if (weight === 0) continue
    sample.copyTo(plane, { planeIndex, format: 'f32-planar' })
    for (let at = 0; at < frames; at++) mono[at]! += (plane[at]! * weight) / whole
  }
  return mono
}
