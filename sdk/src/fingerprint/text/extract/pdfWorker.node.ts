import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parentPort, workerData } from 'node:worker_threads'
import { PDF_OPTIONS, pagesText } from './pdf.ts'

// Runs in a thread that `pdf.node.ts` starts and may end at any time.

/** What the thread says. */
export type PdfMessage = { page: string } | { end: true } | { error: string; kind: 'missing' | 'locked' | 'unreadable' }

const send = (message: PdfMessage): void => parentPort?.postMessage(message)

async function run(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  let pdfjs: typeof import('pdfjs-dist')
  try {
    // pdf.js makes one of these when it is loaded, for drawing, and without its optional canvas of 33 MB there is none in Node. This thread only reads.
    Object.assign(globalThis, { DOMMatrix: class {} })
    pdfjs = await import('pdfjs-dist/legacy/build/pdf.mjs')
  } catch (cause) {
    send({ kind: 'missing', error: String(cause) })
    return
  }
  // Fonts of Chinese, Japanese and Korean may name their characters by tables that only the package has.
  const folder = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'))
  const cMapUrl = pathToFileURL(join(folder, 'cmaps')).pathname
  try {
    const loading = pdfjs.getDocument({ data: bytes, ...PDF_OPTIONS, cMapUrl: `${cMapUrl}/`, cMapPacked: true })
    for await (const page of pagesText(await loading.promise)) send({ page })
    send({ end: true })
  } catch (cause) {
    const wantsPassword = cause instanceof Error && cause.name === 'PasswordException'
    send({ kind: wantsPassword ? 'locked' : 'unreadable', error: cause instanceof Error ? cause.message : String(cause) })
  }
}

if (parentPort !== null) await run(workerData as Uint8Array<ArrayBuffer>)
