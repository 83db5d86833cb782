import { ColophonError } from '../../errors/base.ts'
import { type DecodeAudio, SAMPLE_RATE } from './decode.ts'

/** Samples handed on at a time. */
const PIECE = 65_536

/** Decodes with the browser's own codecs, in a page (workers have no Web Audio). The browser needs the whole file at once. */
export const decodeAudio: DecodeAudio = async function* decodeAudio(chunks, { maxBytes, mediaType, name, signal }) {
  const parts: Uint8Array<ArrayBuffer>[] = []
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.length
    if (size > maxBytes) {
      throw new ColophonError('SOURCE_TOO_LARGE', `The sound's file has more than ${maxBytes} bytes.`, {
        hint: 'Raise maxBytes if the machine has the memory.',
        details: { name, limit: maxBytes },
      })
    }
    parts.push(Uint8Array.from(chunk))
  }
  if (typeof OfflineAudioContext === 'undefined') {
    throw new ColophonError('AUDIO_UNREADABLE', 'There is no Web Audio here to decode sound with.', {
      hint: 'Call it in the page itself: workers have no Web Audio.',
      details: { name, mediaType },
    })
  }
  // A context brings what it decodes to its own sample rate.
  const decoded = await new OfflineAudioContext(1, 1, SAMPLE_RATE)
    .decodeAudioData(await new Blob(parts).arrayBuffer())
    .catch((cause: unknown) => {
      throw new ColophonError('AUDIO_UNREADABLE', 'The browser cannot decode this sound.', {
        hint: 'The file is damaged, cut short or of a kind this browser does not know. Play it, and save it again as FLAC, MP3 or WAV.',
        details: { name, mediaType },
        cause,
      })
    })
  const channels = Array.from({ length: decoded.numberOfChannels }, (_, index) => decoded.getChannelData(index))
  for (let from = 0; from < decoded.length; from += PIECE) {
    signal?.throwIfAborted()
    const samples = new Int16Array(Math.min(PIECE, decoded.length - from))
    for (let i = 0; i < samples.length; i++) {
      let sum = 0
      for (const channel of channels) sum += channel[from + i]!
      const value = Math.round((sum / channels.length) * 32_768)
      samples[i] = value < -32_768 ? -32_768 : value > 32_767 ? 32_767 : value
    }
    yield samples
  }
}
