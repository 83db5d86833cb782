import type { Answer, Session } from './session.ts'

/** What a command does; options and arguments are its own. */
export type Run<Args extends unknown[], Options> = (
  session: Session,
  options: Options,
  ...args: Args
  // biome-ignore lint/suspicious/noConfusingVoidType: a command that has answered already returns nothing
) => Promise<Answer | void>

/** Makes commander's handler out of a command: opens the session, prints the answer. */
export type Action = <Args extends unknown[], Options>(run: Run<Args, Options>) => (...given: unknown[]) => Promise<void>
