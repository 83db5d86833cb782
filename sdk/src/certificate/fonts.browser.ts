import { ColophonError } from '../errors/base.ts'
import { BUNDLED, type RoleFont } from './fonts.ts'

let loaded: Promise<RoleFont[]> | undefined

/**
 * The fonts of the SDK, fetched from where the bundler has put them. A page that needs Chinese passes that font itself.
 * @throws ColophonError `FONT_INVALID`
 */
export function standardFonts(): Promise<RoleFont[]> {
  loaded ??= fetchAll().catch((fault: unknown) => {
    // A connection that is back should be tried again.
    loaded = undefined
    throw fault
  })
  return loaded
}

async function fetchAll(): Promise<RoleFont[]> {
  // A file in two roles is fetched once, and so embedded once.
  const files = new Map<string, Promise<Uint8Array>>()
  for (const { file, name } of BUNDLED) if (!files.has(file)) files.set(file, fetched(file, name))
  return await Promise.all(BUNDLED.map(async ({ role, name, file }) => ({ role, name, bytes: await files.get(file)! })))
}

async function fetched(file: string, name: string): Promise<Uint8Array> {
  // Bundlers know this form, and put the file where the address will lead.
  const url = new URL(`../../fonts/${file}`, import.meta.url)
  try {
    const answer = await fetch(url)
    if (!answer.ok) throw new Error(`status ${answer.status}`)
    return new Uint8Array(await answer.arrayBuffer())
  } catch (cause) {
    throw new ColophonError('FONT_INVALID', `The font ${name} cannot be fetched from ${url.href}.`, {
      hint: 'Serve the folder fonts of the package beside the bundle, where the address points.',
      details: { font: name, url: url.href },
      cause,
    })
  }
}
