import {
  type AnchorRecord,
  anchoredReceipt,
  type Colophon,
  type Deployment,
  type DepositReceipt,
  type Hex,
  idOf,
  leafOf,
  type Progress,
  type Work,
  type WriteOptions,
  workOf,
} from '@colophon/sdk'
import type { Fingerprint } from '@colophon/sdk/fingerprint'
import { titleOf } from '../deposit/description.ts'
import type { Settings } from '../settings/settings.ts'
import { forget, keep, kept } from '../store/database.ts'
import { publish } from '../store/documents.ts'

/** A file of a batch, fingerprinted. */
export interface BatchWork {
  name: string
  fingerprint: Fingerprint
}

/** All that is needed to make the receipts once the root is on the chain; kept before it is sent. */
interface KeptBatch {
  chainId: number
  registry: string
  root: Hex
  claimant: string
  works: { name: string; id: Hex; work: Work; proof: Hex[] }[]
}

export interface AnchoredBatch {
  root: Hex
  receipts: { name: string; receipt: DepositReceipt }[]
}

const KEY = 'batch'

/** Publishes the documents, builds the tree and anchors its root in the account's name. */
export async function anchorBatch(
  { colophon, settings, deployment, account }: { colophon: Colophon; settings: Settings; deployment: Deployment; account: string },
  batch: readonly BatchWork[],
  creator: string,
  options: WriteOptions & { onPrepared?: (progress: Progress) => void },
): Promise<AnchoredBatch> {
  const [{ createMerkleTree }, { pinWork }] = await Promise.all([import('@colophon/sdk/merkle'), import('@colophon/sdk/document')])
  options.onProgress?.({ stage: 'simulate', done: 0, total: 1, unit: 'steps' })
  const works: { name: string; id: Hex; work: Work }[] = []
  for (const [index, { name, fingerprint }] of batch.entries()) {
    const description = { title: titleOf(name), creators: [{ name: creator, account }] }
    let work: Work | undefined
    await publish(settings, {
      async put(storage) {
        const document = await pinWork(storage, fingerprint, description, { fileName: name })
        work = workOf({ fingerprint, document })
        return [document.cid, ...(document.document.features ?? [])]
      },
    })
    works.push({ name, id: idOf(account, work!), work: work! })
    options.onPrepared?.({ stage: 'document', done: index + 1, total: batch.length, unit: 'items' })
  }
  const tree = await createMerkleTree(works.map(({ id }) => leafOf(id)))
  const own: KeptBatch = {
    chainId: deployment.chainId,
    registry: deployment.contracts.CopyrightRegistry!.address,
    root: tree.root,
    claimant: account,
    works: works.map((each, index) => ({ ...each, proof: tree.proof(index) })),
  }
  await keep('drafts', KEY, { id: KEY, batch: own })
  return await finish(own, await colophon.deposits.anchor({ root: tree.root, count: works.length }, options))
}

/** A batch that was sent before the page was loaded again, if the chain has it by now. */
export async function earlierBatch(colophon: Colophon, deployment: Deployment): Promise<AnchoredBatch | undefined> {
  const own = (await kept<{ batch: KeptBatch }>('drafts', KEY))?.batch
  if (own === undefined || own.chainId !== deployment.chainId || own.registry !== deployment.contracts.CopyrightRegistry?.address)
    return undefined
  const anchor = await colophon.deposits.getAnchor(own.root)
  return anchor === undefined ? undefined : await finish(own, anchor)
}

async function finish(own: KeptBatch, anchor: AnchorRecord): Promise<AnchoredBatch> {
  const at = { chainId: own.chainId, registry: own.registry }
  return {
    root: own.root,
    receipts: own.works.map(({ name, ...leaf }) => ({ name, receipt: anchoredReceipt(at, anchor, { ...leaf, claimant: own.claimant }) })),
  }
}

/** The receipts were downloaded, or are not wanted. */
export async function forgetBatch(): Promise<void> {
  await forget('drafts', KEY)
}

/** Receipts in one archive, each beside the name of its file. */
export async function zipOf(receipts: AnchoredBatch['receipts']): Promise<Blob> {
  const { strToU8, zip } = await import('fflate')
  const files = Object.fromEntries(
    receipts.map(({ name, receipt }) => [`${name}.receipt.json`, strToU8(`${JSON.stringify(receipt, null, 2)}\n`)]),
  )
  return await new Promise((resolve, reject) =>
    zip(files, { consume: true }, (fault, bytes) =>
      fault === null ? resolve(new Blob([bytes as Uint8Array<ArrayBuffer>])) : reject(fault),
    ),
  )
}
