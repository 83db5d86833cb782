import { ColophonError } from '../errors/base.ts'
import { BUNDLED, type RoleFont } from './fonts.ts'

let loaded: Promise<RoleFont[]> | undefined

/**
 * The fonts of the SDK, fetched from where the bundler has put them. A page that needs Chinese passes that font itself.
 * @throws ColophonError `FONT_INVALID`
 */
export function standardFonts(): Promise<RoleFont[]> {
  loaded ??= Promise.all(BUNDLED.map(fetched)).catch((fault: unknown) => {
    // A connection that is back should be tried again.
    loaded = undefined
    throw fault
  })
  return loaded
}

async function fetched({ role, name, file }: (typeof BUNDLED)[number]): Promise<RoleFont> {
  // Bundlers know this form, and put the file where the address will lead.
  const url = new URL(`../../fonts/${file}`, import.meta.url)
  try {
    const answer = await fetch(url)
    if (!answer.ok) throw new Error(`status ${answer.status}`)
    return { role, name, bytes: new Uint8Array(await answer.arrayBuffer()) }
  } catch (cause) {
    throw new ColophonError('FONT_INVALID', `The font ${name} cannot be fetched from ${url.href}.`, {
      hint: 'Serve the folder fonts of the package beside the bundle, where the address points.',
      details: { font: name, url: url.href },
      cause,
    })
  }
}
