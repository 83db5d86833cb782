import { ColophonError } from '../errors/base.ts'
import { fetchOverHttp } from './httpRecording.node.ts'
import type { Recording, RecordingOptions } from './recording.ts'

/** What a browser does not load, or not whole, by where it stands. */
const KINDS: Readonly<Record<string, 'film' | 'recording' | 'file'>> = {
  video: 'film',
  audio: 'recording',
  embed: 'film',
  meta: 'file',
  given: 'file',
}

/**
 * Adds the recordings and films of a page whole: a browser asks for them in parts, as far as they are played, and nothing plays while a page is captured. Also what a page
 * only names, for others to show.
 *
 * @param files - addresses of further files that belong to the page
 */
export async function withStreams(recording: Recording, files: readonly string[], options: RecordingOptions): Promise<Recording> {
  const { page } = recording
  const more = files.filter((file) => file !== page.url && recording.media.every(({ url }) => url !== file))
  const media = [...recording.media, ...more.map((url) => ({ url, element: 'given' }))]
  let { exchanges, gaps, hosts, tls } = recording
  let left = options.maxBytes - exchanges.reduce((sum, { body }) => sum + body.length, 0)
  for (const { url, element } of media) {
    const kind = KINDS[element]
    if (kind === undefined || exchanges.some((each) => each.url === url && (each.status === 200 || kind === 'file'))) continue
    if (left <= 0) {
      gaps = [...gaps, `The ${kind} ${url} is beyond the limit of ${options.maxBytes} bytes.`]
      continue
    }
    try {
      const fetched = await fetchOverHttp(url, { ...options, maxBytes: left }, page.url)
      const addresses = new Set(fetched.exchanges.map((each) => each.url))
      for (const { body } of fetched.exchanges) left -= body.length
      // The parts that the browser had are in it, and why it had no more is no matter any longer.
      exchanges = [...exchanges.filter((each) => !addresses.has(each.url)), ...fetched.exchanges]
      gaps = gaps.filter((gap) => ![...addresses].some((address) => gap.includes(`${address} `)))
      hosts = [...hosts, ...fetched.hosts.filter(({ host }) => hosts.every((known) => known.host !== host))]
      tls = [...tls, ...fetched.tls.filter(({ origin }) => tls.every((known) => known.origin !== origin))]
    } catch (fault) {
      options.signal?.throwIfAborted()
      if (!(fault instanceof ColophonError)) throw fault
      gaps = [...gaps, `The ${kind} ${url} is not kept whole: ${fault.shortMessage}`]
    }
  }
  return { ...recording, media, exchanges, gaps, hosts, tls }
}
