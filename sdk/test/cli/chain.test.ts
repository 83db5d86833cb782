import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { type Colophon, createColophon } from '../../src/index.ts'
import { startChain, type TestChain } from '../chain.ts'
import { newWork } from '../deposits/works.ts'
import { admit, ROLE } from '../roles.ts'
import { type Ran, run, start } from './command.ts'

describe('cli: agreements, alliance, panel, events, the index of a chain', () => {
  let chain: TestChain
  let cwd: string
  let ada: Colophon
  before(async () => {
    chain = await startChain()
    cwd = mkdtempSync(join(tmpdir(), 'colophon-chain-'))
    ada = createColophon({ signer: chain.accounts[1]! })
    await admit(chain, [
      { account: address(1), roles: ROLE.owner },
      ...[3, 4, 5].map((index) => ({ account: address(index), roles: ROLE.arbitrator })),
    ])
    await chain.pass(2)
  })
  after(async () => {
    await chain.stop()
    rmSync(cwd, { recursive: true, force: true })
  })

  const address = (index: number): string => chain.accounts[index]!.address
  const now = async (): Promise<number> => (await chain.provider.getBlock('latest'))!.timestamp
  const as = (account: number, ...args: string[]): Promise<Ran> =>
    run([...args, '--account', String(account)], { cwd, env: { COLOPHON_RPC_URL: chain.url } })

  it('agreement: proposed, activated, and ended by both', async () => {
    const { id: workId } = await ada.deposits.create(newWork())
    const starts = new Date(((await now()) + 86_400) * 1000).toISOString()
    const proposed = await as(
      1,
      ...['agreement', 'propose', workId, '--licensee', address(2), '--starts', starts, '--right', 'display,perform', '--duration', '1y'],
      ...['--periods', '2', '--period-days', '90', '--instalment', '0.1', '--deposit', '0.05', '--out', 'agreement.json'],
    )
    expect(proposed.out, proposed.err).to.include('2 of 90 days').and.to.include('0.1 ETH').and.to.include('agreement.json')
    const activated = await as(2, 'agreement', 'activate', 'agreement.json')
    expect(activated.out, activated.err).to.include('in force').and.to.include('0.05 ETH')
    const consent = await as(2, 'agreement', 'consent', 'agreement.json', '--out', 'consent.json')
    expect(consent.code, consent.err).to.equal(0)
    const ended = await as(1, 'agreement', 'end', 'agreement.json', 'consent.json')
    expect(ended.out, ended.err).to.include('has ended')
  })

  it('alliance: proposed, seen, and voted on without coins', async () => {
    const proposed = await as(1, 'alliance', 'propose', '--description', 'Admit Eve', '--admit', `${address(8)}=verifier,owner`, '--json')
    expect(proposed.code, proposed.out).to.equal(0)
    const { id } = proposed.json()
    expect((await as(2, 'alliance', 'proposals')).out)
      .to.include(id)
      .and.to.include('pending')
      .and.to.include('Admit Eve')
    const { votesFrom } = await ada.alliance.proposal(BigInt(id))
    await chain.pass(Math.ceil(votesFrom.getTime() / 1000) - (await now()) + 1)
    const signed = await as(1, 'alliance', 'vote', id, 'for', '--sign-only', '--out', 'ballot.json')
    expect(signed.out, signed.err).to.include('ballot.json')
    const submitted = await as(2, 'alliance', 'submit', 'ballot.json')
    expect(submitted.out, submitted.err).to.include(address(1))
    expect((await as(2, 'alliance', 'show', id)).out)
      .to.include('1 for, 0 against')
      .and.to.include('Admit Eve')
    expect((await as(2, 'alliance', 'members')).out)
      .to.include(address(3))
      .and.to.include('arbitrator')
    expect((await as(1, 'alliance', 'propose', '--description', 'Nothing')).err).to.include('USAGE')
    expect((await as(1, 'alliance', 'vote', id, 'perhaps')).err).to.include('USAGE')
  })

  it('panel: enlisted, seen, and voted in secret', async () => {
    const enlisted = await as(3, 'panel', 'enlist')
    expect(enlisted.out, enlisted.err).to.include('can be drawn')
    for (const index of [4, 5]) await createColophon({ signer: chain.accounts[index]! }).panel.enlist({})
    const bob = createColophon({ signer: chain.accounts[2]! })
    const { id: workId } = await ada.deposits.create(newWork())
    const { claim } = await ada.claims.file({ workId, respondent: address(2), evidence: `0x${'cd'.repeat(32)}` })
    await bob.claims.respond({ claim, evidence: 'ipfs://bob-says' })
    await ada.claims.escalate({ claim })
    const dispute = (await ada.claims.status(claim)).disputeId!
    await chain.provider.send('anvil_mine', ['0x8'])
    const drawn = await as(1, 'panel', 'draw', String(dispute))
    expect(drawn.out, drawn.err).to.include('committing')
    const { seats } = await ada.panel.dispute(dispute)
    const seated = chain.accounts.findIndex((account) => account.address === seats[0]!.arbitrator)
    const voted = await as(seated, 'panel', 'vote', String(dispute), '1', '--out', 'vote.json')
    expect(voted.out, voted.err).to.include('colophon panel reveal vote.json')
    expect((await as(1, 'panel', 'show', String(dispute))).out).to.include('1 committed, 0 shown')
    writeFileSync(join(cwd, 'broken.json'), '{')
    expect((await as(seated, 'panel', 'reveal', 'broken.json')).err).to.include('INVALID_VOTE')
  })

  it('events: listed by value, and followed', async () => {
    const { id } = await ada.deposits.create(newWork())
    const listed = await as(1, 'events', 'CopyrightRegistry', 'Deposited', '--where', `id=${id}`, '--json')
    expect(listed.json().events.map(({ values }: { values: { id: string } }) => values.id)).to.deep.equal([id])
    const following = start(['events', 'CopyrightRegistry', 'Deposited', '--watch', '--from-block', '0', '--json'], {
      cwd,
      env: { COLOPHON_RPC_URL: chain.url },
    })
    await said(following.child, id)
    following.child.kill('SIGINT')
    const { code, out } = await following.ended
    expect(code).to.equal(0)
    expect(
      out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).kind),
    ).to.include('added')
  })

  it('index: read up to now, then served and followed', async () => {
    const synced = await as(1, 'index', 'sync', '--index', 'alike', '--json')
    expect(synced.code, synced.err).to.equal(0)
    expect(synced.json()).to.include({ chainId: 31_337, block: await chain.provider.getBlockNumber(), removed: 0 })
    expect(synced.json().works).to.be.greaterThan(2)
    const serving = start(['index', 'serve', '--port', '0', '--json'], { cwd, env: { COLOPHON_RPC_URL: chain.url } })
    const { url } = JSON.parse(await said(serving.child, '\n}')) as { url: string }
    const { id } = await ada.deposits.create(newWork())
    let found = 404
    for (let tries = 0; found === 404 && tries < 200; tries++) {
      found = (await fetch(`${url}/works/${id}`)).status
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    expect(found).to.equal(200)
    expect(((await (await fetch(`${url}/health`)).json()) as { status: string }).status).to.equal('ok')
    serving.child.kill('SIGINT')
    expect((await serving.ended).code).to.equal(0)
    const peer = await as(1, 'index', 'sync', '--database', 'postgres://127.0.0.1:1/none')
    expect(peer.code).to.equal(3)
    expect(peer.err).to.match(/DEPENDENCY_MISSING|DATABASE_UNREACHABLE/)
  })

  it('help: of commands below commands', async () => {
    const help = await run(['help', 'license', 'offer'], { cwd })
    expect(help.code).to.equal(0)
    expect(help.out).to.include('colophon license offer').and.to.include('trainAi').and.to.include('--price')
    const unknown = await run(['help', 'license', 'gift'], { cwd })
    expect([unknown.code, unknown.err]).to.satisfy(([code, err]: [number, string]) => code === 2 && err.includes('license gift'))
  })

  /** What a process has said, once that has this in it. */
  function said(child: ReturnType<typeof start>['child'], text: string): Promise<string> {
    let out = ''
    return new Promise((resolve, reject) => {
      child.stdout!.on('data', (chunk: Buffer) => {
        out += chunk.toString()
        if (out.includes(text)) resolve(out)
      })
      child.once('exit', (code) => reject(new Error(`it ended with ${code}: ${out}`)))
    })
  }
})
