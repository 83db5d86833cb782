import { parseMarkup } from './markup.ts'
import type { ExtractOptions } from './problems.ts'

/** What a reader does not see. `rt` and `rp` say how characters are read aloud, and would stand between them. */
const UNSEEN = new Set(
  'script style template noscript title iframe object audio video canvas select datalist rt rp math-annotation annotation'.split(' '),
)
const BLOCKS = new Set(
  (
    'address article aside blockquote body br dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header ' +
    'hgroup hr html legend li main menu nav ol p pre section summary table tbody td tfoot th thead tr ul'
  ).split(' '),
)
const HIDDEN_STYLE = /display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d]*[1-9])|opacity\s*:\s*0(?![.\d]*[1-9])/i

/** The text that a reader of a page sees, in order: no scripts, no hidden elements, a line end after each block. */
export async function* htmlText(pieces: AsyncIterable<string> | Iterable<string>, options: ExtractOptions): AsyncGenerator<string> {
  let out = ''
  /** Elements open inside of one that is not seen, itself included. */
  let unseen = 0
  const parser = parseMarkup(
    {
      open(name, attributes) {
        if (unseen > 0 || UNSEEN.has(name) || 'hidden' in attributes || HIDDEN_STYLE.test(attributes.style ?? '')) unseen++
        else if (BLOCKS.has(name)) out += '\n'
      },
      text(text) {
        if (unseen === 0) out += text
      },
      close(name) {
        if (unseen > 0) unseen--
        else if (BLOCKS.has(name)) out += '\n'
      },
    },
    options,
    // Books in XHTML close elements like <title/>.
    { recognizeSelfClosing: true, lowerCaseTags: true, lowerCaseAttributeNames: true },
  )
  for await (const piece of pieces) {
    options.signal?.throwIfAborted()
    parser.write(piece)
    if (out !== '') yield out
    out = ''
  }
  parser.end()
  if (out !== '') yield out
}
