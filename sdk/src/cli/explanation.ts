import { basename } from 'node:path'
import { drawFilmMatch, drawMatch, drawSoundMatch, type Fingerprint, highlightHtml, type Match, readText } from '../fingerprint/index.ts'

/** One of two works that were compared. */
export interface Side {
  file: string
  fingerprint: Fingerprint
}

/**
 * What a judge can look at: two pictures, recordings or films as SVG, two texts as a page of HTML, with what they share marked. Undefined where there is
 * nothing to mark: data, works of different media, recordings and texts that share nothing.
 */
export async function explanationOf(match: Match, a: Side, b: Side, signal: AbortSignal): Promise<string | undefined> {
  const names = { a: basename(a.file), b: basename(b.file) }
  if (match.media === 'image') return await drawMatch(match, a.file, b.file, { signal })
  if (match.media === 'audio' && a.fingerprint.media === 'audio' && b.fingerprint.media === 'audio') {
    return match.sound === undefined ? undefined : drawSoundMatch(a.fingerprint.features, b.fingerprint.features, match.sound, names)
  }
  if (match.media === 'video' && a.fingerprint.media === 'video' && b.fingerprint.media === 'video') {
    if (match.stretches === undefined) return undefined
    const [{ seconds }, other] = [a.fingerprint.features, b.fingerprint.features]
    const [first, second] = [
      { source: a.file, seconds, name: names.a },
      { source: b.file, seconds: other.seconds, name: names.b },
    ]
    return await drawFilmMatch(match, first, second, { signal })
  }
  if (match.media !== 'text' || match.passages === undefined || match.passages.length === 0) return undefined
  const texts = { a: await readText(a.file, { signal }), b: await readText(b.file, { signal }) }
  return page(match.reason, `${names.a} · ${names.b}`, highlightHtml({ ...texts, passages: match.passages }, names))
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
