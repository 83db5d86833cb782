import { soundsPlain } from '../../src/fingerprint/audio/compareAudio.ts'
import { contentOf } from '../../src/fingerprint/audio/fingerprintAudio.ts'
import type { AudioFingerprint } from '../../src/fingerprint/index.ts'
import { identityOf } from './madeUp.ts'

/** The fingerprint of samples, 11,025 a second: as that of a WAV file of them, and without a decoder, which not every machine has. */
export async function recording(samples: Int16Array): Promise<AudioFingerprint> {
  const { isccContent, features } = await contentOf([samples])
  const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength)
  const { bits, ...identity } = identityOf(bytes, isccContent)
  const plain = soundsPlain(features)
  return { ...identity, media: 'audio', mediaType: 'audio/wav', plain, code: { type: 3, name: 'ISCC-Audio-256', bits }, features }
}
