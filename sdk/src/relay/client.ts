import { verifyTypedData } from 'ethers'
import { type ConnectionOptions, createConnection } from '../client/connection.ts'
import { anchoredReceipt } from '../deposits/anchor.ts'
import { createDepositsOn } from '../deposits/client.ts'
import { registryAt, registryCall } from '../deposits/registry.ts'
import type { SignedDeposit, SignOptions } from '../deposits/signed.ts'
import { bytes32, type Hex, idOf, leafOf, type WorkInput, workOf } from '../deposits/work.ts'
import { ColophonError } from '../errors/base.ts'
import { publicUrl } from '../errors/publicUrl.ts'
import { rootOf } from '../merkle/proof.ts'
import { pauseFor } from '../progress/pause.ts'
import type { LongCallOptions } from '../progress/progress.ts'
import type { DepositReceipt } from '../receipt/receipt.ts'
import { ACCEPTANCE_TYPES, acceptanceDomain, type RelayAccepted, type RelayInfo, type RelayStatus } from './protocol.ts'

export interface RelayClientOptions extends ConnectionOptions {
  /** Where the relay is. */
  url: string
  /** Another `fetch` than the global one. */
  fetch?: typeof fetch
  /** Milliseconds for one answer of the relay; default 15,000. */
  timeout?: number
}

/** What a single exchange with the relay takes. */
type Abortable = Pick<LongCallOptions, 'signal'>

export interface RelayWaitOptions extends LongCallOptions<'queued' | 'sent' | 'confirm'> {
  /** Blocks to wait for, the record's own included; default 1. */
  confirmations?: number
  /** Milliseconds to wait before RELAY_PENDING; default 600,000. */
  timeout?: number
  /** Milliseconds between two questions; default 1,000. */
  pollInterval?: number
}

/** What names a deposit: a signed one, or its claimant and work. */
export type RelayedDeposit = Pick<SignedDeposit, 'claimant' | 'work'>

/** A relay seen from outside. Whatever it says is checked against a chain of the caller's own choice. */
export interface RelayClient {
  /**
   * What the relay says of itself.
   * @throws RELAY_ELSEWHERE when it is for another chain or registry, RELAY_UNREACHABLE, RELAY_FOREIGN
   */
  info(options?: Abortable): Promise<RelayInfo>
  /**
   * Hands a signed deposit over. Sending the same again is safe, and gives the same request; lost answers are asked for again here.
   * @returns with the relay's signed word that it is on its disk, which is checked
   * @throws what the relay refuses it with (SIGNATURE_*, DEPOSIT_EXISTS, RELAY_IDENTITY_REQUIRED, RELAY_QUOTA_EXCEEDED, RELAY_FULL …),
   * RELAY_UNTRUE, RELAY_UNREACHABLE
   */
  submit(signed: SignedDeposit, options?: Abortable): Promise<RelayAccepted>
  /**
   * What the relay says of a request. Not checked; see `receipt`.
   * @throws RELAY_NOT_FOUND, RELAY_UNREACHABLE
   */
  status(id: string, options?: Abortable): Promise<RelayStatus>
  /**
   * Waits until the deposit is on the chain, and makes its receipt from there: record, claimant, work and transaction, or the anchor with a
   * proof that the registry accepts. A relay that is gone does not matter once the chain has the record.
   * @throws RELAY_REFUSED with the relay's reason, RELAY_UNTRUE when the chain does not bear out what the relay says, RELAY_PENDING
   */
  receipt(deposit: RelayedDeposit, options?: RelayWaitOptions): Promise<DepositReceipt>
  /** Signs, submits and waits: a deposit that costs its claimant nothing. */
  deposit(work: WorkInput, options?: RelayWaitOptions & SignOptions): Promise<DepositReceipt>
}

/** Times that an answer which did not come is asked for again. */
const ATTEMPTS = 3
/** Milliseconds for which the caller's RPC may be behind the relay's before the relay is called untrue. */
const LAG = 30_000

/**
 * A client of a relay. Nothing is asked before the first call.
 * @throws PROVIDER_MISSING, INVALID_INPUT
 */
export function createRelayClient(options: RelayClientOptions): RelayClient {
  const { fetch: ask = globalThis.fetch, timeout = 15_000 } = options
  if (!/^https?:\/\//.test(options.url) || !URL.canParse(options.url))
    throw new ColophonError('INVALID_INPUT', 'The url of the relay is not valid: expected an http or https URL.', {
      hint: 'Give the address that the relay said when it was started.',
      details: { field: 'url', found: publicUrl(options.url) },
    })
  const base = options.url.replace(/\/+$/, '')
  const connection = createConnection(options)
  const deposits = createDepositsOn(connection)
  let told: Promise<RelayInfo> | undefined

  /** One exchange with the relay; what got lost or may pass is tried again, since every request may be repeated. */
  async function exchange<Answer>(path: string, body: unknown, signal: AbortSignal | undefined): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      signal?.throwIfAborted()
      try {
        return await once(path, body, signal)
      } catch (fault) {
        signal?.throwIfAborted()
        const passing = fault instanceof ColophonError && (fault.code === 'RELAY_UNREACHABLE' || fault.details.retry === true)
        if (!passing || attempt === ATTEMPTS) throw fault
        await pauseFor(200 * 3 ** (attempt - 1), signal)
      }
    }
  }

  async function once<Answer>(path: string, body: unknown, signal: AbortSignal | undefined): Promise<Answer> {
    const patience = AbortSignal.timeout(timeout)
    let response: Response
    let text: string
    try {
      response = await ask(`${base}${path}`, {
        ...(body === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
        signal: signal === undefined ? patience : AbortSignal.any([signal, patience]),
        redirect: 'error',
      })
      text = await response.text()
    } catch (cause) {
      throw new ColophonError('RELAY_UNREACHABLE', `The relay at ${publicUrl(base)} does not answer.`, {
        hint: 'Check its address and that it runs. Sending the same deposit again is safe.',
        details: { url: publicUrl(base) },
        cause,
      })
    }
    const answer = jsonOf(text)
    if (response.ok && answer !== undefined) return answer as Answer
    throw refusal(answer, response.status)
  }

  function refusal(answer: Record<string, unknown> | undefined, status: number): ColophonError {
    const error = answer?.error as { code?: unknown; message?: unknown; hint?: unknown; details?: unknown } | undefined
    if (typeof error?.code !== 'string' || !/^[A-Z][A-Z0-9_]{2,60}$/.test(error.code) || typeof error.message !== 'string')
      return foreign(`it answers with status ${status}`)
    const details = typeof error.details === 'object' && error.details !== null ? error.details : {}
    return new ColophonError(error.code, error.message.slice(0, 500), {
      hint: typeof error.hint === 'string' ? error.hint.slice(0, 500) : 'Ask whoever runs the relay.',
      details: { ...details, relay: publicUrl(base), status, retry: status === 503 || error.code === 'RELAY_RATE_LIMITED' },
    })
  }

  function foreign(why: string): ColophonError {
    return new ColophonError('RELAY_FOREIGN', `What answers at ${publicUrl(base)} is no relay: ${why}.`, {
      hint: 'Check the address.',
      details: { url: publicUrl(base) },
    })
  }

  function untrue(what: string, details: Record<string, unknown>): ColophonError {
    return new ColophonError('RELAY_UNTRUE', `The relay is not to be believed: ${what}.`, {
      hint: 'Keep what it said. The signature stays good until its deadline: hand it to another relay, or pay for the deposit yourself.',
      details: { relay: publicUrl(base), ...details },
    })
  }

  async function info({ signal }: Abortable = {}): Promise<RelayInfo> {
    told ??= exchange<RelayInfo>('/v1/relay', undefined, signal).catch((fault: unknown) => {
      told = undefined
      throw fault
    })
    const found = await told
    if (found.type !== 'colophon-relay' || found.version !== 1 || typeof found.registry !== 'string') throw foreign('it names another type')
    const { address, chainId } = await connection.contract('CopyrightRegistry')
    if (found.chainId === chainId && found.registry.toLowerCase() === address.toLowerCase()) return found
    throw new ColophonError('RELAY_ELSEWHERE', 'The relay is for another chain or registry.', {
      hint: 'Use a relay for the chain of your deployment.',
      details: { relay: { chainId: found.chainId, registry: found.registry }, expected: { chainId, registry: address } },
    })
  }

  async function submit(signed: SignedDeposit, long: Abortable = {}): Promise<RelayAccepted> {
    const { account, chainId, registry } = await info(long)
    const id = idOf(signed.claimant, signed.work)
    const { type, version, claimant, work, deadline, signature } = signed
    const body = { type, version, chainId: signed.chainId, registry: signed.registry, claimant, work, deadline, signature }
    const answer = await exchange<RelayAccepted>('/v1/deposits', body, long.signal)
    checkStatus(answer, id)
    const { by, acceptedAt, signature: word } = answer.acceptance ?? {}
    let signer: string | undefined
    try {
      signer = verifyTypedData(
        acceptanceDomain(chainId, registry),
        ACCEPTANCE_TYPES,
        { id, acceptedAt, deadline: answer.deadline },
        word as Hex,
      )
    } catch {
      // What cannot be decoded was signed by nobody.
    }
    if (by !== account || signer !== account) throw untrue('its word for the request is not signed by its account', { id, account, by })
    return answer
  }

  function checkStatus(status: RelayStatus, id: Hex): void {
    if (status.id !== id) throw untrue('it answers for another deposit', { asked: id, answered: status.id })
  }

  async function status(id: string, { signal }: Abortable = {}): Promise<RelayStatus> {
    const asked = bytes32('id', id)
    const answer = await exchange<RelayStatus>(`/v1/deposits/${asked}`, undefined, signal)
    checkStatus(answer, asked)
    return answer
  }

  async function receipt(deposit: RelayedDeposit, wait: RelayWaitOptions = {}): Promise<DepositReceipt> {
    const { signal, onProgress, confirmations = 1, timeout: patience = 600_000, pollInterval = 1000 } = wait
    const id = idOf(deposit.claimant, deposit.work)
    const end = performance.now() + patience
    let claimedSince: number | undefined
    let lost: unknown
    for (;;) {
      signal?.throwIfAborted()
      let said: RelayStatus | undefined
      try {
        said = await status(id, wait)
        lost = undefined
      } catch (fault) {
        signal?.throwIfAborted()
        if (
          !(fault instanceof ColophonError) ||
          !/^(RELAY_(UNREACHABLE|RATE_LIMITED|FULL|FOREIGN|NOT_FOUND)|RATE_LIMITED|NETWORK_)/.test(fault.code)
        )
          throw fault
        lost = fault
      }
      const found = await onChain(id, deposit, said, confirmations)
      if (found !== undefined) return found
      if (said?.state === 'refused')
        throw new ColophonError('RELAY_REFUSED', `The relay has given the deposit up: ${said.refusal?.message ?? 'it does not say why'}`, {
          hint: 'Mend what it names and sign again, or pay for the deposit yourself.',
          details: { id, ...said.refusal },
        })
      const claims = said?.state === 'mined' || said?.state === 'settled'
      claimedSince = claims ? (claimedSince ?? performance.now()) : undefined
      if (said?.state === 'settled' && performance.now() - claimedSince! > Math.min(LAG, patience / 2) && !(await anythingOf(id, said)))
        throw untrue('it calls the deposit settled, and the chain does not have it', { id, transaction: said.transaction })
      if (performance.now() > end)
        throw new ColophonError('RELAY_PENDING', 'The deposit is not on the chain yet.', {
          hint: 'Ask for the receipt again later; the relay goes on by itself.',
          details: { id, ...(said === undefined ? {} : { state: said.state, transaction: said.transaction }) },
          ...(lost === undefined ? {} : { cause: lost }),
        })
      const stage = said === undefined || said.state === 'queued' ? 'queued' : said.state === 'sent' ? 'sent' : 'confirm'
      onProgress?.({ stage, done: 0, total: 1, unit: 'steps' })
      await pauseFor(pollInterval, signal)
    }
  }

  /** Whether the chain has what the relay speaks of, if not yet as deep as was asked. */
  async function anythingOf(id: Hex, { anchor }: RelayStatus): Promise<boolean> {
    return anchor === undefined ? (await deposits.get(id)) !== undefined : (await deposits.getAnchor(anchor.root)) !== undefined
  }

  /** The receipt, if the chain has what it takes. */
  async function onChain(
    id: Hex,
    { claimant, work }: RelayedDeposit,
    said: RelayStatus | undefined,
    confirmations: number,
  ): Promise<DepositReceipt | undefined> {
    const head = await registryCall('asking for the newest block', () => connection.provider.getBlockNumber())
    const deep = (block: number): boolean => head - block + 1 >= confirmations
    const record = await deposits.get(id)
    if (record !== undefined) {
      if (!deep(record.record.block)) return undefined
      // The record's event holds claimant and work, and the id is their hash: nothing is left to believe but the relay's own words.
      if (
        said?.transaction !== undefined &&
        said.state === 'settled' &&
        said.anchor === undefined &&
        said.transaction !== record.record.transaction
      )
        throw untrue('the record was written by another transaction than it says', {
          id,
          said: said.transaction,
          found: record.record.transaction,
        })
      return await deposits.receipt(id)
    }
    if (said?.anchor === undefined) return undefined
    const { root, proof } = said.anchor
    if (!Array.isArray(proof) || rootOf(leafOf(id), proof) !== root) throw untrue('its proof does not lead to its root', { id, root })
    const anchor = await deposits.getAnchor(root)
    if (anchor === undefined || !deep(anchor.block)) return undefined
    const { contract, chainId, address: registry } = await registryAt(connection)
    const time = await registryCall('checking the proof', () => contract.verifyAnchored(root, claimant, workOf(work), [...proof]))
    if (Number(time) !== anchor.time) throw untrue('the registry does not accept its proof', { id, root })
    return anchoredReceipt({ chainId, registry }, anchor, { id, claimant, work, proof })
  }

  async function deposit(work: WorkInput, wait: RelayWaitOptions & SignOptions = {}): Promise<DepositReceipt> {
    await info(wait)
    const signed = await deposits.sign(work, wait.deadline === undefined ? {} : { deadline: wait.deadline })
    await submit(signed, wait)
    return await receipt(signed, wait)
  }

  return { info, submit, status, receipt, deposit }
}

function jsonOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
