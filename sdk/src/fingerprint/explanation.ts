import type { Source } from '../source/index.ts'
import { drawSoundMatch } from './audio/drawSoundMatch.ts'
import type { Fingerprint } from './fingerprint.ts'
import { drawMatch } from './image/drawMatch.ts'
import type { Match } from './match.ts'
import { highlightHtml } from './text/highlight.ts'
import { readText } from './text/readText.ts'
import { type DrawnFilm, drawFilmMatch } from './video/drawFilmMatch.ts'

/** One of two works that were compared. */
export interface Side {
  /** The work itself. */
  source: Source
  /** What it is called. */
  name: string
  fingerprint: Fingerprint
}

export interface ExplainOptions {
  /** Most pixels a side of each picture; 720 by default. */
  side?: number
  signal?: AbortSignal
}

/** Something to look at. */
export interface Explanation {
  mediaType: 'image/svg+xml' | 'text/html'
  /** It stands alone and has no script. */
  content: string
}

/**
 * What a judge can look at: two pictures, recordings or films as SVG, two texts as a page of HTML, with what they share marked. Undefined where there is
 * nothing to mark: data, works of different media, recordings, films and texts that share nothing.
 *
 * @param match - what `compare` gave for these two, in this order
 * @throws ColophonError `SOURCE_*`, `IMAGE_*`, `TEXT_*`, `DEPENDENCY_MISSING`; the signal's reason when aborted
 */
export async function explanationOf(
  match: Match,
  a: Side,
  b: Side,
  { side, signal }: ExplainOptions = {},
): Promise<Explanation | undefined> {
  const names = { a: a.name, b: b.name }
  const long = signal === undefined ? {} : { signal }
  const svg = (content: string): Explanation => ({ mediaType: 'image/svg+xml', content })
  if (match.media === 'image') return svg(await drawMatch(match, a.source, b.source, { ...long, ...(side === undefined ? {} : { side }) }))
  if (match.media === 'audio' && a.fingerprint.media === 'audio' && b.fingerprint.media === 'audio') {
    return match.sound === undefined ? undefined : svg(drawSoundMatch(a.fingerprint.features, b.fingerprint.features, match.sound, names))
  }
  if (match.media === 'video' && a.fingerprint.media === 'video' && b.fingerprint.media === 'video') {
    if (match.stretches === undefined) return undefined
    const film = ({ source, name }: Side, { seconds }: { seconds: number }): DrawnFilm => ({ source, seconds, name })
    return svg(await drawFilmMatch(match, film(a, a.fingerprint.features), film(b, b.fingerprint.features), long))
  }
  if (match.media !== 'text' || match.passages === undefined || match.passages.length === 0) return undefined
  const texts = { a: await readText(a.source, long), b: await readText(b.source, long) }
  const content = page(match.reason, `${names.a} · ${names.b}`, highlightHtml({ ...texts, passages: match.passages }, names))
  return { mediaType: 'text/html', content }
}

/** The two texts beside each other; on narrow screens one below the other. */
function page(reason: string, title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>
  body { font: 1rem/1.5 serif; margin: 2rem; }
  .shared-passages { display: grid; gap: 2rem; grid-template-columns: repeat(auto-fit, minmax(min(24rem, 100%), 1fr)); }
  section { overflow-wrap: anywhere; }
  section::before { content: attr(aria-label); display: block; font-weight: bold; }
  mark a { color: inherit; }
</style>
<p>${escaped(reason)}</p>
${body}
</html>
`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
