import type { Range, SharedPassage } from './passages.ts'

/** Two texts and what they share. Texts are as `readText` gives them, or the characters of plain text files. */
export interface SharedText {
  a: string
  b: string
  passages: readonly SharedPassage[]
}

/** A stretch that is marked with the number of its passage, from 1. */
interface Mark extends Range {
  passage: number
}

/**
 * Both texts as HTML, side by side, with each shared passage marked and linked to where it stands in the other. The result is one element
 * without style of its own; everything of the texts is escaped.
 */
export function highlightHtml({ a, b, passages }: SharedText, labels: { a: string; b: string } = { a: 'A', b: 'B' }): string {
  const side = (text: string, own: 'a' | 'b', other: 'a' | 'b'): string => {
    let html = ''
    let at = 0
    for (const { from, to, passage } of marks(passages, own, text.length)) {
      html += `${escaped(text.slice(at, from))}<mark id="${own}${passage}"><a href="#${other}${passage}" title="passage ${passage}">`
      html += `${escaped(text.slice(from, to))}</a></mark>`
      at = to
    }
    return `<section aria-label="${escaped(labels[own])}" dir="auto" style="white-space:pre-wrap">${html}${escaped(text.slice(at))}</section>`
  }
  return `<div class="shared-passages">${side(a, 'a', 'b')}${side(b, 'b', 'a')}</div>`
}

const CONTEXT = 60

/** Each shared passage as a terminal shows it, between some characters of what stands around it, in inverse video; control characters are left out. */
export function highlightTerminal({ a, b, passages }: SharedText, labels: { a: string; b: string } = { a: 'A', b: 'B' }): string {
  const line = (text: string, { from, to }: Range): string => {
    const shown = (start: number, end: number): string => oneLine(text.slice(Math.max(start, 0), end))
    return `${shown(from - CONTEXT, from)}\u001b[7m${shown(from, to)}\u001b[27m${shown(to, to + CONTEXT)}`
  }
  return passages
    .map(
      (passage, index) =>
        `${index + 1}. ${passage.a.to - passage.a.from} characters\n` +
        `  ${labels.a} ${passage.a.from}–${passage.a.to}: ${line(a, passage.a)}\n` +
        `  ${labels.b} ${passage.b.from}–${passage.b.to}: ${line(b, passage.b)}\n`,
    )
    .join('')
}

/** In order, none over another: of two that overlap the longer one is marked whole, for it comes first. */
function marks(passages: readonly SharedPassage[], side: 'a' | 'b', length: number): Mark[] {
  const found: Mark[] = []
  for (const [index, passage] of passages.entries()) {
    const from = Math.max(0, passage[side].from)
    const to = Math.min(length, passage[side].to)
    if (from < to && !found.some((mark) => mark.from < to && from < mark.to)) found.push({ from, to, passage: index + 1 })
  }
  return found.sort((x, y) => x.from - y.from)
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Z}]+/gu, ' ')
}
