import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { FAULTS } from '../src/states/faults.zh.ts'

const SOURCE = join(import.meta.dirname, '..', 'src')
/** Texts that are the same in both languages: names of things. */
const SAME = ['ISCC', 'SHA-256', 'ID', 'DID', 'ETH', 'URI', 'JSON', 'CID']

type Said = (...given: unknown[]) => unknown

interface Texts {
  en: Record<string, unknown>
  'zh-CN': Record<string, unknown>
}

describe('dApp: texts', () => {
  const files = globSync('**/messages.ts', { cwd: SOURCE }).sort()

  it('are found in every part of the app', () => {
    expect(files.length).to.be.greaterThan(8)
  })

  for (const file of files)
    it(`${file} says everything in both languages`, async () => {
      const module = (await import(join(SOURCE, file))) as Record<string, Texts>
      const all = Object.entries(module).filter(([name]) => name.endsWith('Messages'))
      expect(all.length).to.be.greaterThan(0)
      for (const [name, { en, 'zh-CN': zh }] of all) {
        expect(Object.keys(zh), name).to.have.members(Object.keys(en))
        for (const key of Object.keys(en)) {
          const [english, chinese] = [said(en[key]), said(zh[key])]
          expect(english.trim(), `${name}.${key}`).to.not.equal('')
          expect(/\p{Script=Han}/u.test(english), `${name}.${key} in English`).to.equal(false)
          if (!SAME.includes(chinese)) expect(/\p{Script=Han}/u.test(chinese), `${name}.${key} in Chinese: ${chinese}`).to.equal(true)
          expect(placeholders(zh[key]), `${name}.${key} says the same values`).to.deep.equal(placeholders(en[key]))
        }
      }
    })

  /** A text as it comes out; functions are called with values that can be found again. */
  function said(text: unknown): string {
    return typeof text === 'function' ? String((text as Said)(...values(text as Said))) : String(text)
  }

  function values(text: Said): unknown[] {
    return Array.from({ length: text.length }, (_, index) => 7001 + index)
  }

  /** Which values a text shows. */
  function placeholders(text: unknown): number[] {
    if (typeof text !== 'function') return []
    const shown = String((text as Said)(...values(text as Said)))
    return values(text as Said).flatMap((value, index) => (shown.includes(String(value)) ? [index] : []))
  }
})

describe('dApp: errors in Chinese', () => {
  it('are those of the catalogue, each with what happened and what to do', () => {
    const catalogue = readFileSync(join(SOURCE, '..', '..', 'docs', 'errors.md'), 'utf8')
    expect(Object.keys(FAULTS).length).to.be.greaterThan(100)
    for (const [code, parts] of Object.entries(FAULTS)) {
      expect(catalogue, code).to.include(`### ${code}\n`)
      expect(parts.length, code).to.equal(2)
      for (const part of parts) expect(/\p{Script=Han}.*。$/u.test(part), `${code}: ${part}`).to.equal(true)
    }
  })
})
