import type { ContractRunner, Interface } from 'ethers'
import { type ChainFault, chainError } from '../errors/chain.ts'
import { asking } from './asking.ts'

/** What `contracts/generated` has of each contract. */
export interface ContractFactory<Face extends Interface = Interface, Typed = unknown> {
  createInterface(): Face
  connect(address: string, runner?: ContractRunner | null): Typed
}

const parsed = new WeakMap<ContractFactory, Interface>()

/** The interface of a contract, parsed once for all: parsing an ABI takes milliseconds. */
export function interfaceOf<Face extends Interface>(factory: ContractFactory<Face>): Face {
  let face = parsed.get(factory)
  if (face === undefined) {
    face = factory.createInterface()
    parsed.set(factory, face)
  }
  return face as Face
}

/** Runs a read, again where the RPC was not reached, and turns its failures into typed errors. */
export async function reading<Value>(
  factory: ContractFactory,
  action: string,
  run: () => Promise<Value>,
  explanations?: ChainFault['explanations'],
): Promise<Value> {
  try {
    return await asking(run)
  } catch (fault) {
    throw chainError(fault, { interfaces: [interfaceOf(factory)], action, ...(explanations === undefined ? {} : { explanations }) })
  }
}
