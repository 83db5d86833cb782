import { createRequire } from 'node:module'
import { expect } from 'chai'
import { type Branch, markBranches } from '../../scripts/build/branchMarks.ts'

const solc = createRequire(import.meta.url)('solc') as { compile(input: string): string }

const LIBRARY = `
library __NomicFoundationCoverage {
    function branch(bool taken, uint256, uint256) internal pure returns (bool) { return taken; }
    function sendHit(uint256) internal pure {}
}`

const contract = (body: string, more = ''): string => `pragma solidity ^0.8.28;
interface Peer { function ask() external returns (bool); }
contract Example {
    ${more}
    function f(uint256 a, uint256 b, Peer peer) public returns (uint256 c) {
        ${body}
    }
}
${LIBRARY}`

/** Marks, sees that it still compiles, and tells each branch as `line outcome text`. */
function marksOf(source: string): { source: string; told: string[]; branches: Branch[] } {
  const marked = markBranches('Example.sol', source)
  const output = JSON.parse(
    solc.compile(
      JSON.stringify({
        language: 'Solidity',
        sources: { 'Example.sol': { content: marked.source } },
        settings: { outputSelection: { '*': { '*': ['evm.bytecode'] } } },
      }),
    ),
  ) as { errors?: { severity: string; formattedMessage: string }[] }
  expect(output.errors?.filter(({ severity }) => severity === 'error').map(({ formattedMessage }) => formattedMessage) ?? []).to.deep.equal(
    [],
  )
  expect(marked.source.split('\n')).to.have.length(source.split('\n').length)
  const tags = marked.branches.map(({ tag }) => tag)
  expect(new Set(tags).size).to.equal(tags.length)
  for (const tag of tags) expect(marked.source.split(tag), 'each mark stands once').to.have.length(2)
  return { ...marked, told: marked.branches.map(({ line, outcome, text }) => `${line} ${outcome} ${text}`) }
}

describe('marks of branches', () => {
  it('tells both outcomes of an if without an else', () => {
    const { told, source } = marksOf(contract('if (a == b) return 1;'))
    expect(told).to.deep.equal(['6 true a == b', '6 false a == b'])
    expect(source).to.match(/if \(__NomicFoundationCoverage\.branch\(a == b, 0x[0-9a-f]{64}, 0x[0-9a-f]{64}\)\) return 1;/)
  })

  it('takes conditions apart into what `&&`, `||`, `!` and parentheses put together', () =>
    expect(marksOf(contract('if (a == 1 && !(b == 2 || a < b)) c = 1;')).told).to.deep.equal(
      ['a == 1', 'b == 2', 'a < b'].flatMap((operand) => [`6 true ${operand}`, `6 false ${operand}`]),
    ))

  it('knows loops, choices and requirements, and operands that decide nothing else', () =>
    expect(
      marksOf(
        contract(
          'while (a > 9) a--; do b++; while (b < 3); for (uint256 i = 0; i < 2; i++) c++; c = a > 1 ? 2 : 3; require(a < 5, "x"); bool d = a > b || b > 7; c += d ? 1 : 0;',
        ),
      ).told.filter((each) => each.includes('true')),
    ).to.deep.equal(['a > 9', 'b < 3', 'i < 2', 'a > 1', 'a < 5', 'a > b', 'b > 7', 'd'].map((operand) => `6 true ${operand}`)))

  it('nests marks where conditions begin or end at one place', () => {
    const { told, source } = marksOf(contract('if (a > 1 ? b > 2 : b > 3 && a > 4) c = 1;'))
    expect(told).to.have.length(8)
    // The inner one has its own tags: those of the operand it closes.
    const last = markBranches('Example.sol', contract('if (a > 1 ? b > 2 : b > 3 && a > 4) c = 1;')).branches.find(
      ({ text, outcome }) => text === 'a > 4' && outcome === 'true',
    )!
    expect(source).to.include(`__NomicFoundationCoverage.branch(a > 4, 0x${last.tag}, `)
  })

  it('tells whether a call that is tried succeeds', () =>
    expect(marksOf(contract('try peer.ask() returns (bool yes) { c = yes ? 1 : 2; } catch { c = 3; }')).told).to.deep.equal([
      '6 success peer.ask()',
      '6 catch peer.ask()',
      '6 true yes',
      '6 false yes',
    ]))

  it('leaves alone what is worked out at compile time, and what is always so', () =>
    expect(marksOf(contract('while (true) { a++; break; }', 'uint256 constant X = true && false ? 1 : 2;')).told).to.deep.equal([]))

  it('finds its place behind characters of more than one byte, and reads no imports', () => {
    const source = contract('/* what’s “this”? */ if (a == b) return 1;')
    expect(marksOf(source).told[0]).to.equal('6 true a == b')
    expect(markBranches('Example.sol', `import "./nowhere.sol";\n${source}`).branches[0]!.line).to.equal(7)
  })

  it('says which file cannot be read', () =>
    expect(() => markBranches('Odd.sol', 'contract {')).to.throw(/Odd\.sol cannot be read: .*Expected identifier/s))
})
