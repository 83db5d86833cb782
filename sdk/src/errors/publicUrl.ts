/** Where our own documents are; these addresses hold no keys. */
const DOCS = 'https://github.com/colophon-dev/'
const URLS = /\b(?:https?|wss?):\/\/[^\s"'`<>\\]+/gi

/**
 * An RPC's address without what may be a secret: hosted providers put keys in user, password, path and query, and a few in the host's name.
 * What is no URL is cut after what looks like a host.
 */
export function publicUrl(url: string): string {
  const [, scheme = '', authority = '', rest = ''] = /^([a-z][a-z0-9+.-]*:\/\/)?([^/?#\\]*)(.*)$/is.exec(url.trim())!
  const host = authority.slice(authority.lastIndexOf('@') + 1)
  const shown =
    /^(\[[0-9a-f:.]+\]|[\w.-]*)(:\d*)?$/i.test(host) && (scheme !== '' || /[.:]|^localhost$/.test(host)) ? withoutKeys(host) : '…'
  return `${scheme}${shown}${rest === '' || rest === '/' ? '' : '/…'}`
}

/** The same for every URL in a text, except those of our own documents. */
export function withPublicUrls(text: string): string {
  return text.replace(URLS, (url) => (url.startsWith(DOCS) ? url : publicUrl(url)))
}

/** Names in a host that are too long for anything but a key. */
function withoutKeys(host: string): string {
  return host
    .split('.')
    .map((label) => (/^[a-z0-9_-]{24,}$/i.test(label) && /\d/.test(label) ? '…' : label))
    .join('.')
}
