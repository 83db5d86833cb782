import { TypedDataEncoder, type TypedDataField } from 'ethers'
import { addressOf, bytes32, type Hex } from '../deposits/work.ts'
import { ColophonError } from '../errors/base.ts'

/** Types that the fields of signed structs have. Numbers up to 48 bits are numbers, longer ones decimal strings, so that JSON keeps them. */
export type FieldType = 'address' | 'bool' | 'bytes32' | `uint${number}`

/**
 * An EIP-712 struct of the contracts, in JSON-safe form: addresses with their checksum, bytes32 in hex, `uint256` and `uint96` as decimal strings,
 * except ids, which are 32 bytes in hex; smaller numbers as they are.
 */
export interface Struct<Value extends object> {
  readonly name: string
  /** For `signTypedData`, with the structs inside. */
  readonly types: Record<string, TypedDataField[]>
  /** EIP-712 `hashStruct`: the id of what was signed. */
  hash(value: Value): Hex
  /**
   * The struct in a JSON value, every field checked.
   * @throws INVALID_SIGNED naming the field
   */
  read(input: unknown): Value
}

/** Fields in the order of the contract's type; `id` is a uint256 that is written in hex. */
export type Fields<Value> = { readonly [Name in keyof Value]-?: FieldType | 'id' | Struct<Value[Name] & object> }

/** Describes a struct. The order of the fields is the order in which they are hashed. */
export function defineStruct<Value extends object>(name: string, fields: Fields<Value>): Struct<Value> {
  const entries = Object.entries(fields) as [string, FieldType | 'id' | Struct<object>][]
  const types: Record<string, TypedDataField[]> = {
    [name]: entries.map(([field, type]) => ({
      name: field,
      type: type === 'id' ? 'uint256' : typeof type === 'string' ? type : type.name,
    })),
  }
  for (const [, type] of entries) if (typeof type === 'object') Object.assign(types, type.types)
  return {
    name,
    types,
    hash: (value) => TypedDataEncoder.hashStruct(name, types, value) as Hex,
    read(input) {
      if (typeof input !== 'object' || input === null) throw invalidField(name, input, 'an object')
      const given = input as Record<string, unknown>
      return Object.fromEntries(entries.map(([field, type]) => [field, readField(field, type, given[field])])) as Value
    },
  }
}

function readField(field: string, type: FieldType | 'id' | Struct<object>, value: unknown): unknown {
  if (typeof type === 'object') return type.read(value)
  if (type === 'bool') {
    if (typeof value === 'boolean') return value
    throw invalidField(field, value, 'true or false')
  }
  if (type === 'address') {
    if (typeof value === 'string') return addressOf(field, value)
    throw invalidField(field, value, 'an address')
  }
  if (type === 'bytes32' || type === 'id') {
    if (typeof value === 'string' && /^0x[0-9a-fA-F]{64}$/.test(value)) return bytes32(field, value)
    throw invalidField(field, value, '32 bytes in hex')
  }
  const bits = Number(type.slice(4))
  if (bits <= 48) {
    if (Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) < 2 ** bits) return value
    throw invalidField(field, value, `a whole number below 2^${bits}`)
  }
  if (typeof value === 'string' && /^(0|[1-9]\d{0,77})$/.test(value) && BigInt(value) < 1n << BigInt(bits)) return value
  throw invalidField(field, value, `a decimal string below 2^${bits}`)
}

/** The error of a signed document with a field that cannot be. */
export function invalidField(field: string, value: unknown, expected: string): ColophonError {
  return new ColophonError('INVALID_SIGNED', `The signed document is not valid: ${field} should be ${expected}.`, {
    hint: 'Use it as it was given when it was signed; nothing in it can be changed.',
    details: { field, found: String(value).slice(0, 200) },
  })
}
