/** What the page under test offers: the SDK as a bundler for browsers resolves it. */
import { JsonRpcProvider } from 'ethers'
import { type CertificateInput, createCertificate, previewOf, verifyCertificate } from '../../src/certificate/index.ts'
import { ColophonError } from '../../src/errors/index.ts'
import { compare, fingerprint } from '../../src/fingerprint/index.ts'
import { createSimilarityIndex, openSimilarityIndex } from '../../src/search/index.ts'
import { createMemoryStore, openBlockStore } from '../../src/storage/index.ts'
import { verify } from '../../src/verify/index.ts'

async function settled(run: () => Promise<unknown>): Promise<unknown> {
  try {
    return await run()
  } catch (fault) {
    return { error: fault instanceof ColophonError ? fault.code : String(fault) }
  }
}

const file = async (path: string): Promise<Blob> => await (await fetch(path)).blob()

Object.assign(globalThis, {
  fingerprintOf: (path: string, options: object) => settled(async () => await fingerprint(await file(path), options)),
  compareWith: (path: string, other: never) => settled(async () => compare(await fingerprint(await file(path)), other)),
  verifyWith: (path: string, receipt: object, rpc: string) =>
    settled(async () => {
      const provider = new JsonRpcProvider(rpc)
      try {
        return (await verify({ file: await file(path), receipt }, { provider })).verdict
      } finally {
        provider.destroy()
      }
    }),
  cidOf: (path: string) => settled(async () => (await createMemoryStore().put(await file(path))).cid),
  // Bytes travel as lists: what the page gives back is JSON.
  certificateOf: (input: CertificateInput & { document: number[] }, picture?: string) =>
    settled(async () => {
      const preview = picture === undefined ? undefined : await previewOf(await file(picture), 'image')
      const pdf = await createCertificate({
        ...input,
        document: Uint8Array.from(input.document),
        ...(preview === undefined ? {} : { preview }),
      })
      const { checks } = await verifyCertificate(pdf)
      return { pdf: [...pdf], checks: checks.slice(0, 2).map(({ name, status }) => `${name} ${status}`) }
    }),
  searchFor: (path: string, snapshot: string) =>
    settled(async () => {
      const index = await createSimilarityIndex()
      const { body } = await fetch(snapshot)
      await index.restore(body!)
      return await index.search(await fingerprint(await file(path)))
    }),
  openIndex: () => settled(() => openSimilarityIndex('anywhere')),
  openFolder: () => settled(() => openBlockStore('anywhere')),
  ready: true,
})
