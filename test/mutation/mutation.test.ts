import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import type { MutationSet } from '../../scripts/mutation/mutation.ts'

const root = join(import.meta.dirname, '..', '..')
const names = globSync('*.ts', { cwd: join(root, 'scripts', 'mutation') })
  .map((file) => file.replace('.ts', ''))
  .filter((name) => name !== 'run' && name !== 'mutation')
  .sort()

describe('scripts/mutation', () => {
  it('has faults for every contract that is deployed', () =>
    expect(names).to.include.members(['registry', 'revenue', 'licensing', 'agreements', 'exchange']))

  for (const name of names)
    it(`fits the contracts as they are: ${name}`, async () => {
      const { set } = (await import(`../../scripts/mutation/${name}.ts`)) as { set: MutationSet }
      const misfits = set.mutations.filter(({ file, find, replace, times = 1 }) => {
        return readFileSync(join(root, file), 'utf8').split(find).length - 1 !== times || find === replace
      })
      expect(misfits.map(({ fault }) => fault)).to.deep.equal([])
      const described = set.mutations.map(({ fault }) => fault)
      expect(described.filter((fault, index) => described.indexOf(fault) !== index)).to.deep.equal([])
      for (const file of [...set.mocha, ...set.solidity]) expect(existsSync(join(root, file)), file).to.equal(true)
    })
})
