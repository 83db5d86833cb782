import type { Fingerprint } from '../fingerprint/index.ts'
import { canonicalJson, type JsonValue } from '../iscc/index.ts'
import type { Storage } from '../storage/index.ts'
import { createDocument, type EncodedDocument, type WorkDescription } from './document.ts'

/**
 * Makes the deposit document of a work and pins it, with the features that matching needs in a file of their own that the document names.
 * @throws as `createDocument` and `Storage`
 */
export async function pinWork(
  storage: Storage,
  fingerprint: Fingerprint,
  description: WorkDescription,
  options: { fileName?: string; signal?: AbortSignal } = {},
): Promise<EncodedDocument> {
  const { signal, ...named } = options
  // An invalid description is refused before anything is stored.
  createDocument(fingerprint, description, named)
  const features = await pinFeatures(storage, fingerprint, signal)
  const document = createDocument(
    fingerprint,
    features === undefined ? description : { ...description, features: [...(description.features ?? []), features] },
    named,
  )
  await storage.putBlock(document.bytes)
  return document
}

/** CID of the features; data has none. */
async function pinFeatures(storage: Storage, fingerprint: Fingerprint, signal?: AbortSignal): Promise<string | undefined> {
  if (fingerprint.media === 'data') return undefined
  const { media, features } = fingerprint
  const bytes = new TextEncoder().encode(canonicalJson({ type: 'colophon-features', version: 1, media, features } as unknown as JsonValue))
  const { cid } = await storage.put(bytes, signal === undefined ? {} : { signal })
  return cid
}
