// `npm run bench:batch`: a million synthetic records and 5,000 real files under one anchor each, every batch in a process of its own that is killed (SIGKILL)
// once on the way and started again; then proofs of items read one by one from the disk, and checked by the registry. Memory is the peak of that
// process with its threads. The files are the examples with seeded changes: photographs cropped and brightened, texts with other words. Writes
// bench/results/batch.json and the table in docs/benchmarks.md. `-- --records N --files N` are other sizes.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createColophon } from '@colophon/sdk'
import { type BatchItem, openBatch } from '@colophon/sdk/batch'
import { CopyrightRegistry__factory } from '@colophon/sdk/contracts'
import { startStack } from '@colophon/sdk/stack'
import { JsonRpcProvider, Wallet } from 'ethers'
import sharp from 'sharp'
import { temporaryFolder } from '../scripts/temporary.ts'
import { median, numbers, replaceSection } from './report.ts'
import { table } from './table.ts'

const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '1000000' },
    files: { type: 'string', default: '5000' },
    // A process of the benchmark itself: which batch, its folder, the RPC and how many.
    child: { type: 'string' },
    out: { type: 'string' },
    rpc: { type: 'string' },
    count: { type: 'string' },
  },
})
const root = join(import.meta.dirname, '..')
const ACCOUNT = 1

/** Works that are the same each time. */
function* synthetic(count: number): Generator<BatchItem> {
  const next = numbers(7)
  const word = (): Uint8Array => {
    const bytes = new Uint8Array(32)
    const view = new DataView(bytes.buffer)
    for (let at = 0; at < 32; at += 4) view.setUint32(at, next() * 2 ** 32)
    return bytes
  }
  for (let index = 0; index < count; index++)
    yield { key: `catalogue/${index}`, work: { contentHash: word(), fingerprint: word(), fingerprintType: 1, metadata: word() } }
}

/** Files of the examples with seeded changes, nine texts for each photograph. */
async function generate(folder: string, count: number): Promise<void> {
  const next = numbers(11)
  const words = readFileSync(join(root, 'examples', 'media', 'on-colophons.md'), 'utf8').split(/\s+/)
  const photo = readFileSync(join(root, 'examples', 'media', 'coffee.jpg'))
  for (let index = 0; index < count; index++) {
    const place = join(folder, String(index % 50))
    mkdirSync(place, { recursive: true })
    if (index % 10 === 0) {
      const left = Math.floor(next() * 100)
      const top = Math.floor(next() * 100)
      const image = sharp(photo)
        .extract({ left, top, width: 480, height: 280 })
        .modulate({ brightness: 0.8 + next() * 0.4 })
      writeFileSync(join(place, `photo-${index}.jpg`), await image.jpeg({ quality: 85 }).toBuffer())
    } else {
      const text = Array.from({ length: 200 }, () => words[Math.floor(next() * words.length)])
      writeFileSync(join(place, `text-${index}.txt`), `${text.join(' ')}\n`)
    }
  }
}

/** What a process of the benchmark does: one batch, telling its progress. */
async function runBatch(kind: string, out: string, rpc: string, count: number): Promise<void> {
  const signer = new Wallet(
    (await import('@colophon/sdk/stack')).devAccount(ACCOUNT).privateKey,
    new JsonRpcProvider(rpc, undefined, { cacheTimeout: -1 }),
  )
  const { deposits } = createColophon({ signer })
  const source = kind === 'records' ? synthetic(count) : join(out, '..', 'media')
  let stage = ''
  const started = performance.now()
  const made = await deposits.createBatch(source, {
    out,
    layers: 'signature',
    onProgress: (progress) => {
      const { done, secondsLeft } = progress
      if (progress.stage !== stage || progress.stage === 'take')
        process.stdout.write(
          `${JSON.stringify({ stage: progress.stage, done, secondsLeft, at: Math.round(performance.now() - started) })}\n`,
        )
      stage = progress.stage
    },
  })
  const peakMB = Math.round(process.resourceUsage().maxRSS / 1024)
  process.stdout.write(
    `${JSON.stringify({ end: true, root: made.anchor.root, count: made.count, at: Math.round(performance.now() - started), peakMB, cpuS: cpuSeconds() })}\n`,
  )
  process.exit()
}

interface Line {
  stage?: string
  done?: number
  secondsLeft?: number
  at: number
  end?: true
  root?: string
  count?: number
  peakMB?: number
  cpuS?: number
}

/** Runs one batch in a process; kills it once so many are taken, if asked to. */
async function child(kind: string, out: string, rpc: string, count: number, killAt?: number): Promise<Line[]> {
  const args = ['--child', kind, '--out', out, '--rpc', rpc, '--count', String(count)]
  const running = spawn(process.execPath, [import.meta.filename, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  const lines: Line[] = []
  let rest = ''
  running.stdout.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split('\n')
    rest = parts.pop()!
    for (const part of parts) {
      const line = JSON.parse(part) as Line
      lines.push(line)
      if (killAt !== undefined && line.stage === 'take' && line.done! >= killAt) running.kill('SIGKILL')
    }
  })
  await once(running, 'close')
  if (killAt === undefined && lines.at(-1)?.end !== true) throw new Error(`The batch of ${kind} failed.`)
  return lines
}

interface Result {
  works: number
  /** Works that a second took, before the kill. */
  takenPerS: number
  /** Seconds of the second process, in which everything from the kill on was done: taking, then tree, index and anchor. */
  resumedS: number
  afterTakingS: number
  /** Seconds of the processor in that process, threads included. */
  cpuS: number
  peakMB: number
  diskMB: number
  gas: number
  gasPerWork: number
  /** Milliseconds to open the batch, and to read one proof without loading the others. */
  openMs: number
  proofMs: number
  /** Resident memory that the reader took, in MB. */
  readerMB: number
}

async function measure(kind: 'records' | 'files', folder: string, rpc: string, count: number): Promise<Result> {
  const out = join(folder, kind)
  const killed = await child(kind, out, rpc, count, Math.floor(count * 0.6))
  const last = killed.findLast(({ stage }) => stage === 'take')!
  const lines = await child(kind, out, rpc, count)
  const end = lines.at(-1)!
  if (end.count !== count) throw new Error(`${end.count} of ${count} ${kind} are under the anchor.`)
  const taken = lines.findLast(({ stage }) => stage === 'take')!
  const provider = new JsonRpcProvider(rpc, undefined, { cacheTimeout: -1 })
  const before = process.memoryUsage().rss
  const opening = performance.now()
  const batch = await openBatch(out)
  const openMs = performance.now() - opening
  const next = numbers(3)
  const times: number[] = []
  const registry = CopyrightRegistry__factory.connect(createAddress(await batch.receipt(0)), provider)
  for (let index = 0; index < 200; index++) {
    const item = Math.floor(next() * count)
    const started = performance.now()
    await batch.proof(item)
    times.push(performance.now() - started)
    if (index % 20 !== 0) continue
    const { claimant, work, anchor } = await batch.receipt(item)
    if ((await registry.verifyAnchored(batch.root, claimant, work, [...anchor!.proof])) === 0n)
      throw new Error(`The proof of ${item} is wrong.`)
  }
  const { transaction } = (await batch.receipt(0)).anchor!
  const gas = Number((await provider.getTransactionReceipt(transaction))!.gasUsed)
  const readerMB = (process.memoryUsage().rss - before) / 2 ** 20
  await batch.close()
  provider.destroy()
  const size = (name: string): number => statSync(join(out, name)).size
  return {
    works: count,
    takenPerS: Math.round((last.done! * 1000) / last.at),
    resumedS: round(end.at / 1000),
    afterTakingS: round((end.at - taken.at) / 1000),
    cpuS: end.cpuS!,
    peakMB: end.peakMB!,
    diskMB: round(
      ['works.bin', 'keys.bin', 'tree.merkle', 'keys.index', 'journal.jsonl'].reduce((sum, name) => sum + size(name), 0) / 2 ** 20,
    ),
    gas,
    gasPerWork: gas / count,
    openMs: round(openMs),
    proofMs: Math.round(median(times) * 100) / 100,
    readerMB: Math.max(0, Math.round(readerMB)),
  }
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return Math.round((user + system) / 1e6)
}

function createAddress({ registry }: { registry: string }): string {
  return registry
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

if (values.child !== undefined) await runBatch(values.child, values.out!, values.rpc!, Number(values.count))

const folder = temporaryFolder('bench-batch')
const load = loadavg()[0]!
const stack = await startStack({ port: 0 })
const results: Record<string, Result> = {}
try {
  if (Number(values.files) > 0) await generate(join(folder, 'media'), Number(values.files))
  for (const kind of ['records', 'files'] as const) {
    const count = Number(values[kind])
    if (count === 0) continue
    results[kind] = await measure(kind, folder, stack.url, count)
    process.stdout.write(`${kind}: ${JSON.stringify(results[kind])}\n`)
  }
} finally {
  await stack.stop()
}
const machine = { node: process.version, cpu: cpus()[0]!.model, cores: availableParallelism(), load: round(load) }
writeFileSync(join(root, 'bench', 'results', 'batch.json'), `${JSON.stringify({ machine, ...results }, null, 2)}\n`)
replaceSection(
  join(root, 'docs', 'benchmarks.md'),
  'batch',
  [
    `Node ${machine.node}, ${machine.cpu}, ${machine.cores} cores, load average ${machine.load} at the start.`,
    '',
    table(
      [
        '',
        'works',
        'taken a second',
        'after the kill, s',
        'of that tree, index, anchor, s',
        'processor, s',
        'peak memory, MB',
        'on disk, MB',
        'gas a work',
        'one proof, ms',
      ],
      Object.entries(results).map(([kind, each]) => [
        kind,
        each.works.toLocaleString('en'),
        each.takenPerS.toLocaleString('en'),
        String(each.resumedS),
        String(each.afterTakingS),
        String(each.cpuS),
        String(each.peakMB),
        String(each.diskMB),
        each.gasPerWork.toPrecision(2),
        String(each.proofMs),
      ]),
    ),
  ].join('\n'),
)
