import { parseMarkup } from './markup.ts'
import { type ExtractOptions, unreadable } from './problems.ts'
import { type Archive, openArchive } from './zip.ts'

// Office Open XML (ECMA-376): the paragraphs of the main document, then its foot- and endnotes. Text that was deleted under revision or is
// hidden is not what a reader sees.

const TEXT = new Set(['t'])
const LINES = new Set(['br', 'cr', 'p', 'tr'])
const MAIN = /\/officeDocument$/
const NOTES = /\/(?:footnotes|endnotes)$/

/** @throws ColophonError `TEXT_UNREADABLE`, `TEXT_LOCKED`, `TEXT_TOO_LARGE` */
export function* docxText(bytes: Uint8Array, options: ExtractOptions): Generator<string> {
  const archive = openArchive(bytes, options)
  const main = relations(archive, '', options).find(({ type }) => MAIN.test(type))?.target
  if (main === undefined || !archive.has(main)) throw unreadable('the archive is no document', options)
  yield* partText(archive, main, options)
  for (const { type, target } of relations(archive, main, options)) {
    if (NOTES.test(type) && archive.has(target)) yield* partText(archive, target, options)
  }
}

function* partText(archive: Archive, path: string, options: ExtractOptions): Generator<string> {
  let out = ''
  let inText = false
  let hidden = false
  /** Elements open inside of the second form of something that was read already, itself included. */
  let fallback = 0
  const parser = parseMarkup(
    {
      open(qualified, attributes) {
        const name = local(qualified)
        if (fallback > 0 || qualified === 'mc:Fallback') {
          fallback++
          return
        }
        if (name === 'r') hidden = false
        else if (name === 'vanish') hidden = !/^(?:0|false|off)$/.test(attributes['w:val'] ?? '')
        else if (TEXT.has(name)) inText = true
        else if (name === 'tab') out += '\t'
        else if (name === 'noBreakHyphen') out += '-'
        else if (name === 'softHyphen') out += '\u00ad'
      },
      text(text) {
        if (inText && !hidden && fallback === 0) out += text
      },
      close(qualified) {
        if (fallback > 0) {
          fallback--
          return
        }
        const name = local(qualified)
        if (TEXT.has(name)) inText = false
        else if (LINES.has(name)) out += '\n'
        else if (name === 'tc') out += '\t'
      },
    },
    options,
    { xmlMode: true },
  )
  for (const piece of decodeXml(archive.read(path), path, options)) {
    parser.write(piece)
    if (out !== '') yield out
    out = ''
  }
  parser.end()
  if (out !== '') yield out
}

/** Name without namespace prefix. */
function local(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}

/** What a part points to; the archive itself is the part `''`. */
function relations(archive: Archive, part: string, options: ExtractOptions): { type: string; target: string }[] {
  const slash = part.lastIndexOf('/') + 1
  const folder = part.slice(0, slash)
  const path = `${folder}_rels/${part.slice(slash)}.rels`
  const found: { type: string; target: string }[] = []
  if (!archive.has(path)) return found
  const parser = parseMarkup(
    {
      open(name, { Type: type, Target: target, TargetMode: mode }) {
        if (local(name) === 'Relationship' && type !== undefined && target !== undefined && mode !== 'External')
          found.push({ type, target: resolvePath(folder, target) })
      },
    },
    options,
    { xmlMode: true },
  )
  for (const piece of decodeXml(archive.read(path), path, options)) parser.write(piece)
  parser.end()
  return found
}

/** The path inside an archive that a relative one means. */
export function resolvePath(folder: string, target: string): string {
  const parts: string[] = []
  for (const part of (target.startsWith('/') ? target.slice(1) : folder + target).split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.' && part !== '') parts.push(part)
  }
  return parts.join('/')
}

/** XML is UTF-8, or UTF-16 with a byte order mark. */
export function* decodeXml(pieces: Iterable<Uint8Array>, path: string, options: ExtractOptions): Generator<string> {
  let decoder: InstanceType<typeof TextDecoder> | undefined
  try {
    for (const piece of pieces) {
      const wide = piece[0] === 0xff && piece[1] === 0xfe ? 'utf-16le' : piece[0] === 0xfe && piece[1] === 0xff ? 'utf-16be' : 'utf-8'
      decoder ??= new TextDecoder(wide, { fatal: true })
      yield decoder.decode(piece, { stream: true })
    }
    yield decoder?.decode() ?? ''
  } catch (cause) {
    throw cause instanceof TypeError ? unreadable(`${path} is not UTF-8 or UTF-16`, options, cause) : cause
  }
}
