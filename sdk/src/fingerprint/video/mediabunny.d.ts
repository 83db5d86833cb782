// The parts of mediabunny that are used. It is an optional peer of 12 MB, so that whoever builds this need not have it.

declare module 'mediabunny' {
  class Format {
    private readonly format: string
  }
  export const MP4: Format
  export const QTFF: Format
  export const MATROSKA: Format
  export const WEBM: Format
  export const MPEG_TS: Format

  export class BlobSource {
    constructor(blob: Blob, options?: { maxCacheSize?: number })
  }

  export class Input {
    constructor(options: { source: BlobSource; formats: Format[] })
    getVideoTracks(): Promise<InputVideoTrack[]>
    getPrimaryAudioTrack(): Promise<InputAudioTrack | null>
    dispose(): void
  }

  interface InputTrack {
    readonly input: Input
    getCodec(): Promise<string | null>
    getInternalCodecId(): Promise<string | number | Uint8Array | null>
    canDecode(): Promise<boolean>
    /** Seconds. */
    getFirstTimestamp(): Promise<number>
    /** When the last packet ends, in seconds. */
    computeDuration(): Promise<number>
    /** Units of a time stamp in a second. */
    getTimeResolution(): Promise<number>
  }

  export interface InputVideoTrack extends InputTrack {
    getCodedWidth(): Promise<number>
    getCodedHeight(): Promise<number>
  }

  export interface InputAudioTrack extends InputTrack {
    getSampleRate(): Promise<number>
    getNumberOfChannels(): Promise<number>
    getDecoderConfig(): Promise<{ codec: string; description?: AllowSharedBufferSource } | null>
  }

  export interface EncodedPacket {
    timestamp: number
  }

  export class EncodedPacketSink {
    constructor(track: InputTrack)
    getFirstKeyPacket(): Promise<EncodedPacket | null>
    getKeyPacket(timestamp: number): Promise<EncodedPacket | null>
    getNextKeyPacket(packet: EncodedPacket): Promise<EncodedPacket | null>
    getNextPacket(packet: EncodedPacket, options?: { metadataOnly?: boolean }): Promise<EncodedPacket | null>
  }

  interface PlaneLayout {
    offset: number
    stride: number
  }

  export interface VideoSample {
    /** As `VideoFrame.format` has it. */
    readonly format: string | null
    readonly visibleRect: { width: number; height: number }
    /** Degrees clockwise that bring it upright, */
    readonly rotation: 0 | 90 | 180 | 270
    /** after it was mirrored left to right, if it is to be. */
    readonly flip: boolean
    readonly colorSpace: { matrix: string | null; transfer: string | null }
    /** Seconds. */
    readonly timestamp: number
    readonly duration: number
    allocationSize(): number
    copyTo(to: Uint8Array): Promise<PlaneLayout[]>
    close(): void
  }

  export class VideoSampleSink {
    constructor(track: InputVideoTrack)
    samples(from?: number): AsyncGenerator<VideoSample, void, unknown>
  }

  export interface AudioSample {
    readonly sampleRate: number
    readonly numberOfFrames: number
    readonly numberOfChannels: number
    /** Seconds. */
    readonly timestamp: number
    copyTo(to: Float32Array, options: { planeIndex: number; format: 'f32-planar' }): void
    close(): void
  }

  export class AudioSampleSink {
    constructor(track: InputAudioTrack)
    samples(): AsyncGenerator<AudioSample, void, unknown>
  }
}
