// `npm run replay -- --out FOLDER --origin https://replay.example --embedder https://app.example`: what a host of the replay origin serves, headers included.
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { replayHeaders } from '../../dapp/build/replayPolicy.ts'
import { fetchReplayViewer, REPLAY_VIEWER } from '../setup/replayViewer.ts'
import { mayReplace, writeReplaySite } from './replaySite.ts'

const { values } = parseArgs({
  options: { out: { type: 'string' }, origin: { type: 'string' }, embedder: { type: 'string', multiple: true, default: [] } },
})
const { out, origin, embedder: embedders } = values
/** A host may stand for many: `https://*.replay.example`. */
const isOrigin = (text: string): boolean =>
  URL.canParse(text.replace('://*.', '://any.')) && new URL(text.replace('://*.', '://any.')).origin === text.replace('://*.', '://any.')

if (out === undefined || origin === undefined || !isOrigin(origin) || embedders.length === 0 || !embedders.every(isOrigin)) {
  console.error('npm run replay -- --out FOLDER --origin https://replay.example --embedder https://app.example')
  console.error(
    'Origins are a scheme and a host, without a slash at the end. --origin may be https://*.replay.example, an origin for each archive.',
  )
  process.exit(2)
}
if (embedders.includes(origin)) {
  console.error('The replay needs an origin of its own: what is replayed can do there whatever its page can.')
  process.exit(2)
}
if (embedders.some((each) => each.includes('*'))) {
  console.error('Each --embedder is one origin, in full: the page that replays compares it with that of whoever hands it an archive.')
  process.exit(2)
}
const folder = resolve(out)
if (!mayReplace(folder)) {
  console.error(`${folder} has other things in it, and would be emptied. Name a folder that is new, empty, or an older replay site.`)
  process.exit(2)
}
const viewer = fetchReplayViewer()
if (viewer === undefined) {
  console.error(
    `${REPLAY_VIEWER.name} ${REPLAY_VIEWER.version} could not be fetched. Check the network and the npm registry, then run the command again.`,
  )
  process.exit(1)
}
writeReplaySite(folder, { viewer, embedders })
const headers = Object.entries(replayHeaders(origin, embedders))
// As Netlify, Cloudflare Pages and others read them.
writeFileSync(join(folder, '_headers'), `/*\n${headers.map(([name, value]) => `  ${name}: ${value}\n`).join('')}`)
console.log(`${folder} is what ${origin} serves, with ReplayWeb.page ${REPLAY_VIEWER.version} (${REPLAY_VIEWER.license}).`)
console.log(
  `Each answer needs these headers, answers with an error too:\n\n${headers.map(([name, value]) => `${name}: ${value}`).join('\n')}`,
)
