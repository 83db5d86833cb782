/** Fits text into lines: between words, and between any two Chinese or Japanese characters. */
export interface Wrapping {
  /** Points. */
  width: number
  /** Lines at most; the last one ends with an ellipsis when there is more. */
  lines: number
  widthOf(text: string): number
}

/** @returns at most `lines` lines; a word that is longer than a line is cut */
export function wrap(text: string, { width, lines, widthOf }: Wrapping): string[] {
  const rows: string[] = []
  let row = ''
  for (const paragraph of text.split(/\r\n|[\n\r\u2028\u2029]/)) {
    for (let piece of piecesOf(paragraph)) {
      if (widthOf(row + piece.trimEnd()) <= width) {
        row += piece
        continue
      }
      if (row.trim() !== '') rows.push(row.trimEnd())
      row = ''
      piece = piece.trimStart()
      while (widthOf(piece.trimEnd()) > width) {
        const cut = longest(piece, width, widthOf)
        rows.push(cut)
        piece = piece.slice(cut.length)
        if (rows.length > lines) break
      }
      row = piece
      if (rows.length > lines) break
    }
    if (row.trim() !== '') rows.push(row.trimEnd())
    row = ''
    if (rows.length > lines) break
  }
  if (rows.length <= lines) return rows
  const last = [...rows[lines - 1]!]
  while (last.length > 0 && widthOf(`${last.join('').trimEnd()}…`) > width) last.pop()
  return [...rows.slice(0, lines - 1), `${last.join('').trimEnd()}…`]
}

/** Words with the space after them; Chinese characters one by one, with the punctuation that must not begin a line. */
function piecesOf(text: string): string[] {
  return (
    text.match(
      /[\p{Script=Han}\u3000-\u303f\uff00-\uffef\p{Script=Hiragana}\p{Script=Katakana}][，。、；：？！”’）》」』]*|[^\s\p{Script=Han}\u3000-\u303f\uff00-\uffef]+\s*|\s+/gu,
    ) ?? []
  )
}

function longest(text: string, width: number, widthOf: (text: string) => number): string {
  let cut = ''
  for (const character of text) {
    if (cut !== '' && widthOf(cut + character) > width) break
    cut += character
  }
  return cut
}
