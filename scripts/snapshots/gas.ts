// Compares what each action costs the second time with test/snapshots/gas.json and with its ceiling, unless the action says why it misses that,
// and what it costs the first time with gas.cold.json; `--update` writes the snapshots anew.
import { join } from 'node:path'
import { measureGas } from './measure.ts'
import { compareSnapshot, row } from './snapshot.ts'

const figures = await measureGas()
console.log(row(['action', 'cold', 'warm', 'ceiling', 'of ceiling']))
let wrong = false
for (const { name, gas, cold, ceiling, missed } of figures) {
  const share = ceiling === undefined ? '' : `${((100 * gas) / ceiling).toFixed(1)} %`
  console.log(row([name, cold.toLocaleString('en'), gas.toLocaleString('en'), ceiling?.toLocaleString('en') ?? '', share]))
  const over = ceiling !== undefined && gas > ceiling
  if (over && missed !== undefined) console.log(`  above its ceiling: ${missed}`)
  if (over === (missed !== undefined)) continue
  wrong = true
  console.error(over ? `${name} costs more than its ceiling.` : `${name} keeps its ceiling; say so no more that it is missed.`)
}
const compare = (file: string, of: 'gas' | 'cold', tolerance: number): boolean =>
  compareSnapshot({
    file: join(import.meta.dirname, '..', '..', 'test', 'snapshots', file),
    figures: Object.fromEntries(figures.map((figure) => [figure.name, figure[of]])),
    unit: 'gas',
    tolerance,
    update: process.argv.includes('--update'),
  })
// Hashes, keys and addresses are the same in every run, so the figures are exact and any growth fails.
const warm = compare('gas.json', 'gas', 0)
// But for a zero byte, 12 gas, in a time or in a hash of it: the snapshot of warm figures was taken without any.
const cold = compare('gas.cold.json', 'cold', 0.001)
process.exit(wrong || !warm || !cold ? 1 : 0)
