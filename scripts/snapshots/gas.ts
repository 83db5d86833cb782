// Compares what each action costs with test/snapshots/gas.json and with its ceiling; `--update` writes the snapshot anew.
import { join } from 'node:path'
import { measureGas } from './measure.ts'
import { compareSnapshot, row } from './snapshot.ts'

const figures = await measureGas()
console.log(row(['action', 'gas', 'ceiling', 'of ceiling']))
let over = false
for (const { name, gas, ceiling } of figures) {
  const share = ceiling === undefined ? '' : `${((100 * gas) / ceiling).toFixed(1)} %`
  console.log(row([name, gas.toLocaleString('en'), ceiling?.toLocaleString('en') ?? '', share]))
  if (ceiling !== undefined && gas > ceiling) {
    over = true
    console.error(`${name} costs more than its ceiling.`)
  }
}
// Hashes, keys and addresses are the same in every run, so the figures are exact and any growth fails.
const same = compareSnapshot({
  file: join(import.meta.dirname, '..', '..', 'test', 'snapshots', 'gas.json'),
  figures: Object.fromEntries(figures.map(({ name, gas }) => [name, gas])),
  unit: 'gas',
  tolerance: 0,
  update: process.argv.includes('--update'),
})
process.exit(over || !same ? 1 : 0)
