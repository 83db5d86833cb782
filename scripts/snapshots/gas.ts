// Compares what each action costs with test/snapshots/gas.json and with its ceiling, unless the action says why it misses that; `--update` writes the snapshot anew.
import { join } from 'node:path'
import { measureGas } from './measure.ts'
import { compareSnapshot, row } from './snapshot.ts'

const figures = await measureGas()
console.log(row(['action', 'gas', 'ceiling', 'of ceiling']))
let wrong = false
for (const { name, gas, ceiling, missed } of figures) {
  const share = ceiling === undefined ? '' : `${((100 * gas) / ceiling).toFixed(1)} %`
  console.log(row([name, gas.toLocaleString('en'), ceiling?.toLocaleString('en') ?? '', share]))
  const over = ceiling !== undefined && gas > ceiling
  if (over && missed !== undefined) console.log(`  above its ceiling: ${missed}`)
  if (over === (missed !== undefined)) continue
  wrong = true
  console.error(over ? `${name} costs more than its ceiling.` : `${name} keeps its ceiling; say so no more that it is missed.`)
}
// Hashes, keys and addresses are the same in every run, so the figures are exact and any growth fails.
const same = compareSnapshot({
  file: join(import.meta.dirname, '..', '..', 'test', 'snapshots', 'gas.json'),
  figures: Object.fromEntries(figures.map(({ name, gas }) => [name, gas])),
  unit: 'gas',
  tolerance: 0,
  update: process.argv.includes('--update'),
})
process.exit(wrong || !same ? 1 : 0)
