import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { createColophon, idOf } from '../../src/index.ts'
import { parseOffer, readOffer } from '../../src/licenses/index.ts'
import { startChain, type TestChain } from '../chain.ts'
import { newWork } from '../deposits/works.ts'
import { startToken } from '../tokens.ts'
import { type Ran, run } from './command.ts'

describe('cli: titles, licenses and revenue', () => {
  let chain: TestChain
  let cwd: string
  let workId: string
  before(async () => {
    chain = await startChain()
    cwd = mkdtempSync(join(tmpdir(), 'colophon-market-'))
    const work = newWork()
    await createColophon({ signer: chain.accounts[1]! }).deposits.create(work)
    workId = idOf(chain.accounts[1]!.address, work)
  })
  after(async () => {
    await chain.stop()
    rmSync(cwd, { recursive: true, force: true })
  })

  const address = (index: number): string => chain.accounts[index]!.address
  const as = (account: number, ...args: string[]): Promise<Ran> =>
    run([...args, '--account', String(account)], { cwd, env: { COLOPHON_RPC_URL: chain.url } })

  it('title: minted and shown', async () => {
    const [before, planned] = await Promise.all([
      as(1, 'title', 'show', workId),
      as(1, 'title', 'mint', workId, '--royalty', '5', '--dry-run', '--json'),
    ])
    expect(before.out).to.match(/not minted/)
    expect(planned.json()).to.include({ dryRun: true, work: workId })
    const minted = await as(1, 'title', 'mint', workId, '--royalty', '5')
    expect(minted.code, minted.err).to.equal(0)
    expect(minted.out).to.include('Minted.').and.to.include('5 %')
    const [shown, again, unknown, much] = await Promise.all([
      as(2, 'title', 'show', workId, '--json'),
      as(1, 'title', 'mint', workId, '--json'),
      as(1, 'title', 'show', newWork().contentHash),
      as(1, 'title', 'mint', workId, '--royalty', 'much'),
    ])
    expect(shown.json()).to.include({ workId, rightsHolder: address(1), minted: true, royaltyPercent: 5 })
    expect([again.code, again.json().error.code]).to.deep.equal([4, 'TOKEN_EXISTS'])
    expect(unknown.err).to.include('DEPOSIT_NOT_FOUND')
    expect(much.code).to.equal(2)
  })

  it('license: offered, bought, listed, renewed', async () => {
    const offered = await as(
      1,
      ...['license', 'offer', workId, '--price', '0.05', '--right', 'display,commercial', '--duration', '1y', '--renewable'],
      ...['--territory', 'westernEurope', '--channel', 'web', '--supply', '3', '--closes', '2090-01-01', '--out', 'offer.json'],
    )
    expect(offered.code, offered.err).to.equal(0)
    expect(offered.out).to.include('0.05 ETH').and.to.include('display, commercial').and.to.include('westernEurope')
    const offer = readOffer(parseOffer(readFileSync(join(cwd, 'offer.json'), 'utf8')))
    expect(offer).to.deep.include({ workId, price: 50_000_000_000_000_000n, supply: 3, renewable: true, closesAt: new Date('2090-01-01') })
    const twice = await as(1, 'license', 'offer', workId, '--price', '0', '--right', 'display', '--duration', '1d', '--out', 'offer.json')
    expect(twice.err).to.include('OUTPUT_EXISTS')

    const bought = await as(2, 'license', 'buy', 'offer.json', '--json')
    expect(bought.code, bought.out).to.equal(0)
    const { licenseId, paid } = bought.json()
    expect(paid).to.deep.equal({ amount: '50000000000000000', currency: 'native' })
    const [listed, none, ofWork] = await Promise.all([
      as(2, 'license', 'list'),
      as(5, 'license', 'list'),
      as(5, 'license', 'list', '--work', workId, '--json'),
    ])
    expect(listed.out).to.include(licenseId)
    expect(none.out.trim()).to.equal('No license.')
    expect(ofWork.json().licenses[0]).to.include({ licenseId, inForce: true })
    const renewed = await as(2, 'license', 'renew', licenseId, 'offer.json')
    expect(renewed.out, renewed.err).to.include('Renewed.').and.to.include('0.05 ETH')

    writeFileSync(join(cwd, 'changed.json'), readFileSync(join(cwd, 'offer.json'), 'utf8').replace('"50000000000000000"', '"5"'))
    const changed = await as(2, 'license', 'buy', 'changed.json')
    expect([changed.code, changed.err.includes('INVALID_SIGNED')]).to.deep.equal([2, true])
  })

  it('license: sold for tokens, approved exactly', async () => {
    const token = await startToken(chain)
    const currency = await token.getAddress()
    await (await token.getFunction('mint').send(address(3), 10n ** 20n)).wait()
    await as(
      1,
      ...['license', 'offer', workId, '--price', '2.5', '--currency', currency, '--right', 'perform'],
      '--duration',
      'forever',
      '--out',
      'tokens.json',
    )
    const planned = await as(3, 'license', 'buy', 'tokens.json', '--dry-run', '--json')
    expect(planned.json()).to.include({ approval: '2500000000000000000' })
    const bought = await as(3, 'license', 'buy', 'tokens.json')
    expect(bought.out, bought.err).to.include('2.5 PLN').and.to.include('no end')
    const { due } = (await as(1, 'revenue', 'balances', '--currency', currency, '--json')).json()
    expect(due).to.have.length(1)
    expect(due[0]).to.include({ amount: '2500000000000000000', currency })
  })

  it('revenue: split, paid, claimed', async () => {
    expect((await as(1, 'revenue', 'split', workId)).out).to.include('No split is set')
    const set = await as(1, 'revenue', 'split', workId, `${address(1)}=62.5`, `${address(4)}=37.5`)
    expect(set.out, set.err).to.include('37.5 %')
    const [noPayee, half, paid, much] = await Promise.all([
      as(1, 'revenue', 'split', workId, address(1)),
      as(1, 'revenue', 'split', workId, `${address(1)}=50`, '--json'),
      as(2, 'revenue', 'pay', workId, '0.008'),
      as(3, 'revenue', 'pay', workId, 'a lot'),
    ])
    expect(noPayee.err).to.include('USAGE')
    expect(half.json().error.code).to.equal('INVALID_SPLIT')
    expect(paid.out, paid.err).to.include('0.008 ETH')
    expect(much.err).to.include('USAGE')
    expect((await as(4, 'revenue', 'balances')).out).to.include('0.003 ETH')
    const claimed = await as(4, 'revenue', 'claim', workId)
    expect(claimed.out, claimed.err).to.include('Claimed 0.003 ETH.')
    const [empty, nothing] = await Promise.all([as(4, 'revenue', 'balances'), as(4, 'revenue', 'claim', '--json')])
    expect(empty.out).to.include('Nothing is due')
    expect([nothing.code, nothing.json().error.code]).to.deep.equal([4, 'NOTHING_DUE'])
    expect(existsSync(join(cwd, '.colophon'))).to.equal(false)
  })
})
