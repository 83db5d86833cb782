/**
 * The deposit document: what the depositor says of a work, in one canonical form.
 *
 * @packageDocumentation
 */
export {
  createDocument,
  type DepositDocument,
  decodeDocument,
  type EncodedDocument,
  encodeDocument,
  type Party,
  type PriorWork,
  type WorkDescription,
} from './document.ts'
export { pinWork } from './pin.ts'
export { depositDocumentSchema, type Schema } from './schema.ts'
export { type SchemaOrg, toSchemaOrg } from './schemaOrg.ts'
export { assertDocument, type DocumentProblem, documentProblems } from './validate.ts'
