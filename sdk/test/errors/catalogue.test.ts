import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { Interface, type ParamType } from 'ethers'
import * as contracts from '../../src/contracts/index.ts'
import { ContractError, contractErrors, revertError } from '../../src/errors/index.ts'

const root = join(import.meta.dirname, '..', '..', '..')

/** Interfaces of every contract the SDK exports. */
const interfaces = Object.entries(contracts).flatMap(([name, value]) =>
  name.endsWith('Abi') ? [{ name, parsed: new Interface(value as never) }] : [],
)

function sample({ baseType, type }: ParamType): unknown {
  if (type === 'address') return '0x90F79bf6EB2c4f870365E785982E1f101E93b906'
  if (type === 'string') return 'text'
  if (type === 'bool') return true
  if (baseType.startsWith('bytes')) return `0x${'ab'.repeat(Number(type.slice(5) || 4))}`
  return 1_800_000_000n % (1n << BigInt(type.replace(/\D/g, '') || 256))
}

describe('errors: catalogue', () => {
  it('covers contracts at all', () => expect(interfaces.length).to.be.at.least(1))

  for (const { name, parsed } of interfaces)
    parsed.forEachError((fragment) =>
      it(`explains ${fragment.name} of ${name.replace(/Abi$/, '')}`, () => {
        const data = parsed.encodeErrorResult(fragment, fragment.inputs.map(sample))
        const error = revertError(data, new Error('cause'), { interfaces: [parsed] })
        expect(error).to.be.instanceOf(ContractError)
        expect(error.code)
          .to.match(/^[A-Z][A-Z0-9_]+$/)
          .and.not.equal('CONTRACT_ERROR_UNKNOWN')
        expect(error.hint).to.be.a('string').and.not.equal('')
        expect(error.shortMessage)
          .to.match(/^[^\n]+\.$/)
          .and.not.include('undefined')
        expect((error as ContractError).errorName).to.equal(fragment.name)
        expect(Object.keys((error as ContractError).args)).to.deep.equal(fragment.inputs.map((input) => input.name))
        expect(() => JSON.stringify(error.toJSON())).not.to.throw()
        expect(error.cause).to.be.instanceOf(Error)
      }),
    )

  it('explains no error that no contract has', () => {
    const declared = new Set<string>()
    for (const { parsed } of interfaces) parsed.forEachError(({ name }) => declared.add(name))
    expect(Object.keys(contractErrors).filter((name) => !declared.has(name))).to.deep.equal([])
  })

  it('says dates that no date can hold as they are', () => {
    const { message } = contractErrors.CopyrightRegistry_SignatureExpired!
    expect(message({ deadline: 2n ** 256n - 1n, timestamp: 0n })).to.include('second 115792')
  })
})

describe('docs/errors.md', () => {
  const documented = [...readFileSync(join(root, 'docs', 'errors.md'), 'utf8').matchAll(/^### ([A-Z][A-Z0-9_]+)$/gm)].map(
    ([, code]) => code!,
  )

  /** Codes in the sources: first arguments of what makes errors, choices between two of them, and `code:` fields. */
  const thrown = new Set<string>()
  for (const file of globSync(['sdk/src/**/*.ts', 'dapp/src/**/*.{ts,tsx}'], { cwd: root })) {
    if (file.includes('generated')) continue
    const source = readFileSync(join(root, file), 'utf8')
    const patterns = [
      /[eE]rror\(\s*'([A-Z][A-Z0-9_]+)'/g,
      /\b(?:make|refuse|fail|invalid|malformed)\(\s*'([A-Z][A-Z0-9_]+)'/g,
      /\bcode: '([A-Z][A-Z0-9_]+)',\n\s*message/g,
      /[eE]rror\([^;]*?\? '([A-Z][A-Z0-9]*_[A-Z0-9_]+)'/g,
      /[eE]rror\([^;]*?\? '[A-Z][A-Z0-9_]+'\s*: '([A-Z][A-Z0-9]*_[A-Z0-9_]+)'/g,
    ]
    for (const pattern of patterns) for (const [, code] of source.matchAll(pattern)) thrown.add(code!)
  }

  it('lists every code that the SDK and the dApp throw', () => {
    expect(thrown.size).to.be.greaterThan(30)
    expect([...thrown].filter((code) => !documented.includes(code)).sort()).to.deep.equal([])
  })

  it('lists no code twice, and none that nothing throws', () => {
    expect(documented).to.deep.equal([...new Set(documented)])
    const sources = globSync(['sdk/src/**/*.ts', 'dapp/src/**/*.{ts,tsx}'], { cwd: root })
      .map((file) => readFileSync(join(root, file), 'utf8'))
      .join('\n')
    expect(documented.filter((code) => !sources.includes(`'${code}'`))).to.deep.equal([])
  })
})
