import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { depositDocumentSchema } from '../../src/document/index.ts'

describe('docs/deposit-document.md', () => {
  const page = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'deposit-document.md'), 'utf8')

  it('lists the fields of the schema, and which of them are required', () => {
    const table = /^\| Field \| Required .*?\n\n/ms.exec(page)![0]
    const rows = [...table.matchAll(/^\| `(\w+)` \| (yes)? ?\|/gm)].map(([, name, required]) => [name!, required === 'yes'])
    const fields = Object.keys(depositDocumentSchema.properties!)
    expect(rows).to.deep.equal(fields.map((name) => [name, depositDocumentSchema.required!.includes(name)]))
  })
})
