import { isccError } from './errors.ts'

/** A value that JSON can hold. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue }

/**
 * RFC 8785 (JCS): the one canonical JSON text of a value. Keys in the order of their UTF-16 code units, numbers as ECMAScript
 * writes them.
 *
 * @throws ColophonError `ISCC_INVALID_INPUT` for what JSON cannot hold: NaN, infinities, undefined, functions, bigint, lone surrogates, cycles
 */
export function canonicalJson(value: JsonValue): string {
  return write(value, [])
}

function write(value: unknown, above: readonly unknown[]): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value)
  if (typeof value === 'string' && !/\p{Surrogate}/u.test(value)) return JSON.stringify(value)
  if (typeof value === 'object' && !above.includes(value)) {
    const path = [...above, value]
    if (Array.isArray(value)) return `[${value.map((item) => write(item, path)).join(',')}]`
    const entries = Object.entries(value as Record<string, unknown>).sort(([a], [b]) => (a < b ? -1 : 1))
    return `{${entries.map(([key, item]) => `${write(key, path)}:${write(item, path)}`).join(',')}}`
  }
  throw isccError('ISCC_INVALID_INPUT', 'The metadata holds something that JSON cannot.', {
    hint: 'Use null, booleans, finite numbers, well-formed strings, arrays and plain objects without cycles.',
    details: { type: typeof value },
  })
}
