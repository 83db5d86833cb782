import type { TypedDataDomain, TypedDataField } from 'ethers'

/** EIP-712 domain of a registry, as its `eip712Domain()` tells it. */
export function domainOf(chainId: number, registry: string): TypedDataDomain {
  return { name: 'Colophon CopyrightRegistry', version: '1', chainId, verifyingContract: registry }
}

const WORK_FIELDS: TypedDataField[] = [
  { name: 'contentHash', type: 'bytes32' },
  { name: 'fingerprint', type: 'bytes32' },
  { name: 'fingerprintType', type: 'uint16' },
  { name: 'metadata', type: 'bytes32' },
  { name: 'salt', type: 'bytes32' },
]

/** What a claimant signs to let somebody else pay for the deposit. */
export const DEPOSIT_TYPES: Record<string, TypedDataField[]> = {
  Deposit: [
    { name: 'claimant', type: 'address' },
    { name: 'work', type: 'Work' },
    { name: 'deadline', type: 'uint256' },
  ],
  Work: WORK_FIELDS,
}

/** What a claimant signs to let somebody else pay for lifting an anchored work. */
export const LIFT_TYPES: Record<string, TypedDataField[]> = {
  Lift: [
    { name: 'claimant', type: 'address' },
    { name: 'root', type: 'bytes32' },
    { name: 'work', type: 'Work' },
    { name: 'deadline', type: 'uint256' },
  ],
  Work: WORK_FIELDS,
}
