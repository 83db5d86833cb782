import type { HtmlTagDescriptor, Plugin } from 'vite'
import { homeMessages } from '../src/home/messages.ts'

/** Of the fonts of the first words, and of the page that most visits begin with. */
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
      const home = files.find((each) => each.type === 'chunk' && each.name === 'HomePage')?.fileName
      const fonts = SOON.map((pattern) => files.find(({ fileName }) => pattern.test(fileName))?.fileName)
      if (home === undefined || fonts.includes(undefined)) throw new Error('What the start page needs first is not in the build.')
      const tags: HtmlTagDescriptor[] = [
        { tag: 'script', attrs: { src: './first.js' }, injectTo: 'head' },
        { tag: 'link', attrs: { rel: 'modulepreload', crossorigin: true, href: `./${home}` }, injectTo: 'head' },
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

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
