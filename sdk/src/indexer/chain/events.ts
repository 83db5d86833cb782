import type { Interface } from 'ethers'
import { interfaceOf } from '../../client/contract.ts'
import type { ContractName, Deployment } from '../../contracts/deployments.ts'
import { type Contracts, FACTORIES } from '../../events/contracts.ts'
import type { RawLog } from './source.ts'

/** A log whose contract and event are known. */
export interface DecodedLog extends RawLog {
  contract: keyof Contracts
  event: string
  values: Record<string, unknown>
}

/** The contracts of a deployment, by what their logs need. */
export interface IndexedContracts {
  /** As the deployment has them. */
  addresses: readonly string[]
  /** Names and addresses as one text, which is the same for the same deployment. */
  text: string
  /** First block that can have an event. */
  start: number
  /** The event of a log; undefined for those that this version of the SDK does not know. */
  decode(log: RawLog): DecodedLog | undefined
  addressOf(name: ContractName): string | undefined
  faceOf(name: keyof Contracts): Interface
}

/** Loads the interfaces of a deployment's contracts. */
export async function loadContracts(deployment: Deployment): Promise<IndexedContracts> {
  const names = (Object.keys(FACTORIES) as (keyof Contracts)[]).filter((name) => deployment.contracts[name] !== undefined)
  const faces = new Map<string, { name: keyof Contracts; face: Interface }>()
  for (const name of names)
    faces.set(deployment.contracts[name]!.address.toLowerCase(), { name, face: interfaceOf(await FACTORIES[name]()) })
  return {
    addresses: names.map((name) => deployment.contracts[name]!.address),
    text: names.map((name) => `${name} ${deployment.contracts[name]!.address.toLowerCase()}`).join(', '),
    start: Math.min(...names.map((name) => deployment.contracts[name]!.block)),
    decode(log) {
      const known = faces.get(log.address.toLowerCase())
      if (known === undefined) return undefined
      const parsed = known.face.parseLog(log)
      if (parsed === null) return undefined
      return { ...log, contract: known.name, event: parsed.name, values: parsed.args.toObject() }
    },
    addressOf: (name) => deployment.contracts[name]?.address,
    faceOf: (name) => [...faces.values()].find((each) => each.name === name)!.face,
  }
}
