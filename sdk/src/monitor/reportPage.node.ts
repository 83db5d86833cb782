import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Suspect, WatchReport } from './report.node.ts'

/** Pictures that are put into the page; of further suspects it says where they are. */
const MOST_PICTURES = 300
/** Bytes of all of them. */
const MOST_BYTES = 64 << 20

/**
 * The report as a page that stands alone: the pictures of the matches are in it, it has no script and loads nothing.
 *
 * @param folder - of the watch, where the pictures are
 */
export async function* reportPage(report: WatchReport, folder: string): AsyncGenerator<string> {
  const { pass, looked, watched, suspects, permitted, dismissed, gone, gaps } = report
  const budget = { pictures: MOST_PICTURES, bytes: MOST_BYTES }
  yield `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-src data:">
<title>Watch report, ${escaped(pass.begun.slice(0, 10))}</title>
<style>
  body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #1b1b1f; background: #fff; }
  article { border-top: 1px solid #bbb; padding: 1rem 0; }
  h3 { margin: 0; }
  img { max-width: 100%; height: auto; }
  iframe { width: 100%; height: 24rem; border: 1px solid #bbb; }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem; margin: .5rem 0; }
  dt { color: #555; } dd { margin: 0; overflow-wrap: anywhere; }
  .grade { font-weight: bold; } .certain, .strong { color: #a40000; } .possible { color: #8a5a00; }
  .new { background: #a40000; color: #fff; padding: 0 .4em; border-radius: .2em; font-size: .8rem; }
  code { overflow-wrap: anywhere; }
</style>
<h1>Watch report</h1>
<p>Pass ${pass.number}, begun ${escaped(pass.begun)}, ${pass.ended === undefined ? 'not ended yet' : `ended ${escaped(pass.ended)}`}.
${count(watched.works, 'work')} watched; ${count(looked.pages, 'page')}, ${count(looked.files, 'file')} and ${count(looked.lists, 'list')} visited, ${looked.unchanged.toLocaleString('en')} of them unchanged;
${count(looked.comparisons, 'comparison')}.</p>
`
  yield `<h2>${count(suspects.length, 'suspect')}</h2>\n`
  for (const suspect of suspects) yield await entryOf(suspect, folder, budget)
  if (permitted.length > 0) yield `<h2>${count(permitted.length, 'permitted use')}</h2>\n`
  for (const suspect of permitted) yield await entryOf(suspect, folder, budget)
  if (dismissed.length > 0) yield `<h2>${dismissed.length.toLocaleString('en')} dismissed</h2>\n`
  for (const suspect of dismissed) yield await entryOf(suspect, folder, budget)
  if (gone.length > 0) yield `<h2>${gone.length.toLocaleString('en')} no longer seen</h2>\n`
  for (const suspect of gone) yield await entryOf(suspect, folder, budget)
  if (gaps.length > 0) {
    yield '<h2>What was not looked at</h2>\n'
    for (const { code, count: number, examples } of gaps)
      yield `<details><summary>${escaped(code)}: ${number.toLocaleString('en')}</summary><ul>${examples.map((each) => `<li>${escaped(each)}</li>`).join('')}</ul></details>\n`
  }
  yield '</html>\n'
}

async function entryOf(suspect: Suspect, folder: string, budget: { pictures: number; bytes: number }): Promise<string> {
  const {
    id,
    work,
    grade,
    sightings,
    sightingsCount,
    isNew,
    falsePositiveRate: rate,
    expectedByChance,
    evidence,
    claim,
    dismissed,
  } = suspect
  const rows: [string, string | undefined][] = [
    ['work', `${work.title === undefined ? '' : `${escaped(work.title)} `}<code>${escaped(work.id)}</code>`],
    ['found', `${escaped(suspect.mediaType)}, ${suspect.size.toLocaleString('en')} bytes, SHA-256 <code>${escaped(suspect.sha256)}</code>`],
    ['why', escaped(suspect.reason)],
    ['chance', rate === undefined ? undefined : chanceOf(rate, expectedByChance ?? 0)],
    ['first seen', escaped(suspect.firstSeen)],
    ['also', suspect.variants.length === 0 ? undefined : `${count(suspect.variants.length, 'other encoding')} of it on the same pages`],
    ['dismissed', dismissed === undefined ? undefined : escaped(dismissed)],
    ['evidence', evidence === undefined ? undefined : `<code>${escaped(evidence.cid)}</code>, captured ${escaped(evidence.at)}`],
    ['claim', claim === undefined ? undefined : `<code>${escaped(claim.id)}</code>`],
  ]
  const places = sightings.map(
    ({ page, title, url, element, isNew: fresh, permission }) =>
      `<li>${fresh ? '<span class="new">new</span> ' : ''}${link(page, title)} (${escaped(element)}${url === undefined || url === page ? '' : `, ${link(url)}`})${permission === undefined ? '' : `: ${escaped(permission)}`}</li>`,
  )
  const more = sightingsCount - sightings.length
  return `<article id="${escaped(id)}">
<h3><span class="grade ${grade}">${grade}</span> <code>${escaped(id)}</code>${isNew ? ' <span class="new">new</span>' : ''}</h3>
<dl>${rows.map(([name, value]) => (value === undefined ? '' : `<dt>${name}</dt><dd>${value}</dd>`)).join('')}</dl>
${places.length === 0 ? '' : `<ul>${places.join('')}${more > 0 ? `<li>and ${more.toLocaleString('en')} more</li>` : ''}</ul>`}
${await pictureOf(suspect, folder, budget)}
</article>
`
}

async function pictureOf({ picture, reason }: Suspect, folder: string, budget: { pictures: number; bytes: number }): Promise<string> {
  if (picture === undefined) return ''
  const bytes = budget.pictures > 0 ? await readFile(join(folder, picture)).catch(() => undefined) : undefined
  if (bytes === undefined || bytes.length > budget.bytes) return `<p>See <code>${escaped(picture)}</code>.</p>`
  budget.pictures--
  budget.bytes -= bytes.length
  const data = bytes.toString('base64')
  // A picture or frame of data runs nothing, whatever is in it.
  return picture.endsWith('.svg')
    ? `<img alt="${escaped(reason)}" src="data:image/svg+xml;base64,${data}">`
    : `<iframe title="${escaped(reason)}" sandbox src="data:text/html;charset=utf-8;base64,${data}"></iframe>`
}

/** Only what a browser opens as a page becomes a link. */
function link(address: string, title: string = address): string {
  return /^https?:/.test(address) ? `<a rel="noreferrer noopener" href="${escaped(address)}">${escaped(title)}</a>` : escaped(address)
}

function chanceOf(rate: number, expected: number): string {
  if (rate === 0) return 'the same file'
  const pairs = Math.round(1 / rate).toLocaleString('en')
  return `one pair of strangers in ${pairs} at most looks as much alike; of all that were compared ${expected < 0.01 ? `${expected.toExponential(1)}` : expected.toFixed(2)} are to be expected`
}

function count(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
