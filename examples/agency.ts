// An agency's import: a catalogue (CSV: file, title, photographer) and its folder, under one anchor paid with one transaction; then a receipt for each
// photographer to keep. Run it again after an interruption and it goes on.
//   AGENCY_KEY=0x… RPC_URL=… node examples/agency.ts catalogue.csv
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createColophon } from '@colophon/sdk'
import { openBatch } from '@colophon/sdk/batch'
import { openBlockStore } from '@colophon/sdk/storage'
import { JsonRpcProvider, Wallet } from 'ethers'

const catalogue = process.argv[2]!
const provider = new JsonRpcProvider(process.env.RPC_URL, undefined, { cacheTimeout: -1 })
const { deposits } = createColophon({ signer: new Wallet(process.env.AGENCY_KEY!, provider) })
const [, ...lines] = (await readFile(catalogue, 'utf8')).trim().split('\n')
const rows = new Map(
  lines.map((line) => {
    const [file, title, photographer] = line.split(',').map((cell) => cell.trim()) as [string, string, string]
    return [file, { title, photographer }]
  }),
)

const out = `${catalogue}.batch`
const storage = await openBlockStore('.colophon/store')
const made = await deposits.createBatch(
  [...rows.keys()].map((file) => ({ key: file, file: join(dirname(catalogue), file) })),
  {
    out,
    storage,
    refused: 'skip',
    describe: (file) => ({ title: rows.get(file)!.title, creators: [{ name: rows.get(file)!.photographer, role: 'photographer' }] }),
    onProgress: ({ stage, done, total, secondsLeft }) =>
      process.stderr.write(`\r${stage} ${done} of ${total ?? '?'}${secondsLeft === undefined ? '' : `, ${secondsLeft} s left`}   `),
  },
)
process.stderr.write('\n')
for (const { key, message } of made.refused) console.log(`left out: ${key} (${message})`)

const batch = await openBatch(out)
for (let index = 0; index < batch.count; index++) {
  const { key } = await batch.work(index)
  const receipt = join('receipts', rows.get(key)!.photographer, `${key}.receipt.json`)
  await mkdir(dirname(receipt), { recursive: true })
  await writeFile(receipt, `${JSON.stringify(await batch.receipt(index), null, 2)}\n`)
}
console.log(`${made.count} works anchored in block ${made.anchor.block}${made.alreadyDone ? ' before' : ''}.`)
await batch.close()
provider.destroy()
