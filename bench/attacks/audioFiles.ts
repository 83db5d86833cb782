import { installPeer } from '../../scripts/setup/peers.ts'
import type { AudioAttack } from './audio.ts'
import { resample, type Samples } from './audioSignal.ts'

if (!installPeer('node-av')) throw new Error('node-av cannot be installed from the npm registry; recordings cannot be changed without it.')
const { Decoder, Demuxer, Encoder, Muxer } = await import('node-av/api')
const { AV_CHANNEL_LAYOUT_MONO, AV_LOG_QUIET, AV_SAMPLE_FMT_FLT, AV_SAMPLE_FMT_S16, AV_SAMPLE_FMT_S16P } = await import('node-av/constants')
const { Log } = await import('node-av/lib')
Log.setLevel(AV_LOG_QUIET)

/** Reads a file, or its first `seconds`, as one channel. */
export function readAudio(path: string, rate: number, seconds: number = Number.POSITIVE_INFINITY): Samples {
  const demuxer = Demuxer.openSync(path)
  try {
    const stream = demuxer.audio()!
    const decoder = Decoder.createSync(stream, {
      exitOnError: false,
      resample: { sampleRate: rate, sampleFormat: AV_SAMPLE_FMT_FLT, channelLayout: AV_CHANNEL_LAYOUT_MONO },
    })
    const pieces: Float32Array[] = []
    let length = 0
    for (const frame of decoder.framesSync(demuxer.packetsSync(stream.index))) {
      if (frame === null) continue
      const bytes = frame.data![0]!
      pieces.push(Float32Array.from(new Float32Array(bytes.buffer, bytes.byteOffset, frame.nbSamples)))
      length += frame.nbSamples
      frame.free()
      if (length >= seconds * rate) break
    }
    decoder.close()
    const all = new Float32Array(length)
    let at = 0
    for (const piece of pieces) {
      all.set(piece, at)
      at += piece.length
    }
    return all.subarray(0, Math.min(length, seconds * rate))
  } finally {
    demuxer.closeSync()
  }
}

/** Encodes as someone would who sends it on; returns the file. */
export function encodeAudio(samples: Samples, rate: number, { name, bitRate }: NonNullable<AudioAttack['codec']>): Uint8Array<ArrayBuffer> {
  // Opus takes 24 kHz but not 22.05.
  const outRate = name === 'libopus' ? 24_000 : rate
  const input = outRate === rate ? samples : resample(samples, rate / outRate)
  const raw = Demuxer.openSync({
    type: 'audio',
    input: Buffer.from(Int16Array.from(input, (sample) => Math.max(-32_768, Math.min(32_767, Math.round(sample * 32_768)))).buffer),
    sampleRate: outRate,
    channels: 1,
    sampleFormat: AV_SAMPLE_FMT_S16,
  })
  const parts: Buffer[] = []
  const stream = raw.audio()!
  const decoder = Decoder.createSync(stream, { resample: { sampleFormat: name === 'libmp3lame' ? AV_SAMPLE_FMT_S16P : AV_SAMPLE_FMT_S16 } })
  const encoder = Encoder.createSync(name, { decoder, bitrate: bitRate })
  const muxer = Muxer.openSync(
    { write: (bytes: Buffer) => void parts.push(Buffer.from(bytes)) },
    { format: name === 'libopus' ? 'ogg' : 'mp3' },
  )
  const out = muxer.addStream(encoder)
  for (const packet of encoder.packetsSync(decoder.framesSync(raw.packetsSync(stream.index)))) {
    if (packet === null) continue
    muxer.writePacketSync(packet, out)
    packet.free()
  }
  muxer.closeSync()
  encoder.close()
  decoder.close()
  raw.closeSync()
  return Uint8Array.from(Buffer.concat(parts))
}
