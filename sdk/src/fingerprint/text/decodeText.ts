import { ColophonError } from '../../errors/base.ts'

/** Bytes in which a page of HTML has to name its encoding (WHATWG HTML, "prescan a byte stream"). */
const PRESCAN = 1024

/**
 * The characters of a text: UTF-8, or UTF-16 where a byte order mark says so; of HTML, also what the page itself says in its first
 * 1,024 bytes.
 *
 * @throws ColophonError `TEXT_UNREADABLE` where the bytes are no such text
 */
export async function* decodeText(
  chunks: AsyncIterable<Uint8Array>,
  name?: string,
  kind: 'plain' | 'html' = 'plain',
): AsyncGenerator<string> {
  let decoder: InstanceType<typeof TextDecoder> | undefined
  const unreadable = (cause: unknown): ColophonError =>
    new ColophonError('TEXT_UNREADABLE', 'The file is not text in UTF-8 or UTF-16.', {
      hint: 'Save it as UTF-8, or fingerprint it as data with media: "data".',
      details: { name },
      cause,
    })
  const encodingOf = kind === 'html' ? encodingOfPage : encodingOfMark
  // The mark may be cut in two by a very small first chunk.
  const wanted = kind === 'html' ? PRESCAN : 3
  let head: Uint8Array = new Uint8Array(0)
  for await (const chunk of chunks) {
    let bytes = chunk
    if (decoder === undefined) {
      bytes = new Uint8Array(head.length + chunk.length)
      bytes.set(head)
      bytes.set(chunk, head.length)
      if (bytes.length < wanted) {
        head = bytes
        continue
      }
      decoder = new TextDecoder(encodingOf(bytes), { fatal: true })
      head = new Uint8Array(0)
    }
    try {
      yield checked(decoder.decode(bytes, { stream: true }), unreadable)
    } catch (cause) {
      throw cause instanceof ColophonError ? cause : unreadable(cause)
    }
  }
  try {
    decoder ??= new TextDecoder(encodingOf(head), { fatal: true })
    const rest = decoder.decode(head)
    if (rest !== '') yield checked(rest, unreadable)
  } catch (cause) {
    throw cause instanceof ColophonError ? cause : unreadable(cause)
  }
}

function encodingOfMark(bytes: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  return 'utf-8'
}

function encodingOfPage(bytes: Uint8Array): string {
  const marked = encodingOfMark(bytes)
  if (marked !== 'utf-8' || (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)) return marked
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, PRESCAN))
  const label = /<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}["']?([\w:-]{1,40})/i.exec(head)?.[1] ?? 'utf-8'
  try {
    const { encoding } = new TextDecoder(label)
    // A page that says UTF-16 in bytes that could be read to find that out is not (WHATWG HTML).
    return encoding.startsWith('utf-16') ? 'utf-8' : encoding
  } catch {
    return 'utf-8'
  }
}

/** Text has no NUL; a file that does is binary, whatever else decodes. */
function checked(text: string, unreadable: (cause: unknown) => ColophonError): string {
  if (text.includes('\0')) throw unreadable(new Error('NUL character'))
  return text
}
