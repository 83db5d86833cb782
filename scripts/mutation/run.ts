// `npm run test:mutation`: puts one fault after the other into a copy of the contracts and runs the tests on each. A fault that no test
// notices is printed and must be explained in `accepted`, or the run fails. `-- revenue exchange` takes only these contracts' faults,
// `-- revenue --only dust` only those whose description holds the words, `-- revenue --every 3` the first of every three. A run without
// `--only` updates docs/security/mutation.md after each fault.
// The copy lies in a temporary folder, so that the working tree is never touched, however this ends.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, globSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { replaceSection } from '../../bench/report.ts'
import { table } from '../../bench/table.ts'
import { temporaryFolder } from '../temporary.ts'
import type { Mutation, MutationSet } from './mutation.ts'

/** What a run of one contract's faults came to. */
interface Score {
  /** How many are written down. */
  known: number
  /** How many were put in: all, or every n-th. */
  faults: number
  noticed: number
  /** Descriptions of the faults that no test noticed, each with the reason why it need not, or '' if there is none. */
  survivors: { fault: string; reason: string }[]
}

const root = join(import.meta.dirname, '..', '..')
const scoresFile = join(root, 'bench', 'results', 'mutation.json')
const known = globSync('*.ts', { cwd: import.meta.dirname })
  .map((file) => file.replace('.ts', ''))
  .filter((each) => each !== 'run' && each !== 'mutation')
  .sort()
const { values, positionals } = parseArgs({
  options: { only: { type: 'string', default: '' }, every: { type: 'string', default: '1' } },
  allowPositionals: true,
})
const every = Number(values.every)
if (!Number.isInteger(every) || every < 1) {
  console.error('--every takes a whole number, 1 for all faults.')
  process.exit(2)
}
const stranger = positionals.find((name) => !known.includes(name))
if (stranger !== undefined) {
  console.error(`There are no faults for ${stranger}. There are for: ${known.join(', ')}`)
  process.exit(2)
}

const copy = temporaryFolder('mutation')
// The faults come from the copy too: whoever edits the contracts meanwhile changes nothing about this run.
for (const entry of ['contracts', 'deploy', 'test', 'scripts', 'bench', 'docs', 'hardhat.config.ts', 'package.json', 'tsconfig.json']) {
  cpSync(join(root, entry), join(copy, entry), { recursive: true })
}
symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))

let failed = false
for (const name of positionals.length === 0 ? known : positionals) {
  const { set } = (await import(join(copy, 'scripts', 'mutation', `${name}.ts`))) as { set: MutationSet }
  const score = await run(name, set)
  failed ||= score.survivors.some(({ reason }) => reason === '')
}
process.exit(failed ? 1 : 0)

async function run(name: string, set: MutationSet): Promise<Score> {
  const sound = runTests(set)
  if (sound !== undefined) {
    console.error(`${name}: without any fault the tests fail already: ${sound}`)
    process.exit(1)
  }
  const chosen = set.mutations.filter(({ fault }, index) => index % every === 0 && fault.includes(values.only))
  const score: Score = { known: set.mutations.length, faults: 0, noticed: 0, survivors: [] }
  console.log(`\n${name}: ${chosen.length} faults\n`)
  for (const [index, mutation] of chosen.entries()) {
    // Lets a signal that came meanwhile be heard.
    await new Promise((resolve) => setImmediate(resolve))
    const killer = noticed(mutation, set)
    score.faults += 1
    if (killer === undefined) score.survivors.push({ fault: mutation.fault, reason: mutation.accepted ?? '' })
    else score.noticed += 1
    console.log(`| ${index + 1} | ${mutation.fault} | ${killer ?? '**survived**'} |`)
    // After each, so that a run that is stopped has told what it found.
    if (values.only === '') keep(name, score)
  }
  console.log(`\n${name}: ${score.noticed} of ${score.faults} faults were noticed.`)
  return score
}

/** The title of the first test that fails with the fault; undefined if all pass. */
function noticed({ fault, file, find, replace, times = 1 }: Mutation, set: MutationSet): string | undefined {
  const path = join(copy, file)
  const original = readFileSync(path, 'utf8')
  if (original.split(find).length - 1 !== times) {
    console.error(`${fault}: ${file} does not hold the text to change ${times} time(s): ${find}`)
    process.exit(1)
  }
  writeFileSync(path, original.replaceAll(find, replace))
  try {
    return runTests(set)
  } finally {
    writeFileSync(path, original)
  }
}

function runTests(set: MutationSet): string | undefined {
  const build = hardhat(['build', '--quiet', '--no-tests'])
  if (build.status !== 0) {
    console.error(`The fault does not compile, so it proves nothing:\n${build.output}`)
    process.exit(1)
  }
  const mocha = hardhat(['test', 'mocha', '--bail', '--no-compile', ...set.mocha])
  if (mocha.status !== 0)
    return /^ {2}1\) (.+(?:\n {4,}.+)*?):$/m.exec(mocha.output)?.[1]?.replaceAll(/\n\s+/g, ' › ') ?? 'the files did not load'
  const solidity = hardhat(['test', 'solidity', ...set.solidity])
  if (solidity.status !== 0)
    return /((?:test|invariant)\w+)\(/.exec(solidity.output.slice(solidity.output.indexOf('Failure')))?.[1] ?? 'a Solidity test'
  return undefined
}

function hardhat(args: string[]): { status: number | null; output: string } {
  const cli = join(root, 'node_modules/hardhat/dist/src/cli.js')
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, '--build-profile', 'quick', '--no-typechain', ...args], {
    cwd: copy,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0', COLOPHON_TEST_COUNTS: undefined },
    maxBuffer: 64 * 1024 * 1024,
  })
  return { status, output: stdout + stderr }
}

/** Writes a contract's score beside those of the others, and the page. */
function keep(name: string, score: Score): void {
  const before = existsSync(scoresFile) ? (JSON.parse(readFileSync(scoresFile, 'utf8')) as Record<string, Score>) : {}
  const scores = Object.entries({ ...before, [name]: score }).sort(([a], [b]) => a.localeCompare(b))
  writeFileSync(scoresFile, `${JSON.stringify(Object.fromEntries(scores), null, 2)}\n`)
  const sum = (key: 'known' | 'faults' | 'noticed'): number => scores.reduce((total, [, each]) => total + each[key], 0)
  const line = (title: string, { known, faults, noticed }: Omit<Score, 'survivors'>): string[] => [
    title,
    String(known),
    String(faults),
    String(noticed),
    `${((100 * noticed) / faults).toFixed(1)} %`,
  ]
  const survivors = scores.flatMap(([contract, each]) =>
    each.survivors.map(({ fault, reason }) => [contract, fault, reason || '**not explained**']),
  )
  const text = [
    table(
      ['Faults of', 'written down', 'put in', 'noticed', 'of those put in'],
      [
        ...scores.map(([contract, each]) => line(contract, each)),
        line('**all**', { known: sum('known'), faults: sum('faults'), noticed: sum('noticed') }),
      ],
    ),
    survivors.length === 0
      ? 'None survived.'
      : `Survivors:\n\n${table(['Faults of', 'What it lets happen', 'Why no test can notice'], survivors)}`,
  ].join('\n\n')
  replaceSection(join(root, 'docs', 'security', 'mutation.md'), 'mutation', text)
}
