// A Mocha reporter: Mocha's own `spec`, and at the end the true counts (pending ones are not passes) in the file named by
// COLOPHON_TEST_COUNTS, so that the runner can add up several suites.
import { writeFileSync } from 'node:fs'
import Mocha, { type MochaOptions, type Runner } from 'mocha'

class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner: Runner, options?: MochaOptions) {
    super(runner, options)
    const skipped: string[] = []
    const failedTitles: string[] = []
    runner.on('pending', (test) => skipped.push(test.fullTitle()))
    runner.on('fail', (test, error: Error) => failedTitles.push(`${test.fullTitle()}: ${error.message.split('\n', 1)[0]}`))
    runner.once('end', () => {
      const file = process.env.COLOPHON_TEST_COUNTS
      if (file === undefined) return
      const { passes, failures, pending } = runner.stats ?? { passes: 0, failures: 1, pending: 0 }
      writeFileSync(file, JSON.stringify({ passed: passes, failed: failures, skipped: pending, skippedTitles: skipped, failedTitles }))
    })
  }
}

// Mocha loads reporters by `require`, which takes the class from this name.
export { CountingReporter as 'module.exports' }
