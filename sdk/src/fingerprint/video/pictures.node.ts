import { availableParallelism } from 'node:os'
import type { Decoder, Frame, Packet, Stream } from 'node-av/api'
import type { NodeAv } from '../nodeAv.node.ts'
import type { Held } from './sampler.ts'

/** A decoded frame; `free` gives back what it holds. */
export interface Picture extends Held {
  frame: Frame
}

/** What FFmpeg decodes of a film. It goes on in threads of its own while the caller looks at what came out before. */
export interface PictureDecoder {
  /**
   * Hands over a packet, or null at the end, and gives what came out since: none, one or several frames, which the caller frees. One call at a time.
   * @param unseen - that the frame need not be decoded if no other refers to it
   */
  decode(packet: Packet | null, unseen: boolean): Promise<Picture[]>
  /** Whether frames can be left out. It is known after the first. */
  canLeaveOut(): boolean
  /** After the last call has ended. */
  close(): void
}

/** Threads that decode, each a frame of its own. With four, looking at the frames takes longer than decoding them. */
const MOST_THREADS = 4
/** Pixels of the frames that they decode at the same time: of frames of 3840 × 2160 every thread takes some 35 MB. */
const MOST_PIXELS_AT_ONCE = 1 << 24

/** @throws what node-av throws if there is no decoder for the film */
export async function openPictures(av: NodeAv, stream: Stream): Promise<PictureDecoder> {
  const { width, height, codecId } = stream.codecpar
  const room = Math.floor(MOST_PIXELS_AT_ONCE / Math.max(width * height, 1))
  const threadCount = Math.max(Math.min(availableParallelism() + 1, MOST_THREADS, room), 1)
  const decoder: Decoder = await av.Decoder.create(stream, { exitOnError: false, threadCount })
  const context = decoder.getCodecContext()!
  // Of these codecs it was compared that the other frames come out the same.
  const known = codecId === av.AV_CODEC_ID_H264 || codecId === av.AV_CODEC_ID_HEVC
  const { timeBase } = stream
  let whole: boolean | undefined
  let leaving = false
  // Frames are used again: a new object for every frame has the engine collect garbage every other second of film.
  const idle: Frame[] = []

  const take = (frame: Frame, into: Picture[]): void => {
    if (frame.decodeErrorFlags !== 0 || (frame.flags & av.AV_FRAME_FLAG_CORRUPT) !== 0) {
      release(frame)
      return
    }
    // A frame of two fields may come in two packets.
    whole = whole !== false && (frame.flags & av.AV_FRAME_FLAG_INTERLACED) === 0
    // Filters ask for it.
    frame.timeBase = timeBase
    into.push({ frame, free: () => release(frame) })
  }
  const release = (frame: Frame): void => {
    frame.unref()
    idle.push(frame)
  }
  const fresh = (): Frame => {
    const before = idle.pop()
    if (before !== undefined) return before
    const made = new av.Frame()
    made.alloc()
    return made
  }

  return {
    async decode(packet, unseen) {
      if (packet !== null && packet.size === 0) return []
      const leave = unseen && known && whole === true
      if (leave !== leaving) context.setOption('skip_frame', leave ? 'noref' : 'default')
      leaving = leave
      await context.sendPacket(packet)
      const pictures: Picture[] = []
      for (;;) {
        const frame = fresh()
        // While a film goes on there is nothing to wait for: sending has decoded what could be.
        const result = packet === null ? await context.receiveFrame(frame) : context.receiveFrameSync(frame)
        if (result === 0) {
          take(frame, pictures)
          continue
        }
        release(frame)
        // After a failure the decoder may have more.
        if (result === av.AVERROR_EAGAIN || result === av.AVERROR_EOF) return pictures
      }
    },
    canLeaveOut: () => known && whole === true,
    close() {
      for (const frame of idle.splice(0)) frame.free()
      decoder.close()
    },
  }
}
