import type { Provider } from 'ethers'
import { bytes32, type Hex } from '../deposits/work.ts'
import { readEventProof, readStateProof } from '../proof/index.ts'
import type { DepositReceipt } from '../receipt/receipt.ts'
import { type Check, type CheckName, dateOf, failed, passed, skipped } from './check.ts'

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
  if (event === undefined)
    return only(failed(name, 'a proof from header to event', 'a broken one', 'The proof does not hold: a hash in it is another.'))
  const { block } = event
  if (!event.found)
    return only(
      failed(
        name,
        'the event of the deposit',
        'none',
        'The transaction that is proven did not write the event that the deposit stands on.',
      ),
    )
  if (block.time !== receipt.depositedAt)
    return only(
      failed(
        name,
        dateOf(receipt.depositedAt),
        dateOf(block.time),
        'The event is of another time than the one that the receipt gives the deposit.',
      ),
    )
  const fault = await checkBlock(name, block, { blockHash, provider })
  if (fault !== undefined) return only(fault)
  const check = passed(name, `The registry wrote the event in block ${block.number}, proven up to the hash of the block.`, block.hash)
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
    passed('record', `The registry’s event says that the transaction ${what}.`, what),
    passed('time', `The deposit is good from ${dateOf(depositedAt)}.`, dateOf(depositedAt)),
  ]
}

/** That the block is trusted, and the registry known. */
function trustedChecks({ registry }: DepositReceipt, hash: string, trusted: string | undefined): Check[] {
  return [
    passed('chain', 'The block hash is one that you trust.', hash),
    trusted === undefined
      ? skipped('contract', 'No registry is known on this chain: name the registry you trust.')
      : trusted.toLowerCase() === registry.toLowerCase()
        ? passed('contract', 'The registry is the one known on this chain.', registry)
        : failed('contract', trusted, registry, 'The deposit is in another registry than the one known on this chain.'),
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
  if (receipt.stateProof === undefined)
    return only(skipped(name, 'The receipt has no proof that leads to the block hash: colophon receipt --proof adds one.'))
  const word = readStateProof(receipt)
  if (word === undefined)
    return only(failed(name, 'a proof from header to word', 'a broken one', 'The proof does not hold: a hash in it is another.'))
  if (word === null) return only(failed(name, 'a word', 'nothing', 'The proof shows that the registry has no such deposit.'))
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
        'What the proof shows is another deposit than the receipt’s.',
      ),
    )
  const fault = await checkBlock(name, block, { blockHash, provider })
  if (fault !== undefined) return only(fault)
  const check = passed(
    name,
    `The registry’s storage in block ${block.number} has this deposit, proven up to the hash of the block.`,
    block.hash,
  )
  if (blockHash === undefined) return only(check)
  const proven = trustedChecks(receipt, block.hash, trusted)
  if (trusted?.toLowerCase() !== receipt.registry.toLowerCase()) return { check, proven }
  return {
    check,
    proven: [
      ...proven,
      passed('record', `The registry stores who, when and how; it counted block ${recordedIn}.`, found),
      ...(stored.time === time || receipt.kind === 'unsealed' || receipt.kind === 'lifted'
        ? [passed('time', `The deposit is good from ${dateOf(time)}.`, dateOf(time))]
        : [failed('time', dateOf(stored.time), dateOf(time), 'The registry stores another time than the receipt says.')]),
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
  if (expected === undefined)
    return skipped(
      name,
      `The proof holds and leads to block ${block.number} with the hash ${block.hash}: give that hash (--block-hash) if you know it to be the chain’s.`,
    )
  if (expected !== block.hash)
    return failed(name, expected, block.hash, `The proof leads to another block ${block.number} than the one that is trusted.`)
  return undefined
}

async function hashOfBlock(provider: Provider | undefined, number: number): Promise<Hex | undefined> {
  if (provider === undefined) return undefined
  const block = await provider.getBlock(number).catch(() => null)
  return (block?.hash ?? undefined) as Hex | undefined
}
