/** What a work is fingerprinted as; `data` is a file of any other kind, known by its identity only. */
export type Media = 'image' | 'audio' | 'text' | 'data'

/** What the first bytes of a file say about it. */
export interface Sniffed {
  /** MIME type; `application/octet-stream` when the bytes say nothing. */
  mediaType: string
  /** How it can be fingerprinted; undefined when only as data. */
  media?: 'image' | 'audio' | 'text'
}

/** Bytes that {@link sniff} wants to see, where the file has them. */
export const SNIFF_BYTES = 4096

interface Magic {
  mediaType: string
  media?: 'image' | 'audio'
  at?: number
  bytes: readonly number[]
  /** A second mark. */
  and?: { at: number; bytes: readonly number[] }
}

const ascii = (text: string): number[] => [...text].map((character) => character.charCodeAt(0))

const MAGICS: readonly Magic[] = /* @__PURE__ */ (() => [
  { mediaType: 'image/jpeg', media: 'image', bytes: [0xff, 0xd8, 0xff] },
  { mediaType: 'image/png', media: 'image', bytes: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] },
  { mediaType: 'image/gif', media: 'image', bytes: ascii('GIF8') },
  { mediaType: 'image/webp', media: 'image', bytes: ascii('RIFF'), and: { at: 8, bytes: ascii('WEBP') } },
  { mediaType: 'image/avif', media: 'image', at: 4, bytes: ascii('ftypavif') },
  { mediaType: 'image/avif', media: 'image', at: 4, bytes: ascii('ftypavis') },
  { mediaType: 'image/tiff', media: 'image', bytes: [0x49, 0x49, 0x2a, 0x00] },
  { mediaType: 'image/tiff', media: 'image', bytes: [0x4d, 0x4d, 0x00, 0x2a] },
  { mediaType: 'image/heic', at: 4, bytes: ascii('ftyphei') },
  { mediaType: 'image/heic', at: 4, bytes: ascii('ftypmif1') },
  { mediaType: 'image/jxl', bytes: [0xff, 0x0a] },
  { mediaType: 'image/bmp', bytes: ascii('BM'), and: { at: 6, bytes: [0, 0, 0, 0] } },
  { mediaType: 'audio/wav', media: 'audio', bytes: ascii('RIFF'), and: { at: 8, bytes: ascii('WAVE') } },
  { mediaType: 'audio/aiff', media: 'audio', bytes: ascii('FORM'), and: { at: 8, bytes: ascii('AIF') } },
  { mediaType: 'video/x-msvideo', bytes: ascii('RIFF'), and: { at: 8, bytes: ascii('AVI ') } },
  { mediaType: 'audio/flac', media: 'audio', bytes: ascii('fLaC') },
  { mediaType: 'audio/mpeg', media: 'audio', bytes: ascii('ID3') },
  // MPEG 1 and 2, layer III, with and without checksum; then AAC in ADTS frames.
  ...[0xfb, 0xfa, 0xf3, 0xf2].map((second) => ({ mediaType: 'audio/mpeg', media: 'audio' as const, bytes: [0xff, second] })),
  ...[0xf1, 0xf9].map((second) => ({ mediaType: 'audio/aac', media: 'audio' as const, bytes: [0xff, second] })),
  { mediaType: 'video/ogg', bytes: ascii('OggS'), and: { at: 29, bytes: ascii('theora') } },
  { mediaType: 'audio/ogg', media: 'audio', bytes: ascii('OggS') },
  { mediaType: 'video/webm', bytes: [0x1a, 0x45, 0xdf, 0xa3] },
  { mediaType: 'audio/mp4', media: 'audio', at: 4, bytes: ascii('ftypM4A') },
  { mediaType: 'audio/mp4', media: 'audio', at: 4, bytes: ascii('ftypM4B') },
  { mediaType: 'video/mp4', at: 4, bytes: ascii('ftyp') },
  { mediaType: 'application/pdf', bytes: ascii('%PDF-') },
  { mediaType: 'application/zip', bytes: [0x50, 0x4b, 0x03, 0x04] },
  { mediaType: 'application/gzip', bytes: [0x1f, 0x8b] },
])()

/** Tells a file by its first bytes; its name is not asked. Plain text has no mark: it is what decodes and holds no control characters. */
export function sniff(head: Uint8Array): Sniffed {
  const marked = (at: number, bytes: readonly number[]): boolean => bytes.every((byte, index) => head[at + index] === byte)
  for (const { mediaType, media, at = 0, bytes, and } of MAGICS) {
    if (marked(at, bytes) && (and === undefined || marked(and.at, and.bytes)))
      return media === undefined ? { mediaType } : { mediaType, media }
  }
  return looksLikeText(head) ? { mediaType: 'text/plain', media: 'text' } : { mediaType: 'application/octet-stream' }
}

function looksLikeText(head: Uint8Array): boolean {
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) return true
  try {
    // The end of the head may cut a character in two, so it is decoded as a piece of a stream.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what tells binary from text
    return !/[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/.test(text)
  } catch {
    return false
  }
}

const EXTENSIONS: Readonly<Record<string, string>> = {
  aac: 'audio/aac',
  aif: 'audio/aiff',
  aiff: 'audio/aiff',
  avif: 'image/avif',
  flac: 'audio/flac',
  gif: 'image/gif',
  heic: 'image/heic',
  htm: 'text/html',
  html: 'text/html',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  m4a: 'audio/mp4',
  m4b: 'audio/mp4',
  md: 'text/markdown',
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
  oga: 'audio/ogg',
  ogg: 'audio/ogg',
  opus: 'audio/ogg',
  pdf: 'application/pdf',
  png: 'image/png',
  tif: 'image/tiff',
  tiff: 'image/tiff',
  txt: 'text/plain',
  wav: 'audio/wav',
  webp: 'image/webp',
}

/** What a file name promises; undefined when it promises nothing known. */
export function typeOfName(name: string | undefined): string | undefined {
  const extension = name === undefined ? undefined : /\.([^.]+)$/.exec(name)?.[1]
  return extension === undefined ? undefined : EXTENSIONS[extension.toLowerCase()]
}
