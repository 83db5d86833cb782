// The parts of node-av that are used. It is an optional peer of 170 MB, so that whoever builds this need not have it.

declare module 'node-av/constants' {
  export const AV_SAMPLE_FMT_S16: number
  export const AV_SAMPLE_FMT_S16P: number
  export const AV_SAMPLE_FMT_FLT: number
  export const AV_CHANNEL_LAYOUT_MONO: object
  export const AV_LOG_QUIET: number
  export const AVMEDIA_TYPE_VIDEO: number
  export const AV_DISPOSITION_ATTACHED_PIC: number
  export const AV_PKT_DATA_DISPLAYMATRIX: number
  export const AV_NOPTS_VALUE: bigint
  export const AV_PIX_FMT_GRAY8: number
  export const AV_PIX_FMT_YUV420P: number
  export const AV_PIX_FMT_YUVJ420P: number
  export const AV_PIX_FMT_YUV422P: number
  export const AV_PIX_FMT_YUV444P: number
  export const AV_CODEC_ID_H264: number
  export const AV_CODEC_ID_HEVC: number
  export const AV_FRAME_FLAG_CORRUPT: number
  export const AV_FRAME_FLAG_INTERLACED: number
  export const AV_PKT_FLAG_CORRUPT: number
  export const AV_PKT_FLAG_DISCARD: number
  export const AVERROR_EAGAIN: number
  export const AVERROR_EOF: number
}

declare module 'node-av/lib' {
  export const Log: { setLevel(level: number): void }
  export function getFFmpegInfo(): { version: string }
  export const Frame: new () => import('node-av/api').Frame
  export const Packet: new () => import('node-av/api').Packet
}

declare module 'node-av/api' {
  interface Packet {
    streamIndex: number
    size: number
    pts: bigint
    flags: number
    alloc(): void
    ref(packet: Packet): number
    unref(): void
    free(): void
  }

  /** `startTime` in microseconds. */
  interface FormatContext {
    startTime: bigint
    readFrame(packet: Packet): Promise<number>
    readFrameSync(packet: Packet): number
  }

  interface Frame {
    data: Buffer[] | null
    nbSamples: number
    width: number
    height: number
    linesize: number[]
    format: number
    pts: bigint
    bestEffortTimestamp: bigint
    duration: bigint
    timeBase: Rational
    decodeErrorFlags: number
    flags: number
    alloc(): void
    unref(): void
    free(): void
  }

  interface CodecContext {
    setOption(name: string, value: string): number
    sendPacket(packet: Packet | null): Promise<number>
    receiveFrame(frame: Frame): Promise<number>
    receiveFrameSync(frame: Frame): number
  }

  interface Rational {
    num: number
    den: number
  }

  interface Stream {
    index: number
    timeBase: Rational
    avgFrameRate: Rational
    disposition: number
    codecpar: {
      codecType: number
      codecId: number
      sampleRate: number
      channels: number
      width: number
      height: number
      getCodedSideData(type: number): Buffer | null
    }
  }

  interface DecoderOptions {
    exitOnError?: boolean
    threadCount?: number
    resample?: { sampleRate?: number; sampleFormat?: number; channelLayout?: object }
  }

  interface Bytes {
    read(size: number): Promise<Buffer | null>
  }

  interface Samples {
    type: 'audio'
    input: Buffer
    sampleRate: number
    channels: number
    sampleFormat: number
  }

  export class Demuxer {
    static open(input: string | Buffer | Bytes, options: { format: string; options?: Record<string, string> }): Promise<Demuxer>
    static openSync(input: string | Samples): Demuxer
    streams: Stream[]
    getFormatContext(): FormatContext
    /** Ends what is being read, for good. */
    interrupt(): void
    audio(): Stream | undefined
    packets(stream?: number): AsyncGenerator<Packet | null>
    packetsSync(stream?: number): Generator<Packet | null>
    close(): Promise<void>
    closeSync(): void
  }

  export class Decoder {
    static create(stream: Stream, options: DecoderOptions): Promise<Decoder>
    static createSync(stream: Stream, options: DecoderOptions): Decoder
    decodeAll(packet: Packet | null): Promise<Frame[]>
    decodeAllSync(packet: Packet | null): Frame[]
    getCodecContext(): CodecContext | null
    framesSync(packets: Iterable<Packet | null>): Generator<Frame | null>
    close(): void
  }

  export class FilterAPI {
    static create(description: string): FilterAPI
    processSync(frame: Frame): void
    receiveSync(): Frame | null | undefined
    close(): void
  }

  export class Encoder {
    static createSync(codec: string, options: { decoder: Decoder; bitrate: number | string }): Encoder
    packetsSync(frames: Iterable<Frame | null>): Generator<Packet | null>
    close(): void
  }

  export class Muxer {
    static openSync(output: { write(bytes: Buffer): void }, options: { format: string }): Muxer
    addStream(encoder: Encoder): number
    writePacketSync(packet: Packet, stream: number): void
    closeSync(): void
  }
}
