// `npm test`: every suite, two at a time where there are two cores, and a closing line that adds them up.
// `npm test -- contracts` runs the suites whose name starts with the word given; `--deep` (`npm run test:deep`) with many more fuzz runs;
// `--one-by-one` never two at a time.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { keepTemporaryFilesApart } from '../temporary.ts'

const root = join(import.meta.dirname, '..', '..')
const hardhat = 'node_modules/hardhat/dist/src/cli.js'
const mocha = 'node_modules/mocha/bin/mocha.js'

interface Counts {
  passed: number
  failed: number
  skipped: number
  skippedTitles: string[]
  failedTitles: string[]
}

interface Suite {
  name: string
  about: string
  args: string[]
  /** What is run before: it installs what the suite's files import. */
  before?: string
}

const commandLine = files('sdk/test/cli/*.test.ts')
const rest = files('sdk/test/**/*.test.ts').filter((file) => !commandLine.includes(file))

/** Suites of one lane run one after the other: those of the contracts share what the compiler wrote. The lanes take about as long as each other. */
const lanes: Suite[][] = [
  [
    { name: 'sdk', about: 'SDK: units, properties, services', args: [mocha, '--config', 'sdk/.mocharc.json', ...rest] },
    { name: 'contracts-solidity', about: 'Contracts: Solidity fuzz and invariants', args: ['scripts/test/soliditySuite.ts'] },
    { name: 'contracts-mocha', about: 'Contracts, deployment, demo and docs', args: [hardhat, 'test', 'mocha'] },
  ],
  [
    { name: 'sdk-cli', about: 'SDK: the command line', args: [mocha, '--config', 'sdk/.mocharc.json', ...commandLine] },
    {
      name: 'dapp',
      about: 'The dApp in Chromium, on a local stack',
      before: 'scripts/dapp/install.ts',
      args: [mocha, '--config', 'dapp/.mocharc.json', ...files('dapp/test/**/*.test.ts')],
    },
  ],
]

function files(pattern: string): string[] {
  return globSync(pattern, { cwd: root }).sort()
}

const { values, positionals: wanted } = parseArgs({
  options: { deep: { type: 'boolean' }, 'one-by-one': { type: 'boolean' } },
  allowPositionals: true,
})
const isWanted = ({ name }: Suite): boolean => wanted.length === 0 || wanted.some((word) => name.startsWith(word))
const chosen = lanes.map((lane) => lane.filter(isWanted)).filter((lane) => lane.length > 0)
if (chosen.length === 0) {
  const names = lanes.flat().map(({ name }) => name)
  console.error(`No suite starts with ${wanted.join(', ')}. There are: ${names.join(', ')}.`)
  process.exit(2)
}

const folder = keepTemporaryFilesApart('test')
const total: Counts = { passed: 0, failed: 0, skipped: 0, skippedTitles: [], failedTitles: [] }
const together = chosen.length > 1 && availableParallelism() > 1 && !values['one-by-one']
if (together) await Promise.all(chosen.map(runLane))
else for (const lane of chosen) await runLane(lane)

async function runLane(lane: Suite[]): Promise<void> {
  for (const suite of lane) await runSuite(suite)
}

/** Runs a suite and adds its counts up. Beside another one, each line says which suite it is of. */
async function runSuite({ name, about, args, before }: Suite): Promise<void> {
  console.log(`\n── ${about} ──`)
  if (before !== undefined) await once(spawn(process.execPath, [before], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] }), 'close')
  const countsFile = join(folder, `${name}.json`)
  const run = spawn(process.execPath, args, {
    cwd: root,
    stdio: together ? ['inherit', 'pipe', 'pipe'] : 'inherit',
    env: { ...process.env, COLOPHON_TEST_COUNTS: countsFile, ...(values.deep ? { COLOPHON_DEEP: '1' } : {}), ...coverageOf(name) },
  })
  const stop = (): void => void run.kill()
  process.once('exit', stop)
  for (const output of [run.stdout, run.stderr])
    if (output) createInterface({ input: output }).on('line', (line) => console.log(`${name.padEnd(18)} │ ${line}`))
  const [code, signal] = (await once(run, 'close')) as [number | null, NodeJS.Signals | null]
  process.off('exit', stop)
  const counts = read(countsFile)
  total.passed += counts.passed
  total.skipped += counts.skipped
  total.skippedTitles.push(...counts.skippedTitles)
  total.failedTitles.push(...counts.failedTitles)
  // A suite that died without failing a test (a crash, a file that does not load) counts as one failure.
  total.failed += code === 0 ? counts.failed : Math.max(counts.failed, 1)
  if (code !== 0 && counts.failedTitles.length === 0) total.failedTitles.push(`${about}: ended with ${signal ?? `exit code ${code}`}`)
}

if (total.skippedTitles.length > 0) {
  console.log('\nSkipped:')
  for (const title of total.skippedTitles) console.log(`  - ${title}`)
}
// In CI everything can be had but what lies outside the project, so any other test that skips there hides something.
const hidden = process.env.CI === undefined ? [] : total.skippedTitles.filter((title) => !title.endsWith('which is absent'))
if (hidden.length > 0) {
  console.log(`\nIn CI no test may be skipped; ${hidden.length} of these were.`)
  total.failed += hidden.length
  total.failedTitles.push(...hidden.map((title) => `${title}: skipped`))
}
// Together at the end: above, they lie scattered among thousands of lines.
if (total.failedTitles.length > 0) {
  console.log('\nFailed:')
  for (const title of total.failedTitles) console.log(`  ✘ ${title}`)
}
if (total.passed === 0) total.failed = Math.max(total.failed, 1)
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exit(total.failed === 0 ? 0 : 1)

/** Where Node leaves what the SDK's tests covered, for `npm run check -- coverage`; the contracts are covered in a run of their own. */
function coverageOf(name: string): Record<string, string> {
  const folder = process.env.COLOPHON_COVERAGE
  return folder === undefined || !name.startsWith('sdk') ? {} : { NODE_V8_COVERAGE: folder }
}

function read(file: string): Counts {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Counts
  } catch {
    return { passed: 0, failed: 1, skipped: 0, skippedTitles: [], failedTitles: [] }
  }
}
