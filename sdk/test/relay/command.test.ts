import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { Wallet } from 'ethers'
import { createColophon } from '../../src/client/index.ts'
import { idOf } from '../../src/deposits/work.ts'
import { createRelayClient } from '../../src/relay/index.ts'
import { startChain, type TestChain } from '../chain.ts'
import { type Ran, run, start } from '../cli/command.ts'
import { newWork } from '../deposits/works.ts'
import { expectError } from '../expectError.ts'
import { ESSAY } from '../fingerprint/media.ts'

describe('relay: the command', function () {
  // Each test runs some processes one after the other.
  this.timeout(120_000)
  let chain: TestChain
  let cwd: string
  let children: ReturnType<typeof start>[]
  before(async () => {
    chain = await startChain()
  })
  after(() => chain.stop())
  beforeEach(() => {
    cwd = mkdtempSync(join(tmpdir(), 'colophon-relayed-'))
    children = []
  })
  afterEach(async () => {
    for (const { child, ended } of children) {
      child.kill('SIGKILL')
      await ended
    }
    rmSync(cwd, { recursive: true, force: true })
  })

  const env = (): Record<string, string> => ({ COLOPHON_RPC_URL: chain.url, COLOPHON_CREATOR: 'Ada' })
  const colophon = (...args: string[]): Promise<Ran> => run(args, { cwd, env: env() })
  const sent = (): Promise<number> => chain.provider.getTransactionCount(chain.accounts[9]!.address)

  /** Starts `colophon relay` as a process and waits until it says where it listens. */
  async function relay(...args: string[]): Promise<{ url: string; unfinished: number; kill(signal: NodeJS.Signals): Promise<Ran> }> {
    const started = start(['relay', '--account', '9', '--port', '0', '--quota', 'none=500', '--json', ...args], { cwd, env: env() })
    children.push(started)
    let out = ''
    await new Promise<void>((resolve, reject) => {
      started.child.stdout!.on('data', (chunk: Buffer) => {
        out += chunk.toString()
        if (out.trimEnd().endsWith('}')) resolve()
      })
      void started.ended.then(({ err }) => reject(new Error(err + out)))
    })
    const { url, unfinished } = JSON.parse(out)
    return {
      url,
      unfinished,
      async kill(signal) {
        started.child.kill(signal)
        return await started.ended
      },
    }
  }

  it('pays for a file, and for a request that was signed before', async () => {
    copyFileSync(ESSAY, join(cwd, 'essay.md'))
    const { url, kill } = await relay('--batch-seconds', '0')
    const poor = Wallet.createRandom()
    const own = { cwd, env: { ...env(), COLOPHON_PRIVATE_KEY: poor.privateKey } }
    const deposited = await run(['deposit', 'essay.md', '--relay', url], own)
    expect(deposited.code, deposited.err).to.equal(0)
    expect(deposited.out).to.include('who has paid nothing').and.to.include(poor.address)
    expect((await colophon('verify', 'essay.md.receipt.json', '--file', 'essay.md')).code).to.equal(0)

    const signed = await colophon('deposit', 'essay.md', '--sign-only', '--account', '2')
    expect(signed.code, signed.err).to.equal(0)
    const handed = await colophon('deposit', '--submit', 'essay.md.request.json', '--relay', url, '--out', 'two.json', '--json')
    expect(handed.code, handed.out + handed.err).to.equal(0)
    expect(handed.json()).to.include({ kind: 'signed', claimant: chain.accounts[2]!.address })
    expect(existsSync(join(cwd, 'two.json'))).to.equal(true)

    const twice = await colophon('deposit', 'essay.md', '--relay', url, '--sign-only', '--json')
    expect([twice.code, twice.json().error.code]).to.deep.equal([2, 'USAGE'])
    const ended = await kill('SIGINT')
    expect(ended.err).to.include('The relay has ended.')
    const gone = await colophon('deposit', 'essay.md', '--relay', url, '--force', '--json')
    expect([gone.code, gone.json().error.code]).to.deep.equal([3, 'RELAY_UNREACHABLE'])
  })

  it('killed while it accepts and sends, it loses nothing it accepted and sends nothing twice', async () => {
    const claimant = chain.accounts[3]!
    const { deposits } = createColophon({ signer: claimant, deployment: chain.deployment })
    const before = await sent()
    const accepted: Awaited<ReturnType<typeof deposits.sign>>[] = []
    const rounds = 3
    for (let round = 0; round < rounds; round++) {
      const { url, kill } = await relay('--batch-size', '7', '--batch-seconds', '0')
      const client = createRelayClient({ url, signer: claimant, deployment: chain.deployment, timeout: 5000 })
      const requests = await Promise.all(Array.from({ length: 20 }, () => deposits.sign(newWork())))
      let count = 0
      // Killed after so many were accepted, whatever it is doing then.
      const dead = new Promise<void>((resolve) => {
        for (const request of requests)
          client.submit(request).then(
            () => {
              accepted.push(request)
              if (++count === 3 + 5 * round) void kill('SIGKILL').then(() => resolve())
            },
            () => undefined,
          )
      })
      await dead
    }
    const { url, kill } = await relay('--batch-size', '50', '--batch-seconds', '0')
    const client = createRelayClient({ url, signer: claimant, deployment: chain.deployment })
    const receipts = await Promise.all(accepted.map((request) => client.receipt(request, { pollInterval: 100, timeout: 60_000 })))
    expect(accepted.length).to.be.at.least(3 + 8 + 13)
    expect(new Set(receipts.map(({ id }) => id)).size).to.equal(accepted.length)
    const journal = readFileSync(join(cwd, '.colophon', 'relay', 'journal.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    // Also those whose acceptance was on the disk and whose answer was lost are done, and nothing is left over.
    const taken = journal.filter(({ type }) => type === 'accepted').map(({ id }) => id as string)
    for (const id of taken) expect(await deposits.get(id), id).to.not.equal(undefined)
    await kill('SIGINT')
    // Each transaction of the account recorded something that no other did: none was sent twice.
    const nonces = await sent()
    const transactions = new Set((await Promise.all(taken.map((id) => deposits.get(id)))).map((found) => found!.record.transaction))
    expect(nonces - before).to.equal(transactions.size)
    expect(new Set(taken).size).to.equal(taken.length)
  })

  it('takes nothing on when the disk is full, and goes on when there is room again', async function () {
    if (process.platform === 'win32') this.skip()
    // Files of the process may have 8 blocks of 1,024 bytes: some requests, and then not one byte more.
    const main = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts')
    const args = ['relay', '--account', '9', '--port', '0', '--quota', 'none=500', '--json', '--batch-seconds', '3600']
    const limited = spawn('bash', ['-c', 'ulimit -f 8; exec "$@"', 'bash', process.execPath, main, ...args], {
      cwd,
      env: { ...process.env, ...env(), XDG_CONFIG_HOME: cwd },
      // Not into a file that the tests' own output goes to: it may have more blocks already.
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    limited.stderr.resume()
    let out = ''
    for await (const chunk of limited.stdout) {
      out += String(chunk)
      if (out.trimEnd().endsWith('}')) break
    }
    expect(out, `ended with ${limited.exitCode ?? limited.signalCode}`).to.match(/\}\s*$/)
    const claimant = chain.accounts[4]!
    const { deposits } = createColophon({ signer: claimant, deployment: chain.deployment })
    const client = createRelayClient({ url: JSON.parse(out).url, signer: claimant, deployment: chain.deployment })
    const accepted = []
    let refused = 0
    for (let index = 0; index < 14; index++) {
      const request = await deposits.sign(newWork())
      const answer = await fetch(`${JSON.parse(out).url}/v1/deposits`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(request),
      })
      if (answer.status === 202) accepted.push(request)
      else {
        expect(answer.status).to.equal(503)
        expect(((await answer.json()) as { error: { code: string } }).error.code).to.equal('OUTPUT_UNWRITABLE')
        refused++
      }
    }
    expect(accepted.length).to.be.greaterThan(2)
    expect(refused).to.be.greaterThan(2)
    for (const { claimant, work } of accepted) expect((await client.status(idOf(claimant, work))).state).to.equal('queued')
    limited.kill('SIGKILL')
    await once(limited, 'exit')
    const { url, unfinished } = await relay('--batch-seconds', '0')
    expect(unfinished).to.equal(accepted.length)
    const after = createRelayClient({ url, signer: claimant, deployment: chain.deployment })
    await Promise.all(accepted.map((request) => after.receipt(request, { pollInterval: 100, timeout: 30_000 })))
  })

  it('refuses quotas and fees that are none', async () => {
    for (const args of [
      ['--quota', 'nobody=1'],
      ['--max-fee', '0'],
      ['--mode', 'maybe'],
    ]) {
      const { code, json } = await colophon('relay', ...args, '--json')
      expect([code, json().error.code], args.join(' ')).to.deep.equal([2, 'USAGE'])
    }
  })

  it('does not start on a port that is taken, and leaves its folder free', async () => {
    const { url } = await relay()
    const port = new URL(url).port
    const second = await colophon('relay', '--folder', 'other', '--port', port, '--account', '8', '--json')
    expect([second.code, second.json().error.code], second.err).to.deep.equal([3, 'PORT_TAKEN'])
    const busy = await colophon('relay', '--port', '0', '--account', '8', '--json')
    expect([busy.code, busy.json().error.code]).to.deep.equal([3, 'RELAY_BUSY'])
    await expectError('RELAY_ELSEWHERE', () =>
      createRelayClient({
        url,
        provider: chain.provider,
        deployment: { ...chain.deployment, contracts: { CopyrightRegistry: chain.deployment.contracts.Authority! } },
      }).info(),
    )
  })
})
