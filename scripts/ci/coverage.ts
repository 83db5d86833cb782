// Runs the suites again with coverage on and compares the share of lines covered, and of the contracts' branches (what counts as one is told
// in scripts/build/branchCoverage.ts), with what the project promises.
// Where COLOPHON_COVERAGE names the folder in which `npm test` has left what the SDK's tests covered, they are not run again.
// `scripts/ci/coverage.ts contracts` or `… sdk` runs one side only. Reports stay under coverage/ to look at.
import { spawnSync } from 'node:child_process'
import { existsSync, globSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Branch } from '../build/branchMarks.ts'
import { keepTemporaryFilesApart } from '../temporary.ts'

keepTemporaryFilesApart('coverage')
const root = join(import.meta.dirname, '..', '..')
const node = process.execPath
/** What Hardhat leaves of each run, and what the marks in it mean. */
const [DATA, BRANCHES] = [join(root, 'coverage', 'data'), join(root, 'coverage', 'branches')]

interface Side {
  name: string
  run: string[]
  lcov: string
  /** Only files whose path (relative to the root) passes count. */
  counts: (file: string) => boolean
  /** Least share of lines, in percent. */
  least: number
  /** Least share of branches, in percent, where they are told. */
  leastBranches?: number
}

interface Covered {
  file: string
  found: number
  hit: number
}

const noted = process.env.COLOPHON_COVERAGE ?? ''
const covered = noted !== '' && existsSync(noted)

const sides: Side[] = [
  {
    name: 'contracts',
    run: [
      ...[node, 'node_modules/hardhat/dist/src/cli.js', '--build-profile', 'quick', '--coverage', 'test'],
      ...globSync(['test/**/*.test.ts', 'test/**/*.t.sol'], { cwd: root })
        // These run programs of their own, in which instrumented contracts are too large to be deployed.
        .filter((file) => !/^test.(demo|deploy|docs|mutation|snapshots)\b/.test(file))
        .sort(),
    ],
    lcov: 'coverage/lcov.info',
    counts: (file) => file.startsWith('contracts/') && !file.startsWith('contracts/test/'),
    least: 98,
    leastBranches: 95,
  },
  {
    name: 'sdk',
    run: [
      node,
      'node_modules/c8/bin/c8.js',
      ...(covered ? ['report', '--temp-directory', noted] : []),
      ...['--reporter', 'lcovonly', '--reports-dir', 'coverage/sdk', '--include', 'sdk/src/**', '--exclude', '**/generated/**', '--all'],
      ...(covered
        ? []
        : [
            ...[node, 'node_modules/mocha/bin/mocha.js', '--config', 'sdk/.mocharc.json', '--reporter', 'dot'],
            ...globSync('sdk/test/**/*.test.ts', { cwd: root }).sort(),
          ]),
    ],
    lcov: 'coverage/sdk/lcov.info',
    counts: (file) => file.startsWith('sdk/src/'),
    least: 95,
  },
]

let failed = false
const wanted = process.argv.slice(2)
for (const side of sides.filter((candidate) => wanted.length === 0 || wanted.includes(candidate.name))) {
  if (side.leastBranches !== undefined) for (const left of [DATA, BRANCHES]) rmSync(left, { recursive: true, force: true })
  const [command, ...args] = side.run
  const { status } = spawnSync(command!, args, { cwd: root, stdio: 'inherit' })
  if (status !== 0) {
    console.error(`${side.name}: the tests themselves failed under coverage`)
    failed = true
    continue
  }
  failed =
    !isEnough(
      side.name,
      'lines',
      readLcov(join(root, side.lcov)).filter(({ file }) => side.counts(file)),
      side.least,
    ) || failed
  if (side.leastBranches !== undefined) failed = !isEnough(side.name, 'branches', readBranches(), side.leastBranches) || failed
}
process.exit(failed ? 1 : 0)

function isEnough(name: string, what: string, files: Covered[], least: number): boolean {
  const sum = (key: 'found' | 'hit'): number => files.reduce((total, entry) => total + entry[key], 0)
  const total = { found: sum('found'), hit: sum('hit') }
  console.log(`\n${name}: ${what} covered, the least covered files first`)
  for (const entry of files.toSorted((a, b) => share(a) - share(b)).slice(0, 25)) {
    console.log(`  ${share(entry).toFixed(1).padStart(5)} %  ${entry.hit}/${entry.found}  ${entry.file}`)
  }
  console.log(`${name}: ${share(total).toFixed(2)} % of ${total.found} ${what} in ${files.length} files (at least ${least} % wanted)`)
  return total.found > 0 && share(total) >= least
}

function share({ hit, found }: Omit<Covered, 'file'>): number {
  return found === 0 ? 100 : (100 * hit) / found
}

/** What the marks of scripts/build/branchCoverage.ts told; those that nothing took are listed. */
function readBranches(): Covered[] {
  const taken = new Set(
    globSync('**/*.json', { cwd: DATA }).flatMap((file) => Object.keys(JSON.parse(readFileSync(join(DATA, file), 'utf8')) as object)),
  )
  console.log('\nbranches not taken:')
  return globSync('**/*.json', { cwd: BRANCHES })
    .sort()
    .map((path) => {
      const branches = JSON.parse(readFileSync(join(BRANCHES, path), 'utf8')) as Branch[]
      const file = path.replace(/\.json$/, '')
      const missed = branches.filter(({ tag }) => !taken.has(tag))
      for (const { line, outcome, text } of missed) console.log(`  ${file}:${line} never ${outcome}: ${text}`)
      return { file, found: branches.length, hit: branches.length - missed.length }
    })
    .filter(({ found }) => found > 0)
}

function readLcov(file: string): Covered[] {
  const entries: Covered[] = []
  for (const block of readFileSync(file, 'utf8').split('end_of_record')) {
    const source = /^SF:(.+)$/m.exec(block)?.[1]
    if (source === undefined) continue
    const lines = [...block.matchAll(/^DA:\d+,(\d+)/gm)]
    entries.push({
      file: source.replace(`${root}/`, ''),
      found: lines.length,
      hit: lines.filter((line) => line[1] !== '0').length,
    })
  }
  return entries
}
