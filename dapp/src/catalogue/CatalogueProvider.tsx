import { createContext, type ReactNode, useContext, useEffect, useMemo, useSyncExternalStore } from 'react'
import { type Loaded, useLoad, useNetwork } from '../chain/index.ts'
import { type Reader, readerOf } from '../store/documents.ts'
import type { Catalogue, Entry } from './catalogue.ts'
import { createDocuments, type DocumentState, type Documents } from './documents.ts'
import { readCatalogue, readDocuments } from './reading.ts'

interface Works {
  catalogue: Loaded<Catalogue>
  documents: Documents
  reader: Reader
}

const Context = createContext<Works | undefined>(undefined)

/** The works on the chain, read once for all pages that show them. */
export function CatalogueProvider({ children }: { children: ReactNode }): ReactNode {
  const { deployment, settings, revision, network } = useNetwork()
  const catalogue = useLoad((signal) => readCatalogue(settings, deployment, signal), [deployment, settings, revision])
  const reader = useMemo(() => readerOf(settings), [settings])
  const documents = useMemo(() => createDocuments((digests, tell) => readDocuments(settings, digests, tell)), [settings])
  // What could not be read while the network was away is read when it is back.
  const { status, reload } = catalogue
  // biome-ignore lint/correctness/useExhaustiveDependencies: when the network is another, and not whenever something fails
  useEffect(() => {
    if (network !== 'ok') return
    if (status === 'failed') reload()
    documents.again()
  }, [network])
  const works = useMemo(() => ({ catalogue, documents, reader }), [catalogue, documents, reader])
  return <Context value={works}>{children}</Context>
}

export function useWorks(): Works {
  return useContext(Context)!
}

/** Reads the documents of these works and draws again as they come; without works it never does. */
export function useDocuments(entries: readonly Entry[]): Documents {
  const { documents } = useWorks()
  const version = entries.length === 0 ? nothing : documents.version
  useSyncExternalStore(documents.subscribe, version)
  useEffect(() => documents.want(entries.map(({ metadata }) => metadata)), [documents, entries])
  return documents
}

/** The document of one work as far as it is known; does not ask for it. Draws again for this one alone. */
export function useDocument({ metadata }: Entry): DocumentState | undefined {
  const { documents } = useWorks()
  return useSyncExternalStore(documents.subscribe, () => documents.get(metadata))
}

const nothing = (): number => 0
