import { expect } from 'chai'
import { PANEL, SEAT_FEE } from '../claims/fixture.ts'
import { DAY } from '../market/fixture.ts'
import { deployPanel } from './fixture.ts'

// The worked example of docs/contracts/panel.md.
describe('docs/contracts/panel.md', () => {
  it('is true', async () => {
    const at = await deployPanel()
    const disputeId = await at.open()
    await at.draw(disputeId)
    const [first, second, silent] = (await at.seated(disputeId)).map((each) => each!)
    await at.commit(disputeId, first!, 2n)
    await at.commit(disputeId, second!, 1n)
    await at.pass(5n * DAY + 1n)
    await at.panel.advance(disputeId)
    expect((await at.panel.standingOf(silent!.address)).enlisted).to.equal(false)

    await at.draw(disputeId)
    const [, , replacement] = (await at.seated(disputeId)).map((each) => each!)
    expect(replacement).not.to.equal(silent)
    await at.commit(disputeId, replacement!, 2n)
    await at.reveal(disputeId, first!, 2n)
    await at.reveal(disputeId, second!, 1n)
    await at.reveal(disputeId, replacement!, 2n)
    expect((await at.dispute(disputeId)).phase).to.equal(PANEL.decided)
    expect(await at.panel.currentRuling(disputeId)).to.equal(2n)

    await at.pass(3n * DAY + 1n)
    await at.panel.execute(disputeId)
    expect(await at.arbitrable.lastRuling()).to.equal(2n)
    for (const who of [first!, second!, replacement!]) expect(await at.creditOf(who)).to.equal(SEAT_FEE)
    expect(await at.creditOf(silent!)).to.equal(0n)
  })
})
