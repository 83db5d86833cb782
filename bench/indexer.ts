// `npm run bench:indexer`: 100,000 events of a real chain (anvil on loopback) into SQLite and PostgreSQL, each by a process of its own whose memory is
// measured; then questions to what it wrote. Writes bench/results/indexer.json and the table in docs/benchmarks.md; takes two minutes.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installPeer } from '../scripts/setup/peers.ts'
import { CopyrightRegistry__factory } from '../sdk/src/contracts/index.ts'
import { createIndexer, type DatabasePlace, openDatabase, type Queries } from '../sdk/src/indexer/index.ts'
import { startChain } from '../sdk/test/chain.ts'
import { startPostgres } from '../sdk/test/indexer/databases.ts'
import { median, replaceSection } from './report.ts'
import { table } from './table.ts'

interface Run {
  seconds: number
  /** Of the indexing process alone: on a busy machine it says more than the time that went by. */
  cpuSeconds: number
  eventsPerSecond: number
  /** Most memory that the process had, in MiB. */
  rssMB: number
}

const EVENTS = Number(process.env.COLOPHON_BENCH_EVENTS ?? 100_000)
/** Works of one transaction, which is a block of its own. */
const BATCH = 100

await measure()

/** Indexes in a process of its own. */
async function indexed(url: string, place: DatabasePlace): Promise<Run> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'indexerProcess.mjs'), url, JSON.stringify(place)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const code = await new Promise((resolve) => child.once('close', resolve))
  if (code !== 0) throw new Error(`the indexer ended with ${code}`)
  return JSON.parse(said) as Run
}

/** Milliseconds of each question, the middle of 50. */
async function asked(queries: Queries, claimant: string): Promise<Record<string, number>> {
  const [first] = (await queries.works({ order: 'oldest', limit: 1 })).items
  const questions: Record<string, () => Promise<unknown>> = {
    newest: () => queries.works({ limit: 50 }),
    byClaimant: () => queries.works({ claimant, limit: 50 }),
    byContent: () => queries.works({ contentHash: first!.work.contentHash }),
    byId: () => queries.work(first!.id),
    events: () => queries.events({ contract: 'CopyrightRegistry', event: 'Deposited', limit: 50 }),
  }
  const found: Record<string, number> = {}
  for (const [name, ask] of Object.entries(questions)) {
    const times: number[] = []
    for (let time = 0; time < 50; time++) {
      const started = performance.now()
      await ask()
      times.push(performance.now() - started)
    }
    found[name] = Math.round(median(times) * 100) / 100
  }
  return found
}

async function measure(): Promise<void> {
  const root = join(import.meta.dirname, '..')
  const folder = mkdtempSync(join(tmpdir(), 'colophon-bench-indexer-'))
  const chain = await startChain({ args: ['--gas-limit', '1000000000'] })
  const postgres = installPeer('pg') ? await startPostgres() : undefined
  try {
    const [, ada] = chain.accounts
    const to = chain.deployment.contracts.CopyrightRegistry!.address
    const { selector } = CopyrightRegistry__factory.createInterface().getFunction('depositMany')
    const word = (number: number): string => number.toString(16).padStart(64, '0')
    const random = (): string => randomBytes(32).toString('hex')
    /** A deposit: SHA-256 and fingerprint by chance, PDQ, without document and salt. */
    const work = (): string => random() + random() + word(1) + word(0) + word(0)
    const filling = performance.now()
    let nonce = await ada!.getNonce()
    for (let made = 0; made < EVENTS; ) {
      const sent = []
      for (let at = 0; at < 10 && made < EVENTS; at++, made += BATCH) {
        const data = selector + word(32) + word(BATCH) + Array.from({ length: BATCH }, work).join('')
        const order = `0x${(nonce++).toString(16)}`
        sent.push(chain.provider.send('eth_sendTransaction', [{ from: ada!.address, to, data, gas: '0x7a1200', nonce: order }]))
      }
      await Promise.all(sent)
    }
    // Sent is not mined.
    while ((await ada!.getNonce('latest')) < nonce) await new Promise((resolve) => setTimeout(resolve, 200))
    console.log(`${EVENTS.toLocaleString('en')} events made in ${((performance.now() - filling) / 1000).toFixed(0)} s`)
    const blocks = await chain.provider.getBlockNumber()

    const file = join(folder, 'chain.db')
    const sqlite = { ...(await indexed(chain.url, { file })), fileMB: Math.round(statSync(file).size / 2 ** 20) }
    console.log('sqlite', sqlite)
    let database = await openDatabase({ file })
    const works = await createIndexer({ provider: chain.provider, database }).queries.status()
    if (works.works !== EVENTS) throw new Error(`${works.works} works were indexed, and there are ${EVENTS}.`)
    const sqliteMs = await asked(createIndexer({ provider: chain.provider, database }).queries, ada!.address)
    await database.close()

    let postgresRun: (Run & { ms: Record<string, number> }) | undefined
    if (postgres !== undefined) {
      const place = { postgres: await postgres.create() }
      const run = await indexed(chain.url, place)
      database = await openDatabase(place)
      postgresRun = { ...run, ms: await asked(createIndexer({ provider: chain.provider, database }).queries, ada!.address) }
      await database.close()
      console.log('postgres', postgresRun)
    }

    const results = { events: EVENTS, blocks, node: process.version, sqlite: { ...sqlite, ms: sqliteMs }, postgres: postgresRun ?? null }
    mkdirSync(join(root, 'bench', 'results'), { recursive: true })
    writeFileSync(join(root, 'bench', 'results', 'indexer.json'), `${JSON.stringify(results, null, 2)}\n`)
    const row = (name: string, run: Run, ms: Record<string, number>): string[] => [
      name,
      run.eventsPerSecond.toLocaleString('en'),
      run.seconds.toFixed(1),
      run.cpuSeconds.toFixed(1),
      String(run.rssMB),
      ...[ms.newest, ms.byClaimant, ms.byContent, ms.byId, ms.events].map(String),
    ]
    replaceSection(
      join(root, 'docs', 'benchmarks.md'),
      'bench:indexer',
      [
        table(
          ['', 'events/s', 'seconds', 'of CPU', 'memory, MiB', '50 newest', '50 of one claimant', 'by SHA-256', 'by id', '50 events'],
          [row('SQLite', sqlite, sqliteMs), ...(postgresRun === undefined ? [] : [row('PostgreSQL', postgresRun, postgresRun.ms)])],
        ),
        '',
        `${EVENTS.toLocaleString('en')} deposits in ${blocks.toLocaleString('en')} blocks; the file of SQLite has ${sqlite.fileMB} MiB. Questions in milliseconds, the middle of 50.`,
      ].join('\n'),
    )
  } finally {
    await postgres?.stop()
    await chain.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
