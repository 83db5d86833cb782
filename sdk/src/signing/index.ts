export { type DocumentKind, defineDocument, laterThanNow, type SignedDocument, signTyped } from './document.ts'
export { defineStruct, type Struct } from './struct.ts'
