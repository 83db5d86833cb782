import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import fc from 'fast-check'
import sharp from 'sharp'
import { fingerprint } from '../../sdk/src/fingerprint/index.ts'
import { hexToBytes } from '../../sdk/src/hex/index.ts'
import { hammingDistance } from '../../sdk/src/iscc/index.ts'
import { random } from '../registry/fixture.ts'
import { BOND, type Claims, deployClaims } from './fixture.ts'

const media = join(import.meta.dirname, '..', '..', 'examples', 'media')

/** Deposits a work with the first fingerprint, claims that the second is a copy, and tells the distance that the contract found. */
const distanceOnChain = async (at: Claims, work: string, copy: string, type: number): Promise<bigint> => {
  const deposited = await at.deposit(at.author, { fingerprint: work, fingerprintType: type })
  const claim = at.claimOf(deposited.id, { suspectFingerprint: copy, suspectType: BigInt(type), evidence: random() })
  await at.as(at.author).claims.fileMatch(claim, at.author.address, deposited.work, { value: BOND })
  return (await at.record(claim)).distance
}
/** The code that goes on chain. */
const codeOf = async (bytes: Uint8Array) => {
  const found = await fingerprint(bytes)
  if (found.media === 'data') throw new Error('no fingerprint')
  return found.code
}
const distanceInSdk = (a: string, b: string): bigint => BigInt(hammingDistance(hexToBytes(a), hexToBytes(b)))

describe('InfringementClaims: the distance is the SDK’s', () => {
  it('on random fingerprints, near and far', async () => {
    const at = await deployClaims()
    const word = fc.bigInt({ min: 1n, max: 2n ** 256n - 1n })
    const hex = (value: bigint) => `0x${value.toString(16).padStart(64, '0')}`
    const flips = fc.oneof(
      word,
      fc.integer({ min: 0, max: 255 }).map((bit) => 1n << BigInt(bit)),
    )
    await fc.assert(
      fc.asyncProperty(word, flips, async (work, flipped) => {
        fc.pre((work ^ flipped) !== 0n)
        const [a, b] = [hex(work), hex(work ^ flipped)]
        expect(await distanceOnChain(at, a, b, 1)).to.equal(distanceInSdk(a, b))
      }),
      { numRuns: 60 },
    )
  })

  it('on real ones: a photograph and what people make of it', async () => {
    const at = await deployClaims()
    const original = readFileSync(join(media, 'coffee.jpg'))
    const work = await codeOf(original)
    const image = () => sharp(original)
    const copies = {
      itself: original,
      recompressed: await image().jpeg({ quality: 20 }).toBuffer(),
      smaller: await image().resize({ width: 200 }).png().toBuffer(),
      grey: await image().greyscale().toBuffer(),
      turned: await image().rotate(90).toBuffer(),
      inverted: await image().negate().toBuffer(),
    }
    const distances: Record<string, bigint> = {}
    for (const [name, bytes] of Object.entries(copies)) {
      const copy = await codeOf(bytes)
      expect(copy.type).to.equal(work.type)
      distances[name] = await distanceOnChain(at, work.bits, copy.bits, work.type)
      expect(distances[name], name).to.equal(distanceInSdk(work.bits, copy.bits))
    }
    expect(distances.itself).to.equal(0n)
    for (const name of ['recompressed', 'smaller', 'grey']) expect(Number(distances[name]), name).to.be.at.most(31)
    expect(Number(distances.turned)).to.be.greaterThan(31)
  })

  it('on real ones: a text and an abridged one', async () => {
    const at = await deployClaims()
    const text = readFileSync(join(media, 'on-colophons.md'), 'utf8')
    const [whole, part] = await Promise.all(
      [text, text.slice(0, Math.floor(text.length * 0.8))].map((each) => codeOf(new TextEncoder().encode(each))),
    )
    expect(await distanceOnChain(at, whole!.bits, part!.bits, whole!.type)).to.equal(distanceInSdk(whole!.bits, part!.bits))
  })
})
