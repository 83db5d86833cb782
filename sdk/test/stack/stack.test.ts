import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { JsonRpcProvider, Wallet } from 'ethers'
import { ColophonError } from '../../src/errors/index.ts'
import { createColophon } from '../../src/index.ts'
import { devAccount, findAnvil, type Stack, startStack } from '../../src/stack/index.ts'
import { replayRecipe } from '../../src/stack-recipe/index.ts'
import { startChain } from '../chain.ts'
import { run, start } from '../cli/command.ts'
import { expectError } from '../expectError.ts'

describe('stack', () => {
  const folder = mkdtempSync(join(tmpdir(), 'colophon-stacks-'))
  after(() => rmSync(folder, { recursive: true, force: true }))

  const work = { contentHash: `0x${'7a'.repeat(32)}` } as const
  async function deposit(stack: Stack): Promise<string> {
    const provider = new JsonRpcProvider(stack.url, undefined, { cacheTimeout: -1, pollingInterval: 20 })
    try {
      const signer = new Wallet(stack.accounts[1]!.privateKey, provider)
      return (await createColophon({ signer, deployment: stack.deployment }).deposits.create(work)).id
    } finally {
      provider.destroy()
    }
  }

  it('is a chain with the contracts and funded accounts, and ends when told', async () => {
    const steps: string[] = []
    const stack = await startStack({ port: 0, onProgress: ({ stage, done, total }) => steps.push(`${stage} ${done}/${total}`) })
    expect(stack.url).to.match(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(stack.accounts.map(({ address }) => address)).to.deep.equal(Array.from({ length: 10 }, (_, index) => devAccount(index).address))
    expect(await deposit(stack)).to.match(/^0x[0-9a-f]{64}$/)
    expect(steps[0]).to.equal('start 0/1')
    expect(steps.at(-1)).to.match(/^deploy (\d+)\/\1$/)
    await stack.stop()
    await stack.ended
    await stack.stop()
    const gone = await fetch(stack.url).catch((error: unknown) => error)
    expect(gone).to.be.instanceOf(Error)
  })

  it('keeps its state in a file when asked to', async () => {
    const state = join(folder, 'chain.json')
    const first = await startStack({ port: 0, state })
    const id = await deposit(first)
    await first.stop()
    expect(existsSync(state)).to.equal(true)
    const second = await startStack({ port: 0, state })
    try {
      const provider = new JsonRpcProvider(second.url)
      const { deposits } = createColophon({ provider, deployment: second.deployment })
      expect((await deposits.get(id))?.work.contentHash).to.equal(work.contentHash)
      provider.destroy()
    } finally {
      await second.stop()
    }
  })

  it('says when the port is taken, and when it was told to stop', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as { port: number }
    await expectError('PORT_TAKEN', () => startStack({ port }))
    const ran = await run(['stack', '--port', String(port), '--json'], { cwd: folder })
    expect([ran.code, ran.json().error.code]).to.deep.equal([3, 'PORT_TAKEN'])
    server.close()

    const stop = new AbortController()
    const reason = new Error('enough')
    const starting = startStack({ port: 0, signal: stop.signal, onProgress: () => stop.abort(reason) }).catch((error: unknown) => error)
    expect(await starting).to.equal(reason)
    const early = AbortSignal.abort(reason)
    expect(await startStack({ port: 0, signal: early }).catch((error: unknown) => error)).to.equal(reason)
  })

  it('says when anvil does not start', async () => {
    const broken = join(folder, 'broken.json')
    await import('node:fs/promises').then(({ writeFile }) => writeFile(broken, 'no state'))
    const error = await expectError('STACK_FAILED', () => startStack({ port: 0, state: broken }))
    expect(error.details.output).to.be.a('string')
  })

  it('finds anvil in its package, else on the path, else says how to get it', () => {
    expect(findAnvil()).to.include('node_modules')
    const { arch, env } = process
    const path = env.PATH
    // No package is made for such a machine.
    Object.defineProperty(process, 'arch', { ...Object.getOwnPropertyDescriptor(process, 'arch'), value: 'pdp11' })
    try {
      env.PATH = `:${join(folder, 'none')}`
      expect(findAnvil).to.throw(ColophonError).with.property('code', 'ANVIL_MISSING')
      for (const place of ['bin', join('node_modules', '.bin')]) {
        mkdirSync(join(folder, place), { recursive: true })
        writeFileSync(join(folder, place, 'anvil'), '', { mode: 0o755 })
      }
      env.PATH = `${join(folder, 'node_modules', '.bin')}:${join(folder, 'bin')}`
      expect(findAnvil()).to.equal(join(folder, 'bin', 'anvil'))
    } finally {
      env.PATH = path
      Object.defineProperty(process, 'arch', { ...Object.getOwnPropertyDescriptor(process, 'arch'), value: arch })
    }
  })

  it('sets up nothing on a chain that was used for something else', async () => {
    const other = await startChain({ bare: true })
    try {
      await (await other.accounts[0]!.sendTransaction({ to: other.accounts[1]!.address, value: 1n })).wait()
      const error = await expectError('STACK_NOT_FRESH', () => replayRecipe(other.provider))
      expect(error.details.nonce).to.equal(1)
    } finally {
      await other.stop()
    }
  })

  it('runs from the command line until Ctrl-C', async () => {
    const { child, ended } = start(['stack', '--port', '0', '--json'], { cwd: folder })
    const line = await new Promise<string>((resolve) => {
      let out = ''
      child.stdout!.on('data', (chunk: Buffer) => {
        out += chunk.toString()
        if (out.endsWith('}\n')) resolve(out)
      })
    })
    const { rpcUrl, chainId, contracts, accounts } = JSON.parse(line)
    expect(chainId).to.equal(31_337)
    expect(accounts).to.have.length(10)
    const provider = new JsonRpcProvider(rpcUrl)
    expect((await provider.getCode(contracts.CopyrightRegistry)).length).to.be.greaterThan(1000)
    provider.destroy()
    child.kill('SIGINT')
    expect((await ended).code).to.equal(0)
  })

  for (const way of ['exit', 'throw', 'SIGKILL'])
    it(`ends with the app that started it: ${way}`, async () => {
      const temporary = join(folder, way)
      const state = join(temporary, 'chain.json')
      mkdirSync(temporary)
      const { NODE_V8_COVERAGE: _, ...env } = process.env
      const app = spawn(process.execPath, [join(import.meta.dirname, 'endBadly.ts'), state, way], {
        env: { ...env, TMPDIR: temporary, TEMP: temporary },
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      const ended = once(app, 'exit')
      const url = await new Promise<string>((resolve) => app.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString().trim())))
      if (way === 'SIGKILL') {
        expect((await fetch(url)).status).to.be.a('number')
        app.kill('SIGKILL')
      }
      await ended
      const listens = (): Promise<boolean> =>
        fetch(url).then(
          () => true,
          () => false,
        )
      // Ending takes its time; the test's own time is the limit.
      while ((await listens()) || readdirSync(temporary).some((name) => name.startsWith('colophon-stack-')))
        await new Promise((resolve) => setTimeout(resolve, 50))
      // It was asked to end, and not only killed.
      expect(existsSync(state)).to.equal(true)
    })

  it('says when the chain ends by itself', async () => {
    const { child, ended } = start(['stack', '--port', '0', '--json'], { cwd: folder })
    await new Promise((resolve) => child.stdout!.once('data', resolve))
    const { execFileSync } = await import('node:child_process')
    execFileSync('pkill', ['-KILL', '-P', String(child.pid)])
    const { code, err, out } = await ended
    expect(code, out + err).to.equal(3)
    expect(out).to.include('STACK_FAILED')
  })
})
