/** Most words of a title, and of a search, that are looked at. */
const MOST_WORDS = 64
/** Most characters of a word. */
const LONGEST = 64

/** Scripts that put no space between words. */
const UNSPACED = /^[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]$/u

/**
 * The words by which a text is found: lower case, without accents and width, runs of scripts without spaces as single characters and pairs. The same for
 * SQLite and PostgreSQL, which each would cut them otherwise and neither Chinese.
 */
export function wordsOf(text: string): string[] {
  const words = new Set<string>()
  for (const [run] of folded(text).matchAll(/[\p{L}\p{N}]+/gu)) {
    let word = ''
    let before: string | undefined
    for (const character of run) {
      if (UNSPACED.test(character)) {
        if (word !== '') words.add(word.slice(0, LONGEST))
        word = ''
        words.add(character)
        if (before !== undefined) words.add(before + character)
        before = character
      } else {
        word += character
        before = undefined
      }
    }
    if (word !== '') words.add(word.slice(0, LONGEST))
  }
  return [...words].slice(0, MOST_WORDS)
}

/** What a search asks for: the same words, without the single characters that its pairs contain. */
export function askedWords(text: string): string[] {
  const words = wordsOf(text)
  return words.filter((word) => !(UNSPACED.test(word) && words.some((other) => other.length > word.length && other.includes(word))))
}

/** A name as it is compared: whatever its case, accents and spaces. */
export function nameKey(name: string): string {
  return folded(name).replace(/\s+/gu, ' ').trim().slice(0, 200)
}

function folded(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .normalize('NFC')
}
