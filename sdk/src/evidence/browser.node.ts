/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { existsSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { ColophonError } from '../errors/base.ts'
import { untilAborted } from '../progress/aborted.ts'

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable']

/** Pixels of the window that pages are looked at in. */
export const VIEWPORT: { width: number; height: number } = { width: 1280, height: 900 }

/** Where a Chromium is, if there is one. */
export function findChromium(given?: string): string | undefined {
  return [given, process.env.COLOPHON_CHROMIUM, ...PLACES].find((path) => path !== undefined && existsSync(path))
}

/**
 * Starts a headless Chromium that reaches the web through a proxy only.
 *
 * @param more - further arguments
 * @throws ColophonError `DEPENDENCY_MISSING`; the signal's reason when aborted
 */
export async function startBrowser(
  executablePath: string,
  proxy: string,
  signal: AbortSignal | undefined,
  more: readonly string[] = [],
): Promise<Browser> {
  const { chromium } = await import('playwright-core').catch((cause: unknown) => {
    throw new ColophonError('DEPENDENCY_MISSING', 'Pages are loaded through playwright-core, which is not installed.', {
      hint: 'npm install playwright-core, or do without a browser.',
      cause,
    })
  })
  const launching = chromium.launch({
    executablePath,
    proxy: { server: proxy, bypass: '<-loopback>' },
    args: [
      '--disable-quic',
      '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      // In containers root has no user namespaces to build the sandbox from.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ...more,
    ],
  })
  try {
    return await untilAborted(launching, signal)
  } catch (fault) {
    // One that starts after nobody waits for it any more would run for ever, and keep this process from ending.
    launching.then((browser) => browser.close()).catch(() => undefined)
    throw fault
  }
}

/** Whatever a page does to the browser, waiting for it ends. */
export async function within<Value>(limit: number, work: Promise<Value>): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it kept the browser busy for ${limit} ms`)), limit)
  })
  work.catch(() => undefined)
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/** Scrolls through so many screens and back, so that what loads late is loaded; gives how many there were beyond the first. */
export async function scrollThrough(page: Page, screens: number): Promise<number> {
  return await page
    .evaluate(
      async ([most, height]) => {
        let screen = 0
        while (screen < most && (screen + 1) * height < document.documentElement.scrollHeight) {
          window.scrollTo(0, ++screen * height)
          await new Promise((resolve) => setTimeout(resolve, 100))
        }
        window.scrollTo(0, 0)
        return screen
      },
      [screens, VIEWPORT.height] as const,
    )
    .catch(() => 0)
}

/** Runs in the page: every picture, sound and film it shows or names for others to show, and where; in open shadow trees too. */
export function mediaOfPage(): { url: string; element: string }[] {
  const found = new Map<string, string>()
  const add = (url: string | null | undefined, element: string): void => {
    if (url && /^https?:/.test(url) && !found.has(url)) found.set(url, element)
  }
  for (const { content } of document.querySelectorAll<HTMLMetaElement>(
    'meta[property^="og:image"], meta[property^="og:video"], meta[property^="og:audio"], meta[name^="twitter:image"]',
  ))
    add(URL.canParse(content, document.baseURI) && /[/.]/.test(content) ? new URL(content, document.baseURI).href : undefined, 'meta')
  const roots: (Document | ShadowRoot)[] = [document]
  let looked = 0
  for (const root of roots) {
    for (const image of root.querySelectorAll('img')) add(image.currentSrc || image.src, 'img')
    for (const media of root.querySelectorAll<HTMLMediaElement>('video, audio')) {
      add(media.currentSrc || media.src, media.localName)
      if (media instanceof HTMLVideoElement) add(media.poster, 'poster')
      for (const source of media.querySelectorAll('source')) add(source.src, media.localName)
    }
    for (const embedded of root.querySelectorAll<HTMLObjectElement | HTMLEmbedElement>('object[data], embed[src]'))
      add(embedded instanceof HTMLObjectElement ? embedded.data : embedded.src, 'embed')
    for (const picture of root.querySelectorAll<SVGImageElement>('svg image')) add(picture.href.baseVal, 'svg')
    for (const element of root.querySelectorAll('*')) {
      if (looked++ > 5000) break
      if (element.shadowRoot !== null) roots.push(element.shadowRoot)
      const { backgroundImage } = getComputedStyle(element)
      for (const [, url] of backgroundImage.matchAll(/url\("([^"]+)"\)/g)) add(url, 'background')
    }
  }
  return [...found].map(([url, element]) => ({ url, element }))
}
