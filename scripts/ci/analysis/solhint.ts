import { execFile } from 'node:child_process'
import { type CompilerOutput, root, type Sources } from './compiler.ts'
import { byteOfLine, type Finding, placeAt, type ToolReport } from './findings.ts'

interface Message {
  line: number
  message: string
  ruleId?: string
  filePath?: string
}

/** Runs solhint's security rules, all of them, over the given sources. */
export async function runSolhint(sources: Sources, output: CompilerOutput, files: string[]): Promise<ToolReport> {
  const args = ['--config', '.solhint.security.json', '--noPoster', '--formatter', 'json', ...files]
  const json = await new Promise<string>((resolve, reject) => {
    // It exits with 1 when it finds something; what fails otherwise prints no JSON.
    execFile('solhint', args, { cwd: root, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      if (stdout.startsWith('[')) resolve(stdout)
      else reject(new Error(`solhint failed: ${stderr || String(error)}`))
    })
  })
  const findings: Finding[] = (JSON.parse(json) as Message[])
    .filter((message) => message.ruleId !== undefined && message.filePath !== undefined)
    .map((message) => {
      const file = message.filePath!
      const where = placeAt(output, file, byteOfLine(sources[file]!.content, message.line))
      return { tool: 'solhint', rule: message.ruleId!, where, detail: `${file}:${message.line} ${message.message}` }
    })
  return { findings, summary: `${files.length} files, every security rule` }
}
