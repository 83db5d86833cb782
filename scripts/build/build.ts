// Builds everything that others import: contracts and their types, then the SDK. Steps whose inputs have not changed are left out.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const root = join(import.meta.dirname, '..', '..')
const stampFile = join(root, 'node_modules', '.cache', 'colophon', 'build')

/** Everything the build reads. */
const inputs = [
  'package-lock.json',
  'hardhat.config.ts',
  'tsconfig.json',
  'contracts/**/*.sol',
  'deploy/modules/**/*.ts',
  'deploy/parameters/**/*.json',
  'scripts/build/*.ts',
  'sdk/package.json',
  'sdk/tsconfig.json',
  'sdk/src/**/*.ts',
]
/** One file of each output; when one is gone, the build is stale whatever the stamp says. */
const outputs = ['sdk/dist/index.js', 'types/ethers-contracts/index.ts', 'artifacts']

function digest(): string {
  const hash = createHash('sha256')
  const files = globSync(inputs, { cwd: root })
    .filter((file) => !file.includes('/generated/'))
    .sort()
  for (const file of files)
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(root, file)))
      .update('\0')
  return hash.digest('hex')
}

function run(label: string, args: string[]): void {
  const started = performance.now()
  const result = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  if (result.status !== 0) {
    process.stderr.write(`${result.stdout}\n${result.stderr}\nBuilding failed at: ${label}\n`)
    process.exit(1)
  }
  process.stdout.write(`built ${label} in ${((performance.now() - started) / 1000).toFixed(1)} s\n`)
}

const force = process.argv.includes('--force')
const current = digest()
const upToDate =
  !force && outputs.every((file) => existsSync(join(root, file))) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === current
if (!upToDate) {
  run('contracts', ['node_modules/hardhat/dist/src/cli.js', 'build', '--quiet', '--no-tests'])
  run('contract exports', ['scripts/build/exportContracts.ts'])
  rmSync(join(root, 'sdk', 'dist'), { recursive: true, force: true })
  run('sdk', ['node_modules/typescript/bin/tsc', '-p', 'sdk/tsconfig.json'])
  mkdirSync(dirname(stampFile), { recursive: true })
  writeFileSync(stampFile, digest())
}
