import { BUNDLED, type RoleFont } from './fonts.ts'

let loaded: Promise<RoleFont[]> | undefined

/** The fonts of the SDK, fetched from where the bundler has put them. A page that needs Chinese passes that font itself. */
export function standardFonts(): Promise<RoleFont[]> {
  loaded ??= Promise.all(
    BUNDLED.map(async ({ role, name, file }) => {
      const answer = await fetch(new URL(`../../fonts/${file}`, import.meta.url))
      return { role, name, bytes: new Uint8Array(await answer.arrayBuffer()) }
    }),
  )
  return loaded
}
