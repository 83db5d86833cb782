// `npm run bench:browser`: how far fingerprints of Chromium are from those of Node, layer by layer, over photographs of the corpora
// (`npm run bench:corpora`), texts of this project, recordings that Debian carries and clips of films. Writes bench/results/sameBits.json and the table in
// docs/benchmarks.md; takes about fifteen minutes on an idle machine.
import { once } from 'node:events'
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { compare, type Fingerprint, fingerprint } from '@colophon/sdk/fingerprint'
import { hammingDistance, isccDistance } from '@colophon/sdk/iscc'
import { build } from 'esbuild'
import { getBytes } from 'ethers'
import { installPeer } from '../scripts/setup/peers.ts'
import { launchChromium } from '../sdk/test/browser/chromium.ts'
import { audioCorpus } from './corpora/audio.ts'
import { corpora, folderOf, shortHash } from './corpora/fetch.ts'
import { videoCorpus } from './corpora/video.ts'
import { replaceSection } from './report.ts'

const root = join(import.meta.dirname, '..')
const MOST = { photographs: 240, recordings: 20, films: 10 }
/**
 * Where a layer begins to speak against a copy: bits of 256 that verification lets two decoders differ in, and what comparing takes for the same sound, in shares
 * of the bits, and for the same frame, in bits of 256. Identities have none: one bit is too many.
 */
const THRESHOLDS: Readonly<Record<string, number>> = {
  PDQ: 8,
  blockhash: 8,
  'ISCC content code': 8,
  'Chromaprint, share of the bits': 0.15,
  'frames, mean of the bits': 84,
  'frames, most of the bits': 84,
}

interface Sample {
  media: 'image' | 'text' | 'audio' | 'video'
  path: string
}

/** What two fingerprints of one file differ in: bits of 256 for codes, the share of the entries for lists. */
interface Differences {
  media: Sample['media']
  path: string
  /** What `compare` says of the two. */
  verdict: string
  layers: Record<string, number>
}

const samples: Sample[] = [...photographs(), ...texts(), ...recordings(), ...clips()]
const differences = await measure(samples)
const media = ['image', 'text', 'audio', 'video'] as const
const rows = media.flatMap((name) => {
  const own = differences.filter((each) => each.media === name)
  return [...new Set(own.flatMap(({ layers }) => Object.keys(layers)))].map((layer) => {
    const values = own.flatMap(({ layers }) => layers[layer] ?? []).sort((a, b) => a - b)
    return { media: name, layer, files: values.length, ...distribution(values) }
  })
})
const other = differences.filter(({ verdict }) => verdict !== 'identical').map(({ path, verdict }) => ({ path, verdict }))
mkdirSync(join(root, 'bench', 'results'), { recursive: true })
writeFileSync(join(root, 'bench', 'results', 'sameBits.json'), `${JSON.stringify({ rows, other }, null, 2)}\n`)
const table = [
  `${differences.length} files: ${media.map((name) => `${differences.filter((each) => each.media === name).length} ${{ image: 'photographs', text: 'texts', audio: 'recordings', video: 'clips' }[name]}`).join(', ')}. Of ${differences.length - other.length} of them \`compare\` says that both fingerprints are those of the identical file.`,
  '',
  '| Work | Layer | Files | The same | Median | 99th percentile | Most | 99th percentile, of the threshold |',
  '| --- | --- | --- | --- | --- | --- | --- | --- |',
  ...rows.map(({ media: name, layer, files, same, median, p99, most }) => {
    const threshold = THRESHOLDS[layer]
    const ofThreshold = threshold === undefined ? '' : `${((p99 / threshold) * 100).toFixed(1)} % of ${threshold}`
    return `| ${name} | ${layer} | ${files} | ${((same / files) * 100).toFixed(1)} % | ${shown(median)} | ${shown(p99)} | ${shown(most)} | ${ofThreshold} |`
  }),
]
replaceSection(join(root, 'docs', 'benchmarks.md'), 'same-bits', table.join('\n'))
console.log(table.join('\n'))
for (const { path, verdict } of other) console.log(`${verdict}: ${path}`)

function shown(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(3)
}

function distribution(sorted: readonly number[]): { same: number; median: number; p99: number; most: number } {
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!
  return { same: sorted.filter((value) => value === 0).length, median: at(0.5), p99: at(0.99), most: sorted.at(-1)! }
}

/** Photographs of the packages that are there, spread over them. */
function photographs(): Sample[] {
  const found = corpora.images.flatMap((each) => {
    const folder = folderOf(each)
    if (!existsSync(folder)) return []
    return Object.entries(each.photographs ?? {}).map(([path, hash]) => ({ path: join(folder, path), hash }))
  })
  if (found.length === 0) throw new Error('No photographs are here: run npm run bench:corpora first.')
  found.sort((a, b) => (a.hash < b.hash ? -1 : 1))
  for (const { path, hash } of found)
    if (shortHash(readFileSync(path)) !== hash) throw new Error(`${path} is not the file that was measured with.`)
  return found.slice(0, MOST.photographs).map(({ path }) => ({ media: 'image', path }))
}

function texts(): Sample[] {
  const found = globSync(['README.md', 'docs/**/*.md', 'contracts/**/*.sol', 'sdk/src/**/*.ts'], {
    cwd: root,
    exclude: ['**/generated/**'],
  })
  return found.sort().map((path) => ({ media: 'text', path: join(root, path) }))
}

/** Node decodes recordings with FFmpeg, which comes in a package of its own. */
function recordings(): Sample[] {
  if (!installPeer('node-av')) return []
  const { music } = audioCorpus(MOST.recordings - 1)
  const paths = [join(root, 'examples', 'media', 'tune.mp3'), ...music.map(({ path }) => path)]
  return paths.slice(0, MOST.recordings).map((path) => ({ media: 'audio', path }))
}

/** Films, without their sound: recordings are compared above. */
function clips(): Sample[] {
  if (!installPeer('node-av') || !installPeer('mediabunny')) return []
  return videoCorpus(MOST.films).clips.map(({ path }) => ({ media: 'video', path }))
}

async function measure(files: readonly Sample[]): Promise<Differences[]> {
  const browser = await launchChromium()
  if (browser === undefined) throw new Error('There is no Chromium here.')
  const { outputFiles } = await build({
    stdin: {
      contents: `import { fingerprint } from '@colophon/sdk/fingerprint'
        globalThis.fingerprintOf = async (path) => { try { return await fingerprint(await (await fetch(path)).blob()) } catch (fault) { return { fault: String(fault) } } }`,
      resolveDir: root,
    },
    ...{ bundle: true, format: 'esm', platform: 'browser', target: 'es2022', write: false, logLevel: 'error' },
  })
  const server = createServer((request, response) => {
    const asked = new URL(request.url!, 'http://127.0.0.1').pathname
    if (asked === '/')
      return response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><script type="module" src="/page.js"></script>')
    if (asked === '/page.js') return response.writeHead(200, { 'content-type': 'text/javascript' }).end(outputFiles[0]!.text)
    const file = files[Number(asked.slice(1))]
    if (file === undefined) return response.writeHead(404).end()
    response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(readFileSync(file.path))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    const page = await browser.newPage()
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    await page.waitForFunction('typeof fingerprintOf === "function"')
    const found: Differences[] = []
    for (const [index, { media: kind, path }] of files.entries()) {
      const here = JSON.parse(JSON.stringify(await fingerprint(new Uint8Array(readFileSync(path))))) as Fingerprint
      const there = (await page.evaluate(`fingerprintOf('/${index}')`)) as Fingerprint | { fault: string }
      const name = path.slice(root.length + 1)
      if ('fault' in there) {
        console.log(`${name}: ${there.fault}`)
        continue
      }
      found.push({ media: kind, path: name, verdict: compare(here, there).verdict, layers: layersOf(here, there) })
      if (index % 20 === 0) console.log(`${index + 1} of ${files.length}`)
    }
    return found
  } finally {
    await browser.close()
    server.closeAllConnections()
    server.close()
  }
}

function layersOf(a: Fingerprint, b: Fingerprint): Record<string, number> {
  const units = {
    'SHA-256': a.sha256 === b.sha256 ? 0 : 1,
    'ISCC Data-Code': isccDistance(a.units.data, b.units.data),
    'ISCC content code': isccDistance(a.units.content!, b.units.content!),
  }
  if (a.media === 'image' && b.media === 'image')
    return {
      ...units,
      PDQ: bitsBetween(a.features.pdq, b.features.pdq),
      ...(a.features.blockhash === undefined || b.features.blockhash === undefined
        ? {}
        : { blockhash: bitsBetween(a.features.blockhash, b.features.blockhash) }),
    }
  if (a.media === 'text' && b.media === 'text')
    return { ...units, 'MinHash, share of the entries': unequal(a.features.minhash, b.features.minhash) }
  if (a.media === 'audio' && b.media === 'audio')
    return { ...units, 'Chromaprint, share of the bits': bitsOf(a.features.chromaprint, b.features.chromaprint) }
  if (a.media === 'video' && b.media === 'video') {
    const bits = frameBits(a.features.codes, b.features.codes)
    return {
      ...units,
      'frames, mean of the bits': bits.reduce((sum, each) => sum + each, 0) / Math.max(bits.length, 1),
      'frames, most of the bits': Math.max(0, ...bits),
      'key frames': a.features.keyframes === b.features.keyframes ? 0 : 1,
    }
  }
  return units
}

/** Bits of 256 by which each frame differs; all of them where only one film has it. Codes are a byte of quality for each frame, then 32 bytes for each. */
function frameBits(a: string, b: string): number[] {
  const [one, other] = [Buffer.from(a, 'base64url'), Buffer.from(b, 'base64url')]
  const [here, there] = [one.length / 33, other.length / 33]
  return Array.from({ length: Math.max(here, there) }, (_, frame) => {
    if (frame >= Math.min(here, there)) return 256
    const code = (bytes: Uint8Array, count: number): Uint8Array => bytes.subarray(count + 32 * frame, count + 32 * (frame + 1))
    return hammingDistance(code(one, here), code(other, there))
  })
}

function bitsBetween(a: string, b: string): number {
  return hammingDistance(getBytes(a), getBytes(b))
}

function unequal(a: readonly number[], b: readonly number[]): number {
  const length = Math.max(a.length, b.length)
  return length === 0
    ? 0
    : Array.from({ length }, (_, index) => (a[index] === b[index] ? 0 : 1)).reduce<number>((x, y) => x + y, 0) / length
}

/** Share of the bits of two lists of 32-bit numbers that differ, over the length that both have. */
function bitsOf(a: readonly number[], b: readonly number[]): number {
  const length = Math.min(a.length, b.length)
  let bits = 0
  for (let index = 0; index < length; index++) for (let word = (a[index]! ^ b[index]!) >>> 0; word !== 0; word &= word - 1) bits++
  return length === 0 ? 0 : bits / (32 * length)
}
