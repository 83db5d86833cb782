/** Claims that a work was copied: from the filing to what follows from a ruling. */
export {
  type ClaimStruct,
  type ClaimTerms,
  type Forum,
  parseSettlement,
  readSettlement,
  type SettlementStruct,
  type SettlementTerms,
  type SignedSettlement,
} from './claim.ts'
export { type ClaimMoved, type Claims, createClaims, type Filed } from './client.ts'
export type { ClaimOutcome, ClaimPhase, ClaimRef, ClaimStatus, ClaimStep } from './status.ts'
