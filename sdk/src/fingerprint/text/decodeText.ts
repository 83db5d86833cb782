import { ColophonError } from '../../errors/base.ts'

/**
 * The characters of a plain text: UTF-8, or UTF-16 where a byte order mark says so.
 *
 * @throws ColophonError `TEXT_UNREADABLE` where the bytes are no such text
 */
export async function* decodeText(chunks: AsyncIterable<Uint8Array>, name?: string): AsyncGenerator<string> {
  let decoder: InstanceType<typeof TextDecoder> | undefined
  const unreadable = (cause: unknown): ColophonError =>
    new ColophonError('TEXT_UNREADABLE', 'The file is not text in UTF-8 or UTF-16.', {
      hint: 'Save it as UTF-8, or fingerprint it as data with media: "data".',
      details: { name },
      cause,
    })
  let head: Uint8Array = new Uint8Array(0)
  for await (const chunk of chunks) {
    let bytes = chunk
    if (decoder === undefined) {
      // The mark may be cut in two by a very small first chunk.
      bytes = new Uint8Array(head.length + chunk.length)
      bytes.set(head)
      bytes.set(chunk, head.length)
      if (bytes.length < 3) {
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

function encodingOf(bytes: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  return 'utf-8'
}

/** Text has no NUL; a file that does is binary, whatever else decodes. */
function checked(text: string, unreadable: (cause: unknown) => ColophonError): string {
  if (text.includes('\0')) throw unreadable(new Error('NUL character'))
  return text
}
