// `npm run check -- analysis`: static analysis of the contracts. Every finding must be judged in docs/security/static-analysis.md, and
// everything that is judged there must still be found. In CI (the variable CI is set) a tool that cannot be run fails the check too.
import { parseArgs } from 'node:util'
import { compile, readSources, solidityFiles } from './analysis/compiler.ts'
import { compare, type Finding, projectVerdicts, type ToolReport, verdictsFile } from './analysis/findings.ts'
import { runHalmos } from './analysis/halmos.ts'
import { runSlither } from './analysis/slither.ts'
import { runSmtChecker } from './analysis/smtChecker.ts'
import { runSolhint } from './analysis/solhint.ts'

const { positionals } = parseArgs({ allowPositionals: true })

const files = solidityFiles('contracts').filter((file) => !file.startsWith('contracts/test/'))
const sources = readSources(files)
const output = compile(sources, { outputSelection: { '*': { '': ['ast'], '*': ['abi'] } } })

const allTools: Record<string, () => Promise<ToolReport>> = {
  solhint: () => runSolhint(sources, output, files),
  slither: () => runSlither(sources, output, files),
  smtchecker: () => runSmtChecker(output),
  halmos: () => runHalmos(),
}
const tools = Object.keys(allTools).filter((tool) => positionals.length === 0 || positionals.includes(tool))

let failed = false
const found: Finding[] = []
const ran: string[] = []

async function runTool(tool: string): Promise<void> {
  const started = performance.now()
  try {
    const { findings, summary, notRun } = await allTools[tool]!()
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    if (notRun === true) {
      console.log(`${tool}: not run. ${summary}`)
      if (process.env.CI !== undefined) failed = true
      return
    }
    console.log(`${tool}: ${findings.length} findings, ${seconds} s. ${summary}`)
    found.push(...findings)
    ran.push(tool)
  } catch (error) {
    console.error(`${tool}: ${error instanceof Error ? error.message : String(error)}`)
    failed = true
  }
}

// Halmos is the longest and has one core; the others share the second.
const others = async (): Promise<void> => {
  for (const tool of tools.filter((candidate) => candidate !== 'halmos')) await runTool(tool)
}
await Promise.all([others(), ...(tools.includes('halmos') ? [runTool('halmos')] : [])])

const { unexplained, stale } = compare(found, projectVerdicts(), ran)
for (const { tool, rule, where, detail } of unexplained) {
  console.error(`\nNot judged in ${verdictsFile}, or more often than there: | ${tool} | ${rule} | ${where} |\n${detail}`)
}
for (const row of stale) console.error(`\nStale in ${verdictsFile}: ${row}`)
process.exitCode = failed || unexplained.length > 0 || stale.length > 0 ? 1 : 0
