import type { ExtractOptions } from './problems.ts'

/**
 * The text of a PDF, page by page.
 *
 * @throws ColophonError `TEXT_UNREADABLE`, `TEXT_LOCKED`, `TEXT_TOO_LARGE`, `DEPENDENCY_MISSING`
 */
export type PdfText = (bytes: Uint8Array<ArrayBuffer>, options: ExtractOptions) => AsyncGenerator<string>

/** Characters of all pages; a PDF can show one page a million times. */
export const MOST_PDF_CHARACTERS = 200_000_000

/** What stands on a page. */
interface PageText {
  items: readonly ({ str: string; hasEOL: boolean } | { type: string })[]
}

/** The part of pdfjs-dist that is used. */
interface PdfDocument {
  numPages: number
  getPage(number: number): Promise<{ getTextContent(): Promise<PageText>; cleanup(): void }>
}

/** How a document is opened, whoever opens it: no scripts, no fonts, no network. */
export const PDF_OPTIONS = {
  isEvalSupported: false,
  disableFontFace: true,
  useSystemFonts: false,
  disableAutoFetch: true,
  useWorkerFetch: false,
  verbosity: 0,
} as const

/** Pages of an open document, as text. */
export async function* pagesText(document: PdfDocument): AsyncGenerator<string> {
  for (let number = 1; number <= document.numPages; number++) {
    const page = await document.getPage(number)
    const { items } = await page.getTextContent()
    let text = ''
    for (const item of items) {
      if (!('str' in item)) continue
      // Fonts without a descriptor make pdf.js put the high bytes of its characters between them.
      text += item.str.replaceAll('\0', '')
      if (item.hasEOL) text += '\n'
    }
    page.cleanup()
    yield `${text}\n`
  }
}
