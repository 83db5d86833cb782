/** What a work is fingerprinted as; `data` is a file of any other kind, known by its identity only. */
export type Media = 'image' | 'audio' | 'video' | 'text' | 'data'

/** What the first bytes of a file say about it. */
export interface Sniffed {
  /** MIME type; `application/octet-stream` when the bytes say nothing. */
  mediaType: string
  /** How it can be fingerprinted; undefined when only as data. */
  media?: Exclude<Media, 'data'>
}

/** Bytes that {@link sniff} wants to see, where the file has them. */
export const SNIFF_BYTES = 4096

interface Magic {
  mediaType: string
  media?: Exclude<Media, 'data'>
  at?: number
  bytes: readonly number[]
  /** A second mark. */
  and?: { at: number; bytes: readonly number[] }
  /** The mark stands again after every so many bytes. */
  every?: number
}

const ascii = (text: string): number[] => [...text].map((character) => character.charCodeAt(0))

const ZIP = [0x50, 0x4b, 0x03, 0x04]
const EPUB = 'application/epub+zip'
const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'

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
  { mediaType: 'video/x-msvideo', media: 'video', bytes: ascii('RIFF'), and: { at: 8, bytes: ascii('AVI ') } },
  { mediaType: 'audio/flac', media: 'audio', bytes: ascii('fLaC') },
  { mediaType: 'audio/mpeg', media: 'audio', bytes: ascii('ID3') },
  // MPEG 1 and 2, layer III, with and without checksum; then AAC in ADTS frames.
  ...[0xfb, 0xfa, 0xf3, 0xf2].map((second) => ({ mediaType: 'audio/mpeg', media: 'audio' as const, bytes: [0xff, second] })),
  ...[0xf1, 0xf9].map((second) => ({ mediaType: 'audio/aac', media: 'audio' as const, bytes: [0xff, second] })),
  { mediaType: 'video/ogg', media: 'video', bytes: ascii('OggS'), and: { at: 29, bytes: ascii('theora') } },
  { mediaType: 'audio/ogg', media: 'audio', bytes: ascii('OggS') },
  // Matroska is known as what it mostly is.
  { mediaType: 'video/webm', media: 'video', bytes: [0x1a, 0x45, 0xdf, 0xa3] },
  { mediaType: 'audio/mp4', media: 'audio', at: 4, bytes: ascii('ftypM4A') },
  { mediaType: 'audio/mp4', media: 'audio', at: 4, bytes: ascii('ftypM4B') },
  { mediaType: 'video/quicktime', media: 'video', at: 4, bytes: ascii('ftypqt') },
  { mediaType: 'video/mp4', media: 'video', at: 4, bytes: ascii('ftyp') },
  // QuickTime before it had a mark of its own.
  ...['moov', 'mdat', 'wide'].map((atom) => ({ mediaType: 'video/quicktime', media: 'video' as const, at: 4, bytes: ascii(atom) })),
  { mediaType: 'video/mpeg', media: 'video', bytes: [0x00, 0x00, 0x01, 0xba] },
  { mediaType: 'video/mp2t', media: 'video', bytes: [0x47], every: 188 },
  { mediaType: 'video/x-flv', media: 'video', bytes: ascii('FLV\u0001') },
  { mediaType: 'video/x-ms-asf', media: 'video', bytes: [0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11] },
  { mediaType: 'application/pdf', media: 'text', bytes: ascii('%PDF-') },
  { mediaType: EPUB, media: 'text', bytes: ZIP, and: { at: 30, bytes: ascii(`mimetype${EPUB}`) } },
  { mediaType: 'application/zip', bytes: ZIP },
  { mediaType: 'application/gzip', bytes: [0x1f, 0x8b] },
])()

/** What the first bytes of a source show. */
export async function readHead(source: { open(): AsyncIterable<Uint8Array> }): Promise<Sniffed> {
  const head = new Uint8Array(SNIFF_BYTES)
  let size = 0
  for await (const chunk of source.open()) {
    const part = chunk.subarray(0, head.length - size)
    head.set(part, size)
    size += part.length
    if (size === head.length) break
  }
  return sniff(head.subarray(0, size))
}

/** Tells a file by its first bytes; its name is not asked. Plain text has no mark: it is what decodes and holds no control characters. */
export function sniff(head: Uint8Array): Sniffed {
  const marked = (at: number, bytes: readonly number[]): boolean => bytes.every((byte, index) => head[at + index] === byte)
  for (const { mediaType, media, at = 0, bytes, and, every = Number.POSITIVE_INFINITY } of MAGICS) {
    // A file too short to have a mark again is none of those that repeat it.
    const repeated = every === Number.POSITIVE_INFINITY || (head.length > every && repeats(head, bytes[0]!, every))
    if (marked(at, bytes) && repeated && (and === undefined || marked(and.at, and.bytes)))
      return mediaType === 'application/zip' ? sniffZip(head) : media === undefined ? { mediaType } : { mediaType, media }
  }
  return sniffText(head) ?? { mediaType: 'application/octet-stream' }
}

function repeats(head: Uint8Array, byte: number, every: number): boolean {
  for (let at = 0; at < head.length; at += every) if (head[at] !== byte) return false
  return true
}

/** Office files begin with their list of types or relations, and tell what they are by a folder. */
function sniffZip(head: Uint8Array): Sniffed {
  const text = String.fromCharCode(...head)
  const office = /^(?:\[Content_Types\]\.xml|_rels\/|docProps\/|word\/)/.test(text.slice(30))
  return office && /PK[\s\S]{28}word\//.test(text) ? { mediaType: DOCX, media: 'text' } : { mediaType: 'application/zip' }
}

const PAGE = /^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)*(?:<!doctype\s+html|<html|<head|<body)[\s>]/i

function sniffText(head: Uint8Array): Sniffed | undefined {
  const wide = head[0] === 0xff && head[1] === 0xfe ? 'utf-16le' : head[0] === 0xfe && head[1] === 0xff ? 'utf-16be' : undefined
  let text: string
  try {
    // The end of the head may cut a character in two, so it is decoded as a piece of a stream.
    text = new TextDecoder(wide ?? 'utf-8', { fatal: wide === undefined }).decode(head, { stream: true })
  } catch {
    // A page may say further down in which of the old encodings it is; everything up to there is ASCII.
    text = new TextDecoder('latin1').decode(head)
    if (!PAGE.test(text)) return undefined
  }
  if (PAGE.test(text)) return { mediaType: 'text/html', media: 'text' }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what tells binary from text
  const binary = wide === undefined && /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/.test(text)
  return binary ? undefined : { mediaType: 'text/plain', media: 'text' }
}

const EXTENSIONS: Readonly<Record<string, string>> = {
  aac: 'audio/aac',
  aif: 'audio/aiff',
  aiff: 'audio/aiff',
  avi: 'video/x-msvideo',
  avif: 'image/avif',
  docx: DOCX,
  epub: EPUB,
  flac: 'audio/flac',
  flv: 'video/x-flv',
  gif: 'image/gif',
  heic: 'image/heic',
  htm: 'text/html',
  html: 'text/html',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  markdown: 'text/markdown',
  m4a: 'audio/mp4',
  m4b: 'audio/mp4',
  m4v: 'video/mp4',
  md: 'text/markdown',
  mkv: 'video/webm',
  mov: 'video/quicktime',
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
  mpeg: 'video/mpeg',
  mpg: 'video/mpeg',
  oga: 'audio/ogg',
  ogg: 'audio/ogg',
  ogv: 'video/ogg',
  opus: 'audio/ogg',
  pdf: 'application/pdf',
  png: 'image/png',
  tif: 'image/tiff',
  tiff: 'image/tiff',
  ts: 'video/mp2t',
  txt: 'text/plain',
  wav: 'audio/wav',
  webm: 'video/webm',
  webp: 'image/webp',
  wmv: 'video/x-ms-asf',
  xhtml: 'application/xhtml+xml',
}

/** Kinds of text have no mark of their own, and archives one for all: there the name is believed. */
export function refineByName(sniffed: Sniffed, name: string | undefined): Sniffed {
  const promised = typeOfName(name)
  if (promised === undefined) return sniffed
  const text = sniffed.media === 'text' && (sniffed.mediaType === 'text/plain' || sniffed.mediaType === 'text/html')
  const named = text ? promised.startsWith('text/') || promised === 'application/xhtml+xml' : false
  const packed = sniffed.mediaType === 'application/zip' && (promised === EPUB || promised === DOCX)
  return named || packed ? { mediaType: promised, media: 'text' } : sniffed
}

/** What a file name promises; undefined when it promises nothing known. */
export function typeOfName(name: string | undefined): string | undefined {
  const extension = name === undefined ? undefined : /\.([^.]+)$/.exec(name)?.[1]
  return extension === undefined ? undefined : EXTENSIONS[extension.toLowerCase()]
}
