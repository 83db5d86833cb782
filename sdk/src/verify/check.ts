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
export interface Check {
  name: CheckName
  status: 'ok' | 'failed' | 'skipped'
  /** True only when the check was made and passed. */
  ok: boolean
  expected?: string
  found?: string
  /** A sentence for people: what was compared and what follows, or the reason for skipping. */
  explanation: string
}

/** A check that compares two values. */
export function compared(name: CheckName, expected: string, found: string, passed: string, failed: string): Check {
  const ok = expected === found
  return { name, status: ok ? 'ok' : 'failed', ok, expected, found, explanation: ok ? passed : failed }
}

export function passed(name: CheckName, explanation: string, found?: string): Check {
  return { name, status: 'ok', ok: true, ...(found === undefined ? {} : { found }), explanation }
}

export function failed(name: CheckName, expected: string, found: string, explanation: string): Check {
  return { name, status: 'failed', ok: false, expected, found, explanation }
}

export function skipped(name: CheckName, explanation: string): Check {
  return { name, status: 'skipped', ok: false, explanation }
}

/** Seconds since 1970 as people read them. */
export function dateOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString()
}
