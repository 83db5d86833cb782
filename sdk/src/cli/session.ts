import type { Settings } from './settings.ts'
import type { Terminal } from './terminal.ts'

/** What a running command has at hand. */
export interface Session {
  settings: Settings
  terminal: Terminal
  /** Aborts at Ctrl-C, with an INTERRUPTED error as its reason. */
  signal: AbortSignal
  /** Whole hashes in the output for people. */
  verbose: boolean
  json: boolean
  /** Folder that the command was started in. */
  folder: string
  /** Runs something when the command has ended, however it did. */
  onEnd(run: () => void | Promise<void>): void
  /** Prints an answer before the command has ended, for commands that go on running. */
  answer(answer: Answer): void
}

/** What a command says. */
export interface Answer {
  /** Printed with `--json`; bigints become decimal strings. */
  data: unknown
  /** Printed without it. */
  text: string
  /** 0 by default. */
  exitCode?: number
}
