// How web archives lie in their files: a zip, in it gzip members, in them records, in them HTTP messages.
import { Gunzip, type Unzipped, unzipSync } from 'fflate'
import { ColophonError } from '../errors/base.ts'
import { joined } from './wacz.ts'

/** Larger packages are not unpacked in memory. */
const MAX_BYTES = 1 << 29
const PIECE = 65_536

/** @throws ColophonError `WACZ_UNREADABLE` when it is no zip, or larger than 512 MiB unpacked */
export function unpackWacz(bytes: Uint8Array): Unzipped {
  let size = 0
  try {
    return unzipSync(bytes, {
      filter({ originalSize }) {
        size += originalSize
        if (size > MAX_BYTES) throw new Error(`it unpacks to more than ${MAX_BYTES} bytes`)
        return true
      },
    })
  } catch (cause) {
    throw new ColophonError('WACZ_UNREADABLE', `The file is no WACZ that can be read: ${(cause as Error).message}.`, {
      hint: 'Use the file as the capture wrote it.',
      cause,
    })
  }
}

/** Unpacks a gzip file of several members, one by one, with the place of each. */
export function eachMember(bytes: Uint8Array, use: (content: Uint8Array, offset: number, length: number) => void): void {
  let chunks: Uint8Array[] = []
  let size = 0
  let total = 0
  let start = 0
  const end = (next: number): void => {
    use(joined(chunks, size), start, next - start)
    chunks = []
    size = 0
    start = next
  }
  const stream = new Gunzip((chunk) => {
    size += chunk.length
    total += chunk.length
    if (total > MAX_BYTES) throw new Error(`it unpacks to more than ${MAX_BYTES} bytes`)
    chunks.push(chunk)
  })
  stream.onmember = (offset) => {
    if (offset > 0) end(offset)
  }
  // In pieces, so that a bomb is noticed before it has filled the memory.
  for (let at = 0; at < bytes.length; at += PIECE) stream.push(bytes.subarray(at, at + PIECE), at + PIECE >= bytes.length)
  end(bytes.length)
}

/** One record: its header by lower-case names, and its block. */
export function readRecord(bytes: Uint8Array): { header: Map<string, string>; block: Uint8Array } | undefined {
  const end = indexOfBlankLine(bytes)
  if (end < 0) return undefined
  const [version, ...lines] = new TextDecoder().decode(bytes.subarray(0, end)).split('\r\n')
  if (!/^WARC\/1\.[01]$/.test(version ?? '')) return undefined
  const header = new Map(lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]))
  // Two empty lines end a record.
  const tail = bytes.subarray(-4)
  if (new TextDecoder().decode(tail) !== '\r\n\r\n') return undefined
  return { header, block: bytes.subarray(end + 4, bytes.length - 4) }
}

/** Status, type and body of a response; of a request the body alone. */
export function httpOf(block: Uint8Array): { status: number; mediaType: string | undefined; body: Uint8Array } {
  const end = indexOfBlankLine(block)
  const status = /^HTTP\/\S+ (\d{3})/.exec(new TextDecoder('latin1').decode(block.subarray(0, 40)))?.[1]
  const head = new TextDecoder('latin1').decode(block.subarray(0, Math.max(end, 0)))
  const mediaType = /\r\ncontent-type:[ \t]*([^\r\n]*)/i.exec(head)?.[1]
  return { status: Number(status ?? 0), mediaType, body: end < 0 ? new Uint8Array() : block.subarray(end + 4) }
}

function indexOfBlankLine(bytes: Uint8Array): number {
  for (let at = bytes.indexOf(13); at >= 0; at = bytes.indexOf(13, at + 1))
    if (bytes[at + 1] === 10 && bytes[at + 2] === 13 && bytes[at + 3] === 10) return at
  return -1
}
