import { type SpawnSyncReturns, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { verifyCertificate } from '../../sdk/src/certificate/index.ts'
import { decodeDocument } from '../../sdk/src/document/index.ts'
import { parseReceipt } from '../../sdk/src/index.ts'
import { openBlockStore } from '../../sdk/src/storage/index.ts'

const root = join(import.meta.dirname, '..', '..')

function demo(out: string): SpawnSyncReturns<string> {
  // Hardhat hands its own options down to child processes; the demo has a chain of its own.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('HARDHAT_')))
  return spawnSync(process.execPath, ['scripts/demo/demo.ts', '--out', out], { cwd: root, encoding: 'utf8', env })
}

describe('demo', () => {
  const folder = mkdtempSync(join(tmpdir(), 'colophon-demo-'))
  after(() => rmSync(folder, { recursive: true, force: true }))

  it('goes from file to verified deposit, ends by itself and leaves what it says', async function () {
    this.timeout(180_000)
    const out = join(folder, 'output')
    const { status, stdout, stderr } = demo(out)
    expect(status, stdout + stderr).to.equal(0)

    const summary = JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8'))
    expect(Object.values(summary.verifications as Record<string, { verdict: string }>).map(({ verdict }) => verdict)).to.deep.equal(
      Array(5).fill('verified'),
    )
    expect(summary.refusal.verdict).to.equal('refuted')
    expect(
      summary.refusal.checks.filter(({ status }: { status: string }) => status === 'failed').map(({ name }: { name: string }) => name),
    ).to.include('sha256')

    const kinds = ['photograph', 'essay', 'drawing', 'lifted'].map(
      (name) => parseReceipt(readFileSync(join(out, 'receipts', `${name}.receipt.json`), 'utf8')).kind,
    )
    expect(kinds).to.deep.equal(['direct', 'signed', 'unsealed', 'lifted'])
    expect(readdirSync(join(out, 'batch', 'receipts'))).to.have.length(1000)

    const store = await openBlockStore(join(out, 'store'))
    const { document } = parseReceipt(readFileSync(join(out, 'receipts', 'photograph.receipt.json'), 'utf8'))
    expect(decodeDocument(await store.get(document!)).document.title).to.equal('Coffee')
    await store.close()
    const { checks } = await verifyCertificate(new Uint8Array(readFileSync(join(out, 'certificate.pdf'))))
    expect(checks.slice(0, 2).map(({ name, status }) => `${name} ${status}`)).to.deep.equal(['certificate ok', 'preview ok'])
  })

  it('never empties a folder that is not its own', () => {
    const out = join(folder, 'precious')
    mkdirSync(out)
    writeFileSync(join(out, 'novel.txt'), 'the only copy')
    const { status, stderr } = demo(out)
    expect(status).to.equal(2)
    expect(stderr).to.include('was not made by the demo')
    expect(existsSync(join(out, 'novel.txt'))).to.equal(true)
  })
})
