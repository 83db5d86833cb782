// What only a person at a terminal meets: questions, passwords, progress, and names of files that would steer the screen.
import { spawn, spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { expect } from 'chai'
import { encryptKeystoreJson } from 'ethers'
import { exitCodeOf } from '../../src/cli/exitCodes.ts'
import { forCommandLine, withHint } from '../../src/cli/hints.ts'
import { printable } from '../../src/cli/terminal.ts'
import { ColophonError } from '../../src/errors/index.ts'
import { startChain, type TestChain } from '../chain.ts'
import { ESSAY } from '../fingerprint/media.ts'
import { type Ran, run, start } from './command.ts'

const main = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts')
/** util-linux's `script` gives a process a terminal of its own. */
const hasTerminal = spawnSync('script', ['-qec', 'true', '/dev/null']).status === 0

describe('cli: people', () => {
  let chain: TestChain
  let cwd: string
  const registry = '0x00000000000000000000000000000000C0105401'
  before(async () => {
    // A chain whose coin is worth something, so that consent is asked for.
    chain = await startChain({ bare: true, args: ['--chain-id', '778'] })
    const local = await startChain()
    const code = await local.provider.getCode(local.deployment.contracts.CopyrightRegistry!.address)
    await local.stop()
    await chain.provider.send('anvil_setCode', [registry, code])
    cwd = mkdtempSync(join(tmpdir(), 'colophon-people-'))
    copyFileSync(ESSAY, join(cwd, 'essay.md'))
    const { address, privateKey } = chain.accounts[0]!
    writeFileSync(
      join(cwd, 'keystore.json'),
      // The cheapest scrypt there is: the strength of the keystore is not what is tested.
      await encryptKeystoreJson({ address, privateKey }, 'open sesame', { scrypt: { N: 2, r: 1, p: 1 } }),
    )
  })
  after(async () => {
    await chain.stop()
    rmSync(cwd, { recursive: true, force: true })
  })

  const env = (): Record<string, string> => ({ COLOPHON_RPC_URL: chain.url, COLOPHON_REGISTRY: registry, COLOPHON_CREATOR: 'Ada' })

  /** Runs a command in a terminal, typing each answer when its question has come. */
  async function talk(args: string[], answers: [question: RegExp, answer: string][]): Promise<{ code: number | null; screen: string }> {
    const line = [process.execPath, main, ...args].map((word) => `'${word}'`).join(' ')
    const child = spawn('script', ['-qec', line, '/dev/null'], { cwd, env: { ...process.env, ...env() }, stdio: ['pipe', 'pipe', 'pipe'] })
    let screen = ''
    const left = [...answers]
    child.stdout.on('data', (chunk: Buffer) => {
      screen += chunk.toString()
      if (left.length > 0 && left[0]![0].test(screen)) child.stdin.write(left.shift()![1])
    })
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
    return { code, screen: stripVTControlCharacters(screen) }
  }

  const deposit = ['deposit', 'essay.md', '--title', 'Asked', '--keystore', 'keystore.json']
  const password: [RegExp, string] = [/Password of .*: /, 'open sesame\r']

  describe('at a terminal', () => {
    before(function () {
      if (!hasTerminal) this.skip()
    })

    it('asks for the password without showing it, and for consent; no is no', async () => {
      const { code, screen } = await talk(deposit, [password, [/\[y\/N\] /, 'n\r']])
      expect(code, screen).to.equal(2)
      expect(screen)
        .to.match(/costs [\d,]+ gas, about 0\.\d+ of the chain's coin/)
        .and.include('Cancelled; nothing was sent.')
        .and.not.include('sesame')
      expect(await chain.accounts[0]!.getNonce('latest')).to.equal(0)
      expect(existsSync(join(cwd, 'essay.md.receipt.json'))).to.equal(false)
    })

    it('takes Ctrl-C at a question for what it is', async () => {
      const { code, screen } = await talk(deposit, [password, [/\[y\/N\] /, '\u0003']])
      expect(code, screen).to.equal(130)
      expect(screen).to.include('Interrupted.')
      expect(await chain.accounts[0]!.getNonce('latest')).to.equal(0)
    })

    it('goes on when told yes', async () => {
      const { code, screen } = await talk(deposit, [password, [/\[y\/N\] /, 'y\r']])
      expect(code, screen).to.equal(0)
      expect(screen).to.include('✓ Deposited.')
      expect(await chain.accounts[0]!.getNonce('latest')).to.equal(1)
    })

    it('asks before a batch is paid for', async () => {
      mkdirSync(join(cwd, 'letters'))
      writeFileSync(join(cwd, 'letters', 'one.txt'), 'A letter that is long enough to be told apart from the other letters in the drawer.')
      const batch = ['batch', 'letters', '--keystore', 'keystore.json']
      const refused = await talk(batch, [password, [/\[y\/N\] /, 'n\r']])
      expect([refused.code, refused.screen]).to.satisfy(([code, text]: [number, string]) => code === 2 && text.includes('Anchoring 1 work'))
      const { code, screen } = await talk(batch, [password, [/\[y\/N\] /, 'yes\r']])
      expect(code, screen).to.equal(0)
    })
  })

  const colophon = (args: string[], more: Record<string, string> = {}): Promise<Ran> => run(args, { cwd, env: { ...env(), ...more } })

  it('prints help when nothing is asked, and says that it is no answer', async () => {
    const bare = await colophon([])
    expect(bare.code).to.equal(2)
    expect(bare.err).to.include('Usage: colophon').and.not.include('✗')
    const json = await colophon(['--json'])
    expect([json.code, json.json().error.message]).to.deep.equal([2, 'Which command?'])
    expect((await colophon(['seal'])).err).to.include('See: colophon help seal')
  })

  it('lets no name of a file steer the terminal', async () => {
    const name = '\u001b[2J\u001b]0;title\u0007\u202egpj.md'
    copyFileSync(ESSAY, join(cwd, name))
    const { out } = await colophon(['fingerprint', name])
    expect(out).to.include('�[2J�]0;title��gpj.md')
    const { err } = await colophon(['fingerprint', `${name}.none`])
    expect(err).to.not.include('\u001b').and.not.include('\u202e')
    const { out: json } = await colophon(['fingerprint', name, '--json'])
    expect(JSON.parse(json).file).to.equal(name)
    expect(printable('a\u001b[31mb\nc', { styled: true })).to.equal('a\u001b[31mb\nc')
    expect(printable('a\u001b[31mb\nc')).to.equal('a�[31mb\nc')
  })

  it('gives hints in options, not in functions', async () => {
    writeFileSync(
      join(cwd, 'noise.bin'),
      Uint8Array.from({ length: 100 }, (_, at) => (at * 37) & 0xff),
    )
    for (const [args, words] of [
      [['fingerprint', 'noise.bin'], '--as data'],
      [['fingerprint', 'essay.md', '--as', 'image'], '--as'],
      [['deposit', '--submit', 'essay.md'], '--sign-only'],
      [['unseal', 'essay.md'], 'as seal wrote it'],
    ] as const) {
      const { error } = (await colophon([...args, '--json'])).json()
      expect(error.hint, error.code).to.include(words).and.not.include('()')
    }
    const plain = new ColophonError('NOT_OURS', 'No.', { hint: 'Leave it.' })
    expect(forCommandLine(plain)).to.equal(plain)
    const exists = forCommandLine(new ColophonError('DEPOSIT_EXISTS', 'There.', { details: { id: '0x12' } }))
    expect(exists.hint).to.include('colophon receipt 0x12')
    expect(forCommandLine(new ColophonError('DEPOSIT_EXISTS', 'There.')).hint).to.include('colophon receipt ID')
    expect(forCommandLine(new ColophonError('TRANSACTION_PENDING', 'Sent.')).hint).to.include('colophon receipt HASH')
    const said = withHint(exists, 'Something else.')
    expect(forCommandLine(said).hint).to.equal('Something else.')
    for (const code of ['SOURCE_TOO_LARGE', 'TEXT_UNREADABLE', 'BATCH_REFUSED', 'CONTRACT_MISSING'])
      expect(forCommandLine(new ColophonError(code, 'x', { hint: 'media: "data"' })).hint, code).to.include('--')
  })

  it('has an exit code for each kind of error', () => {
    const exit = (code: string): number => exitCodeOf(new ColophonError(code, 'x'))
    expect(['USAGE', 'DOCUMENT_INVALID', 'ACCOUNT_MISSING', 'CANCELLED'].map(exit)).to.deep.equal([2, 2, 2, 2])
    expect(['NETWORK_TIMEOUT', 'STORAGE_FULL', 'TRANSACTION_PENDING', 'BATCH_BUSY', 'ANVIL_MISSING'].map(exit)).to.deep.equal([
      3, 3, 3, 3, 3,
    ])
    expect(['INSUFFICIENT_FUNDS', 'TRANSACTION_FAILED', 'DEPOSIT_EXISTS', 'SIGNATURE_EXPIRED'].map(exit)).to.deep.equal([4, 4, 4, 4])
    expect(exit('INTERNAL')).to.equal(5)
    expect(exitCodeOf(new TypeError('x'))).to.equal(5)
    expect(exit('INTERRUPTED')).to.equal(130)
  })

  it('owns up to a fault of its own', async () => {
    const broken = join(cwd, 'broken.mjs')
    writeFileSync(broken, "URL.canParse = () => { throw new TypeError('not today') }")
    const { code, err } = await colophon(['doctor'], { NODE_OPTIONS: `--import=${pathToFileURL(broken)}` })
    expect(code).to.equal(5)
    expect(err).to.include('The program has a fault: not today').and.include('INTERNAL').and.not.include('at readSettings')
    const debug = await colophon(['doctor'], { NODE_OPTIONS: `--import=${pathToFileURL(broken)}`, COLOPHON_DEBUG: '1' })
    expect(debug.err).to.include('at readSettings')
  })

  it('ends when the RPC stops answering, and names it without its secrets', async () => {
    // The chain's identity is answered; then nothing is any more.
    let asked = 0
    const server = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk: Buffer) => (body += chunk.toString()))
      request.on('end', () => {
        if (asked++ === 0) response.end(JSON.stringify({ jsonrpc: '2.0', id: JSON.parse(body).id, result: '0x30a' }))
        else request.socket.destroy()
      })
    }).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    try {
      const { port } = server.address() as { port: number }
      const rpc = `http://127.0.0.1:${port}/v3/secret`
      writeFileSync(join(cwd, 'some.key'), chain.accounts[0]!.privateKey)
      const { code, json, out, err } = await colophon([
        ...['seal', 'essay.md', '--title', 'x', '--out', 'never.json', '--key-file', 'some.key', '--rpc', rpc, '--json'],
      ])
      expect([code, json().error.code]).to.deep.equal([3, 'NETWORK_UNREACHABLE'])
      expect(out + err).to.not.include('secret')
    } finally {
      server.close()
    }
  })

  it('ends when its answer is given, though something is left open', async () => {
    const holding = join(cwd, 'holding.mjs')
    writeFileSync(holding, 'setInterval(() => {}, 1_000_000)')
    const { code, out } = await colophon(['--version'], { NODE_OPTIONS: `--import=${pathToFileURL(holding)}` })
    expect([code, out.trim()]).to.satisfy(([status, text]: [number, string]) => status === 0 && /^\d/.test(text))
  })

  it('stops at Ctrl-C while an RPC keeps it waiting, at the second at the latest', async () => {
    // Answers once, and holds on to every further request.
    let asked = 0
    const server = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk: Buffer) => (body += chunk.toString()))
      request.on('end', () => {
        if (asked++ === 0) response.end(JSON.stringify({ jsonrpc: '2.0', id: JSON.parse(body).id, result: '0x30a' }))
      })
    }).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    try {
      const { port } = server.address() as { port: number }
      const rpc = { COLOPHON_RPC_URL: `http://127.0.0.1:${port}`, COLOPHON_REGISTRY: registry }
      const waiting = async (...args: string[]): Promise<ReturnType<typeof start>> => {
        asked = 0
        const started = start(args, { cwd, env: rpc })
        while (asked < 2 && started.child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 10))
        started.child.kill('SIGINT')
        return started
      }
      const verifying = await (await waiting('verify', `0x${'12'.repeat(32)}`)).ended
      expect([verifying.code, verifying.err]).to.satisfy(
        ([status, text]: [number, string]) => status === 130 && text.includes('Interrupted'),
      )
      // A single question to the chain is not cut short at the first.
      const { child, ended } = await waiting('receipt', `0x${'12'.repeat(32)}`)
      await new Promise((resolve) => child.stderr!.once('data', resolve))
      child.kill('SIGINT')
      const { code, err } = await ended
      expect([code, err]).to.satisfy(([status, text]: [number, string]) => status === 130 && text.includes('Ctrl-C again'))
    } finally {
      server.closeAllConnections()
      server.close()
    }
  })

  it('says what is wrong with places', async () => {
    const code = async (...args: string[]): Promise<[number | null, string]> => {
      const ran = await colophon([...args, '--json'])
      return [ran.code, ran.json().error.code]
    }
    expect(await code('deposit', '--submit', '.')).to.deep.equal([2, 'SOURCE_NOT_READABLE'])
    expect(await code('fingerprint', '.')).to.deep.equal([2, 'SOURCE_NOT_READABLE'])
    expect(await code('verify', 'essay.md', '--document', 'none.json')).to.deep.equal([2, 'SOURCE_NOT_FOUND'])
    writeFileSync(join(cwd, 'rich.key'), chain.accounts[0]!.privateKey)
    const store = ['seal', 'essay.md', '--title', 'x', '--yes', '--key-file', 'rich.key', '--out', 's.json', '--store', 'essay.md']
    expect(await code(...store)).to.deep.equal([3, 'STORAGE_NOT_WRITABLE'])
    expect(existsSync(join(cwd, 's.json'))).to.equal(false)
    const doctor = await colophon(['doctor', '--store', 'essay.md', '--account', '0'])
    expect(doctor.code).to.equal(1)
    // Without an account one can still look and verify.
    expect(doctor.out).to.include('✗  block store').and.include('–  account')
  })
})
