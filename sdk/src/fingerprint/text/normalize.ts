/** Latin, Greek, Cyrillic and other scripts that put spaces between words; everything else is taken character by character. */
const SPACELESS =
  /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Thai}|\p{Script=Lao}|\p{Script=Khmer}|\p{Script=Myanmar}/u
const KEPT = /[\p{L}\p{N}]/u

/** What the code points of the Basic Multilingual Plane reduce to is looked up again and again. */
const known = /* @__PURE__ */ new Map<number, readonly number[]>()
const NONE: readonly number[] = []

/**
 * The letters and digits that a code point stands for: compatibility forms (ligatures, full width, superscripts) taken apart, marks and
 * case dropped; nothing for spaces, punctuation and invisible characters.
 */
export function reduce(point: number): readonly number[] {
  const found = known.get(point)
  if (found !== undefined) return found
  const reduced = reduceAnew(point)
  if (known.size < 20_000) known.set(point, reduced)
  return reduced
}

function reduceAnew(point: number): readonly number[] {
  const kept: number[] = []
  for (const character of String.fromCodePoint(point).normalize('NFKD').toLowerCase().normalize('NFKD')) {
    if (KEPT.test(character)) kept.push(character.codePointAt(0)!)
  }
  return kept.length === 0 ? NONE : kept
}

const spaceless = /* @__PURE__ */ new Map<number, boolean>()

/** Whether the script of a code point writes without spaces, so that every character counts as a word. */
export function isSpaceless(point: number): boolean {
  if (point < 0x0e00) return false
  let found = spaceless.get(point)
  if (found === undefined) {
    found = SPACELESS.test(String.fromCodePoint(point))
    if (spaceless.size < 20_000) spaceless.set(point, found)
  }
  return found
}
