// Builds what others import: contracts with their types, then the SDK. A part whose inputs have not changed is left out. `--lean` leaves the SDK
// out too: Node runs its sources as they are, which is what the demo does.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const root = join(import.meta.dirname, '..', '..')

interface Part {
  name: string
  /** Everything that building it reads. */
  inputs: string[]
  /** One file or folder of each output; when one is gone, the part is stale whatever its stamp says. */
  outputs: string[]
  build(): void
}

const contracts: Part = {
  name: 'contracts',
  inputs: [
    'package-lock.json',
    'hardhat.config.ts',
    'contracts/**/*.sol',
    'deploy/modules/**/*.ts',
    'deploy/parameters/**/*.json',
    'scripts/build/*.ts',
    'sdk/src/stack-recipe/recipe.ts',
  ],
  outputs: ['artifacts', 'types/ethers-contracts/index.ts', 'sdk/src/contracts/generated', 'sdk/src/stack-recipe/generated'],
  build() {
    run('contracts', ['node_modules/hardhat/dist/src/cli.js', 'build', '--quiet', '--no-tests'])
    run('contract exports', ['scripts/build/exportContracts.ts'])
  },
}

const sdk: Part = {
  name: 'sdk',
  inputs: [...contracts.inputs, 'tsconfig.json', 'sdk/package.json', 'sdk/tsconfig.json', 'sdk/src/**/*.ts'],
  outputs: ['sdk/dist/index.js'],
  build() {
    rmSync(join(root, 'sdk', 'dist'), { recursive: true, force: true })
    run('sdk', ['node_modules/typescript/bin/tsc', '-p', 'sdk/tsconfig.json'])
  },
}

function digest(inputs: string[]): string {
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
for (const { name, inputs, outputs, build } of process.argv.includes('--lean') ? [contracts] : [contracts, sdk]) {
  const stamp = join(root, 'node_modules', '.cache', 'colophon', `build-${name}`)
  const isThere = outputs.every((file) => existsSync(join(root, file)))
  if (!force && isThere && existsSync(stamp) && readFileSync(stamp, 'utf8') === digest(inputs)) continue
  build()
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, digest(inputs))
}
