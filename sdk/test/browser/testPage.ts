import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { build } from 'esbuild'
import { launchChromium } from './chromium.ts'

export interface TestPage {
  origin: string
  /** What the page was asked for and asked for itself. */
  asked: string[]
  /** Calls a function that the page offers. */
  call<Answer>(name: string, ...args: unknown[]): Promise<Answer>
  close(): Promise<void>
}

/** A page of this folder in Chromium, bundled as for browsers, that can fetch `files` by their paths; undefined where no Chromium is to be had. */
export async function openTestPage(entry: string, files: Map<string, Uint8Array | string>): Promise<TestPage | undefined> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, entry)],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    write: false,
    logLevel: 'error',
    // The sources stand where the package has its build; its `browser` field says which file a browser takes instead.
    plugins: [
      {
        name: 'browser field',
        setup({ onResolve }) {
          onResolve({ filter: /\.node\.ts$/ }, ({ path, resolveDir }) => ({
            path: join(resolveDir, path.replace('.node.ts', '.browser.ts')),
          }))
        },
      },
    ],
  })
  const browser = await launchChromium()
  if (browser === undefined) return undefined
  files.set('/page.js', outputFiles[0]!.text)
  files.set('/', '<!doctype html><meta charset="utf-8"><title>SDK</title><script type="module" src="/page.js"></script>')
  const server = createServer((request, response) => {
    const body = files.get(request.url!)
    const type = request.url!.endsWith('.js') ? 'text/javascript' : request.url === '/' ? 'text/html' : 'application/octet-stream'
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': type }).end(body)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const page = await browser.newPage()
  const asked: string[] = []
  page.on('request', (request) => asked.push(`${request.method()} ${request.url()}`))
  const close = async (): Promise<void> => {
    await browser.close()
    server.closeAllConnections()
    server.close()
  }
  try {
    await page.goto(origin)
    await page.waitForFunction('globalThis.ready === true')
  } catch (cause) {
    await close()
    throw cause
  }
  return {
    origin,
    asked,
    call: async <Answer>(name: string, ...args: unknown[]) =>
      (await page.evaluate(
        ([of, given]) =>
          (globalThis as unknown as Record<string, (...values: unknown[]) => unknown>)[of as string]!(...(given as unknown[])),
        [name, args] as const,
      )) as Answer,
    close,
  }
}
