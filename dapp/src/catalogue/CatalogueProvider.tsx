import { createContext, type ReactNode, useContext, useEffect, useMemo, useSyncExternalStore } from 'react'
import { type Loaded, useChain, useLoad } from '../chain/index.ts'
import { type Reader, readerOf } from '../store/documents.ts'
import { type Catalogue, type Entry, readCatalogue } from './catalogue.ts'
import { createDocuments, type Documents } from './documents.ts'

interface Works {
  catalogue: Loaded<Catalogue>
  documents: Documents
  reader: Reader
}

const Context = createContext<Works | undefined>(undefined)

/** The works on the chain, read once for all pages that show them. */
export function CatalogueProvider({ children }: { children: ReactNode }): ReactNode {
  const { colophon, deployment, settings, revision } = useChain()
  // Reading needs no signer: another account is no reason to read again.
  const catalogue = useLoad((signal) => readCatalogue(colophon, deployment, signal), [deployment, settings, revision])
  const reader = useMemo(() => readerOf(settings), [settings])
  const documents = useMemo(() => createDocuments(reader), [reader])
  const works = useMemo(() => ({ catalogue, documents, reader }), [catalogue, documents, reader])
  return <Context value={works}>{children}</Context>
}

export function useWorks(): Works {
  return useContext(Context)!
}

/** Reads the documents of these works and draws again as they come. */
export function useDocuments(entries: readonly Entry[]): Documents {
  const { documents } = useWorks()
  useSyncExternalStore(documents.subscribe, documents.version)
  useEffect(() => documents.want(entries.map(({ metadata }) => metadata)), [documents, entries])
  return documents
}
