import { sha256 } from '@noble/hashes/sha2.js'
import { ColophonError } from '../errors/base.ts'
import { compare, type Explanation, explanationOf, type Fingerprint, fingerprint, type Match } from '../fingerprint/index.ts'
import { bytesToHex } from '../hex/index.ts'
import type { LongCallOptions } from '../progress/progress.ts'
import { openSource, type Source } from '../source/index.ts'
import { createMemoryStore, type Storage } from '../storage/index.ts'
import { findChromium } from './browser.node.ts'
import { recordInBrowser } from './browserRecording.node.ts'
import type { Exchange } from './exchange.ts'
import { recordOverHttp } from './httpRecording.node.ts'
import { type CapturedMedia, type EncodedManifest, type EvidenceManifest, encodeManifest } from './manifest.ts'
import type { Recording, RecordingOptions } from './recording.ts'
import { withStreams } from './streams.node.ts'
import { hashOf, packWacz } from './wacz.ts'

/** Name and version that go into archives and manifests. */
const TOOL = '@colophon/sdk 0.1.0'

export interface CaptureOptions extends LongCallOptions<'load' | 'media' | 'pack'> {
  /** The work that is looked for: every medium of the page is compared with it. */
  work?: Fingerprint
  /** The work itself: what each copy shares with it is drawn, side by side, and put into the archive. */
  original?: Source
  /** Path of a Chromium; the one that is installed by default. `false` captures over plain HTTP, and says so. */
  browser?: string | false
  /** Where archive and manifest are pinned; without one they are only returned. */
  storage?: Storage
  /** Milliseconds for the page to load; 60,000 by default. */
  timeout?: number
  /** Most bytes of the page and everything in it; 100 MiB by default. */
  maxBytes?: number
  /** `host:port` pairs that may be captured although they are not public, e.g. `127.0.0.1:8080`. */
  allow?: readonly string[]
  /** Addresses of files that belong to the page though a browser does not load them: what it links to, or what a script shows when somebody scrolls. */
  files?: readonly string[]
  /** Capture pages whose certificates are not trusted; the manifest names the certificates either way. */
  ignoreTlsErrors?: boolean
}

/** A captured page. */
export interface Evidence extends EncodedManifest {
  /** The WACZ. */
  archive: Uint8Array<ArrayBuffer>
  /** CID of the manifest, as a claim names it; the archive's is in the manifest. */
  cid: string
  /** What copies share with the work, as the archive has it. */
  pictures: MatchPicture[]
}

/** A picture or page that shows what a copy shares with the work. */
export interface MatchPicture {
  /** In the archive: `matches/1.svg`, or `.html` for texts. */
  path: string
  content: string
}

/** Pictures smaller than this are icons and counters. */
const SMALLEST = 1024

/**
 * Captures a page as evidence: everything that was loaded, how it looked, what it said, who served it, and how its media compare with a
 * work. Nothing leaves the machine but the requests for the page.
 *
 * @throws ColophonError `CAPTURE_FAILED`, `ADDRESS_REFUSED`, `HOST_UNKNOWN`, `URL_INVALID`, `DEPENDENCY_MISSING`, `STORAGE_*`; the
 * signal's reason when aborted
 */
export async function captureEvidence(url: string, options: CaptureOptions = {}): Promise<Evidence> {
  const { signal, onProgress } = options
  signal?.throwIfAborted()
  const address = httpUrl(url)
  const files = (options.files ?? []).map(httpUrl)
  const recording: RecordingOptions = {
    timeout: options.timeout ?? 60_000,
    maxBytes: options.maxBytes ?? 100 * 1024 * 1024,
    allow: options.allow ?? [],
    ignoreTlsErrors: options.ignoreTlsErrors ?? false,
    ...(signal === undefined ? {} : { signal }),
  }
  onProgress?.({ stage: 'load', done: 0, total: 1, unit: 'steps' })
  const chromium = options.browser === false ? undefined : findChromium(options.browser)
  if (typeof options.browser === 'string' && chromium !== options.browser)
    throw new ColophonError('DEPENDENCY_MISSING', `There is no browser at ${options.browser}.`, { hint: 'Check the path.' })
  const page = chromium === undefined ? await recordOverHttp(address, recording) : await recordInBrowser(address, chromium, recording)
  const seen = await withStreams(page, files, recording)
  onProgress?.({ stage: 'load', done: 1, total: 1, unit: 'steps' })

  const pictures: MatchPicture[] = []
  const media = await examine(seen, options, pictures)
  signal?.throwIfAborted()
  onProgress?.({ stage: 'pack', done: 0, total: 1, unit: 'steps' })
  const archive = await packWacz({
    software: TOOL,
    title: seen.page.title,
    mainPage: seen.page.url,
    created: seen.page.date,
    exchanges: seen.exchanges,
    artifacts: seen.artifacts,
    pages: [seen.page],
    files: Object.fromEntries(pictures.map(({ path, content }) => [path, new TextEncoder().encode(content)])),
  })
  const storage = options.storage ?? createMemoryStore()
  const { cid } = await storage.put(archive, signal === undefined ? {} : { signal })
  const clock = clockOf(seen)
  const manifest: EvidenceManifest = {
    type: 'colophon-evidence',
    version: 1,
    url: address,
    finalUrl: seen.page.url,
    title: seen.page.title,
    capturedAt: seen.page.date.toISOString(),
    mode: seen.mode,
    agent: seen.agent,
    tool: TOOL,
    archive: { sha256: `0x${hashOf(archive).slice('sha256:'.length)}`, size: archive.length, cid },
    ...(clock === undefined ? {} : { clock }),
    hosts: seen.hosts,
    tls: seen.tls.map(({ origin, protocol, certificates }) => ({
      origin,
      ...(protocol === undefined ? {} : { protocol }),
      certificates: certificates.map((each) => bytesToHex(sha256(Buffer.from(each, 'base64')))),
    })),
    ...(options.work === undefined ? {} : { work: { sha256: options.work.sha256, iscc: options.work.iscc } }),
    media,
    gaps: seen.gaps,
  }
  const encoded = encodeManifest(manifest)
  const pinned = await storage.putBlock(encoded.bytes)
  if (options.storage === undefined) await storage.close()
  onProgress?.({ stage: 'pack', done: 1, total: 1, unit: 'steps' })
  return { ...encoded, archive, cid: pinned.cid, pictures }
}

function httpUrl(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol) || parsed.username !== '' || parsed.password !== '')
    throw new ColophonError('URL_INVALID', `${url} is no address of a page.`, {
      hint: 'Give an address that begins with https:// or http://, without a name and password in it.',
      details: { url },
    })
  return parsed.href
}

/** Fingerprints every medium of the page, and its text, and compares each with the work. */
async function examine(
  { exchanges, media, page, mode, gaps }: Recording,
  { work, original, signal, onProgress }: CaptureOptions,
  pictures: MatchPicture[],
): Promise<CapturedMedia[]> {
  const answers = new Map(exchanges.map((exchange) => [exchange.url, exchange]))
  const found: CapturedMedia[] = []
  const subjects = media.flatMap(({ url, element }) => {
    const exchange = answerOf(url, answers)
    return exchange === undefined || exchange.body.length < SMALLEST ? [] : [{ url, element, bytes: exchange.body }]
  })
  const main = answerOf(page.url, answers)
  // Without a browser the address itself may be the picture or text.
  if (mode === 'http' && main !== undefined) subjects.push({ url: page.url, element: 'page', bytes: main.body })
  else if (page.text.trim() !== '') subjects.push({ url: page.url, element: 'page', bytes: new TextEncoder().encode(page.text) })
  for (const [index, { url, element, bytes }] of subjects.entries()) {
    onProgress?.({ stage: 'media', done: index, total: subjects.length, unit: 'items' })
    signal?.throwIfAborted()
    const base = { url, element, size: bytes.length, sha256: bytesToHex(sha256(bytes)) }
    try {
      const print = await fingerprint(bytes, {
        layers: work === undefined ? 'signature' : 'all',
        ...(signal === undefined ? {} : { signal }),
      })
      const match = work === undefined || print.media !== work.media ? undefined : compare(work, print)
      const drawn =
        work === undefined || original === undefined || match === undefined || match.verdict === 'different'
          ? undefined
          : await draw(match, { work, original }, { url, print, bytes }, signal).catch((fault: unknown) => {
              signal?.throwIfAborted()
              if (!(fault instanceof ColophonError)) throw fault
              gaps.push(`What ${url} shares with the work could not be drawn: ${fault.shortMessage}`)
              return undefined
            })
      const picture = drawn === undefined ? undefined : keepPicture(pictures, drawn)
      found.push({
        ...base,
        mediaType: print.mediaType,
        iscc: print.iscc,
        ...(match === undefined
          ? {}
          : { match: { verdict: match.verdict, explanation: match.reason, ...(picture === undefined ? {} : { picture }) } }),
      })
    } catch (fault) {
      signal?.throwIfAborted()
      if (!(fault instanceof ColophonError)) throw fault
      found.push({ ...base, mediaType: 'application/octet-stream', problem: fault.shortMessage })
    }
  }
  onProgress?.({ stage: 'media', done: subjects.length, total: subjects.length, unit: 'items' })
  return found
}

/** What came for an address in the end, if it is a success. */
function answerOf(first: string, answers: ReadonlyMap<string, Exchange>): Exchange | undefined {
  let url = first
  for (let hop = 0; hop < 20; hop++) {
    const answer = answers.get(url)
    if (answer === undefined || answer.status === 200 || answer.status === 203) return answer
    const location = answer.responseHeaders.find(([name]) => name.toLowerCase() === 'location')?.[1]
    if (answer.status < 300 || answer.status >= 400 || location === undefined || !URL.canParse(location, url)) return undefined
    url = new URL(location, url).href
  }
  return undefined
}

async function draw(
  match: Match,
  { work, original }: { work: Fingerprint; original: Source },
  { url, print, bytes }: { url: string; print: Fingerprint; bytes: Uint8Array },
  signal: AbortSignal | undefined,
): Promise<Explanation | undefined> {
  const { name = 'the work' } = await openSource(original)
  const sides = [
    { source: original, name, fingerprint: work },
    { source: bytes, name: url, fingerprint: print },
  ] as const
  return await explanationOf(match, ...sides, signal === undefined ? {} : { signal })
}

function keepPicture(pictures: MatchPicture[], { mediaType, content }: Explanation): { path: string; sha256: `0x${string}` } {
  const path = `matches/${pictures.length + 1}.${mediaType === 'text/html' ? 'html' : 'svg'}`
  pictures.push({ path, content })
  return { path, sha256: bytesToHex(sha256(new TextEncoder().encode(content))) }
}

/** How far the machine's clock is from the server's, to the second that HTTP gives. */
function clockOf({ exchanges, page }: Recording): EvidenceManifest['clock'] {
  const main = exchanges.find(({ url }) => url === page.url)
  const date = main?.responseHeaders.find(([name]) => name.toLowerCase() === 'date')?.[1]
  const server = date === undefined ? Number.NaN : Date.parse(date)
  return Number.isNaN(server) ? undefined : { server: new Date(server).toISOString(), aheadMs: main!.date.getTime() - server }
}
