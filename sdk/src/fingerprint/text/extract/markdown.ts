// Markdown (CommonMark) as a reader sees it. Marks are punctuation, which no fingerprint counts; what is left are the parts with letters
// that are not shown: addresses of links, HTML, comments, definitions. They are overwritten with spaces, so that every place in the text is
// the same place in the file.

/** Addresses of links and pictures, autolinks, tags and comments, entities; each within one paragraph. */
const UNSEEN =
  /(?<=\])\((?:<[^<>\n]{0,2000}>|[^\s()]{0,2000}(?:\([^\s()]{0,500}\)[^\s()]{0,500})?)(?:\s{1,20}(?:"[^"\n]{0,500}"|'[^'\n]{0,500}'))?\)|<!--[\s\S]{0,20000}?-->|<(?:[a-z][a-z\d+.-]{1,31}:[^\s<>]{0,2000}|\/?[a-z][^<>\n]{0,2000})>|&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,31});|(?<=\])\[[^\]\n]{0,200}\]/gi
const DEFINITION = /^ {0,3}\[[^\]\n]{1,200}\]:[ \t]*\S{1,2000}.*$/gm
/** A list of facts about the file between two lines of dashes, at its very start. */
const FRONT_MATTER = /^\ufeff?---[ \t]*\r?\n[\s\S]{0,60000}?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/
const FENCE_INFO = /^( {0,3}(?:`{3,}|~{3,}))[^\n`]{1,200}$/gm

/** Characters from which on what is held is handed out at the next empty line, and from which on anywhere. */
const PARAGRAPHS = 1 << 16
const MOST_HELD = 1 << 18

/** Text of the same length with what is not shown overwritten by spaces. */
export async function* markdownText(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let held = ''
  let first = true
  const shown = (text: string): string => {
    const body = first ? text.replace(FRONT_MATTER, blank) : text
    first = false
    return body
      .replace(DEFINITION, blank)
      .replace(FENCE_INFO, (all, fence: string) => fence + blank(all.slice(fence.length)))
      .replace(UNSEEN, blank)
  }
  for await (const piece of pieces) {
    held += piece
    if (held.length < PARAGRAPHS) continue
    const paragraph = held.lastIndexOf('\n\n') + 2
    const end = paragraph > 1 ? paragraph : held.length >= MOST_HELD ? held.lastIndexOf('\n') + 1 || held.length : 0
    if (end === 0) continue
    yield shown(held.slice(0, end))
    held = held.slice(end)
  }
  if (held !== '') yield shown(held)
}

function blank(text: string): string {
  return text.replace(/[^\r\n]/g, ' ')
}
