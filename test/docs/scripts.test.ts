import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'

const root = join(import.meta.dirname, '..', '..')

describe('scripts of the packages', () => {
  for (const file of ['package.json', join('sdk', 'package.json')]) {
    const { scripts = {} } = JSON.parse(readFileSync(join(root, file), 'utf8')) as { scripts?: Record<string, string> }
    for (const [name, script] of Object.entries(scripts))
      it(`${name} of ${file} needs no shell, so that it runs on every system`, () => {
        // No variables set before the command, no quotes, no patterns, no `&&`.
        expect(script).to.match(/^[\w./:@-]+( [\w./:@=-]+)*$/)
        expect(script.split(' ')[0]).to.not.include('=')
      })
  }
})
