import { sha256 } from '@noble/hashes/sha2.js'
import { type Zippable, zipSync } from 'fflate'
import { WARCRecord, WARCSerializer } from 'warcio'
import { getSurt, postToGetUrl } from 'warcio/utils'
import { bytesToHex } from '../hex/index.ts'
import type { Artifact, CapturedPage, Exchange } from './exchange.ts'

/** What goes into a WACZ. */
export interface WaczContent {
  /** Name and version of the program that captured. */
  software: string
  title: string
  /** The page that replay opens first. */
  mainPage: string
  created: Date
  exchanges: readonly Exchange[]
  artifacts: readonly Artifact[]
  pages: readonly CapturedPage[]
  /** Further files, by their path; they must not begin with `archive/`, `indexes/` or `pages/`. */
  files?: Readonly<Record<string, Uint8Array>>
}

/** Headers that describe the body on the wire; what is stored is decoded, as web archives do. */
const WIRE_HEADERS = new Set(['content-encoding', 'transfer-encoding', 'content-length'])
/** Longer request bodies are told apart by their beginning, as other writers of CDXJ do. */
const LONGEST_QUERY = 4096
const WARC_PATH = 'archive/data.warc.gz'

/**
 * Packs a capture as WACZ 1.1.1: WARC 1.1 records, gzipped one by one, a CDXJ index, the list of pages, and a data package with the
 * SHA-256 of each file. Deterministic but for the ids of records.
 *
 * https://specs.webrecorder.net/wacz/1.1.1/
 */
export async function packWacz(content: WaczContent): Promise<Uint8Array<ArrayBuffer>> {
  const { warc, index } = await writeWarc(content)
  const encoder = new TextEncoder()
  const resources: Record<string, Uint8Array> = {
    [WARC_PATH]: warc,
    'indexes/index.cdxj': encoder.encode(index),
    'pages/pages.jsonl': encoder.encode(pageList(content.pages)),
    ...content.files,
  }
  const datapackage = encoder.encode(
    `${JSON.stringify(
      {
        profile: 'data-package',
        wacz_version: '1.1.1',
        title: content.title,
        created: content.created.toISOString(),
        software: content.software,
        mainPageURL: content.mainPage,
        mainPageDate: content.pages[0]?.date.toISOString() ?? content.created.toISOString(),
        resources: Object.entries(resources).map(([path, bytes]) => ({
          name: path.slice(path.lastIndexOf('/') + 1),
          path,
          hash: hashOf(bytes),
          bytes: bytes.length,
        })),
      },
      null,
      2,
    )}\n`,
  )
  const digest = encoder.encode(`${JSON.stringify({ path: 'datapackage.json', hash: hashOf(datapackage) }, null, 2)}\n`)
  const files: Zippable = {}
  // The archive must be stored as it is: replay reads records by their offset in the zip.
  for (const [path, bytes] of Object.entries({ 'datapackage.json': datapackage, 'datapackage-digest.json': digest, ...resources }))
    files[path] = [bytes, { level: path === WARC_PATH ? 0 : 6, mtime: content.created }]
  return zipSync(files)
}

export function hashOf(bytes: Uint8Array): string {
  return `sha256:${bytesToHex(sha256(bytes)).replace(/^0x/, '')}`
}

async function writeWarc(content: WaczContent): Promise<{ warc: Uint8Array; index: string }> {
  const parts: Uint8Array[] = []
  const entries: string[] = []
  let offset = 0
  /** Appends a record and tells where it stands. */
  async function append(record: WARCRecord): Promise<{ offset: number; length: number }> {
    const bytes = await WARCSerializer.serialize(record, { gzip: true, digest: { algo: 'sha-256', prefix: 'sha256:' } })
    const at = { offset, length: bytes.length }
    parts.push(bytes)
    offset += bytes.length
    return at
  }
  const indexed = (
    url: string,
    date: Date,
    facts: Record<string, string>,
    at: { offset: number; length: number },
    key: string = keyOf(url),
  ): void => {
    const stamp = timestampOf(date)
    const line = { url, ...facts, offset: String(at.offset), length: String(at.length), filename: WARC_PATH.slice('archive/'.length) }
    entries.push(`${key} ${stamp} ${JSON.stringify(line)}`)
  }

  const info = { software: content.software, format: 'WARC File Format 1.1', isPartOf: content.title }
  await append(
    WARCRecord.createWARCInfo(
      { warcVersion: 'WARC/1.1', filename: WARC_PATH.slice('archive/'.length), date: content.created.toISOString() },
      info,
    ),
  )
  for (const exchange of content.exchanges) {
    const date = exchange.date.toISOString()
    const id = recordId()
    const facts = {
      ...(exchange.address === undefined ? {} : { 'WARC-IP-Address': exchange.address }),
      ...(exchange.truncated ? { 'WARC-Truncated': 'time' } : {}),
    }
    const response = WARCRecord.create(
      {
        url: exchange.url,
        date,
        type: 'response',
        warcVersion: 'WARC/1.1',
        statusline: `HTTP/1.1 ${exchange.status} ${exchange.statusText}`.trim(),
        httpHeaders: headersOf(exchange),
        keepHeadersCase: true,
        warcHeaders: { 'WARC-Record-ID': id, ...facts },
      },
      once(exchange.body),
    )
    const at = await append(response)
    const digest = response.warcPayloadDigest ?? ''
    const mime = mimeOf(exchange.responseHeaders)
    const { key, asked } = lookupOf(exchange)
    indexed(exchange.url, exchange.date, { mime, status: String(exchange.status), digest, ...asked }, at, key)
    const { pathname, search } = new URL(exchange.url)
    await append(
      WARCRecord.create(
        {
          url: exchange.url,
          date,
          type: 'request',
          warcVersion: 'WARC/1.1',
          statusline: `${exchange.method} ${pathname}${search} HTTP/1.1`,
          httpHeaders: exchange.requestHeaders.filter(([name]) => !name.startsWith(':')),
          keepHeadersCase: true,
          warcHeaders: { 'WARC-Concurrent-To': id },
        },
        once(exchange.requestBody ?? new Uint8Array()),
      ),
    )
  }
  for (const { uri, date, mediaType, bytes } of content.artifacts) {
    const record = WARCRecord.create(
      {
        url: uri,
        date: date.toISOString(),
        type: 'resource',
        warcVersion: 'WARC/1.1',
        warcHeaders: { 'Content-Type': mediaType, 'WARC-Record-ID': recordId() },
      },
      once(bytes),
    )
    const at = await append(record)
    indexed(uri, date, { mime: mediaType.split(';')[0]!, status: '200', digest: record.warcPayloadDigest ?? '' }, at)
  }
  return { warc: joined(parts, offset), index: `${entries.sort(byteOrder).join('\n')}\n` }
}

function headersOf({ responseHeaders, body }: Exchange): [string, string][] {
  const kept: [string, string][] = []
  for (const [name, value] of responseHeaders) {
    if (name.startsWith(':')) continue
    if (WIRE_HEADERS.has(name.toLowerCase())) kept.push([`x-orig-${name}`, value])
    else kept.push([name, value])
  }
  kept.push(['content-length', String(body.length)])
  return kept
}

function pageList(pages: readonly CapturedPage[]): string {
  const lines: object[] = [{ format: 'json-pages-1.0', id: 'pages', title: 'All pages', hasText: true }]
  for (const [index, { url, title, date, text }] of pages.entries())
    lines.push({ id: `page-${index + 1}`, url, title, ts: date.toISOString(), text })
  return `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`
}

/** SURT of an address, e.g. `org,example)/path`; other URIs stand for themselves. */
function keyOf(url: string): string {
  return /^https?:/i.test(url) ? getSurt(url) : url.replaceAll(' ', '%20')
}

/** How replay looks an exchange up: what was sent is part of the key of everything but a GET. */
function lookupOf({ url, method, requestHeaders, requestBody }: Exchange): { key: string; asked: Record<string, string> } {
  if (method === 'GET') return { key: keyOf(url), asked: {} }
  const headers = new Map(requestHeaders.filter(([name]) => !name.startsWith(':')).map(([name, value]) => [name.toLowerCase(), value]))
  const request: Parameters<typeof postToGetUrl>[0] = { method, url, headers, postData: requestBody ?? '' }
  if (!postToGetUrl(request, LONGEST_QUERY)) return { key: keyOf(url), asked: { method } }
  return { key: keyOf(request.url), asked: { method, ...(request.requestBody ? { requestBody: String(request.requestBody) } : {}) } }
}

/** 14 digits, as CDX has it. */
function timestampOf(date: Date): string {
  return date.toISOString().replace(/\D/g, '').slice(0, 14)
}

function mimeOf(headers: readonly [string, string][]): string {
  const type = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? ''
  return type.split(';')[0]!.trim().toLowerCase() || 'application/octet-stream'
}

function recordId(): string {
  return `<urn:uuid:${crypto.randomUUID()}>`
}

function* once(bytes: Uint8Array): Generator<Uint8Array> {
  if (bytes.length > 0) yield bytes
}

export function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const all = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/** CDXJ is searched by bisection over bytes. */
function byteOrder(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
