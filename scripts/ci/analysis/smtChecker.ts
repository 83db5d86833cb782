import { execFile } from 'node:child_process'
import { type CompilerMessage, type CompilerOutput, compile, compilerVersion, readSources } from './compiler.ts'
import { type Finding, placeAt, type ToolReport } from './findings.ts'

/**
 * What is checked: libraries and words whose arithmetic stands alone. CalendarLib's takes the solver minutes, and for TermsLib it wants a thread,
 * which the compiler's WebAssembly has not; Halmos proves what matters of both.
 */
const libraries: Record<string, string[]> = {
  'contracts/libraries/AgreementLib.sol': ['AgreementLib'],
  'contracts/libraries/ClaimLib.sol': ['ClaimLib'],
  'contracts/libraries/EscrowLib.sol': ['EscrowLib'],
  'contracts/libraries/LineageLib.sol': ['LineageLib'],
  'contracts/libraries/OfferLib.sol': ['OfferLib'],
  'contracts/libraries/OrderLib.sol': ['OrderLib'],
  'contracts/libraries/Popcount.sol': ['Popcount'],
  'contracts/libraries/SignatureLib.sol': ['SignatureLib'],
  'contracts/libraries/WorkLib.sol': ['WorkLib'],
  'contracts/types/RevenueWord.sol': ['RevenueWordLib'],
  'contracts/types/Role.sol': ['Roles'],
  'contracts/types/Word.sol': ['WordLib'],
}

/** Seconds that the solver may take together; it has no limit of time of its own in this build. */
const timeLimit = 200

const verdictOf = /^BMC: (.+?) (?:(happens here|might happen here)|check is safe)/

/**
 * Runs the SMTChecker of the project's own compiler, which has Z3 built in, in a process that can be ended. Its engine is BMC: the other one
 * starts from public functions, and these libraries have none.
 */
export async function runSmtChecker(output: CompilerOutput): Promise<ToolReport> {
  const messages = await new Promise<CompilerMessage[]>((resolve, reject) => {
    const options = { timeout: timeLimit * 1000, maxBuffer: 1 << 26 }
    execFile(process.execPath, [import.meta.filename, '--solve'], options, (error, stdout, stderr) => {
      if (error?.killed === true) reject(new Error(`the SMTChecker did not end within ${timeLimit} s`))
      else if (error !== null) reject(new Error(`the SMTChecker failed:\n${stderr}`))
      else resolve(JSON.parse(stdout) as CompilerMessage[])
    })
  })
  const judged = messages.flatMap((message) => {
    const match = verdictOf.exec(message.message)
    return match === null ? [] : [{ ...message, rule: match[1]!.toLowerCase(), safe: match[2] === undefined }]
  })
  if (judged.length === 0) throw new Error('The SMTChecker judged nothing: is its solver still in the compiler?')
  const findings = judged
    .filter((message) => !message.safe)
    .map(({ rule, formattedMessage, sourceLocation }): Finding => {
      const where = placeAt(output, sourceLocation!.file, sourceLocation!.start)
      return { tool: 'smtchecker', rule, where, detail: formattedMessage.trim() }
    })
  const safe = judged.length - findings.length
  const count = Object.values(libraries).flat().length
  return {
    findings,
    summary: `${count} libraries, Z3 of solc ${compilerVersion().split('.Emscripten')[0]}: ${safe} of ${judged.length} checks proven safe`,
  }
}

function solve(): CompilerMessage[] {
  const modelChecker = {
    contracts: libraries,
    engine: 'bmc',
    solvers: ['z3'],
    targets: ['assert', 'underflow', 'overflow', 'divByZero'],
    showProvedSafe: true,
    showUnproved: true,
  }
  const found = compile(readSources(Object.keys(libraries)), { modelChecker, outputSelection: {} })
  return (found.errors ?? []).filter((message) => message.message.startsWith('BMC: '))
}

if (process.argv[2] === '--solve' && process.argv[1] === import.meta.filename) process.stdout.write(JSON.stringify(solve()))
