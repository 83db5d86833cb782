export { cidOfDigest, type DepositKind, type DepositReceipt, type OnChain, parseReceipt } from './receipt.ts'
