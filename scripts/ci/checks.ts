// `npm run check`: every check beside the tests themselves, each on its own so that one run shows all that is wrong.
// `.ci/run` hands over the closing line of `npm test` with --added, and what failed there with --failures; the last line printed adds both up.
// `npm run check -- lint size` runs the checks whose names are given.
import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { checks } from './list.ts'

const root = `${import.meta.dirname}/../..`
const { values, positionals } = parseArgs({
  options: { added: { type: 'string' }, failures: { type: 'string', default: '' }, 'test-status': { type: 'string', default: '0' } },
  allowPositionals: true,
})

const unknown = positionals.filter((name) => !checks.some((check) => check.name === name))
if (unknown.length > 0) {
  console.error(`No check is called ${unknown.join(', ')}. There are: ${checks.map((check) => check.name).join(', ')}.`)
  process.exit(2)
}

const counts = { passed: 0, failed: 0, skipped: 0 }
const added = /^(\d+) passed, (\d+) failed, (\d+) skipped$/.exec(values.added ?? '')
if (added !== null) {
  counts.passed += Number(added[1])
  counts.failed += Number(added[2])
  counts.skipped += Number(added[3])
}
if (values['test-status'] !== '0') counts.failed = Math.max(counts.failed, 1)
const failures: string[] = []
for (const check of checks.filter((candidate) => positionals.length === 0 || positionals.includes(candidate.name))) {
  const started = performance.now()
  console.log(`\n── ${check.name}: ${check.about} ──`)
  const status = check.commands.every(
    ([command, ...args]) => spawnSync(command!, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...check.env } }).status === 0,
  )
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  if (status || check.reportOnly === true) {
    counts.passed += 1
    console.log(`${status ? 'passed' : 'reported (does not fail the run)'}: ${check.name}, ${seconds} s`)
  } else {
    counts.failed += 1
    failures.push(check.name)
    console.log(`FAILED: ${check.name}, ${seconds} s`)
  }
}

if (values.failures !== '') console.log(`\nFailed tests:\n${values.failures}`)
if (failures.length > 0) console.log(`\nFailed checks: ${failures.join(', ')}. Run one again with: npm run check -- NAME`)
console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
process.exit(counts.failed === 0 ? 0 : 1)
