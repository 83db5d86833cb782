import type { Hex } from '@colophon/sdk'

/** Names a grant among those to register one work. */
export function grantId({ parent, grantor }: { parent: Hex; grantor: string }): string {
  return `${parent} ${grantor}`
}

/** What is chosen of grants by their names: the contract takes each parent once, so of two for the same one that which was chosen last. */
export function oneOfEach(ids: readonly string[]): string[] {
  return [...new Map(ids.map((id) => [id.slice(0, id.indexOf(' ')), id])).values()]
}
