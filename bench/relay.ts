// `npm run bench:relay`: 1,000 signed deposits from 100 clients at once through a relay in a process of its own, on anvil with a block every second;
// each mode once undisturbed and once with the relay killed (SIGKILL) in the middle and started again. Every deposit is then looked up on the chain:
// the run fails if one is lost, or if the account sent a transaction more than it takes. Writes bench/results/relay.json and the table in docs/benchmarks.md.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createDeposits, type Deposits, idOf, type SignedDeposit } from '@colophon/sdk'
import { createRelayClient, type RelayClient } from '@colophon/sdk/relay'
import { startStack } from '@colophon/sdk/stack'
import { hexlify, JsonRpcProvider, Wallet } from 'ethers'
import { temporaryFolder } from '../scripts/temporary.ts'
import { median, numbers, replaceSection } from './report.ts'
import { table } from './table.ts'

/** `-- --once` only prints one undisturbed run. */
const { once: single } = parseArgs({ options: { once: { type: 'boolean', default: false } } }).values
const CLIENTS = 100
const DEPOSITS_EACH = 10
const root = join(import.meta.dirname, '..')
const folder = temporaryFolder('bench-relay')
const main = join(root, 'sdk', 'dist', 'cli', 'main.js')

interface Run {
  mode: 'record' | 'anchor'
  killed: boolean
  deposits: number
  /** Milliseconds from sending a request until its 202. */
  accepted: { p50: number; p95: number; p99: number }
  /** Seconds from the first request until all were accepted, and until the last was on the chain. */
  acceptedAllS: number
  onChainAllS: number
  transactions: number
  gasPerDeposit: number
  relay: { cpuS: number; peakMB: number; journalFlushes: number }
  lost: number
  doubled: number
}

/** Bytes that are the same for the same seed. */
function bytesOf(next: () => number): string {
  return hexlify(Uint8Array.from({ length: 32 }, () => Math.floor(next() * 256)))
}

interface Started {
  child: ChildProcess
  url: string
}

async function startRelay(rpc: string, name: string, mode: string, port: number): Promise<Started> {
  const args = [
    'relay',
    '--rpc',
    rpc,
    '--account',
    '9',
    '--folder',
    join(folder, name),
    '--mode',
    mode,
    '--quota',
    'none=1000',
    '--port',
    String(port),
  ]
  const child = spawn(process.execPath, [main, ...args, '--rate', '100000', '--burst', '100000', '--batch-seconds', '1', '--json'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let out = ''
  for await (const chunk of child.stdout!) {
    out += String(chunk)
    if (out.trimEnd().endsWith('}')) break
  }
  return { child, url: (JSON.parse(out) as { url: string }).url }
}

async function stopRelay({ child }: Started, signal: NodeJS.Signals): Promise<void> {
  const ended = once(child, 'exit')
  child.kill(signal)
  await ended
}

/** Seconds of processor time and peak memory of a process so far. */
function costOf({ child }: Started): { cpuS: number; peakMB: number } {
  const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))![1]
  return { cpuS: (Number(fields[11]) + Number(fields[12])) / 100, peakMB: Math.round(Number(peak) / 1024) }
}

function quantile(sorted: readonly number[], share: number): number {
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!)
}

async function measure(mode: Run['mode'], killed: boolean): Promise<Run> {
  const stack = await startStack({ port: 0, blockTime: 1 })
  const provider = new JsonRpcProvider(stack.url, undefined, { cacheTimeout: -1, staticNetwork: true })
  const sponsor = stack.accounts[9]!.address
  const next = numbers(mode === 'record' ? 1 : 2)
  const clients = Array.from({ length: CLIENTS }, () => new Wallet(bytesOf(next), provider)).map((wallet) =>
    createDeposits({ signer: wallet }),
  )
  const signed: SignedDeposit[][] = []
  for (const client of clients)
    signed.push(
      await Promise.all(
        Array.from({ length: DEPOSITS_EACH }, () =>
          client.sign({ contentHash: bytesOf(next), fingerprint: bytesOf(next), fingerprintType: 1 }),
        ),
      ),
    )
  const name = `${mode}-${killed}`
  const before = await provider.getTransactionCount(sponsor)
  let relay = await startRelay(stack.url, name, mode, 0)
  const port = Number(new URL(relay.url).port)
  const reach = (): RelayClient => createRelayClient({ url: relay.url, provider, timeout: 60_000 })
  const client = reach()
  await client.info()
  const times: number[] = []
  const begun = performance.now()
  let restarted: Promise<void> | undefined
  const submit = async (deposit: SignedDeposit): Promise<void> => {
    const started = performance.now()
    for (;;) {
      try {
        await client.submit(deposit)
        break
      } catch (fault) {
        // While the relay is down, as a client would.
        if ((fault as { code?: string }).code !== 'RELAY_UNREACHABLE') throw fault
      }
    }
    times.push(performance.now() - started)
    if (killed && times.length === (CLIENTS * DEPOSITS_EACH) / 2)
      restarted = stopRelay(relay, 'SIGKILL').then(async () => {
        relay = await startRelay(stack.url, name, mode, port)
      })
  }
  await Promise.all(signed.flat().map(submit))
  await restarted
  const acceptedAllS = (performance.now() - begun) / 1000
  const ids = signed.flat().map(({ claimant, work }) => idOf(claimant, work))
  let open = signed.flat()
  while (open.length > 0 && performance.now() - begun < 120_000) {
    await new Promise((resolve) => setTimeout(resolve, 200))
    const states = await Promise.all(open.slice(0, 50).map(({ claimant, work }) => client.status(idOf(claimant, work))))
    if (states.every(({ state }) => state === 'settled')) open = open.slice(50)
  }
  const onChainAllS = (performance.now() - begun) / 1000
  const cost = costOf(relay)
  const metrics = await (await fetch(`${relay.url}/metrics`)).text()
  // From the chain alone, with proofs where there is no record.
  const reader: Deposits = createDeposits({ provider })
  const receipts: (string | undefined)[] = []
  for (let at = 0; at < ids.length; at += 50)
    receipts.push(
      ...(await Promise.all(
        signed
          .flat()
          .slice(at, at + 50)
          .map(async (deposit) =>
            mode === 'record'
              ? (
                  await reader.get(idOf(deposit.claimant, deposit.work))
                )?.record.transaction
              : (
                  await client.receipt(deposit, { timeout: 1000 }).catch(() => undefined)
                )?.anchor?.transaction,
          ),
      )),
    )
  const transactions = new Set(receipts.filter((hash) => hash !== undefined))
  const sent = (await provider.getTransactionCount(sponsor)) - before
  let gas = 0n
  for (const hash of transactions) gas += (await provider.getTransactionReceipt(hash))!.gasUsed
  await stopRelay(relay, 'SIGINT')
  provider.destroy()
  await stack.stop()
  times.sort((a, b) => a - b)
  return {
    mode,
    killed,
    deposits: ids.length,
    accepted: { p50: Math.round(median(times)), p95: quantile(times, 0.95), p99: quantile(times, 0.99) },
    acceptedAllS: round(acceptedAllS),
    onChainAllS: round(onChainAllS),
    transactions: sent,
    gasPerDeposit: Math.round(Number(gas) / ids.length),
    relay: { ...cost, journalFlushes: Number(/^colophon_relay_disk_flushes (\d+)/m.exec(metrics)![1]) },
    lost: receipts.filter((hash) => hash === undefined).length,
    doubled: sent - transactions.size,
  }
}

function round(seconds: number): number {
  return Math.round(seconds * 10) / 10
}

if (single) {
  process.stdout.write(`${JSON.stringify(await measure('record', false))}\n`)
  process.exit()
}
const runs: Run[] = []
for (const mode of ['record', 'anchor'] as const)
  for (const killed of [false, true]) {
    const run = await measure(mode, killed)
    process.stdout.write(`${JSON.stringify(run)}\n`)
    runs.push(run)
  }
rmSync(folder, { recursive: true, force: true })
mkdirSync(join(root, 'bench', 'results'), { recursive: true })
const machine = { node: process.version, cpu: cpus()[0]!.model, cores: availableParallelism(), load: Math.round(loadavg()[2]! * 10) / 10 }
writeFileSync(join(root, 'bench', 'results', 'relay.json'), `${JSON.stringify({ machine, clients: CLIENTS, runs }, null, 2)}\n`)
replaceSection(
  join(root, 'docs', 'benchmarks.md'),
  'relay',
  `Node ${machine.node}, ${machine.cpu}, ${machine.cores} cores, load average ${machine.load} meanwhile.\n\n${table(
    [
      'mode',
      'relay killed',
      'accepted p50 / p95 / p99, ms',
      'all accepted, s',
      'all on chain, s',
      'transactions',
      'gas each',
      'relay CPU, s / peak, MB',
      'lost',
      'doubled',
    ],
    runs.map(({ mode, killed, accepted, acceptedAllS, onChainAllS, transactions, gasPerDeposit, relay, lost, doubled }) => [
      mode,
      killed ? 'once' : 'no',
      `${accepted.p50} / ${accepted.p95} / ${accepted.p99}`,
      String(acceptedAllS),
      String(onChainAllS),
      String(transactions),
      gasPerDeposit.toLocaleString('en'),
      `${relay.cpuS} / ${relay.peakMB}`,
      String(lost),
      String(doubled),
    ]),
  )}`,
)
if (runs.some(({ lost, doubled }) => lost > 0 || doubled > 0)) throw new Error('Deposits were lost or sent twice; see above.')
