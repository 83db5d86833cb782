// `npm run mutation -- registry`: puts one fault after the other into a copy of the contracts and runs the tests on each. A fault that no
// test notices is printed and fails the run. `-- registry seal` takes only the faults whose description holds the word.
// The copy lies in a temporary folder, so that the working tree is never touched, however this ends.
import { spawnSync } from 'node:child_process'
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Mutation, MutationSet } from './mutation.ts'

const root = join(import.meta.dirname, '..', '..')
const [name = '', ...words] = process.argv.slice(2)
const known = globSync('*.ts', { cwd: import.meta.dirname })
  .map((file) => file.replace('.ts', ''))
  .filter((each) => each !== 'run' && each !== 'mutation')
if (!known.includes(name)) {
  console.error(`Name one of: ${known.join(', ')}`)
  process.exit(2)
}
const { set } = (await import(`./${name}.ts`)) as { set: MutationSet }
const chosen = set.mutations.filter(({ fault }) => words.every((word) => fault.includes(word)))

const copy = mkdtempSync(join(tmpdir(), 'colophon-mutation-'))
process.on('exit', () => rmSync(copy, { recursive: true, force: true }))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1))
for (const entry of ['contracts', 'deploy', 'test', 'scripts', 'hardhat.config.ts', 'package.json', 'tsconfig.json']) {
  cpSync(join(root, entry), join(copy, entry), { recursive: true })
}
symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))

const sound = runTests()
if (sound !== undefined) {
  console.error(`Without any fault the tests fail already: ${sound}`)
  process.exit(1)
}

const survivors: Mutation[] = []
for (const [index, mutation] of chosen.entries()) {
  const { fault, file, find, replace, times = 1 } = mutation
  const original = readFileSync(join(root, file), 'utf8')
  if (original.split(find).length - 1 !== times) {
    console.error(`${fault}: ${file} does not hold the text to change ${times} time(s): ${find}`)
    process.exit(1)
  }
  writeFileSync(join(copy, file), original.replaceAll(find, replace))
  const killer = runTests()
  writeFileSync(join(copy, file), original)
  if (killer === undefined) survivors.push(mutation)
  console.log(`| ${index + 1} | ${fault} | ${killer ?? '**survived**'} |`)
}
console.log(`\n${chosen.length - survivors.length} of ${chosen.length} faults were noticed.`)
process.exit(survivors.length === 0 ? 0 : 1)

/** The title of the first test that fails; undefined if all pass. */
function runTests(): string | undefined {
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
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'node_modules/hardhat/dist/src/cli.js'), ...args], {
    cwd: copy,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0', COLOPHON_TEST_COUNTS: undefined },
    maxBuffer: 64 * 1024 * 1024,
  })
  return { status, output: stdout + stderr }
}
