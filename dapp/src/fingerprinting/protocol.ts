import type { Progress } from '@colophon/sdk'
import type { Fingerprint, Match, Media } from '@colophon/sdk/fingerprint'

/** A work that a file is compared with: its fingerprint as far as chain, document and features file tell it. */
export interface Known {
  id: string
  fingerprint: Fingerprint
}

/** A known work that is like the file. */
export interface LookAlike {
  id: string
  match: Match
}

/** What the worker is asked. */
export type Task =
  | { kind: 'fingerprint'; file: Blob; media?: Media; layers?: 'signature' }
  | { kind: 'compare'; fingerprint: Fingerprint; known: Known[] }
  /** Samples of sound, which the page has decoded for the worker. */
  | { kind: 'decoded'; call: number; channels?: Float32Array<ArrayBuffer>[]; fault?: string }

/** What the worker says. */
export type Said =
  | { kind: 'progress'; progress: Progress }
  | { kind: 'fingerprint'; fingerprint: Fingerprint }
  | { kind: 'compared'; found: LookAlike[] }
  | { kind: 'fault'; fault: unknown }
  /** Workers have no Web Audio: the page is asked to decode. */
  | { kind: 'decode'; call: number; bytes: ArrayBuffer; rate: number }
