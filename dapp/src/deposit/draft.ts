import type { SealOpening } from '@colophon/sdk'
import type { Fingerprint } from '@colophon/sdk/fingerprint'
import { forget, keep, kept, keptAll } from '../store/database.ts'
import type { FormValues } from './description.ts'

/**
 * How the deposit is made. `direct`: the wallet pays. `sponsored`: the wallet signs, a sponsor pays. `sealed`: only a commitment goes on the chain now,
 * the work is shown later.
 */
export type Way = 'direct' | 'sponsored' | 'sealed'

/** A deposit that is not finished: everything that is needed to go on after a reload. */
export interface Draft {
  id: string
  file: File
  fingerprint: Fingerprint
  form: FormValues
  way: Way
  /** A transaction that was sent. It may be mined already. */
  sent?: { hash: string; way: Way }
}

/** A sealed work that is to be shown later. Without its opening the seal proves nothing. */
export interface KeptOpening {
  opening: SealOpening
  title: string
  /** Time of the seal, seconds since 1970; absent while it is not known to be mined. */
  sealedAt?: number
  /** CIDs of document and features, which stay in this browser until the work is shown. */
  cids: string[]
}

const TAB = 'colophon.draft'

/** The draft of this tab; another tab has its own. A reload keeps it. */
export function tabDraftId(): string {
  const known = sessionStorage.getItem(TAB)
  if (known !== null) return known
  return adoptDraft(crypto.randomUUID())
}

/** Goes on with a draft that another tab left behind. */
export function adoptDraft(id: string): string {
  sessionStorage.setItem(TAB, id)
  return id
}

export async function keepDraft(draft: Draft): Promise<void> {
  await keep('drafts', draft.id, draft)
}

export async function keptDraft(id: string): Promise<Draft | undefined> {
  return await kept<Draft>('drafts', id)
}

/** Ends the draft of this tab, and begins a new one. */
export async function endDraft(id: string): Promise<string> {
  await forget('drafts', id)
  return adoptDraft(crypto.randomUUID())
}

/** Holds a draft for as long as the tab is open, so that no other tab goes on with it at the same time. */
export function holdDraft(id: string): () => void {
  let release = (): void => undefined
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  navigator.locks?.request(`colophon-draft-${id}`, { ifAvailable: true }, () => released).catch(() => undefined)
  return () => release()
}

/** Drafts that no open tab holds. */
export async function abandonedDrafts(own: string): Promise<Draft[]> {
  const held = new Set(((await navigator.locks?.query())?.held ?? []).map(({ name }) => name))
  return (await keptAll<Draft>('drafts')).filter(({ id, form }) => form !== undefined && id !== own && !held.has(`colophon-draft-${id}`))
}
