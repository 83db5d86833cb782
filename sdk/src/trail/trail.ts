import type { Provider } from 'ethers'
import { type Connection, createConnection } from '../client/connection.ts'
import type { ContractName, Deployment } from '../contracts/deployments.ts'
import { createReads } from '../deposits/records.ts'
import { type Bytes32, bytes32, type Hex } from '../deposits/work.ts'
import { ColophonError } from '../errors/base.ts'
import { untilAborted } from '../progress/aborted.ts'
import type { LongCallOptions } from '../progress/progress.ts'
import { checkLink } from './check.ts'
import { gatherClaims, gatherDeposit, gatherLicenses, gatherPayments, gatherTitle } from './gather.ts'

/** A chapter in the life of a work. */
export type Stage = 'deposit' | 'title' | 'license' | 'payment' | 'claim' | 'evidence' | 'ruling'

/** One thing that was checked of a link, or why it could not be. */
export interface LinkCheck {
  /**
   * - `event`: the transaction's receipt has this very event, in a block that is the chain's.
   * - `contract`: the contract that wrote it is the deployment's, and its code the one this SDK knows.
   * - `id`: the id is the hash of what it stands for.
   * - `state`: what the contract stores today agrees.
   * - `document`: a CID's bytes are at hand and hash to it.
   */
  name: 'event' | 'contract' | 'id' | 'state' | 'document'
  status: 'ok' | 'failed' | 'skipped'
  explanation: string
}

/** One event in the life of a work. */
export interface Link {
  stage: Stage
  /** Name of the event in Solidity. */
  event: string
  contract: ContractName
  address: string
  transaction: Hex
  block: number
  /** Place among the events of its block. */
  index: number
  /** Time of the block, seconds since 1970. */
  time: number
  /** Id of the claim, license or agreement that it is about; absent when it is about the work itself. */
  about?: string
  /** In a claim: whether the work is the one that was copied, or the one that is said to be a copy. */
  side?: 'claimant' | 'suspect'
  /** The event's values, as text. */
  facts: Record<string, string>
  /** CIDs that it names. */
  cids: { name: string; cid: string }[]
  checks: LinkCheck[]
}

/** The life of a work, oldest first. */
export interface Trail {
  id: Hex
  chainId: number
  /** `'verified'`: every link was checked and holds. `'refuted'`: one does not. `'incomplete'`: nothing failed, but something could not be asked. */
  verdict: 'verified' | 'refuted' | 'incomplete'
  links: Link[]
  /** What was not looked at, and why. */
  gaps: string[]
}

export interface TraceOptions extends LongCallOptions<'search' | 'check'> {
  provider: Provider
  /** The contracts to trust; by default what this SDK knows on the provider's chain. */
  deployment?: Deployment
  /** Where documents and evidence may be; without it CIDs are listed and not checked. */
  storage?: { get(cid: string, options?: { signal?: AbortSignal }): Promise<Uint8Array> }
}

/**
 * The trail of a work: its deposit, its title and who held it, its licenses and agreements, what was paid for it and to whom, the claims in which it is on either side, their evidence and rulings, each with transaction and CIDs,
 * each link checked by itself.
 *
 * @throws ColophonError `DEPOSIT_NOT_FOUND`, `DEPLOYMENT_UNKNOWN`, and what the RPC's faults become; the signal's reason when aborted
 */
export async function trace(workId: Bytes32, options: TraceOptions): Promise<Trail> {
  options.signal?.throwIfAborted()
  return await untilAborted(follow(bytes32('id', workId), options), options.signal)
}

async function follow(id: Hex, options: TraceOptions): Promise<Trail> {
  const { provider, deployment, signal, onProgress } = options
  const connection = createConnection({ provider, ...(deployment === undefined ? {} : { deployment }) })
  const { chainId, contracts } = await connection.deployment()
  const record = await createReads(connection).get(id)
  if (record === undefined)
    throw new ColophonError('DEPOSIT_NOT_FOUND', `There is no deposit with id ${id}.`, {
      hint: 'A sealed work has none before it is unsealed, a work of a batch none before it is lifted. Is this the right chain?',
      details: { id, chainId },
    })
  const gaps: string[] = []
  const search = { ...(signal === undefined ? {} : { signal }) }
  const chapters: [string, ContractName, () => Promise<Link[]>][] = [
    ['the deposit', 'CopyrightRegistry', () => gatherDeposit(connection, record)],
    ['title', 'CopyrightTitle', () => gatherTitle(connection, id, search)],
    ['licenses', 'LicenseToken', () => gatherLicenses(connection, id, search)],
    ['payments', 'RevenueSplitter', () => gatherPayments(connection, id, search)],
    ['claims', 'InfringementClaims', () => gatherClaims(connection, id, search)],
  ]
  const links: Link[] = []
  for (const [index, [name, contract, gather]] of chapters.entries()) {
    signal?.throwIfAborted()
    onProgress?.({ stage: 'search', done: index, total: chapters.length, unit: 'steps' })
    if (contracts[contract] === undefined) gaps.push(`The deployment names no ${contract}, so ${name} were not looked for.`)
    else links.push(...(await gather()))
  }
  links.sort((a, b) => a.block - b.block || a.index - b.index)
  await checkAll(connection, id, links, options)
  const statuses = links.flatMap(({ checks }) =>
    checks.map(({ name, status }) => (name === 'document' && status === 'skipped' ? 'ok' : status)),
  )
  const verdict = statuses.includes('failed') ? 'refuted' : statuses.includes('skipped') || gaps.length > 0 ? 'incomplete' : 'verified'
  return { id, chainId, verdict, links, gaps }
}

async function checkAll(
  connection: Connection,
  id: Hex,
  links: readonly Link[],
  { signal, onProgress, storage }: TraceOptions,
): Promise<void> {
  for (const [index, link] of links.entries()) {
    signal?.throwIfAborted()
    onProgress?.({ stage: 'check', done: index, total: links.length, unit: 'items' })
    await checkLink(connection, id, link, links, {
      ...(storage === undefined ? {} : { storage }),
      ...(signal === undefined ? {} : { signal }),
    })
  }
  onProgress?.({ stage: 'check', done: links.length, total: links.length, unit: 'items' })
}
