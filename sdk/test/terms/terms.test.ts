import { expect } from 'chai'
import fc from 'fast-check'
import { CHANNELS, decodeUse, encodeUse, RIGHTS, TERRITORIES } from '../../src/terms/index.ts'
import { expectError } from '../expectError.ts'

describe('terms', () => {
  const anyUse = fc.record({
    rights: fc.subarray([...RIGHTS], { minLength: 1 }).filter((rights) => rights.some((right) => RIGHTS.indexOf(right) < 6)),
    territories: fc.oneof(fc.constant('world' as const), fc.subarray([...TERRITORIES], { minLength: 1, maxLength: 15 })),
    channels: fc.oneof(fc.constant('all' as const), fc.subarray([...CHANNELS], { minLength: 1, maxLength: 15 })),
    seconds: fc.integer({ min: 1, max: 2 ** 40 - 1 }),
    exclusive: fc.boolean(),
    transferable: fc.boolean(),
    resaleBps: fc.integer({ min: 0, max: 10_000 }),
  })

  it('reads what it wrote, whatever it was', () => {
    fc.assert(
      fc.property(anyUse, ({ seconds, resaleBps, ...rest }) => {
        const read = decodeUse(encodeUse({ ...rest, duration: { seconds }, resalePercent: resaleBps / 100 }))
        expect(read).to.deep.equal({ ...rest, duration: seconds, resalePercent: resaleBps / 100, derivativePercent: 0 })
      }),
    )
  })

  it('has the bits of the documentation', () => {
    expect(
      encodeUse({ rights: ['display', 'commercial'], territories: ['westernEurope'], channels: ['web', 'cinema'], duration: { days: 1 } }),
    ).to.deep.equal({
      rights: 0x44,
      territories: 0x100,
      channels: 0x41,
      duration: 86_400,
      exclusive: false,
      transferable: false,
      resaleBps: 0,
      derivativeBps: 0,
    })
    expect(encodeUse({ rights: ['adapt', 'trainAi', 'sublicense'], duration: 'forever', derivativePercent: 12.34 })).to.include({
      rights: 0xb0,
      territories: 0xffff,
      channels: 0xffff,
      duration: 0,
      derivativeBps: 1234,
    })
    expect([RIGHTS.length, TERRITORIES.length, CHANNELS.length]).to.deep.equal([8, 16, 16])
  })

  it('refuses what no contract takes, by field', async () => {
    const good = { rights: ['display'], duration: { years: 1 } }
    const cases: [string, object][] = [
      ['rights', { ...good, rights: [] }],
      ['rights', { ...good, rights: ['commercial'] }],
      ['rights', { ...good, rights: ['steal'] }],
      ['territories', { ...good, territories: ['mars'] }],
      ['territories', { ...good, territories: [] }],
      ['channels', { ...good, channels: 'web' }],
      ['duration', { ...good, duration: {} }],
      ['duration', { ...good, duration: { days: -1, years: 1 } }],
      ['duration', { ...good, duration: 12 }],
      ['duration', { ...good, duration: { years: 1e6 } }],
      ['resalePercent', { ...good, resalePercent: 0.001 }],
      ['derivativePercent', { ...good, derivativePercent: 5 }],
    ]
    for (const [field, terms] of cases)
      expect((await expectError('INVALID_INPUT', () => encodeUse(terms as never))).details.field, JSON.stringify(terms)).to.equal(field)
  })
})
