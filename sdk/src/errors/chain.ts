import { AbiCoder, dataSlice, type Interface, isHexString } from 'ethers'
import { ColophonError } from './base.ts'
import { contractError } from './contract.ts'
import type { ContractErrorEntry } from './entry.ts'
import { withPublicUrls } from './publicUrl.ts'
import { registryErrors } from './registry.ts'

/** What is known about the call that failed; it only makes the error say more. */
export interface ChainFault {
  /** Interfaces of the contracts that may have reverted. */
  interfaces?: readonly Interface[]
  /** How their custom errors are told to people; those of the registry by default. */
  explanations?: Readonly<Record<string, ContractErrorEntry>>
  /** What was being done, as a phrase that follows "while", e.g. `'depositing the work'`. */
  action?: string
  /** Values for `details`: contract, chain id, sender, transaction hash … */
  details?: Record<string, unknown>
}

/**
 * Turns whatever a provider, a wallet or ethers threw into a `ColophonError`, keeping it as `cause`.
 *
 * Revert data decides first: only it says what the contract objected to, and ethers leaves it undecoded on sends and estimates.
 */
export function chainError(fault: unknown, context: ChainFault = {}): ColophonError {
  if (fault instanceof ColophonError) return fault
  const details = { ...context.details }
  const during = context.action === undefined ? '' : ` while ${context.action}`
  const make = (code: string, message: string, hint: string, extra: Record<string, unknown> = {}): ColophonError =>
    new ColophonError(code, message, { hint, details: { ...details, ...extra }, cause: fault })

  const layers = [...layersOf(fault)]
  const codes = new Set(layers.map((layer) => layer.code))
  const said = layers.map((layer) => (typeof layer.message === 'string' ? layer.message : '')).join('\n')
  // Messages quote whole transactions, whose hex digits happen to spell words such as `fee`.
  const text = said.replace(/0x[0-9a-f]+/gi, '0x')

  if (codes.has('ACTION_REJECTED') || codes.has(4001))
    return make('USER_REJECTED', `The request was rejected in the wallet${during}.`, 'Nothing was sent. Confirm it in the wallet to go on.')

  const data = revertDataOf(fault)
  if (data !== undefined && data !== '0x') return revertError(data, fault, context)

  if (codes.has('INSUFFICIENT_FUNDS') || /insufficient funds|enough funds|insufficient balance/i.test(text))
    return make(
      'INSUFFICIENT_FUNDS',
      `The sender cannot pay for the transaction${during}.`,
      'Fund the account, or let a sponsor submit a signed deposit: signing costs nothing.',
    )
  if (codes.has('REPLACEMENT_UNDERPRICED') || /replacement transaction underpriced|already known|already imported/i.test(text))
    return make(
      'REPLACEMENT_UNDERPRICED',
      `Another transaction with the same nonce is waiting${during}.`,
      'Wait until it is mined, or send the replacement with a higher fee.',
    )
  if (/(fee|price)[^\n]*(less than|lower than|below)[^\n]*(base ?fee|minimum)|underpriced|(fee|gas price)[^\n]*too low/i.test(text))
    return make(
      'FEE_TOO_LOW',
      `The chain asks for a higher fee than the transaction offers${during}.`,
      'Fees have risen in the meantime; send it again with the fee of now.',
    )
  if (codes.has('NONCE_EXPIRED') || /nonce[^\n]*too low|nonce has already been used/i.test(text))
    return make(
      'NONCE_USED',
      `The account's nonce was used by another transaction${during}.`,
      'Another program sends from the same account; look whether the work is done already, then try again.',
    )
  if (/network changed|underlying network/i.test(text) || codes.has(4901))
    return make('WRONG_CHAIN', `The wallet or RPC changed to another chain${during}.`, 'Switch back to the chain of the deployment.')
  if (codes.has(4100) || codes.has('UNSUPPORTED_OPERATION'))
    return make(
      'SIGNER_MISSING',
      `There is no account that may sign${during}.`,
      'Create the client with { signer }, or connect an account of the wallet.',
    )
  if (codes.has(429) || /\b429\b|rate.?limit|too many requests|maximum retry limit/i.test(text))
    return make('RATE_LIMITED', `The RPC refuses more requests for now${during}.`, 'Wait a little, or use another RPC endpoint.')
  if (codes.has('TIMEOUT') || codes.has('ETIMEDOUT') || codes.has('UND_ERR_CONNECT_TIMEOUT'))
    return make('NETWORK_TIMEOUT', `The RPC did not answer in time${during}.`, 'Check the connection and try again.')
  if (
    NETWORK_CODES.some((code) => codes.has(code)) ||
    /fetch failed|failed to fetch|could not (detect|coalesce)[^\n]*network|socket hang up/i.test(text)
  )
    return make('NETWORK_UNREACHABLE', `The RPC cannot be reached${during}.`, 'Check the RPC address and the connection, then try again.')

  if (codes.has('CALL_EXCEPTION') || data === '0x' || /revert/i.test(text))
    return make(
      'CONTRACT_REVERTED',
      `The contract refused without giving a reason${during}.`,
      'Is it the contract you mean, and the version this SDK was made for? Out of gas looks the same.',
    )
  if (codes.has('INVALID_ARGUMENT') || codes.has('BAD_DATA') || codes.has('MISSING_ARGUMENT'))
    return make(
      'BAD_CHAIN_DATA',
      `An argument or answer does not have the expected form${during}.`,
      'See the cause for the value that was refused.',
    )
  const first = layers.find((layer) => typeof layer.message === 'string')?.message
  return make(
    'CHAIN_FAULT',
    `The chain call failed${during}${typeof first === 'string' ? `: ${withPublicUrls(first.split('\n')[0]!)}` : '.'}`,
    'See the cause.',
  )
}

const NETWORK_CODES = [
  'NETWORK_ERROR',
  'SERVER_ERROR',
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EPIPE',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  4900,
]

const ERROR_STRING = '0x08c379a0'
const PANIC = '0x4e487b71'

/** Decodes revert data with the given interfaces; always answers, since unknown data still tells its selector. */
export function revertError(data: string, cause: unknown, context: ChainFault = {}): ColophonError {
  const selector = dataSlice(data, 0, Math.min(4, (data.length - 2) / 2))
  const coder = AbiCoder.defaultAbiCoder()
  try {
    if (selector === ERROR_STRING) {
      const [reason] = coder.decode(['string'], dataSlice(data, 4))
      return reverted(`The contract refused: ${reason}`, { ...context.details, reason }, cause)
    }
    if (selector === PANIC) {
      const [code] = coder.decode(['uint256'], dataSlice(data, 4))
      return reverted(
        `The contract stopped at a failed check (panic 0x${code.toString(16)}).`,
        { ...context.details, panic: Number(code) },
        cause,
      )
    }
    for (const each of context.interfaces ?? []) {
      const parsed = each.parseError(data)
      if (parsed !== null) return contractError(parsed, context.explanations ?? registryErrors, cause, context.details)
    }
  } catch {
    // Data that does not decode is reported as it is.
  }
  return new ColophonError('CONTRACT_ERROR_UNKNOWN', `The contract refused with an error this SDK does not know (${selector}).`, {
    hint: 'The contract is newer than this SDK, or not the one it was made for.',
    details: { ...context.details, data },
    cause,
  })
}

function reverted(message: string, details: Record<string, unknown>, cause: unknown): ColophonError {
  return new ColophonError('CONTRACT_REVERTED', message, { hint: 'See the reason the contract gives.', details, cause })
}

/** The revert data inside an error of ethers, of an EIP-1193 provider or of a JSON-RPC server, wherever that one puts it. */
export function revertDataOf(fault: unknown): string | undefined {
  let empty: string | undefined
  for (const layer of layersOf(fault)) {
    for (const found of [layer.data, (layer.data as { data?: unknown } | undefined)?.data]) {
      if (typeof found !== 'string' || !isHexString(found)) continue
      if (found !== '0x') return found
      empty = found
    }
  }
  return empty
}

interface Layer {
  code?: unknown
  message?: unknown
  data?: unknown
}

/** The error and everything it wraps; ethers, wallets and servers each nest under another name. */
function* layersOf(fault: unknown): Generator<Layer> {
  const seen = new Set<unknown>()
  const queue: unknown[] = [fault]
  while (queue.length > 0) {
    const next = queue.shift()
    if (typeof next !== 'object' || next === null || seen.has(next)) continue
    seen.add(next)
    const layer = next as Layer & Record<string, unknown>
    // ethers puts the answer of an HTTP server on `response`, whose status is the code people know.
    const status = (layer.response as { statusCode?: unknown } | undefined)?.statusCode
    if (typeof status === 'number') yield { code: status, message: '' }
    yield layer
    queue.push(layer.info, layer.error, layer.cause, layer.originalError)
    if (typeof layer.data === 'object') queue.push(layer.data)
  }
}
