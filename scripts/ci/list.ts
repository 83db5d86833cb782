/** One check of the project, as `npm run check` runs it. */
export interface Check {
  name: string
  about: string
  /** Run in order until one fails; binaries of the project come first on the path. */
  commands: string[][]
  env?: Record<string, string>
  /** What it finds is printed and does not fail the run. */
  reportOnly?: boolean
}

const node = process.execPath

export const checks: Check[] = [
  {
    name: 'format',
    about: 'Biome (TypeScript, JSON) and Prettier (Solidity)',
    commands: [
      ['biome', 'ci', '.'],
      ['prettier', '--check', 'contracts/**/*.sol', 'test/**/*.sol'],
    ],
  },
  { name: 'lint', about: 'solhint', commands: [['solhint', '--max-warnings', '0', 'contracts/**/*.sol', 'test/**/*.sol']] },
  { name: 'analysis', about: 'solhint security rules, Slither, SMTChecker, Halmos', commands: [[node, 'scripts/ci/analysis.ts']] },
  {
    name: 'types',
    about: 'TypeScript, strict',
    commands: [
      ['tsc', '-p', 'sdk/tsconfig.json', '--noEmit'],
      ['tsc', '-p', 'tsconfig.json'],
      [node, 'scripts/dapp/install.ts'],
      ['tsc', '-p', 'dapp/tsconfig.json', '--noEmit'],
      ['tsc', '-p', 'dapp/replay/tsconfig.json', '--noEmit'],
      ['tsc', '-p', 'dapp/replay/guard/tsconfig.json', '--noEmit'],
    ],
  },
  {
    name: 'unused',
    about: 'knip: unused files, exports and dependencies',
    commands: [[node, 'scripts/dapp/install.ts'], ['knip']],
  },
  { name: 'package', about: 'publint and are-the-types-wrong on the packed SDK', commands: [[node, 'scripts/ci/package.ts']] },
  { name: 'size', about: 'size-limit per entry point of the SDK', commands: [['size-limit']] },
  { name: 'docs', about: 'the documentation site: no dead link, a place for each error', commands: [[node, 'scripts/site/build.ts']] },
  { name: 'gas', about: 'gas snapshot', commands: [[node, 'scripts/snapshots/gas.ts']] },
  { name: 'bytecode', about: 'bytecode size snapshot', commands: [[node, 'scripts/snapshots/size.ts']] },
  { name: 'coverage', about: 'lines covered by the tests, contracts and SDK', commands: [[node, 'scripts/ci/coverage.ts']] },
  { name: 'node', about: 'the packed SDK on the oldest and the newest Node it supports', commands: [[node, 'scripts/ci/nodeVersions.ts']] },
  {
    name: 'audit',
    about: 'npm audit of production dependencies',
    commands: [['npm', 'audit', '--omit=dev', '--workspace=sdk']],
    reportOnly: true,
  },
]
