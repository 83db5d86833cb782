import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, posix, relative, sep } from 'node:path'

/** Root of the project, where source names start. */
export const root: string = join(import.meta.dirname, '../../..')

/** Sources by name: project files by their path from the root, packages as `node_modules/<package>/<path>`. */
export type Sources = Record<string, { content: string }>

export interface CompilerMessage {
  severity: 'error' | 'warning' | 'info'
  errorCode?: string
  message: string
  formattedMessage: string
  sourceLocation?: { file: string; start: number; end: number }
}

export interface CompilerOutput {
  errors?: CompilerMessage[]
  sources: Record<string, { id: number; ast: AstNode }>
  contracts?: Record<string, Record<string, CompiledContract>>
}

export interface CompiledContract {
  abi: unknown[]
  metadata: string
  storageLayout?: unknown
  evm: {
    bytecode: Bytecode
    deployedBytecode: Bytecode
    methodIdentifiers: Record<string, string>
  }
}

interface Bytecode {
  object: string
  sourceMap: string
  linkReferences: Record<string, unknown>
  immutableReferences?: Record<string, unknown>
}

/** What the checks read of a node of the syntax tree; `src` is `start:length:source`, in bytes. */
export interface AstNode {
  nodeType: string
  src: string
  name?: string
  kind?: string
  contractKind?: string
  nodes?: AstNode[]
}

interface Solc {
  compile(input: string): string
  version(): string
}

const loadModule = createRequire(import.meta.url)
const importOf = /^\s*import\s+(?:[^'"]*from\s+)?["']([^"']+)["']/gm

/** The `.sol` files under a folder of the project, sorted, as source names. */
export function solidityFiles(folder: string): string[] {
  const full = join(root, folder)
  if (!existsSync(full)) return []
  return readdirSync(full, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.sol'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort()
}

/** Reads the given sources and all that they import, each once. */
export function readSources(entries: string[]): Sources {
  const sources: Sources = {}
  const open = [...entries]
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (sources[name] !== undefined) continue
    const content = readFileSync(join(root, name), 'utf8')
    sources[name] = { content }
    for (const [, imported] of content.matchAll(importOf)) open.push(resolveImport(name, imported!))
  }
  return sources
}

function resolveImport(from: string, imported: string): string {
  return imported.startsWith('.') ? posix.join(dirname(from), imported) : `node_modules/${imported}`
}

/** The remappings that give packages the names {@link readSources} gives them. */
export function remappings(sources: Sources): string[] {
  const packages = Object.keys(sources)
    .filter((name) => name.startsWith('node_modules/'))
    .map((name) =>
      name
        .split('/')
        .slice(1, name.startsWith('node_modules/@') ? 3 : 2)
        .join('/'),
    )
  return [...new Set(packages)].map((name) => `${name}/=node_modules/${name}/`)
}

/** The compiler of the project, the same build that makes its bytecode. */
export function compilerVersion(): string {
  return (loadModule('solc') as Solc).version()
}

/**
 * Compiles with the project's solc in this process.
 * @throws Error with the compiler's messages when a source does not compile.
 */
export function compile(sources: Sources, settings: Record<string, unknown>): CompilerOutput {
  const input = { language: 'Solidity', sources, settings: { evmVersion: 'prague', remappings: remappings(sources), ...settings } }
  const output = JSON.parse((loadModule('solc') as Solc).compile(JSON.stringify(input))) as CompilerOutput
  const errors = (output.errors ?? []).filter((message) => message.severity === 'error')
  if (errors.length > 0) throw new Error(errors.map((message) => message.formattedMessage).join('\n'))
  return output
}
