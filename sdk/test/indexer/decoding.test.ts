import { expect } from 'chai'
import { type EventFragment, hexlify, type Interface, randomBytes } from 'ethers'
import { deploymentOn } from '../../src/contracts/index.ts'
import { loadContracts } from '../../src/indexer/chain/events.ts'
import type { RawLog } from '../../src/indexer/chain/source.ts'

describe('decoding of events', () => {
  const place = { transactionHash: `0x${'1'.repeat(64)}`, blockNumber: 1, blockHash: `0x${'2'.repeat(64)}`, logIndex: 0, time: 1 }

  it('gives what ethers gives, for every event of every contract', async () => {
    const deployment = deploymentOn(31_337)!
    const contracts = await loadContracts(deployment)
    let seen = 0
    for (const [name, { address }] of Object.entries(deployment.contracts)) {
      const face: Interface = contracts.faceOf(name as never)
      const events: EventFragment[] = []
      face.forEachEvent((event) => events.push(event))
      for (const event of events) {
        for (let round = 0; round < 5; round++) {
          const { topics, data } = face.encodeEventLog(
            event,
            event.inputs.map((input) => randomValue(input)),
          )
          const log: RawLog = { ...place, address, topics, data }
          const found = contracts.decode(log)!
          expect(found).to.include({ contract: name, event: event.name, data })
          expect(plain(found.values), `${name}.${event.name}`).to.deep.equal(plain(face.parseLog(log)!.args.toObject()))
          seen++
        }
        if (event.inputs.length > 0) {
          const { topics, data } = face.encodeEventLog(
            event,
            event.inputs.map((input) => randomValue(input)),
          )
          // Too few topics, or data cut short, is what no contract has said.
          if (topics.length > 1) expect(() => contracts.decode({ ...place, address, topics: topics.slice(0, -1), data })).to.throw()
          if (data.length > 2) expect(() => contracts.decode({ ...place, address, topics, data: data.slice(0, -64) })).to.throw()
        }
      }
    }
    expect(seen).to.be.greaterThan(500)
    expect(contracts.decode({ ...place, address: `0x${'3'.repeat(40)}`, topics: [], data: '0x' })).to.equal(undefined)
    expect(
      contracts.decode({ ...place, address: deployment.contracts.LicenseToken!.address, topics: [`0x${'4'.repeat(64)}`], data: '0x' }),
    ).to.equal(undefined)
  })

  function randomValue({ type, baseType, components, arrayChildren }: EventFragment['inputs'][number]): unknown {
    if (baseType === 'array') return [0, 1].map(() => randomValue(arrayChildren!))
    if (baseType === 'tuple') return components!.map((component) => randomValue(component))
    if (type === 'address') return hexlify(randomBytes(20))
    if (type === 'bool') return Math.random() < 0.5
    if (type === 'string') return 'what was said'
    if (type === 'bytes') return hexlify(randomBytes(7))
    const bits = /^uint(\d+)$/.exec(type)
    if (bits !== null) return BigInt(hexlify(randomBytes(Number(bits[1]) / 8)))
    return hexlify(randomBytes(Number(/^bytes(\d+)$/.exec(type)![1])))
  }

  /** Results of ethers and plain objects alike, addresses in lower case. */
  function plain(value: unknown): unknown {
    if (typeof value === 'string') return value.toLowerCase()
    if (typeof value === 'bigint' || typeof value === 'boolean') return value
    if (Array.isArray(value)) return [...value].map(plain)
    return Object.fromEntries(Object.entries(value as object).map(([name, each]) => [name, plain(each)]))
  }
})
