import { expect } from 'chai'
import fc from 'fast-check'
import { base64, base64url, fromBase64url } from '../../src/fingerprint/image/base64.ts'

describe('base64', () => {
  it('is what Node writes, and is read back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(base64(bytes)).to.equal(Buffer.from(bytes).toString('base64'))
        expect(base64url(bytes)).to.equal(Buffer.from(bytes).toString('base64url'))
        expect([...fromBase64url(base64url(bytes))!]).to.deep.equal([...bytes])
      }),
    )
  })

  it('of another kind is not read', () => {
    for (const text of ['A', 'AAAAA', 'AA==', 'A+', 'A/', 'A A', 'Aé', 'A\u{1d49c}', 'AA\n'])
      expect(fromBase64url(text), text).to.equal(undefined)
    fc.assert(
      fc.property(fc.string({ maxLength: 8 }), (text) => {
        expect(fromBase64url(text) !== undefined).to.equal(/^[\w-]*$/.test(text) && text.length % 4 !== 1)
      }),
    )
  })
})
