import { ColophonError } from '../errors/base.ts'
import type { DepositDocument } from './document.ts'
import { depositDocumentSchema, type Schema } from './schema.ts'

/** What is wrong with a document: where (JSON Pointer, RFC 6901), what was expected, what was found. */
export interface DocumentProblem {
  pointer: string
  expected: string
  found: string
}

/**
 * Everything that is wrong with a value as a deposit document; empty when it is one.
 *
 * The published schema itself is what is checked against, by an interpreter of the few keywords that it uses: nothing can disagree with it, and
 * no general validator has to be shipped to browsers.
 */
export function documentProblems(value: unknown): DocumentProblem[] {
  const problems: DocumentProblem[] = []
  check(depositDocumentSchema, value, '', problems)
  return problems
}

/**
 * Makes sure that a value is a deposit document.
 *
 * @throws ColophonError `DOCUMENT_INVALID` with all problems in its details
 */
export function assertDocument(value: unknown): asserts value is DepositDocument {
  const problems = documentProblems(value)
  const [first] = problems
  if (first === undefined) return
  throw new ColophonError(
    'DOCUMENT_INVALID',
    `The document is not valid: ${first.pointer === '' ? 'it' : first.pointer} should be ${first.expected}, but is ${first.found}.`,
    {
      hint: problems.length === 1 ? 'Correct it and try again.' : `There are ${problems.length} problems; all of them are in the details.`,
      details: { problems },
    },
  )
}

/** Enough to mend a document; a hostile one must not be answered with millions of lines. */
const MOST_PROBLEMS = 50

function check(schema: Schema, value: unknown, pointer: string, problems: DocumentProblem[]): void {
  if (problems.length >= MOST_PROBLEMS) return
  const report = (expected: string): void => {
    problems.push({ pointer, expected, found: shown(value) })
  }
  if (schema.$ref !== undefined) {
    const name = schema.$ref.replace('#/$defs/', '')
    check(depositDocumentSchema.$defs![name]!, value, pointer, problems)
    return
  }
  if (schema.const !== undefined && value !== schema.const) report(JSON.stringify(schema.const))
  if (schema.enum !== undefined && !schema.enum.includes(value as string)) report(`one of ${schema.enum.join(', ')}`)
  switch (schema.type) {
    case 'string':
      checkString(schema, value, report)
      break
    case 'integer':
      if (!Number.isInteger(value)) report('a whole number')
      else if ((value as number) < (schema.minimum ?? -Infinity) || (value as number) > (schema.maximum ?? Infinity)) {
        report(`from ${schema.minimum} to ${schema.maximum}`)
      }
      break
    case 'array':
      if (!Array.isArray(value)) report('a list')
      else if (value.length < (schema.minItems ?? 0)) report(`a list of at least ${schema.minItems}`)
      else if (value.length > (schema.maxItems ?? Infinity)) report(`a list of at most ${schema.maxItems}`)
      else for (const [index, item] of value.entries()) check(schema.items!, item, `${pointer}/${index}`, problems)
      break
    case 'object':
      checkObject(schema, value, pointer, problems, report)
      break
    default:
  }
}

function checkString(schema: Schema, value: unknown, report: (expected: string) => void): void {
  if (typeof value !== 'string') {
    report('a text')
    return
  }
  // JSON Schema counts code points. Lone surrogates have no UTF-8 form, so no hash.
  if (/\p{Surrogate}/u.test(value)) {
    report('well-formed Unicode')
    return
  }
  const length = [...value].length
  if (length < (schema.minLength ?? 0)) report('not empty')
  else if (length > (schema.maxLength ?? Infinity)) report(`a text of at most ${schema.maxLength} characters`)
  else if (schema.pattern !== undefined && !new RegExp(schema.pattern, 'u').test(value)) report(`like ${schema.examples?.[0]}`)
}

function checkObject(
  schema: Schema,
  value: unknown,
  pointer: string,
  problems: DocumentProblem[],
  report: (expected: string) => void,
): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    report('an object')
    return
  }
  const properties = schema.properties ?? {}
  for (const name of schema.required ?? []) {
    if (!Object.hasOwn(value, name)) problems.push({ pointer: `${pointer}/${name}`, expected: 'there', found: 'missing' })
  }
  for (const [name, item] of Object.entries(value)) {
    const at = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
    if (!Object.hasOwn(properties, name))
      problems.push({ pointer: at.slice(0, 200), expected: 'absent: the format has no such field', found: shown(item) })
    else check(properties[name]!, item, at, problems)
  }
}

function shown(value: unknown): string {
  if (value === undefined) return 'missing'
  if (typeof value === 'string') return value.length > 80 ? `${JSON.stringify(value.slice(0, 80))}…` : JSON.stringify(value)
  if (Array.isArray(value)) return `a list of ${value.length}`
  return typeof value === 'object' && value !== null ? 'an object' : String(value)
}
