import type { Demuxer, Packet } from 'node-av/api'
import type { NodeAv } from '../nodeAv.node.ts'

/** Readers of files that say where packets are. The others look at every byte for the next one: in a damaged file that may take minutes. */
const INDEXED: ReadonlySet<string> = new Set(['mov', 'matroska'])

/**
 * Packets of a file, which the caller frees. What has to be looked for is read in a thread of its own: everything else in the process goes on, and an abort ends it.
 * node-av's own asynchronous reader keeps a processor busy with asking whether there is room for more.
 *
 * @param reader - FFmpeg's name of it
 */
export async function* packetsOf(av: NodeAv, demuxer: Demuxer, reader: string, signal: AbortSignal | undefined): AsyncGenerator<Packet> {
  const packets = demuxer.packetsSync()
  if (INDEXED.has(reader)) {
    for (const packet of packets) if (packet !== null) yield packet
    return
  }
  const context = demuxer.getFormatContext()
  const ahead = new av.Packet()
  ahead.alloc()
  // What it would read itself is there already.
  let read = 0
  context.readFrameSync = (packet) => (read < 0 ? read : packet.ref(ahead))
  const interrupt = (): void => demuxer.interrupt()
  signal?.addEventListener('abort', interrupt, { once: true })
  try {
    for (;;) {
      // Where it has found nothing for long, it asks to be called again.
      do {
        read = await context.readFrame(ahead)
        signal?.throwIfAborted()
      } while (read === av.AVERROR_EAGAIN)
      const { value, done } = packets.next()
      if (done || value === null) return
      ahead.unref()
      yield value
    }
  } finally {
    signal?.removeEventListener('abort', interrupt)
    packets.return(undefined)
    ahead.free()
  }
}
