import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '../../hex/index.ts'

/** A PDF being written: objects by number, in the order they are reserved. */
export interface PdfFile {
  /** Number for an object that is written later. */
  reserve(): number
  /** Writes an object: the text between `obj` and `endobj`. */
  write(number: number, text: string): void
  /** Writes a stream; `dictionary` is what stands between `<<` and `/Length`. Nothing is compressed, so that no library decides on the bytes. */
  writeStream(number: number, dictionary: string, bytes: Uint8Array): void
  /** The file, with cross-reference table and trailer; its identifier is the hash of all the rest, see {@link isWhole}. */
  finish(root: number): Uint8Array<ArrayBuffer>
}

/** The comment after the version tells every transport that the file is binary. */
const HEADER = latin1('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n')

export function createPdfFile(): PdfFile {
  const parts: Uint8Array[] = [HEADER]
  const offsets: number[] = []
  let size = HEADER.length
  const append = (...pieces: (string | Uint8Array)[]): void => {
    for (const piece of pieces) {
      const bytes = typeof piece === 'string' ? latin1(piece) : piece
      parts.push(bytes)
      size += bytes.length
    }
  }
  const begin = (number: number): void => {
    offsets[number - 1] = size
    append(`${number} 0 obj\n`)
  }
  return {
    reserve: () => offsets.push(0),
    write(number, text) {
      begin(number)
      append(text, '\nendobj\n')
    },
    writeStream(number, dictionary, bytes) {
      begin(number)
      append(`<< ${dictionary} /Length ${bytes.length} >>\nstream\n`, bytes, '\nendstream\nendobj\n')
    },
    finish(root) {
      const start = size
      append(`xref\n0 ${offsets.length + 1}\n0000000000 65535 f \n`)
      append(offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join(''))
      append(`trailer\n<< /Size ${offsets.length + 1} /Root ${root} 0 R /ID [<`)
      const ids = [size, size + ID_DIGITS + 3]
      append(`${NO_ID}> <${NO_ID}>] >>\nstartxref\n${start}\n%%EOF\n`)
      const file = joined(parts, size)
      const id = latin1(idOf(file))
      for (const at of ids) file.set(id, at)
      return file
    },
  }
}

/** Hexadecimal digits of a file identifier: 128 bits. */
const ID_DIGITS = 32
const NO_ID = '0'.repeat(ID_DIGITS)

function idOf(withoutId: Uint8Array): string {
  return bytesToHex(sha256(withoutId)).slice(2, 2 + ID_DIGITS)
}

/** Whether a file that `createPdfFile` wrote still has the identifier that follows from its bytes. It tells damage, not forgery. */
export function isWhole(file: Uint8Array): boolean {
  const tail = file.subarray(-400)
  const text = new TextDecoder('latin1').decode(tail)
  const found = /\/ID \[<([0-9a-f]{32})> <\1>\] >>\nstartxref\n\d+\n%%EOF\n$/.exec(text)
  if (found === null) return false
  const blank = file.slice()
  const first = file.length - tail.length + found.index + '/ID [<'.length
  for (const at of [first, first + ID_DIGITS + 3]) blank.set(latin1(NO_ID), at)
  return idOf(blank) === found[1]
}

/** Text for people, as a PDF string in UTF-16. */
export function pdfText(text: string): string {
  let hex = 'FEFF'
  for (let index = 0; index < text.length; index++) hex += text.charCodeAt(index).toString(16).padStart(4, '0')
  return `<${hex.toUpperCase()}>`
}

/** A number with at most three decimals. */
export function pdfNumber(value: number): string {
  const rounded = Math.round(value * 1000) / 1000
  return Object.is(rounded, -0) ? '0' : String(rounded)
}

/** Seconds since 1970 as a PDF date. */
export function pdfDate(seconds: number): string {
  return `(D:${new Date(seconds * 1000).toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z)`
}

/** Bytes of a text of code points below 256. */
export function latin1(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

function joined(parts: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(size)
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
