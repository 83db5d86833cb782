import { expect } from 'chai'
import { ZeroAddress } from 'ethers'
import { COIN, deploySplitter, MANNER, place, REPLY, type Splitter, split, splitHash } from './fixture.ts'

const TOO_MUCH = 1n << 128n

describe('RevenueSplitter payments', () => {
  let at: Splitter
  beforeEach(async () => {
    at = await deploySplitter()
    await at.setSplit(at.one, at.thirds)
  })

  describe('pay', () => {
    for (const name of ['coins', 'tokens'] as const)
      it(`keeps ${name} for the payees of the split in force`, async () => {
        const currency = name === 'coins' ? COIN : at.token
        await expect(at.pay(at.one, 1_000_000n, currency))
          .to.emit(at.splitter, 'Paid')
          .withArgs(at.one, at.payer.address, currency, 1_000_000, splitHash(at.thirds), 0)
        expect(await at.balance(at.address, currency)).to.equal(1_000_000n)
        for (const { account, share } of at.thirds) expect(await at.claimable(at.one, at.thirds, account, currency)).to.equal(BigInt(share))
        expect(await at.claimable(at.one, at.halves, at.ann.address, currency)).to.equal(0n)
      })

    it('pays the rights holder where no split is set', async () => {
      await at.pay(at.two, 77n)
      expect(await at.claimable(at.two, at.holderOnly, at.holder.address)).to.equal(77n)
    })

    it('keeps works, splits and currencies apart', async () => {
      await at.pay(at.one, 300n)
      await at.pay(at.one, 30n, at.token)
      await at.pay(at.two, 3n)
      expect(await at.claimable(at.one, at.thirds, at.cyd.address)).to.equal(100n)
      expect(await at.claimable(at.one, at.thirds, at.cyd.address, at.token)).to.equal(10n)
      expect(await at.claimable(at.two, at.thirds, at.cyd.address)).to.equal(0n)
    })

    it('takes amounts from 1 to 2^128 - 1', async () => {
      await at.pay(at.one, 1n, at.token)
      await at.plain.mint(at.payer.address, TOO_MUCH)
      await at.pay(at.one, TOO_MUCH - 1n, at.token)
      for (const amount of [0n, TOO_MUCH])
        await expect(at.pay(at.one, amount, at.token))
          .to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_AmountInvalid')
          .withArgs(amount)
      await expect(at.pay(at.one, 0n)).to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_AmountInvalid').withArgs(0)
    })

    it('wants the coins it is told, and none with tokens', async () => {
      for (const value of [9n, 11n])
        await expect(at.by(at.payer).pay(at.one, COIN, 10n, { value }))
          .to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_ValueMismatch')
          .withArgs(value, 10)
      await expect(at.by(at.payer).pay(at.one, at.token, 10n, { value: 1n }))
        .to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_ValueMismatch')
        .withArgs(1, 0)
    })

    it('takes no coins that nobody could claim', async () => {
      await expect(at.payer.sendTransaction({ to: at.address, value: 1n })).to.revert(at.ethers)
    })
  })

  describe('payDirect', () => {
    it('sends every payee his part at once', async () => {
      const before = await Promise.all(at.thirds.map(({ account }) => at.balance(account)))
      await expect(at.payDirect(at.one, at.thirds, 2_000_000n))
        .to.emit(at.splitter, 'PaidDirect')
        .withArgs(at.one, at.payer.address, COIN, 2_000_000, splitHash(at.thirds))
      for (const [index, { account, share }] of at.thirds.entries())
        expect((await at.balance(account)) - before[index]!).to.equal(2n * BigInt(share))
      expect(await at.balance(at.address)).to.equal(0n)
    })

    it('sends tokens too, and books none of them', async () => {
      await at.payDirect(at.one, at.thirds, 1_000_000n, at.token)
      for (const { account, share } of at.thirds) expect(await at.balance(account, at.token)).to.equal(BigInt(share))
      expect([...(await at.splitter.currencyOf(at.token))]).to.deep.equal([true, 0n])
    })

    it('keeps fractions of units until they are one, whichever way the money came', async () => {
      const payees = at.thirds
      const paid: Record<string, bigint> = Object.fromEntries(payees.map(({ account }) => [account, 0n]))
      let received = 0n
      for (const [step, amount] of [1n, 1n, 2n, 5n, 1n, 7n, 1n, 1n, 100n, 1n].entries()) {
        const before = await Promise.all(payees.map(({ account }) => at.balance(account, at.token)))
        if (step % 3 === 2) await at.pay(at.one, amount, at.token)
        else await at.payDirect(at.one, payees, amount, at.token)
        if (step % 4 === 3) for (const { account } of payees) await at.claim(at.one, payees, account, at.token)
        for (const [index, { account }] of payees.entries())
          paid[account] = paid[account]! + (await at.balance(account, at.token)) - before[index]!
        received += amount
        for (const { account, share } of payees) expect(paid[account]! * 1_000_000n <= received * BigInt(share)).to.equal(true)
      }
      for (const { account, share } of payees) {
        const total = paid[account]! + (await at.claim(at.one, payees, account, at.token))
        expect(total).to.equal((received * BigInt(share)) / 1_000_000n)
      }
      expect((await at.splitter.currencyOf(at.token)).held).to.equal(await at.balance(at.address, at.token))
    })

    it("claims nobody else's fraction: thirteen payees, three words of fractions", async () => {
      const accounts = Array.from({ length: 13 }, (_, i): [string, number] => [
        `0x${(i + 17).toString(16).padStart(40, '1')}`,
        i === 0 ? 76_924 : 76_923,
      ])
      const payees = split(...accounts)
      await at.setSplit(at.one, payees)
      await at.payDirect(at.one, payees, 7n, at.token)
      await at.pay(at.one, 7n, at.token)
      for (const [index, { account, share }] of payees.entries()) {
        expect(await at.splitter.claimable(at.one, payees, index, at.token)).to.equal((14n * BigInt(share)) / 1_000_000n)
        await at.claim(at.one, payees, account, at.token)
      }
      await at.payDirect(at.one, payees, 13n, at.token)
      await at.pay(at.one, 13n, at.token)
      for (const { account, share } of payees) {
        await at.claim(at.one, payees, account, at.token)
        expect(await at.balance(account, at.token)).to.equal((40n * BigInt(share)) / 1_000_000n)
      }
    })

    it('wants the payees of the split in force', async () => {
      for (const payees of [at.halves, []])
        await expect(at.payDirect(at.one, payees, 100n))
          .to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_SplitMismatch')
          .withArgs(at.one, splitHash(at.thirds), splitHash(payees))
      await at.payDirect(at.two, at.holderOnly, 100n)
    })

    for (const manner of ['refuse', 'burnEverything', 'bomb'] as const)
      it(`gives a payee credit whose contract does ${manner}, and the others their coins`, async () => {
        const { contract, account } = await at.hostilePayee()
        await contract.behave(MANNER[manner], ZeroAddress, '0x')
        const payees = split([at.ann.address, 300_000], [account, 300_000], [at.bob.address, 400_000])
        await at.setSplit(at.one, payees)
        const before = await at.balance(at.bob.address)
        const sent = await at.payDirect(at.one, payees, 1000n)
        await expect(sent).to.emit(at.splitter, 'Credited').withArgs(account, COIN, 300_000_000)
        expect((await sent.wait())!.gasUsed < 250_000n).to.equal(true)
        expect((await at.balance(at.bob.address)) - before).to.equal(400n)
        expect(await at.splitter.creditOf(account, COIN)).to.equal(300_000_000n)
        await expect(at.splitter.withdraw(account, COIN)).to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_TransferFailed')
        await contract.behave(MANNER.take, ZeroAddress, '0x')
        await at.splitter.withdraw(account, COIN)
        expect(await at.balance(account)).to.equal(300n)
      })

    it('gives a payee credit whom the token has blocked', async () => {
      await at.setSplit(at.one, at.halves)
      await at.hostile.block_(at.ann.address, true)
      await at.payDirect(at.one, at.halves, 1001n, at.badToken)
      expect(await at.balance(at.bob.address, at.badToken)).to.equal(500n)
      expect(await at.splitter.creditOf(at.ann.address, at.badToken)).to.equal(500_000_000n)
      await at.by(at.ann).withdrawTo(at.badToken, at.cyd.address)
      expect(await at.balance(at.cyd.address, at.badToken)).to.equal(500n)
    })

    it('gives credit where the hook of a token burns everything', async () => {
      const { contract, account } = await at.hostilePayee()
      await contract.behave(MANNER.burnEverything, ZeroAddress, '0x')
      await at.hostile.hook(account, true)
      const payees = split([at.ann.address, 500_000], [account, 500_000])
      await at.setSplit(at.one, payees)
      const sent = await at.payDirect(at.one, payees, 1000n, at.badToken)
      expect((await sent.wait())!.gasUsed < 600_000n).to.equal(true)
      expect(await at.balance(at.ann.address, at.badToken)).to.equal(500n)
      expect(await at.splitter.creditOf(account, at.badToken)).to.equal(500_000_000n)
    })
  })

  describe('collect', () => {
    it("takes the channel's commission out of the work's part", async () => {
      const sent = at.collect(at.one, 1000n, 150_000)
      await expect(sent).to.emit(at.splitter, 'Paid').withArgs(at.one, at.payer.address, COIN, 1000, splitHash(at.thirds), 150_000)
      await expect(sent).to.emit(at.splitter, 'Credited').withArgs(at.channel.address, COIN, 150_000_000)
      expect(await at.claimable(at.one, at.thirds, at.ann.address)).to.equal((850n * 333_333n) / 1_000_000n)
      expect(await at.splitter.creditOf(at.channel.address, COIN)).to.equal(150_000_000n)
    })

    it('loses no fraction of a commission', async () => {
      for (let i = 0; i < 7; i++) await at.collect(at.one, 1n, 150_000, at.token)
      await at.by(at.stranger).withdraw(at.channel.address, at.token)
      expect(await at.balance(at.channel.address, at.token)).to.equal(1n)
      expect(await at.splitter.creditOf(at.channel.address, at.token)).to.equal(50_000n)
      expect(await at.claimable(at.one, at.thirds, at.cyd.address, at.token)).to.equal(1n)
      await expect(at.splitter.withdraw(at.channel.address, at.token))
        .to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_NothingDue')
        .withArgs(at.channel.address, at.token)
    })

    it('takes all for the channel if so agreed, and not a millionth more', async () => {
      await at.collect(at.one, 10n, 1_000_000)
      expect(await at.claimable(at.one, at.thirds, at.cyd.address)).to.equal(0n)
      await expect(at.collect(at.one, 10n, 1_000_001))
        .to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_CommissionTooHigh')
        .withArgs(1_000_001, 1_000_000)
    })

    it("pulls a third's tokens for a module alone; anybody may pay for himself, or with coins", async () => {
      const collect = (caller: typeof at.payer, currency: string, value: bigint) =>
        at.by(caller).collect(at.one, at.payer.address, currency, 10n, ZeroAddress, 0, { value })
      await expect(collect(at.stranger, at.token, 0n))
        .to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_NotModule')
        .withArgs(at.stranger.address)
      await expect(collect(at.holder, at.token, 0n)).to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_NotModule')
      await collect(at.module, at.token, 0n)
      await collect(at.payer, at.token, 0n)
      await collect(at.stranger, COIN, 10n)
      expect(await at.balance(at.address, at.token)).to.equal(20n)
    })

    it('wants a channel for a commission', async () => {
      for (const to of [ZeroAddress, at.address])
        await expect(at.collect(at.one, 10n, 1, COIN, to))
          .to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_AccountInvalid')
          .withArgs(to)
      await at.collect(at.one, 10n, 0, COIN, ZeroAddress)
    })

    it('wants all of the amount', async () => {
      await at.hostile.charge(1, 0)
      await expect(at.collect(at.one, 1000n, 0, at.badToken))
        .to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_Underpaid')
        .withArgs(at.badToken, 1000, 990)
    })
  })

  describe('collectSale', () => {
    const sell = (royalty: bigint, proceeds: bigint, currency: string = COIN, seller: string = at.bob.address) =>
      at.by(at.module).collectSale(at.one, at.payer.address, currency, royalty, seller, proceeds, {
        value: currency === COIN ? (royalty + proceeds) & (TOO_MUCH - 1n) : 0n,
      })

    for (const name of ['coins', 'tokens'] as const)
      it(`pays the work and the seller in ${name}`, async () => {
        const currency = name === 'coins' ? COIN : at.token
        const before = await at.balance(at.bob.address, currency)
        await expect(sell(300n, 700n, currency))
          .to.emit(at.splitter, 'Paid')
          .withArgs(at.one, at.payer.address, currency, 300, splitHash(at.thirds), 0)
        expect((await at.balance(at.bob.address, currency)) - before).to.equal(700n)
        expect(await at.claimable(at.one, at.thirds, at.cyd.address, currency)).to.equal(100n)
        expect(await at.balance(at.address, currency)).to.equal(300n)
        if (name === 'tokens') expect((await at.splitter.currencyOf(currency)).held).to.equal(300n)
      })

    it('does without one of the two parts, not without both', async () => {
      await expect(sell(0n, 5n)).to.not.emit(at.splitter, 'Paid')
      await sell(5n, 0n, COIN, ZeroAddress)
      await expect(sell(0n, 0n)).to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_AmountInvalid').withArgs(0)
    })

    it('gives a seller credit who refuses', async () => {
      const { contract, account } = await at.hostilePayee()
      await contract.behave(MANNER.refuse, ZeroAddress, '0x')
      await sell(1n, 9n, COIN, account)
      expect(await at.splitter.creditOf(account, COIN)).to.equal(9_000_000n)
      await at.hostile.block_(at.bob.address, true)
      await sell(1n, 9n, at.badToken)
      expect(await at.splitter.creditOf(at.bob.address, at.badToken)).to.equal(9_000_000n)
      expect((await at.splitter.currencyOf(at.badToken)).held).to.equal(10n)
    })

    it('refuses a seller who cannot be paid, and sums that overflow', async () => {
      for (const seller of [ZeroAddress, at.address])
        await expect(sell(1n, 9n, COIN, seller))
          .to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_AccountInvalid')
          .withArgs(seller)
      const most = (1n << 256n) - 1n
      await expect(sell(11n, most - 9n))
        .to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_AmountInvalid')
        .withArgs(most - 9n)
    })

    it('is for modules, as collect is', async () => {
      await expect(at.by(at.stranger).collectSale(at.one, at.payer.address, at.token, 1n, at.stranger.address, 9n))
        .to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_NotModule')
        .withArgs(at.stranger.address)
    })
  })

  describe('credit', () => {
    it('owes an account what it was paid', async () => {
      await expect(at.by(at.module).credit(at.bob.address, at.payer.address, at.token, 40n))
        .to.emit(at.splitter, 'Credited')
        .withArgs(at.bob.address, at.token, 40_000_000)
      await at.by(at.stranger).credit(at.bob.address, at.stranger.address, COIN, 2n, { value: 2n })
      await expect(at.splitter.withdraw(at.bob.address, at.token))
        .to.emit(at.splitter, 'Withdrawn')
        .withArgs(at.bob.address, at.token, at.bob.address, 40)
      expect(await at.balance(at.bob.address, at.token)).to.equal(40n)
      expect(await at.splitter.creditOf(at.bob.address, COIN)).to.equal(2_000_000n)
    })

    it('refuses accounts that cannot be paid and strangers who pull', async () => {
      for (const account of [ZeroAddress, at.address])
        await expect(at.by(at.module).credit(account, at.payer.address, at.token, 1n))
          .to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_AccountInvalid')
          .withArgs(account)
      await expect(at.by(at.stranger).credit(at.stranger.address, at.payer.address, at.token, 1n)).to.be.revertedWithCustomError(
        at.splitter,
        'RevenueSplitter_NotModule',
      )
    })
  })

  describe('with tokens that answer oddly', () => {
    it('counts what arrives', async () => {
      await at.hostile.charge(10, 0)
      await at.pay(at.one, 1000n, at.badToken)
      expect(await at.claimable(at.one, at.thirds, at.cyd.address, at.badToken)).to.equal(300n)
      expect((await at.splitter.currencyOf(at.badToken)).held).to.equal(900n)
    })

    it('takes tokens that return nothing', async () => {
      await at.hostile.answer(REPLY.nothing)
      await at.pay(at.one, 1000n, at.badToken)
      expect(await at.claim(at.one, at.thirds, at.cyd.address, at.badToken)).to.equal(333n)
    })

    for (const reply of ['false', 'falseButMoves', 'trueButStays', 'revert', 'two', 'bomb', 'burnEverything'] as const)
      it(`takes no payment when the token answers ${reply}`, async () => {
        await at.hostile.answer(REPLY[reply])
        await expect(at.pay(at.one, 1000n, at.badToken)).to.revert(at.ethers)
        expect(await at.claimable(at.one, at.thirds, at.cyd.address, at.badToken)).to.equal(0n)
        expect((await at.splitter.currencyOf(at.badToken)).held).to.equal(0n)
      })

    for (const reply of ['false', 'revert', 'two', 'short', 'bomb', 'burnEverything'] as const)
      it(`does not take a claim for paid when the token answers ${reply}`, async () => {
        await at.pay(at.one, 1000n, at.badToken)
        await at.hostile.answer(REPLY[reply])
        await expect(at.splitter.claim(at.one, at.thirds, place(at.thirds, at.cyd.address), at.badToken))
          .to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_TransferFailed')
          .withArgs(at.badToken, at.cyd.address, 333)
        await at.hostile.answer(REPLY.true)
        expect(await at.claim(at.one, at.thirds, at.cyd.address, at.badToken)).to.equal(333n)
      })

    it('says so when a token tells that nothing arrived', async () => {
      await at.hostile.answer(REPLY.trueButStays)
      await expect(at.pay(at.one, 1000n, at.badToken))
        .to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_Underpaid')
        .withArgs(at.badToken, 1000, 0)
    })

    it('owes nobody what a token has moved while it said that it had not', async () => {
      const { contract, account } = await at.hostilePayee()
      const payees = split([at.ann.address, 500_000], [account, 500_000])
      await at.setSplit(at.one, payees)
      await at.pay(at.one, 10n, at.badToken)
      // The token turns bad when it is pushed, not before.
      await at.hostile.hook(account, true)
      await contract.behave(MANNER.callBack, at.badToken, at.hostile.interface.encodeFunctionData('answer', [REPLY.falseButMoves]))
      await expect(at.payDirect(at.one, payees, 100n, at.badToken)).to.be.revertedWithCustomError(
        at.splitter,
        'RevenueSplitter_Overcharged',
      )
      expect(await at.balance(account, at.badToken)).to.equal(0n)
      expect(await at.splitter.creditOf(account, at.badToken)).to.equal(0n)
    })
  })
})
