import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { toBeHex } from 'ethers'
import { createColophon, type Hex } from '../../src/index.ts'
import { startChain, type TestChain } from '../chain.ts'
import { newWork } from '../deposits/works.ts'
import { admit, ROLE } from '../roles.ts'
import { type Ran, run } from './command.ts'

const EVIDENCE = `0x${'e1'.repeat(32)}`

describe('cli: claims and identity', () => {
  let chain: TestChain
  let cwd: string
  before(async () => {
    chain = await startChain()
    cwd = mkdtempSync(join(tmpdir(), 'colophon-claims-'))
    await admit(chain, [{ account: address(1), roles: ROLE.verifier }])
  })
  after(async () => {
    await chain.stop()
    rmSync(cwd, { recursive: true, force: true })
  })

  const address = (index: number): string => chain.accounts[index]!.address
  const as = (account: number, ...args: string[]): Promise<Ran> =>
    run([...args, '--account', String(account)], { cwd, env: { COLOPHON_RPC_URL: chain.url } })

  it('claim: filed with a distance, answered, settled, shown', async () => {
    const work = newWork()
    const ada = createColophon({ signer: chain.accounts[1]! })
    const { id: workId } = await ada.deposits.create(work)
    const copy = toBeHex(BigInt(work.fingerprint) ^ 0xffn, 32) as Hex
    const filed = await as(1, ...['claim', 'file', workId, '--respondent', address(2), '--evidence', EVIDENCE, '--code', copy, '--json'])
    expect(filed.code, filed.out).to.equal(0)
    const { id, distance } = filed.json()
    expect(distance).to.equal(8)
    const answered = await as(2, 'claim', 'respond', id, '--evidence', 'ipfs://no')
    expect(answered.out, answered.err).to.include('Answered.').and.to.include(id)
    const offered = await as(1, ...['claim', 'settle', id, '--amount', '0.02', '--covers', '2020-01-01', '--out', 'settlement.json'])
    expect(offered.out, offered.err).to.include('0.02 ETH')
    const taken = await as(2, 'claim', 'settle', 'settlement.json')
    expect(taken.out, taken.err).to.include('Settled.')
    const shown = await as(3, 'claim', 'show', id)
    expect(shown.out)
      .to.include('settled')
      .and.to.include('8 of 256 bits')
      .and.to.match(/ClaimFiled.*ClaimAnswered.*ClaimSettled/s)
    const unknown = await as(3, 'claim', 'show', EVIDENCE, '--json')
    expect(unknown.json().error.code).to.equal('CLAIM_NOT_FOUND')
  })

  it('identity: attested, also by a file, and shown', async () => {
    writeFileSync(join(cwd, 'ann.json'), '{"name":"Ann"}')
    const attested = await as(1, 'identity', 'attest', address(5), '--level', 'high', '--credential', 'ann.json', '--out', 'ann.salt.json')
    expect(attested.out, attested.err).to.include('high')
    const kept = JSON.parse(readFileSync(join(cwd, 'ann.salt.json'), 'utf8'))
    expect(attested.out).to.include(kept.claim)
    const shown = await as(0, 'identity', 'show', address(5), '--json')
    expect(shown.json()).to.include({ subject: address(5), level: 'high' })
    expect((await as(0, 'identity', 'show', address(5), '--at', '2020-01-01')).out).to.match(/verified at 2020\S+ +no/)

    const signed = await as(
      1,
      'identity',
      'attest',
      address(6),
      ...['--level', 'low', '--credential', 'ann.json'],
      '--sign-only',
      '--out',
      'six.json',
    )
    expect(signed.code, signed.err).to.equal(0)
    const sent = await as(6, 'identity', 'attest', 'six.json')
    expect(sent.out, sent.err).to.include(address(6)).and.to.include('low')
    const stranger = await as(7, 'identity', 'attest', address(6), '--level', 'low', '--credential', 'ann.json', '--json')
    expect([stranger.code, stranger.json().error.code]).to.deep.equal([4, 'NOT_VERIFIER'])
    expect((await as(1, 'identity', 'attest', address(6))).err).to.include('USAGE')
  })
})
