// A process that has Hardhat and a contract's tests loaded, and runs them, until one fails, as often as it is told to: starting Hardhat
// takes longer than most faults take to be noticed. Each test deploys what it needs on a chain of its own, from the artifacts as they are then.
import 'hardhat'
import Mocha, { type Suite, type Test } from 'mocha'

/** So many of the tests that look as if they noticed a fault run before all. */
const LIKELY = 5

// Its reports go nowhere, as this process speaks by messages. The time is for busy machines, and for faults that never end.
const mocha = new Mocha({ reporter: 'dot', timeout: 120_000 })
mocha.cleanReferencesAfterRun(false)
for (const file of process.argv.slice(2)) mocha.addFile(file)
await mocha.loadFilesAsync()
mocha.suite.bail(true)
const all: Test[] = []
mocha.suite.eachTest((test: Test) => {
  all.push(test)
})

process.on('message', async (words: string[]) => {
  const likely = likeliest(words)
  const failed = (likely.length > 0 ? await firstFailure(likely) : undefined) ?? (await firstFailure(all))
  process.send!({ tests: all.length, ...(failed === undefined ? {} : { failed }) })
})
process.send!({ ready: true })

/** Those in which most of the words stand, a word counting the more the fewer tests have it. */
function likeliest(words: string[]): Test[] {
  const texts = all.map((test) => `${test.fullTitle()}\n${test.fn}`)
  const scores = texts.map(() => 0)
  for (const word of words) {
    const having = texts.flatMap((text, index) => (text.includes(word) ? [index] : []))
    for (const index of having) scores[index]! += 1 / having.length
  }
  return all
    .map((test, index) => ({ test, score: scores[index]! }))
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score)
    .slice(0, LIKELY)
    .map(({ test }) => test)
}

function firstFailure(tests: Test[]): Promise<string | undefined> {
  mocha.grep(new RegExp(`^(?:${tests.map((test) => test.fullTitle().replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|')})$`))
  return new Promise((resolve) => {
    let failed: { title: string; suite: Suite } | undefined
    const runner = mocha.run(() => {
      // Faults beside each other fall to the same tests.
      if (failed !== undefined) {
        const { suite } = failed
        mocha.suite.suites.sort((one, other) => Number(other === suite) - Number(one === suite))
      }
      resolve(failed?.title)
    })
    runner.on('fail', (test, error: Error) => {
      let suite: Suite = test.parent!
      while (suite.parent !== undefined && !suite.parent.root) suite = suite.parent
      failed ??= { title: `${test.titlePath().join(' › ')} (${error.message.split('\n', 1)[0]})`, suite }
    })
  })
}
