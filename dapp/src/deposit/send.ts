import {
  type Colophon,
  ColophonError,
  type DepositReceipt,
  type Hex,
  type SealReceipt,
  type SignedDeposit,
  type WriteOptions,
} from '@colophon/sdk'
import type { EncodedDocument } from '@colophon/sdk/document'
import type { Fingerprint } from '@colophon/sdk/fingerprint'
import type { Chain } from '../chain/index.ts'
import { pollingOf, type Settings } from '../settings/settings.ts'
import { forget, keep } from '../store/database.ts'
import { publish } from '../store/documents.ts'
import { descriptionOf, type FormValues } from './description.ts'
import type { KeptOpening, Way } from './draft.ts'

export interface ToDeposit {
  fingerprint: Fingerprint
  form: FormValues
  fileName: string
  way: Way
}

type Sending = Pick<Chain, 'colophon' | 'settings' | 'account' | 'provider' | 'deployment'>

/** A deposit that is on the chain, or a seal. */
export type Deposited = { kind: 'deposit'; receipt: DepositReceipt } | { kind: 'seal'; seal: SealReceipt; opening: KeptOpening }

/**
 * Makes and keeps the document, then deposits as was chosen. What is kept is kept before anything is sent: a crash in between loses nothing.
 */
export async function deposit(chain: Sending, { fingerprint, form, fileName, way }: ToDeposit, options: WriteOptions): Promise<Deposited> {
  const { colophon, settings, account } = chain
  options.onProgress?.({ stage: 'simulate', done: 0, total: 1, unit: 'steps' })
  const { document, cids } = await pin(settings, fingerprint, form, fileName, account, way === 'sealed')
  const input = { fingerprint, document }
  if (way === 'direct') return { kind: 'deposit', receipt: await keepReceipt(await colophon.deposits.create(input, options)) }
  if (way === 'sponsored') {
    options.onProgress?.({ stage: 'send', done: 0, total: 1, unit: 'steps' })
    const signed = await colophon.deposits.sign(input)
    return { kind: 'deposit', receipt: await keepReceipt(await sponsored(chain, signed, options)) }
  }
  const opening = await colophon.deposits.prepareSeal(input)
  const kept: KeptOpening = { opening, title: form.title, cids }
  await keep('openings', opening.commitment, kept)
  const seal = await colophon.deposits.seal(opening, options)
  const done = { ...kept, sealedAt: seal.sealed.time }
  await keep('openings', opening.commitment, done)
  return { kind: 'seal', seal, opening: done }
}

/** Pins the document: for a sealed work in this browser alone. */
async function pin(
  settings: Settings,
  fingerprint: Fingerprint,
  form: FormValues,
  fileName: string,
  account: string | undefined,
  sealed: boolean,
): Promise<{ document: EncodedDocument; cids: string[] }> {
  const { pinWork } = await import('@colophon/sdk/document')
  let document: EncodedDocument | undefined
  let cids: string[] = []
  await publish(
    settings,
    {
      async put(storage) {
        document = await pinWork(storage, fingerprint, descriptionOf(form, account), { fileName })
        cids = [document.cid, ...(document.document.features ?? [])]
        return cids
      },
    },
    { here: sealed },
  )
  return { document: document!, cids }
}

/** Shows a sealed work: its document is published, and the deposit gets the time of the seal. */
export async function unseal(colophon: Colophon, settings: Settings, kept: KeptOpening, options: WriteOptions): Promise<DepositReceipt> {
  const { republish } = await import('../store/documents.ts')
  await republish(settings, kept.cids)
  const receipt = await keepReceipt(await colophon.deposits.unseal(kept.opening, options))
  await forget('openings', kept.opening.commitment)
  return receipt
}

/**
 * What became of a transaction that was sent before a reload.
 * @throws TRANSACTION_PENDING while it is not mined
 */
export async function depositedBy(colophon: Colophon, hash: string): Promise<DepositReceipt> {
  const [receipt] = await colophon.deposits.receipts(hash as Hex)
  if (receipt === undefined)
    throw new ColophonError('TRANSACTION_FAILED', `Transaction ${hash} deposited nothing.`, {
      hint: 'Send the deposit again.',
      details: { transactionHash: hash },
    })
  return await keepReceipt(receipt)
}

/** Kept in this browser, for the certificate and the list of one's own deposits. */
async function keepReceipt(receipt: DepositReceipt): Promise<DepositReceipt> {
  await keep('receipts', receipt.id, receipt)
  return receipt
}

/**
 * Hands a signed deposit to the sponsor, and waits until the chain has it: what the sponsor says is checked there.
 * @throws what the relay's client throws
 */
async function sponsored(
  { settings, provider, deployment }: Sending,
  signed: SignedDeposit,
  { onProgress, signal }: WriteOptions,
): Promise<DepositReceipt> {
  const { createRelayClient } = await import('@colophon/sdk/relay')
  const abortable = signal === undefined ? {} : { signal }
  const relay = createRelayClient({ url: settings.relay!, provider, ...(deployment === undefined ? {} : { deployment }) })
  await relay.submit(signed, abortable)
  onProgress?.({ stage: 'confirm', done: 0, total: 1, unit: 'steps' })
  return await relay.receipt(signed, { ...abortable, pollInterval: pollingOf(settings).pollingInterval })
}
