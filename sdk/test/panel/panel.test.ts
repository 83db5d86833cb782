import { expect } from 'chai'
import { ZeroAddress } from 'ethers'
import { type Colophon, createColophon } from '../../src/index.ts'
import type { PreparedVote } from '../../src/panel/index.ts'
import { startChain, type TestChain } from '../chain.ts'
import { newWork } from '../deposits/works.ts'
import { expectError } from '../expectError.ts'
import { admit, ROLE } from '../roles.ts'

const DAY = 86_400

describe('panel', () => {
  let chain: TestChain
  let clients: Colophon[]
  const address = (index: number): string => chain.accounts[index]!.address
  const ARBITRATORS = [3, 4, 5, 6]
  before(async () => {
    chain = await startChain()
    await admit(
      chain,
      ARBITRATORS.map((index) => ({ account: address(index), roles: ROLE.arbitrator })),
    )
    await chain.pass(2)
    clients = chain.accounts.map((signer) => createColophon({ signer }))
  })
  after(() => chain.stop())

  it('enlists members with the role, and lets them go', async () => {
    await expectError('NOT_ARBITRATOR', () => clients[1]!.panel.enlist({}))
    for (const index of ARBITRATORS) expect((await clients[index]!.panel.enlist({})).arbitrator).to.equal(address(index))
    await expectError('ARBITRATOR_ENLISTED', () => clients[3]!.panel.enlist({}))
    expect(await clients[1]!.panel.standing(address(3))).to.deep.equal({ enlisted: true, benchedUntil: undefined })
    await clients[6]!.panel.retire({})
    await expectError('ARBITRATOR_NOT_ENLISTED', () => clients[6]!.panel.retire({}))
    expect((await clients[1]!.panel.standing(address(6))).enlisted).to.equal(false)
  })

  it('draws by lot, votes in secret, rules and is paid', async function () {
    this.timeout(120_000)
    const [, ada, bob] = clients as [Colophon, Colophon, Colophon]
    const workId = (await ada.deposits.create(newWork())).id
    const { claim } = await ada.claims.file({ workId, respondent: address(2), evidence: `0x${'cd'.repeat(32)}` })
    await bob.claims.respond({ claim, evidence: 'ipfs://bob-says' })
    await ada.claims.escalate({ claim })
    const dispute = (await ada.claims.status(claim)).disputeId!
    const panel = ada.panel
    expect(await panel.dispute(dispute)).to.include({ phase: 'drawing', round: 0, ruling: 0, delivered: false, id: dispute })
    await expectError('DISPUTE_NOT_FOUND', () => panel.dispute(dispute + 1n))
    await expectError('INVALID_INPUT', () => panel.dispute(0 as never))
    await expectError('TOO_EARLY', () => panel.draw({ dispute }))

    async function drawn(): Promise<Awaited<ReturnType<typeof panel.dispute>>> {
      for (let found = await panel.dispute(dispute); ; found = await panel.dispute(dispute)) {
        if (found.phase !== 'drawing') return found
        await chain.provider.send('anvil_mine', ['0x8'])
        await panel.draw({ dispute })
      }
    }
    const first = await drawn()
    expect(first.phase).to.equal('committing')
    expect(
      first.seats.every(({ arbitrator, committed }) => ARBITRATORS.some((each) => address(each) === arbitrator) && !committed),
    ).to.equal(true)

    const seated = (seats: typeof first.seats): Colophon[] =>
      seats.map(({ arbitrator }) => clients[chain.accounts.findIndex((account) => account.address === arbitrator)]!)
    async function vote(choice: number): Promise<PreparedVote[]> {
      const { seats } = await panel.dispute(dispute)
      const votes: PreparedVote[] = []
      for (const each of seated(seats)) {
        const prepared = JSON.parse(JSON.stringify(await each.panel.prepareVote({ dispute, choice }))) as PreparedVote
        await each.panel.commit(prepared)
        votes.push(prepared)
      }
      expect((await panel.dispute(dispute)).phase).to.equal('revealing')
      for (const [index, each] of seated(seats).entries()) expect((await each.panel.reveal(votes[index]!)).choice).to.equal(choice)
      return votes
    }
    const [one] = seated(first.seats) as [Colophon]
    await expectError('INVALID_INPUT', () => one.panel.prepareVote({ dispute, choice: 99 }))
    await expectError('NOT_SEATED', async () => ada.panel.commit(await ada.panel.prepareVote({ dispute, choice: 1 })))
    const prepared = await one.panel.prepareVote({ dispute, choice: 1 })
    await expectError('INVALID_VOTE', () => ada.panel.commit(prepared))
    await expectError('INVALID_VOTE', () => one.panel.commit({ ...prepared, chainId: 1 }))
    await expectError('INVALID_VOTE', () => one.panel.commit({ ...prepared, panel: ZeroAddress }))
    await expectError('INVALID_VOTE', () => one.panel.commit({} as never))
    await expectError('DISPUTE_WRONG_PHASE', () => one.panel.reveal(prepared))
    await expectError('TOO_EARLY', () => panel.advance({ dispute }))
    await vote(2)
    expect(await panel.dispute(dispute)).to.include({ phase: 'decided', ruling: 2 })
    await expectError('TOO_EARLY', () => panel.execute({ dispute }))
    await chain.pass(4 * DAY)
    expect((await panel.execute.simulate({ dispute })).accepted).to.equal(true)
    expect(await panel.execute({ dispute })).to.include({ ruling: 2, accepted: true })
    expect(await panel.dispute(dispute)).to.include({ phase: 'solved', delivered: true })
    expect(await ada.claims.status(claim)).to.include({ phase: 'ruled', outcome: 'rejected' })

    const credit = await panel.creditOf(address(chain.accounts.findIndex((account) => account.address === first.seats[0]!.arbitrator)))
    expect(credit > 0n).to.equal(true)
    expect((await one.panel.withdraw.simulate({})).amount).to.equal(credit)
    expect((await one.panel.withdraw({ to: address(9) })).amount).to.equal(credit)
    await expectError('NOTHING_HELD', () => one.panel.withdraw({}))
  })

  it('goes on without who leaves his seat or is silent', async function () {
    this.timeout(120_000)
    const [, ada, bob] = clients as [Colophon, Colophon, Colophon]
    const workId = (await ada.deposits.create(newWork())).id
    const { claim } = await ada.claims.file({ workId, respondent: address(2), evidence: `0x${'ce'.repeat(32)}` })
    await bob.claims.respond({ claim, evidence: 'ipfs://bob-says' })
    await ada.claims.escalate({ claim })
    const dispute = (await ada.claims.status(claim)).disputeId!
    while ((await ada.panel.dispute(dispute)).phase === 'drawing') {
      await chain.provider.send('anvil_mine', ['0x8'])
      await ada.panel.draw({ dispute })
    }
    const { seats } = await ada.panel.dispute(dispute)
    const [first] = seats.map(({ arbitrator }) => clients[chain.accounts.findIndex((account) => account.address === arbitrator)]!) as [
      Colophon,
    ]
    await first.panel.recuse({ dispute })
    expect((await ada.panel.dispute(dispute)).seats[0]!.arbitrator).to.equal(undefined)
    await chain.pass(6 * DAY)
    await ada.panel.advance({ dispute })
    expect((await ada.panel.standing(seats[1]!.arbitrator!)).benchedUntil).to.be.instanceOf(Date)
  })
})
