/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { fetchReplayViewer } from '../../../scripts/setup/replayViewer.ts'
import { launchChromium } from '../browser/chromium.ts'

const OPENINGS = 3

/** What ReplayWeb.page shows of an archive; undefined where it cannot be had. */
export interface Replayed {
  text: string
  /** Pictures that have pixels. */
  pictures: number
  /** Requests that left for anywhere but the archive. */
  outside: string[]
}

export async function replay(archive: Uint8Array, url: string): Promise<Replayed | undefined> {
  return (await replayAll([{ archive, url }]))?.[0]
}

/** The same for several, with one download. */
export async function replayAll(captures: readonly { archive: Uint8Array; url: string }[]): Promise<Replayed[] | undefined> {
  const viewer = fetchReplayViewer()
  if (viewer === undefined) return undefined
  const replayed: Replayed[] = []
  for (const { archive, url } of captures) {
    const seen = await replayOne(archive, url, viewer)
    if (seen === undefined) return undefined
    replayed.push(seen)
  }
  return replayed
}

/** @param viewer - where ReplayWeb.page lies */
async function replayOne(archive: Uint8Array, url: string, viewer: string): Promise<Replayed | undefined> {
  const browser = await launchChromium()
  if (browser === undefined) return undefined
  const files: Record<string, [string, string | Uint8Array]> = {
    '/': [
      'text/html',
      `<!doctype html><script src="/replay/ui.js"></script><replay-web-page source="/archive.wacz" url="${url}" replayBase="/replay/" embed="replayonly" style="height:900px"></replay-web-page>`,
    ],
    '/replay/ui.js': ['text/javascript', readFileSync(join(viewer, 'ui.js'))],
    '/replay/sw.js': ['text/javascript', readFileSync(join(viewer, 'sw.js'))],
    '/archive.wacz': ['application/wacz', archive],
  }
  const server = createServer((request, response) => {
    const found = files[new URL(request.url!, 'http://x').pathname]
    if (found === undefined) {
      response.writeHead(404).end()
      return
    }
    const [type, body] = found
    const bytes = Buffer.from(body)
    const range = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? '')
    if (range === null) {
      response.writeHead(200, { 'content-type': type, 'content-length': bytes.length, 'accept-ranges': 'bytes' }).end(bytes)
      return
    }
    // A range from the end may be longer than the file, which is then meant whole (RFC 9110, section 14.1.2).
    const from = range[1] === '' ? Math.max(0, bytes.length - Number(range[2])) : Number(range[1])
    const to = range[1] === '' || range[2] === '' ? bytes.length - 1 : Math.min(Number(range[2]), bytes.length - 1)
    response
      .writeHead(206, {
        'content-type': type,
        'content-length': to - from + 1,
        'content-range': `bytes ${from}-${to}/${bytes.length}`,
        'accept-ranges': 'bytes',
      })
      .end(bytes.subarray(from, to + 1))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const outside: string[] = []
  try {
    const context = await browser.newContext()
    context.on('request', (request) => {
      if (!request.url().startsWith(origin) && /^https?:/.test(request.url())) outside.push(request.url())
    })
    // The viewer's service worker does not always take its page over; whoever meets that opens it again.
    for (let opening = 0; opening < OPENINGS; opening++) {
      const page = await context.newPage()
      await page.goto(`${origin}/`)
      for (let tries = 0; tries < 100; tries++) {
        await new Promise((resolve) => setTimeout(resolve, 250))
        for (const frame of page.frames()) {
          if (!frame.url().includes('mp_/')) continue
          const seen = await frame
            .evaluate(() => ({
              text: document.body?.innerText ?? '',
              pictures: [...document.images].filter((each) => each.naturalWidth > 0).length,
              ready: document.readyState,
            }))
            .catch(() => undefined)
          if (seen?.ready === 'complete' && seen.text !== '' && tries > 8) return { text: seen.text, pictures: seen.pictures, outside }
        }
      }
      await page.close()
    }
    return { text: '', pictures: 0, outside }
  } finally {
    await browser.close()
    server.closeAllConnections()
    server.close()
  }
}

/** What the captured page said, as the archive's list of pages has it. */
export function capturedText(archive: Uint8Array): string {
  const lines = new TextDecoder().decode(unzipSync(archive)['pages/pages.jsonl']).trim().split('\n')
  return String((JSON.parse(lines.at(-1)!) as { text?: string }).text ?? '')
}
