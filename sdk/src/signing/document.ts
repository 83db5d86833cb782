import type { Connection } from '../client/connection.ts'
import { timeOfBlock } from '../client/mined.ts'
import type { WriteContext } from '../client/write.ts'
import type { ContractName } from '../contracts/deployments.ts'
import { addressOf, type Hex } from '../deposits/work.ts'
import { ColophonError } from '../errors/base.ts'
import { chainError } from '../errors/chain.ts'
import { secondsOf } from '../input/index.ts'
import { invalidField, type Struct } from './struct.ts'

/** Something that one side signs and others show to a contract. JSON as it is. */
export interface SignedDocument<Type extends string, Value> {
  type: Type
  version: 1
  chainId: number
  /** The contract it is meant for. */
  contract: string
  /** EIP-712 hash of the value: the id of the offer, order, agreement … */
  id: Hex
  value: Value
  /** 65 bytes of ECDSA, or what a contract wallet takes; `0x` where none was needed. */
  signature: Hex
}

export interface DocumentKind<Type extends string, Value extends object> {
  readonly type: Type
  readonly struct: Struct<Value>
  /**
   * Signs a value with the connection's signer.
   * @throws USER_REJECTED, SIGNER_MISSING
   */
  sign(connection: Connection, value: Value): Promise<SignedDocument<Type, Value>>
  /** The same without a signature, for what is made known on the chain itself. */
  unsigned(at: { address: string; chainId: number }, value: Value): SignedDocument<Type, Value>
  /**
   * Reads JSON text or an object; whether the signature is good is for the contract to say.
   * @throws INVALID_SIGNED naming the field
   */
  parse(input: string | object): SignedDocument<Type, Value>
  /**
   * The document, if it is meant for this contract on this chain.
   * @throws INVALID_SIGNED, SIGNATURE_ELSEWHERE
   */
  meantFor(input: SignedDocument<Type, Value>, context: Pick<WriteContext, 'address' | 'chainId'>): SignedDocument<Type, Value>
}

/** A kind of signed document: what is signed, and for which contract. */
export function defineDocument<Type extends string, Value extends object>(
  type: Type,
  contract: ContractName,
  struct: Struct<Value>,
): DocumentKind<Type, Value> {
  const made = (at: { address: string; chainId: number }, value: Value, signature: Hex): SignedDocument<Type, Value> => ({
    type,
    version: 1,
    chainId: at.chainId,
    contract: at.address,
    id: struct.hash(value),
    value,
    signature,
  })

  function parse(input: string | object): SignedDocument<Type, Value> {
    const fields = jsonObject(input)
    if (fields.type !== type || fields.version !== 1) throw invalidField('type', fields.type, `'${type}', version 1`)
    const { chainId, signature } = fields
    if (!Number.isSafeInteger(chainId)) throw invalidField('chainId', chainId, 'a chain id')
    if (typeof signature !== 'string' || !/^0x([0-9a-fA-F]{2})*$/.test(signature))
      throw invalidField('signature', signature, 'bytes in hex')
    const value = struct.read(fields.value)
    const document = made({ address: addressOf('contract', String(fields.contract)), chainId: chainId as number }, value, signature as Hex)
    if (fields.id !== document.id) throw invalidField('id', fields.id, `that of its value, ${document.id}`)
    return document
  }

  return {
    type,
    struct,
    parse,
    unsigned: (at, value) => made(at, value, '0x'),
    async sign(connection, value) {
      const [signer, at] = await Promise.all([connection.signer(), connection.contract(contract)])
      return made(at, value, await signTyped(signer, contract, at, struct.types, value))
    },
    meantFor(input, { address, chainId }) {
      const document = parse(input)
      if (document.chainId !== chainId || document.contract.toLowerCase() !== address.toLowerCase())
        throw new ColophonError('SIGNATURE_ELSEWHERE', `The ${type.replace(/^colophon-/, '')} was signed for another chain or contract.`, {
          hint: 'A signature is good on one chain and for one contract only; ask for a new one.',
          details: {
            signedFor: { chainId: document.chainId, contract: document.contract },
            found: { chainId, contract: address },
          },
        })
      return document
    },
  }
}

type TypedSigner = Awaited<ReturnType<Connection['signer']>>

/** Signs an EIP-712 struct in a contract's domain. */
export async function signTyped(
  signer: TypedSigner,
  contract: ContractName,
  at: { address: string; chainId: number },
  types: Struct<object>['types'],
  value: object,
): Promise<Hex> {
  const domain = { name: `Colophon ${contract}`, version: '1', chainId: at.chainId, verifyingContract: at.address }
  try {
    return (await signer.signTypedData(domain, types, value)) as Hex
  } catch (fault) {
    throw chainError(fault, { action: 'signing' })
  }
}

/**
 * A second in the chain's future: what was given, or so many seconds from the newest block's.
 * @throws SIGNATURE_EXPIRED
 */
export async function laterThanNow(
  connection: Connection,
  field: string,
  given: Date | number | undefined,
  seconds: number,
): Promise<number> {
  const now = await timeOfBlock(connection.provider, 'latest')
  if (given === undefined) return now + seconds
  const found = secondsOf(field, given)
  if (found <= now)
    throw new ColophonError('SIGNATURE_EXPIRED', `${field} has passed already.`, {
      hint: 'Give a Date, or seconds since 1970, in the future of the chain.',
      details: { field, found, now },
    })
  return found
}

function jsonObject(input: string | object): Record<string, unknown> {
  let value: unknown = input
  if (typeof input === 'string') {
    try {
      value = JSON.parse(input)
    } catch (cause) {
      throw new ColophonError('INVALID_SIGNED', 'The signed document is not JSON.', { hint: 'Use it as it was written.', cause })
    }
  }
  if (typeof value !== 'object' || value === null) throw invalidField('document', value, 'an object')
  return value as Record<string, unknown>
}
