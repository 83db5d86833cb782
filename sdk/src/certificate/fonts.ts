import type { FontRole } from './data.ts'
import { type Font, type FontFile, openFont } from './font/font.ts'
import type { Face } from './page/sheet.ts'

/** A font, and the role it has on the page; without one it stands in for characters that all others lack. */
export interface RoleFont extends FontFile {
  role?: FontRole
}

/** The fonts that come with the SDK (SIL Open Font License 1.1), in the order in which they are asked for a character. */
export const BUNDLED: readonly { role: FontRole; name: string; file: string }[] = [
  { role: 'text', name: 'Source Serif 4', file: 'source-serif-4-latin-400-normal.woff' },
  { role: 'text', name: 'Source Serif 4 Ext', file: 'source-serif-4-latin-ext-400-normal.woff' },
  { role: 'bold', name: 'Source Serif 4 SemiBold', file: 'source-serif-4-latin-600-normal.woff' },
  { role: 'bold', name: 'Source Serif 4 SemiBold Ext', file: 'source-serif-4-latin-ext-600-normal.woff' },
  { role: 'italic', name: 'Source Serif 4 Italic', file: 'source-serif-4-latin-400-italic.woff' },
  { role: 'italic', name: 'Source Serif 4 Ext', file: 'source-serif-4-latin-ext-400-normal.woff' },
  { role: 'mono', name: 'Source Code Pro', file: 'source-code-pro-latin-400-normal.woff' },
]

/** A font in its role. */
export interface Setting {
  role: FontRole
  font: Font
}

const ROLES: readonly FontRole[] = ['text', 'bold', 'italic', 'mono']

const opened = new WeakMap<Uint8Array, Font>()

/** Fonts in their roles; the same bytes are one font, which is embedded once. */
export function openSettings(files: readonly RoleFont[]): Setting[] {
  return files.flatMap((file) => {
    const font = opened.get(file.bytes) ?? openFont(file)
    opened.set(file.bytes, font)
    return (file.role === undefined ? ROLES : [file.role]).map((role) => ({ role, font }))
  })
}

/**
 * Fonts that somebody gives, read at once so that a bad one is told.
 * @throws ColophonError `FONT_INVALID`
 */
export function openGiven(files: readonly RoleFont[]): Setting[] {
  const settings = openSettings(files)
  for (const { font } of settings) font.tables.size
  return settings
}

export function facesOf(settings: readonly Setting[]): Record<FontRole, Face> {
  const face = (role: FontRole): Face => settings.filter((each) => each.role === role).map(({ font }) => font)
  return { text: face('text'), bold: face('bold'), italic: face('italic'), mono: face('mono') }
}
