export { CatalogueProvider, useDocument, useDocuments, useWorks } from './CatalogueProvider.tsx'
export { type Catalogue, type Entry, word } from './catalogue.ts'
export type { DocumentState } from './documents.ts'
export { type Candidates, candidatesFor } from './known.ts'
