// Turns the compiler's artifacts into what the published SDK needs, under sdk/src/contracts/generated/:
//   types/NAME.ts    what typechain wrote, with imports that run without a build
//   NAME.ts          ABI and factory, without bytecode, so that an app that only calls a contract does not carry it
//   bytecode.ts      creation bytecode, for those who deploy
//   local.ts         addresses on a fresh local chain
//   runtime.ts       hash of the deployed code with immutables and metadata masked, so that anyone can tell a genuine contract
// and, under sdk/src/stack-recipe/generated/, the transactions that set up a fresh local chain.
//
// All of it is written by every build and ignored by git: it cannot go stale, and no diff repeats the contracts'.
// A file whose content stays the same keeps its time stamp, and files nobody wrote are removed.
import { globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { getBytes, hexlify, keccak256 } from 'ethers'
import type { StackRecipe } from '../../sdk/src/stack-recipe/recipe.ts'
import { recordStackRecipe } from './recordStackRecipe.ts'

const root = join(import.meta.dirname, '..', '..')
const artifactsFolder = join(root, 'artifacts', 'contracts')
const typesFolder = join(root, 'types', 'ethers-contracts')
const target = join(root, 'sdk', 'src', 'contracts', 'generated')
const recipeTarget = join(root, 'sdk', 'src', 'stack-recipe', 'generated')

const banner = '// Written by scripts/build/exportContracts.ts from the compiled contracts. Do not edit.\n'

interface AbiParameter {
  name: string
  type: string
  internalType?: string
  indexed?: boolean
  components?: AbiParameter[]
}

interface AbiEntry {
  type: string
  name?: string
  inputs?: AbiParameter[]
  outputs?: AbiParameter[]
  stateMutability?: string
  anonymous?: boolean
}

interface Artifact {
  contractName: string
  sourceName: string
  abi: AbiEntry[]
  bytecode: string
  deployedBytecode: string
  linkReferences: Record<string, unknown>
  immutableReferences?: Record<string, { start: number; length: number }[]>
}

/** Contracts that get deployed: those with code, except doubles for tests and libraries that are inlined. */
function deployable(): Artifact[] {
  return globSync('**/*.sol/*.json', { cwd: artifactsFolder })
    .sort()
    .filter((file) => !/^(test|interfaces|libraries|types)\//.test(file) && !/\.t\.sol\//.test(file))
    .map((file) => JSON.parse(readFileSync(join(artifactsFolder, file), 'utf8')) as Artifact)
    .filter((artifact) => artifact.bytecode !== '0x')
}

/** `internalType` is for explorers; leaving it out makes the ABI a third smaller. */
function slim(parameter: AbiParameter): AbiParameter {
  const { internalType: _, components, ...rest } = parameter
  return components === undefined ? rest : { ...rest, components: components.map(slim) }
}

function slimAbi(abi: AbiEntry[]): AbiEntry[] {
  return abi.map((entry) => ({
    ...entry,
    ...(entry.inputs === undefined ? {} : { inputs: entry.inputs.map(slim) }),
    ...(entry.outputs === undefined ? {} : { outputs: entry.outputs.map(slim) }),
  }))
}

/**
 * Typechain names compiled files in its imports; sources run without a build here, so name those. Its namespaces hold types
 * only, and saying so lets them pass where syntax must be erasable.
 */
function asSource(types: string): string {
  return types
    .replace(/from "(?:\.\.?\/)+common\.js"/g, "from './common.ts'")
    .replace(/export namespace /g, 'export declare namespace ')
    .replace(/(export interface OutputObject .*\});/g, '$1')
}

function typeFileOf(name: string): string {
  // Typechain leaves files of an earlier layout behind, so the newest is the one it has just written.
  const [newest] = globSync(`**/${name}.ts`, { cwd: typesFolder })
    .filter((file) => !file.startsWith('factories'))
    .map((file) => join(typesFolder, file))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)
  if (newest === undefined) throw new Error(`Typechain wrote no types for ${name}. Run: npx hardhat build --force`)
  return newest
}

function factoryModule(artifact: Artifact): string {
  const name = artifact.contractName
  return `${banner}import { Contract, type ContractRunner, Interface, type InterfaceAbi } from 'ethers'
import type { ${name}, ${name}Interface } from './types/${name}.ts'

/** ABI of ${name}, as const, for libraries that infer types from it. */
export const ${name}Abi = ${JSON.stringify(slimAbi(artifact.abi), null, 1)} as const

/** Typed access to a deployed ${name}. Its bytecode is in \`contracts/bytecode\`. */
export const ${name}__factory: {
  readonly abi: typeof ${name}Abi
  /** A new, typed interface; keep it, parsing the ABI takes time. */
  createInterface: () => ${name}Interface
  connect: (address: string, runner?: ContractRunner | null) => ${name}
} = {
  abi: ${name}Abi,
  createInterface: () => new Interface(${name}Abi as InterfaceAbi) as ${name}Interface,
  connect: (address, runner) => new Contract(address, ${name}Abi as InterfaceAbi, runner) as unknown as ${name},
}
`
}

function runtimeEntry(artifact: Artifact): string {
  const code = getBytes(artifact.deployedBytecode)
  const immutables = Object.values(artifact.immutableReferences ?? {})
    .flat()
    .map(({ start, length }) => [start, length] as const)
  // The compiler ends the code with metadata and their length in two bytes. They name every remapping of the build, so the same contract has
  // others when it is built alone, as Ignition does; nothing ever runs there. `verify:sources` compares them too.
  const metadata = (code.at(-2)! << 8) | code.at(-1)!
  const masked = [...immutables, [code.length - 2 - metadata, metadata] as const].sort((a, b) => a[0] - b[0])
  for (const [start, length] of masked) code.fill(0, start, start + length)
  return `  ${artifact.contractName}: { codeHash: '${keccak256(hexlify(code))}', size: ${code.length}, masked: ${JSON.stringify(masked)} },\n`
}

function runtimeModule(artifacts: Artifact[]): string {
  return `${banner}
/** What the runtime code of a genuine contract looks like. */
export interface RuntimeCode {
  /** keccak256 of the runtime code after the bytes of every immutable and of the compiler's metadata are set to zero. */
  codeHash: string
  /** Bytes of runtime code. */
  size: number
  /** Where immutables and metadata lie: start and length in bytes. */
  masked: readonly (readonly [number, number])[]
}

export const runtimeCode: { readonly [name in ${artifacts.map((artifact) => `'${artifact.contractName}'`).join(' | ')}]: RuntimeCode } = {
${artifacts.map(runtimeEntry).join('')}}
`
}

function recipeModule(recipe: StackRecipe): string {
  return `import type { StackRecipe } from '../recipe.ts'

export const recipe: StackRecipe = ${JSON.stringify(recipe, null, 2)}
`
}

/** The addresses alone: who wants to know where the contracts are need not load how they got there. */
function localModule({ addresses }: StackRecipe): string {
  return `
/** Where the stack recipe puts each contract. */
export const localAddresses: Readonly<Record<string, string>> = ${JSON.stringify(addresses, null, 2)}
`
}

/** Writes only what changed, so that watchers and incremental builds stay quiet. */
function write(file: string, content: string, written: Set<string>): void {
  written.add(file)
  mkdirSync(dirname(file), { recursive: true })
  try {
    if (readFileSync(file, 'utf8') === content) return
  } catch {
    // Not there yet.
  }
  writeFileSync(file, content)
}

const artifacts = deployable()
if (artifacts.length === 0) throw new Error('No compiled contracts found. Run: npx hardhat build')
for (const artifact of artifacts)
  if (Object.keys(artifact.linkReferences).length > 0)
    throw new Error(`${artifact.contractName} needs linked libraries, which the export does not handle.`)
const names = artifacts.map((artifact) => artifact.contractName)

const written = new Set<string>()
write(join(target, 'types', 'common.ts'), readFileSync(join(typesFolder, 'common.ts'), 'utf8'), written)
for (const artifact of artifacts) {
  const types = asSource(readFileSync(typeFileOf(artifact.contractName), 'utf8'))
  write(join(target, 'types', `${artifact.contractName}.ts`), types, written)
  write(join(target, `${artifact.contractName}.ts`), factoryModule(artifact), written)
}
write(
  join(target, 'bytecode.ts'),
  `${banner}${artifacts.map(({ contractName, bytecode }) => `\n/** Creation bytecode of ${contractName}; constructor arguments, if any, go behind it. */\nexport const ${contractName}Bytecode = '${bytecode}'\n`).join('')}`,
  written,
)
write(join(target, 'runtime.ts'), runtimeModule(artifacts), written)
write(
  join(target, 'index.ts'),
  `${banner}${names.map((name) => `export { ${name}__factory, ${name}Abi } from './${name}.ts'\nexport type { ${name}, ${name}Interface } from './types/${name}.ts'\n`).join('')}`,
  written,
)
const recipe = await recordStackRecipe()
write(join(recipeTarget, 'recipe.ts'), `${banner}${recipeModule(recipe)}`, written)
write(join(target, 'local.ts'), `${banner}${localModule(recipe)}`, written)

for (const folder of [target, recipeTarget])
  for (const file of globSync('**/*.ts', { cwd: folder })) if (!written.has(join(folder, file))) rmSync(join(folder, file))
process.stdout.write(`exported ${names.join(', ')} (${basename(target)})\n`)
