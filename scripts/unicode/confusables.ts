// Writes sdk/src/fingerprint/text/confusables.ts, the table by which letters that look alike count as one:
//   node scripts/unicode/confusables.ts confusables.txt
// The file is Unicode's (https://www.unicode.org/Public/security/17.0.0/confusables.txt, UTS #39).
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const file = process.argv[2]
if (file === undefined) throw new Error('Name the file confusables.txt.')
const source = readFileSync(file, 'utf8')
const version = /^# Version: ([\d.]+)$/m.exec(source)?.[1]
if (version === undefined) throw new Error(`${file} does not say its version.`)

/** What the fingerprints take of a character before look-alikes are joined; as `letters.ts` does. */
function plain(text: string): string {
  return [...text.normalize('NFKD').toLowerCase().normalize('NFKD')].filter((part) => /[\p{L}\p{N}]/u.test(part)).join('')
}

/** The lower-case form says what a letter looks like, for texts are mostly lower case; a capital says it only where that says nothing. */
const byLower = new Map<string, string>()
const byCapital = new Map<string, string>()
for (const line of source.split('\n')) {
  const match = /^\s*([\dA-F]+) ;\s*([\dA-F ]+?)\s*;\s*MA/.exec(line)
  if (match === null) continue
  const from = String.fromCodePoint(Number.parseInt(match[1]!, 16))
  const to = String.fromCodePoint(...match[2]!.split(' ').map((point) => Number.parseInt(point, 16)))
  const [a, b] = [plain(from), plain(to)]
  // Only one letter for one: "rn" for "m" would need the whole table to know the letter that follows.
  if ([...a].length !== 1 || [...b].length !== 1 || a === b) continue
  // Digits of all scripts become the ASCII ones by their value before; what they look like would contradict it.
  if (/\p{Nd}/u.test(a) || !/[\p{L}\p{N}]/u.test(b)) continue
  const form = from.normalize('NFKD')
  const table = form === form.toLowerCase() ? byLower : byCapital
  // What Unicode says of the letter itself goes before what it says of its variants.
  if (from === a || !table.has(a)) table.set(a, b)
}
const looks = new Map([...byCapital, ...byLower])

/** What must stay apart, so that Latin texts do not grow alike: two ASCII letters are joined only where eyes cannot tell them apart. */
const JOINED: Readonly<Record<string, string>> = { '0': 'o', '1': 'l', i: 'l' }
function settled(letter: string): string {
  const seen = new Set([letter])
  let at = letter
  for (;;) {
    if (/^[a-z\d]$/.test(at)) return JOINED[at] ?? at
    const next = looks.get(at)
    if (next === undefined || seen.has(next)) return at
    seen.add(next)
    at = next
  }
}

const pairs = [...new Set([...looks.keys(), ...Object.keys(JOINED)])]
  .map((letter) => [letter, settled(letter)] as const)
  .filter(([letter, target]) => letter !== target)
  .sort(([a], [b]) => a.codePointAt(0)! - b.codePointAt(0)!)

// By target, so that the table is a few lines of text: the target, then its look-alikes.
const groups = new Map<string, string[]>()
for (const [letter, target] of pairs) groups.set(target, [...(groups.get(target) ?? []), letter])
const escaped = (text: string): string =>
  [...text].map((letter) => (/[a-z\d]/.test(letter) ? letter : `\\u{${letter.codePointAt(0)!.toString(16)}}`)).join('')
const lines: string[] = []
let line = ''
for (const [target, members] of [...groups].sort(([a], [b]) => a.codePointAt(0)! - b.codePointAt(0)!)) {
  const group = escaped(target + members.join(''))
  if (line !== '' && line.length + group.length > 130) {
    lines.push(line)
    line = ''
  }
  line += `${line === '' ? '' : ' '}${group}`
}
lines.push(line)

writeFileSync(
  join(import.meta.dirname, '..', '..', 'sdk', 'src', 'fingerprint', 'text', 'confusables.ts'),
  `// Written by scripts/unicode/confusables.ts from confusables.txt ${version} (Unicode Security Mechanisms, UTS #39),
// © 1991-2025 Unicode, Inc., used under the Unicode License v3, https://www.unicode.org/license.txt

/** Groups parted by spaces: a letter, then all that look like it. Letters as they are after NFKD, in lower case, without marks. */
export const CONFUSABLES: string =
${lines.map((each, index) => `  '${each}${index === lines.length - 1 ? "'" : " ' +"}`).join('\n')}
`,
)
console.log(`${pairs.length} letters, ${groups.size} groups, Unicode ${version}`)
