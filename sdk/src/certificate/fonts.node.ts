import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { FontNote } from './data.ts'
import type { RoleFont } from './fonts.ts'
import { BUNDLED } from './fonts.ts'

/** Noto Serif SC: some eight thousand characters of simplified Chinese, a package of its own because it has 87 MB. */
const CHINESE = '@fontsource/noto-serif-sc'

let loaded: Promise<RoleFont[]> | undefined

/** The fonts of the SDK, and the Chinese one where it is installed. Browsers get `fonts.browser.ts` in its place. */
export function standardFonts(): Promise<RoleFont[]> {
  loaded ??= load()
  return loaded
}

async function load(): Promise<RoleFont[]> {
  // A file in two roles is read once, and so embedded once.
  const files = new Map<string, Promise<Uint8Array>>()
  const read = (file: URL | string): Promise<Uint8Array> => {
    const known = files.get(String(file)) ?? readFile(file).then((bytes) => new Uint8Array(bytes))
    files.set(String(file), known)
    return known
  }
  const own = BUNDLED.map(async ({ role, name, file }) => ({
    role,
    name,
    bytes: await read(new URL(`../../fonts/${file}`, import.meta.url)),
  }))
  const chinese = CHINESE_ROLES.map(async ([role, weight]): Promise<RoleFont[]> => {
    try {
      const file = createRequire(import.meta.url).resolve(`${CHINESE}/files/noto-serif-sc-chinese-simplified-${weight}-normal.woff`)
      return [{ role, name: `Noto Serif SC ${weight}`, bytes: await read(file) }]
    } catch {
      return []
    }
  })
  return [...(await Promise.all(own)), ...(await Promise.all(chinese)).flat()]
}

const CHINESE_ROLES: readonly (readonly [FontNote['role'], 400 | 600])[] = [
  ['text', 400],
  ['bold', 600],
  ['italic', 400],
  ['mono', 400],
]
