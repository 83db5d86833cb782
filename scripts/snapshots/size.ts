// Compares the bytes of runtime code of each deployed contract with test/snapshots/size.json and with EIP-170's limit;
// `--update` writes the snapshot anew.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compareSnapshot, row } from './snapshot.ts'

/** EIP-170. */
const LIMIT = 24_576

const root = join(import.meta.dirname, '..', '..')
const figures: Record<string, number> = {}
for (const file of globSync('artifacts/contracts/!(test|interfaces|libraries|types)/**/*.json', { cwd: root }).sort()) {
  const { contractName, deployedBytecode } = JSON.parse(readFileSync(join(root, file), 'utf8')) as Record<string, string>
  if (contractName === undefined || deployedBytecode === undefined || deployedBytecode === '0x') continue
  figures[contractName] = (deployedBytecode.length - 2) / 2
}
if (Object.keys(figures).length === 0) throw new Error('No compiled contracts. Run: npm run build')

console.log(row(['contract', 'bytes', 'of limit', '']))
for (const [name, bytes] of Object.entries(figures)) {
  console.log(row([name, bytes.toLocaleString('en'), `${((100 * bytes) / LIMIT).toFixed(1)} %`, bytes > LIMIT ? 'TOO LARGE' : '']))
}
const same = compareSnapshot({
  file: join(root, 'test', 'snapshots', 'size.json'),
  figures,
  unit: 'bytes',
  tolerance: 0,
  update: process.argv.includes('--update'),
})
process.exit(same && Object.values(figures).every((bytes) => bytes <= LIMIT) ? 0 : 1)
