import { ColophonError } from '../../../errors/base.ts'
import { decodeText } from '../decodeText.ts'
import { markdownText } from './markdown.ts'
import type { ExtractOptions } from './problems.ts'

type Format = (chunks: AsyncIterable<Uint8Array>, options: ExtractOptions) => AsyncGenerator<string>

/** Parsers are loaded when they are needed: a page that fingerprints pictures has no use for them. */
const html: Format = async function* (chunks, options) {
  const { htmlText } = await import('./html.ts')
  yield* htmlText(decodeText(chunks, options.name, 'html'), options)
}

/** How a file of text is read: piece by piece, or as a whole because its parts are in no order. */
const FORMATS: Readonly<Record<string, Format>> = {
  'text/html': html,
  'application/xhtml+xml': html,
  'text/markdown': (chunks, options) => markdownText(decodeText(chunks, options.name)),
  'application/pdf': async function* (chunks, options) {
    const { pdfText } = await import('./pdf.node.ts')
    yield* pdfText(await whole(chunks, options), options)
  },
  'application/epub+zip': async function* (chunks, options) {
    const { epubText } = await import('./epub.ts')
    yield* epubText(await whole(chunks, options), options)
  },
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': async function* (chunks, options) {
    const { docxText } = await import('./docx.ts')
    yield* docxText(await whole(chunks, options), options)
  },
}

/**
 * The text of a file as a reader sees it, in pieces. All bytes are read, also those behind the text.
 *
 * @param mediaType - a type of {@link FORMATS}; everything else is plain text
 * @throws ColophonError `TEXT_UNREADABLE`, `TEXT_LOCKED`, `TEXT_TOO_LARGE`, `SOURCE_TOO_LARGE`, `DEPENDENCY_MISSING`
 */
export function extractText(chunks: AsyncIterable<Uint8Array>, mediaType: string, options: ExtractOptions): AsyncGenerator<string> {
  const format = FORMATS[mediaType]
  return format === undefined ? decodeText(chunks, options.name) : format(chunks, options)
}

async function whole(chunks: AsyncIterable<Uint8Array>, { maxBytes, name }: ExtractOptions): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.length
    if (size > maxBytes) {
      throw new ColophonError('SOURCE_TOO_LARGE', `The file has more than ${maxBytes} bytes.`, {
        hint: 'Raise maxBytes if the machine has the memory, or take it as media: "data".',
        details: { name, limit: maxBytes },
      })
    }
    parts.push(chunk)
  }
  const all = new Uint8Array(size)
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
