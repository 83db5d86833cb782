import type { Hex } from '../deposits/work.ts'
import { type DocumentKind, defineDocument, defineStruct, type SignedDocument } from '../signing/index.ts'

/** The `Attestation` that a verifier signs, JSON-safe. */
export interface AttestationStruct {
  verifier: string
  subject: string
  level: number
  validFrom: number
  expiry: number
  claim: Hex
  deadline: string
}

/** The `Revocation` that a verifier signs, JSON-safe. */
export interface RevocationStruct {
  verifier: string
  subject: string
  validFrom: number
  deadline: string
}

/** An attestation that a verifier has signed. JSON as it is. */
export type SignedAttestation = SignedDocument<'colophon-attestation', AttestationStruct>

/** A revocation that a verifier has signed. JSON as it is. */
export type SignedRevocation = SignedDocument<'colophon-revocation', RevocationStruct>

export const attestationDocument: DocumentKind<'colophon-attestation', AttestationStruct> = defineDocument(
  'colophon-attestation',
  'IdentityRegistry',
  defineStruct<AttestationStruct>('Attestation', {
    verifier: 'address',
    subject: 'address',
    level: 'uint8',
    validFrom: 'uint40',
    expiry: 'uint40',
    claim: 'bytes32',
    deadline: 'uint256',
  }),
)

export const revocationDocument: DocumentKind<'colophon-revocation', RevocationStruct> = defineDocument(
  'colophon-revocation',
  'IdentityRegistry',
  defineStruct<RevocationStruct>('Revocation', { verifier: 'address', subject: 'address', validFrom: 'uint40', deadline: 'uint256' }),
)

/**
 * Reads a signed attestation from JSON text or an object.
 * @throws INVALID_SIGNED naming the field
 */
export function parseAttestation(input: string | object): SignedAttestation {
  return attestationDocument.parse(input)
}
