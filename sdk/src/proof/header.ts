import { decodeRlp, encodeRlp, keccak256, toBeHex } from 'ethers'

/** What a proof needs of a block. */
export interface HeaderFacts {
  /** keccak256 of the header. */
  hash: `0x${string}`
  number: number
  /** Seconds since 1970. */
  time: number
  stateRoot: `0x${string}`
  receiptsRoot: `0x${string}`
}

/** Fields of a header in their order; `number` means an integer without leading zeros. */
const FIELDS: readonly (readonly [string, 'number' | 'bytes'])[] = [
  ['parentHash', 'bytes'],
  ['sha3Uncles', 'bytes'],
  ['miner', 'bytes'],
  ['stateRoot', 'bytes'],
  ['transactionsRoot', 'bytes'],
  ['receiptsRoot', 'bytes'],
  ['logsBloom', 'bytes'],
  ['difficulty', 'number'],
  ['number', 'number'],
  ['gasLimit', 'number'],
  ['gasUsed', 'number'],
  ['timestamp', 'number'],
  ['extraData', 'bytes'],
  ['mixHash', 'bytes'],
  ['nonce', 'bytes'],
  // Since London, Shanghai, Cancun, Prague and Amsterdam; each has all before it.
  ['baseFeePerGas', 'number'],
  ['withdrawalsRoot', 'bytes'],
  ['blobGasUsed', 'number'],
  ['excessBlobGas', 'number'],
  ['parentBeaconBlockRoot', 'bytes'],
  ['requestsHash', 'bytes'],
  ['blockAccessListHash', 'bytes'],
]
const FIRST_OPTIONAL = 15

/** RLP of a block's header, from what `eth_getBlockBy…` answers; undefined when no form of it has the hash it should have. */
export function encodeHeader(block: Readonly<Record<string, unknown>>): `0x${string}` | undefined {
  const values: string[] = []
  for (const [index, [name, kind]] of FIELDS.entries()) {
    const value = block[name]
    if (typeof value !== 'string') {
      if (index < FIRST_OPTIONAL) return undefined
      break
    }
    values.push(kind === 'bytes' ? value : BigInt(value) === 0n ? '0x' : toBeHex(BigInt(value)))
  }
  // A node may tell of fields that the header of that block does not have yet.
  for (let count = values.length; count >= FIRST_OPTIONAL; count--) {
    const header = encodeRlp(values.slice(0, count))
    if (keccak256(header) === block.hash) return header as `0x${string}`
  }
  return undefined
}

/** Reads a header; undefined when it is none. */
export function decodeHeader(header: string): HeaderFacts | undefined {
  try {
    const fields = decodeRlp(header)
    if (typeof fields === 'string' || fields.length < FIRST_OPTIONAL) return undefined
    const [stateRoot, receiptsRoot, number, time] = [fields[3], fields[5], fields[8], fields[11]]
    if (typeof stateRoot !== 'string' || stateRoot.length !== 66 || typeof number !== 'string' || typeof time !== 'string') return undefined
    if (typeof receiptsRoot !== 'string' || receiptsRoot.length !== 66) return undefined
    return {
      hash: keccak256(header) as `0x${string}`,
      number: integer(number),
      time: integer(time),
      stateRoot: stateRoot as `0x${string}`,
      receiptsRoot: receiptsRoot as `0x${string}`,
    }
  } catch {
    return undefined
  }
}

function integer(hex: string): number {
  const value = Number(hex === '0x' ? 0 : hex)
  if (!Number.isSafeInteger(value)) throw new RangeError('beyond 2^53')
  return value
}
