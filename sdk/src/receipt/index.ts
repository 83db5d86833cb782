export { cidOfDigest } from './cid.ts'
export {
  type DepositKind,
  type DepositReceipt,
  type EventProof,
  type OnChain,
  parseReceipt,
  type StateProof,
} from './receipt.ts'
