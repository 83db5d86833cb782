import { decodeXml, resolvePath } from './docx.ts'
import { htmlText } from './html.ts'
import { parseMarkup } from './markup.ts'
import { type ExtractOptions, locked, unreadable } from './problems.ts'
import { type Archive, openArchive } from './zip.ts'

// EPUB 2 and 3: META-INF/container.xml names the package document, whose spine names the pages in reading order.

const PAGES = new Set(['application/xhtml+xml', 'text/html', 'application/x-dtbook+xml'])

/** @throws ColophonError `TEXT_UNREADABLE`, `TEXT_LOCKED`, `TEXT_TOO_LARGE` */
export async function* epubText(bytes: Uint8Array, options: ExtractOptions): AsyncGenerator<string> {
  const archive = openArchive(bytes, options)
  const pages = spine(archive, packagePath(archive, options), options)
  const encrypted = encryptedPaths(archive, options)
  for (const page of pages) {
    if (encrypted.has(page)) throw locked(`${page} is encrypted`, options)
    // Some books name pages that were left out; what is there can still be read.
    if (!archive.has(page)) continue
    yield* htmlText(decodeXml(archive.read(page), page, options), options)
    yield '\n'
  }
}

function packagePath(archive: Archive, options: ExtractOptions): string {
  let found: string | undefined
  readXml(archive, 'META-INF/container.xml', options, (name, { 'full-path': path }) => {
    if (name === 'rootfile' && path !== undefined) found ??= resolvePath('', path)
  })
  if (found === undefined) throw unreadable('the archive is no book', options)
  return found
}

/** Paths of the pages in reading order. */
function spine(archive: Archive, path: string, options: ExtractOptions): string[] {
  const folder = path.slice(0, path.lastIndexOf('/') + 1)
  const items = new Map<string, string>()
  const order: string[] = []
  readXml(archive, path, options, (name, { id, href, idref, 'media-type': type }) => {
    if (name === 'item' && id !== undefined && href !== undefined && PAGES.has(type ?? '')) items.set(id, href)
    if (name === 'itemref' && idref !== undefined) order.push(idref)
  })
  const pages = order.flatMap((id) => {
    const href = items.get(id)
    return href === undefined ? [] : [resolvePath(folder, unescaped(href.split('#')[0]!))]
  })
  if (pages.length === 0) throw unreadable('the book has no pages', options)
  return [...new Set(pages)]
}

/** Fonts may be veiled in any book; pages are encrypted only in protected ones. */
function encryptedPaths(archive: Archive, options: ExtractOptions): Set<string> {
  const found = new Set<string>()
  if (!archive.has('META-INF/encryption.xml')) return found
  readXml(archive, 'META-INF/encryption.xml', options, (name, { URI: uri }) => {
    if (name === 'CipherReference' && uri !== undefined) found.add(resolvePath('', unescaped(uri)))
  })
  return found
}

function unescaped(uri: string): string {
  try {
    return decodeURIComponent(uri)
  } catch {
    return uri
  }
}

function readXml(
  archive: Archive,
  path: string,
  options: ExtractOptions,
  open: (name: string, attributes: Readonly<Record<string, string>>) => void,
): void {
  const parser = parseMarkup({ open: (name, attributes) => open(name.slice(name.indexOf(':') + 1), attributes) }, options, {
    xmlMode: true,
  })
  for (const piece of decodeXml(archive.read(path), path, options)) parser.write(piece)
  parser.end()
}
