import type { ErrorDescription } from 'ethers'
import { ColophonError } from './base.ts'
import type { ContractErrorEntry } from './entry.ts'

/** A contract refused, and said why: `errorName` and `args` are the custom error as the ABI declares it. */
export class ContractError extends ColophonError {
  override readonly name: string = 'ContractError'
  readonly errorName: string
  /** Arguments by their name in the ABI. */
  readonly args: Readonly<Record<string, unknown>>

  constructor(
    code: string,
    message: string,
    hint: string,
    errorName: string,
    args: Record<string, unknown>,
    details: Record<string, unknown>,
    cause: unknown,
  ) {
    super(code, message, { hint, details: { ...details, ...jsonSafe(args), contractError: errorName }, cause })
    this.errorName = errorName
    this.args = args
  }
}

/** The `ContractError` for a custom error that an interface has parsed. */
export function contractError(
  parsed: ErrorDescription,
  explanations: Readonly<Record<string, ContractErrorEntry>>,
  cause: unknown,
  details: Record<string, unknown> = {},
): ContractError {
  const args: Record<string, unknown> = {}
  for (const [index, input] of parsed.fragment.inputs.entries()) args[input.name === '' ? `arg${index}` : input.name] = parsed.args[index]
  const entry = explanations[parsed.name]
  if (entry === undefined)
    return new ContractError(
      'CONTRACT_ERROR_UNKNOWN',
      `The contract refused: ${parsed.name}.`,
      'This SDK has no explanation for it; the name and its values are in the details.',
      parsed.name,
      args,
      details,
      cause,
    )
  return new ContractError(entry.code, entry.message(args), entry.hint, parsed.name, args, details, cause)
}

function jsonSafe(args: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(args).map(([name, value]) => [name, typeof value === 'bigint' ? value.toString() : value]))
}
