import type { Catalogue, DocumentState, Entry } from '../catalogue/index.ts'
// Not by its face: this runs without a browser in tests, and the face has components.
import { mediaName } from '../files/media.ts'

export type Kind = 'all' | ReturnType<typeof mediaName>
export type StandingFilter = 'any' | 'offered' | 'disputed' | 'refuted' | 'mine'
export type Order = 'newest' | 'oldest' | 'title'

export interface Filter {
  text: string
  kind: Kind
  standing: StandingFilter
  order: Order
}

export const NO_FILTER: Filter = { text: '', kind: 'all', standing: 'any', order: 'newest' }

/** Works that fit, in order; `account` in any spelling. Words are looked for in what is read so far of the documents; all of them have to be found. */
export function filterWorks(
  catalogue: Catalogue,
  { text, kind, standing, order }: Filter,
  account: string | undefined,
  stateOf: (entry: Entry) => DocumentState | undefined,
): Entry[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  const standings: Record<Exclude<StandingFilter, 'any' | 'mine'>, Set<string>> = {
    offered: catalogue.offered,
    disputed: catalogue.disputed,
    refuted: catalogue.refuted,
  }
  const fits = (entry: Entry): boolean =>
    (kind === 'all' || mediaName(entry.fingerprintType) === kind) &&
    (standing === 'any' ||
      (standing === 'mine' ? entry.claimant.toLowerCase() === account?.toLowerCase() : standings[standing].has(entry.id))) &&
    (words.length === 0 || containsAll(searchable(entry, stateOf(entry)), words))
  const found = catalogue.entries.filter(fits)
  if (order === 'oldest') found.reverse()
  if (order === 'title') {
    const titleOf = (entry: Entry): string => {
      const state = stateOf(entry)
      return state?.status === 'ready' ? state.document.title : '\uffff'
    }
    found.sort((a, b) => titleOf(a).localeCompare(titleOf(b)))
  }
  return found
}

function containsAll(text: string, words: readonly string[]): boolean {
  return words.every((word) => text.includes(word))
}

function searchable(entry: Entry, state: DocumentState | undefined): string {
  const own = [entry.id, entry.claimant, entry.contentHash]
  if (state?.status === 'ready') {
    const { title, description, creators, keywords, media, rightsHolder } = state.document
    own.push(
      title,
      description ?? '',
      ...creators.map(({ name }) => name),
      rightsHolder?.name ?? '',
      ...(keywords ?? []),
      media.fileName ?? '',
    )
  }
  return own.join('\n').toLowerCase()
}
