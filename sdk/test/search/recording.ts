import { sha256 } from 'ethers'
import { soundsPlain } from '../../src/fingerprint/audio/compareAudio.ts'
import { contentOf } from '../../src/fingerprint/audio/fingerprintAudio.ts'
import type { AudioFingerprint } from '../../src/fingerprint/index.ts'
import { bytesToHex } from '../../src/hex/index.ts'
import { createDataCode, createInstanceCode, decodeUnit, genIsccCode } from '../../src/iscc/index.ts'

/** The fingerprint of samples, 11,025 a second: as that of a WAV file of them, and without a decoder, which not every machine has. */
export async function recording(samples: Int16Array): Promise<AudioFingerprint> {
  const { isccContent, features } = await contentOf([samples])
  const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength)
  const [data, instance] = [createDataCode(), createInstanceCode()]
  data.update(bytes)
  instance.update(bytes)
  const units = { content: isccContent, data: data.code({ bits: 256 }).iscc, instance: instance.code({ bits: 256 }).iscc }
  return {
    version: 1,
    media: 'audio',
    mediaType: 'audio/wav',
    size: bytes.length,
    sha256: sha256(bytes) as `0x${string}`,
    iscc: genIsccCode(Object.values(units)).iscc,
    units,
    plain: soundsPlain(features),
    code: { type: 3, name: 'ISCC-Audio-256', bits: bytesToHex(decodeUnit(isccContent).digest) },
    features,
  }
}
