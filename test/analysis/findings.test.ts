import { expect } from 'chai'
import { compile } from '../../scripts/ci/analysis/compiler.ts'
import { byteOfLine, compare, type Finding, placeAt, projectVerdicts, readVerdicts } from '../../scripts/ci/analysis/findings.ts'

const header = '| tool | rule | where | count | verdict | why |\n|---|---|---|---|---|---|\n'
const finding = (where: string, rule = 'timestamp'): Finding => ({ tool: 'slither', rule, where, detail: `${rule} at ${where}` })

describe('the baseline of static analysis', () => {
  const verdicts = readVerdicts(`${header}| slither | timestamp | \`A.f\`, \`A.g\` | 1 | accepted | windows of days |\n`)

  it('explains what its table names, place by place', () => {
    expect(compare([finding('A.f'), finding('A.g')], verdicts, ['slither'])).to.deep.equal({ unexplained: [], stale: [] })
  })

  it('does not explain another place, rule or tool', () => {
    const others = [finding('A.h'), finding('A.f', 'reentrancy-eth'), { ...finding('A.f'), tool: 'solhint' }]
    const found = [finding('A.f'), finding('A.g'), ...others]
    expect(compare(found, verdicts, ['slither', 'solhint']).unexplained).to.deep.equal(others)
  })

  it('does not let one reason cover a second finding of its kind', () => {
    const found = [finding('A.f'), finding('A.f'), finding('A.g')]
    expect(compare(found, verdicts, ['slither']).unexplained).to.deep.equal([finding('A.f'), finding('A.f')])
  })

  it('is stale where it explains what is not found, or judges twice', () => {
    expect(compare([finding('A.f')], verdicts, ['slither']).stale).to.deep.equal(['slither timestamp A.g: the table has 1, found 0'])
    expect(compare([finding('A.f'), finding('A.g')], [...verdicts, verdicts[0]!], ['slither']).stale).to.have.length(1)
  })

  it('leaves alone the rows of tools that did not run', () => {
    expect(compare([], verdicts, ['solhint'])).to.deep.equal({ unexplained: [], stale: [] })
  })

  it('wants a count, a known verdict and a reason', () => {
    for (const row of ['A.f | 1 | accepted | ', 'A.f | 1 | fine | why', 'A.f | some | accepted | why']) {
      expect(() => readVerdicts(`${header}| slither | timestamp | ${row} |\n`), row).to.throw('this row wants')
    }
  })

  it('is the table in the docs', () => {
    const tools = new Set(projectVerdicts().map((verdict) => verdict.tool))
    expect([...tools].sort()).to.deep.equal(['slither', 'smtchecker', 'solhint'])
  })
})

describe('the place of a finding', () => {
  // A character of several bytes: the compiler counts bytes.
  const content = [
    '// SPDX-License-Identifier: Apache-2.0',
    'pragma solidity ^0.8.28; // – …',
    'function free() pure returns (uint256) { return 1; }',
    'contract A {',
    '  uint256 public n;',
    '  constructor() { n = 1; }',
    '  function f() external { n = 2; }',
    '}',
  ].join('\n')
  const output = compile({ 'x/File.sol': { content } }, { outputSelection: { '*': { '': ['ast'] } } })

  it('names contract and function', () => {
    const places = [1, 3, 4, 5, 6, 7].map((line) => placeAt(output, 'x/File.sol', byteOfLine(content, line)))
    expect(places).to.deep.equal(['File', 'File.free', 'A', 'A.n', 'A.constructor', 'A.f'])
  })

  it('is not given where a source does not compile', () => {
    expect(() => compile({ 'x.sol': { content: 'contract {' } }, {})).to.throw('Expected identifier')
  })
})
