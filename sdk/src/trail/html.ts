import type { Link, LinkCheck, Stage, Trail } from './trail.ts'
import { sentenceOf } from './wording.ts'

const STAGES: Record<Stage, string> = {
  deposit: 'Deposit',
  title: 'Title',
  license: 'License',
  payment: 'Payment',
  claim: 'Claim',
  evidence: 'Evidence',
  ruling: 'Ruling',
}
const VERDICTS: Record<Trail['verdict'], string> = {
  verified: 'Every link was checked and holds.',
  refuted: 'At least one link does not hold.',
  incomplete: 'Nothing speaks against it, but not everything could be checked.',
}
const MARKS: Record<LinkCheck['status'], string> = { ok: '✓', failed: '✗', skipped: '–' }

/** The trail as a page that stands alone: no script, nothing loaded from anywhere. */
export function trailPage({ id, chainId, verdict, links, gaps }: Trail, { title }: { title?: string } = {}): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title ?? 'A work')}: its trail</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<p class="mark">COLOPHON</p>
<h1>${escaped(title ?? 'The trail of a work')}</h1>
<p><code>${id}</code> · chain ${chainId}</p>
<p class="verdict ${verdict}">${VERDICTS[verdict]}</p>
${gaps.map((gap) => `<p class="gap">${escaped(gap)}</p>`).join('\n')}
</header>
<ol>
${links.map(entry).join('\n')}
</ol>
<footer>Made by <code>colophon trace ${id}</code>. Whoever doubts it runs the same against a node of their own.</footer>
</body>
</html>
`
}

function entry(link: Link): string {
  const { stage, time, transaction, block, cids, checks, facts, contract, event, about, side } = link
  const failed = checks.some(({ status }) => status === 'failed')
  return `<li class="${stage}${failed ? ' broken' : ''}">
<p class="when"><time datetime="${new Date(time * 1000).toISOString()}">${new Date(time * 1000).toISOString().slice(0, 19).replace('T', ' ')} UTC</time><span>${STAGES[stage]}${side === 'suspect' ? ', against this work' : ''}</span></p>
<h2>${brief(sentenceOf(link))}</h2>
<p>block ${block} · <code>${transaction}</code></p>
${about === undefined ? '' : `<p>about <code>${escaped(about)}</code></p>`}
${cids.map(({ name, cid }) => `<p>${escaped(name)} <code>${escaped(cid)}</code></p>`).join('\n')}
<ul>${checks.map(({ name, status, explanation }) => `<li class="${status}"><b>${MARKS[status]} ${name}</b> ${brief(explanation)}</li>`).join('')}</ul>
<details><summary>${contract}.${escaped(event)}</summary><dl>${Object.entries(facts)
    .map(([name, value]) => `<dt>${escaped(name)}</dt><dd><code>${escaped(value)}</code></dd>`)
    .join('')}</dl></details>
</li>`
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!)
}

/** With long hashes and addresses shortened: they stand in full beside it, and where a pointer rests. */
function brief(text: string): string {
  return escaped(text).replace(
    /\b(?:0x[0-9a-fA-F]{40,}|baf[a-z2-7]{50,}|\d{40,})\b/g,
    (whole) => `<span title="${whole}">${whole.slice(0, 8)}…${whole.slice(-6)}</span>`,
  )
}

const STYLE = `
:root { color-scheme: light dark; --ink: #1a212e; --soft: #666b73; --seal: #a3301f; --rule: #d8cfc0; --paper: #fffdf9 }
@media (prefers-color-scheme: dark) { :root { --ink: #ece7dd; --soft: #a59f95; --seal: #e08772; --rule: #4a443c; --paper: #1b1a18 } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 50rem; padding: 2.5rem 1.25rem; background: var(--paper); color: var(--ink); font: 1rem/1.55 "Source Serif 4", Georgia, serif }
.mark { color: var(--seal); letter-spacing: .4em; font-size: .75rem }
h1 { font-size: 1.9rem; line-height: 1.2; margin: .2em 0 }
h2 { font-size: 1.05rem; margin: .15em 0; overflow-wrap: anywhere }
p { margin: .2em 0 }
code { font: .78em/1.4 "Source Code Pro", ui-monospace, monospace; overflow-wrap: anywhere }
.verdict { font-weight: 600; border-top: 1px solid var(--rule); border-bottom: 1px solid var(--rule); padding: .6em 0; margin: 1.2em 0 }
.refuted, .broken h2, li.failed { color: var(--seal) }
.gap, footer, .when span { color: var(--soft) }
ol { list-style: none; margin: 2rem 0; padding: 0 0 0 1.5rem; border-left: 2px solid var(--rule) }
ol > li { position: relative; margin: 0 0 1.9rem }
ol > li::before { content: ""; position: absolute; left: calc(-1.5rem - 7px); top: .45em; width: 9px; height: 9px; transform: rotate(45deg); background: var(--seal); border: 2px solid var(--paper) }
.when { display: flex; justify-content: space-between; gap: 1rem; font-size: .85rem }
ul { list-style: none; padding: 0; margin: .5em 0; font-size: .85rem }
ul li { overflow-wrap: anywhere }
li.skipped { color: var(--soft) }
details { font-size: .85rem }
dt { color: var(--soft) }
dd { margin: 0 0 .3em }
footer { font-size: .85rem; border-top: 1px solid var(--rule); padding-top: 1em }
@media print { details { display: none } }
`
