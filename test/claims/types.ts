/** EIP-712 types of what people sign in a dispute; field by field those of contracts/types/InfringementClaim.sol. */
export const SETTLEMENT_TYPES = {
  Settlement: [
    { name: 'claimId', type: 'bytes32' },
    { name: 'currency', type: 'address' },
    { name: 'amount', type: 'uint256' },
    { name: 'offerId', type: 'bytes32' },
    { name: 'coversFrom', type: 'uint40' },
    { name: 'deadline', type: 'uint40' },
  ],
}

export const CLAIM_TYPES = {
  InfringementClaim: [
    { name: 'workId', type: 'uint256' },
    { name: 'claimant', type: 'address' },
    { name: 'respondent', type: 'address' },
    { name: 'suspectId', type: 'uint256' },
    { name: 'evidence', type: 'bytes32' },
    { name: 'suspectFingerprint', type: 'bytes32' },
    { name: 'suspectType', type: 'uint16' },
    { name: 'forum', type: 'uint256' },
    { name: 'backup', type: 'uint256' },
  ],
}
