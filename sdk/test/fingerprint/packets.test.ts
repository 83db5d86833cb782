import { expect } from 'chai'
import type { Demuxer, Packet } from 'node-av/api'
import type { NodeAv } from '../../src/fingerprint/nodeAv.node.ts'
import { packetsOf } from '../../src/fingerprint/video/packets.node.ts'

const [EAGAIN, EOF, INTERRUPTED] = [-11, -1, -2]

/** A demuxer of numbered packets; null is a stretch in which it finds none, and asks to be called again. */
function demuxerOf(file: (number | null)[], onRead: () => void = () => undefined) {
  const taken: number[] = []
  let [sync, freed, isInterrupted] = [0, 0, false]
  const next = (packet: Packet): number => {
    onRead()
    const found = file.shift()
    if (isInterrupted) return INTERRUPTED
    if (found === undefined) return EOF
    if (found === null) return EAGAIN
    packet.streamIndex = found
    return 0
  }
  const context = {
    startTime: 0n,
    readFrame: async (packet: Packet) => next(packet),
    readFrameSync(packet: Packet) {
      sync++
      return next(packet)
    },
  }
  class Numbered {
    streamIndex = -1
    alloc(): void {}
    unref(): void {}
    ref(other: Numbered): number {
      this.streamIndex = other.streamIndex
      return 0
    }
    free(): void {
      freed++
    }
  }
  const demuxer = {
    getFormatContext: () => context,
    interrupt() {
      isInterrupted = true
    },
    *packetsSync() {
      const packet = new Numbered()
      while (context.readFrameSync(packet as unknown as Packet) >= 0) yield { ...packet }
      yield null
    },
  }
  const av = { Packet: Numbered, AVERROR_EAGAIN: EAGAIN } as unknown as NodeAv
  return {
    taken,
    facts: () => ({ sync, freed, isInterrupted }),
    async read(reader: string, signal?: AbortSignal): Promise<void> {
      for await (const { streamIndex } of packetsOf(av, demuxer as unknown as Demuxer, reader, signal)) taken.push(streamIndex)
    },
  }
}

describe('Packets of a film', () => {
  it('are read beside everything else where they have to be looked for', async () => {
    const stream = demuxerOf([1, 2, null, null, 3])
    await stream.read('mpegts')
    expect(stream.taken).to.deep.equal([1, 2, 3])
    expect(stream.facts()).to.deep.equal({ sync: 0, freed: 1, isInterrupted: false })
    const indexed = demuxerOf([1, 2, 3])
    await indexed.read('mov')
    expect(indexed.taken).to.deep.equal([1, 2, 3])
    expect(indexed.facts().sync).to.equal(4)
  })

  it('are no longer looked for after an abort', async () => {
    const controller = new AbortController()
    let reads = 0
    const stream = demuxerOf([1, null, null, null], () => {
      if (++reads === 3) controller.abort(new Error('enough'))
    })
    const error: unknown = await stream.read('avi', controller.signal).catch((cause: unknown) => cause)
    expect(String(error)).to.include('enough')
    expect(reads).to.equal(3)
    expect(stream.facts()).to.deep.equal({ sync: 0, freed: 1, isInterrupted: true })
  })
})
