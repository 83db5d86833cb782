import type { SignedOrder } from '@colophon/sdk'
import { expect } from 'chai'
import fc from 'fast-check'
import { isEvidenceUri } from '../src/claims/evidenceUri.ts'
import { type KeptVote, newSalt, parseVote } from '../src/claims/votes.ts'
import { orderToText, textToOrder } from '../src/exchange/orders.ts'
import { calendarOf } from '../src/licenses/calendar.ts'
import { asRead, emptyDraft, percent, readDraft } from '../src/licenses/draft.ts'
import { formatAmount, parseAmount } from '../src/money/money.ts'
import { ticks } from '../src/plots/scale.ts'
import { grantId, oneOfEach } from '../src/rights/grants.ts'
import { equalShares, percentOf, shareIn, WHOLE } from '../src/rights/shares.ts'
import { policyOf } from '../src/terms/odrl.ts'

const NOW = new Date('2026-11-21T12:00:00Z')
const WORK = `0x${'ab'.repeat(32)}` as const

describe('dApp: parts of trading', () => {
  it('reads every amount that it writes, to the last digit', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 30n }), fc.constantFrom(0, 6, 18), (amount, decimals) => {
        const [text] = formatAmount(amount, { currency: 'native', symbol: 'X', decimals }).split(' ')
        expect(parseAmount(text!, decimals)).to.equal(amount)
      }),
      { numRuns: 300 },
    )
  })

  it('shares the whole equally among any number, to the last part', () => {
    for (let count = 1; count <= 32; count++) {
      const parts = equalShares(count).map((text) => shareIn(text)!)
      expect(parts.reduce((sum, part) => sum + part, 0)).to.equal(WHOLE)
      expect(Math.max(...parts) - Math.min(...parts)).to.be.at.most(1)
    }
    fc.assert(fc.property(fc.integer({ min: 1, max: WHOLE }), (parts) => shareIn(percentOf(parts)) === parts))
    for (const text of ['', '0', '0.0000', '100.0001', '101', '1.00001', '-1', '1e1', '0x1', '.5', '1.'])
      expect(shareIn(text), text).to.equal(undefined)
  })

  it('registers each parent by one agreement alone, the one that was chosen last', () => {
    const [first, second] = ['a', 'b'].map((digit) => `0x${digit.repeat(64)}` as const) as [`0x${string}`, `0x${string}`]
    const [byHolder, byLicense] = ['1', '2'].map((digit) => grantId({ parent: first, grantor: `0x${digit.repeat(40)}` })) as [
      string,
      string,
    ]
    const other = grantId({ parent: second, grantor: `0x${'2'.repeat(40)}` })
    expect(new Set([byHolder, byLicense, other]).size).to.equal(3)
    expect(oneOfEach([])).to.deep.equal([])
    expect(oneOfEach([byHolder, other])).to.have.members([byHolder, other])
    expect(oneOfEach([byHolder, other, byLicense])).to.have.members([byLicense, other])
    expect(oneOfEach([byLicense, byHolder])).to.deep.equal([byHolder])
  })

  it('takes no amount that could mean another', () => {
    for (const text of ['', ' ', '-1', '1,5', '1e3', '0x10', '.5', '1.', 'NaN', '１', '1.0000001'])
      expect(parseAmount(text, 6), text).to.equal(undefined)
    expect(parseAmount(' 1.000001 ', 6)).to.equal(1_000_001n)
  })

  it('reads a draft of an offer, and names each thing that is wrong', () => {
    const good = { ...emptyDraft(NOW), workId: WORK }
    expect(readDraft(good, 18, NOW).faults.size).to.equal(0)
    const wrong = {
      workId: { workId: '' as const },
      rights: { rights: ['commercial', 'sublicense'] as const },
      territories: { everywhere: false },
      channels: { anyMedium: false },
      time: { time: '0' },
      resale: { transferable: true, resale: '101' },
      derivative: { rights: ['adapt'] as const, derivative: '1.234' },
      price: { price: '0,5' },
      supply: { supply: '16777216' },
      closing: { closing: '2026-11-20' },
    }
    for (const [name, change] of Object.entries(wrong))
      expect([...readDraft({ ...good, ...change }, 18, NOW).faults], name).to.deep.equal([name])
  })

  it('takes a percentage with two decimals at most, up to a hundred', () => {
    expect(['0', '7.5', '99.99', '100'].map(percent)).to.deep.equal([0, 7.5, 99.99, 100])
    expect(['100.01', '1.234', '-1', '', '1e1'].map(percent)).to.deep.equal([undefined, undefined, undefined, undefined, undefined])
  })

  it('writes a policy in which nothing is allowed that the offer does not allow', () => {
    const { terms } = readDraft(
      { ...emptyDraft(NOW), workId: WORK, rights: ['display', 'trainAi'], everywhere: false, territories: ['oceania'] },
      18,
      NOW,
    )
    const policy = policyOf({ ...asRead(terms), workId: WORK, price: 5n, currency: 'native', supply: 3, closesAt: NOW }, 1) as {
      permission: { action: string; constraint: { leftOperand: string }[]; duty: { constraint: { rightOperand: string }[] }[] }[]
    }
    expect(policy.permission.map(({ action }) => action)).to.deep.equal(['odrl:display', 'urn:colophon:trainAi'])
    for (const { constraint, duty } of policy.permission) {
      expect(constraint.map(({ leftOperand }) => leftOperand)).to.deep.equal(['odrl:spatial', 'odrl:elapsedTime', 'odrl:purpose'])
      expect(duty[0]!.constraint[0]!.rightOperand).to.equal('5')
    }
  })

  it('writes a calendar of lines of 75 octets at most, with alarms, and nothing that breaks out of its field', () => {
    const title = `许可到期：六点的港口; a, b \\ ${'长'.repeat(60)}\nEND:VEVENT`
    const calendar = calendarOf([{ id: '0x1', title, ends: new Date('2027-02-19T18:55:39Z'), about: 'x' }], NOW)
    const lines = calendar.split('\r\n')
    for (const line of lines) expect(new TextEncoder().encode(line).length).to.be.at.most(75)
    const unfolded = calendar.replaceAll('\r\n ', '').split('\r\n')
    expect(unfolded).to.include('DTSTART:20270219T185539Z')
    expect(unfolded.filter((line) => line === 'END:VEVENT').length).to.equal(1)
    expect(unfolded.filter((line) => line.startsWith('TRIGGER:'))).to.deep.equal(['TRIGGER:-P30D', 'TRIGGER:-P7D', 'TRIGGER:-P1D'])
    expect(unfolded.find((line) => line.startsWith('SUMMARY:'))).to.include('\\; a\\, b \\\\ ')
  })

  it('puts an order into an address and takes it out again, whatever its text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (seller) => {
        const order = { type: 'colophon-order', value: { seller } } as SignedOrder
        const text = orderToText(order)
        expect(text).to.match(/^[A-Za-z0-9_-]*$/)
        expect(JSON.parse(textToOrder(text))).to.deep.equal(order)
      }),
      { numRuns: 100 },
    )
  })

  it('reads the secret of a vote that it wrote, and nothing else', () => {
    const vote: KeptVote = {
      type: 'colophon-vote',
      version: 1,
      chainId: 31_337,
      panel: '0xp',
      disputeId: '1',
      round: 0,
      arbitrator: '0xa',
      choice: 2,
      salt: newSalt(),
    }
    expect(parseVote(JSON.stringify(vote))).to.deep.equal(vote)
    expect(newSalt()).to.not.equal(newSalt())
    for (const change of [{ salt: '0x11' }, { choice: -1 }, { type: 'vote' }, { disputeId: 'x' }, { round: 0.5 }])
      expect(parseVote(JSON.stringify({ ...vote, ...change })), JSON.stringify(change)).to.equal(undefined)
    for (const text of ['', 'null', '[]', '{']) expect(parseVote(text)).to.equal(undefined)
  })

  it('takes as evidence what can be fetched, or nothing', () => {
    for (const good of ['', ' ', 'https://example.org/a', 'http://x', '/ipfs/bafy', 'ipfs://bafy'])
      expect(isEvidenceUri(good), good).to.equal(true)
    for (const bad of ['javascript:alert(1)', 'data:text/html,x', 'file:///etc', 'https://', 'a b', 'https://a b'])
      expect(isEvidenceUri(bad), bad).to.equal(false)
  })

  it('puts round numbers on an axis, from zero to no less than the most', () => {
    expect(ticks(0.2)).to.deep.equal([0, 0.05, 0.1, 0.15, 0.2])
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 1e12, noNaN: true }), (most) => {
        const levels = ticks(most)
        expect(levels[0]).to.equal(0)
        expect(levels.at(-1)! >= most * (1 - 1e-6)).to.equal(true)
        expect(levels.length).to.be.within(2, 6)
      }),
      { numRuns: 300 },
    )
    expect(ticks(0)).to.deep.equal([0, 1])
  })
})
