import { expect } from 'chai'
import { ZeroAddress } from 'ethers'
import { DAY } from '../market/fixture.ts'
import { mirrored, random } from '../registry/fixture.ts'
import { BOND, type Claims, deployClaims, FREEZE_BOND, OUTCOME, PHASE } from './fixture.ts'
import { SETTLEMENT_TYPES } from './types.ts'

const refused = (at: Claims, sent: Promise<unknown>, error: string) =>
  expect(sent).to.be.revertedWithCustomError(at.claims, `InfringementClaims_${error}`)

describe('InfringementClaims: settle', () => {
  it('ends a claim in every phase before a ruling, bonds and freeze included', async () => {
    const at = await deployClaims()
    for (const phase of [PHASE.filed, PHASE.answered, PHASE.disputed]) {
      const { claim, workId } = await at.contested()
      await at.as(at.author).claims.freeze(claim, { value: FREEZE_BOND })
      if (phase !== PHASE.filed) await at.answer(claim)
      if (phase === PHASE.disputed) await at.escalate(claim)
      const [author, alice] = [await at.owed(at.author), await at.owed(at.alice)]
      await at.settle(claim, await at.settlementOf(claim))
      expect((await at.owed(at.author)) - author).to.equal(BOND + FREEZE_BOND)
      expect((await at.owed(at.alice)) - alice).to.equal(phase === PHASE.filed ? 0n : BOND)
      expect(await at.earned(workId)).to.equal(5000n)
    }
  })

  it('may cost nothing', async () => {
    const at = await deployClaims()
    for (const currency of [ZeroAddress, at.currency]) {
      const { claim, workId } = await at.filed()
      await at.settle(claim, await at.settlementOf(claim, { amount: 0n, currency }))
      expect(await at.earned(workId)).to.equal(0n)
      expect((await at.record(claim)).outcome).to.equal(OUTCOME.settled)
    }
  })

  it('counts until its last second', async () => {
    const at = await deployClaims()
    const { claim } = await at.filed()
    const settlement = await at.settlementOf(claim)
    await at.at(settlement.deadline + 1n)
    await refused(at, at.settle(claim, settlement), 'TooLate')
    const again = await at.settlementOf(claim)
    await at.at(again.deadline)
    await at.settle(claim, again)
  })

  it('is the claimant’s word on this claim, this chain and this contract', async () => {
    const at = await deployClaims()
    const { claim } = await at.filed()
    const other = await at.filed()
    const settlement = await at.settlementOf(claim)
    await refused(at, at.settle(claim, settlement, { signature: await at.signSettlement(settlement, at.alice) }), 'SignatureInvalid')
    const good = await at.signSettlement(settlement)
    await refused(at, at.settle(claim, settlement, { signature: mirrored(good) }), 'SignatureInvalid')
    await refused(at, at.settle(claim, { ...settlement, amount: 1n }, { signature: good }), 'SignatureInvalid')
    for (const given of [{ chainId: 1n }, { verifyingContract: at.market }, { name: 'Colophon LicenseAgreements' }]) {
      const signature = await at.author.signTypedData({ ...at.domainOfClaims, ...given }, SETTLEMENT_TYPES, settlement)
      await refused(at, at.settle(claim, settlement, { signature }), 'SignatureInvalid')
    }
    await refused(at, at.settle(other.claim, settlement, { signature: good }), 'SettlementMismatch')
    await at.settle(claim, settlement, { signature: good })
    await refused(at, at.settle(claim, settlement, { signature: good }), 'WrongPhase')
  })

  it('is the respondent’s, and after a ruling nobody’s', async () => {
    const at = await deployClaims()
    const { claim } = await at.disputed()
    const settlement = await at.settlementOf(claim, { deadline: (await at.now()) + 90n * DAY })
    await refused(at, at.settle(claim, settlement, { by: at.bob }), 'NotRespondent')
    const disputeId = await at.disputeIdOf(claim)
    await at.deliberate(disputeId, 2n)
    await at.passAppeal(disputeId)
    await refused(at, at.settle(claim, settlement), 'WrongPhase')
    const nothing = at.claimOf(1n)
    await refused(at, at.settle(nothing, await at.settlementOf(nothing)), 'WrongPhase')
  })

  it('wants the money exactly, and of tokens all of it', async () => {
    const at = await deployClaims()
    const { claim } = await at.filed()
    const coins = await at.settlementOf(claim)
    for (const value of [0n, coins.amount - 1n, coins.amount + 1n]) await refused(at, at.settle(claim, coins, { value }), 'ValueWrong')
    const tokens = await at.settlementOf(claim, { currency: at.currency })
    await refused(at, at.settle(claim, tokens, { value: 1n }), 'ValueWrong')
    await at.by(at.alice).coin.approve(at.claimsAddress, tokens.amount)
    await at.coin.charge(100n, 0n)
    await expect(at.settle(claim, tokens)).to.revert(at.ethers)
    await at.coin.charge(0n, 0n)
    const other = await at.settlementOf(claim, { currency: await (await at.ethers.deployContract('PlainToken')).getAddress() })
    await expect(at.settle(claim, other)).to.revert(at.ethers)
    expect((await at.record(claim)).phase).to.equal(PHASE.filed)
    await at.settle(claim, tokens)
  })

  it('wants a license of the offer that it names, in force and the caller’s', async () => {
    const at = await deployClaims()
    const { licenseId } = await at.agree()
    const { claim } = await at.filed()
    const offerId = `0x${((licenseId >> 64n) << 64n).toString(16).padStart(64, '0')}`
    const settlement = await at.settlementOf(claim, { offerId })
    await refused(at, at.settle(claim, settlement), 'SettlementMismatch')
    await refused(at, at.settle(claim, { ...settlement, offerId: random() }, { licenseId }), 'SettlementMismatch')
    const none = await at.settlementOf(claim)
    await refused(at, at.settle(claim, none, { licenseId }), 'SettlementMismatch')
    await at.by(at.alice).licenses.transferFrom(at.alice.address, at.bob.address, licenseId)
    await refused(at, at.settle(claim, settlement, { licenseId }), 'LicenseInsufficient')
    await at.by(at.bob).licenses.transferFrom(at.bob.address, at.alice.address, licenseId)
    await at.settle(claim, settlement, { licenseId })
  })

  it('takes a license that is over for none', async () => {
    const at = await deployClaims()
    const { licenseId, agreement } = await at.agree()
    await at.reach((await at.agreements.booksOf(agreement)).breachAt)
    const { claim } = await at.filed()
    const offerId = `0x${((licenseId >> 64n) << 64n).toString(16).padStart(64, '0')}`
    await refused(at, at.settle(claim, await at.settlementOf(claim, { offerId }), { licenseId }), 'LicenseInsufficient')
  })
})
