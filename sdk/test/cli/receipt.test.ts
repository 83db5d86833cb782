import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { createColophon } from '../../src/index.ts'
import { startChain, type TestChain } from '../chain.ts'
import { ESSAY } from '../fingerprint/media.ts'
import { mountSmallDisk } from '../storage/smallDisk.ts'
import { type Ran, run, start } from './command.ts'

describe('cli: what was paid for is not lost', () => {
  let chain: TestChain
  let cwd: string
  before(async () => {
    chain = await startChain()
    cwd = mkdtempSync(join(tmpdir(), 'colophon-receipts-'))
    copyFileSync(ESSAY, join(cwd, 'essay.md'))
  })
  after(async () => {
    await chain.stop()
    rmSync(cwd, { recursive: true, force: true })
  })

  const options = (): { cwd: string; env: Record<string, string> } => ({
    cwd,
    env: { COLOPHON_RPC_URL: chain.url, COLOPHON_CREATOR: 'Ada' },
  })
  const colophon = (...args: string[]): Promise<Ran> => run([...args, '--json'], options())
  const readJson = (file: string): Record<string, unknown> => JSON.parse(readFileSync(join(cwd, file), 'utf8'))

  /** Runs a command up to where its transaction waits for a block, does something to it, and mines the block. */
  async function interrupted(args: string[], what: (child: ReturnType<typeof start>['child']) => void): Promise<Ran> {
    await chain.provider.send('evm_setAutomine', [false])
    try {
      const { child, ended } = start([...args, '--json'], options())
      while ((await chain.provider.send('txpool_status', [])).pending === '0x0') {
        if (child.exitCode !== null) throw new Error((await ended).out)
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
      what(child)
      if (child.killed) await ended
      await chain.provider.send('evm_mine', [])
      return await ended
    } finally {
      await chain.provider.send('evm_setAutomine', [true])
    }
  }

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    it(`a deposit stopped by ${signal} after it was sent: its receipt comes by the transaction`, async () => {
      const stopped = await interrupted(['deposit', 'essay.md', '--title', signal, '--out', 'x.json'], (child) => child.kill(signal))
      expect(stopped.code, stopped.out).to.equal(130)
      const { code, hint, details } = stopped.json().error
      expect(code).to.equal('TRANSACTION_PENDING')
      expect(hint).to.include(`colophon receipt ${details.transactionHash}`)
      expect(existsSync(join(cwd, 'x.json'))).to.equal(false)
      const made = await colophon('receipt', details.transactionHash, '--out', `${signal}.json`)
      expect(made.code, made.out).to.equal(0)
      expect(made.json()).to.include({ kind: 'direct', claimant: chain.accounts[0]!.address })
      const verified = await run(['verify', `${signal}.json`, '--file', 'essay.md'], options())
      expect(verified.code, verified.out).to.equal(0)
    })

  it('a deposit killed after it was sent: the next try says how to get its receipt', async () => {
    const args = ['deposit', 'essay.md', '--title', 'Killed', '--out', 'k.json']
    expect((await interrupted(args, (child) => child.kill('SIGKILL'))).code).to.equal(null)
    const again = await colophon(...args)
    expect([again.code, again.json().error.code]).to.deep.equal([4, 'DEPOSIT_EXISTS'])
    const command = /colophon (receipt 0x[0-9a-f]{64})$/.exec(again.json().error.hint)![1]!.split(' ')
    const made = await colophon(...command)
    expect(made.code, made.out).to.equal(0)
    const { receipt, ...whole } = made.json()
    expect(receipt).to.equal(`${command[1]}.receipt.json`)
    expect(readJson(receipt)).to.deep.equal(whole)
    expect((await colophon(...command)).json().error.code).to.equal('OUTPUT_EXISTS')
    expect((await run([...command, '--force'], options())).out).to.include('made from what the chain has')
  })

  it('a receipt that cannot be written is in the error', async () => {
    const ended = await interrupted(['deposit', 'essay.md', '--title', 'Folder', '--out', 'f.json'], () => mkdirSync(join(cwd, 'f.json')))
    expect(ended.code).to.equal(3)
    const { code, hint, details } = ended.json().error
    expect(code).to.equal('OUTPUT_UNWRITABLE')
    expect(hint).to.include(`colophon receipt ${details.receipt.id}`)
    expect((await colophon('receipt', details.receipt.id, '--out', 'g.json')).code).to.equal(0)
    expect(readJson('g.json')).to.deep.equal(details.receipt)
  })

  it('a seal stopped after it was sent: the opening is there', async () => {
    const stopped = await interrupted(['seal', 'essay.md', '--title', 'Sealed'], (child) => child.kill('SIGINT'))
    expect([stopped.code, stopped.json().error.code]).to.deep.equal([130, 'TRANSACTION_PENDING'])
    expect(stopped.json().error.hint).to.include('essay.md.opening.json')
    const unsealed = await colophon('unseal', 'essay.md.opening.json', '--out', 'unsealed.json')
    expect(unsealed.code, unsealed.out).to.equal(0)
    expect((await colophon('receipt', unsealed.json().record.transaction, '--out', 'u.json')).json().kind).to.equal('unsealed')
  })

  it('sees that there is no room, or no place, before anything is paid', async function () {
    const before = await chain.accounts[0]!.getNonce('latest')
    for (const out of ['essay.md/x.json', '.'])
      expect((await colophon('deposit', 'essay.md', '--title', 'x', '--out', out, '--force')).json().error.code).to.equal(
        'OUTPUT_UNWRITABLE',
      )
    const disk = mountSmallDisk(4096)
    if (disk === undefined) return this.skip()
    try {
      const out = join(disk.path, 'r.json')
      for (const command of ['deposit', 'seal']) {
        const refused = await colophon(command, 'essay.md', '--title', 'x', '--out', out)
        expect([refused.code, refused.json().error.code]).to.deep.equal([3, 'OUTPUT_UNWRITABLE'])
      }
      expect((await colophon('deposit', 'essay.md', '--title', 'x', '--store', join(disk.path, 's'))).json().error.code).to.equal(
        'STORAGE_FULL',
      )
      const ill = await run(['doctor', '--store', join(disk.path, 's')], options())
      expect([ill.code, ill.out]).to.satisfy(([code, out]: [number, string]) => code === 1 && out.includes('✗  block store'))
    } finally {
      disk.unmount()
    }
    expect(await chain.accounts[0]!.getNonce('latest')).to.equal(before)
  })

  it('knows what is no deposit, and names the deposits of a transaction with several', async () => {
    expect((await colophon('receipt', '0x12')).json().error.code).to.equal('USAGE')
    const unknown = await colophon('receipt', `0x${'12'.repeat(32)}`)
    expect([unknown.code, unknown.json().error.code]).to.deep.equal([4, 'DEPOSIT_NOT_FOUND'])
    const other = await (await chain.accounts[1]!.sendTransaction({ to: chain.accounts[2]!.address, value: 1n })).wait()
    expect((await colophon('receipt', other!.hash)).json().error.message).to.include('made no deposit')
    const { deposits } = createColophon({ signer: chain.accounts[1]!, deployment: chain.deployment })
    const { receipts } = await deposits.createMany([1, 2].map((digit) => ({ contentHash: `0x${String(digit).repeat(64)}` as const })))
    const several = await colophon('receipt', receipts[0]!.record!.transaction)
    expect(several.json().error.details.ids).to.deep.equal(receipts.map(({ id }) => id))
  })
})
