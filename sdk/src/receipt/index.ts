export { cidOfDigest, type DepositKind, type DepositReceipt, type OnChain, parseReceipt, type StateProof } from './receipt.ts'
