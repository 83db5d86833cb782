import { ColophonError } from '../../../errors/base.ts'
import { MOST_PDF_CHARACTERS, PDF_OPTIONS, type PdfText, pagesText } from './pdf.ts'
import { locked, tooLarge, unreadable } from './problems.ts'

/** Reads with pdf.js on the thread that calls; a page that must not wait calls `fingerprint` from a worker of its own. */
export const pdfText: PdfText = async function* (bytes, options) {
  const pdfjs = await loadPdfjs()
  const loading = pdfjs.getDocument({ data: bytes, ...PDF_OPTIONS })
  try {
    let characters = 0
    for await (const page of pagesText(await loading.promise)) {
      options.signal?.throwIfAborted()
      characters += page.length
      if (characters > MOST_PDF_CHARACTERS)
        throw tooLarge(`it has more than ${MOST_PDF_CHARACTERS} characters`, options, MOST_PDF_CHARACTERS)
      yield page
    }
  } catch (cause) {
    if (cause instanceof ColophonError || options.signal?.aborted === true) throw cause
    if (cause instanceof Error && cause.name === 'PasswordException') throw locked('it wants a password', options)
    throw unreadable('the PDF is damaged', options, cause)
  } finally {
    await loading.destroy()
  }
}

async function loadPdfjs(): Promise<typeof import('pdfjs-dist')> {
  // With a `catch` of its own each, bundlers take them for what they are: packages that may not be there.
  const [pdfjs, worker] = await Promise.all([import('pdfjs-dist').catch(missing), import('pdfjs-dist/build/pdf.worker.mjs').catch(missing)])
  // Where pdf.js finds its worker's code here, it needs no address to load it from.
  Object.assign(globalThis, { pdfjsWorker: worker })
  return pdfjs
}

function missing(cause: unknown): never {
  throw new ColophonError('DEPENDENCY_MISSING', 'PDF is read with pdfjs-dist, which is not installed.', {
    hint: 'Run: npm install pdfjs-dist',
    details: { package: 'pdfjs-dist' },
    cause,
  })
}
