import { Contract, Interface } from 'ethers'
import type { Connection } from '../client/connection.ts'

let parsed: Interface | undefined

/** What of ERC-20 is used here. */
export function tokenInterface(): Interface {
  parsed ??= new Interface([
    'function allowance(address owner, address spender) view returns (uint256)',
    'function approve(address spender, uint256 amount) returns (bool)',
    'function balanceOf(address account) view returns (uint256)',
    'function decimals() view returns (uint8)',
    'function symbol() view returns (string)',
  ])
  return parsed
}

export function tokenAt({ provider }: Connection, address: string): Contract {
  return new Contract(address, tokenInterface(), provider)
}
