import * as contracts from '@colophon/sdk/contracts'
import { Interface, type InterfaceAbi } from 'ethers'

/** A call as people read it: contract, function, and each argument by its name, in full. */
export interface ExplainedCall {
  contract: string
  method: string
  values: { name: string; value: string }[]
}

/** What a transaction would call, where its target is a contract of the deployment. */
export function explainCall(to: string | undefined, data: string, known: Record<string, { address: string }>): ExplainedCall | undefined {
  const [contract] = Object.entries(known).find(([, { address }]) => address.toLowerCase() === to?.toLowerCase()) ?? []
  if (contract === undefined) return undefined
  const factory = (contracts as unknown as Record<string, { abi: InterfaceAbi } | undefined>)[`${contract}__factory`]
  if (factory === undefined) return undefined
  const call = new Interface(factory.abi).parseTransaction({ data })
  if (call === null) return undefined
  return { contract, method: call.name, values: call.fragment.inputs.flatMap((input, index) => flat(input.name, call.args[index])) }
}

/** Values within values, each with its path. */
export function flat(name: string, value: unknown): { name: string; value: string }[] {
  if (typeof value === 'object' && value !== null && 'toObject' in value) {
    const named = namedParts(value as { toObject(): Record<string, unknown> })
    if (named.length > 0) return named.flatMap(([key, each]) => flat(`${name}.${key}`, each))
  }
  if (Array.isArray(value)) return [...value].flatMap((each, index) => flat(`${name}[${index}]`, each))
  if (typeof value === 'object' && value !== null) return Object.entries(value).flatMap(([key, each]) => flat(`${name}.${key}`, each))
  return [{ name, value: String(value) }]
}

/** Parts of a struct; of a list none, which ethers refuses to name. */
function namedParts(value: { toObject(): Record<string, unknown> }): [string, unknown][] {
  try {
    return Object.entries(value.toObject()).filter(([key]) => key !== '_')
  } catch {
    return []
  }
}
