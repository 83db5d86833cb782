import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { compile, readSources, root, solidityFiles } from './compiler.ts'
import type { Finding, ToolReport } from './findings.ts'
import { binariesWith, howToInstall } from './python.ts'

/** Halmos' results by contract, `test/symbolic/Words.sol:WordProperties`. */
interface HalmosReport {
  test_results: Record<string, { name: string; exitcode: number; num_bounded_loops: number }[]>
}

/** What its exit codes mean, as in its `Exitcode`. */
const outcomes = ['proven', 'counterexample', 'timeout', 'stuck', 'reverts on every path', 'exception']

/** The compiler's settings are those of what is deployed, so what is proven is proven of its bytecode. */
const settings = {
  optimizer: { enabled: true, runs: 1_000_000 },
  viaIR: true,
  outputSelection: {
    '*': {
      '': ['ast'],
      '*': ['abi', 'metadata', 'storageLayout', 'evm.bytecode', 'evm.deployedBytecode', 'evm.methodIdentifiers'],
    },
  },
}

/**
 * Proves the properties in test/symbolic for all inputs. Halmos reads what Foundry builds, so the project's compiler's output is written in
 * that shape, and what Halmos calls as `forge` does nothing.
 */
export async function runHalmos(): Promise<ToolReport> {
  const folder = binariesWith('halmos')
  if (folder === undefined) return { findings: [], summary: howToInstall('halmos'), notRun: true }
  const workFolder = mkdtempSync(join(tmpdir(), 'colophon-halmos-'))
  try {
    const wanted = writeBuild(workFolder)
    const report = await halmos(folder, workFolder)
    const results = Object.entries(report.test_results).flatMap(([contract, tests]) =>
      tests.map((test) => ({ ...test, contract: contract.split(':').at(-1)!, name: test.name.split('(')[0]! })),
    )
    const findings: Finding[] = []
    for (const { contract, name } of wanted) {
      const result = results.find((candidate) => candidate.contract === contract && candidate.name === name)
      const bounded = (result?.num_bounded_loops ?? 0) > 0
      if (result?.exitcode === 0 && !bounded) continue
      const rule =
        result === undefined ? 'not run' : bounded ? 'loop cut short' : (outcomes[result.exitcode] ?? `exit code ${result.exitcode}`)
      findings.push({ tool: 'halmos', rule, where: `${contract}.${name}`, detail: `${contract}.${name} is not proven: ${rule}` })
    }
    return { findings, summary: `${wanted.length - findings.length} of ${wanted.length} properties proven for all inputs` }
  } finally {
    rmSync(workFolder, { recursive: true, force: true })
  }
}

/** Writes the build and tells which properties are in it. */
function writeBuild(workFolder: string): { contract: string; name: string }[] {
  const files = solidityFiles('test/symbolic')
  const output = compile(readSources(files), settings)
  const wanted: { contract: string; name: string }[] = []
  for (const file of files) {
    for (const [contract, { abi, metadata, storageLayout, evm }] of Object.entries(output.contracts![file]!)) {
      const target = join(workFolder, 'out', file.split('/').at(-1)!)
      const artifact = {
        abi,
        bytecode: { ...evm.bytecode, object: `0x${evm.bytecode.object}` },
        deployedBytecode: { ...evm.deployedBytecode, object: `0x${evm.deployedBytecode.object}` },
        methodIdentifiers: evm.methodIdentifiers,
        metadata: JSON.parse(metadata),
        storageLayout,
        ast: output.sources[file]!.ast,
        id: output.sources[file]!.id,
      }
      mkdirSync(target, { recursive: true })
      writeFileSync(join(target, `${contract}.json`), JSON.stringify(artifact))
      const names = Object.keys(evm.methodIdentifiers).map((signature) => signature.split('(')[0]!)
      wanted.push(...names.filter((name) => name.startsWith('check_')).map((name) => ({ contract, name })))
    }
  }
  return wanted
}

async function halmos(folder: string, workFolder: string): Promise<HalmosReport> {
  const bin = join(workFolder, 'bin')
  mkdirSync(bin)
  writeFileSync(join(bin, 'forge'), '#!/bin/sh\nexit 0\n', { mode: 0o755 })
  const json = join(workFolder, 'report.json')
  const args = ['--root', workFolder, '--no-status', '--json-output', json, '--loop', '6', '--solver-timeout-assertion', '120s']
  const env = { ...process.env, PATH: [bin, folder, process.env.PATH].join(delimiter), NO_COLOR: '1' }
  const said = await new Promise<string>((resolve, reject) => {
    const child = spawn(join(folder, 'halmos'), args, { cwd: root, env })
    const lines: string[] = []
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => lines.push(data.toString()))
    child.on('error', reject)
    child.on('close', () => resolve(lines.join('')))
  })
  try {
    return JSON.parse(readFileSync(json, 'utf8')) as HalmosReport
  } catch {
    throw new Error(`halmos failed:\n${said}`)
  }
}
