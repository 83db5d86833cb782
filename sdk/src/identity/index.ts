/** Which accounts were verified, by whom, how well, and when. */
export {
  type AttestationStruct,
  parseAttestation,
  type RevocationStruct,
  type SignedAttestation,
  type SignedRevocation,
} from './attestation.ts'
export {
  type AttestationTerms,
  type Attested,
  createIdentity,
  credentialClaim,
  type Identity,
  type Level,
  type VerifiedPeriod,
} from './client.ts'
