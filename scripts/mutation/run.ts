// `npm run test:mutation`: puts one fault after the other into a copy of the contracts and runs the tests on each. A fault that no test
// notices is printed and must be explained in `accepted`, or the run fails. `-- revenue exchange` takes only these contracts' faults,
// `-- revenue --only dust` only those whose description holds the words, `-- revenue --every 3` the first of every three, and `--rest` those
// that no run has put in yet. bench/results/mutation.json and docs/security/mutation.md are written after each fault; `--table` writes the
// page alone, after results of two runs were put together.
// The copies lie in temporary folders, so that the working tree is never touched, however this ends.
import { cpSync, existsSync, globSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { replaceSection } from '../../bench/report.ts'
import { table } from '../../bench/table.ts'
import { temporaryFolder } from '../temporary.ts'
import type { Mutation, MutationSet } from './mutation.ts'
import { type Code, codeOf } from './runner/code.ts'
import { mochaTests, solidityTests } from './runner/tests.ts'

/** What runs of one contract's faults came to. */
interface Score {
  /** How many are written down. */
  known: number
  /** For each fault put in, the first test that noticed it, null if none did. */
  results: Record<string, string | null>
  /** For those that none noticed, why none need, or '' if that was not said. */
  reasons: Record<string, string>
}

const root = join(import.meta.dirname, '..', '..')
const scoresFile = join(root, 'bench', 'results', 'mutation.json')
const known = globSync('*.ts', { cwd: import.meta.dirname })
  .map((file) => file.replace('.ts', ''))
  .filter((each) => each !== 'run' && each !== 'mutation')
  .sort()
const { values, positionals } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    every: { type: 'string', default: '1' },
    rest: { type: 'boolean', default: false },
    table: { type: 'boolean', default: false },
  },
  allowPositionals: true,
})
const every = Number(values.every)
if (!Number.isInteger(every) || every < 1) {
  console.error('--every takes a whole number, 1 for all faults.')
  process.exit(2)
}
if (values.table) {
  writePage(Object.entries(readScores()))
  process.exit(0)
}
const stranger = positionals.find((name) => !known.includes(name))
if (stranger !== undefined) {
  console.error(`There are no faults for ${stranger}. There are for: ${known.join(', ')}`)
  process.exit(2)
}

// One for Mocha's tests, whose artifacts are written here, and one for those in Solidity, which Hardhat builds and would clear them away.
const [copy, solidityCopy] = [copyOfProject('mutation'), copyOfProject('mutation-solidity')]
const code: Code = codeOf(copy, await import(join(copy, 'scripts', 'ci', 'analysis', 'compiler.ts')))
code.write()

let failed = false
for (const name of positionals.length === 0 ? known : positionals) {
  // The faults come from the copy too: whoever edits the contracts meanwhile changes nothing about this run.
  const { set } = (await import(join(copy, 'scripts', 'mutation', `${name}.ts`))) as { set: MutationSet }
  failed = !(await run(name, set)) || failed
}
process.exit(failed ? 1 : 0)

function copyOfProject(name: string): string {
  const folder = temporaryFolder(name)
  for (const entry of ['contracts', 'deploy', 'test', 'scripts', 'bench', 'docs', 'hardhat.config.ts', 'package.json', 'tsconfig.json']) {
    cpSync(join(root, entry), join(folder, entry), { recursive: true })
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  return folder
}

/** Whether every fault that was put in was noticed, or is explained. */
async function run(name: string, set: MutationSet): Promise<boolean> {
  const before = readScores()[name]?.results ?? {}
  const written = new Set(set.mutations.map(({ fault }) => fault))
  const kept = Object.entries(before).filter(([fault]) => written.has(fault))
  const chosen = set.mutations
    .filter(({ fault }, index) => index % every === 0 && fault.includes(values.only))
    .filter(({ fault }) => !values.rest || before[fault] === undefined)
  // A run of all faults begins anew; a sample adds to what others have found.
  const whole = every === 1 && values.only === '' && !values.rest
  const score: Score = { known: set.mutations.length, results: whole ? {} : Object.fromEntries(kept), reasons: {} }
  console.log(`\n${name}: ${chosen.length} faults\n`)
  if (chosen.length === 0) return true

  const tests = [mochaTests(copy, set.mocha), solidityTests(solidityCopy, set.solidity)] as const
  const firstFailure = async (words: string[]): Promise<string | null> => (await tests[0].run(words)) ?? (await tests[1].run(words)) ?? null
  const checkSound = async (when: string): Promise<void> => {
    const sound = await tests[0].run([])
    if (sound === undefined) return
    console.error(`${name}: without any fault the tests fail ${when}: ${sound}`)
    process.exit(1)
  }
  await checkSound('already')
  const survivors: string[] = []
  for (const [index, mutation] of chosen.entries()) {
    const words = wordsAbout(mutation)
    const restore = put(mutation)
    const killer = await firstFailure(words)
    restore()
    score.results[mutation.fault] = killer
    if (killer === null) survivors.push(mutation.fault)
    console.log(`| ${index + 1} | ${mutation.fault} | ${killer ?? '**survived**'} |`)
    score.reasons = Object.fromEntries(
      set.mutations.filter(({ fault }) => score.results[fault] === null).map(({ fault, accepted = '' }) => [fault, accepted]),
    )
    // After each, so that a run that is stopped has told what it found.
    keep(name, score)
  }
  // Had a fault left something behind, what came after it would have been noticed for the wrong reason.
  code.write()
  await checkSound('at the end')
  for (const each of tests) each.close()
  console.log(`\n${name}: ${chosen.length - survivors.length} of ${chosen.length} faults were noticed.`)
  return survivors.every((fault) => score.reasons[fault] !== '')
}

/** What a test that notices a fault may speak of: the errors and functions around it, and what it lets happen. */
function wordsAbout({ fault, file, find }: Mutation): string[] {
  const text = readFileSync(join(copy, file), 'utf8')
  const start = text.indexOf(find)
  const around =
    text.slice(start, start + find.length) +
    text
      .slice(start + find.length)
      .split('\n')
      .slice(0, 3)
      .join('\n')
  const errors = [...around.matchAll(/Errors\.(\w+)/g)].map(([, name]) => name!)
  const functions = [...text.slice(0, start + find.length).matchAll(/function _?(\w+)\(/g)].slice(-1).map(([, name]) => name!)
  return [...new Set([...errors, ...functions, ...(fault.match(/\p{L}{5,}/gu) ?? [])])]
}

/** Puts a fault into both copies and compiles it. */
function put({ fault, file, find, replace, times = 1 }: Mutation): () => void {
  const original = readFileSync(join(copy, file), 'utf8')
  if (original.split(find).length - 1 !== times) {
    console.error(`${fault}: ${file} does not hold the text to change ${times} time(s): ${find}`)
    process.exit(1)
  }
  const write = (text: string): void => {
    for (const folder of [copy, solidityCopy]) writeFileSync(join(folder, file), text)
  }
  write(original.replaceAll(find, replace))
  try {
    code.write(file)
  } catch (error) {
    console.error(`${fault}: does not compile, so it proves nothing:\n${error instanceof Error ? error.message : error}`)
    process.exit(1)
  }
  return () => write(original)
}

function readScores(): Record<string, Score> {
  return existsSync(scoresFile) ? (JSON.parse(readFileSync(scoresFile, 'utf8')) as Record<string, Score>) : {}
}

/** Writes a contract's score beside those of the others, and the page. */
function keep(name: string, score: Score): void {
  const scores = Object.entries({ ...readScores(), [name]: score }).sort(([a], [b]) => a.localeCompare(b))
  writeFileSync(scoresFile, `${JSON.stringify(Object.fromEntries(scores), null, 2)}\n`)
  writePage(scores)
}

function writePage(scores: [string, Score][]): void {
  const counts = scores.map(([title, { known, results }]) => {
    const killers = Object.values(results)
    return { title, known, put: killers.length, noticed: killers.filter((killer) => killer !== null).length }
  })
  const sum = (key: 'known' | 'put' | 'noticed'): number => counts.reduce((total, each) => total + each[key], 0)
  const all = { title: '**all**', known: sum('known'), put: sum('put'), noticed: sum('noticed') }
  const survivors = scores.flatMap(([contract, { reasons }]) =>
    Object.entries(reasons).map(([fault, reason]) => [contract, fault, reason || '**not explained**']),
  )
  const text = [
    table(
      ['Faults of', 'written down', 'put in', 'noticed', 'of those put in'],
      [...counts, all].map((each) => [
        each.title,
        String(each.known),
        String(each.put),
        String(each.noticed),
        `${((100 * each.noticed) / each.put).toFixed(1)} %`,
      ]),
    ),
    survivors.length === 0
      ? 'None survived.'
      : `Survivors:\n\n${table(['Faults of', 'What it lets happen', 'Why no test can notice'], survivors)}`,
  ].join('\n\n')
  replaceSection(join(root, 'docs', 'security', 'mutation.md'), 'mutation', text)
}
