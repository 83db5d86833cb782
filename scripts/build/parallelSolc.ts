// A Hardhat plugin: shares one compilation among several runs of the compiler, one a core. The compiler works on one contract after the
// other, and most of its time goes into code generation, so asking each run for the code of other files makes a build about as many times
// faster as there are cores. All runs read all sources, so each contract's code and metadata are those of one single run.
// Contracts of packages are inherited, never deployed by themselves, so no code of their own is asked for.
import { availableParallelism } from 'node:os'
import type { HardhatPlugin } from 'hardhat/types/plugins'
import type { CompilerInput, CompilerOutput } from 'hardhat/types/solidity'

type CompilerOutputContracts = NonNullable<CompilerOutput['contracts']>[string]

/** More runs cost more in reading the sources again than they save. */
const MAX_RUNS = 4
/** Less than so many characters of code is not worth a second run of the compiler. */
const MIN_CHARACTERS_PER_RUN = 200_000

export const parallelSolc: HardhatPlugin = {
  id: 'colophon-parallel-solc',
  hookHandlers: {
    solidity: async () => ({
      default: async () => ({
        async invokeSolc(context, compiler, input, config, next) {
          const parts = share(input, Math.min(availableParallelism(), MAX_RUNS))
          return merge(await Promise.all(parts.map((files) => next(context, compiler, only(input, files), config))))
        },
      }),
    }),
  },
}

/** The source files in at most `runs` groups of about the same work. */
function share({ sources }: CompilerInput, runs: number): string[][] {
  const weights = Object.keys(sources).map((file) => ({ file, weight: codeBehind(file, sources) }))
  const total = weights.reduce((sum, { weight }) => sum + weight, 0)
  const groups = Array.from({ length: Math.max(1, Math.min(runs, Math.floor(total / MIN_CHARACTERS_PER_RUN))) }, () => ({
    files: [] as string[],
    weight: 0,
  }))
  // The heaviest first, each to the group that has least so far.
  for (const { file, weight } of weights.sort((a, b) => b.weight - a.weight)) {
    const lightest = groups.reduce((least, group) => (group.weight < least.weight ? group : least))
    lightest.files.push(file)
    lightest.weight += weight
  }
  return groups.map(({ files }) => files)
}

/** An estimate of the code that a file's contracts turn into: their own text and that of everything they import. Nothing where a file has none. */
function codeBehind(file: string, sources: CompilerInput['sources']): number {
  if (isPackaged(file) || !/^contract\s/m.test(sources[file]!.content)) return 0
  const seen = new Set<string>()
  const open = [file]
  while (open.length > 0) {
    const name = open.pop()!
    if (seen.has(name)) continue
    seen.add(name)
    for (const [, path] of sources[name]!.content.matchAll(/^import\s[^;]*?["']([^"']+)["'];/gm)) {
      const found = imported(name, path!, sources)
      if (found !== undefined) open.push(found)
    }
  }
  return [...seen].reduce((sum, name) => sum + sources[name]!.content.length, 0)
}

function imported(from: string, path: string, sources: CompilerInput['sources']): string | undefined {
  if (path.startsWith('.')) return new URL(path, `file:///${from}`).pathname.slice(1)
  // Remappings put a package's name and version in front.
  return Object.keys(sources).find((name) => name.endsWith(path.slice(path.indexOf('/', path.startsWith('@') ? path.indexOf('/') + 1 : 0))))
}

/** Hardhat's name of a source that comes out of a package. */
function isPackaged(file: string): boolean {
  return file.startsWith('npm/')
}

/** The same input, asking for the output of these files alone. */
function only(input: CompilerInput, files: string[]): CompilerInput {
  const { '*': everywhere = {}, ...named } = input.settings.outputSelection
  const outputSelection = Object.fromEntries(
    files.map((file) => {
      const { '': ofFile = [], ...ofContracts } = { ...everywhere, ...named[file] }
      return [file, { '': ofFile, ...(isPackaged(file) ? { '*': ['abi', 'evm.methodIdentifiers'] } : ofContracts) }]
    }),
  )
  return { ...input, settings: { ...input.settings, outputSelection } }
}

/** What the compiler says of a contract without code; Hardhat's chain cannot read an output where it is missing. */
const NO_CODE = { linkReferences: {}, object: '', opcodes: '', sourceMap: '' }

/** The contracts of one file, those without code as the compiler gives an interface. */
function withCode([file, contracts]: [string, CompilerOutputContracts]): [string, CompilerOutputContracts] {
  if (!isPackaged(file)) return [file, contracts]
  const blank = { bytecode: NO_CODE, deployedBytecode: { immutableReferences: {}, ...NO_CODE } }
  const filled = Object.entries(contracts).map(([name, { abi, evm }]) => [name, { abi, evm: { methodIdentifiers: {}, ...evm, ...blank } }])
  return [file, Object.fromEntries(filled)]
}

function merge(outputs: CompilerOutput[]): CompilerOutput {
  const errors = new Map(outputs.flatMap(({ errors: found = [] }) => found.map((error) => [JSON.stringify(error), error] as const)))
  return {
    ...(errors.size > 0 ? { errors: [...errors.values()] } : {}),
    // Every run lists every source; the syntax tree is with the one that was asked for it.
    sources: Object.assign({}, ...outputs.map(({ sources }) => Object.fromEntries(Object.entries(sources).filter(([, { ast }]) => ast)))),
    contracts: Object.fromEntries(outputs.flatMap(({ contracts = {} }) => Object.entries(contracts).map(withCode))),
  }
}
