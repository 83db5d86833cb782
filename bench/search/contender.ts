// One index in a process of its own: contender.ts KIND FOLDER COUNT. Reads FOLDER/codes, says how it was built, then answers questions.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openSimilarityIndex } from '@colophon/sdk/search'
import { openPostgresIndex } from '@colophon/sdk/search/postgres'
import { startPostgres } from '../../sdk/test/postgresServer.ts'
import { createBruteForce } from './bruteForce.ts'

export interface Question {
  code: Uint8Array
  threshold: number
}

export interface Asked {
  ms: number
  /** Milliseconds of the processor, which other work on the machine does not lengthen; of a database its server's too, where the system says. */
  cpuMs: number
  /** Places of the codes that were found; of `embedded` the numbers of works. */
  found: number[]
}

export interface Built {
  buildS: number
  /** Of the processor, which other work on the machine does not lengthen. */
  buildCpuS?: number
  /** Opening what was built before. */
  openS?: number
  openCpuS?: number
  bytesPerCode?: number
  /** After building; brute force and usearch have nothing but what they need either. */
  rssMB: number
}

type Search = (question: Question) => Promise<number[]> | number[]

/** Codes of one work, as a picture has several. */
const CODES_OF_WORK = 4
/** Most works that a question gets; families have fewer than this. */
const MOST = 10_000

const [kind, folder, given] = process.argv.slice(2) as [string, string, string]
const count = Number(given)
const codesOfFile = (): Uint8Array => new Uint8Array(readFileSync(join(folder, 'codes')))
const indexFolder = join(folder, `index-${count}`)
const rounded = (value: number): number => Number(value.toPrecision(3))
const since = (started: number): number => rounded((performance.now() - started) / 1000)
/** Seconds of the processor that this process has used. */
const cpu = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}
const rss = (): number => Math.round(process.memoryUsage().rss / 1e6)

async function bruteForce(): Promise<{ built: Built; search: Search }> {
  const { codes, search } = createBruteForce(count)
  const file = codesOfFile()
  const started = performance.now()
  codes.set(file)
  const buildS = since(started)
  return {
    built: { buildS, rssMB: Math.round((count * 32) / 1e6) },
    search: ({ code, threshold }) => search(code, threshold).map(({ place }) => place),
  }
}

function* codedWorks(
  codes: Uint8Array,
): Generator<{ id: string; features: { media: 'image'; codes: Uint8Array[]; keys: BigUint64Array } }> {
  const keys = new BigUint64Array(0)
  for (let code = 0; code < count; code += CODES_OF_WORK) {
    const own = Array.from({ length: CODES_OF_WORK }, (_, index) => codes.subarray((code + index) * 32, (code + index + 1) * 32))
    yield { id: `0x${(code / CODES_OF_WORK).toString(16).padStart(64, '0')}`, features: { media: 'image', codes: own, keys } }
  }
}

/** Seconds of the processor that the servers' processes have used which answer questions. */
let served = (): number => 0

/** Seconds that processes have been on a processor, to the nanosecond; 0 where the system does not say. */
function onProcessor(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    const file = `/proc/${pid}/schedstat`
    return existsSync(file) ? sum + Number(readFileSync(file, 'utf8').split(' ')[0]) / 1e9 : sum
  }, 0)
}

/** A server of its own, on the loopback address. */
async function postgres(): Promise<{ built: Built; search: Search } | undefined> {
  const server = await startPostgres({ shared_buffers: '2GB' })
  if (server === undefined) return undefined
  const index = await openPostgresIndex({ connection: server.connection, partitions: 2 })
  const codes = codesOfFile()
  const started = performance.now()
  await index.insertMany(codedWorks(codes))
  await index.settled()
  const buildS = since(started)
  const { rows } = await server.ask(
    "SELECT sum(pg_total_relation_size(oid))::float8 AS bytes FROM pg_class WHERE relkind = 'r' AND relname LIKE 'codes%'",
  )
  process.on('disconnect', () => void index.close().then(() => server.stop()))
  const keys = new BigUint64Array(0)
  // One connection answers one question after the other.
  await index.search({ features: { media: 'image', codes: [codes.slice(0, 32)], keys } })
  const backends = await server.ask("SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()")
  const pids = backends.rows.map(({ pid }) => pid as number)
  served = () => onProcessor(pids)
  return {
    built: { buildS, bytesPerCode: rounded((rows[0] as { bytes: number }).bytes / count), rssMB: 0 },
    search: async ({ code, threshold }) => {
      const hits = await index.search({ features: { media: 'image', codes: [code], keys } }, { threshold, k: MOST })
      return hits.map(({ id }) => Number(id))
    },
  }
}

/** Builds the index that `embedded` opens: the memory that building takes is not that of searching. */
async function embeddedBuild(): Promise<{ built: Built; search: Search }> {
  const codes = codesOfFile()
  const [started, used] = [performance.now(), cpu()]
  const writer = await openSimilarityIndex(indexFolder)
  await writer.insertMany(codedWorks(codes))
  const buildS = since(started)
  const buildCpuS = rounded(cpu() - used)
  const { bytes } = await writer.verify()
  await writer.close()
  return { built: { buildS, buildCpuS, bytesPerCode: rounded(bytes / count), rssMB: rss() }, search: () => [] }
}

async function embedded(): Promise<{ built: Built; search: Search }> {
  const [started, used] = [performance.now(), cpu()]
  const index = await openSimilarityIndex(indexFolder, { mode: 'read' })
  const openS = since(started)
  const openCpuS = rounded(cpu() - used)
  await index.settled()
  const keys = new BigUint64Array(0)
  return {
    built: { buildS: 0, openS, openCpuS, rssMB: rss() },
    search: async ({ code, threshold }) => {
      const hits = await index.search({ features: { media: 'image', codes: [code], keys } }, { threshold, k: MOST })
      return hits.map(({ id }) => Number(id))
    },
  }
}

/** What is used of usearch, which is not among the dependencies: it is 50 MB of binaries for one line of a table. */
interface Usearch {
  Index: new (
    options: object,
  ) => {
    add(keys: BigUint64Array, vectors: Float32Array): void
    search(vector: Float32Array, k: number, threads: number): { keys: BigUint64Array; distances: Float32Array }
  }
}

async function usearch(): Promise<{ built: Built; search: Search } | undefined> {
  const name = 'usearch'
  const library = (await import(name).catch(() => undefined)) as Usearch | undefined
  if (library === undefined) return undefined
  const codes = codesOfFile()
  const before = process.memoryUsage().rss
  const bits = (code: Uint8Array): Float32Array =>
    Float32Array.from({ length: code.length * 8 }, (_, bit) => (code[bit >> 3]! >> (7 - (bit & 7))) & 1)
  const started = performance.now()
  const index = new library.Index({ metric: 'hamming', quantization: 'b1', dimensions: 256, connectivity: 16 })
  for (let from = 0; from < count; from += 4096) {
    const to = Math.min(from + 4096, count)
    index.add(
      BigUint64Array.from({ length: to - from }, (_, at) => BigInt(from + at)),
      bits(codes.subarray(from * 32, to * 32)),
    )
  }
  return {
    built: { buildS: since(started), rssMB: Math.round((process.memoryUsage().rss - before) / 1e6) },
    search: ({ code, threshold }) => {
      const { keys, distances } = index.search(bits(code), 100, 1)
      return Array.from(keys, Number).filter((_, at) => distances[at]! <= threshold)
    },
  }
}

const contender = await { bruteForce, embeddedBuild, embedded, usearch, postgres }[kind as 'embedded']()
if (contender === undefined)
  process.send!({ missing: `${kind} is not installed, and so not in the table. usearch: npm install --no-save usearch` })
else {
  process.send!(contender.built)
  process.on('message', async (question: Question) => {
    const [started, used] = [performance.now(), cpu() + served()]
    const found = await contender.search(question)
    process.send!({ ms: performance.now() - started, cpuMs: (cpu() + served() - used) * 1000, found } satisfies Asked)
  })
}
