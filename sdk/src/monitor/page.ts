import { Parser } from 'htmlparser2'
import { addressOf } from './address.ts'
import { mediaOfStyle } from './style.ts'

/** A picture, sound, film or other file that a page shows or offers. */
export interface PageMedium {
  url: string
  /** `img`, `source`, `background`, `video`, `poster`, `audio`, `meta`, `svg`, `embed`, `link`; for a list, what it calls the file. */
  element: string
}

/** What a page leads to and says. */
export interface ReadPage {
  title: string
  /** Pages that it links to. */
  links: string[]
  media: PageMedium[]
  /** Style sheets, which may name pictures. */
  styles: string[]
  /** Feeds that the page announces. */
  feeds: string[]
  /** Text of the article: of `article` and `main`, where the page has them, else of everything but navigation and margins. */
  text: string
  /** The page asks that its links are not followed. */
  noFollow: boolean
}

/** Links and media of one page beyond this are of no reader. */
const MOST = 2000
const UNSEEN = new Set('script style template noscript title iframe object audio video canvas select datalist svg math'.split(' '))
const MARGINS = new Set('nav header footer aside form dialog menu'.split(' '))
const BLOCKS = new Set(
  'address article blockquote br dd details div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr li main ol p pre section table td th tr ul'.split(
    ' ',
  ),
)
/** Where pages keep the address of a picture that a script loads when it is scrolled to. */
const LATE = ['data-src', 'data-original', 'data-lazy-src', 'data-lazy', 'data-full', 'data-zoom-image']
/** Files that are worth a look when a page links to them. */
const MEDIA_NAME =
  /\.(?:avif|gif|jpe?g|png|tiff?|webp|aac|aiff?|flac|m4[abv]|mp3|mp4|mov|mkv|oga|ogg|ogv|opus|wav|webm|docx|epub|md|pdf|txt)$/i
const META = new Set(
  'og:image og:image:url og:image:secure_url og:video og:video:url og:video:secure_url og:audio twitter:image twitter:image:src'.split(' '),
)
/** Elements inside each other; the parser takes time that grows with it. */
const MOST_DEPTH = 2000
const TOO_DEEP: Error = /* @__PURE__ */ new Error('nested too deep')

/** Reads a page of HTML. Nothing is loaded and no script runs; what cannot be read is left out. */
export function readPage(html: string, address: string): ReadPage {
  let base = address
  let title = ''
  let noFollow = false
  const links = new Set<string>()
  const styles = new Set<string>()
  const feeds = new Set<string>()
  const media = new Map<string, string>()
  const article: string[] = []
  const body: string[] = []
  /** Of the elements that are open. */
  let [unseen, margins, articles, inTitle, inStyle, depth] = [0, 0, 0, 0, 0, 0]
  let style = ''

  const addMedium = (link: string | undefined, element: string): void => {
    const url = link === undefined ? undefined : addressOf(link, base)
    if (url !== undefined && media.size < MOST && !media.has(url)) media.set(url, element)
  }
  const addLink = (into: Set<string>, link: string | undefined): void => {
    const url = link === undefined ? undefined : addressOf(link, base)
    if (url !== undefined && into.size < MOST) into.add(url)
  }
  const addStyle = (css: string): void => {
    for (const url of mediaOfStyle(css, base)) addMedium(url, 'background')
  }

  const parser = new Parser(
    {
      onopentag(name, given) {
        if (++depth > MOST_DEPTH) throw TOO_DEEP
        if (UNSEEN.has(name)) unseen++
        if (MARGINS.has(name)) margins++
        if (name === 'article' || name === 'main') articles++
        if (name === 'title') inTitle++
        if (name === 'style') inStyle++
        if (BLOCKS.has(name)) {
          body.push('\n')
          article.push('\n')
        }
        if (given.style !== undefined) addStyle(given.style)
        switch (name) {
          case 'base':
            base = addressOf(given.href ?? '', address) ?? base
            break
          case 'a':
          case 'area':
            if (/\bnofollow\b/i.test(given.rel ?? '')) break
            if (MEDIA_NAME.test(pathOf(given.href, base))) addMedium(given.href, 'link')
            else addLink(links, given.href)
            break
          case 'img':
          case 'image':
          case 'input':
            addMedium(given.src ?? given.href ?? given['xlink:href'], name === 'image' ? 'svg' : 'img')
            for (const url of addressesOfSrcset(given.srcset ?? given['data-srcset'])) addMedium(url, 'img')
            for (const late of LATE) addMedium(given[late], 'img')
            break
          case 'source':
            addMedium(given.src, 'source')
            for (const url of addressesOfSrcset(given.srcset ?? given['data-srcset'])) addMedium(url, 'source')
            break
          case 'video':
            addMedium(given.src, 'video')
            addMedium(given.poster, 'poster')
            break
          case 'audio':
            addMedium(given.src, 'audio')
            break
          case 'embed':
            addMedium(given.src, 'embed')
            break
          case 'object':
            addMedium(given.data, 'embed')
            break
          case 'iframe':
          case 'frame':
            addLink(links, given.src)
            break
          case 'meta': {
            const called = (given.property ?? given.name ?? '').toLowerCase()
            if (META.has(called)) addMedium(given.content, 'meta')
            if (called === 'robots' || called === 'colophon') noFollow ||= /\b(?:nofollow|none)\b/i.test(given.content ?? '')
            break
          }
          case 'link': {
            const relations = (given.rel ?? '').toLowerCase().split(/\s+/)
            if (relations.includes('stylesheet')) addLink(styles, given.href)
            else if (relations.includes('image_src')) addMedium(given.href, 'meta')
            else if (relations.includes('next') || relations.includes('prev')) addLink(links, given.href)
            else if (relations.includes('alternate') && /rss|atom/i.test(given.type ?? '')) addLink(feeds, given.href)
            break
          }
        }
      },
      ontext(text) {
        if (inTitle > 0 && title.length < 300) title += text
        if (inStyle > 0) style += text
        if (unseen > 0) return
        if (articles > 0) article.push(text)
        if (margins === 0) body.push(text)
      },
      onclosetag(name) {
        depth--
        if (UNSEEN.has(name)) unseen--
        if (MARGINS.has(name)) margins--
        if (name === 'article' || name === 'main') articles--
        if (name === 'title') inTitle--
        if (name === 'style') {
          inStyle--
          addStyle(style)
          style = ''
        }
        if (BLOCKS.has(name)) {
          body.push('\n')
          article.push('\n')
        }
      },
    },
    { decodeEntities: true, lowerCaseTags: true, lowerCaseAttributeNames: true },
  )
  try {
    parser.write(html)
    parser.end()
  } catch (fault) {
    // What came before is what a page that is nested without end has to say.
    if (fault !== TOO_DEEP) throw fault
  }
  const articleText = tidy(article)
  return {
    title: title.trim().replace(/\s+/g, ' ').slice(0, 300),
    links: [...links],
    media: [...media].map(([url, element]) => ({ url, element })),
    styles: [...styles],
    feeds: [...feeds],
    text: articleText === '' ? tidy(body) : articleText,
    noFollow,
  }
}

/** Addresses of a `srcset`: each ends at white space, or at the comma of the next. */
function addressesOfSrcset(srcset: string | undefined): string[] {
  if (srcset === undefined) return []
  return [...srcset.matchAll(/\s*([^\s,]\S*[^\s,]|[^\s,])(?:\s+[^,]+)?(?:,|$)/g)].map(([, url]) => url!).slice(0, 50)
}

function pathOf(link: string | undefined, base: string): string {
  return link !== undefined && URL.canParse(link, base) ? new URL(link, base).pathname : ''
}

function tidy(parts: readonly string[]): string {
  return parts
    .join('')
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n[\n ]*/g, '\n')
    .trim()
}
