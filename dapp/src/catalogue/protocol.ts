import type { Hex } from '@colophon/sdk'
import type { Entry } from './catalogue.ts'
import type { DocumentState } from './documents.ts'
import type { Places } from './events.ts'

/** What the worker that reads is asked; `call` names the question in what it says. */
export type Asked =
  | { kind: 'catalogue'; call: number; rpcUrl: string; chainId: number; places: Places }
  | { kind: 'documents'; call: number; digests: Hex[]; gateways: string[] }
  /** Nobody waits for the answer any more. */
  | { kind: 'stop'; call: number }

/** What it says. */
export type Said =
  /** Oldest first, a few at a time, so that the page has no long work with any of them. */
  | { kind: 'entries'; call: number; entries: Entry[] }
  /** The end of a catalogue. */
  | { kind: 'catalogue'; call: number; offered: Hex[]; disputed: Hex[]; refuted: Hex[] }
  /** Documents of one question, as they come; `left` are still to come. */
  | { kind: 'documents'; call: number; found: [Hex, DocumentState][]; left: number }
  | { kind: 'fault'; call: number; fault: object }
