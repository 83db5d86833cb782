import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { FontNote } from './data.ts'
import type { RoleFont } from './fonts.ts'
import { BUNDLED } from './fonts.ts'

/** Noto Serif SC: some eight thousand characters of simplified Chinese, a package of its own because it has 87 MB. */
const CHINESE = '@fontsource/noto-serif-sc'

let own: Promise<RoleFont[]> | undefined
let chinese: RoleFont[] = []

/** The fonts of the SDK, and the Chinese one where it is installed. Browsers get `fonts.browser.ts` in its place. */
export async function standardFonts(): Promise<RoleFont[]> {
  const read = reader()
  own ??= Promise.all(
    BUNDLED.map(async ({ role, name, file }) => ({ role, name, bytes: await read(new URL(`../../fonts/${file}`, import.meta.url)) })),
  )
  // That it is missing is not remembered: it may be installed meanwhile.
  if (chinese.length === 0) chinese = (await Promise.all(CHINESE_ROLES.map(([role, weight]) => readChinese(role, weight, read)))).flat()
  return [...(await own), ...chinese]
}

type Read = (file: URL | string) => Promise<Uint8Array>

/** A file in two roles is read once, and so embedded once. */
function reader(): Read {
  const files = new Map<string, Promise<Uint8Array>>()
  return (file) => {
    const known = files.get(String(file)) ?? readFile(file).then((bytes) => new Uint8Array(bytes))
    files.set(String(file), known)
    return known
  }
}

async function readChinese(role: FontNote['role'], weight: 400 | 600, read: Read): Promise<RoleFont[]> {
  try {
    const file = createRequire(import.meta.url).resolve(`${CHINESE}/files/noto-serif-sc-chinese-simplified-${weight}-normal.woff`)
    return [{ role, name: `Noto Serif SC ${weight}`, bytes: await read(file) }]
  } catch {
    return []
  }
}

const CHINESE_ROLES: readonly (readonly [FontNote['role'], 400 | 600])[] = [
  ['text', 400],
  ['bold', 600],
  ['italic', 400],
  ['mono', 400],
]
