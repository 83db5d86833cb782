import { sha256 } from '@noble/hashes/sha2.js'
import type { Unzipped } from 'fflate'
import { bytesToHex } from '../hex/index.ts'
import { hashOf } from './wacz.ts'
import { eachMember, httpOf, readRecord, unpackWacz } from './warc.ts'

/** One thing that is wrong with a WACZ. */
export interface WaczProblem {
  /** File in the package, or record. */
  where: string
  problem: string
}

/** What a WACZ holds, and everything that is wrong with it. */
export interface WaczReport {
  valid: boolean
  problems: WaczProblem[]
  title?: string
  mainPage?: string
  /** Records of the archive. */
  records: number
  /** Addresses that were captured, with status and the SHA-256 of the body. */
  responses: { url: string; status: number; sha256: string; bytes: number }[]
}

/**
 * Checks a WACZ as strictly as its specification is: every hash and length of the data package, the digest of the data package itself,
 * every block and payload digest of the WARC, and that each entry of the index leads to the record it names.
 *
 * @throws ColophonError `WACZ_UNREADABLE` when it is no zip, or larger than 512 MiB unpacked
 */
export function validateWacz(bytes: Uint8Array): WaczReport {
  const files = unpackWacz(bytes)
  const problems: WaczProblem[] = []
  const report: WaczReport = { valid: false, problems, records: 0, responses: [] }
  const wrong = (where: string, problem: string): number => problems.push({ where, problem })

  const data = files['datapackage.json']
  const described = data === undefined ? undefined : jsonOf(data)
  if (data === undefined || described === undefined) wrong('datapackage.json', data === undefined ? 'is missing' : 'is not JSON')
  else {
    if (typeof described.title === 'string') report.title = described.title
    if (typeof described.mainPageURL === 'string') report.mainPage = described.mainPageURL
    if (typeof described.wacz_version !== 'string') wrong('datapackage.json', 'names no version of WACZ')
    checkResources(described.resources, files, wrong)
    checkDigest(data, files['datapackage-digest.json'], wrong)
  }
  for (const needed of ['pages/pages.jsonl']) if (files[needed] === undefined) wrong(needed, 'is missing')
  const archives = Object.keys(files).filter((path) => path.startsWith('archive/'))
  if (archives.length === 0) wrong('archive/', 'is empty')

  const places = new Map<string, Place>()
  for (const path of archives) checkArchive(path, files[path]!, report, places, wrong)
  checkIndex(files, places, wrong)
  checkPages(files['pages/pages.jsonl'], report, wrong)
  report.valid = problems.length === 0
  return report
}

type Wrong = (where: string, problem: string) => void

function jsonOf(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

function checkResources(resources: unknown, files: Unzipped, wrong: Wrong): void {
  if (!Array.isArray(resources)) {
    wrong('datapackage.json', 'lists no resources')
    return
  }
  const listed = new Set<string>()
  for (const each of resources as Record<string, unknown>[]) {
    const path = String(each?.path)
    listed.add(path)
    const found = files[path]
    if (found === undefined) wrong(path, 'is listed, but missing')
    else {
      if (each.bytes !== found.length) wrong(path, `has ${found.length} bytes, not ${String(each.bytes)}`)
      if (each.hash !== hashOf(found)) wrong(path, 'has another hash than listed')
    }
  }
  for (const path of Object.keys(files))
    if (!path.endsWith('/') && !path.startsWith('datapackage') && !listed.has(path)) wrong(path, 'is there, but not listed')
}

function checkDigest(data: Uint8Array, digest: Uint8Array | undefined, wrong: Wrong): void {
  if (digest === undefined) wrong('datapackage-digest.json', 'is missing')
  else if (jsonOf(digest)?.hash !== hashOf(data)) wrong('datapackage-digest.json', 'has another hash than the data package')
}

interface Place {
  url: string
  length: number
  digest: string | undefined
}

function checkArchive(path: string, bytes: Uint8Array, report: WaczReport, places: Map<string, Place>, wrong: Wrong): void {
  try {
    eachMember(bytes, (member, offset, length) => {
      const where = `${path}, record ${++report.records}`
      const record = readRecord(member)
      if (record === undefined) {
        wrong(where, 'is no WARC record')
        return
      }
      const { header, block } = record
      const type = header.get('warc-type') ?? ''
      const url = header.get('warc-target-uri') ?? ''
      const http = type === 'response' || type === 'request' ? httpOf(block) : undefined
      const payload = http?.body ?? block
      if (header.get('content-length') !== String(block.length)) wrong(where, 'has another length than it says')
      if (type !== 'warcinfo') {
        if (header.get('warc-block-digest') !== hashOf(block)) wrong(where, 'has another block than its digest says')
        if (header.get('warc-payload-digest') !== hashOf(payload)) wrong(where, 'has another payload than its digest says')
      }
      if (type !== 'response' && type !== 'resource') return
      places.set(`${path.slice('archive/'.length)} ${offset}`, { url, length, digest: header.get('warc-payload-digest') })
      if (type === 'response')
        report.responses.push({ url, status: http?.status ?? 0, sha256: bytesToHex(sha256(payload)), bytes: payload.length })
    })
  } catch (fault) {
    wrong(path, `cannot be read after record ${report.records}: ${(fault as Error).message}`)
  }
}

function checkIndex(files: Unzipped, places: ReadonlyMap<string, Place>, wrong: Wrong): void {
  const path = 'indexes/index.cdxj'
  const index = files[path]
  if (index === undefined) {
    wrong('indexes/', 'is empty')
    return
  }
  const lines = new TextDecoder().decode(index).split('\n').filter(Boolean)
  const seen = new Set<string>()
  let before = ''
  for (const [number, line] of lines.entries()) {
    const where = `${path}, line ${number + 1}`
    if (line < before) wrong(where, 'is out of order')
    before = line
    const json = /^\S+ \d{14} (\{.*\})$/.exec(line)?.[1]
    const entry = json === undefined ? undefined : jsonOf(new TextEncoder().encode(json))
    if (entry === undefined) {
      wrong(where, 'is no CDXJ entry')
      continue
    }
    const key = `${String(entry.filename)} ${String(entry.offset)}`
    const place = places.get(key)
    if (place === undefined) wrong(where, 'leads to no record')
    else if (place.url !== entry.url || String(place.length) !== String(entry.length) || (entry.digest && place.digest !== entry.digest))
      wrong(where, 'says something else than the record it leads to')
    seen.add(key)
  }
  for (const [key, { url }] of places) if (!seen.has(key)) wrong(path, `does not list ${url}`)
}

function checkPages(pages: Uint8Array | undefined, report: WaczReport, wrong: Wrong): void {
  if (pages === undefined) return
  const [head, ...rest] = new TextDecoder().decode(pages).split('\n').filter(Boolean)
  if (jsonOf(new TextEncoder().encode(head ?? ''))?.format !== 'json-pages-1.0') wrong('pages/pages.jsonl', 'has no header')
  const captured = new Set(report.responses.map(({ url }) => url))
  for (const [index, line] of rest.entries()) {
    const page = jsonOf(new TextEncoder().encode(line))
    if (typeof page?.url !== 'string' || typeof page.ts !== 'string')
      wrong(`pages/pages.jsonl, line ${index + 2}`, 'names no address and time')
    else if (!captured.has(page.url)) wrong(`pages/pages.jsonl, line ${index + 2}`, `names ${page.url}, which was not captured`)
  }
}
