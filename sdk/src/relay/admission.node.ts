import { type Provider, TypedDataEncoder, verifyTypedData } from 'ethers'
import { interfaceOf } from '../client/contract.ts'
import type { Colophon } from '../client/index.ts'
import { IdentityRegistry__factory } from '../contracts/generated/IdentityRegistry.ts'
import { registryInterface } from '../deposits/registry.ts'
import { parseSigned, type SignedDeposit } from '../deposits/signed.ts'
import { DEPOSIT_TYPES, domainOf } from '../deposits/typedData.ts'
import { type Hex, idOf } from '../deposits/work.ts'
import { ColophonError } from '../errors/base.ts'
import { chainError } from '../errors/chain.ts'
import { LEVELS, type Level } from '../identity/client.ts'
import type { Queue, Request } from './queue.node.ts'

export interface AdmissionOptions {
  queue: Queue
  colophon: Colophon
  provider: Provider
  chainId: number
  registry: string
  /** Address of the deployment's identity registry; without one everybody is at level `none`. */
  identities: string | undefined
  quota: Record<Level, number>
  leastValidity: number
  /** Requests that may wait. */
  capacity: number
  /** Time of the newest block that was seen, seconds since 1970. */
  chainTime(): number | undefined
}

/** Decides what a relay takes on. */
export interface Admission {
  /**
   * Takes a signed deposit on, after every check; it is on the disk when this resolves. The same deposit again gives the same request.
   * @throws INVALID_SIGNED_DEPOSIT, SIGNATURE_ELSEWHERE, SIGNATURE_EXPIRED, SIGNATURE_INVALID, DEPOSIT_EXISTS, RELAY_IDENTITY_REQUIRED,
   * RELAY_QUOTA_EXCEEDED, RELAY_FULL, OUTPUT_UNWRITABLE, and what the RPC's faults become
   */
  admit(body: unknown): Promise<{ request: Request; repeated: boolean }>
}

/** Milliseconds over which quotas count. */
export const QUOTA_PERIOD = 86_400_000
/** What the registry gives a contract wallet to check a signature, and what such a wallet answers. */
const ERC1271 = { gas: 150_000n, selector: '0x1626ba7e' }

export function createAdmission(options: AdmissionOptions): Admission {
  const { queue, colophon, provider, quota } = options
  /** What is being checked or written: the same deposit from two connections at once is one. */
  const arriving = new Map<Hex, Promise<Request>>()
  /** Places in quotas and queue that are taken by those. */
  const reserved = new Map<string, number>()

  async function admit(body: unknown): Promise<{ request: Request; repeated: boolean }> {
    const signed = parseSigned(body as object)
    const { chainId, registry } = options
    if (signed.chainId !== chainId || signed.registry.toLowerCase() !== registry.toLowerCase())
      throw new ColophonError('SIGNATURE_ELSEWHERE', 'The deposit was signed for another chain or registry.', {
        hint: 'A signature is good on one chain and for one registry only; sign again for those of the relay.',
        details: { signedFor: { chainId: signed.chainId, registry: signed.registry }, found: { chainId, registry } },
      })
    const id = idOf(signed.claimant, signed.work)
    const known = queue.requests.get(id)
    if (known !== undefined && known.end?.type !== 'refused') return { request: known, repeated: true }
    const other = arriving.get(id)
    if (other !== undefined) return { request: await other, repeated: true }
    const taking = take(id, signed)
    arriving.set(id, taking)
    try {
      return { request: await taking, repeated: false }
    } finally {
      arriving.delete(id)
    }
  }

  async function take(id: Hex, signed: SignedDeposit): Promise<Request> {
    const { claimant, work, deadline, signature } = signed
    checkDeadline(deadline)
    if (queue.waiting.size + arriving.size >= options.capacity)
      throw new ColophonError('RELAY_FULL', 'The relay has as many requests waiting as it takes.', {
        hint: 'Send the same request again later.',
        details: { waiting: queue.waiting.size },
      })
    await checkSignature(signed)
    const [recorded, level] = await Promise.all([isRecorded(id), levelOf(claimant)])
    if (recorded) {
      const record = (await colophon.deposits.get(id))!
      throw new ColophonError('DEPOSIT_EXISTS', 'The chain has this deposit already.', {
        hint: 'Nothing has to be done: the earlier record stands.',
        details: { id, claimant, depositedAt: record.depositedAt, ...record.record },
      })
    }
    checkQuota(claimant, level)
    reserved.set(claimant, (reserved.get(claimant) ?? 0) + 1)
    try {
      return await queue.accept({ id, at: Date.now(), claimant, deadline, signed: { work, signature } })
    } finally {
      const left = reserved.get(claimant)! - 1
      if (left === 0) reserved.delete(claimant)
      else reserved.set(claimant, left)
    }
  }

  // These two are asked for every request: straight, without what the clients check at every call.
  async function isRecorded(id: Hex): Promise<boolean> {
    const face = registryInterface()
    const answer = await called('reading a deposit', options.registry, face.encodeFunctionData('depositOf', [id]))
    return decoded(() => face.decodeFunctionResult('depositOf', answer)[0].recordedIn !== 0n)
  }

  async function levelOf(claimant: string): Promise<Level> {
    if (options.identities === undefined) return 'none'
    const face = interfaceOf(IdentityRegistry__factory)
    const time = options.chainTime() ?? Math.floor(Date.now() / 1000)
    const answer = await called("reading the claimant's level", options.identities, face.encodeFunctionData('levelAt', [claimant, time]))
    return decoded(() => LEVELS[Number(face.decodeFunctionResult('levelAt', answer)[0])] ?? 'none')
  }

  async function called(action: string, to: string, data: string): Promise<string> {
    try {
      return await provider.call({ to, data })
    } catch (fault) {
      throw chainError(fault, { action })
    }
  }

  function checkDeadline(deadline: number): void {
    const now = Math.max(options.chainTime() ?? 0, Math.floor(Date.now() / 1000))
    if (deadline >= now + options.leastValidity) return
    throw new ColophonError('SIGNATURE_EXPIRED', `The signature has to be good for ${options.leastValidity} seconds yet.`, {
      hint: 'Sign again with a later deadline, so that the relay has time to send it.',
      details: { deadline, now, leastValidity: options.leastValidity },
    })
  }

  async function checkSignature({ claimant, work, deadline, signature }: SignedDeposit): Promise<void> {
    const domain = domainOf(options.chainId, options.registry)
    const value = { claimant, work, deadline }
    try {
      if (verifyTypedData(domain, DEPOSIT_TYPES, value, signature) === claimant) return
    } catch {
      // Not 65 bytes of ECDSA; a contract wallet may take it.
    }
    if (await takenByContract(claimant, TypedDataEncoder.hash(domain, DEPOSIT_TYPES, value), signature)) return
    throw new ColophonError('SIGNATURE_INVALID', "The signature is not the claimant's.", {
      hint: 'Sign the deposit with the account that is to be its claimant, and change nothing afterwards.',
      details: { claimant },
    })
  }

  async function takenByContract(claimant: string, digest: string, signature: Hex): Promise<boolean> {
    const code = await provider.getCode(claimant).catch((fault: unknown) => {
      throw chainError(fault, { action: "reading the claimant's code" })
    })
    if (code === '0x') return false
    const bytes = signature.slice(2)
    const padded = bytes.padEnd(Math.ceil(bytes.length / 64) * 64, '0')
    const word = (value: number): string => value.toString(16).padStart(64, '0')
    const data = `${ERC1271.selector}${digest.slice(2)}${word(64)}${word(bytes.length / 2)}${padded}`
    try {
      const answer = await provider.call({ to: claimant, data, gasLimit: ERC1271.gas + 30_000n })
      return answer.slice(0, 66) === ERC1271.selector.padEnd(66, '0')
    } catch (fault) {
      const error = chainError(fault, { action: "asking the claimant's contract" })
      if (/^(NETWORK_|RATE_LIMITED|RPC_)/.test(error.code)) throw error
      return false
    }
  }

  function checkQuota(claimant: string, level: Level): void {
    const allowed = quota[level]
    if (allowed === 0)
      throw new ColophonError('RELAY_IDENTITY_REQUIRED', `The relay pays for verified claimants only; this one is at level '${level}'.`, {
        hint: 'Have the account verified, or pay for the deposit yourself.',
        details: { claimant, level, quota },
      })
    const used = queue.acceptedOf(claimant, Date.now() - QUOTA_PERIOD) + (reserved.get(claimant) ?? 0)
    if (used < allowed) return
    throw new ColophonError('RELAY_QUOTA_EXCEEDED', `This claimant has had its ${allowed} deposits of the last 24 hours.`, {
      hint: 'Send the request again tomorrow, or pay for the deposit yourself.',
      details: { claimant, level, allowed, used },
    })
  }

  return { admit }
}

/** What a node answered, read as the contract's; anything else is the node's fault and passes, perhaps. */
function decoded<Value>(read: () => Value): Value {
  try {
    return read()
  } catch (fault) {
    throw chainError(fault, { action: 'reading what a contract answered' })
  }
}
