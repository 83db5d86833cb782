import { sha256 } from '@noble/hashes/sha2.js'
import type { Provider } from 'ethers'
import { type Connection, chainIdOf, createConnection } from '../client/connection.ts'
import { type Deployment, deploymentOn } from '../contracts/deployments.ts'
import { createDepositsOn } from '../deposits/client.ts'
import type { DepositRecord } from '../deposits/records.ts'
import { type Bytes32, bytes32, type Hex, ZERO_32 } from '../deposits/work.ts'
import { ColophonError } from '../errors/base.ts'
import type { LongCallOptions } from '../progress/progress.ts'
import { cidOfDigest, type DepositReceipt, readReceipt } from '../receipt/receipt.ts'
import { openSource, type Source } from '../source/index.ts'
import {
  attempt,
  CHAIN_CHECKS,
  checkChain,
  checkContract,
  checkEvent,
  checkId,
  checkProof,
  checkRecord,
  checkSeal,
  checkSignature,
  checkTime,
} from './chain.ts'
import { type Check, type CheckName, failed, skipped } from './check.ts'
import { checkDocument, checkDocumentContent, type DocumentFacts, documentFacts } from './document.ts'
import { checkFingerprint, checkIscc, checkSha256, type FileFacts } from './file.ts'

/** What to verify: any of these, and the more the better. At least one of `file`, `id` and `receipt`. */
export interface Subject {
  /** Whatever `fingerprint()` takes: bytes, a Blob, in Node a path. */
  file?: Source
  /** Id of a deposit. */
  id?: Bytes32
  /** A receipt, as object or JSON text. */
  receipt?: DepositReceipt | object | string
  /** Bytes of the deposit document, if they are not to come from `storage`. */
  document?: Uint8Array
}

export interface VerifyOptions extends LongCallOptions<'file' | 'search' | 'check'> {
  /** Without one, only what needs no chain is checked. */
  provider?: Provider
  /** The registry to trust; by default the one this SDK knows on the chain. */
  deployment?: Deployment
  /** Where the deposit document may be; `get` answers the bytes of a CID. */
  storage?: { get(cid: string, options?: { signal?: AbortSignal }): Promise<Uint8Array> }
  /** Computes hash, fingerprint and ISCC of the file; the SDK's own by default. */
  fingerprint?: (file: Source, options: { signal?: AbortSignal }) => Promise<FileFacts>
}

/**
 * `'verified'`: the deposit is on the chain, genuine, and everything given agrees with it.
 * `'refuted'`: at least one check failed.
 * `'not-found'`: nothing was found on the chain for what was given.
 * `'incomplete'`: nothing failed, but the chain could not be asked.
 */
export type Verdict = 'verified' | 'refuted' | 'not-found' | 'incomplete'

export interface Verification {
  verdict: Verdict
  checks: Check[]
  /** The deposit that was checked: the receipt given, or one made from the chain. */
  receipt?: DepositReceipt
  /** Other deposits of the same file, when it was looked up by its hash; earliest first. */
  others: DepositRecord[]
}

/**
 * Checks a deposit from the outside, trusting nobody but the RPC: recomputes hash, fingerprint, ISCC, document CID and id, and
 * compares record, event, block time, proof, seal and signature. What does not agree is a failed check, not an exception.
 *
 * @throws NOTHING_TO_VERIFY, INVALID_RECEIPT when what was given cannot be read at all
 */
export async function verify(subject: Subject, options: VerifyOptions = {}): Promise<Verification> {
  const { signal, onProgress } = options
  signal?.throwIfAborted()
  if (subject.file === undefined && subject.id === undefined && subject.receipt === undefined)
    throw new ColophonError('NOTHING_TO_VERIFY', 'There is neither a file, nor an id, nor a receipt.', {
      hint: 'Give at least one of them.',
    })
  const given = subject.receipt === undefined ? undefined : receiptGiven(subject.receipt)

  onProgress?.({ stage: 'file', done: 0, total: 1, unit: 'steps' })
  const file = subject.file === undefined ? undefined : await readFile(subject, options)
  signal?.throwIfAborted()

  onProgress?.({ stage: 'search', done: 0, total: 1, unit: 'steps' })
  const chain = await reachChain(options, given)
  const wantedId = subject.id === undefined ? given?.id : bytes32('id', subject.id)
  const { receipt, others, absent } = await locate(given, wantedId, file?.sha256, chain, options)

  const checks: Check[] = []
  const add = (check: Check): number => checks.push(check)
  onProgress?.({ stage: 'check', done: 0, total: 1, unit: 'steps' })
  if (receipt === undefined) {
    if (absent === undefined) for (const name of CHAIN_CHECKS) add(skipped(name, chain.reason ?? 'Nothing is known of a deposit to check.'))
    else add(absent)
    return { verdict: absent?.status === 'failed' ? 'not-found' : 'incomplete', checks, others }
  }

  if (subject.id !== undefined && given !== undefined && wantedId !== given.id)
    add(failed('id', wantedId!, given.id, 'The receipt is of another deposit than the id given.'))
  else add(checkId(receipt))
  const document = await readDocument(subject, receipt, options)
  for (const check of fileChecks(receipt, file, document.facts)) add(check)
  add(document.check)
  add(
    document.facts === undefined
      ? skipped('document-content', 'The document is not at hand.')
      : checkDocumentContent(receipt, document.facts),
  )
  for (const check of await chainChecks(receipt, chain)) {
    signal?.throwIfAborted()
    add(check)
  }
  onProgress?.({ stage: 'check', done: 1, total: 1, unit: 'steps' })
  return { verdict: verdictOf(checks), checks, receipt, others }
}

function receiptGiven(receipt: object | string): DepositReceipt {
  if (typeof receipt !== 'string') return readReceipt(receipt)
  try {
    return readReceipt(JSON.parse(receipt))
  } catch (cause) {
    if (cause instanceof ColophonError) throw cause
    throw new ColophonError('INVALID_RECEIPT', 'The receipt is not JSON.', { hint: 'Use the receipt as it was written.', cause })
  }
}

interface ReadFile {
  sha256: Hex
  facts?: FileFacts
  /** Why the file gives no fingerprint. */
  reason?: string
}

/** The hash at least; a file that was damaged may no longer decode, and that is an answer too. */
async function readFile({ file }: Subject, options: VerifyOptions): Promise<ReadFile> {
  const { signal } = options
  const fingerprint = options.fingerprint ?? (await defaultFingerprint())
  try {
    const facts = await fingerprint(file!, signal === undefined ? {} : { signal })
    return { sha256: bytes32('sha256', facts.sha256), facts }
  } catch (fault) {
    signal?.throwIfAborted()
    if (!(fault instanceof ColophonError) || fault.code.startsWith('SOURCE_')) throw fault
    return { sha256: await hashOf(file!, signal), reason: fault.shortMessage }
  }
}

/** SHA-256 of any file, whether or not it is a picture or text. */
async function hashOf(file: Source, signal: AbortSignal | undefined): Promise<Hex> {
  const hash = sha256.create()
  for await (const chunk of (await openSource(file)).open()) {
    signal?.throwIfAborted()
    hash.update(chunk)
  }
  return bytes32('sha256', hash.digest())
}

async function defaultFingerprint(): Promise<NonNullable<VerifyOptions['fingerprint']>> {
  return (await import('../fingerprint/index.ts')).fingerprint
}

interface ReachedChain {
  connection?: Connection
  chainId?: number
  /** Address of the registry to trust, if one is known. */
  trusted?: string
  /** Why the chain cannot be asked. */
  reason?: string
}

/** The chain as the receipt needs it: a receipt names its registry, so one can be checked without knowing the deployment. */
async function reachChain({ provider, deployment }: VerifyOptions, given: DepositReceipt | undefined): Promise<ReachedChain> {
  if (provider === undefined) return { reason: 'No provider was given, so the chain was not asked.' }
  let chainId: number
  try {
    chainId = await chainIdOf(provider)
  } catch (fault) {
    return { reason: `The chain could not be asked: ${(fault as ColophonError).shortMessage}` }
  }
  const known = deployment ?? deploymentOn(chainId)
  const trusted = known?.chainId === chainId ? known.contracts.CopyrightRegistry : undefined
  const registry = given === undefined ? trusted : { address: given.registry, block: trusted?.block ?? 0 }
  if (registry === undefined) return { chainId, reason: `No registry is known on chain ${chainId}; pass { deployment }.` }
  return {
    chainId,
    connection: createConnection({ provider, deployment: { chainId, contracts: { CopyrightRegistry: registry } } }),
    ...(trusted === undefined ? {} : { trusted: trusted.address }),
  }
}

interface Located {
  receipt?: DepositReceipt
  others: DepositRecord[]
  /** The failed check when the chain has nothing. */
  absent?: Check
}

/** The deposit to check: the receipt given, or one made from what the chain has for the id or the file. */
async function locate(
  given: DepositReceipt | undefined,
  id: Hex | undefined,
  contentHash: Hex | undefined,
  { connection }: ReachedChain,
  options: VerifyOptions,
): Promise<Located> {
  if (given !== undefined) return { receipt: given, others: [] }
  if (connection === undefined) return { others: [] }
  const deposits = createDepositsOn(connection)
  const { signal } = options
  const search = {
    ...(signal === undefined ? {} : { signal }),
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
  }
  try {
    if (id !== undefined) {
      const found = await deposits.get(id)
      if (found === undefined)
        return { others: [], absent: failed('record', `a deposit with id ${id}`, 'none', 'The registry has no record with this id.') }
      return { receipt: await deposits.receipt(id), others: [] }
    }
    const found = (await deposits.find(contentHash!, search)).sort(
      (a, b) => a.depositedAt - b.depositedAt || a.record.block - b.record.block,
    )
    const [first, ...others] = found
    if (first === undefined)
      return {
        others: [],
        absent: failed(
          'record',
          `a deposit of a file with SHA-256 ${contentHash}`,
          'none',
          'Nobody has deposited exactly this file: it was never deposited, or it was changed. Anchored and sealed works are found by their receipt only.',
        ),
      }
    return { receipt: await deposits.receipt(first.id), others }
  } catch (fault) {
    signal?.throwIfAborted()
    if (!(fault instanceof ColophonError)) throw fault
    return { others: [], absent: { ...skipped('record', `Could not be checked: ${fault.shortMessage}`) } }
  }
}

function fileChecks({ work }: DepositReceipt, file: ReadFile | undefined, document: DocumentFacts | undefined): Check[] {
  const names: CheckName[] = ['sha256', 'fingerprint', 'iscc']
  if (file === undefined) return names.map((name) => skipped(name, 'The file is not at hand.'))
  const sha = checkSha256(work, file.sha256)
  const { facts, reason } = file
  if (facts === undefined)
    return [sha, skipped('fingerprint', `The file gives none: ${reason}`), skipped('iscc', `The file gives none: ${reason}`)]
  return [sha, checkFingerprint(work, facts), checkIscc(document?.iscc, facts)]
}

async function readDocument(
  { document }: Subject,
  { work }: DepositReceipt,
  { storage, signal }: VerifyOptions,
): Promise<{ check: Check; facts?: DocumentFacts }> {
  if (work.metadata === ZERO_32) return { check: skipped('document', 'The deposit has no document.') }
  const cid = cidOfDigest(work.metadata)
  let bytes = document
  if (bytes === undefined) {
    if (storage === undefined)
      return { check: skipped('document', `Neither the document ${cid} nor a storage that may have it was given.`) }
    try {
      bytes = await storage.get(cid, signal === undefined ? {} : { signal })
    } catch (fault) {
      signal?.throwIfAborted()
      return { check: skipped('document', `The storage does not give the document ${cid}: ${(fault as Error).message.split('\n')[0]}`) }
    }
  }
  const check = checkDocument(work, bytes)
  const facts = check.ok ? documentFacts(bytes) : undefined
  return facts === undefined ? { check } : { check, facts }
}

async function chainChecks(receipt: DepositReceipt, { connection, chainId, trusted, reason }: ReachedChain): Promise<Check[]> {
  const proof = checkProof(receipt)
  if (connection === undefined || chainId !== receipt.chainId) {
    const wrong = chainId === undefined ? undefined : checkChain(receipt, chainId)
    const why = connection === undefined ? reason! : 'The RPC is on another chain than the deposit.'
    return await Promise.all(
      CHAIN_CHECKS.map((name) =>
        name === 'chain' && wrong !== undefined
          ? wrong
          : name === 'proof'
            ? proof
            : name === 'signature'
              ? checkSignature(undefined, receipt)
              : skipped(name, why),
      ),
    )
  }
  const contract = await attempt('contract', () => checkContract(connection, receipt, trusted))
  if (contract.found === 'no contract')
    return [
      checkChain(receipt, chainId),
      contract,
      ...CHAIN_CHECKS.slice(2).map((name) => (name === 'proof' ? proof : skipped(name, 'There is no contract to ask.'))),
    ]
  return [
    checkChain(receipt, chainId),
    contract,
    ...(await Promise.all([
      attempt('record', () => checkRecord(connection, receipt)),
      attempt('event', () => checkEvent(connection, receipt)),
      attempt('time', () => checkTime(connection, receipt)),
      proof,
      attempt('seal', () => checkSeal(connection, receipt)),
      attempt('signature', () => checkSignature(connection, receipt)),
    ])),
  ]
}

/** What must have been checked before anything may be called verified. */
const DECISIVE: readonly CheckName[] = ['id', 'chain', 'contract', 'record']

function verdictOf(checks: readonly Check[]): Verdict {
  if (checks.some((check) => check.status === 'failed')) return 'refuted'
  return DECISIVE.every((name) => checks.some((check) => check.name === name && check.ok)) ? 'verified' : 'incomplete'
}
