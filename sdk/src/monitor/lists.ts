import { Parser, parseFeed } from 'htmlparser2'
import { addressOf } from './address.ts'
import type { PageMedium } from './page.ts'

/** What a list names: pages, further lists, and media that it names itself. */
export interface ReadList {
  kind: 'sitemap' | 'feed' | 'links'
  pages: string[]
  lists: string[]
  media: PageMedium[]
}

/** As many as the protocol of sitemaps allows in one file. */
const MOST = 50_000

/** Reads a sitemap, a sitemap index, or a feed (RSS, Atom, RDF); undefined for any other text. */
export function readXmlList(xml: string, address: string): ReadList | undefined {
  const root =
    /^\uFEFF?\s*(?:<\?[\s\S]{0,500}?\?>\s*|<!--[\s\S]*?-->\s*|<!DOCTYPE[^>[]{0,300}>\s*)*<(?:\w+:)?(urlset|sitemapindex|rss|feed|RDF)\b/i.exec(
      xml,
    )?.[1]
  if (root === undefined) return undefined
  return /^(?:urlset|sitemapindex)$/i.test(root) ? readSitemap(xml, address) : readFeed(xml, address)
}

/** https://www.sitemaps.org/protocol.html, with the extensions for pictures and films. */
function readSitemap(xml: string, address: string): ReadList {
  const pages = new Set<string>()
  const lists = new Set<string>()
  const media = new Map<string, string>()
  let within: 'url' | 'sitemap' | undefined
  let taken: string | undefined
  let text = ''
  const parser = new Parser(
    {
      onopentag(tag) {
        const name = localName(tag)
        if (name === 'url' || name === 'sitemap') within = name
        taken = /^(?:loc|content_loc|thumbnail_loc)$/.test(name) ? tag : undefined
        text = ''
      },
      ontext(part) {
        if (taken !== undefined && text.length < 4096) text += part
      },
      onclosetag(tag) {
        const name = localName(tag)
        if (tag === taken) {
          const url = addressOf(text, address)
          if (url !== undefined && pages.size + lists.size + media.size < MOST) {
            if (name !== 'loc') media.set(url, name === 'content_loc' ? 'video' : 'poster')
            else if (/image:/i.test(tag)) media.set(url, 'img')
            else if (within === 'sitemap') lists.add(url)
            else if (within === 'url') pages.add(url)
          }
          taken = undefined
        }
        if (name === 'url' || name === 'sitemap') within = undefined
      },
    },
    { xmlMode: true, decodeEntities: true },
  )
  parser.write(xml)
  parser.end()
  return { kind: 'sitemap', pages: [...pages], lists: [...lists], media: mediaList(media) }
}

function readFeed(xml: string, address: string): ReadList {
  const pages = new Set<string>()
  const media = new Map<string, string>()
  for (const item of (parseFeed(xml, { xmlMode: true })?.items ?? []).slice(0, MOST)) {
    const page = addressOf(item.link ?? '', address)
    if (page !== undefined) pages.add(page)
    for (const { url, medium, type } of item.media) {
      const found = addressOf(url ?? '', address)
      if (found !== undefined) media.set(found, medium ?? type?.split('/')[0] ?? 'enclosure')
    }
  }
  // `parseFeed` leaves out the enclosures of RSS and Atom.
  const parser = new Parser(
    {
      onopentag(name, { url, href, rel, type }) {
        const link = name === 'enclosure' ? url : name === 'link' && rel === 'enclosure' ? href : undefined
        const found = addressOf(link ?? '', address)
        if (found !== undefined && media.size < MOST) media.set(found, type?.split('/')[0] ?? 'enclosure')
      },
    },
    { xmlMode: true, decodeEntities: true },
  )
  parser.write(xml)
  parser.end()
  return { kind: 'feed', pages: [...pages], lists: [], media: mediaList(media) }
}

/** Addresses in a CSV or a list of one a line: every field that is one, whatever the columns are called. */
export function readLinks(text: string): ReadList {
  const pages = new Set<string>()
  for (const line of text.split(/\r\n|\r|\n/)) {
    if (/^\s*#/.test(line)) continue
    for (const field of fieldsOf(line)) {
      const url = /^\s*https?:\/\//i.test(field) ? addressOf(field) : undefined
      if (url !== undefined && pages.size < MOST) pages.add(url)
    }
  }
  return { kind: 'links', pages: [...pages], lists: [], media: [] }
}

/** Fields of a line, separated by comma, semicolon or tab; in quotation marks they may hold any of these (RFC 4180). */
function fieldsOf(line: string): string[] {
  return [...`,${line}`.matchAll(/[,;\t](?:\s*"((?:[^"]|"")*)"\s*|([^,;\t]*))/g)].map(([, quoted, plain]) =>
    quoted === undefined ? plain! : quoted.replaceAll('""', '"'),
  )
}

function localName(tag: string): string {
  return tag.slice(tag.indexOf(':') + 1).toLowerCase()
}

function mediaList(media: ReadonlyMap<string, string>): PageMedium[] {
  return [...media].map(([url, element]) => ({ url, element }))
}
