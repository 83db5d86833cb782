/** What Unicode's White_Space and the separators U+001C to U+001F are together: the white space of the standard's reference. */
const SPACE = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000'
const SPACES = new RegExp(`[${SPACE}]+`, 'g')
const SPACES_AROUND = new RegExp(`^[${SPACE}]+|[${SPACE}]+$`, 'g')
const ONLY_SPACE = new RegExp(`^[${SPACE}]*$`)
/** Control characters and unassigned, private and lone surrogate code points, except those that end a line. */
const CONTROLS = /(?![\n\v\f\r\x85])\p{C}/gu
const LINE_ENDS = /\r\n|[\n\v\f\r\x85\u2028\u2029]/
/** What similarity of texts ignores: controls, marks, punctuation, white space. */
export const NOT_COMPARED: RegExp = /[\p{C}\p{M}\p{P}\p{Z}]+/gu

/** Removes white space at both ends. */
function strip(text: string): string {
  return text.replace(SPACES_AROUND, '')
}

/**
 * Cleans text for display: NFKC, no control characters except line ends, lines separated by `\n` with at most one empty line
 * between others, no white space at the ends.
 */
export function textClean(text: string): string {
  const kept: string[] = []
  for (const line of text.normalize('NFKC').replace(CONTROLS, '').split(LINE_ENDS)) {
    if (!ONLY_SPACE.test(line)) kept.push(line)
    else if (kept.length === 0 || kept[kept.length - 1] !== '') kept.push('')
  }
  return strip(kept.join('\n'))
}

/** Makes one line: runs of white space become one space, none at the ends. */
export function textRemoveNewlines(text: string): string {
  return strip(text).replace(SPACES, ' ')
}

/**
 * Cuts text to at most `bytes` bytes of UTF-8 without splitting a character, and strips white space at the ends.
 * Lone surrogates count as U+FFFD.
 */
export function textTrim(text: string, bytes: number): string {
  const encoded = new TextEncoder().encode(text)
  let end = Math.min(bytes, encoded.length)
  // Do not end inside a character: step back over continuation bytes to its first.
  while (end > 0 && end < encoded.length && (encoded[end]! & 0xc0) === 0x80) end--
  return strip(new TextDecoder('utf-8', { ignoreBOM: true }).decode(encoded.subarray(0, end)))
}

/**
 * Reduces text to what similarity is judged by: NFD, lower case, without control characters, marks (diacritics), punctuation
 * and white space, then NFKC.
 */
export function textCollapse(text: string): string {
  return text.normalize('NFD').toLowerCase().replace(NOT_COMPARED, '').normalize('NFKC')
}
