import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { startChain, type TestChain } from '../chain.ts'
import { type Ran, run } from '../cli/command.ts'
import { PHOTO } from '../fingerprint/media.ts'

describe('cli: receipts with a proof', function () {
  this.timeout(60_000)
  let cwd: string
  let chain: TestChain
  const colophon = (...args: string[]): Promise<Ran> => run(args, { cwd, env: { COLOPHON_RPC_URL: chain.url } })
  before(async () => {
    chain = await startChain()
    cwd = mkdtempSync(join(tmpdir(), 'colophon-proof-'))
    copyFileSync(PHOTO, join(cwd, 'photo.jpg'))
  })
  after(async () => {
    await chain.stop()
    rmSync(cwd, { recursive: true, force: true })
  })

  it('adds one to a receipt, which then needs one block hash and no RPC', async () => {
    await colophon('deposit', 'photo.jpg', '--creator', 'Ada')
    const proven = await colophon('receipt', 'photo.jpg.receipt.json', '--proof')
    expect(proven.code, proven.err).to.equal(0)
    const hash = /proven by block \d+, (0x[0-9a-f]{64})/.exec(proven.out)![1]!
    // Nothing listens there: whoever asks the RPC fails.
    const offline = await colophon('verify', 'photo.jpg', '--rpc', 'http://127.0.0.1:1', '--block-hash', hash)
    expect(offline.code, offline.out + offline.err).to.equal(0)
    expect(offline.out).to.include('✓ state-proof').and.include('✓ record')
    const wrong = await colophon('verify', 'photo.jpg', '--block-hash', `0x${'1'.repeat(64)}`)
    expect([wrong.code, wrong.out.includes('✗ state-proof')]).to.deep.equal([1, true])
  })
})
