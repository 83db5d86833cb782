export { type DocumentKind, defineDocument, laterThanNow, type SignedDocument } from './document.ts'
export { defineStruct } from './struct.ts'
