/**
 * The certificate of a deposit: a page to hang up, which anybody can check to the last byte.
 *
 * @packageDocumentation
 */
export { type CertificateInput, type CertificateOptions, createCertificate, DEFAULT_VERIFY_AT } from './certificate.ts'
export {
  type CertificateContent,
  type CertificateData,
  type CertificateLanguage,
  type FontNote,
  type FontRole,
  type IdentityStatement,
  type Preview,
  readCertificate,
} from './data.ts'
export type { RoleFont } from './fonts.ts'
export { identityAt } from './identity.ts'
export { previewOf } from './preview.ts'
export { type CertificateVerification, type VerifyCertificateOptions, verifyCertificate } from './verify.ts'
