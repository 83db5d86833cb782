import {
  type Colophon,
  ColophonError,
  type DepositReceipt,
  type Hex,
  parseReceipt,
  type SealReceipt,
  type WriteOptions,
} from '@colophon/sdk'
import type { EncodedDocument } from '@colophon/sdk/document'
import type { Fingerprint } from '@colophon/sdk/fingerprint'
import type { Settings } from '../settings/settings.ts'
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

/** A deposit that is on the chain, or a seal. */
export type Deposited = { kind: 'deposit'; receipt: DepositReceipt } | { kind: 'seal'; seal: SealReceipt; opening: KeptOpening }

/**
 * Makes and keeps the document, then deposits as was chosen. What is kept is kept before anything is sent: a crash in between loses nothing.
 */
export async function deposit(
  { colophon, settings, account }: { colophon: Colophon; settings: Settings; account: string | undefined },
  { fingerprint, form, fileName, way }: ToDeposit,
  options: WriteOptions,
): Promise<Deposited> {
  options.onProgress?.({ stage: 'simulate', done: 0, total: 1, unit: 'steps' })
  const { document, cids } = await pin(settings, fingerprint, form, fileName, account, way === 'sealed')
  const input = { fingerprint, document }
  if (way === 'direct') return { kind: 'deposit', receipt: await keepReceipt(await colophon.deposits.create(input, options)) }
  if (way === 'sponsored') {
    options.onProgress?.({ stage: 'send', done: 0, total: 1, unit: 'steps' })
    return { kind: 'deposit', receipt: await keepReceipt(await sponsored(settings, await colophon.deposits.sign(input))) }
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

/** Hands a signed deposit to the sponsor. */
async function sponsored(settings: Settings, signed: object): Promise<DepositReceipt> {
  let answer: Response
  try {
    answer = await fetch(`${settings.relay}/deposits`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(signed),
    })
  } catch (cause) {
    throw new ColophonError('SPONSOR_UNREACHABLE', 'The sponsor does not answer.', {
      hint: 'Try again later, or deposit directly and pay the fee yourself.',
      details: { relay: settings.relay },
      cause,
    })
  }
  const body = (await answer.json().catch(() => ({}))) as { code?: unknown; message?: unknown; hint?: unknown }
  if (answer.ok) return parseReceipt(body)
  throw new ColophonError(
    typeof body.code === 'string' ? body.code : 'SPONSOR_REFUSED',
    typeof body.message === 'string' ? body.message : `The sponsor refused with status ${answer.status}.`,
    { hint: typeof body.hint === 'string' ? body.hint : 'Deposit directly and pay the fee yourself.', details: { status: answer.status } },
  )
}
