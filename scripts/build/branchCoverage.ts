// A Hardhat plugin: with `--coverage`, which counts statements alone, each outcome of each condition is told too. Hardhat puts its marks into
// the text first; this puts a call around every condition, so that lines and statements stay what they are. The marks end up beside Hardhat's
// in coverage/data, and what they mean in coverage/branches, one file for each source; scripts/ci/coverage.ts joins them.
//
// A branch is one outcome, true or false, of one operand: `if (a && !b)` has four, so a test that tries the whole condition both ways, but
// `b` only one way, leaves one uncovered. Counted are the operands of `if`, `while`, `for`, `?:`, `require` and of `&&` and `||` wherever
// they stand; `try` has its success and each `catch`. Inline assembly is left alone: a mark calls out, and the size of what the last call
// returned, which such code asks for, would be the mark's.
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { HardhatPlugin } from 'hardhat/types/plugins'
import type { CompilerInput } from 'hardhat/types/solidity'
import { type Branch, markBranches } from './branchMarks.ts'

/** As Hardhat names a source in what it gives the compiler. */
const PROJECT = 'project/'
/** What counts: the contracts, not the doubles that tests put in their place. */
const COUNTS = /^project\/contracts\/(?!test\/)/
/** The library that Hardhat's own marks call. */
const LIBRARY = 'library __NomicFoundationCoverage {'
const MARK = `${LIBRARY}
  function branch(bool taken, uint256 yes, uint256 no) internal pure returns (bool) {
    sendHit(taken ? yes : no);
    return taken;
  }
`

/** By name and content: a file is compiled in many jobs. */
const marked = new Map<string, string>()

export const branchCoverage: HardhatPlugin = {
  id: 'colophon-branch-coverage',
  hookHandlers: {
    solidity: async () => ({
      default: async () => ({
        async preprocessSolcInputBeforeBuilding(context, input, next) {
          const statements = await next(context, input)
          return context.globalOptions.coverage ? mark(statements, join(context.config.paths.root, 'coverage', 'branches')) : statements
        },
      }),
    }),
  },
}

function mark(input: CompilerInput, folder: string): CompilerInput {
  const sources = Object.entries(input.sources).map(([name, { content }]) => {
    if (content.includes(LIBRARY)) return [name, { content: content.replace(LIBRARY, MARK) }]
    if (!COUNTS.test(name) || !content.includes('__NomicFoundationCoverage')) return [name, { content }]
    const key = createHash('sha256').update(name).update(content).digest('hex')
    let text = marked.get(key)
    if (text === undefined) {
      const file = name.slice(PROJECT.length)
      const { source, branches } = markBranches(file, content)
      note(join(folder, `${file}.json`), branches)
      text = source
      marked.set(key, text)
    }
    return [name, { content: text }]
  })
  return { ...input, sources: Object.fromEntries(sources) }
}

function note(path: string, branches: Branch[]): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `${JSON.stringify(branches, null, 1)}\n`)
}
