/** EIP-712 types of what people sign on the market; field by field those of contracts/types. */
export const ORDER_TYPES = {
  Order: [
    { name: 'seller', type: 'address' },
    { name: 'isLicense', type: 'bool' },
    { name: 'tokenId', type: 'uint256' },
    { name: 'currency', type: 'address' },
    { name: 'price', type: 'uint256' },
    { name: 'buyer', type: 'address' },
    { name: 'expiresAt', type: 'uint40' },
    { name: 'nonce', type: 'uint256' },
  ],
}

export const AUCTION_TYPES = {
  Auction: [
    { name: 'seller', type: 'address' },
    { name: 'isLicense', type: 'bool' },
    { name: 'tokenId', type: 'uint256' },
    { name: 'currency', type: 'address' },
    { name: 'reserve', type: 'uint96' },
    { name: 'stepBps', type: 'uint16' },
    { name: 'startsAt', type: 'uint40' },
    { name: 'endsAt', type: 'uint40' },
    { name: 'extension', type: 'uint40' },
    { name: 'nonce', type: 'uint256' },
  ],
}

export const AGREEMENT_TYPES = {
  Agreement: [
    { name: 'workId', type: 'uint256' },
    { name: 'licensee', type: 'address' },
    { name: 'currency', type: 'address' },
    { name: 'startsAt', type: 'uint40' },
    { name: 'period', type: 'uint40' },
    { name: 'periods', type: 'uint16' },
    { name: 'instalment', type: 'uint96' },
    { name: 'minimum', type: 'uint96' },
    { name: 'unitPrice', type: 'uint96' },
    { name: 'reportWithin', type: 'uint40' },
    { name: 'payWithin', type: 'uint40' },
    { name: 'grace', type: 'uint40' },
    { name: 'cure', type: 'uint40' },
    { name: 'grant', type: 'GrantTerms' },
  ],
  GrantTerms: [
    { name: 'licensor', type: 'address' },
    { name: 'downPayment', type: 'uint96' },
    { name: 'deposit', type: 'uint96' },
    { name: 'duration', type: 'uint40' },
    { name: 'exclusive', type: 'bool' },
    { name: 'territories', type: 'uint16' },
    { name: 'channels', type: 'uint16' },
    { name: 'rights', type: 'uint8' },
    { name: 'transferable', type: 'bool' },
    { name: 'resaleBps', type: 'uint16' },
    { name: 'derivativeBps', type: 'uint16' },
    { name: 'document', type: 'bytes32' },
  ],
}

export const TERMINATION_TYPES = {
  Termination: [
    { name: 'agreementId', type: 'bytes32' },
    { name: 'deadline', type: 'uint256' },
  ],
}
