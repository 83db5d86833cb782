import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { sha256, toUtf8Bytes } from 'ethers'
import { openBatch } from '../../src/batch/index.ts'
import { checkCatalogue } from '../../src/cli/catalogue.ts'
import { receiptOfWork } from '../../src/cli/indexedBatch.ts'
import { decodeDocument } from '../../src/document/index.ts'
import { openSimilarityIndex } from '../../src/search/index.ts'
import { openBlockStore } from '../../src/storage/index.ts'
import { verify } from '../../src/verify/index.ts'
import { startChain, type TestChain } from '../chain.ts'
import { expectError } from '../expectError.ts'
import { PHOTO } from '../fingerprint/media.ts'
import { type Desk, deskOf, start } from './command.ts'

describe('cli: batch --indexed', () => {
  let chain: TestChain
  let cwd: string
  let { env, colophon, sent, fails } = {} as Desk
  before(async () => {
    chain = await startChain()
    cwd = mkdtempSync(join(tmpdir(), 'colophon-indexed-'))
    ;({ env, colophon, sent, fails } = deskOf(chain, cwd))
  })
  after(async () => {
    await chain.stop()
    rmSync(cwd, { recursive: true, force: true })
  })

  function catalogue(name: string, count: number, more: readonly object[] = []): string {
    const works = Array.from({ length: count }, (_, at) => ({
      key: `photo/${at}`,
      contentHash: sha256(toUtf8Bytes(`${name} ${at}`)),
      fingerprintType: 1,
    }))
    writeFileSync(join(cwd, name), `${[...works, ...more].map((work) => JSON.stringify(work)).join('\n')}\n`)
    return name
  }
  function letters(folder: string, count: number): string {
    mkdirSync(join(cwd, folder), { recursive: true })
    for (let at = 0; at < count; at++)
      writeFileSync(join(cwd, folder, `${at}.txt`), `Letter ${at} of the ${folder}: snow, ink and a river that nobody could cross.`)
    return folder
  }

  it('anchors a catalogue, says so again, and gives, proves and lifts each work by its key or number', async () => {
    const works = catalogue('works.jsonl', 500)
    const dry = await colophon('batch', works, '--indexed', '--dry-run', '--json')
    expect(dry.code, dry.out + dry.err).to.equal(0)
    expect(Number(dry.json().gas)).to.be.greaterThan(0)
    expect(existsSync(join(cwd, 'works.jsonl.colophon'))).to.equal(false)
    const before = await sent(0)
    const made = await colophon('batch', works, '--indexed')
    expect(made.code, made.out + made.err).to.equal(0)
    expect(made.out).to.include('Anchored 500 works with one transaction').and.include('colophon receipt KEY --batch works.jsonl.colophon')
    const again = await colophon('batch', works, '--indexed', '--json')
    expect(again.json()).to.include({ count: 500, alreadyDone: true })
    expect(again.json().anchor.root).to.equal(dry.json().root)
    expect(await sent(0)).to.equal(before + 1)

    const receipt = await colophon('receipt', 'photo/311', '--batch', 'works.jsonl.colophon', '--out', '311.json', '--json')
    expect(receipt.code, receipt.out + receipt.err).to.equal(0)
    expect(receipt.json().work.contentHash).to.equal(sha256(toUtf8Bytes('works.jsonl 311')))
    expect((await colophon('verify', '311.json')).code).to.equal(0)
    const byNumber = await colophon('receipt', '311', '--batch', 'works.jsonl.colophon', '--json')
    expect(JSON.parse(readFileSync(join(cwd, byNumber.json().receipt), 'utf8'))).to.deep.equal(
      JSON.parse(readFileSync(join(cwd, '311.json'), 'utf8')),
    )
    expect((await colophon('lift', '311.json', '--json')).json().kind).to.equal('lifted')
    const lifted = await colophon('batch', works, '--lift', 'photo/7', '--json')
    expect(lifted.code, lifted.out + lifted.err).to.equal(0)
    expect(lifted.json().kind).to.equal('lifted')
    expect((await colophon('verify', lifted.json().receipt)).code).to.equal(0)

    await fails('OUTPUT_EXISTS', 2, 'receipt', 'photo/311', '--batch', 'works.jsonl.colophon', '--out', '311.json')
    await fails('BATCH_NO_SUCH_WORK', 2, 'receipt', '500', '--batch', 'works.jsonl.colophon')
    await expectError('BATCH_NO_SUCH_WORK', () => receiptOfWork(join(cwd, 'works.jsonl.colophon'), 'photo/500'))
    await expectError('BATCH_NOT_FOUND', () => receiptOfWork(cwd, 'photo/1'))
    await fails('BATCH_OTHER', 2, 'batch', letters('other-form', 1), '--out', 'works.jsonl.colophon')
  })

  it('takes files that a catalogue names, each with its description', async () => {
    letters('named', 2)
    const described = { file: 'named/1.txt', description: { title: 'The second letter', creators: [{ name: 'Bo' }] } }
    catalogue('mixed.jsonl', 1, [
      { key: 'a', file: 'named/0.txt' },
      { key: 'b', ...described },
    ])
    const made = await colophon('batch', 'mixed.jsonl', '--indexed', '--json')
    expect(made.json(), made.out + made.err).to.include({ count: 3 })
    const batch = await openBatch(join(cwd, 'mixed.jsonl.colophon'))
    const store = await openBlockStore(join(cwd, '.colophon', 'store'))
    try {
      for (const [key, file, creator, title] of [
        ['a', '0.txt', 'Ada', '0'],
        ['b', '1.txt', 'Bo', 'The second letter'],
      ] as const) {
        const receipt = await batch.receipt((await batch.find(key))!.index)
        const { document } = decodeDocument(await store.get(receipt.document!))
        expect([document.title, document.creators[0]!.name]).to.deep.equal([title, creator])
        const verified = await verify(
          { receipt, file: join(cwd, 'named', file) },
          { provider: chain.provider, deployment: chain.deployment, storage: store },
        )
        expect(verified.verdict, JSON.stringify(verified.checks)).to.equal('verified')
      }
    } finally {
      await Promise.all([batch.close(), store.close()])
    }
    await fails('USAGE', 2, 'batch', 'named', '--no-documents')
  })

  it('names the line of a catalogue that is no work, before anything else is done', async () => {
    for (const [line, part] of [
      ['{', 'not JSON'],
      ['[]', 'no object'],
      ['{"contentHash":"0x12"}', 'no key'],
      ['{"key":"x","contentHash":"0x12"}', 'contentHash'],
      ['{"key":"x","contentHash":"0x12","titel":"x"}', 'titel'],
      ['{"key":"x","file":7}', 'no path'],
      ['{"key":"x","file":"a.txt","description":"x"}', 'description'],
    ] as const) {
      writeFileSync(join(cwd, 'bad.jsonl'), `{"key":"good","contentHash":"0x${'1'.repeat(64)}"}\n${line}\n`)
      const { message } = await expectError('CATALOGUE_INVALID', () => checkCatalogue(join(cwd, 'bad.jsonl'), new AbortController().signal))
      expect(message).to.include('Line 2').and.include(part)
    }
    await fails('CATALOGUE_INVALID', 2, 'batch', 'bad.jsonl', '--indexed')
    expect(existsSync(join(cwd, 'bad.jsonl.colophon'))).to.equal(false)
    await fails('FOLDER_NOT_FOUND', 2, 'batch', 'nowhere', '--indexed')
    await fails('USAGE', 2, 'batch', catalogue('facts.jsonl', 1), '--indexed', '--index', 'seen')
  })

  it('refuses files that look like works of the index, or deposits them nevertheless, and adds all to it', async () => {
    letters('first', 2)
    copyFileSync(PHOTO, join(cwd, 'first', 'photo.jpg'))
    const first = await colophon('batch', 'first', '--indexed', '--index', 'seen', '--json')
    expect(first.json(), first.out + first.err).to.include({ count: 3 })
    mkdirSync(join(cwd, 'second'))
    writeFileSync(
      join(cwd, 'second', 'own.txt'),
      'A recipe for black ink: oak galls, copperas, gum arabic and rain water, left in the sun for some days.',
    )
    copyFileSync(PHOTO, join(cwd, 'second', 'mine.jpg'))
    const refused = await fails('BATCH_REFUSED', 2, 'batch', 'second', '--indexed', '--index', 'seen')
    expect(refused.json().error.details.refused[0]).to.include({ key: 'mine.jpg', code: 'LOOK_ALIKES_FOUND' })
    const skipped = await colophon('batch', 'second', '--indexed', '--index', 'seen', '--skip', '--dry-run', '--json')
    expect(skipped.json(), skipped.out).to.include({ count: 1 })
    const nevertheless = await colophon('batch', 'second', '--indexed', '--index', 'seen', '--despite-look-alikes', '--json')
    expect(nevertheless.json(), nevertheless.out).to.include({ count: 2, alreadyDone: false })
    const index = await openSimilarityIndex(join(cwd, 'seen'), { mode: 'read' })
    expect(await index.size()).to.equal(5)
    await index.close()
    await fails('USAGE', 2, 'batch', 'second', '--indexed', '--index', 'seen', '--no-documents')
  })

  it('ended by SIGINT in the middle goes on when run again, and pays once', async () => {
    const folder = letters('many', 150)
    copyFileSync(PHOTO, join(cwd, folder, 'photo.jpg'))
    const before = await sent(7)
    const args = ['batch', folder, '--indexed', '--no-documents', '--account', '7', '--jobs', '1', '--json']
    const { child, ended } = start(args, { cwd, env })
    const out = join(cwd, `${folder}.colophon`)
    const begun = (): boolean => existsSync(join(out, 'works.bin'))
    while (!begun() && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 5))
    child.kill('SIGINT')
    const stopped = await ended
    expect([stopped.code, stopped.json().error.code]).to.deep.equal([130, 'INTERRUPTED'])
    expect(statSync(join(out, 'works.bin')).size).to.be.lessThan(151 * 164)
    expect(existsSync(join(out, 'tree.merkle'))).to.equal(false)
    expect(await sent(7)).to.equal(before)
    const made = await colophon(...args)
    expect(made.json(), made.out + made.err).to.include({ count: 151, alreadyDone: false })
    expect(await sent(7)).to.equal(before + 1)
    const bare = await colophon('receipt', 'photo.jpg', '--batch', `${folder}.colophon`, '--json')
    expect(bare.json().work.metadata).to.equal(`0x${'0'.repeat(64)}`)
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('colophon-estimate-'))).to.deep.equal([])
  })
})
