import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { Wallet } from 'ethers'
import { installPeer } from '../../../scripts/setup/peers.ts'
import { createDeposits } from '../../src/index.ts'
import { startChain, type TestChain } from '../chain.ts'
import { newWork } from '../deposits/works.ts'
import { ESSAY, FILM, PHOTO, REEL, TUNE } from '../fingerprint/media.ts'
import { type Desk, deskOf, run, start } from './command.ts'

describe('cli', () => {
  let chain: TestChain
  let cwd: string
  let { env, colophon, sent, fails } = {} as Desk
  before(async () => {
    chain = await startChain()
    cwd = mkdtempSync(join(tmpdir(), 'colophon-cli-'))
    ;({ env, colophon, sent, fails } = deskOf(chain, cwd))
    copyFileSync(PHOTO, join(cwd, 'photo.jpg'))
    copyFileSync(ESSAY, join(cwd, 'essay.md'))
    writeFileSync(join(cwd, 'empty.txt'), '')
    writeFileSync(join(cwd, 'cut.jpg'), readFileSync(PHOTO).subarray(0, 20_000))
    writeFileSync(
      join(cwd, 'noise.bin'),
      Uint8Array.from({ length: 500 }, (_, at) => (at * 37) & 0xff),
    )
  })
  after(async () => {
    await chain.stop()
    rmSync(cwd, { recursive: true, force: true })
  })

  describe('works', () => {
    it('fingerprints files for people and for programs', async () => {
      const text = await colophon('fingerprint', 'photo.jpg', 'essay.md')
      expect(text.code, text.err).to.equal(0)
      expect(text.out).to.include('600 × 400 pixels').and.include('730 words').and.include('PDQ-256')
      const machine = await colophon('fingerprint', 'photo.jpg', '--json')
      expect(machine.code, machine.err).to.equal(0)
      const { json } = machine
      expect(json()).to.include({ file: 'photo.jpg', media: 'image', mediaType: 'image/jpeg' }).and.not.have.property('features')
      expect((await colophon('fingerprint', 'photo.jpg', '--json', '--features')).json().features).to.have.property('pdq')
      const verbose = await colophon('fingerprint', 'photo.jpg', '--verbose')
      expect(verbose.out).to.include(json().sha256).and.include(json().units.instance)
    })

    it('says what is wrong with each of several files, and with one alone', async () => {
      const several = await colophon('fingerprint', 'photo.jpg', 'empty.txt', 'none.jpg', '--json')
      expect(several.code).to.equal(2)
      expect(several.json().files.map(({ error }: { error?: { code: string } }) => error?.code)).to.deep.equal([
        undefined,
        'FINGERPRINT_EMPTY',
        'SOURCE_NOT_FOUND',
      ])
      await fails('FINGERPRINT_EMPTY', 2, 'fingerprint', 'empty.txt')
      await fails('IMAGE_UNREADABLE', 2, 'fingerprint', 'cut.jpg')
      await fails('FINGERPRINT_UNSUPPORTED', 2, 'fingerprint', 'noise.bin')
      await fails('FINGERPRINT_WRONG_MEDIA', 2, 'fingerprint', 'essay.md', '--as', 'image')
      const data = await colophon('fingerprint', 'noise.bin', '--as', 'data')
      expect(data.out).to.include('only exact copies')
      copyFileSync(PHOTO, join(cwd, 'photo.txt'))
      expect((await colophon('fingerprint', 'photo.txt')).out).to.include('named like text/plain, but its bytes are image/jpeg')
    })

    it('compares, and answers with its exit code too', async () => {
      writeFileSync(join(cwd, 'quote.md'), `Somebody wrote:\n\n${readFileSync(ESSAY, 'utf8').slice(300, 1200)}\n\nAnd so it is.`)
      expect((await colophon('compare', 'photo.jpg', 'photo.jpg')).code).to.equal(0)
      const similar = await colophon('compare', 'essay.md', 'quote.md')
      expect(similar.code).to.equal(0)
      expect(similar.out).to.include('Shared passages')
      const different = await colophon('compare', 'photo.jpg', 'essay.md', '--json')
      expect(different.code).to.equal(1)
      expect(different.json()).to.include({ verdict: 'different', a: 'photo.jpg', b: 'essay.md' })
    })

    it('draws what two works share', async function () {
      this.timeout(320_000)
      const written = (file: string): string => readFileSync(join(cwd, file), 'utf8')
      const pictures = await colophon('compare', 'photo.jpg', 'photo.jpg', '--picture', 'pictures.svg')
      expect(pictures.out).to.include('See pictures.svg')
      expect(written('pictures.svg').match(/<image /g)).to.have.length(2)
      const texts = await colophon('compare', 'essay.md', 'quote.md', '--picture', 'texts.html', '--json')
      expect(texts.json()).to.include({ verdict: 'similar', media: 'text', picture: 'texts.html' })
      expect(written('texts.html')).to.include('<mark id="a1">').and.include('<section aria-label="quote.md"')
      await fails('OUTPUT_EXISTS', 2, 'compare', 'essay.md', 'quote.md', '--picture', 'texts.html')
      expect((await colophon('compare', 'essay.md', 'quote.md', '--picture', 'texts.html', '--force')).code).to.equal(0)
      const nothing = await colophon('compare', 'photo.jpg', 'essay.md', '--picture', 'none.svg')
      expect(nothing.out).to.include('nothing that could be drawn')
      expect(existsSync(join(cwd, 'none.svg'))).to.equal(false)
      if (!installPeer('node-av')) this.skip()
      copyFileSync(TUNE, join(cwd, 'tune.mp3'))
      writeFileSync(join(cwd, 'part.mp3'), readFileSync(TUNE).subarray(0, 60_000))
      const tunes = await colophon('compare', 'tune.mp3', 'part.mp3', '--picture', 'tunes.svg')
      expect(tunes.code, tunes.out).to.equal(0)
      expect(written('tunes.svg')).to.match(/^<svg[\s\S]*tune\.mp3[\s\S]*part\.mp3/)
      copyFileSync(FILM, join(cwd, 'film.mp4'))
      copyFileSync(REEL, join(cwd, 'reel.webm'))
      const films = await colophon('compare', 'film.mp4', 'reel.webm', '--picture', 'films.svg')
      expect(films.code, films.out).to.equal(0)
      expect(films.out)
        .to.include('Shared stretches')
        .and.to.match(/0:04\.\d–0:09\.\d\s+is\s+0:00\.0–0:04\.\d/)
      expect(written('films.svg').match(/<image /g)).to.have.length(8)
      expect((await colophon('fingerprint', 'film.mp4', '--as', 'video')).out).to.include('video/mp4, 256 × 192 pixels, 10.0 seconds')
    })

    it('deposits a film, with its size and length in the document, and verifies it', async function () {
      this.timeout(320_000)
      if (!installPeer('node-av')) this.skip()
      copyFileSync(FILM, join(cwd, 'coffee.mp4'))
      const made = await colophon('deposit', 'coffee.mp4', '--title', 'Over the coffee', '--json')
      expect(made.code, made.out + made.err).to.equal(0)
      expect(made.json().work.fingerprintType).to.equal(4)
      const verified = await colophon('verify', 'coffee.mp4')
      expect(verified.code, verified.out).to.equal(0)
      const document = readdirSync(cwd, { recursive: true, encoding: 'utf8' })
        .map((name) => join(cwd, name))
        .filter((path) => statSync(path).isFile())
        .map((path) => readFileSync(path, 'latin1'))
        .find((text) => text.includes('"durationMs":10000'))
      expect(document).to.include('"height":192').and.to.include('video/mp4')
    })
  })

  describe('deposits', () => {
    it('deposits once, writes the receipt, and verifies from file, receipt and id', async () => {
      const first = await colophon('deposit', 'photo.jpg', '--title', 'Coffee', '--json')
      expect(first.code, first.out + first.err).to.equal(0)
      const receipt = first.json()
      expect(receipt).to.include({ receipt: 'photo.jpg.receipt.json', kind: 'direct', claimant: chain.accounts[0]!.address })
      expect(first.err).to.include('development account 0')
      await fails('OUTPUT_EXISTS', 2, 'deposit', 'photo.jpg', '--title', 'Coffee')
      const before = await sent(0)
      const again = await fails('DEPOSIT_EXISTS', 4, 'deposit', 'photo.jpg', '--title', 'Coffee', '--force')
      expect(again.json().error.details.id).to.equal(receipt.id)
      expect(await sent(0)).to.equal(before)

      for (const args of [['photo.jpg'], ['photo.jpg.receipt.json', '--file', 'photo.jpg'], [receipt.id, '--file', 'photo.jpg']]) {
        const verified = await colophon('verify', ...args)
        expect(verified.code, verified.out + verified.err).to.equal(0)
        expect(verified.out).to.include('Verified').and.include('✓ document-content')
      }
      const offline = await colophon('verify', 'photo.jpg', '--offline', '--json')
      expect([offline.code, offline.json().verdict]).to.deep.equal([3, 'incomplete'])
    })

    it('refuses tampered files and receipts, and knows no stranger’s file', async () => {
      const bytes = readFileSync(PHOTO)
      bytes[50_000]! ^= 1
      writeFileSync(join(cwd, 'tampered.jpg'), bytes)
      const refused = await colophon('verify', 'photo.jpg.receipt.json', '--file', 'tampered.jpg')
      expect(refused.code).to.equal(1)
      expect(refused.out).to.include('✗ sha256').and.include('expected').and.include('found')
      expect((await colophon('verify', 'tampered.jpg', '--json')).json().verdict).to.equal('not-found')
      const receipt = JSON.parse(readFileSync(join(cwd, 'photo.jpg.receipt.json'), 'utf8'))
      writeFileSync(join(cwd, 'forged.json'), JSON.stringify({ ...receipt, depositedAt: receipt.depositedAt - 86_400 }))
      expect((await colophon('verify', 'forged.json', '--file', 'photo.jpg')).code).to.equal(1)
      writeFileSync(join(cwd, 'broken.json'), JSON.stringify({ ...receipt, chainId: 'one' }))
      await fails('INVALID_RECEIPT', 2, 'verify', 'broken.json')
      await fails('SOURCE_NOT_FOUND', 2, 'verify', '0x1234')
      await fails('USAGE', 2, 'verify', 'photo.jpg', '--file', 'photo.jpg')
      expect((await colophon('verify', `0x${'12'.repeat(32)}`)).code).to.equal(1)
    })

    it('lets one sign and another pay', async () => {
      const signed = await colophon('deposit', 'essay.md', '--title', 'On colophons', '--sign-only', '--account', '5')
      expect(signed.code, signed.err).to.equal(0)
      expect(await sent(5)).to.equal(0)
      const request = join(cwd, 'essay.md.request.json')
      const forged = JSON.parse(readFileSync(request, 'utf8'))
      writeFileSync(join(cwd, 'forged.request.json'), JSON.stringify({ ...forged, document: `${forged.document} ` }))
      await fails('REQUEST_DOCUMENT_WRONG', 2, 'deposit', '--submit', 'forged.request.json')
      writeFileSync(join(cwd, 'stolen.request.json'), JSON.stringify({ ...forged, claimant: chain.accounts[6]!.address }))
      await fails('SIGNATURE_INVALID', 4, 'deposit', '--submit', 'stolen.request.json')
      const dry = await colophon('deposit', '--submit', request, '--dry-run', '--json')
      expect(dry.json()).to.include({ dryRun: true, what: 'submit', claimant: chain.accounts[5]!.address })
      const submitted = await colophon('deposit', '--submit', request, '--json')
      expect(submitted.code, submitted.out + submitted.err).to.equal(0)
      expect(submitted.json()).to.include({ kind: 'signed', claimant: chain.accounts[5]!.address })
      await fails('DEPOSIT_EXISTS', 4, 'deposit', '--submit', request, '--out', 'again.json')
      expect(existsSync(join(cwd, 'again.json'))).to.equal(false)
    })

    it('refuses a signature whose time is over', async () => {
      expect(
        (await colophon('deposit', 'essay.md', '--title', 'Late', '--sign-only', '--out', 'late.json', '--valid-for', '1')).code,
      ).to.equal(0)
      await chain.pass(7200)
      await fails('SIGNATURE_EXPIRED', 4, 'deposit', '--submit', 'late.json')
    })

    it('seals, keeps the opening secret, and unseals with the time of the seal', async () => {
      const sealed = await colophon('seal', 'essay.md', '--title', 'Sealed', '--json')
      expect(sealed.code, sealed.out + sealed.err).to.equal(0)
      const opening = join(cwd, 'essay.md.opening.json')
      expect(statSync(opening).mode & 0o777).to.equal(0o600)
      await chain.pass(100)
      await fails('WRONG_CLAIMANT', 4, 'unseal', opening, '--account', '4', '--out', 'unsealed.json')
      const unsealed = await colophon('unseal', opening, '--out', 'unsealed.json', '--json')
      expect(unsealed.code, unsealed.out + unsealed.err).to.equal(0)
      expect(unsealed.json()).to.include({ kind: 'unsealed', depositedAt: sealed.json().sealed.time, id: sealed.json().commitment })
      await fails('DEPOSIT_EXISTS', 4, 'unseal', opening, '--out', 'other.json')
      writeFileSync(join(cwd, 'no.opening.json'), '{}')
      await fails('INVALID_OPENING', 2, 'unseal', 'no.opening.json')
    })

    it('never writes over an opening, and sends the seal of one that was not sent', async () => {
      // Seals of a work once sealed are new ones, with a salt and an opening of their own.
      await fails('OUTPUT_EXISTS', 2, 'seal', 'essay.md', '--title', 'Again')
      expect((await colophon('seal', 'essay.md', '--title', 'Again', '--force')).err).to.include('--force')
      const deposits = createDeposits({ signer: chain.accounts[0]! })
      const opening = await deposits.prepareSeal(newWork())
      writeFileSync(join(cwd, 'unsent.opening.json'), JSON.stringify(opening))
      await fails('USAGE', 2, 'seal', 'unsent.opening.json', '--out', 'other.opening.json')
      expect((await colophon('seal', 'unsent.opening.json', '--dry-run', '--json')).json()).to.include({ dryRun: true, what: 'seal' })
      expect(await deposits.getSeal(opening.claimant, opening.commitment)).to.equal(undefined)
      const sealed = (await colophon('seal', 'unsent.opening.json', '--json')).json()
      expect(sealed).to.include({ opening: 'unsent.opening.json', commitment: opening.commitment })
      const before = await sent(0)
      const again = await colophon('seal', 'unsent.opening.json')
      expect(again.out).to.include('sealed already')
      expect((await colophon('seal', 'unsent.opening.json', '--json')).json()).to.deep.equal(sealed)
      expect(await sent(0)).to.equal(before)
      const other = await createDeposits({ signer: chain.accounts[5]! }).prepareSeal(newWork())
      writeFileSync(join(cwd, 'other.opening.json'), JSON.stringify(other))
      const refused = await fails('WRONG_CLAIMANT', 4, 'seal', 'other.opening.json', '--account', '4', '--yes')
      expect(refused.json().error.hint).to.include('account')
    })

    it('shows what a deposit would cost without sending it', async () => {
      const before = await sent(0)
      const dry = await colophon('deposit', 'essay.md', '--title', 'Dry', '--dry-run')
      expect(dry.code, dry.err).to.equal(0)
      expect(dry.out)
        .to.include('Nothing was sent')
        .and.match(/\d\d,\d{3} gas/)
      expect(await sent(0)).to.equal(before)
      expect((await colophon('seal', 'essay.md', '--title', 'Dry', '--dry-run', '--json')).json()).to.include({ dryRun: true })
    })

    it('leaves no trace of a dry run', async () => {
      const place = join(cwd, 'untouched')
      mkdirSync(join(place, 'songs'), { recursive: true })
      for (const name of ['work.md', join('songs', '1.txt'), join('songs', '2.txt')])
        writeFileSync(join(place, name), `The text of ${name}, which nobody has read or sung in public before.`)
      const before = readdirSync(place, { recursive: true })
      const sentBefore = await sent(0)
      for (const args of [
        ['deposit', 'work.md'],
        ['deposit', 'work.md', '--sign-only'],
        ['seal', 'work.md'],
        ['batch', 'songs'],
        ['batch', '.'],
      ]) {
        const ran = await run([...args, '--dry-run', '--json', '--creator', 'Ada'], { cwd: place, env: { COLOPHON_RPC_URL: chain.url } })
        expect(ran.code, ran.out + ran.err).to.equal(0)
        expect(ran.json(), args.join(' ')).to.include({ dryRun: true })
        expect(readdirSync(place, { recursive: true })).to.deep.equal(before)
        expect(existsSync(`${place}.colophon`)).to.equal(false)
      }
      expect(await sent(0)).to.equal(sentBefore)
    })

    it('says when the account cannot pay', async () => {
      const poor = Wallet.createRandom()
      writeFileSync(join(cwd, 'poor.key'), poor.privateKey)
      await fails('INSUFFICIENT_FUNDS', 4, 'deposit', 'essay.md', '--title', 'Poor', '--key-file', 'poor.key', '--out', 'poor.json')
      expect(existsSync(join(cwd, 'poor.json'))).to.equal(false)
    })

    it('takes a description from options and file', async () => {
      writeFileSync(join(cwd, 'about.json'), JSON.stringify({ title: 'From the file', creators: [{ name: 'Bo' }], keywords: ['sea'] }))
      const made = await colophon(
        'deposit',
        'essay.md',
        '--description',
        'about.json',
        '--title',
        'From the option',
        '--out',
        'described.json',
        '--json',
      )
      expect(made.code, made.out + made.err).to.equal(0)
      const { document } = made.json()
      const name = (await import('../../src/storage/index.ts')).cidToDigest(document)
      const hex = Buffer.from(name).toString('hex')
      const stored = JSON.parse(readFileSync(join(cwd, '.colophon', 'store', 'blocks', hex.slice(0, 2), hex), 'utf8'))
      expect(stored).to.deep.include({ title: 'From the option', creators: [{ name: 'Bo' }], keywords: ['sea'] })
      writeFileSync(join(cwd, 'list.json'), '[]')
      await fails('DESCRIPTION_INVALID', 2, 'deposit', 'essay.md', '--description', 'list.json', '--out', 'x.json')
      await fails('DOCUMENT_INVALID', 2, 'deposit', 'essay.md', '--title', 'x', '--language', 'not a language', '--out', 'x.json')
      const nobody = await run(['deposit', 'essay.md', '--title', 'x', '--out', 'x.json', '--json'], {
        cwd,
        env: { COLOPHON_RPC_URL: chain.url },
      })
      expect(nobody.json().error.code).to.equal('CREATOR_MISSING')
    })
  })

  describe('batches', () => {
    const letters = (folder: string, count: number): void => {
      mkdirSync(join(cwd, folder))
      for (let at = 0; at < count; at++)
        writeFileSync(
          join(cwd, folder, `${at}.txt`),
          `Letter ${at} of the ${folder}: snow, ink and a river that could not be crossed before the spring.`,
        )
    }

    it('anchors a folder, says so again, and lifts one work', async () => {
      letters('letters', 3)
      const made = await colophon('batch', 'letters', '--json')
      expect(made.code, made.out + made.err).to.equal(0)
      expect(made.json()).to.include({ count: 3, alreadyDone: false })
      expect((await colophon('batch', 'letters')).out).to.include('finished before')
      const lifted = await colophon('batch', 'letters', '--lift', 'letters/1.txt', '--json')
      expect(lifted.code, lifted.out + lifted.err).to.equal(0)
      expect(lifted.json().kind).to.equal('lifted')
      const receipt = join('letters.colophon', 'receipts', '1.txt.receipt.json')
      expect((await colophon('verify', receipt, '--file', 'letters/1.txt')).code).to.equal(0)
      await fails('NOT_ANCHORED', 2, 'lift', receipt)
      await fails('RECEIPT_NOT_FOUND', 2, 'batch', 'letters', '--lift', 'essay.md')
      await fails('WRONG_CLAIMANT', 4, 'lift', join('letters.colophon', 'receipts', '2.txt.receipt.json'), '--account', '3')
      expect((await colophon('lift', join('letters.colophon', 'receipts', '2.txt.receipt.json'), '--dry-run')).out).to.include(
        'Nothing was sent',
      )
    })

    it('puts the results of the folder one is in beside it, and says what it would do', async () => {
      letters('here', 2)
      writeFileSync(join(cwd, 'here', 'old.receipt.json'), '{"type":"colophon-deposit-receipt"}')
      const here = { cwd: join(cwd, 'here'), env }
      const dry = await run(['batch', '.', '--dry-run'], here)
      expect(dry.out).to.include('Nothing was sent').and.include('works').and.include('left out: old.receipt.json')
      const { gas, root } = (await run(['batch', '.', '--dry-run', '--json'], here)).json()
      expect(Number(gas)).to.be.greaterThan(0)
      const made = await run(['batch', '.', '--json'], here)
      expect(made.json().anchor.root, made.out + made.err).to.equal(root)
      expect(made.json().own).to.deep.equal(['old.receipt.json'])
      expect(made.json().receipts).to.equal(join(cwd, 'here.colophon', 'receipts'))
      expect(readdirSync(here.cwd).filter((name) => !name.startsWith('.colophon'))).to.have.length(3)
      expect((await run(['batch', '.', '--dry-run', '--json'], here)).json()).to.include({ alreadyAnchored: true, gas: '0' })
    })

    it('names the files it refuses, or leaves them out', async () => {
      letters('mixed', 2)
      writeFileSync(join(cwd, 'mixed', 'empty.txt'), '')
      const refused = await colophon('batch', 'mixed')
      expect([refused.code, refused.err]).to.satisfy(([code, err]: [number, string]) => code === 2 && err.includes('empty.txt'))
      writeFileSync(join(cwd, 'titles.json'), JSON.stringify({ '0.txt': { title: 'The first' } }))
      const made = await colophon('batch', 'mixed', '--skip', '--descriptions', 'titles.json')
      expect(made.code, made.err).to.equal(0)
      expect(made.out).to.include('1 file left out').and.include('The file is empty')
    })

    for (const signal of ['SIGINT', 'SIGKILL'] as const)
      it(`ended by ${signal} in the middle goes on when run again and pays once`, async () => {
        const folder = `many-${signal}`
        letters(folder, 150)
        const before = await sent(7)
        const args = ['batch', folder, '--account', '7', '--jobs', '1', '--json']
        const { child, ended } = start(args, { cwd, env })
        const journal = join(cwd, `${folder}.colophon`, 'journal.jsonl')
        const lines = (): number => (existsSync(journal) ? readFileSync(journal, 'utf8').split('\n').length : 0)
        while (lines() < 10 && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 5))
        child.kill(signal)
        const stopped = await ended
        expect(stopped.code).to.equal(signal === 'SIGINT' ? 130 : null)
        if (signal === 'SIGINT') expect(stopped.json().error.code).to.equal('INTERRUPTED')
        expect(lines()).to.be.lessThan(150)
        expect(await sent(7)).to.equal(before)
        const made = await run(args, { cwd, env })
        expect(made.code, made.out + made.err).to.equal(0)
        expect(made.json().count).to.equal(150)
        expect(await sent(7)).to.equal(before + 1)
      })
  })

  describe('settings', () => {
    it('writes a configuration that the commands read, flags and environment winning over it', async () => {
      const home = mkdtempSync(join(cwd, 'home-'))
      const init = await run(['init', '--rpc', chain.url, '--chain', '31337', '--creator', 'Bo', '--json'], { cwd: home })
      expect(init.code, init.err).to.equal(0)
      const file = join(home, 'colophon.config.json')
      expect(JSON.parse(readFileSync(file, 'utf8'))).to.deep.equal(init.json().config)
      await run(['init', '--json'], { cwd: home }).then(({ code, json }) =>
        expect([code, json().error.code]).to.deep.equal([2, 'OUTPUT_EXISTS']),
      )
      const below = join(home, 'below')
      mkdirSync(below)
      writeFileSync(join(below, 'note.txt'), 'A note that is long enough to be told apart from the other notes in the drawer of the desk.')
      const made = await run(['deposit', 'note.txt', '--title', 'Note', '--json'], { cwd: below })
      expect(made.code, made.out + made.err).to.equal(0)
      expect(existsSync(join(home, '.colophon', 'store'))).to.equal(true)
      const elsewhere = await run(['doctor', '--json'], { cwd: below, env: { COLOPHON_RPC_URL: 'http://127.0.0.1:1' } })
      expect(elsewhere.code).to.equal(1)
      const wrong = await run(['deposit', 'note.txt', '--title', 'N', '--chain', '5', '--out', 'n.json', '--json'], { cwd: below })
      expect([wrong.code, wrong.json().error.code]).to.deep.equal([3, 'WRONG_CHAIN'])
    })

    it('refuses configurations that are not there, not JSON, unknown, mistyped or secret', async () => {
      const file = join(cwd, 'odd.json')
      await fails('CONFIG_NOT_FOUND', 2, 'doctor', '--config', 'none.json')
      for (const [content, part] of [
        ['{', 'cannot be read'],
        ['[]', 'one JSON object'],
        ['{"rpc": "x"}', 'rpc'],
        ['{"chainId": "5"}', 'chainId'],
        ['{"chainId": -5}', 'chainId'],
        ['{"privateKey": "0x"}', 'secrets'],
      ] as const) {
        writeFileSync(file, content)
        const ran = await fails('CONFIG_INVALID', 2, 'doctor', '--config', 'odd.json')
        expect(ran.json().error.message).to.include(part)
      }
      await fails('CONFIG_INVALID', 2, 'doctor', '--rpc', 'ftp://x')
      await fails('CONFIG_INVALID', 2, 'doctor', '--registry', '0x12')
      await fails('CONFIG_INVALID', 2, 'doctor', '--account', 'first')
    })

    it('signs with keys and keystores, and never shows a key', async () => {
      writeFileSync(join(cwd, 'words.key'), 'not a key at all')
      const bad = await fails('KEY_INVALID', 2, 'seal', 'essay.md', '--title', 'K', '--key-file', 'words.key', '--out', 'k.json')
      expect(bad.out + bad.err).to.not.include('not a key at all')
      await fails('CONFIG_NOT_FOUND', 2, 'seal', 'essay.md', '--title', 'K', '--key-file', 'none.key')

      const rich = chain.accounts[8]!
      // The cheapest scrypt there is: the strength of the keystore is not what is tested.
      const { encryptKeystoreJson } = await import('ethers')
      const json = await encryptKeystoreJson({ address: rich.address, privateKey: rich.privateKey }, 'secret', {
        scrypt: { N: 2, r: 1, p: 1 },
      })
      writeFileSync(join(cwd, 'keystore.json'), json)
      writeFileSync(join(cwd, 'password'), 'secret\n')
      writeFileSync(join(cwd, 'wrong'), 'guess')
      const made = await colophon(
        'deposit',
        'essay.md',
        '--title',
        'K',
        '--keystore',
        'keystore.json',
        '--password-file',
        'password',
        '--out',
        'k.json',
        '--json',
      )
      expect(made.code, made.out + made.err).to.equal(0)
      expect(made.json().claimant).to.equal(rich.address)
      const keystore = ['seal', 'essay.md', '--title', 'K', '--out', 'k2.json', '--keystore']
      await fails('PASSWORD_WRONG', 2, ...keystore, 'keystore.json', '--password-file', 'wrong')
      await fails('PASSWORD_MISSING', 2, ...keystore, 'keystore.json')
      await fails('KEYSTORE_INVALID', 2, ...keystore, 'essay.md', '--password-file', 'password')
      await fails('KEYSTORE_INVALID', 2, ...keystore, 'none.json', '--password-file', 'password')
    })

    it('finds what could go wrong', async () => {
      const av = installPeer('node-av') ? 'ok' : 'warning'
      const good = await colophon('doctor', '--json')
      expect(good.code, good.out).to.equal(0)
      const findings = good.json().findings as { name: string; status: string }[]
      expect(findings.map(({ name, status }) => `${name}: ${status}`)).to.deep.equal(
        ['Node.js', 'sharp', 'node-av', 'anvil', 'configuration', 'block store', 'RPC', 'contracts', 'account'].map(
          (name) => `${name}: ${name === 'node-av' ? av : 'ok'}`,
        ),
      )
      const none = await run(['doctor', '--rpc', 'http://127.0.0.1:1'], { cwd })
      expect(none.code).to.equal(1)
      expect(none.out).to.include('✗').and.include('to cure')
      const missing = await colophon('doctor', '--registry', '0x90F79bf6EB2c4f870365E785982E1f101E93b906')
      expect(missing.code).to.equal(1)
    })

    it('says when nothing answers, or nothing is there', async () => {
      await fails(
        'NETWORK_UNREACHABLE',
        3,
        'seal',
        'essay.md',
        '--title',
        'x',
        '--out',
        'n.json',
        '--rpc',
        'http://user:hidden@127.0.0.1:1/secret',
      ).then(({ out }) => expect(out).to.not.include('hidden').and.not.include('secret'))
      await fails(
        'CONTRACT_MISSING',
        3,
        'seal',
        'essay.md',
        '--title',
        'x',
        '--out',
        'n.json',
        '--registry',
        '0x90F79bf6EB2c4f870365E785982E1f101E93b906',
      )
    })
  })

  describe('on other chains', () => {
    let other: TestChain
    before(async () => {
      other = await startChain({ bare: true, args: ['--chain-id', '777'] })
    })
    after(() => other.stop())

    it('asks for a registry, an account and consent before anything is paid', async () => {
      const args = ['seal', 'essay.md', '--title', 'x', '--out', 'o.json', '--rpc', other.url]
      await fails('DEPLOYMENT_UNKNOWN', 3, ...args)
      const code = await chain.provider.getCode(chain.deployment.contracts.CopyrightRegistry!.address)
      const registry = '0x00000000000000000000000000000000C0105401'
      await other.provider.send('anvil_setCode', [registry, code])
      await fails('ACCOUNT_MISSING', 2, ...args, '--registry', registry)
      writeFileSync(join(cwd, 'rich.key'), other.accounts[0]!.privateKey)
      const rich = [...args, '--registry', registry, '--key-file', 'rich.key']
      const refused = await fails('CONFIRMATION_NEEDED', 2, ...rich)
      expect(refused.json().error.message).to.match(/costs [\d,]+ gas/)
      expect(await other.provider.getTransactionCount(other.accounts[0]!.address)).to.equal(0)
      expect(existsSync(join(cwd, 'o.json'))).to.equal(false)
      const agreed = await colophon(...rich, '--yes', '--json')
      expect(agreed.code, agreed.out + agreed.err).to.equal(0)
    })
  })

  describe('form', () => {
    it('has help for every command, and a version', async () => {
      const help = await colophon('--help')
      expect(help.code).to.equal(0)
      const commands = [...help.out.matchAll(/^ {2}([a-z]+) .*?[a-z]/gm)].map(([, name]) => name!)
      expect(commands).to.include.members([
        'fingerprint',
        'compare',
        'stack',
        'deposit',
        'batch',
        'seal',
        'unseal',
        'lift',
        'verify',
        'doctor',
      ])
      expect((await colophon('help', 'deposit')).out).to.include('--sign-only')
      expect((await colophon('--version')).out.trim()).to.match(/^\d+\.\d+\.\d+$/)
    })

    it('explains wrong use in one form', async () => {
      const unknown = await fails('USAGE', 2, 'depossit')
      expect(unknown.json().error.message).to.include('deposit')
      await fails('USAGE', 2, 'compare', 'photo.jpg')
      await fails('USAGE', 2, 'deposit')
      await fails('USAGE', 2, 'deposit', 'photo.jpg', '--submit', 'x')
      await fails('USAGE', 2, 'stack', '--port', '99999')
      await fails('USAGE', 2, 'fingerprint', 'photo.jpg', '--as', 'song')
      const people = await colophon('depossit')
      expect(people.err).to.include('USAGE').and.include('docs/errors.md#usage')
    })

    it('colours only where it is wanted, and is quiet when told', async () => {
      const plain = await colophon('fingerprint', 'photo.jpg')
      expect(plain.out).to.not.include('\u001b')
      const coloured = await run(['fingerprint', 'photo.jpg'], { cwd, env: { FORCE_COLOR: '1' } })
      expect(coloured.out).to.include('\u001b[1m')
      const refused = await run(['fingerprint', 'photo.jpg'], { cwd, env: { FORCE_COLOR: '1', NO_COLOR: '1' } })
      expect(refused.out).to.not.include('\u001b')
      expect((await colophon('seal', 'essay.md', '--title', 'Q', '--dry-run', '--quiet')).err).to.equal('')
    })

    it('completes commands in every shell', async () => {
      for (const shell of ['bash', 'zsh', 'fish']) {
        const { code, out } = await colophon('completion', shell)
        expect(code).to.equal(0)
        expect(out)
          .to.include('unseal')
          .and.include('--sign-only'.replace(shell === 'fish' ? /^--/ : /^$/, ''))
      }
      const { out } = await colophon('completion', 'bash')
      const ask = (line: string): string[] => {
        const words = line.split(' ')
        const script = `${out}\nCOMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _colophon; printf '%s\\n' "\${COMPREPLY[@]}"`
        const { status, stdout, stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8', cwd })
        expect(status, stderr).to.equal(0)
        return stdout.trim().split('\n')
      }
      expect(ask('colophon de')).to.deep.equal(['deposit'])
      expect(ask('colophon deposit --sig')).to.deep.equal(['--sign-only'])
      expect(ask('colophon fingerprint --as te')).to.deep.equal(['text'])
      expect(ask('colophon completion z')).to.deep.equal(['zsh'])
    })

    it('ends quietly when nobody reads on', () => {
      const main = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts')
      const { status, stderr } = spawnSync('bash', ['-c', `set -o pipefail; '${process.execPath}' '${main}' completion bash | head -n 1`], {
        encoding: 'utf8',
        cwd,
      })
      expect([status, stderr]).to.deep.equal([0, ''])
    })
  })
})
