import { expect } from 'chai'
import { parseEther, ZeroAddress } from 'ethers'
import { runExample } from '../docs/runExample.ts'
import { random } from '../registry/fixture.ts'
import { deployLicensing, OFFER_TYPES } from './fixture.ts'

describe('docs/contracts/licensing.md', () => {
  it('tells a worked example that works', async () => {
    const { title, licenses, claimant, buyer, workId, domain } = await deployLicensing()
    const given = { title, licenses, claimant, buyer, workId, domain, document: random(), parseEther, ZeroAddress }
    expect(await runExample('docs/contracts/licensing.md', { ...given, OFFER_FIELDS: OFFER_TYPES.Offer })).to.equal(2)
  })
})
