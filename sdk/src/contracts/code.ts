import { getBytes, keccak256 } from 'ethers'
import type { ContractName } from './deployments.ts'
import { runtimeCode } from './generated/runtime.ts'

/**
 * Whether `code`, the runtime code found at an address, is the named contract exactly as this version of the SDK knows it.
 *
 * Immutables (chain id, own address, domain separator) differ from place to place, the compiler's metadata from build to build: both are masked
 * before hashing.
 */
export function isGenuine(name: ContractName, code: string): boolean {
  const expected = runtimeCode[name]
  const bytes = getBytes(code)
  if (bytes.length !== expected.size) return false
  for (const [start, length] of expected.masked) bytes.fill(0, start, start + length)
  return keccak256(bytes) === expected.codeHash
}
