import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import sharp from 'sharp'
import { startChain, type TestChain } from '../chain.ts'
import { ESSAY, PHOTO } from '../fingerprint/media.ts'
import { type Ran, run } from './command.ts'

describe('cli: look-alikes', () => {
  let chain: TestChain
  let cwd: string
  before(async () => {
    chain = await startChain()
    cwd = mkdtempSync(join(tmpdir(), 'colophon-cli-index-'))
    copyFileSync(PHOTO, join(cwd, 'photo.jpg'))
    copyFileSync(ESSAY, join(cwd, 'essay.md'))
    await sharp(PHOTO).resize(300).jpeg({ quality: 50 }).toFile(join(cwd, 'small.jpg'))
    writeFileSync(
      join(cwd, 'strange.txt'),
      'Nobody has ever written about the smell of wet slate in an empty railway station at half past four.',
    )
    const essay = readFileSync(ESSAY, 'utf8')
    writeFileSync(join(cwd, 'quoting.txt'), `Something else begins here. ${essay.slice(1000, 1600)} And ends with other words entirely.`)
  })
  after(async () => {
    await chain.stop()
    rmSync(cwd, { recursive: true, force: true })
  })

  const colophon = (...args: string[]): Promise<Ran> => run(args, { cwd, env: { COLOPHON_RPC_URL: chain.url, COLOPHON_CREATOR: 'Ada' } })
  const sent = (): Promise<number> => chain.provider.getTransactionCount(chain.accounts[0]!.address)

  it('finds a smaller copy and a quotation among the works of an index, and nothing where there is nothing', async () => {
    const added = await colophon('index', 'add', 'photo.jpg', 'essay.md', '--json')
    expect(added.code, added.err).to.equal(0)
    const [photo, essay] = added.json().added.map(({ id }: { id: string }) => id)
    const copies = await colophon('index', 'search', 'small.jpg', '--json')
    expect(copies.json().found).to.have.length(1)
    expect(copies.json().found[0]).to.include({ id: photo, verdict: 'copy' })
    const quoted = await colophon('index', 'search', 'quoting.txt', '--json')
    expect(quoted.json().found[0].id).to.equal(essay)
    // The threshold is for codes; keypoints have none.
    const strict = await colophon('index', 'search', 'small.jpg', '--threshold', '0', '--json')
    expect(strict.json().found[0]).to.include({ id: photo, verdict: 'similar' })
    expect(strict.json().found[0]).not.to.have.property('codes')
    const nothing = await colophon('index', 'search', 'strange.txt', '--json')
    expect(nothing.code).to.equal(1)
    expect(nothing.json().found).to.deep.equal([])
    const whole = await colophon('index', 'verify')
    expect(whole.out)
      .to.match(/works +2\n/)
      .and.include('whole')
  })

  it('says what is wrong', async () => {
    for (const [args, code, exit] of [
      [['index', 'search', 'photo.jpg', '--index', 'nowhere'], 'INDEX_NOT_FOUND', 2],
      [['index', 'search'], 'USAGE', 2],
      [['index', 'search', 'photo.jpg', 'small.jpg'], 'USAGE', 2],
      [['index', 'add', 'photo.jpg', 'small.jpg', '--id', 'x', '--index', 'new'], 'USAGE', 2],
      [['index', 'add', 'photo.jpg', '--index', 'photo.jpg'], 'INDEX_NOT_WRITABLE', 3],
      [['index', 'verify', 'photo.jpg'], 'USAGE', 2],
    ] as const) {
      const ran = await colophon(...args, '--json')
      expect(ran.json().error.code, ran.out).to.equal(code)
      expect(ran.code).to.equal(exit)
    }
  })

  it('shows look-alikes before anything is paid, and records them where the creator goes on', async () => {
    const first = await colophon('deposit', 'photo.jpg', '--index', 'deposits', '--json')
    expect(first.code, first.out + first.err).to.equal(0)
    const before = await sent()
    const refused = await colophon('deposit', 'small.jpg', '--index', 'deposits', '--yes', '--json')
    expect(refused.json().error.code, refused.out).to.equal('LOOK_ALIKES_FOUND')
    expect(refused.json().error.details.lookAlikes).to.have.length(1)
    expect(await sent()).to.equal(before)

    const gone = await colophon('deposit', 'small.jpg', '--index', 'deposits', '--despite-look-alikes', '--json')
    expect(gone.code, gone.out + gone.err).to.equal(0)
    expect(gone.err).to.include('1 look-alike in the index')
    const document = await documentOf(gone.json().document)
    expect(document.originality.lookAlikes).to.have.length(1)
    expect(document.originality.lookAlikes[0]).to.include({ deposit: first.json().id, verdict: 'copy' })
    expect((await documentOf(first.json().document)).originality.lookAlikes).to.deep.equal([])
    // Both are in the index now, under the ids of their deposits.
    const found = await colophon('index', 'search', 'small.jpg', '--index', 'deposits', '--json')
    expect(found.json().found.map(({ id }: { id: string }) => id)).to.deep.equal([gone.json().id, first.json().id])
  })

  // biome-ignore lint/suspicious/noExplicitAny: tests look at what they expect
  async function documentOf(cid: string): Promise<any> {
    const { openBlockStore } = await import('../../src/storage/index.ts')
    const store = await openBlockStore(join(cwd, '.colophon', 'store'))
    const parts: Uint8Array[] = []
    for await (const part of store.read(cid)) parts.push(part)
    await store.close()
    return JSON.parse(Buffer.concat(parts).toString('utf8'))
  }
})
