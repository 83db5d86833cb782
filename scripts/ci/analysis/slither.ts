import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CompilerOutput, compilerVersion, root, type Sources } from './compiler.ts'
import { type Finding, placeAt, type ToolReport } from './findings.ts'
import { binariesWith, howToInstall } from './python.ts'

interface SlitherReport {
  success: boolean
  error: string | null
  results: { detectors?: Detected[] }
}

interface Detected {
  check: string
  impact: string
  description: string
  elements: { type: string; source_mapping: { start: number; filename_relative: string } }[]
}

/** Settings of the compiler that Slither is told of; it needs the syntax trees alone. */
const settings = { optimizer: { enabled: true }, viaIR: true }

/**
 * Runs every detector of Slither over the project's contracts. There need be no native compiler: the trees are handed over in the shape of a
 * build of Hardhat. No detector that is on reads bytecode, so none is made.
 */
export async function runSlither(sources: Sources, output: CompilerOutput, files: string[]): Promise<ToolReport> {
  const folder = binariesWith('slither')
  if (folder === undefined) return { findings: [], summary: howToInstall('slither'), notRun: true }
  const artifacts = mkdtempSync(join(tmpdir(), 'colophon-slither-'))
  try {
    mkdirSync(join(artifacts, 'build-info'))
    const build = {
      solcVersion: compilerVersion().split('+')[0],
      input: { language: 'Solidity', sources, settings },
      output: withoutCode(output),
    }
    writeFileSync(join(artifacts, 'build-info/contracts.json'), JSON.stringify(build))
    const report = await slither(join(folder, 'slither'), artifacts)
    const detected = (report.results.detectors ?? []).filter((entry) => files.includes(entry.elements[0]!.source_mapping.filename_relative))
    const findings = detected.map((entry): Finding => {
      const { start, filename_relative } = entry.elements[0]!.source_mapping
      const where = placeAt(output, filename_relative, start)
      return { tool: 'slither', rule: entry.check, where, detail: `${entry.impact}: ${entry.description.trim()}` }
    })
    return { findings, summary: `${files.length} files, every detector` }
  } finally {
    rmSync(artifacts, { recursive: true, force: true })
  }
}

function withoutCode(output: CompilerOutput): unknown {
  const none = { object: '', sourceMap: '' }
  const contracts = Object.entries(output.contracts ?? {}).map(([file, found]) => [
    file,
    Object.fromEntries(
      Object.entries(found).map(([name, contract]) => [name, { abi: contract.abi, evm: { bytecode: none, deployedBytecode: none } }]),
    ),
  ])
  return { sources: output.sources, contracts: Object.fromEntries(contracts) }
}

async function slither(program: string, artifacts: string): Promise<SlitherReport> {
  const json = join(artifacts, 'report.json')
  const args = ['.', '--hardhat-ignore-compile', '--hardhat-artifacts-directory', artifacts, '--json', json]
  const said = await new Promise<string>((resolve, reject) => {
    const child = spawn(program, [...args, '--exclude-dependencies', '--filter-paths', 'node_modules|contracts/test'], { cwd: root })
    const lines: string[] = []
    child.stdout.resume()
    child.stderr.on('data', (data: Buffer) => lines.push(data.toString()))
    child.on('error', reject)
    child.on('close', () => resolve(lines.join('')))
  })
  let report: SlitherReport
  try {
    report = JSON.parse(readFileSync(json, 'utf8')) as SlitherReport
  } catch {
    throw new Error(`slither failed:\n${said}`)
  }
  if (!report.success) throw new Error(`slither failed: ${report.error ?? said}`)
  return report
}
