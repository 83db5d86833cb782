import type { ColophonError } from './base.ts'
import { contractErrors } from './catalogue.ts'
import { type ChainFault, chainError as chainErrorWith, revertError as revertErrorWith } from './chain.ts'

// The core explains the registry's errors alone, because the catalogue of all contracts is half as large as the core itself. Whoever asks for this
// entry point wants every one of them.

/** Turns whatever a provider, a wallet or ethers threw into a `ColophonError`, keeping it as `cause`. */
export function chainError(fault: unknown, context: ChainFault = {}): ColophonError {
  return chainErrorWith(fault, { explanations: contractErrors, ...context })
}

/** Decodes revert data with the given interfaces; always answers, since unknown data still tells its selector. */
export function revertError(data: string, cause: unknown, context: ChainFault = {}): ColophonError {
  return revertErrorWith(data, cause, { explanations: contractErrors, ...context })
}
