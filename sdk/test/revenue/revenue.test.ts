import { expect } from 'chai'
import { type Contract, parseEther } from 'ethers'
import fc from 'fast-check'
import { RevenueSplitter__factory } from '../../src/contracts/index.ts'
import { type Colophon, createColophon } from '../../src/index.ts'
import { createRevenue, splitHash, splitOf } from '../../src/revenue/index.ts'
import { startChain, type TestChain } from '../chain.ts'
import { anyAddress, newWork } from '../deposits/works.ts'
import { expectError } from '../expectError.ts'
import { startToken } from '../tokens.ts'

describe('revenue: splits', () => {
  it('add up to the whole and are sorted, whatever the parts', () => {
    const payees = fc.uniqueArray(fc.record({ account: anyAddress, parts: fc.integer({ min: 1, max: 1000 }) }), {
      minLength: 1,
      maxLength: 32,
      selector: ({ account }) => account,
    })
    fc.assert(
      fc.property(payees, (given) => {
        const split = splitOf(given)
        const total = given.reduce((sum, { parts }) => sum + parts, 0)
        expect(split.reduce((sum, { share }) => sum + share, 0)).to.equal(1_000_000)
        for (const { account, parts } of given) {
          const { share } = split.find((payee) => payee.account.toLowerCase() === account)!
          expect(Math.abs(share - (parts / total) * 1_000_000)).to.be.below(1)
        }
        for (let index = 1; index < split.length; index++)
          expect(BigInt(split[index]!.account) > BigInt(split[index - 1]!.account)).to.equal(true)
      }),
    )
  })

  it('refuse what the contract would refuse', async () => {
    const [a, b] = [`0x${'aa'.repeat(20)}`, `0x${'bb'.repeat(20)}`] as const
    const cases = [
      [],
      [{ account: a, percent: 50 }],
      [
        { account: a, percent: 50 },
        { account: a, percent: 50 },
      ],
      [
        { account: a, percent: 100 },
        { account: b, percent: 0 },
      ],
      [
        { account: a, percent: 50 },
        { account: b, parts: 1 },
      ],
      [
        { account: a, parts: 1 },
        { account: b, parts: 0 },
      ],
      [
        { account: a, parts: 1e9 },
        { account: b, parts: 1 },
      ],
      Array.from({ length: 33 }, (_, index) => ({ account: `0x${String(index + 10).padStart(40, '0')}`, parts: 1 })),
    ]
    for (const payees of cases) await expectError('INVALID_SPLIT', () => splitOf(payees))
    await expectError('INVALID_INPUT', () =>
      splitOf([
        { account: a, percent: 33.33333 },
        { account: b, percent: 66.66667 },
      ]),
    )
    await expectError('INVALID_ADDRESS', () => splitOf([{ account: 'me', percent: 100 }]))
  })
})

describe('revenue', () => {
  let chain: TestChain
  let token: Contract
  let currency: string
  let ada: Colophon
  let bob: Colophon
  let payer: Colophon
  before(async () => {
    chain = await startChain()
    token = await startToken(chain)
    currency = await token.getAddress()
    await (await token.getFunction('mint').send(address(3), 10n ** 9n)).wait()
    ada = createColophon({ signer: chain.accounts[1]! })
    bob = createColophon({ signer: chain.accounts[2]! })
    payer = createColophon({ signer: chain.accounts[3]! })
  })
  after(() => chain.stop())

  const address = (index: number): string => chain.accounts[index]!.address
  const deposit = async (by = ada): Promise<`0x${string}`> => (await by.deposits.create(newWork())).id
  const coins = (index: number): Promise<bigint> => chain.provider.getBalance(address(index))
  const FRESH = `0x${'5e'.repeat(20)}`

  it('knows the split in force', async () => {
    const workId = await deposit()
    const alone = await ada.revenue.splitOf(workId)
    expect(alone).to.deep.include({ isSet: false, payees: [{ account: address(1), share: 1_000_000 }] })
    expect(alone.split).to.equal(splitHash(alone.payees))
    const payees = [
      { account: address(1), percent: 62.5 },
      { account: address(2), percent: 37.5 },
    ]
    const foretold = await ada.revenue.setSplit.simulate({ workId, payees })
    const set = await ada.revenue.setSplit({ workId, payees })
    expect(set).to.deep.include(foretold)
    expect(await bob.revenue.splitOf(workId)).to.deep.equal({ workId, split: set.split, isSet: true, payees: set.payees })
    const splitter = RevenueSplitter__factory.connect(chain.deployment.contracts.RevenueSplitter!.address, chain.provider)
    expect((await splitter.splitOf(workId)).split).to.equal(set.split)
    await expectError('REVENUE_NOT_RIGHTS_HOLDER', () => bob.revenue.setSplit({ workId, payees }))
    await expectError('DEPOSIT_NOT_FOUND', () => ada.revenue.splitOf(newWork().contentHash))
  })

  it('is paid in coins and tokens, and claimed by each', async () => {
    const workId = await deposit()
    const payees = [
      { account: address(1), parts: 2 },
      { account: address(2), parts: 1 },
    ]
    await ada.revenue.setSplit({ workId, payees })
    const paid = await payer.revenue.pay({ workId, amount: 3_000_000n })
    expect(paid).to.deep.include({ workId, received: { amount: 3_000_000n, currency: 'native' } })
    await payer.revenue.pay({ workId, amount: 900n, currency })
    expect(await token.getFunction('allowance').staticCall(address(3), chain.deployment.contracts.RevenueSplitter!.address)).to.equal(0n)

    const { due, totals, credit } = await bob.revenue.balances(address(2), { works: [workId] })
    // A third is 333,333 millionths.
    expect(due.map(({ amount, currency }) => ({ amount, currency }))).to.deep.equal([
      { amount: 999_999n, currency: 'native' },
      { amount: 299n, currency },
    ])
    expect(totals).to.have.length(2)
    expect(credit).to.deep.equal([])

    const foretold = await bob.revenue.claim.simulate({ workId, currency: 'native', to: FRESH })
    expect(foretold.totals).to.deep.equal([{ amount: 999_999n, currency: 'native' }])
    const claimed = await bob.revenue.claim({ workId, currency: 'native', to: FRESH })
    expect(claimed.claims).to.deep.equal([{ workId, amount: 999_999n, currency: 'native' }])
    expect(await chain.provider.getBalance(FRESH)).to.equal(999_999n)
    const rest = await bob.revenue.claim({ workId })
    expect(rest.totals).to.deep.equal([{ amount: 299n, currency }])
    await expectError('NOTHING_DUE', () => bob.revenue.claim({ workId }))
    await expectError('NOTHING_DUE', () => payer.revenue.claimAll({}))
  })

  it('is claimed from every split it came in under, all works at once', async () => {
    const [first, second] = [await deposit(), await deposit()]
    await payer.revenue.pay({ workId: first, amount: 1_000n })
    await ada.revenue.setSplit({
      workId: first,
      payees: [
        { account: address(1), percent: 50 },
        { account: address(4), percent: 50 },
      ],
    })
    await payer.revenue.pay({ workId: first, amount: 1_000n })
    await payer.revenue.pay({ workId: second, amount: 500n, currency })
    const works = [first, second]
    const { due } = await ada.revenue.balances(address(1), { works })
    expect(due.map(({ amount }) => amount).sort()).to.deep.equal([1_000n, 500n, 500n])
    const to = `0x${'6f'.repeat(20)}`
    const { totals, claims } = await ada.revenue.claimAll({ works, to })
    expect(claims).to.have.length(3)
    expect(totals).to.have.deep.members([
      { amount: 1_500n, currency: 'native' },
      { amount: 500n, currency },
    ])
    expect(await chain.provider.getBalance(to)).to.equal(1_500n)
    expect((await ada.revenue.balances(address(1), { works })).due).to.deep.equal([])
  })

  it('is paid out at once when wished', async () => {
    const workId = await deposit()
    await ada.revenue.setSplit({ workId, payees: [{ account: FRESH, percent: 100 }] })
    const before = await chain.provider.getBalance(FRESH)
    const { received } = await payer.revenue.payDirect({ workId, amount: 777n })
    expect(received.amount).to.equal(777n)
    expect((await chain.provider.getBalance(FRESH)) - before).to.equal(777n)
    await payer.revenue.payDirect({ workId, amount: 5n, currency })
    expect(await token.getFunction('balanceOf').staticCall(FRESH)).to.equal(5n)
  })

  it('follows derivatives, with lineages found in the events', async () => {
    const [song, remix, clip] = [await deposit(), await deposit(bob), await deposit(payer)]
    expect((await ada.revenue.grantDerivative({ parent: song, child: remix, percent: 10 })).percent).to.equal(10)
    const registered = await bob.revenue.registerDerivative({ child: remix, parents: [{ workId: song, percent: 10 }] })
    expect(registered.lineage).to.deep.equal([{ workId: song, percent: 10 }])
    await bob.revenue.grantDerivative({ parent: remix, child: clip, percent: 5 })
    await expectError('GRANT_MISSING', () => payer.revenue.registerDerivative({ child: clip, parents: [{ workId: remix, percent: 4 }] }))
    await payer.revenue.registerDerivative({ child: clip, parents: [{ workId: remix, percent: 5 }] })
    expect(await ada.revenue.lineageOf(clip)).to.have.deep.members([
      { workId: song, percent: 10 },
      { workId: remix, percent: 5 },
    ])
    expect(await ada.revenue.lineageOf(song)).to.deep.equal([])

    await payer.revenue.pay({ workId: clip, amount: 10_000n })
    expect(await ada.revenue.royaltyOf(clip, song)).to.deep.equal({ percent: 10, unswept: { amount: 1_000n, currency: 'native' } })
    expect((await ada.revenue.sweep.simulate({ child: clip, ancestor: song })).moved.amount).to.equal(1_000n)
    expect((await ada.revenue.sweep({ child: clip, ancestor: song })).moved).to.deep.equal({ amount: 1_000n, currency: 'native' })
    expect((await ada.revenue.balances(address(1), { works: [song] })).totals).to.deep.equal([{ amount: 1_000n, currency: 'native' }])
    expect((await ada.revenue.claim({ workId: song })).totals[0]!.amount).to.equal(1_000n)
    await expectError('NOTHING_DUE', () => ada.revenue.sweep({ child: clip, ancestor: song }))
    await expectError('NOT_ANCESTOR', () => ada.revenue.sweep({ child: song, ancestor: clip }))
  })

  it('agrees to a derivative by a license to adapt', async () => {
    const [parent, child] = [await deposit(), await deposit(bob)]
    const offer = await ada.licenses.sign({ workId: parent, price: 0n, rights: ['adapt'], derivativePercent: 12.5, duration: 'forever' })
    const { licenseId } = await bob.licenses.acquire({ offer })
    const authorized = await bob.licenses.authorizeDerivative({ licenseId, childWorkId: child })
    expect(authorized).to.include({ parentWorkId: parent, childWorkId: child, percent: 12.5 })
    const grantor = chain.deployment.contracts.LicenseToken!.address
    const { lineage } = await bob.revenue.registerDerivative({ child, parents: [{ workId: parent, percent: 12.5, grantor }] })
    expect(lineage).to.deep.equal([{ workId: parent, percent: 12.5 }])
  })

  it('keeps credit until it is withdrawn', async () => {
    const offer = await ada.licenses.sign({
      workId: await deposit(),
      price: parseEther('1'),
      rights: ['perform'],
      duration: { days: 1 },
      commissionPercent: 20,
    })
    await payer.licenses.acquire({ offer, platform: address(5) })
    const platform = createColophon({ signer: chain.accounts[5]! })
    expect(await platform.revenue.withdraw.simulate({})).to.deep.equal({ withdrawn: { amount: parseEther('0.2'), currency: 'native' } })
    const before = await coins(6)
    expect((await platform.revenue.withdraw({ to: address(6) })).withdrawn.amount).to.equal(parseEther('0.2'))
    expect((await coins(6)) - before).to.equal(parseEther('0.2'))
    expect((await platform.revenue.balances(address(5))).totals).to.deep.equal([])
    await expectError('NOTHING_DUE', () => platform.revenue.withdraw({}))
  })

  it('names currencies, and refuses those the splitter does not take', async () => {
    expect(await ada.revenue.currency('native')).to.deep.equal({ currency: 'native', symbol: 'ETH', decimals: 18, taken: true })
    expect(await ada.revenue.currency(currency)).to.deep.equal({ currency, symbol: 'PLN', decimals: 18, taken: true })
    const workId = await deposit()
    await expectError('INVALID_INPUT', () => payer.revenue.pay({ workId, amount: 0n }))
    await expectError('INVALID_INPUT', () => payer.revenue.pay({ workId, amount: 1 as never }))
    const other = await startToken(chain)
    await (await other.getFunction('mint').send(address(3), 10n)).wait()
    const splitter = RevenueSplitter__factory.connect(chain.deployment.contracts.RevenueSplitter!.address, chain.accounts[0]!)
    await (await splitter.setCurrency(await other.getAddress(), false)).wait()
    const before = await chain.provider.getTransactionCount(address(3))
    await expectError('INVALID_CURRENCY', async () => payer.revenue.pay({ workId, amount: 10n, currency: await other.getAddress() }))
    expect(await chain.provider.getTransactionCount(address(3))).to.equal(before)
  })

  it('is read without a signer, and can be stopped', async () => {
    const reader = createRevenue({ provider: chain.connect() })
    expect((await reader.balances(address(9))).totals).to.deep.equal([])
    const reason = new Error('enough')
    expect(await reader.balances(address(1), { signal: AbortSignal.abort(reason) }).catch((fault) => fault)).to.equal(reason)
  })
})
