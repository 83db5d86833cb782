import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect } from 'chai'
import fc from 'fast-check'
import { type DepositReceipt, idOf, parseReceipt, workOf } from '../../src/index.ts'
import { cidOfDigest } from '../../src/receipt/index.ts'

describe('receipt: the published schema', () => {
  const published = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'schema', 'deposit-receipt-v1.json'), 'utf8'))
  const ajv = new Ajv2020({ strict: true, strictRequired: false })
  const valid = ajv.compile(published)

  const hash = (byte: string): `0x${string}` => `0x${byte.repeat(32)}`
  const claimant = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
  const work = workOf({ contentHash: hash('11'), fingerprint: hash('22'), fingerprintType: 1, metadata: hash('33'), salt: hash('44') })
  const place = { transaction: hash('55'), block: 7, time: 1_700_000_000 }
  const common = {
    type: 'colophon-deposit-receipt' as const,
    version: 1 as const,
    chainId: 31_337,
    registry: '0x5FbDB2315678afecb367f032d93F642f64180aa3',
    id: idOf(claimant, work),
    claimant,
    work,
    document: cidOfDigest(work.metadata),
    depositedAt: 1_700_000_000,
  }
  const anchor = { ...place, root: hash('66'), proof: [hash('77'), hash('88')] }
  const receipts: DepositReceipt[] = [
    { ...common, kind: 'direct', record: place },
    { ...common, kind: 'signed', record: place },
    { ...common, kind: 'signed', record: place, signature: { value: '0x1234', deadline: 1_800_000_000 } },
    { ...common, kind: 'unsealed', record: place, seal: place },
    { ...common, kind: 'lifted', record: place },
    { ...common, kind: 'lifted', record: place, anchor },
    { ...common, kind: 'anchored', anchor },
  ]
  const reads = (value: object): boolean => {
    try {
      parseReceipt(JSON.stringify(value))
      return true
    } catch {
      return false
    }
  }

  it('is met by every kind of receipt', () => {
    for (const receipt of receipts) {
      expect(valid(receipt), ajv.errorsText(valid.errors)).to.equal(true)
      expect(reads(receipt)).to.equal(true)
    }
  })

  it('refuses no receipt that the SDK reads, whatever is changed, and the SDK no more than what a schema cannot say', () => {
    // Two values that a schema cannot relate to the rest: the id must be that of claimant and work, the CID that of the digest.
    const paths = receipts.flatMap((receipt, index) =>
      pathsOf(receipt)
        .filter((path) => !/^(id|claimant|document|work|registry)/.test(path.join('.')))
        .map((path) => [index, path] as const),
    )
    const odd = fc.constantFrom<unknown>(
      undefined,
      null,
      -1,
      0,
      1.5,
      2 ** 40,
      2 ** 53,
      '',
      'x',
      '0x12',
      hash('ab'),
      [],
      {},
      'anchored',
      'direct',
      true,
    )
    fc.assert(
      fc.property(fc.constantFrom(...paths), odd, ([index, path], value) => {
        const changed = structuredClone(receipts[index]!) as unknown as Record<string, unknown>
        let at = changed
        for (const key of path.slice(0, -1)) at = at[key] as Record<string, unknown>
        at[path.at(-1)!] = value
        const sent = JSON.parse(JSON.stringify(changed)) as object
        expect(valid(sent), `${path.join('.')} = ${JSON.stringify(value)}: ${ajv.errorsText(valid.errors)}`).to.equal(reads(sent))
      }),
      { numRuns: 500 },
    )
  })
})

function pathsOf(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path]
  return [...(path.length === 0 ? [] : [path]), ...Object.entries(value).flatMap(([key, item]) => pathsOf(item, [...path, key]))]
}
