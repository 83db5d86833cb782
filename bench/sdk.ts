// `npm run bench:sdk`: deposits per second through the SDK against anvil on loopback, beside the same calls made with ethers alone; and the time from
// installing the packed SDK in an empty project to its first deposit, on each Node line. Writes bench/results/sdk.json and the tables in
// docs/benchmarks.md; takes about two minutes, most of them npm's.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { type Colophon, createColophon, type WorkFields } from '@colophon/sdk'
import { CopyrightRegistry__factory } from '@colophon/sdk/contracts'
import { type Stack, startStack } from '@colophon/sdk/stack'
import { hexlify, JsonRpcProvider, Wallet } from 'ethers'
import { packSdk } from '../scripts/ci/packSdk.ts'
import { temporaryFolder } from '../scripts/temporary.ts'
import { numbers, replaceSection } from './report.ts'
import { table } from './table.ts'

const root = join(import.meta.dirname, '..')

/** How often each way is measured; the best run counts, which other work on the machine has disturbed least. */
const RUNS = 2

const MEASURED = "await import('./first.mjs'); const { user, system } = process.cpuUsage(); console.log(process.version, user + system)"

interface Way {
  name: string
  deposits: number
  perSecond: number
  /** Milliseconds of this process's processor for one deposit. */
  cpuMs: number
}

interface First {
  node: string
  installS: number
  /** From the start of Node until the deposit is on the chain and the program has ended, the local chain and its contracts included. */
  depositS: number
  cpuS: number
}

const next = numbers(7)
const work = (): WorkFields => ({
  contentHash: hexlify(Uint8Array.from({ length: 32 }, () => Math.floor(next() * 256))) as `0x${string}`,
  fingerprintType: 1,
})

async function ways(): Promise<Way[]> {
  const stack = await startStack({ port: 0 })
  const provider = new JsonRpcProvider(stack.url, undefined, { cacheTimeout: -1, pollingInterval: 20 })
  try {
    return await measured(stack, provider)
  } finally {
    provider.destroy()
    await stack.stop()
  }
}

async function measured(stack: Stack, provider: JsonRpcProvider): Promise<Way[]> {
  const clientOf = (index: number): Colophon => createColophon({ signer: new Wallet(stack.accounts[index]!.privateKey, provider) })
  const { deposits } = clientOf(1)
  const crowd = clientOf(2).deposits
  const many = clientOf(3).deposits
  const wallet = new Wallet(stack.accounts[4]!.privateKey, provider)
  const registry = CopyrightRegistry__factory.connect(stack.deployment.contracts.CopyrightRegistry!.address, wallet)
  const zero = `0x${'0'.repeat(64)}`
  const ether = async (): Promise<void> => {
    const { contentHash, fingerprintType } = work()
    const sent = await registry.deposit({ contentHash, fingerprint: zero, fingerprintType: fingerprintType!, metadata: zero, salt: zero })
    await sent.wait()
  }
  const kinds: [name: string, count: number, run: (count: number) => Promise<unknown>][] = [
    ['ethers alone: one after the other', 50, (count) => inTurn(count, ether)],
    ['`create`, one after the other', 50, (count) => inTurn(count, () => deposits.create(work()))],
    ['`create`, 200 at once', 200, (count) => Promise.all(Array.from({ length: count }, () => crowd.create(work())))],
    ['`createMany` of 200', 200, (count) => many.createMany(Array.from({ length: count }, work))],
  ]
  const best = new Map<string, Way>()
  for (let time = 0; time <= RUNS; time++)
    for (const [name, count, run] of kinds) {
      const [clock, cpu] = [performance.now(), process.cpuUsage()]
      await run(count)
      const { user, system } = process.cpuUsage(cpu)
      const perSecond = (1000 * count) / (performance.now() - clock)
      // The first round loads code.
      if (time > 0 && perSecond > (best.get(name)?.perSecond ?? 0))
        best.set(name, {
          name,
          deposits: count,
          perSecond: Math.round(perSecond * 10) / 10,
          cpuMs: Math.round((user + system) / count / 100) / 10,
        })
    }
  return [...best.values()]
}

async function inTurn(count: number, run: () => Promise<unknown>): Promise<void> {
  for (let time = 0; time < count; time++) await run()
}

function first(version: string, tarball: string): First {
  const folder = temporaryFolder(`first${version}`)
  // The Node itself is what a newcomer has already.
  const node = nodeOf(version)
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  const began = performance.now()
  const flags = ['--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline']
  run('npm', ['install', ...flags, tarball, 'ethers@6.17.0', '@foundry-rs/anvil@1.7.1'], folder)
  const installed = performance.now()
  cpSync(join(root, 'examples', 'first.mjs'), join(folder, 'first.mjs'))
  cpSync(join(root, 'examples', 'media'), join(folder, 'media'), { recursive: true })
  const started = performance.now()
  const said = run(node, ['--input-type=module', '-e', MEASURED], folder)
  const ended = performance.now()
  const [, shown, micros] = /(v[\d.]+) (\d+)\s*$/.exec(said)!
  const seconds = (ms: number): number => Math.round(ms / 100) / 10
  return { node: shown!, installS: seconds(installed - began), depositS: seconds(ended - started), cpuS: seconds(Number(micros) / 1000) }
}

/** A Node of this line: the one that runs this, or one from the registry. */
function nodeOf(version: string): string {
  if (process.version.startsWith(`v${version}.`)) return process.execPath
  const folder = temporaryFolder(`node${version}`)
  run('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', '--loglevel=error', `node@${version}`], folder)
  return join(folder, 'node_modules', 'node', 'bin', 'node')
}

function run(command: string, args: string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}:\n${stderr}`)
  return stdout
}

const load = Math.round(loadavg()[0]! * 10) / 10
const machine = { node: process.version, cpu: cpus()[0]!.model, cores: availableParallelism(), load }
const found = await ways()
console.log(JSON.stringify(found))
const { tarball } = packSdk()
const firsts = ['20', '22', '24'].map((version) => first(version, tarball))
mkdirSync(join(root, 'bench', 'results'), { recursive: true })
writeFileSync(join(root, 'bench', 'results', 'sdk.json'), `${JSON.stringify({ machine, ways: found, firsts }, null, 2)}\n`)
const about = `Node ${machine.node}, ${machine.cpu}, ${machine.cores} cores, load average ${machine.load} at the start.`
const waysTable = table(
  ['way', 'deposits a second', 'processor of the client, ms each'],
  found.map(({ name, perSecond, cpuMs }) => [name, String(perSecond), String(cpuMs)]),
)
const firstsTable = table(
  ['Node', 'installing, s', 'first deposit, s', 'its processor, s'],
  firsts.map(({ node, installS, depositS, cpuS }) => [node, String(installS), String(depositS), String(cpuS)]),
)
replaceSection(join(root, 'docs', 'benchmarks.md'), 'sdk', `${about}\n\n${waysTable}\n\n${firstsTable}`)
console.log(`${waysTable}\n\n${firstsTable}`)
