import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { folderOf, leftOut, packages, type TextPackage } from './packages.ts'

/** A text of the corpus. */
export interface CorpusText {
  name: string
  language: 'en' | 'zh' | 'ja' | 'ar'
  paragraphs: string[]
}

/** Texts by name. */
export function readCorpus(): CorpusText[] {
  const all = packages.flatMap((each) => {
    const folder = folderOf(each)
    if (each.reader === 'brown') return brown(folder)
    if (each.reader === 'sotu') return speeches(folder)
    if (each.reader === 'handbook') return handbook(folder)
    return []
  })
  return all.filter(({ name }) => !leftOut.has(name))
}

/** Words that may stand for each other, by word: those of the synsets of WordNet. */
export function readSynonyms(): Map<string, string[]> {
  const folder = join(folderOf(packages.find(({ reader }) => reader === 'synonyms') as TextPackage), 'dict')
  const found = new Map<string, string[]>()
  for (const kind of ['noun', 'verb', 'adj', 'adv']) {
    for (const line of readFileSync(join(folder, `data.${kind}`), 'latin1').split('\n')) {
      const fields = line.split(' ')
      const count = Number.parseInt(fields[3] ?? '0', 16)
      if (line.startsWith(' ') || count < 2) continue
      const words = Array.from({ length: count }, (_, index) =>
        fields[4 + index * 2]!.toLowerCase().replace(/\(.*/, '').replaceAll('_', ' '),
      )
      for (const word of words) {
        if (!/^[a-z]{3,}$/.test(word)) continue
        const others = words.filter((other) => other !== word && /^[a-z ]+$/.test(other))
        found.set(word, [...(found.get(word) ?? []), ...others])
      }
    }
  }
  return found
}

/** Every text of the Brown corpus, without its part-of-speech tags. */
function brown(folder: string): CorpusText[] {
  return readdirSync(folder)
    .filter((name) => /^c[a-r]\d\d$/.test(name))
    .map((name) => {
      const paragraphs = readFileSync(join(folder, name), 'latin1')
        .split(/\n\s*\n\s*\n?/)
        .map((paragraph) =>
          paragraph
            .split(/\s+/)
            .map((word) => word.slice(0, Math.max(word.lastIndexOf('/'), 0)))
            .filter((word) => word !== '')
            .join(' ')
            .replace(/ ([.,;:!?])/g, '$1'),
        )
      return { name, language: 'en', paragraphs: paragraphs.filter((each) => each !== '') }
    })
}

function speeches(folder: string): CorpusText[] {
  const data = join(folder, 'data')
  return readdirSync(data)
    .filter((name) => name.endsWith('.txt'))
    .map((name) => ({ name, language: 'en', paragraphs: paragraphsOf(readFileSync(join(data, name), 'utf8')) }))
}

const SCRIPTS = {
  'zh-CN': /\p{Script=Han}/gu,
  'ja-JP': /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu,
  'ar-MA': /\p{Script=Arabic}/gu,
}
/** Letters of a part of the handbook: so many of Chinese say what twice as many of Arabic do. */
const PART = { 'zh-CN': 1500, 'ja-JP': 2500, 'ar-MA': 5000 }

/** The paragraphs of a handbook that are translated, in parts; commands and what was left in English stand in all its languages. */
function handbook(folder: string): CorpusText[] {
  return (Object.keys(SCRIPTS) as (keyof typeof SCRIPTS)[]).flatMap((language) => {
    const pages = join(folder, 'usr', 'share', 'doc', 'debian-handbook', 'html', language)
    const paragraphs = new Set<string>()
    for (const name of readdirSync(pages).sort()) {
      if (!name.endsWith('.html')) continue
      for (const [, body] of readFileSync(join(pages, name), 'utf8').matchAll(/<div class="para">([\s\S]*?)<\/div>/g)) {
        const text = body!
          .replace(/<[^>]+>/g, '')
          .replace(/\s+/g, ' ')
          .replaceAll('&lt;', '<')
          .replaceAll('&gt;', '>')
          .replaceAll('&amp;', '&')
          .trim()
        const own = text.match(SCRIPTS[language])?.length ?? 0
        if (own > 40 && own > 0.7 * (text.match(/[\p{L}\p{N}]/gu)?.length ?? 0)) paragraphs.add(text)
      }
    }
    const parts: string[][] = []
    let size = Number.POSITIVE_INFINITY
    for (const paragraph of paragraphs) {
      if (size > PART[language]) {
        parts.push([])
        size = 0
      }
      parts.at(-1)!.push(paragraph)
      size += paragraph.length
    }
    if (size < PART[language]) parts.pop()
    return parts.map(
      (each, index): CorpusText => ({
        name: `handbook-${language}-${index}`,
        language: language.slice(0, 2) as CorpusText['language'],
        paragraphs: each,
      }),
    )
  })
}

function paragraphsOf(text: string): string[] {
  return text
    .split(/\n\s*\n/)
    .map((each) => each.replace(/\s+/g, ' ').trim())
    .filter((each) => each !== '')
}
