import { ColophonError } from '@colophon/sdk'

/** An error for the page: errors lose their class on the way; what they say must not be lost. */
export function plainFault(fault: unknown): object {
  if (!(fault instanceof ColophonError)) return { message: fault instanceof Error ? fault.message : String(fault) }
  const { code, shortMessage, hint, details } = fault
  return { code, shortMessage, hint, details: JSON.parse(JSON.stringify(details)) as object }
}
