// Runs the suites again with coverage on and compares the share of lines covered with what the project promises.
// Where COLOPHON_COVERAGE names the folder in which `npm test` has left what the SDK's tests covered, they are not run again.
// `scripts/ci/coverage.ts contracts` or `… sdk` runs one side only. Reports stay under coverage/ to look at.
import { spawnSync } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { keepTemporaryFilesApart } from '../temporary.ts'

keepTemporaryFilesApart('coverage')
const root = join(import.meta.dirname, '..', '..')
const node = process.execPath

interface Side {
  name: string
  run: string[]
  lcov: string
  /** Only files whose path (relative to the root) passes count. */
  counts: (file: string) => boolean
  /** Least share of lines, in percent. */
  least: number
}

const noted = process.env.COLOPHON_COVERAGE ?? ''
const covered = noted !== '' && existsSync(noted)

const sides: Side[] = [
  {
    name: 'contracts',
    run: [
      ...[node, 'node_modules/hardhat/dist/src/cli.js', '--coverage', 'test'],
      ...globSync(['test/**/*.test.ts', 'test/**/*.t.sol'], { cwd: root })
        // These run programs of their own, in which instrumented contracts are too large to be deployed.
        .filter((file) => !/^test.(demo|deploy|docs|mutation|snapshots)\b/.test(file))
        .sort(),
    ],
    lcov: 'coverage/lcov.info',
    counts: (file) => file.startsWith('contracts/') && !file.startsWith('contracts/test/'),
    least: 98,
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
  const [command, ...args] = side.run
  const { status } = spawnSync(command!, args, { cwd: root, stdio: 'inherit' })
  if (status !== 0) {
    console.error(`${side.name}: the tests themselves failed under coverage`)
    failed = true
    continue
  }
  const files = readLcov(join(root, side.lcov)).filter((entry) => side.counts(entry.file))
  const found = files.reduce((sum, entry) => sum + entry.found, 0)
  const hit = files.reduce((sum, entry) => sum + entry.hit, 0)
  console.log(`\n${side.name}: lines covered, the least covered files first`)
  for (const entry of files.sort((a, b) => share(a) - share(b)).slice(0, 15)) {
    console.log(`  ${share(entry).toFixed(1).padStart(5)} %  ${entry.hit}/${entry.found}  ${entry.file}`)
  }
  const total = share({ hit, found })
  console.log(`${side.name}: ${total.toFixed(2)} % of ${found} lines in ${files.length} files (at least ${side.least} % wanted)`)
  if (found === 0 || total < side.least) failed = true
}
process.exit(failed ? 1 : 0)

function share({ hit, found }: { hit: number; found: number }): number {
  return found === 0 ? 100 : (100 * hit) / found
}

function readLcov(file: string): { file: string; found: number; hit: number }[] {
  const entries: { file: string; found: number; hit: number }[] = []
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
