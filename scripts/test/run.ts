// `npm test`: every suite, one after the other, and a closing line that adds them up.
// `npm test -- contracts` runs the suites whose name starts with the word given; `--deep` (`npm run test:deep`) with many more fuzz runs.
import { spawnSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
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
}

const suites: Suite[] = [
  { name: 'sdk', about: 'SDK: units, properties, CLI', args: [mocha, '--config', 'sdk/.mocharc.json', ...files('sdk/test/**/*.test.ts')] },
  {
    name: 'dapp',
    about: 'The dApp in Chromium, on a local stack',
    args: [mocha, '--config', 'dapp/.mocharc.json', ...files('dapp/test/**/*.test.ts')],
  },
  { name: 'contracts-mocha', about: 'Contracts, deployment, demo and docs', args: [hardhat, 'test', 'mocha'] },
  { name: 'contracts-solidity', about: 'Contracts: Solidity fuzz and invariants', args: ['scripts/test/soliditySuite.ts'] },
]

function files(pattern: string): string[] {
  return globSync(pattern, { cwd: root }).sort()
}

const { values, positionals: wanted } = parseArgs({ options: { deep: { type: 'boolean' } }, allowPositionals: true })
const chosen = wanted.length === 0 ? suites : suites.filter((suite) => wanted.some((word) => suite.name.startsWith(word)))
if (chosen.length === 0) {
  console.error(`No suite starts with ${wanted.join(', ')}. There are: ${suites.map((suite) => suite.name).join(', ')}.`)
  process.exit(2)
}

const folder = keepTemporaryFilesApart('test')
const total: Counts = { passed: 0, failed: 0, skipped: 0, skippedTitles: [], failedTitles: [] }
for (const suite of chosen) {
  console.log(`\n── ${suite.about} ──`)
  const countsFile = join(folder, `${suite.name}.json`)
  const run = spawnSync(process.execPath, suite.args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, COLOPHON_TEST_COUNTS: countsFile, ...(values.deep ? { COLOPHON_DEEP: '1' } : {}), ...coverageOf(suite.name) },
  })
  // Lets a signal that came during the suite be heard.
  await new Promise((resolve) => setImmediate(resolve))
  const counts = read(countsFile)
  total.passed += counts.passed
  total.skipped += counts.skipped
  total.skippedTitles.push(...counts.skippedTitles)
  total.failedTitles.push(...counts.failedTitles)
  // A suite that died without failing a test (a crash, a file that does not load) counts as one failure.
  total.failed += run.status === 0 ? counts.failed : Math.max(counts.failed, 1)
  if (run.status !== 0 && counts.failed === 0)
    total.failedTitles.push(`${suite.about}: ended with ${run.signal ?? `exit code ${run.status}`}`)
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
  return folder === undefined || name !== 'sdk' ? {} : { NODE_V8_COVERAGE: folder }
}

function read(file: string): Counts {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Counts
  } catch {
    return { passed: 0, failed: 1, skipped: 0, skippedTitles: [], failedTitles: [] }
  }
}
