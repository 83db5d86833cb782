import type { Provider } from 'ethers'
import { bytes32, type Hex } from '../deposits/work.ts'
import { readEventProof, readStateProof } from '../proof/index.ts'
import type { DepositReceipt } from '../receipt/receipt.ts'
import { type Check, type CheckName, dateOf, failed, passed, skipped } from './check.ts'
import { say } from './sentence.ts'

/** What is known of a receipt's proof. */
export interface ProofFinding {
  check: Check
  /** Checks that the proof answers, when it leads to a block that is trusted. */
  proven: Check[]
}

const KINDS: readonly DepositReceipt['kind'][] = ['anchored', 'direct', 'signed', 'unsealed', 'lifted']

/**
 * The proof of the event in a receipt against the block hash that the verifier trusts, or the one that the RPC has for that block's number.
 */
export async function checkEventProof(
  receipt: DepositReceipt,
  { blockHash, provider, trusted }: { blockHash?: string; provider?: Provider | undefined; trusted: string | undefined },
): Promise<ProofFinding> {
  const name = 'event-proof'
  const only = (check: Check): ProofFinding => ({ check, proven: [] })
  const event = readEventProof(receipt)
  if (event === undefined) return only(failed(name, 'a proof from header to event', 'a broken one', say('proof-hash-broken')))
  const { block } = event
  if (!event.found) return only(failed(name, 'the event of the deposit', 'none', say('event-proof-elsewhere')))
  if (block.time !== receipt.depositedAt)
    return only(failed(name, dateOf(receipt.depositedAt), dateOf(block.time), say('event-proof-other-time')))
  const fault = await checkBlock(name, block, { blockHash, provider })
  if (fault !== undefined) return only(fault)
  const check = passed(name, say('event-proof-holds', { block: block.number }), block.hash)
  if (blockHash === undefined) return only(check)
  return { check, proven: [...trustedChecks(receipt, block.hash, trusted), ...eventChecks(receipt, trusted)] }
}

/** What the event answers when the registry is a trusted one. */
function eventChecks({ registry, depositedAt, kind }: DepositReceipt, trusted: string | undefined): Check[] {
  if (trusted?.toLowerCase() !== registry.toLowerCase()) return []
  const what = {
    unsealed: 'sealed it',
    lifted: 'anchored its root',
    anchored: 'anchored its root',
    direct: 'recorded it',
    signed: 'recorded it',
  }[kind]
  return [
    passed('record', say('record-by-event', { what }), what),
    passed('time', say('time-proven', { time: dateOf(depositedAt) }), dateOf(depositedAt)),
  ]
}

/** That the block is trusted, and the registry known. */
function trustedChecks({ registry }: DepositReceipt, hash: string, trusted: string | undefined): Check[] {
  return [
    passed('chain', say('block-trusted'), hash),
    trusted === undefined
      ? skipped('contract', say('contract-unknown'))
      : trusted.toLowerCase() === registry.toLowerCase()
        ? passed('contract', say('contract-known-address'), registry)
        : failed('contract', trusted, registry, say('contract-other')),
  ]
}

/**
 * The proof in a receipt against the block hash that the verifier trusts, or the one that the RPC has for that block's number.
 */
export async function checkStateProof(
  receipt: DepositReceipt,
  { blockHash, provider, trusted }: { blockHash?: string; provider?: Provider | undefined; trusted: string | undefined },
): Promise<ProofFinding> {
  const name = 'state-proof'
  const only = (check: Check): ProofFinding => ({ check, proven: [] })
  if (receipt.stateProof === undefined) return only(skipped(name, say('state-proof-absent')))
  const word = readStateProof(receipt)
  if (word === undefined) return only(failed(name, 'a proof from header to word', 'a broken one', say('proof-hash-broken')))
  if (word === null) return only(failed(name, 'a word', 'nothing', say('state-proof-nothing')))
  const { block, by, time, recordedIn, kind } = word
  const anchored = receipt.kind === 'anchored'
  const stored = receipt.kind === 'anchored' ? receipt.anchor! : receipt.record!
  const said = [KINDS.indexOf(receipt.kind), receipt.depositedAt, ...(anchored ? [] : [receipt.claimant.toLowerCase()])].join(', ')
  const found = [kind, time, ...(anchored ? [] : [by])].join(', ')
  if (said !== found)
    return only(
      failed(
        name,
        `${receipt.kind}, ${dateOf(receipt.depositedAt)}`,
        `${KINDS[kind] ?? kind}, ${dateOf(time)}, ${by}`,
        say('state-proof-other'),
      ),
    )
  const fault = await checkBlock(name, block, { blockHash, provider })
  if (fault !== undefined) return only(fault)
  const check = passed(name, say('state-proof-holds', { block: block.number }), block.hash)
  if (blockHash === undefined) return only(check)
  const proven = trustedChecks(receipt, block.hash, trusted)
  if (trusted?.toLowerCase() !== receipt.registry.toLowerCase()) return { check, proven }
  return {
    check,
    proven: [
      ...proven,
      passed('record', say('record-by-state', { block: String(recordedIn) }), found),
      ...(stored.time === time || receipt.kind === 'unsealed' || receipt.kind === 'lifted'
        ? [passed('time', say('time-proven', { time: dateOf(time) }), dateOf(time))]
        : [failed('time', dateOf(stored.time), dateOf(time), say('time-other-stored'))]),
    ],
  }
}

/** What speaks against the block that a proof leads to, or undefined when it is the trusted one. */
async function checkBlock(
  name: CheckName,
  block: { number: number; hash: Hex },
  { blockHash, provider }: { blockHash: string | undefined; provider: Provider | undefined },
): Promise<Check | undefined> {
  const expected = blockHash === undefined ? await hashOfBlock(provider, block.number) : bytes32('blockHash', blockHash)
  if (expected === undefined) return skipped(name, say('block-open', { block: block.number, hash: block.hash }))
  if (expected !== block.hash) return failed(name, expected, block.hash, say('block-other', { block: block.number }))
  return undefined
}

async function hashOfBlock(provider: Provider | undefined, number: number): Promise<Hex | undefined> {
  if (provider === undefined) return undefined
  const block = await provider.getBlock(number).catch(() => null)
  return (block?.hash ?? undefined) as Hex | undefined
}
