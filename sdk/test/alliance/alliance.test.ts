import { expect } from 'chai'
import type { TransactionRequest } from 'ethers'
import { type Alliance, createAlliance } from '../../src/alliance/index.ts'
import { Authority__factory } from '../../src/contracts/index.ts'
import { startChain, type TestChain } from '../chain.ts'
import { expectError } from '../expectError.ts'
import { admit, ROLE } from '../roles.ts'

const DAY = 86_400

describe('alliance', () => {
  let chain: TestChain
  let ann: Alliance
  let bob: Alliance
  let stranger: Alliance
  before(async () => {
    chain = await startChain()
    await admit(chain, [
      { account: address(1), roles: ROLE.owner | ROLE.agency },
      { account: address(2), roles: ROLE.arbitrator },
      { account: address(3), roles: ROLE.platform },
    ])
    // A vote counts from the second after the admission.
    await chain.pass(2)
    const { Authority, AllianceTimelock } = chain.deployment.contracts
    const authority = Authority__factory.connect(Authority!.address, chain.accounts[0]!)
    for (const role of [1n, 3n]) await (await authority.grantRole(role, AllianceTimelock!.address, 0)).wait()
    ann = createAlliance({ signer: chain.accounts[1]! })
    bob = createAlliance({ signer: chain.accounts[2]! })
    stranger = createAlliance({ signer: chain.accounts[6]! })
  })
  after(() => chain.stop())

  const address = (index: number): string => chain.accounts[index]!.address

  it('knows its members', async () => {
    const members = await stranger.members()
    expect(members.map(({ account, roles }) => ({ account, roles }))).to.have.deep.members([
      { account: address(1), roles: ['owner', 'agency'] },
      { account: address(2), roles: ['arbitrator'] },
      { account: address(3), roles: ['platform'] },
    ])
    expect(await stranger.member(address(1))).to.deep.equal(members.find(({ account }) => account === address(1)))
    expect(await stranger.member(address(6))).to.equal(undefined)
    expect([await ann.isMember(address(1), 'agency'), await ann.isMember(address(1), 'verifier')]).to.deep.equal([true, false])
    await expectError('INVALID_INPUT', () => ann.isMember(address(1), 'king' as never))
  })

  it('proposes, votes, queues and executes', async () => {
    const decisions = [
      { admit: address(5), roles: ['verifier', 'owner'] as const },
      { setRoles: address(3), roles: ['platform', 'agency'] as const },
    ]
    const input = { decisions, description: 'Admit Eve' }
    const { id: expected } = await ann.propose.simulate(input)
    await expectError('NOT_MEMBER', () => stranger.propose(input))
    const { id } = await ann.propose(input)
    expect(id).to.equal(expected)
    expect((await stranger.proposals()).map((each) => each.id)).to.deep.equal([id])
    const pending = await stranger.proposal(id)
    expect(pending).to.deep.include({ state: 'pending', proposer: address(1), description: 'Admit Eve', quorum: undefined })
    expect(pending.targets).to.have.length(2)
    await expectError('PROPOSAL_STATE', () => ann.vote({ proposal: id, support: 'for' }))

    await chain.pass(DAY + 1)
    expect(await ann.vote.simulate({ proposal: id, support: 'for' })).to.deep.equal({ weight: 1n })
    expect((await ann.vote({ proposal: id, support: 'for', reason: 'She is careful.' })).weight).to.equal(1n)
    await bob.vote({ proposal: id, support: 'for' })
    await expectError('VOTE_CAST', () => bob.vote({ proposal: id, support: 'against' }))
    await expectError('INVALID_INPUT', () => ann.vote({ proposal: id, support: 'maybe' as never }))
    const active = await stranger.proposal(id)
    expect(active).to.deep.include({ state: 'active', votes: { for: 2n, against: 0n, abstain: 0n } })
    expect(active.quorum! <= 2n).to.equal(true)
    await expectError('PROPOSAL_STATE', () => stranger.queue({ proposal: id }))

    await chain.pass(5 * DAY)
    const { executableAt } = await stranger.queue({ proposal: id })
    expect(await stranger.proposal(id)).to.deep.include({ state: 'queued', executableAt })
    await expectError('TIMELOCK_REFUSED', () => stranger.execute({ proposal: id }))
    await chain.pass(2 * DAY + 1)
    await stranger.execute({ proposal: id })
    expect((await stranger.proposal(id)).state).to.equal('executed')
    expect((await ann.member(address(5)))!.roles).to.deep.equal(['owner', 'verifier'])
    expect((await ann.member(address(3)))!.roles).to.deep.equal(['agency', 'platform'])
  })

  it('can take a proposal back, and be left', async () => {
    const { id } = await ann.propose({ decisions: [{ suspend: address(3) }], description: 'Suspend Cyd' })
    await ann.cancel({ proposal: id })
    expect((await ann.proposal(id)).state).to.equal('canceled')
    expect((await createAlliance({ signer: chain.accounts[3]! }).resign({})).account).to.equal(address(3))
    expect(await ann.member(address(3))).to.equal(undefined)
    expect((await ann.members()).map(({ account }) => account)).not.to.include(address(3))
    await expectError('PROPOSAL_NOT_FOUND', () => ann.proposal(5n))
    await expectError('INVALID_INPUT', () => ann.propose({ decisions: [], description: '' }))
    await expectError('INVALID_INPUT', () => ann.propose({ decisions: [{ crown: address(1) } as never], description: '' }))
    await expectError('INVALID_INPUT', () => ann.propose({ decisions: [{ admit: address(7), roles: [] }], description: '' }))
  })

  it('has gas enough for checkpoints of another second than that of the estimate', async () => {
    await admit(chain, [{ account: address(8), roles: ROLE.owner }])
    const { timestamp } = (await chain.provider.getBlock('latest'))!
    const next = (second: number): Promise<unknown> => chain.provider.send('evm_setNextBlockTimestamp', [second])
    await next(timestamp)
    const account = chain.accounts[8]!
    const later: typeof account = Object.create(account, {
      sendTransaction: {
        value: async (transaction: TransactionRequest) => {
          await next(timestamp + 1_000)
          return await account.sendTransaction(transaction)
        },
      },
    })
    expect((await createAlliance({ signer: later }).resign({})).account).to.equal(address(8))
  })
})
