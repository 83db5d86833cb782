import { ColophonError } from '../../errors/base.ts'
import { untilAborted } from '../../progress/aborted.ts'
import { openSource, type Source } from '../../source/index.ts'
import { refineByName, SNIFF_BYTES, sniff } from '../media.ts'
import { extractText } from './extract/extractText.ts'
import { tooLarge } from './extract/problems.ts'

export interface ReadTextOptions {
  signal?: AbortSignal
  /** Most characters (UTF-16 code units); 64 million by default. */
  maxCharacters?: number
  /** Most bytes of a file; 256 MiB by default. */
  maxBytes?: number
}

const MOST_CHARACTERS = 64_000_000
const MOST_BYTES = 256 * 1024 * 1024

/**
 * The text of a file as the fingerprint takes it: passages are counted in it, in UTF-16 code units.
 *
 * @throws ColophonError `SOURCE_*`, `TEXT_*`, `FINGERPRINT_WRONG_MEDIA`, `DEPENDENCY_MISSING`; the signal's reason when aborted
 */
export async function readText(source: Source, options: ReadTextOptions = {}): Promise<string> {
  const { signal, maxCharacters = MOST_CHARACTERS, maxBytes = MOST_BYTES } = options
  const { name, open } = await openSource(source)
  const parts: Uint8Array[] = []
  let size = 0
  for await (const chunk of open()) {
    signal?.throwIfAborted()
    size += chunk.length
    if (size > maxBytes) {
      throw new ColophonError('SOURCE_TOO_LARGE', `The file has more than ${maxBytes} bytes.`, {
        hint: 'Raise maxBytes if the machine has the memory.',
        details: { name, limit: maxBytes },
      })
    }
    parts.push(chunk)
  }
  const bytes = new Uint8Array(await untilAborted(new Blob(parts as Uint8Array<ArrayBuffer>[]).arrayBuffer(), signal))
  const { media, mediaType } = refineByName(sniff(bytes.subarray(0, SNIFF_BYTES)), name)
  if (media !== 'text') {
    throw new ColophonError('FINGERPRINT_WRONG_MEDIA', `The file was to be taken for a text, but its bytes are ${mediaType}.`, {
      hint: 'Give a plain text, Markdown, HTML, PDF, EPUB or DOCX.',
      details: { name, wanted: 'text', mediaType },
    })
  }
  async function* whole(): AsyncGenerator<Uint8Array> {
    yield bytes
  }
  let text = ''
  const extracting = { maxBytes, ...(name === undefined ? {} : { name }), ...(signal === undefined ? {} : { signal }) }
  for await (const piece of extractText(whole(), mediaType, extracting)) {
    text += piece
    if (text.length > maxCharacters) throw tooLarge(`it has more than ${maxCharacters} characters`, { name }, maxCharacters)
  }
  return text
}
