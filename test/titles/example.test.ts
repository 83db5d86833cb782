import { expect } from 'chai'
import { runExample } from '../docs/runExample.ts'
import { deployLicensing } from '../licensing/fixture.ts'

describe('docs/contracts/titles.md', () => {
  it('tells a worked example that works', async () => {
    const { title, licenses, claimant, buyer, workId } = await deployLicensing()
    expect(await runExample('docs/contracts/titles.md', { contracts: { title, licenses }, claimant, buyer, workId })).to.equal(5)
  })
})
