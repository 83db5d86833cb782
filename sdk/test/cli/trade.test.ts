import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { createColophon } from '../../src/index.ts'
import { startChain, type TestChain } from '../chain.ts'
import { newWork } from '../deposits/works.ts'
import { type Ran, run } from './command.ts'

describe('cli: exchange and agreements', () => {
  let chain: TestChain
  let cwd: string
  before(async () => {
    chain = await startChain()
    cwd = mkdtempSync(join(tmpdir(), 'colophon-trade-'))
  })
  after(async () => {
    await chain.stop()
    rmSync(cwd, { recursive: true, force: true })
  })

  const address = (index: number): string => chain.accounts[index]!.address
  const as = (account: number, ...args: string[]): Promise<Ran> =>
    run([...args, '--account', String(account)], { cwd, env: { COLOPHON_RPC_URL: chain.url } })

  it('exchange: a title is sold and bought', async () => {
    const ada = createColophon({ signer: chain.accounts[1]! })
    const { id: workId } = await ada.deposits.create(newWork())
    await ada.titles.mint({ workId })
    const planned = await as(1, 'exchange', 'sell', workId, '--price', '1.5', '--dry-run', '--json')
    expect(planned.json()).to.include({ dryRun: true, title: workId })
    const sold = await as(1, 'exchange', 'sell', workId, '--price', '1.5', '--out', 'order.json')
    expect(sold.out, sold.err).to.include('1.5 ETH').and.to.include('order.json')
    const bought = await as(2, 'exchange', 'buy', 'order.json')
    expect(bought.out, bought.err).to.include('Bought.').and.to.include(workId)
    expect(await ada.titles.rightsHolderOf(workId)).to.equal(address(2))
    const again = await as(3, 'exchange', 'buy', 'order.json', '--json')
    expect([again.code, again.json().error.code]).to.deep.equal([4, 'ORDER_USED'])
    expect((await as(1, 'exchange', 'sell', workId, '--price', '1')).err).to.include('TOKEN_NOT_OWNED')
  })

  it('agreement: paid and reported as its status says', async () => {
    const ada = createColophon({ signer: chain.accounts[1]! })
    const { id: workId } = await ada.deposits.create(newWork())
    const startsAt = (await chain.provider.getBlock('latest'))!.timestamp + 3_600
    const agreement = await ada.agreements.propose({
      ...{ workId, licensor: address(1), licensee: address(2), startsAt, rights: ['display'], duration: { years: 1 } },
      ...{ periods: 2, periodDays: 90, instalment: 10n ** 17n, unitPrice: 10n ** 15n },
    })
    writeFileSync(join(cwd, 'agreement.json'), JSON.stringify(agreement))
    expect((await as(2, 'agreement', 'status', 'agreement.json')).out).to.include('not activated')
    await createColophon({ signer: chain.accounts[2]! }).agreements.activate(agreement)
    await chain.pass(3_600)
    const due = await as(2, 'agreement', 'status', 'agreement.json', '--json')
    expect(due.json()).to.deep.include({ state: 'due', owed: { amount: '100000000000000000', currency: 'native' } })
    const paid = await as(2, 'agreement', 'pay', 'agreement.json')
    expect(paid.out, paid.err).to.include('Paid 0.1 ETH.')
    await chain.pass(91 * 86_400)
    const reported = await as(2, 'agreement', 'report', 'agreement.json', '3')
    expect(reported.out, reported.err).to.include('3 units for period 1')
    const status = await as(1, 'agreement', 'status', 'agreement.json')
    expect(status.out).to.include('1 of 2 periods').and.to.include('0.1 ETH')
    expect((await as(2, 'agreement', 'report', 'agreement.json', 'many')).err).to.include('USAGE')
  })
})
