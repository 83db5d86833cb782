import type { Interface } from 'ethers'
import type { ContractName, DeployedContract } from '../contracts/deployments.ts'
import { contractErrors } from '../errors/catalogue.ts'
import type { Connection } from './connection.ts'
import { type ContractFactory, interfaceOf, reading } from './contract.ts'
import { defineWrite, type Write, type WriteDefinition } from './write.ts'

/** A contract of the connection's deployment. */
export interface BoundContract<Face extends Interface = Interface, Typed = unknown> {
  readonly connection: Connection
  readonly name: ContractName
  /** Its interface, parsed at first use. */
  face(): Face
  /** Where it is; chain and code are checked. */
  at(): Promise<DeployedContract & { chainId: number; contract: Typed }>
  /** Runs a read; failures become typed errors, decoded with this contract's interface. */
  read<Value>(action: string, run: (contract: Typed) => Promise<Value>): Promise<Value>
  /** Makes a write; its errors are decoded with the interfaces of this contract and of `others` that it calls. */
  write<Input, Result, Preview>(
    definition: Omit<WriteDefinition<Input, Result, Preview>, 'connection' | 'contract' | 'interfaces' | 'explanations'>,
  ): Write<Input, Result, Preview>
}

/** One contract of a connection, for reading and writing. Nothing is asked of the chain before the first call. */
export function bindContract<Face extends Interface, Typed>(
  connection: Connection,
  name: ContractName,
  factory: ContractFactory<Face, Typed>,
  others: readonly ContractFactory[] = [],
): BoundContract<Face, Typed> {
  async function at(): Promise<DeployedContract & { chainId: number; contract: Typed }> {
    const found = await connection.contract(name)
    return { ...found, contract: factory.connect(found.address, connection.provider) }
  }
  return {
    connection,
    name,
    face: () => interfaceOf(factory),
    at,
    async read(action, run) {
      const { contract } = await at()
      return await reading(factory, action, () => run(contract), contractErrors)
    },
    write: (definition) =>
      defineWrite({
        ...definition,
        connection,
        contract: name,
        interfaces: () => [factory, ...others].map((each) => interfaceOf(each)),
        explanations: contractErrors,
      }),
  }
}
