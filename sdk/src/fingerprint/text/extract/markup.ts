import { Parser, type ParserOptions } from 'htmlparser2'
import { type ExtractOptions, unreadable } from './problems.ts'

/** Elements inside each other; the parser takes time that grows with it for every element, so a file of nothing else would take hours. */
const MOST_DEPTH = 5000
/** Characters of attributes of one element. */
const MOST_ATTRIBUTE_CHARACTERS = 1 << 20

/** What becomes of an element. */
export interface MarkupReader {
  open?(name: string, attributes: Readonly<Record<string, string>>): void
  text?(text: string): void
  close?(name: string): void
}

export interface MarkupParser {
  write(text: string): void
  end(): void
}

/** HTML or XML in pieces, without a tree. @throws ColophonError `TEXT_UNREADABLE` from `write` where elements are nested without end */
export function parseMarkup(reader: MarkupReader, options: Pick<ExtractOptions, 'name'>, syntax: ParserOptions): MarkupParser {
  let depth = 0
  const parser = new Parser(
    {
      onopentagname() {
        depth++
        if (depth > MOST_DEPTH) throw unreadable(`its elements are nested more than ${MOST_DEPTH} deep`, options)
      },
      onopentag: (name, attributes) => reader.open?.(name, attributes),
      onattribute(_, value) {
        if (value.length > MOST_ATTRIBUTE_CHARACTERS) throw unreadable('an attribute has a million characters', options)
      },
      ontext: (text) => reader.text?.(text),
      onclosetag(name) {
        depth--
        reader.close?.(name)
      },
    },
    { decodeEntities: true, ...syntax },
  )
  return { write: (text) => parser.write(text), end: () => parser.end() }
}
