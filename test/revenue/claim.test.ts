import { expect } from 'chai'
import { ZeroAddress } from 'ethers'
import { COIN, deploySplitter, MANNER, place, type Splitter, split, splitHash } from './fixture.ts'

describe('RevenueSplitter claims', () => {
  let at: Splitter
  beforeEach(async () => {
    at = await deploySplitter()
    await at.setSplit(at.one, at.thirds)
  })

  describe('claim', () => {
    for (const name of ['coins', 'tokens'] as const)
      it(`sends a payee his ${name}, whoever asks, once`, async () => {
        const currency = name === 'coins' ? COIN : at.token
        await at.pay(at.one, 1000n, currency)
        const before = await at.balance(at.cyd.address, currency)
        const index = place(at.thirds, at.cyd.address)
        await expect(at.by(at.stranger).claim(at.one, at.thirds, index, currency))
          .to.emit(at.splitter, 'Claimed')
          .withArgs(at.one, at.cyd.address, splitHash(at.thirds), currency, at.cyd.address, 333)
        expect((await at.balance(at.cyd.address, currency)) - before).to.equal(333n)
        expect(await at.claimable(at.one, at.thirds, at.cyd.address, currency)).to.equal(0n)
        await expect(at.splitter.claim(at.one, at.thirds, index, currency))
          .to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_NothingDue')
          .withArgs(at.cyd.address, currency)
        if (name === 'tokens') expect((await at.splitter.currencyOf(currency)).held).to.equal(667n)
      })

    it('knows no payees but those under whom money came in', async () => {
      await at.pay(at.one, 1000n)
      const greedy = split([at.ann.address, 1_000_000])
      const inflated = at.thirds.map(({ account, share }) => ({ account, share: account === at.ann.address ? 1_000_000 : share }))
      for (const payees of [greedy, inflated, at.halves, at.thirds.slice(0, 2), [...at.thirds].reverse()]) {
        const index = place(payees, at.ann.address)
        if (index < 0) continue
        expect(await at.splitter.claimable(at.one, payees, index, COIN)).to.equal(0n)
        await expect(at.splitter.claim(at.one, payees, index, COIN)).to.be.revertedWithCustomError(
          at.splitter,
          'RevenueSplitter_NothingDue',
        )
      }
    })

    it('wants a place in the list', async () => {
      await at.pay(at.one, 1000n)
      for (const run of [
        () => at.splitter.claim(at.one, at.thirds, 3, COIN),
        () => at.splitter.claimable(at.one, at.thirds, 3, COIN),
        () => at.splitter.claimTo(at.one, at.thirds, 3, COIN, at.ann.address),
      ])
        await expect(run()).to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_IndexInvalid').withArgs(3, 3)
      await expect(at.splitter.claim(at.one, [], 0, COIN))
        .to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_IndexInvalid')
        .withArgs(0, 0)
    })

    it('lets nobody be blocked by a payee who refuses', async () => {
      const { contract, account } = await at.hostilePayee()
      const payees = split([at.ann.address, 500_000], [account, 500_000])
      await at.setSplit(at.one, payees)
      await at.pay(at.one, 100n)
      await contract.behave(MANNER.refuse, ZeroAddress, '0x')
      await expect(at.splitter.claim(at.one, payees, place(payees, account), COIN))
        .to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_TransferFailed')
        .withArgs(COIN, account, 50)
      expect(await at.claim(at.one, payees, at.ann.address)).to.equal(50n)
      await contract.behave(MANNER.take, ZeroAddress, '0x')
      expect(await at.claim(at.one, payees, account)).to.equal(50n)
    })

    it('goes on for a currency that is taken no longer', async () => {
      await at.pay(at.one, 1000n, at.token)
      await at.collect(at.one, 1000n, 100_000, at.token)
      await at.splitter.setCurrency(at.token, false)
      await expect(at.pay(at.one, 1n, at.token))
        .to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_CurrencyNotAllowed')
        .withArgs(at.token)
      expect(await at.claim(at.one, at.thirds, at.ann.address, at.token)).to.equal(633n)
      await at.splitter.withdraw(at.channel.address, at.token)
      expect(await at.balance(at.channel.address, at.token)).to.equal(100n)
    })
  })

  describe('claimTo', () => {
    it('sends where the payee says, which the token may not have blocked', async () => {
      await at.pay(at.one, 1000n, at.badToken)
      await at.hostile.block_(at.cyd.address, true)
      const index = place(at.thirds, at.cyd.address)
      await expect(at.splitter.claim(at.one, at.thirds, index, at.badToken)).to.be.revertedWithCustomError(
        at.splitter,
        'RevenueSplitter_TransferFailed',
      )
      await expect(at.by(at.cyd).claimTo(at.one, at.thirds, index, at.badToken, at.bob.address))
        .to.emit(at.splitter, 'Claimed')
        .withArgs(at.one, at.cyd.address, splitHash(at.thirds), at.badToken, at.bob.address, 333)
      expect(await at.balance(at.bob.address, at.badToken)).to.equal(333n)
      await expect(at.by(at.cyd).claimTo(at.one, at.thirds, index, at.badToken, at.bob.address)).to.be.revertedWithCustomError(
        at.splitter,
        'RevenueSplitter_NothingDue',
      )
    })

    it('is for the payee alone', async () => {
      await at.pay(at.one, 1000n)
      await expect(at.by(at.bob).claimTo(at.one, at.thirds, place(at.thirds, at.cyd.address), COIN, at.bob.address))
        .to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_NotPayee')
        .withArgs(at.cyd.address, at.bob.address)
    })

    it('sends nothing to nowhere, nor to the splitter', async () => {
      await at.pay(at.one, 1000n, at.token)
      for (const to of [ZeroAddress, at.address])
        await expect(at.by(at.cyd).claimTo(at.one, at.thirds, place(at.thirds, at.cyd.address), at.token, to))
          .to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_AccountInvalid')
          .withArgs(to)
    })
  })

  describe('claimAll', () => {
    const item = (workId: bigint, currency: string, payees = at.thirds, account = at.cyd.address) => ({
      workId,
      payees,
      index: place(payees, account),
      currency,
    })

    it('sends several works and currencies, neighbours of one currency in one transfer', async () => {
      await at.setSplit(at.two, at.thirds)
      for (const currency of [COIN, at.token]) for (const each of [at.one, at.two]) await at.pay(each, 3000n, currency)
      const before = await at.balance(at.stranger.address)
      const sent = at
        .by(at.cyd)
        .claimAll([item(at.one, at.token), item(at.two, at.token), item(at.one, COIN), item(at.two, COIN)], at.stranger.address)
      await expect(sent).to.emit(at.plain, 'Transfer').withArgs(at.address, at.stranger.address, 2000)
      expect((await at.balance(at.stranger.address)) - before).to.equal(2000n)
      expect(await at.balance(at.address)).to.equal(4000n)
    })

    it('passes over what is not due, and says if nothing is', async () => {
      await at.pay(at.one, 3000n)
      const none = [item(at.two, at.token), item(at.two, COIN)]
      await at.by(at.cyd).claimAll([none[0]!, item(at.one, COIN), none[1]!], at.cyd.address)
      expect(await at.claimable(at.one, at.thirds, at.cyd.address)).to.equal(0n)
      for (const items of [none, [], [item(at.one, COIN)]])
        await expect(at.by(at.cyd).claimAll(items, at.cyd.address))
          .to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_NothingDue')
          .withArgs(at.cyd.address, ZeroAddress)
    })

    it('pays an item twice in a list once', async () => {
      await at.pay(at.one, 3000n)
      await at.by(at.cyd).claimAll([item(at.one, COIN), item(at.one, COIN)], at.stranger.address)
      expect(await at.balance(at.address)).to.equal(2000n)
    })

    it('pays the caller alone, and all or none', async () => {
      await at.pay(at.one, 3000n)
      await expect(at.by(at.cyd).claimAll([item(at.one, COIN), item(at.one, COIN, at.thirds, at.ann.address)], at.cyd.address))
        .to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_NotPayee')
        .withArgs(at.ann.address, at.cyd.address)
      await expect(at.by(at.cyd).claimAll([item(at.one, COIN)], ZeroAddress)).to.be.revertedWithCustomError(
        at.splitter,
        'RevenueSplitter_AccountInvalid',
      )
      expect(await at.claimable(at.one, at.thirds, at.cyd.address)).to.equal(1000n)
    })
  })

  describe('withdraw', () => {
    it('sends credit once, to the account or where it says', async () => {
      await at.collect(at.one, 100n, 100_000, at.token)
      await at.by(at.channel).withdrawTo(at.token, at.stranger.address)
      expect(await at.balance(at.stranger.address, at.token)).to.equal(10n)
      for (const run of [
        () => at.by(at.channel).withdrawTo(at.token, at.stranger.address),
        () => at.splitter.withdraw(at.channel.address, at.token),
      ])
        await expect(run()).to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_NothingDue').withArgs(at.channel.address, at.token)
      await at.collect(at.one, 100n, 100_000)
      await expect(at.by(at.channel).withdrawTo(COIN, ZeroAddress)).to.be.revertedWithCustomError(
        at.splitter,
        'RevenueSplitter_AccountInvalid',
      )
    })
  })

  describe('when balances of a token shrink', () => {
    beforeEach(async () => {
      await at.setSplit(at.one, at.halves)
      await at.pay(at.one, 800n, at.badToken)
      await at.collect(at.one, 1000n, 200_000, at.badToken)
      await at.pay(at.one, 100n, at.token)
      await at.hostile.rebase(10n ** 18n / 2n)
    })

    it('says so to whoever claims for another, and takes no more of it', async () => {
      for (const run of [
        () => at.splitter.claim(at.one, at.halves, 0, at.badToken),
        () => at.splitter.withdraw(at.channel.address, at.badToken),
        () => at.pay(at.one, 10n, at.badToken),
        () => at.payDirect(at.one, at.halves, 10n, at.badToken),
      ])
        await expect(run()).to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_Shortfall').withArgs(at.badToken, 900, 1800)
      // Other currencies go on.
      expect(await at.claim(at.one, at.halves, at.ann.address, at.token)).to.equal(50n)
    })

    it('pays everybody the same proportion, in whatever order they come', async () => {
      await expect(at.by(at.ann).claimTo(at.one, at.halves, place(at.halves, at.ann.address), at.badToken, at.ann.address))
        .to.emit(at.splitter, 'ShortPaid')
        .withArgs(at.ann.address, at.badToken, 800, 400)
      await at.by(at.channel).withdrawTo(at.badToken, at.channel.address)
      const item = { workId: at.one, payees: at.halves, index: place(at.halves, at.bob.address), currency: at.badToken }
      await at.by(at.bob).claimAll([item], at.bob.address)
      expect(await at.balance(at.ann.address, at.badToken)).to.equal(400n)
      expect(await at.balance(at.channel.address, at.badToken)).to.equal(100n)
      expect(await at.balance(at.bob.address, at.badToken)).to.equal(400n)
      expect((await at.splitter.currencyOf(at.badToken)).held).to.equal(0n)
    })

    it('is whole again when somebody sends what is missing', async () => {
      await at.hostile.mint(at.address, 900n)
      expect(await at.claim(at.one, at.halves, at.ann.address, at.badToken)).to.equal(800n)
    })

    it('leaves what grows by itself alone', async () => {
      await at.hostile.rebase(10n ** 18n * 3n)
      expect(await at.claim(at.one, at.halves, at.ann.address, at.badToken)).to.equal(800n)
      expect((await at.splitter.currencyOf(at.badToken)).held).to.equal(1000n)
    })
  })

  it('makes no payee pay what a token charges the sender', async () => {
    await at.setSplit(at.one, at.halves)
    await at.pay(at.one, 1000n, at.badToken)
    await at.hostile.charge(0, 10)
    await expect(at.splitter.claim(at.one, at.halves, 0, at.badToken))
      .to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_Overcharged')
      .withArgs(at.badToken, 450, 500)
    await expect(at.payDirect(at.one, at.halves, 100n, at.badToken)).to.be.revertedWithCustomError(
      at.splitter,
      'RevenueSplitter_Overcharged',
    )
    await at.hostile.charge(10, 0)
    await at.splitter.claim(at.one, at.halves, place(at.halves, at.ann.address), at.badToken)
    expect(await at.balance(at.ann.address, at.badToken)).to.equal(450n)
  })

  describe('to recipients that call back', () => {
    const GUARD = '0x3ee5aeb5' // ReentrancyGuardReentrantCall()

    it('takes no call that moves money, whether coins come or tokens', async () => {
      const { contract, account } = await at.hostilePayee()
      await at.rights.give(at.one, account)
      const payees = split([at.ann.address, 500_000], [account, 500_000])
      await contract.execute(at.address, at.call('setSplit', [at.one, payees]))
      const index = place(payees, account)
      await at.hostile.hook(account, true)
      const attempts: [string, unknown[]][] = [
        ['pay', [at.one, at.badToken, 1n]],
        ['payDirect', [at.one, payees, at.badToken, 1n]],
        ['collect', [at.one, account, at.badToken, 1n, ZeroAddress, 0]],
        ['collectSale', [at.one, account, at.badToken, 1n, account, 1n]],
        ['credit', [account, account, at.badToken, 1n]],
        ['claim', [at.one, payees, index, COIN]],
        ['claimTo', [at.one, payees, index, COIN, account]],
        ['claimAll', [[{ workId: at.one, payees, index, currency: COIN }], account]],
        ['withdraw', [account, COIN]],
        ['withdrawTo', [COIN, account]],
      ]
      for (const [name, args] of attempts) {
        await at.pay(at.one, 100n)
        await at.pay(at.one, 100n, at.badToken)
        await contract.behave(MANNER.callBack, at.address, at.call(name, args))
        const before = { failed: await contract.failed(), succeeded: await contract.succeeded() }
        for (const currency of [COIN, at.badToken]) {
          const had = await at.balance(account, currency)
          await at.splitter.claim(at.one, payees, index, currency)
          expect((await at.balance(account, currency)) - had).to.equal(50n)
        }
        expect((await contract.failed()) - before.failed).to.equal(2n, name)
        expect(await contract.succeeded()).to.equal(before.succeeded, name)
        expect(await contract.reason()).to.equal(GUARD, name)
      }
    })

    it('lets a split change between two pushes without touching this payment', async () => {
      const { contract, account } = await at.hostilePayee()
      await at.rights.give(at.one, account)
      const payees = split([at.ann.address, 500_000], [account, 500_000])
      const alone = split([account, 1_000_000])
      await contract.execute(at.address, at.call('setSplit', [at.one, payees]))
      await at.hostile.hook(account, true)
      await contract.behave(MANNER.callBack, at.address, at.call('setSplit', [at.one, alone]))
      await at.payDirect(at.one, payees, 100n, at.badToken)
      expect(await contract.succeeded()).to.equal(1n)
      for (const { account: payee } of payees) expect(await at.balance(payee, at.badToken)).to.equal(50n)
      await at.pay(at.one, 7n)
      expect(await at.splitter.claimable(at.one, alone, 0, COIN)).to.equal(7n)
    })

    it('books a payment under the split in force when it arrived, also if the payer changes it on the way', async () => {
      const { contract, account } = await at.hostilePayee()
      await at.rights.give(at.one, account)
      await at.hostile.mint(account, 100n)
      await contract.execute(at.badToken, at.hostile.interface.encodeFunctionData('approve', [at.address, 100n]))
      await at.hostile.hook(account, true)
      await contract.behave(MANNER.callBack, at.address, at.call('setSplit', [at.one, at.halves]))
      await contract.execute(at.address, at.call('pay', [at.one, at.badToken, 100n]))
      expect(await at.claimable(at.one, at.halves, at.ann.address, at.badToken)).to.equal(50n)
      expect(await at.claimable(at.one, at.thirds, at.ann.address, at.badToken)).to.equal(0n)
    })
  })
})
