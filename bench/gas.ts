// `npm run bench:gas`: what Colophon's actions cost, beside the contracts people use instead, on one in-process chain in one run.
// Their bytecode is what their packages publish. Writes bench/results/gas.json and the table in docs/benchmarks.md; takes seconds.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { network } from 'hardhat'
import { type GasFigure, measureGas } from '../scripts/snapshots/measure.ts'
import { cited } from './anchors/cited.ts'
import { comparisons } from './anchors/comparisons.ts'
import { easActions } from './anchors/eas.ts'
import { openZeppelinActions } from './anchors/openzeppelin.ts'
import { seaportActions } from './anchors/seaport.ts'
import { unlockActions } from './anchors/unlock.ts'
import { replaceSection } from './report.ts'
import { table } from './table.ts'

const PACKAGES = [
  '@ethereum-attestation-service/eas-contracts',
  '@opensea/seaport-js',
  '@openzeppelin/contracts',
  '@unlock-protocol/contracts',
  'hardhat',
  'openzeppelin-contracts-4',
]
const root = join(import.meta.dirname, '..')

const { ethers } = await network.create()
const named = (figures: GasFigure[]): Record<string, number> => Object.fromEntries(figures.map(({ name, gas }) => [name, gas]))
const colophon = named(await measureGas(ethers))
const anchors = named(await measureGas(ethers, [easActions, openZeppelinActions, unlockActions, seaportActions]))
const packages = Object.fromEntries(
  PACKAGES.map((name) => [name, JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).version as string]),
)
// Also for actions that no contract has yet, so that a misspelt name shows at once.
for (const name of comparisons.flatMap(({ beside }) => Object.keys(beside))) {
  if (anchors[name] === undefined && cited[name] === undefined) throw new Error(`${name} is compared with, but neither measured nor cited.`)
}

mkdirSync(join(root, 'bench', 'results'), { recursive: true })
writeFileSync(join(root, 'bench', 'results', 'gas.json'), `${JSON.stringify({ colophon, anchors, cited, packages }, null, 2)}\n`)

const grouped = (gas: number): string => gas.toLocaleString('en')
function beside(name: string, label: string, ours: number): { text: string; cited: boolean } {
  const gas = anchors[name] ?? cited[name]!.gas
  const ratio = gas / ours
  return { text: `${label}: ${grouped(gas)} (${ratio.toFixed(ratio < 10 ? 2 : 0)} ×)`, cited: anchors[name] === undefined }
}

const compared = new Map(comparisons.map((comparison) => [comparison.action, comparison]))
const order = [...compared.keys()]
const place = (action: string): number => (compared.has(action) ? order.indexOf(action) : order.length)
const rows = Object.entries(colophon)
  .sort(([one], [other]) => place(one) - place(other))
  .map(([action, gas]) => {
    const comparison = compared.get(action)
    const found = Object.entries(comparison?.beside ?? {}).map(([name, label]) => beside(name, label, gas))
    const list = (which: boolean): string => found.flatMap((each) => (each.cited === which ? [each.text] : [])).join('<br>')
    return [
      comparison === undefined ? `\`${action}\`` : `${comparison.does} (\`${action}\`)`,
      `**${grouped(gas)}**`,
      list(false),
      list(true),
    ]
  })
for (const [name, gas] of [...Object.entries(colophon), ...Object.entries(anchors)]) {
  console.log(name.padEnd(34) + grouped(gas).padStart(12))
}
for (const action of order) if (colophon[action] === undefined) console.log(`Not measured yet: ${action}`)

const versions = `EAS ${packages['@ethereum-attestation-service/eas-contracts']}, Unlock ${packages['@unlock-protocol/contracts']}, Seaport as in seaport-js ${packages['@opensea/seaport-js']}, OpenZeppelin ${packages['@openzeppelin/contracts']} (ERC-721) and ${packages['openzeppelin-contracts-4']} (PaymentSplitter), Hardhat ${packages.hardhat}.`
replaceSection(
  join(root, 'docs', 'benchmarks.md'),
  'gas',
  `${versions}\n\n${table(['Action', 'Colophon', 'Measured in the same run', 'Cited'], rows)}`,
)
