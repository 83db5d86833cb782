import type { Sentence } from './sentence.ts'

/** What a check looked at. */
export type CheckName =
  | 'certificate'
  | 'preview'
  | 'identity'
  | 'sha256'
  | 'fingerprint'
  | 'iscc'
  | 'document'
  | 'document-content'
  | 'id'
  | 'chain'
  | 'contract'
  | 'record'
  | 'event'
  | 'time'
  | 'proof'
  | 'seal'
  | 'signature'
  | 'state-proof'
  | 'event-proof'

/** Checks that need the chain, in the order they are reported. */
export const CHAIN_CHECKS: readonly CheckName[] = ['chain', 'contract', 'record', 'event', 'time', 'proof', 'seal', 'signature']

/** One thing that was checked, or why it could not be. */
export interface Check extends Sentence {
  name: CheckName
  status: 'ok' | 'failed' | 'skipped'
  /** True only when the check was made and passed. */
  ok: boolean
  expected?: string
  found?: string
}

/** A check that compares two values. */
export function compared(name: CheckName, expected: string, found: string, passed: Sentence, failed: Sentence): Check {
  const ok = expected === found
  return { name, status: ok ? 'ok' : 'failed', ok, expected, found, ...sentenceOf(ok ? passed : failed) }
}

export function passed(name: CheckName, why: Sentence, found?: string): Check {
  return { name, status: 'ok', ok: true, ...(found === undefined ? {} : { found }), ...sentenceOf(why) }
}

export function failed(name: CheckName, expected: string, found: string, why: Sentence): Check {
  return { name, status: 'failed', ok: false, expected, found, ...sentenceOf(why) }
}

export function skipped(name: CheckName, why: Sentence): Check {
  return { name, status: 'skipped', ok: false, ...sentenceOf(why) }
}

/** Of something that says more, the sentence alone. */
function sentenceOf({ finding, facts, explanation }: Sentence): Sentence {
  return { finding, ...(facts === undefined ? {} : { facts }), explanation }
}

/** Seconds since 1970 as people read them. */
export function dateOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString()
}
