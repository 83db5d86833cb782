import { expect } from 'chai'
import { type Contract, parseEther, ZeroAddress } from 'ethers'
import { LicenseToken__factory } from '../../src/contracts/index.ts'
import { type Colophon, createColophon } from '../../src/index.ts'
import { createLicenses, type OfferTerms, parseOffer, readOffer } from '../../src/licenses/index.ts'
import { startChain, type TestChain } from '../chain.ts'
import { newWork } from '../deposits/works.ts'
import { expectError } from '../expectError.ts'
import { startToken } from '../tokens.ts'

const CID = 'bafkreifzjut3te7nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e'

describe('licenses', () => {
  let chain: TestChain
  let token: Contract
  let ada: Colophon
  let bob: Colophon
  before(async () => {
    chain = await startChain()
    token = await startToken(chain)
    ada = createColophon({ signer: chain.accounts[1]! })
    bob = createColophon({ signer: chain.accounts[2]! })
  })
  after(() => chain.stop())

  const address = (index: number): string => chain.accounts[index]!.address
  const deposit = async (): Promise<`0x${string}`> => (await ada.deposits.create(newWork())).id
  const sent = (index: number): Promise<number> => chain.provider.getTransactionCount(address(index))
  const terms = async (more: Partial<OfferTerms> = {}): Promise<OfferTerms> => ({
    workId: await deposit(),
    price: parseEther('0.01'),
    rights: ['display', 'commercial'],
    duration: { years: 1 },
    ...more,
  })
  const onChain = () => LicenseToken__factory.connect(chain.deployment.contracts.LicenseToken!.address, chain.provider)
  const web = { territory: 'westernEurope', channel: 'web' } as const

  describe('offers', () => {
    it('are signed for nothing, JSON as they are, with the id that the contract computes', async () => {
      const closesAt = new Date('2033-05-18T03:33:20Z')
      const given = await terms({
        territories: ['westernEurope', 'northernAmerica'],
        channels: ['web', 'books'],
        supply: 25,
        closesAt,
        renewable: true,
        transferable: true,
        resalePercent: 2.5,
        commissionPercent: 8.5,
        platform: address(3),
        document: CID,
      })
      const before = await sent(1)
      const offer = await ada.licenses.sign(given)
      expect(await sent(1)).to.equal(before)
      expect(offer).to.include({ type: 'colophon-offer', version: 1, chainId: 31_337, contract: await onChain().getAddress() })
      expect(offer.id).to.equal(await onChain().offerIdOf(offer.value))
      await onChain().checkOffer(offer.value, offer.signature)
      const again = parseOffer(JSON.stringify(offer))
      expect(again).to.deep.equal(offer)
      expect(readOffer(again)).to.deep.equal({
        id: offer.id,
        workId: given.workId,
        seller: address(1),
        price: parseEther('0.01'),
        currency: 'native',
        rights: ['display', 'commercial'],
        territories: ['westernEurope', 'northernAmerica'],
        channels: ['web', 'books'],
        duration: 31_556_952,
        supply: 25,
        closesAt,
        exclusive: false,
        transferable: true,
        renewable: true,
        resalePercent: 2.5,
        derivativePercent: 0,
        commissionPercent: 8.5,
        platform: address(3),
        document: '0xb94d27b993ed3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9',
      })
      expect(await bob.licenses.check(again)).to.deep.equal({ ok: true })
    })

    it('cannot be changed, mistaken or misused', async () => {
      const offer = await ada.licenses.sign(await terms())
      const change = (more: object): object => ({ ...offer, ...more })
      const cases: [string, unknown][] = [
        ['id', change({ value: { ...offer.value, price: '1' } })],
        ['price', change({ value: { ...offer.value, price: 1 } })],
        ['price', change({ value: { ...offer.value, price: '01' } })],
        ['exclusive', change({ value: { ...offer.value, exclusive: 'no' } })],
        ['duration', change({ value: { ...offer.value, duration: 2 ** 40 } })],
        ['workId', change({ value: { ...offer.value, workId: '5' } })],
        ['seller', change({ value: { ...offer.value, seller: 5 } })],
        ['type', change({ type: 'colophon-order' })],
        ['type', change({ version: 2 })],
        ['chainId', change({ chainId: 'one' })],
        ['signature', change({ signature: 'signed' })],
        ['Offer', change({ value: null })],
      ]
      for (const [field, input] of cases)
        expect((await expectError('INVALID_SIGNED', () => parseOffer(input as object))).details.field, JSON.stringify(input)).to.equal(
          field,
        )
      await expectError('INVALID_SIGNED', () => parseOffer('{'))
      await expectError('INVALID_SIGNED', () => parseOffer('null'))
      await expectError('SIGNATURE_ELSEWHERE', () => bob.licenses.acquire({ offer: change({ chainId: 1 }) as typeof offer }))
      await expectError('SIGNATURE_ELSEWHERE', () => bob.licenses.acquire({ offer: change({ contract: address(5) }) as typeof offer }))
      await expectError('SIGNATURE_INVALID', () => bob.licenses.acquire({ offer: change({ signature: '0x12' }) as typeof offer }))
      const elsewhere = await bob.licenses.check(change({ chainId: 1 }) as typeof offer)
      expect(elsewhere.ok ? '' : elsewhere.error.code).to.equal('SIGNATURE_ELSEWHERE')
    })

    it('are refused by field before a wallet is asked', async () => {
      const good = await terms()
      const cases: [string, object][] = [
        ['workId', { workId: '0x1' }],
        ['price', { price: 0.01 }],
        ['price', { price: -1n }],
        ['supply', { supply: 2 ** 24 }],
        ['supply', { supply: 1.5 }],
        ['closesAt', { closesAt: new Date(Number.NaN) }],
        ['commissionPercent', { commissionPercent: 101 }],
        ['document', { document: 'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi' }],
      ]
      for (const [field, more] of cases)
        expect((await expectError('INVALID_INPUT', () => ada.licenses.sign({ ...good, ...more } as never))).details.field).to.equal(field)
      await expectError('SIGNATURE_EXPIRED', () => ada.licenses.sign({ ...good, closesAt: new Date(0) }))
      await expectError('NOT_RIGHTS_HOLDER', () => bob.licenses.sign(good))
      await expectError('DEPOSIT_NOT_FOUND', () => ada.licenses.sign({ ...good, workId: newWork().contentHash }))
      await expectError('INVALID_ADDRESS', () => ada.licenses.sign({ ...good, currency: 'EUR' }))
    })

    it('can be opened on the chain and cancelled', async () => {
      const given = await terms({ price: 0n })
      expect((await ada.licenses.open.simulate(given)).offerId).to.match(/^0x[0-9a-f]{64}$/)
      const { offer } = await ada.licenses.open(given)
      expect(offer.signature).to.equal('0x')
      expect(await bob.licenses.offerState(offer.id)).to.deep.equal({ sold: 0, opened: true, cancelled: false })
      const { licenseId } = await bob.licenses.acquire({ offer })
      expect((await bob.licenses.get(licenseId))!.owner).to.equal(address(2))
      await expectError('NOT_SELLER', () => bob.licenses.cancel(offer))
      expect((await ada.licenses.cancel(offer)).offerId).to.equal(offer.id)
      expect(await bob.licenses.offerState(offer.id)).to.deep.equal({ sold: 1, opened: true, cancelled: true })
      const checked = await bob.licenses.check(offer)
      expect(checked.ok ? '' : checked.error.code).to.equal('OFFER_DEAD')
    })
  })

  describe('sales', () => {
    it('in coins: simulated, estimated, populated, bought, active', async () => {
      const offer = await ada.licenses.sign(await terms({ territories: ['westernEurope'], channels: ['web'] }))
      const price = parseEther('0.01')
      const { licenseId: expected } = await bob.licenses.acquire.simulate({ offer })
      expect(Number(await bob.licenses.acquire.estimate({ offer }))).to.be.within(100_000, 260_000)
      const request = await bob.licenses.acquire.populate({ offer })
      expect(request).to.include({ value: price, from: address(2), to: await onChain().getAddress() })
      expect(request).not.to.have.property('approval')
      const bought = await bob.licenses.acquire({ offer })
      expect(bought.paid).to.deep.equal({ amount: price, currency: 'native' })
      expect(bought.owner).to.equal(address(2))
      expect(bought.until!.getTime() - bought.at.getTime()).to.equal(31_556_952_000)
      // The id holds the second of the sale; all but that was foretold.
      expect(bought.licenseId.slice(0, 50)).to.equal(expected.slice(0, 50))
      const record = (await bob.licenses.get(bought.licenseId))!
      expect(record).to.deep.include({
        workId: offer.value.workId,
        until: bought.until,
        start: bought.at,
        inForce: true,
        underAgreement: false,
      })
      expect(await bob.licenses.isActive(bought.licenseId, web)).to.equal(true)
      expect(await bob.licenses.isActive(BigInt(bought.licenseId), web)).to.equal(true)
      expect(await bob.licenses.isActive(bought.licenseId, { ...web, channel: 'cinema' })).to.equal(false)
      expect(await bob.licenses.isActive(bought.licenseId, { ...web, territory: 'oceania' })).to.equal(false)
      await expectError('OFFER_DEAD', () => bob.licenses.acquire({ offer }))
      expect((await ada.revenue.balances(address(1))).totals).to.deep.include({ amount: price, currency: 'native' })
    })

    it('in tokens: approves exactly the price, and nothing if the sale would fail', async () => {
      const currency = (await token.getAddress()) as string
      const offer = await ada.licenses.sign(await terms({ price: 1_000n, currency, supply: 3 }))
      const splitter = chain.deployment.contracts.RevenueSplitter!.address
      const allowance = (): Promise<bigint> => token.getFunction('allowance').staticCall(address(2), splitter)
      expect((await expectError('BALANCE_TOO_LOW', () => bob.licenses.acquire({ offer }))).details.needed).to.equal('1000')
      await (await token.getFunction('mint').send(address(2), 5_000n)).wait()
      const missing = await expectError('ALLOWANCE_MISSING', () => bob.licenses.acquire.simulate({ offer }))
      expect(missing.details).to.include({ spender: splitter, token: currency, needed: '1000', allowance: '0' })
      await expectError('ALLOWANCE_MISSING', () => bob.licenses.acquire({ offer }, { approve: false }))
      const broken = { ...offer, signature: `0x${'11'.repeat(65)}` as const }
      const before = await sent(2)
      await expectError('SIGNATURE_INVALID', () => bob.licenses.acquire({ offer: broken }))
      expect(await sent(2)).to.equal(before)

      const request = await bob.licenses.acquire.populate({ offer })
      expect(request.value).to.equal(0n)
      expect(request.approval!.to).to.equal(currency)
      const stages: string[] = []
      const bought = await bob.licenses.acquire({ offer }, { onProgress: ({ stage }) => stages.push(stage) })
      expect(stages).to.deep.equal(['simulate', 'approve', 'send', 'confirm', 'confirm'])
      expect(bought.paid).to.deep.equal({ amount: 1_000n, currency })
      expect(await allowance()).to.equal(0n)
      expect(await token.getFunction('balanceOf').staticCall(address(2))).to.equal(4_000n)

      // With the approval sent by hand, as a multisig would, the write sends one transaction only.
      const { approval } = await bob.licenses.acquire.populate({ offer })
      await (await chain.accounts[2]!.sendTransaction(approval!)).wait()
      expect((await bob.licenses.acquire.simulate({ offer })).licenseId).to.match(/^0x/)
      const then = await sent(2)
      await bob.licenses.acquire({ offer }, { approve: false })
      expect(await sent(2)).to.equal(then + 1)
    })

    it('give a platform its commission and somebody else the license', async () => {
      const offer = await ada.licenses.sign(await terms({ price: 1_000_000n, commissionPercent: 10 }))
      await expectError('COMMISSION_INVALID', () => bob.licenses.acquire({ offer, platform: address(4), commissionPercent: 10.0001 }))
      const { licenseId, owner } = await bob.licenses.acquire({ offer, platform: address(4), recipient: address(5) })
      expect(owner).to.equal(address(5))
      expect((await bob.licenses.get(licenseId))!.owner).to.equal(address(5))
      expect((await ada.revenue.balances(address(4))).credit).to.deep.equal([{ amount: 100_000n, currency: 'native' }])
    })

    it('keep exclusive licenses apart', async () => {
      const given = await terms({ exclusive: true, territories: ['oceania'], rights: ['display'] })
      const simple = { rights: ['display'], territories: ['oceania'] } as const
      expect(await bob.licenses.isAvailable(given.workId, simple)).to.equal(true)
      await bob.licenses.acquire({ offer: await ada.licenses.sign(given) })
      expect(await bob.licenses.isAvailable(given.workId, simple)).to.equal(false)
      expect(await bob.licenses.isAvailable(given.workId, { ...simple, territories: ['easternAsia'], exclusive: true })).to.equal(true)
      const { exclusive: _, ...other } = given
      const clash = await ada.licenses.sign(other)
      await expectError('LICENSE_OVERLAP', () => bob.licenses.acquire({ offer: clash }))
    })

    it('can be renewed, also after the end, and transferred', async () => {
      const offer = await ada.licenses.sign(
        await terms({ duration: { days: 30 }, renewable: true, transferable: true, closesAt: 4_102_444_799 }),
      )
      const bought = await bob.licenses.acquire({ offer })
      const input = { licenseId: bought.licenseId, offer }
      const foretold = await bob.licenses.renew.simulate(input)
      const renewed = await bob.licenses.renew(input)
      expect(renewed.until).to.deep.equal(foretold.until)
      expect(renewed.until.getTime()).to.equal(bought.until!.getTime() + 30 * 86_400_000)
      expect((await bob.licenses.transfer({ licenseId: bought.licenseId, to: address(6) })).to).to.equal(address(6))
      await chain.pass(70 * 86_400)
      expect((await bob.licenses.get(bought.licenseId))!.inForce).to.equal(false)
      const late = await bob.licenses.renew(input)
      expect(late.until.getTime()).to.equal(late.at.getTime() + 30 * 86_400_000)
      const other = await ada.licenses.sign(await terms({ renewable: true }))
      await expectError('NOT_RENEWABLE', () => bob.licenses.renew({ ...input, offer: other }))
    })

    it('are listed by holder and by work, from the events', async () => {
      const given = await terms({ supply: 3, transferable: true })
      const offer = await ada.licenses.sign(given)
      const first = await bob.licenses.acquire({ offer, recipient: address(7) })
      const second = await bob.licenses.acquire({ offer, recipient: address(7) })
      const third = await bob.licenses.acquire({ offer, recipient: address(8) })
      const reader = createLicenses({ provider: chain.connect() })
      expect((await reader.listByHolder(address(7))).map(({ licenseId }) => licenseId)).to.deep.equal([first.licenseId, second.licenseId])
      expect((await reader.listByWork(given.workId, { range: 3 })).map(({ licenseId }) => licenseId)).to.deep.equal(
        [first, second, third].map(({ licenseId }) => licenseId),
      )
      await createColophon({ signer: chain.accounts[7]! }).licenses.transfer({ licenseId: first.licenseId, to: address(8) })
      expect((await reader.listByHolder(address(7))).map(({ licenseId }) => licenseId)).to.deep.equal([second.licenseId])
      expect(await reader.get(newWork().contentHash)).to.equal(undefined)
      expect(await reader.isActive(newWork().contentHash, web)).to.equal(false)
    })

    it('die with the title', async () => {
      const given = await terms()
      const offer = await ada.licenses.sign(given)
      await ada.titles.withdrawOffers({ workId: given.workId })
      const checked = await bob.licenses.check(offer)
      expect(checked.ok ? '' : checked.error.code).to.equal('OFFER_DEAD')
      await ada.titles.mint({ workId: given.workId })
      await ada.titles.transfer({ workId: given.workId, to: address(2) })
      await expectError('NOT_RIGHTS_HOLDER', () => ada.licenses.sign(given))
      expect((await bob.licenses.sign(given)).value).to.include({ epoch: 2, platform: ZeroAddress })
    })
  })
})
