/** Options of {@link ColophonError}. */
export interface ColophonErrorOptions {
  /** What to do about it, one sentence in the imperative. */
  hint?: string
  /** The offending values, JSON-safe (bigint as decimal string, bytes as 0x hex). */
  details?: Record<string, unknown>
  /** What went wrong underneath. */
  cause?: unknown
}

/** Where every error code is explained; the code in lower case is the anchor. */
const ERROR_DOCS = 'https://github.com/colophon-dev/colophon/blob/main/docs/errors.md'

/**
 * The one base class of everything the SDK throws on purpose.
 *
 * `code` is stable and what programs should switch on; `message` is for people: the short message, the hint and where to read more.
 */
export class ColophonError extends Error {
  override readonly name: string = 'ColophonError'
  /** Stable identifier in SCREAMING_SNAKE_CASE, listed in docs/errors.md. */
  readonly code: string
  /** One sentence: what happened. */
  readonly shortMessage: string
  readonly hint: string | undefined
  readonly details: Readonly<Record<string, unknown>>
  /** Link to the code's entry in the error catalogue. */
  readonly docsUrl: string

  constructor(code: string, shortMessage: string, options: ColophonErrorOptions = {}) {
    const docsUrl = `${ERROR_DOCS}#${code.toLowerCase()}`
    const lines = [shortMessage, ...(options.hint === undefined ? [] : [options.hint]), `See ${docsUrl}`]
    super(lines.join('\n'), options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.shortMessage = shortMessage
    this.hint = options.hint
    this.details = options.details ?? {}
    this.docsUrl = docsUrl
  }

  /** Walks the chain of causes and returns the first that satisfies `match`, or the innermost cause when none is asked for. */
  walk(match?: (error: unknown) => boolean): unknown {
    let current: unknown = this
    for (;;) {
      if (match?.(current) === true) return current
      const next = current instanceof Error ? current.cause : undefined
      if (next === undefined || next === null) return match === undefined ? current : undefined
      current = next
    }
  }

  /** JSON-safe form, as the CLI prints it with `--json`. */
  toJSON(): { code: string; message: string; hint?: string; details: Record<string, unknown>; docsUrl: string } {
    return {
      code: this.code,
      message: this.shortMessage,
      ...(this.hint === undefined ? {} : { hint: this.hint }),
      details: { ...this.details },
      docsUrl: this.docsUrl,
    }
  }
}
