import { expect } from 'chai'
import { COIN, deploySplitter, split, work } from './fixture.ts'

describe('docs/contracts/revenue.md', () => {
  it('tells a worked example that works', async () => {
    const at = await deploySplitter()
    const [song, remix, clip] = [work('song'), work('remix'), work('clip')]
    const [ann, bob, cyd, dan] = [at.ann, at.bob, at.cyd, at.stranger]
    for (const [each, holder] of [
      [song, ann],
      [remix, cyd],
      [clip, dan],
    ] as const)
      await at.rights.give(each, holder.address)
    const duo = split([ann.address, 500_000], [bob.address, 500_000])
    await at.by(ann).setSplit(song, duo)

    await at.by(ann).grantDerivative(song, remix, 100_000)
    await at.by(cyd).registerDerivative(remix, [{ parent: song, share: 100_000, grantor: ann.address }], [[]])
    await at.by(cyd).grantDerivative(remix, clip, 50_000)
    await at
      .by(dan)
      .registerDerivative(clip, [{ parent: remix, share: 50_000, grantor: cyd.address }], [[{ workId: song, share: 100_000 }]])

    await at.collect(clip, 10_000n, 85_000)
    await at.splitter.sweep(clip, song, COIN)
    await at.splitter.sweep(clip, remix, COIN)

    expect(await at.claim(song, duo, ann.address)).to.equal(500n)
    expect(await at.claim(song, duo, bob.address)).to.equal(500n)
    expect(await at.claim(remix, split([cyd.address, 1_000_000]), cyd.address)).to.equal(500n)
    expect(await at.claim(clip, split([dan.address, 1_000_000]), dan.address)).to.equal(7650n)
    await at.splitter.withdraw(at.channel.address, COIN)
    expect(await at.balance(at.address)).to.equal(0n)
  })
})
