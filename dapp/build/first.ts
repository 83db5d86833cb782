import type { HtmlTagDescriptor, Plugin, Rollup } from 'vite'
import { homeMessages } from '../src/home/messages.ts'

/** Modules of the page that most visits begin with. */
const FIRST = ['/src/main.tsx', '/src/home/HomePage.tsx']
/** Fonts of the first words. */
const SOON = [/^assets\/bricolage-grotesque-latin-wght-normal-.*\.woff2$/, /^assets\/instrument-sans-latin-wght-normal-.*\.woff2$/]

/**
 * Puts the words of the start page into the page itself, in every language, so that they are read while the app is on its way, which then puts its own in
 * their place; and has the browser fetch early what that needs.
 */
export const first: Plugin = {
  name: 'first words',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler(html, { bundle = {} }) {
      const words = Object.entries(homeMessages)
        .map(
          ([language, { headline, about }]) =>
            `<section class="hero first-words" lang="${language}"><div class="page-head"><h1>${escaped(headline)}</h1><p>${escaped(about)}</p></div><div class="drop"></div></section>`,
        )
        .join('')
      const shell = `<div class="shell"><header class="masthead"><span class="brand"><img src="./mark.svg" alt="" width="30" height="30"><span>Colophon</span></span></header><div class="rail"></div><main>${words}</main></div>`
      const page = html.replace('<div id="root"></div>', `<div id="root">${shell}</div>`)
      if (page === html) throw new Error('index.html has no place for the first words.')
      const files = Object.values(bundle)
      const fonts = SOON.map((pattern) => files.find(({ fileName }) => pattern.test(fileName))?.fileName)
      if (fonts.includes(undefined)) throw new Error('What the start page needs first is not in the build.')
      const tags: HtmlTagDescriptor[] = [
        { tag: 'script', attrs: { src: './first.js' }, injectTo: 'head' },
        ...scriptsOf(files).map((href) => ({
          tag: 'link',
          attrs: { rel: 'modulepreload', crossorigin: true, href: `./${href}` },
          injectTo: 'head' as const,
        })),
        ...fonts.map((font) => ({
          tag: 'link',
          attrs: { rel: 'preload', as: 'font', type: 'font/woff2', crossorigin: true, href: `./${font}` },
          injectTo: 'head' as const,
        })),
      ]
      return { html: page, tags }
    },
  },
}

/** Scripts of the app and of its start page, with all that they import: fetched while the first words are painted. */
function scriptsOf(files: Rollup.OutputBundle[string][]): string[] {
  const chunks = files.filter((each) => each.type === 'chunk')
  const wanted = FIRST.map((module) =>
    chunks.find(({ facadeModuleId, moduleIds }) => [facadeModuleId, ...moduleIds].some((id) => id?.endsWith(module))),
  )
  const found = new Set<string>()
  const queue = wanted.map((chunk, index) => {
    if (chunk === undefined) throw new Error(`The build has no ${FIRST[index]}.`)
    return chunk
  })
  for (let chunk = queue.pop(); chunk !== undefined; chunk = queue.pop()) {
    if (found.has(chunk.fileName)) continue
    found.add(chunk.fileName)
    for (const name of chunk.imports) queue.push(...chunks.filter(({ fileName }) => fileName === name))
  }
  return [...found]
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
