import { ColophonError } from '../../errors/base.ts'
import { invalidInput } from '../../input/input.ts'
import type { Schema } from './schemas.ts'

/** One parameter of a query: how it is described, and how its text is read. */
export interface Parameter<Value> {
  schema: Schema
  description: string
  read(name: string, text: string): Value
}

/** Values of parameters by their names; all may be left out. */
export type ValuesOf<Parameters extends Record<string, Parameter<unknown>>> = {
  [Name in keyof Parameters]?: Parameters[Name] extends Parameter<infer Value> ? Value : never
}

export function textParameter(description: string, pattern?: string): Parameter<string> {
  return {
    schema: { type: 'string', maxLength: 1000, ...(pattern === undefined ? {} : { pattern }) },
    description,
    read(name, text) {
      if (text.length > 1000 || (pattern !== undefined && !new RegExp(pattern, 'u').test(text)))
        throw invalidInput(name, text, pattern === undefined ? 'at most 1,000 characters' : `text like ${pattern}`)
      return text
    },
  }
}

export function idParameter(description: string): Parameter<string> {
  return textParameter(description, '^0x[0-9a-fA-F]{64}$')
}

export function accountParameter(description: string): Parameter<string> {
  return textParameter(description, '^0x[0-9a-fA-F]{40}$')
}

export function wholeParameter(description: string, least: number, most: number): Parameter<number> {
  return {
    schema: { type: 'integer', minimum: least, maximum: most },
    description,
    read(name, text) {
      const number = Number(text)
      if (!/^\d{1,16}$/.test(text) || number < least || number > most)
        throw invalidInput(name, text, `a whole number from ${least} to ${most}`)
      return number
    },
  }
}

export function choiceParameter<const Choice extends string>(description: string, choices: readonly Choice[]): Parameter<Choice> {
  return {
    schema: { enum: choices },
    description,
    read(name, text) {
      if (!choices.includes(text as Choice)) throw invalidInput(name, text, `one of ${choices.join(', ')}`)
      return text as Choice
    },
  }
}

export function flagParameter(description: string): Parameter<boolean> {
  const choice = choiceParameter(description, ['true', 'false'])
  return { schema: { type: 'boolean' }, description, read: (name, text) => choice.read(name, text) === 'true' }
}

export function timeParameter(description: string): Parameter<Date> {
  return {
    schema: { type: 'string', pattern: '^(\\d+|\\d{4}-\\d\\d-\\d\\d.*)$' },
    description: `${description} ISO 8601, or seconds since 1970.`,
    read(name, text) {
      const date = /^\d{1,12}$/.test(text) ? new Date(Number(text) * 1000) : new Date(text)
      if (!/^(\d+|\d{4}-\d\d-\d\d.*)$/.test(text) || Number.isNaN(date.getTime())) throw invalidInput(name, text, 'a time')
      return date
    },
  }
}

/** Reads what was given. @throws INVALID_INPUT also for parameters that there are not, so that a misspelt one is not passed over */
export function readParameters(parameters: Record<string, Parameter<unknown>>, given: URLSearchParams): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const [name, text] of given) {
    const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined
    if (parameter === undefined)
      throw new ColophonError('INVALID_INPUT', `There is no parameter ${name.slice(0, 100)} here.`, {
        hint: `There are: ${Object.keys(parameters).join(', ') || 'none'}.`,
        details: { field: name.slice(0, 100) },
      })
    if (Object.hasOwn(values, name)) throw invalidInput(name, text, 'one value')
    values[name] = parameter.read(name, text)
  }
  return values
}
