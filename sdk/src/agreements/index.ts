/** License agreements that both sides sign: instalments, guarantees, usage reports, breach. */
export {
  type AgreementStruct,
  type AgreementTerms,
  type GrantStruct,
  parseAgreement,
  parseTermination,
  type SignedAgreement,
  type SignedTermination,
  type TerminationStruct,
} from './agreement.ts'
export { type Activated, type AgreementState, type AgreementStatus, type Agreements, createAgreements } from './client.ts'
