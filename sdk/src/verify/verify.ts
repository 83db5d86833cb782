import type { Provider } from 'ethers'
import type { Deployment } from '../contracts/deployments.ts'
import { deploymentOn } from '../contracts/deployments.ts'
import type { DepositRecord } from '../deposits/records.ts'
import { type Bytes32, bytes32, type Hex } from '../deposits/work.ts'
import { ColophonError } from '../errors/base.ts'
import type { Media } from '../fingerprint/index.ts'
import { untilAborted } from '../progress/aborted.ts'
import type { LongCallOptions } from '../progress/progress.ts'
import { type DepositReceipt, readReceipt } from '../receipt/receipt.ts'
import type { Source } from '../source/index.ts'
import { chainChecks, checkId } from './chain.ts'
import { type Check, type CheckName, failed, skipped } from './check.ts'
import { checkDocumentContent, type DocumentFacts, type DocumentStorage, readDocument } from './document.ts'
import { checkFingerprint, checkIscc, checkSha256, mediaOfWork } from './file.ts'
import { type FingerprintFile, type ReadFile, readerOf } from './fileReader.ts'
import { type Located, locate, type ReachedChain, reachChain } from './locate.ts'
import { faultFacts, say } from './sentence.ts'
import { checkEventProof, checkStateProof } from './stateProof.ts'

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
  /**
   * The registry to trust; by default the one this SDK knows on the chain. Without either nothing on the chain is believed: anybody can
   * deploy the registry's code with records of their own making.
   */
  deployment?: Deployment
  /** Hash of a block that you know to be the chain's: with a receipt that has a proof (`proveDeposit`), no provider is needed. */
  blockHash?: string
  /** Where the deposit document may be. */
  storage?: DocumentStorage
  /** Computes hash, fingerprint and ISCC of the file; the SDK's own by default. */
  fingerprint?: FingerprintFile
}

/**
 * `'verified'`: the deposit is on the chain, genuine, and everything given agrees with it.
 * `'refuted'`: at least one check failed.
 * `'not-found'`: nothing was found on the chain for what was given.
 * `'incomplete'`: nothing failed, but the chain could not be asked, or not a registry that is trusted.
 */
export type Verdict = 'verified' | 'refuted' | 'not-found' | 'incomplete'

export interface Verification {
  verdict: Verdict
  checks: Check[]
  /** The deposit that was checked: the receipt given, or one made from the chain. */
  receipt?: DepositReceipt
  /**
   * Other deposits of the same file, when it was looked up by its hash; earliest first. The deposit checked is the earliest that holds:
   * one before it says something else of the file than the file itself does.
   */
  others: DepositRecord[]
}

/**
 * Checks a deposit from the outside, trusting nobody but the RPC: recomputes hash, fingerprint, ISCC, document CID and id, and
 * compares record, event, block time, proof, seal and signature. What does not agree is a failed check, not an exception.
 *
 * @throws NOTHING_TO_VERIFY, INVALID_RECEIPT, SOURCE_* when what was given cannot be read at all; WRONG_CHAIN when `deployment` is on
 * another chain than `provider`; the signal's reason when aborted
 */
export async function verify(subject: Subject, options: VerifyOptions = {}): Promise<Verification> {
  options.signal?.throwIfAborted()
  return await untilAborted(examine(subject, options), options.signal)
}

async function examine(subject: Subject, options: VerifyOptions): Promise<Verification> {
  const { signal, onProgress } = options
  if (subject.file === undefined && subject.id === undefined && subject.receipt === undefined)
    throw new ColophonError('NOTHING_TO_VERIFY', 'There is neither a file, nor an id, nor a receipt.', {
      hint: 'Give at least one of them.',
    })
  const given = subject.receipt === undefined ? undefined : receiptGiven(subject.receipt)
  const wantedId = subject.id === undefined ? undefined : bytes32('id', subject.id)

  onProgress?.({ stage: 'file', done: 0, total: 1, unit: 'steps' })
  const file = subject.file === undefined ? undefined : readerOf(subject.file, options)
  const contentHash = given === undefined && wantedId === undefined ? await file!.sha256() : undefined

  onProgress?.({ stage: 'search', done: 0, total: 1, unit: 'steps' })
  const chain = await reachChain(options, given)
  const found = await locate({ given, id: wantedId, contentHash }, chain, options)

  onProgress?.({ stage: 'check', done: 0, total: 1, unit: 'steps' })
  const verification = await checkFound(found, async (receipt) => {
    signal?.throwIfAborted()
    return await checksOf(receipt, { subject, given, wantedId, file, chain, options })
  })
  onProgress?.({ stage: 'check', done: 1, total: 1, unit: 'steps' })
  return verification
}

/** Checks what was found, earliest first, until one holds: whoever deposits a file they only copied must not stand in its maker's light. */
async function checkFound(
  { receipts, records, absent }: Located,
  check: (receipt: DepositReceipt) => Promise<Check[]>,
): Promise<Verification> {
  let first: Verification | undefined
  for await (const receipt of receipts) {
    const checks = await check(receipt)
    const others = records.filter(({ id }) => id !== receipt.id)
    const verification: Verification = { verdict: verdictOf(checks), checks, receipt, others }
    if (verification.verdict !== 'refuted') return verification
    first ??= verification
  }
  if (first !== undefined) return first
  return { verdict: absent.some(({ status }) => status === 'failed') ? 'not-found' : 'incomplete', checks: absent, others: [] }
}

interface Known {
  subject: Subject
  given: DepositReceipt | undefined
  wantedId: Hex | undefined
  file: ReadFile | undefined
  chain: ReachedChain
  options: VerifyOptions
}

async function checksOf(receipt: DepositReceipt, { subject, given, wantedId, file, chain, options }: Known): Promise<Check[]> {
  const id =
    given !== undefined && wantedId !== undefined && wantedId !== given.id
      ? failed('id', wantedId, given.id, say('receipt-of-another'))
      : checkId(receipt)
  const document = await readDocument(subject.document, receipt, options)
  return [
    id,
    ...(await fileChecks(receipt, file, document.facts)),
    document.check,
    document.facts === undefined ? skipped('document-content', say('document-absent')) : checkDocumentContent(receipt, document.facts),
    ...(await proofAndChain(receipt, chain, options)),
  ]
}

/** The chain's answers; a proof that leads to a trusted block stands in for those that nobody could be asked for. */
async function proofAndChain(receipt: DepositReceipt, chain: ReachedChain, options: VerifyOptions): Promise<Check[]> {
  const { blockHash, provider, deployment } = options
  if (blockHash === undefined && receipt.stateProof === undefined && receipt.eventProof === undefined)
    return await chainChecks(receipt, chain, options)
  const checkProof = receipt.stateProof === undefined && receipt.eventProof !== undefined ? checkEventProof : checkStateProof
  const { check, proven } = await checkProof(receipt, {
    ...(blockHash === undefined ? {} : { blockHash }),
    provider: chain.chainId === receipt.chainId ? provider : undefined,
    trusted:
      chain.trusted ??
      (deployment?.chainId === receipt.chainId ? deployment : deploymentOn(receipt.chainId))?.contracts.CopyrightRegistry?.address,
  })
  const asked = await chainChecks(receipt, chain, options)
  const merged = asked.map((one) => {
    const better = proven.find(({ name }) => name === one.name)
    return one.status === 'skipped' && better !== undefined ? better : one
  })
  return [...merged, check]
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

async function fileChecks({ work }: DepositReceipt, file: ReadFile | undefined, document: DocumentFacts | undefined): Promise<Check[]> {
  const names: CheckName[] = ['sha256', 'fingerprint', 'iscc']
  if (file === undefined) return names.map((name) => skipped(name, say('file-absent')))
  // The file must be taken for what its depositor took it for: a photograph can be deposited as plain data.
  const media: Media | undefined = document?.media ?? mediaOfWork(work)
  const { sha256, facts, fault, otherMedium } = await file.read(media)
  const sha = checkSha256(work, sha256)
  if (facts === undefined)
    return [
      sha,
      otherMedium
        ? failed('fingerprint', work.fingerprint, 'none', say('file-other-medium', { media: media ?? 'data' }))
        : skipped('fingerprint', say('file-gives-none', faultFacts(fault!))),
      skipped('iscc', say('file-gives-none', faultFacts(fault!))),
    ]
  return [sha, checkFingerprint(work, facts), checkIscc(document?.iscc, facts)]
}

/** What must have been checked before anything may be called verified. */
const DECISIVE: readonly CheckName[] = ['id', 'chain', 'contract', 'record']

function verdictOf(checks: readonly Check[]): Verdict {
  if (checks.some((check) => check.status === 'failed')) return 'refuted'
  return DECISIVE.every((name) => checks.some((check) => check.name === name && check.ok)) ? 'verified' : 'incomplete'
}
