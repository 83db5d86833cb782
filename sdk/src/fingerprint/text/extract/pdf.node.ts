import { Worker } from 'node:worker_threads'
import { ColophonError } from '../../../errors/base.ts'
import { MOST_PDF_CHARACTERS, type PdfText } from './pdf.ts'
import type { PdfMessage } from './pdfWorker.node.ts'
import { type ExtractOptions, locked, tooLarge, unreadable } from './problems.ts'

/** Milliseconds that the first page, and each page after the one before, may take. */
const PAGE_TIME = 30_000
/** Megabytes of heap of the thread. */
const MOST_HEAP = 384

/**
 * Reads with pdf.js in a thread of its own, which is ended when it takes too much time or memory: a PDF is a program, and some never end.
 * Browsers get `pdf.browser.ts` in its place, by the `browser` field of the package.
 */
export const pdfText: PdfText = async function* (bytes, options) {
  // Types are stripped where this runs from its sources.
  const file = new URL(import.meta.url.endsWith('.ts') ? './pdfWorker.node.ts' : './pdfWorker.node.js', import.meta.url)
  const worker = new Worker(file, {
    workerData: bytes,
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: MOST_HEAP },
  })
  const messages = queue(worker, options)
  try {
    let characters = 0
    for (;;) {
      const message = await messages.next()
      if ('end' in message) return
      if ('error' in message) throw refusal(message, options)
      characters += message.page.length
      if (characters > MOST_PDF_CHARACTERS)
        throw tooLarge(`it has more than ${MOST_PDF_CHARACTERS} characters`, options, MOST_PDF_CHARACTERS)
      yield message.page
    }
  } finally {
    messages.close()
    await worker.terminate()
  }
}

function refusal({ error, kind }: Extract<PdfMessage, { error: string }>, options: ExtractOptions): ColophonError {
  if (kind === 'locked') return locked('it wants a password', options)
  if (kind === 'unreadable') return unreadable('the PDF is damaged', options, new Error(error))
  return new ColophonError('DEPENDENCY_MISSING', 'PDF is read with pdfjs-dist, which is not installed.', {
    hint: 'Run: npm install pdfjs-dist',
    details: { package: 'pdfjs-dist' },
    cause: new Error(error),
  })
}

/** The messages of a thread one by one, each within its time. */
function queue(worker: Worker, options: ExtractOptions): { next(): Promise<PdfMessage>; close(): void } {
  const waiting: PdfMessage[] = []
  let failed: unknown
  let wake = (): void => {}
  const fail = (cause: unknown): void => {
    failed ??= cause
    wake()
  }
  const abort = (): void => fail(options.signal?.reason)
  worker.on('message', (message: PdfMessage) => {
    waiting.push(message)
    wake()
  })
  worker.on('error', (cause: NodeJS.ErrnoException) =>
    fail(
      cause.code === 'ERR_WORKER_OUT_OF_MEMORY'
        ? tooLarge(`reading it takes more than ${MOST_HEAP} megabytes`, options, MOST_HEAP)
        : unreadable('the PDF is damaged', options, cause),
    ),
  )
  worker.on('exit', () => fail(unreadable('the PDF is damaged', options)))
  options.signal?.addEventListener('abort', abort, { once: true })
  if (options.signal?.aborted === true) abort()
  return {
    async next() {
      if (waiting.length === 0 && failed === undefined) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(() => fail(unreadable(`a page takes more than ${PAGE_TIME / 1000} seconds`, options)), PAGE_TIME)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
      const message = waiting.shift()
      if (message === undefined) throw failed
      return message
    },
    close: () => options.signal?.removeEventListener('abort', abort),
  }
}
