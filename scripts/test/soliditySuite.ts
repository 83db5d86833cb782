// Runs the Solidity unit, fuzz and invariant tests and leaves their counts in the file named by COLOPHON_TEST_COUNTS.
import { writeFileSync } from 'node:fs'
import hre from 'hardhat'

interface Outcome {
  /** The task's own summary counts nothing. */
  suiteResults: { id: { name: string }; testResults: { name: string; status: 'Success' | 'Failure' | 'Skipped' }[] }[]
}

const result = await hre.tasks.getTask(['test', 'solidity']).run({})
const { suiteResults }: Outcome = result.success ? result.value : result.error
const file = process.env.COLOPHON_TEST_COUNTS
if (file !== undefined) {
  const titles = (wanted: string): string[] =>
    suiteResults.flatMap(({ id, testResults }) =>
      testResults.filter(({ status }) => status === wanted).map(({ name }) => `${id.name}: ${name}`),
    )
  const [passed, failed, skipped] = [titles('Success'), titles('Failure'), titles('Skipped')]
  writeFileSync(
    file,
    JSON.stringify({
      passed: passed.length,
      failed: failed.length,
      skipped: skipped.length,
      skippedTitles: skipped,
      failedTitles: failed,
    }),
  )
}
process.exit(result.success ? 0 : 1)
