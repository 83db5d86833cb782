import { zipSync } from 'fflate'

// Documents made of paragraphs, as small as their formats allow.

const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** A page with navigation, style, script, inline elements inside of words, and paragraphs. */
export function htmlOf(paragraphs: readonly string[]): Uint8Array<ArrayBuffer> {
  const body = paragraphs.map((text) => `<p class="a > b">${escaped(text).replace(/(\p{L}{2})(\p{L}{2})/u, '$1<b>$2</b>')}</p>`)
  return utf8(
    `<!DOCTYPE html><html><head><meta charset="utf-8"><title>A page</title><style>p { color: red }</style></head><body>` +
      `<script>const hidden = "<p>nobody reads this</p>"</script>${body.join('\n')}</body></html>`,
  )
}

/** A Word document; each paragraph is cut into two runs. */
export function docxOf(paragraphs: readonly string[], extra: Readonly<Record<string, string>> = {}): Uint8Array<ArrayBuffer> {
  const run = (text: string): string => `<w:r><w:t xml:space="preserve">${escaped(text)}</w:t></w:r>`
  const body = paragraphs.map((text) => `<w:p>${run(text.slice(0, text.length >> 1))}${run(text.slice(text.length >> 1))}</w:p>`).join('')
  return archiveOf({
    '[Content_Types].xml': `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`,
    '_rels/.rels': `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
    'word/document.xml': `<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${body}</w:body></w:document>`,
    ...extra,
  })
}

/** A book with a page for every ten paragraphs. `files` are added to the archive or replace what it has. */
export function epubOf(paragraphs: readonly string[], extra: Readonly<Record<string, string>> = {}): Uint8Array<ArrayBuffer> {
  const pages: string[] = []
  for (let at = 0; at < paragraphs.length || at === 0; at += 10) {
    const text = paragraphs.slice(at, at + 10).map((each) => `<p>${escaped(each)}</p>`)
    pages.push(`<html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body>${text.join('')}</body></html>`)
  }
  const each = (item: (index: number) => string): string => pages.map((_, index) => item(index)).join('')
  return archiveOf({
    mimetype: 'application/epub+zip',
    'META-INF/container.xml': `<container><rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>`,
    'OPS/book.opf': `<package><manifest>${each((index) => `<item id="p${index}" href="text/p%20${index}.xhtml" media-type="application/xhtml+xml"/>`)}</manifest><spine>${each((index) => `<itemref idref="p${index}"/>`)}</spine></package>`,
    ...Object.fromEntries(pages.map((page, index) => [`OPS/text/p ${index}.xhtml`, page])),
    ...extra,
  })
}

export function archiveOf(files: Readonly<Record<string, string>>): Uint8Array<ArrayBuffer> {
  const entries = Object.entries(files).map(([path, text]) => [path, [utf8(text), { level: path === 'mimetype' ? 0 : 6 }]] as const)
  return new Uint8Array(zipSync(Object.fromEntries(entries) as Parameters<typeof zipSync>[0]))
}

const LINE = 78
const LINES = 48

/** A PDF in one font of its own encoding, whose characters are named by a ToUnicode map. */
export function pdfOf(paragraphs: readonly string[]): Uint8Array<ArrayBuffer> {
  const codes = new Map<string, number>()
  const hex = (value: number): string => value.toString(16).padStart(4, '0')
  const shown = (line: string): string =>
    [...visual(line)]
      .map((character) => {
        const code = codes.get(character) ?? codes.size + 1
        codes.set(character, code)
        return hex(code)
      })
      .join('')
  const lines = paragraphs.flatMap(wrapped)
  const contents: string[] = []
  for (let at = 0; at < lines.length || at === 0; at += LINES) {
    const page = lines.slice(at, at + LINES).map((line) => `<${shown(line)}> Tj T*`)
    contents.push(`BT /F 10 Tf 14 TL 40 780 Td ${page.join('\n')} ET`)
  }
  const utf16 = (character: string): string => [...Array(character.length).keys()].map((unit) => hex(character.charCodeAt(unit))).join('')
  const names = [...codes].map(([character, code]) => `<${hex(code)}> <${utf16(character)}>`)
  const maps: string[] = []
  for (let at = 0; at < names.length; at += 100)
    maps.push(`${names.slice(at, at + 100).length} beginbfchar\n${names.slice(at, at + 100).join('\n')}\nendbfchar`)
  const stream = (text: string): string => `<< /Length ${text.length} >>\nstream\n${text}\nendstream`
  const kids = contents.map((_, index) => `${7 + index * 2} 0 R`)
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Count ${kids.length} /Kids [${kids.join(' ')}] >>`,
    '<< /Type /Font /Subtype /Type0 /BaseFont /Colophon /Encoding /Identity-H /DescendantFonts [4 0 R] /ToUnicode 5 0 R >>',
    '<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Colophon /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /DW 600 /FontDescriptor 6 0 R >>',
    stream(
      `/CIDInit /ProcSet findresource begin\nbegincmap\n1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n${maps.join('\n')}\nendcmap`,
    ),
    '<< /Type /FontDescriptor /FontName /Colophon /Flags 4 /Ascent 800 /Descent -200 /CapHeight 700 /ItalicAngle 0 /StemV 80 /FontBBox [0 -200 600 800] >>',
    ...contents.flatMap((content, index) => [
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F 3 0 R >> >> /Contents ${8 + index * 2} 0 R >>`,
      stream(content),
    ]),
  ]
  let file = '%PDF-1.4\n'
  const offsets = objects.map((object, index) => {
    const at = file.length
    file += `${index + 1} 0 obj\n${object}\nendobj\n`
    return at
  })
  const table = offsets.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('')
  return utf8(
    `${file}xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer << /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF\n`,
  )
}

/** The characters from left to right: a PDF has them as they stand on the page. */
function visual(line: string): string {
  if (!/[\u0590-\u08ff]/.test(line)) return line
  return [...line]
    .reverse()
    .join('')
    .replace(/[a-z\d][\x21-\x7e ]*[a-z\d]/gi, (run) => [...run].reverse().join(''))
}

/** Lines of a paragraph; words that are too long for the rest of a line are parted by a hyphen. */
function wrapped(paragraph: string): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of paragraph.split(/\s+/)) {
    if ([...line].length + [...word].length <= LINE) {
      line += `${word} `
      continue
    }
    const room = LINE - [...line].length
    if (/^[a-z]{8,}$/.test(word) && room > 4) {
      lines.push(`${line}${word.slice(0, 4)}-`)
      line = `${word.slice(4)} `
      continue
    }
    if (line !== '') lines.push(line)
    const characters = [...word]
    while (characters.length > LINE) lines.push(characters.splice(0, LINE).join(''))
    line = `${characters.join('')} `
  }
  return [...lines, line]
}
