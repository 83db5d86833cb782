import type { Font } from '../font/font.ts'
import { subsetFont } from '../font/subset.ts'
import { srgbProfile } from './icc.ts'
import { createPdfFile, latin1, type PdfFile, pdfDate, pdfNumber, pdfText } from './objects.ts'
import { type Description, xmpPacket } from './xmp.ts'

/** A JPEG, as it is put into the file. */
export interface Picture {
  jpeg: Uint8Array
  /** Pixels. */
  width: number
  height: number
}

/** A file within the file. */
export interface Attachment {
  name: string
  /** MIME type. */
  type: string
  about: string
  bytes: Uint8Array
  /** What it is to the page: what the page was made from, or more about it. */
  relationship: 'Source' | 'Data' | 'Supplement'
  /** Seconds since 1970. */
  modified: number
}

/** A font, and the glyphs that the page uses: each with the text it stands for, in order of their codes. */
export interface UsedFont {
  font: Font
  glyphs: readonly { glyph: number; text: string }[]
}

export interface DocumentParts extends Description {
  /** Points. */
  width: number
  height: number
  /** Operators of the page; fonts are `/F0`, `/F1` …, the picture `/P`. */
  content: string
  fonts: readonly UsedFont[]
  picture?: Picture
  attachments: readonly Attachment[]
}

/** A PDF/A-3u file of one page. The same parts always give the same bytes. */
export function writeDocument(parts: DocumentParts): Uint8Array<ArrayBuffer> {
  const file = createPdfFile()
  const [catalog, pages, page, content, metadata, profile] = Array.from({ length: 6 }, () => file.reserve()) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const embedded = parts.attachments.map((attachment) => writeAttachment(file, attachment))
  const picture = parts.picture === undefined ? undefined : writePicture(file, parts.picture)
  const fonts = parts.fonts.map((font, index) => writeFont(file, font, index))
  const names = parts.attachments
    .map(({ name }, index) => ({ name, spec: embedded[index]! }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, spec }) => `(${name}) ${spec} 0 R`)
  file.write(
    catalog,
    `<< /Type /Catalog /Pages ${pages} 0 R /Metadata ${metadata} 0 R /Lang (${parts.language}) /ViewerPreferences << /DisplayDocTitle true >>
/OutputIntents [<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB) /Info (sRGB IEC61966-2.1) /DestOutputProfile ${profile} 0 R >>]
/AF [${embedded.map((spec) => `${spec} 0 R`).join(' ')}] /Names << /EmbeddedFiles << /Names [${names.join(' ')}] >> >> >>`,
  )
  file.write(pages, `<< /Type /Pages /Kids [${page} 0 R] /Count 1 >>`)
  file.write(
    page,
    `<< /Type /Page /Parent ${pages} 0 R /MediaBox [0 0 ${pdfNumber(parts.width)} ${pdfNumber(parts.height)}] /Contents ${content} 0 R
/Resources << /Font << ${fonts.map((font, index) => `/F${index} ${font} 0 R`).join(' ')} >>${picture === undefined ? '' : ` /XObject << /P ${picture} 0 R >>`} >> >>`,
  )
  file.writeStream(content, '', latin1(parts.content))
  file.writeStream(metadata, '/Type /Metadata /Subtype /XML', xmpPacket(parts))
  file.writeStream(profile, '/N 3', srgbProfile())
  return file.finish(catalog)
}

function writeAttachment(file: PdfFile, { name, type, about, bytes, relationship, modified }: Attachment): number {
  const [spec, stream] = [file.reserve(), file.reserve()]
  file.write(
    spec,
    `<< /Type /Filespec /F (${name}) /UF ${pdfText(name)} /Desc ${pdfText(about)} /AFRelationship /${relationship} /EF << /F ${stream} 0 R /UF ${stream} 0 R >> >>`,
  )
  file.writeStream(
    stream,
    `/Type /EmbeddedFile /Subtype /${type.replace('/', '#2F')} /Params << /Size ${bytes.length} /ModDate ${pdfDate(modified)} >>`,
    bytes,
  )
  return spec
}

function writePicture(file: PdfFile, { jpeg, width, height }: Picture): number {
  const number = file.reserve()
  file.writeStream(
    number,
    `/Type /XObject /Subtype /Image /Width ${width} /Height ${height} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode`,
    jpeg,
  )
  return number
}

function writeFont(file: PdfFile, { font, glyphs }: UsedFont, index: number): number {
  const [type0, descendant, descriptor, program, unicode] = Array.from({ length: 5 }, () => file.reserve()) as [
    number,
    number,
    number,
    number,
    number,
  ]
  const scaled = (units: number): string => pdfNumber((units * 1000) / font.unitsPerEm)
  // A subset's name begins with six letters and a plus sign.
  const base = `COLPH${String.fromCharCode(65 + index)}+${font.name.replace(/[^A-Za-z0-9-]/g, '')}`
  const all = [0, ...glyphs.map(({ glyph }) => glyph)]
  file.write(
    type0,
    `<< /Type /Font /Subtype /Type0 /BaseFont /${base} /Encoding /Identity-H /DescendantFonts [${descendant} 0 R] /ToUnicode ${unicode} 0 R >>`,
  )
  file.write(
    descendant,
    `<< /Type /Font /Subtype /CIDFontType2 /BaseFont /${base} /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>
/FontDescriptor ${descriptor} 0 R /CIDToGIDMap /Identity /DW 1000 /W [0 [${all.map((glyph) => scaled(font.advanceOf(glyph))).join(' ')}]] >>`,
  )
  file.write(
    descriptor,
    `<< /Type /FontDescriptor /FontName /${base} /Flags ${font.italicAngle === 0 ? 4 : 68} /FontBBox [${font.box.map(scaled).join(' ')}]
/ItalicAngle ${pdfNumber(font.italicAngle)} /Ascent ${scaled(font.ascent)} /Descent ${scaled(font.descent)} /CapHeight ${scaled(font.capHeight)} /StemV 80 /FontFile2 ${program} 0 R >>`,
  )
  const subset = subsetFont(font, all)
  file.writeStream(program, `/Length1 ${subset.length}`, subset)
  file.writeStream(unicode, '', latin1(unicodeMap(glyphs.map(({ text }) => text))))
  return type0
}

/** The text that each code stands for, so that the page can be searched, copied and read aloud. */
function unicodeMap(texts: readonly string[]): string {
  const lines = texts.map(
    (text, index) => `<${hex(index + 1)}> <${Array.from({ length: text.length }, (_, at) => hex(text.charCodeAt(at))).join('')}>`,
  )
  const blocks: string[] = []
  for (let at = 0; at < lines.length; at += 100) {
    const block = lines.slice(at, at + 100)
    blocks.push(`${block.length} beginbfchar\n${block.join('\n')}\nendbfchar\n`)
  }
  return `/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
${blocks.join('')}endcmap
CMapName currentdict /CMap defineresource pop
end
end
`
}

function hex(value: number): string {
  return value.toString(16).toUpperCase().padStart(4, '0')
}
