import { addressOf } from './address.ts'

/** Pictures that a style sheet names; fonts and further style sheets are not among them. */
export function mediaOfStyle(css: string, base: string): string[] {
  const found = new Set<string>()
  const bare = css.replace(/\/\*[\s\S]*?\*\//g, ' ').replace(/@font-face\s*\{[^}]*\}/gi, ' ')
  for (const [whole, quoted, single, plain] of bare.matchAll(/url\(\s*(?:"([^"]*)"|'([^']*)'|([^)\s]*))\s*\)/gi)) {
    if (whole.length > 4096 || /\.(?:css|woff2?|ttf|otf|eot)(?:[?#]|$)/i.test(quoted ?? single ?? plain!)) continue
    const url = addressOf(unescaped(quoted ?? single ?? plain!), base)
    if (url !== undefined) found.add(url)
    if (found.size >= 500) break
  }
  return [...found]
}

function unescaped(text: string): string {
  return text.replace(/\\([0-9a-f]{1,6})\s?|\\(.)/gi, (_, hex: string | undefined, other: string | undefined) =>
    hex === undefined ? other! : String.fromCodePoint(Math.min(Number.parseInt(hex, 16), 0x10ffff)),
  )
}
