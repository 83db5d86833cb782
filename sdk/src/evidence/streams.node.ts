import { ColophonError } from '../errors/base.ts'
import { fetchOverHttp } from './httpRecording.node.ts'
import type { Recording, RecordingOptions } from './recording.ts'

/**
 * Adds the recordings and films of a page whole. A browser asks for them in parts, as far as they are played, and nothing plays while a page is captured.
 *
 * @param received - bytes that came already
 */
export async function withStreams(recording: Recording, options: RecordingOptions, received: number): Promise<Recording> {
  const { media, page } = recording
  let { exchanges, gaps, hosts, tls } = recording
  let left = options.maxBytes - received
  for (const { url, element } of media) {
    if (element !== 'audio' && element !== 'video') continue
    if (exchanges.some((each) => each.url === url && each.status === 200)) continue
    const kind = element === 'video' ? 'film' : 'recording'
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
  return { ...recording, exchanges, gaps, hosts, tls }
}
