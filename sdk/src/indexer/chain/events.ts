import type { EventFragment, Interface } from 'ethers'
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

/** How the values of an event lie in its logs, where all of them are single words; ethers reads the others, some forty times slower. */
interface WordPlan {
  name: string
  fields: readonly { name: string; indexed: boolean; read: (word: string) => unknown }[]
  topics: number
  words: number
}

const WORDS: Record<string, (word: string) => unknown> = {
  address: (word) => `0x${word.slice(24)}`,
  bool: (word) => word.endsWith('1'),
  bytes32: (word) => `0x${word}`,
}

function planOf(event: EventFragment): WordPlan | undefined {
  const fields = event.inputs.map(({ name, type, indexed }) => ({
    name,
    indexed: indexed === true,
    read: /^uint\d+$/.test(type) ? (word: string) => BigInt(`0x${word}`) : WORDS[type],
  }))
  if (fields.some(({ read }) => read === undefined)) return undefined
  const topics = fields.filter(({ indexed }) => indexed).length + 1
  return { name: event.name, fields: fields as WordPlan['fields'], topics, words: fields.length + 1 - topics }
}

/** Values by their names, as ethers gives them but for addresses, which are in lower case. */
function wordsOf({ fields, topics, words }: WordPlan, log: RawLog): Record<string, unknown> {
  if (log.topics.length !== topics || log.data.length !== 2 + 64 * words)
    throw new Error(`${log.topics.length} topics and ${log.data.length} characters of data, not ${topics} and ${2 + 64 * words}`)
  const values: Record<string, unknown> = {}
  let topic = 1
  let at = 2
  for (const { name, indexed, read } of fields) {
    if (indexed) values[name] = read(log.topics[topic++]!.slice(2))
    else {
      values[name] = read(log.data.slice(at, at + 64))
      at += 64
    }
  }
  return values
}

/** Loads the interfaces of a deployment's contracts. */
export async function loadContracts(deployment: Deployment): Promise<IndexedContracts> {
  const names = (Object.keys(FACTORIES) as (keyof Contracts)[]).filter((name) => deployment.contracts[name] !== undefined)
  const faces = new Map<string, { name: keyof Contracts; face: Interface; plans: Map<string, WordPlan> }>()
  for (const name of names) {
    const face = interfaceOf(await FACTORIES[name]())
    const plans = new Map<string, WordPlan>()
    face.forEachEvent((event) => {
      const plan = planOf(event)
      if (plan !== undefined) plans.set(event.topicHash, plan)
    })
    faces.set(deployment.contracts[name]!.address.toLowerCase(), { name, face, plans })
  }
  return {
    addresses: names.map((name) => deployment.contracts[name]!.address),
    text: names.map((name) => `${name} ${deployment.contracts[name]!.address.toLowerCase()}`).join(', '),
    start: Math.min(...names.map((name) => deployment.contracts[name]!.block)),
    decode(log) {
      const known = faces.get(log.address.toLowerCase())
      if (known === undefined) return undefined
      const plan = known.plans.get(log.topics[0] ?? '')
      if (plan !== undefined) return { ...log, contract: known.name, event: plan.name, values: wordsOf(plan, log) }
      const parsed = known.face.parseLog(log)
      if (parsed === null) return undefined
      return { ...log, contract: known.name, event: parsed.name, values: parsed.args.toObject() }
    },
    addressOf: (name) => deployment.contracts[name]?.address,
    faceOf: (name) => [...faces.values()].find((each) => each.name === name)!.face,
  }
}
